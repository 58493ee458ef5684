//! A layered layout with nested regions.
//!
//! Each lane of a region is laid out by itself as a small layered graph (`rank`, `order`, `place`,
//! `route`), and a region stands in the graph around it as one box. An edge that crosses into a region
//! enters the lane at an entry in its first row; where that entry came to stand is where the
//! outer edge ends. So every piece of an edge is laid out in exactly one grid, and texts have places
//! of their own: no line crosses a box, and no two texts meet.

mod build;
mod grid;
mod order;
mod parts;
mod place;
mod rank;
mod route;
mod scene;
mod slots;

pub(super) use parts::{Frame, Leaf, Piece, Rail, Scene, Wire};

use super::tree::Tree;

/// Lays a whole graph out.
pub(super) fn layout(tree: &Tree<'_>) -> Scene {
    scene::compose(tree)
}

/// A count as a coordinate.
fn num(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}
