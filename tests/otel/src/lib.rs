//! What the checks of traces share: the workflows that are traced, the tree that spans make, and what reads it: the real receiver,
//! or a subscriber in the test.

// This crate is a test: a panic is how it reports.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, missing_docs)]
#![allow(clippy::missing_errors_doc)]

pub mod capture;
pub mod play;
pub mod rotel;
pub mod tree;

/// The chapter of the guide, whose code is compiled, and run where it can be.
#[doc = include_str!("../../../docs/guide/tracing.md")]
mod guide {}
