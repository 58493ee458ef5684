//! What flowc promises, tested from outside. Everything is in the test targets beside this file, but for the guide: its
//! code blocks and those of the README are documentation tests of this crate.

pub mod cast;

#[cfg(doctest)]
mod guide;
