//! A place that outlives its frames: the path is made from it only when somebody reads it.

use super::{At, Frame, Kind, NOWHERE, Who};
use crate::graph::{GraphSpec, VertexKind};

/// A place of the outermost workflow, or one level further in. Deeper ones do not fit, and are few.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Spot {
    vertex: u32,
    round: u32,
    /// The vertex of the outermost workflow that it is in, or [`NOWHERE`].
    above: u32,
    /// The item of the map or the round of the loop that it is in, or [`CALLED`].
    item: u32,
}

/// The level is no item and no round, but a workflow that is called.
const CALLED: u32 = u32::MAX;

impl<X: Copy> At<'_, X> {
    /// This place without its frames, if it is not too deep.
    pub(crate) fn spot(self) -> Option<Spot> {
        let (above, item) = match (self.frame.parent, self.frame.kind) {
            (None, _) => (NOWHERE, CALLED),
            (Some((Frame { parent: None, .. }, vertex, 0)), Kind::Workflow) => (vertex, CALLED),
            (Some((Frame { parent: None, .. }, vertex, 0)), Kind::Item(item)) if item != CALLED => (vertex, item),
            _ => return None,
        };
        Some(Spot { vertex: self.vertex, round: self.rounds(), above, item })
    }
}

impl Spot {
    /// Its path in a run of this workflow.
    pub(crate) fn path(self, outermost: &'static GraphSpec) -> String {
        let outer = Frame { parent: None, graph: outermost, kind: Kind::Workflow, run: Who::Above };
        let parent = Some((&outer, self.above, 0));
        let inner = match (self.above, self.item) {
            (NOWHERE, _) => None,
            (_, CALLED) => called(outermost, self.above).map(|graph| Frame {
                parent,
                graph,
                kind: Kind::Workflow,
                run: Who::Above,
            }),
            (_, item) => Some(Frame { parent, graph: outermost, kind: Kind::Item(item), run: Who::Above }),
        };
        let frame = inner.as_ref().unwrap_or(&outer);
        At { exec: (), frame, vertex: self.vertex, word: u64::from(self.round) }.path()
    }
}

/// The workflow that is called at a vertex.
fn called(graph: &'static GraphSpec, vertex: u32) -> Option<&'static GraphSpec> {
    match graph.vertices.get(vertex as usize)?.kind {
        VertexKind::Step { node, .. } => node.graph,
        _ => None,
    }
}
