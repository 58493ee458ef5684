//! What flowc promises, tested from outside. Everything is in the test targets beside this file, but for the guide: its
//! code blocks and those of the README are documentation tests of this crate.
#![allow(
    clippy::missing_errors_doc,
    clippy::needless_pass_by_value,
    clippy::unused_async,
    reason = "the cast plays what users write: small nodes whose bodies do little"
)]

pub mod cast;

#[cfg(doctest)]
mod guide;
