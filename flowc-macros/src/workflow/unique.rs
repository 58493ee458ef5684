//! A path for each step: it is what failures, events and the status call it by.

use std::collections::HashMap;

use super::model::{Vertex, VertexKind};

/// Where several steps in the same map, loop or body have one name, all but the first get a number: `ask`, `ask#2`. `first` is the
/// index of the first vertex of the list in the graph.
pub(super) fn number(vertices: &mut [Vertex], first: u32) {
    let mut seen: HashMap<(Option<u32>, String), u32> = HashMap::new();
    for index in 0..vertices.len() {
        let around = repeat_around(vertices, index, first);
        let Some(vertex) = vertices.get_mut(index).filter(|vertex| is_named(&vertex.kind)) else { continue };
        let count = seen.entry((around, vertex.name.clone())).or_default();
        *count += 1;
        if *count > 1 {
            vertex.name = format!("{}#{count}", vertex.name);
        }
    }
}

/// Branches and blocks are in no path.
fn is_named(kind: &VertexKind) -> bool {
    matches!(kind, VertexKind::Step { .. } | VertexKind::Map { .. } | VertexKind::Loop { .. })
}

/// The map or the loop around a vertex.
fn repeat_around(vertices: &[Vertex], index: usize, first: u32) -> Option<u32> {
    let mut place = vertices.get(index)?.place;
    while let Some((region, _)) = place {
        let around = vertices.get(region.checked_sub(first)? as usize)?;
        if is_named(&around.kind) {
            return Some(region);
        }
        place = around.place;
    }
    None
}
