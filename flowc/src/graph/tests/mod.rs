//! Drawings of graphs made by hand.

// In tests a wrong index is a failed test.
#![allow(clippy::indexing_slicing, clippy::unwrap_used, clippy::panic, clippy::cast_possible_truncation)]

#[allow(clippy::wildcard_imports, unreachable_pub)]
mod samples;

use crate::graph;

#[test]
fn dump() {
    for (name, graph) in samples::all() {
        std::fs::create_dir_all("/tmp/draw").unwrap();
        std::fs::write(format!("/tmp/draw/{name}.svg"), graph.to_svg()).unwrap();
        std::fs::write(format!("/tmp/draw/{name}.dot"), graph.to_dot()).unwrap();
        std::fs::write(format!("/tmp/draw/{name}.mmd"), graph.to_mermaid()).unwrap();
    }
}
