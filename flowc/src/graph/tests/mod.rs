//! Drawings of graphs made by hand.

// In tests a wrong index is a failed test.
#![allow(clippy::indexing_slicing, clippy::unwrap_used, clippy::panic, clippy::cast_possible_truncation)]

mod formats;
mod picture;
#[allow(clippy::wildcard_imports, unreachable_pub)]
mod samples;

use crate::graph;
