//! The real programs that the tests speak with: installed below the target folder where they are missing, run in bounded time, ended with
//! their value.
//!
//! A test installs what is missing and fails, with what to do, where that cannot be done; it never passes without having run.

// This crate is a test: a panic is how it reports.
#![allow(
    clippy::pedantic,
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs
)]

pub mod aimock;
pub mod install;
pub mod llama;
pub mod minilm;
pub mod postgres;
pub mod restate;
pub mod tools;
pub mod ui;
