//! What editors show in a workflow, asked of a real rust-analyzer over its language server protocol.
//!
//! [`Fixture`] writes a small crate from a template in which places are named; [`Server`] starts rust-analyzer on it and
//! asks at those places. The questions themselves are in `tests/`; they are `#[ignore]`d, because they need rust-analyzer
//! and take a while. Run them with `cargo xtask ide`.
//!
//! - `tests/driver.rs` asks about plain Rust: where it fails, the driver is at fault.
//! - `tests/editors/` asks about a finished application, then about bodies that are half typed.
//! - `tests/view.rs` lets rustc compile what the macros write for editors, which no other build looks at.
//!
//! What is known not to work, for reasons outside of this workspace: nothing is answered in a body with a `{` that is never closed, as
//! rust-analyzer does not expand such a call; nothing is completed inside `#[..]` on a statement; renaming a node from a `use` line leaves
//! plain calls of its function; renaming the shorthand `limit` of `Plan::Full { limit }` in a macro forgets the name of the field; renaming
//! a binding from one of its uses leaves the handle `answer::docs` in other files, which renaming it at its `let` does not.

// Reading a key of a JSON value by index gives null where there is none; it cannot panic.
#![allow(clippy::indexing_slicing)]

mod edit;
mod fixture;
mod marks;
mod server;
mod wire;

pub use edit::{Edit, edits};
pub use fixture::Fixture;
pub use marks::{Marked, Place};
pub use server::{Item, Server};

/// What every fallible function here returns: the tests only ever show the message.
pub type Result<T> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;
