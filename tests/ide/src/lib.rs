//! What editors show in a workflow, asked of a real rust-analyzer over its language server protocol.
//!
//! [`Fixture`] writes a small crate from a template in which places are named; [`Server`] starts rust-analyzer on it and
//! asks at those places. The questions themselves are in `tests/`; they are `#[ignore]`d, because they need rust-analyzer
//! and take a while. Run them with `cargo xtask ide`.

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
