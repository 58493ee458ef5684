//! What comes after a vertex.

use std::collections::BTreeSet;

use super::{GraphSpec, VertexKind};

impl GraphSpec {
    /// The vertices whose values are made of that of `start`, and it itself.
    pub(crate) fn downstream(&self, start: u32) -> BTreeSet<u32> {
        let (mut reached, mut next) = (BTreeSet::new(), vec![start]);
        while let Some(vertex) = next.pop() {
            if !reached.insert(vertex) {
                continue;
            }
            next.extend(self.edges.iter().filter(|edge| edge.from == vertex).map(|edge| edge.to));
            if self.is_region(vertex) {
                next.extend(self.inside(vertex));
            }
            // A region gives something else when something in it does. What it begins with is as before, unless it begins again.
            let mut place = self.vertices.get(vertex as usize).and_then(|vertex| vertex.place);
            while let Some(inside) = place {
                let repeats = self.vertices.get(inside.region as usize).map(|region| region.kind);
                if matches!(repeats, Some(VertexKind::Loop { .. })) {
                    next.push(inside.region);
                } else {
                    next.extend(self.edges.iter().filter(|edge| edge.from == inside.region).map(|edge| edge.to));
                }
                place = self.vertices.get(inside.region as usize).and_then(|region| region.place);
            }
        }
        reached
    }

    fn is_region(&self, vertex: u32) -> bool {
        let kind = self.vertices.get(vertex as usize).map(|vertex| vertex.kind);
        !matches!(kind, None | Some(VertexKind::Input { .. } | VertexKind::Step { .. } | VertexKind::Output { .. }))
    }

    fn inside(&self, region: u32) -> impl Iterator<Item = u32> {
        let vertices = (0..).zip(self.vertices);
        vertices
            .filter(move |(_, vertex)| vertex.place.is_some_and(|place| place.region == region))
            .map(|(index, _)| index)
    }
}
