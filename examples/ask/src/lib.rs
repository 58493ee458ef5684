//! The steps of `ask`, a program that answers questions over a folder of Markdown files.
//!
//! Each module has one purpose, and each step is a plain function: inputs by value or by `&`, an
//! output that owns its data, and an error type of its own where it can fail.

// A test that goes wrong may end at once.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing))]

pub mod analyse;
pub mod answer;
pub mod args;
pub mod compose;
pub mod extract;
pub mod flow;
pub mod index;
pub mod load;
pub mod meaning;
pub mod model;
pub mod question;
pub mod render;
pub mod search;
pub mod split;
pub mod suggest;
pub mod words;
