//! The drawings as the programs read them that people use.

#![allow(clippy::pedantic, clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

mod dot;
mod mermaid;
mod svg;
