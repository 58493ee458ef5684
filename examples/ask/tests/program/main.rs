//! The example, run as its user would.

#![allow(clippy::pedantic, clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

mod answers;
mod bad_input;
mod model;
mod readme;
mod support;
mod workflow;
