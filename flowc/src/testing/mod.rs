//! What tests of nodes and workflows need.
//!
//! | to | use |
//! |---|---|
//! | call a node as a plain function | [`context`] |
//! | run one node as an engine would | [`node`] |
//! | put a closure in the place of a step | [`Builder::stub`](crate::Builder::stub), [`Builder::stub_async`](crate::Builder::stub_async) |
//! | see with which inputs a step was called | [`Builder::record`](crate::Builder::record), [`Calls`] |
//! | record what the outside said, and play it | `Cassette`, with the feature `cassettes` |
//! | say what should have happened | [`collect`], [`expect`] |
//! | keep what happened in a file | [`golden`] |
//! | let hours pass at once | [`time`] |
//! | let steps fail, panic and take their time | [`chaos`] |

mod calls;
#[cfg(feature = "cassettes")]
mod cassette;
pub mod chaos;
mod context;
mod expect;
mod golden;
mod named;
mod node;
mod ran;
mod stub;
#[cfg(feature = "cassettes")]
mod tape;
mod then;
pub mod time;

pub use calls::Calls;
pub(crate) use calls::Watcher;
#[cfg(feature = "cassettes")]
pub use cassette::Cassette;
#[cfg(feature = "cassettes")]
pub(crate) use cassette::{Played, Player, Record};
pub use context::{TestContext, context};
pub use expect::{Expect, expect};
pub use golden::golden;
pub use named::NamesStep;
pub use node::{NodeTest, node};
pub use ran::{Ran, collect};
pub(crate) use stub::{Amiss, Given, Ready, Slow, Stub};
pub use stub::{StubbedAsyncBy, StubbedBy, fallible, infallible};

/// Fails the test that runs. A panic is how a test is told to; nothing else in the library has one.
#[track_caller]
#[allow(clippy::panic, reason = "it runs in tests only, and a test fails by a panic")]
fn fail(text: &str) -> ! {
    std::panic::panic_any(text.to_owned())
}
