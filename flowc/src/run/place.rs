use std::fmt::Write;

use crate::error::{AnyError, Failure, FailureKind};
use crate::graph::{GraphSpec, VertexKind};

/// Where in a run something happens. Two words and two numbers: passed by value, never stored on the hot path.
#[derive(Debug)]
pub struct At<'s, X> {
    pub(crate) exec: X,
    pub(crate) frame: &'s Frame<'s>,
    pub(crate) vertex: u32,
    pub(crate) round: u32,
    pub(crate) attempt: u32,
}

impl<X: Copy> Clone for At<'_, X> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<X: Copy> Copy for At<'_, X> {}

/// One level of nesting: a workflow in its caller, or an item of a map in its workflow.
#[derive(Debug)]
pub struct Frame<'s> {
    /// The level above, the vertex there, and the round of the loop around it.
    parent: Option<(&'s Frame<'s>, u32, u32)>,
    graph: &'static GraphSpec,
    /// The item or round, for a frame that is one.
    index: Option<u32>,
}

impl Frame<'static> {
    /// The outermost level.
    pub const fn root(graph: &'static GraphSpec) -> Self {
        Self { parent: None, graph, index: None }
    }
}

impl<'s> Frame<'s> {
    /// A workflow called at `at`.
    #[inline]
    pub fn workflow<X>(at: At<'s, X>, graph: &'static GraphSpec) -> Self {
        // The outermost workflow has no caller: its frame is the root, which has no vertex of its own.
        if at.vertex == u32::MAX {
            Self { parent: None, graph, index: None }
        } else {
            Self { parent: Some((at.frame, at.vertex, at.round)), graph, index: None }
        }
    }

    /// An item of a map, or a round of a loop, whose region is at `at`.
    #[inline]
    pub fn item<X>(at: At<'s, X>, index: u32) -> Self {
        Self { parent: Some((at.frame, at.vertex, at.round)), graph: at.frame.graph, index: Some(index) }
    }

    fn write_path(&self, path: &mut String) {
        match self.parent {
            None => path.push_str(self.graph.name),
            Some((parent, vertex, round)) => {
                parent.write_path(path);
                parent.write_segment(path, vertex, round);
                if let Some(index) = self.index {
                    let _ = write!(path, "[{index}]");
                }
            }
        }
    }

    /// The loop whose rounds `round` counts is the innermost one around the vertex, unless this frame is already a round of it.
    fn write_segment(&self, path: &mut String, vertex: u32, round: u32) {
        let vertex_at = |index: u32| self.graph.vertices.get(index as usize);
        let Some(found) = vertex_at(vertex) else { return };
        let own_region = match self.parent {
            Some((_, region, _)) if self.index.is_some() => Some(region),
            _ => None,
        };
        let mut place = found.place;
        while let Some(inside) = place {
            if Some(inside.region) == own_region {
                break;
            }
            let Some(region) = vertex_at(inside.region) else { break };
            if matches!(region.kind, VertexKind::Loop { .. }) {
                let _ = write!(path, "/{}[{round}]", region.name);
                break;
            }
            place = region.place;
        }
        path.push('/');
        path.push_str(found.name);
    }
}

impl<'s, X: Copy> At<'s, X> {
    /// The place of a workflow's body, from which those of its steps are made.
    #[inline]
    pub fn new(exec: X, frame: &'s Frame<'s>) -> Self {
        Self { exec, frame, vertex: u32::MAX, round: 0, attempt: 1 }
    }

    /// The executor.
    #[inline]
    pub fn exec(self) -> X {
        self.exec
    }

    /// The same level, at another vertex.
    #[inline]
    #[must_use]
    pub fn vertex(self, vertex: u32) -> Self {
        Self { vertex, ..self }
    }

    /// The same vertex, in a round of the loop around it.
    #[inline]
    #[must_use]
    pub fn round(self, round: u32) -> Self {
        Self { round, ..self }
    }

    /// The same place, at its `attempt`-th call, counted from 1.
    #[inline]
    #[must_use]
    pub fn attempt(self, attempt: u32) -> Self {
        Self { attempt, ..self }
    }

    /// The path, as in `answer/notes[3]/summarise`.
    #[cold]
    pub fn path(self) -> String {
        let mut path = String::new();
        self.frame.write_path(&mut path);
        if self.vertex != u32::MAX {
            self.frame.write_segment(&mut path, self.vertex, self.round);
        }
        path
    }

    /// The name of what is called here; the workflow's where nothing is.
    pub(crate) fn node(self) -> &'static str {
        match self.frame.graph.vertices.get(self.vertex as usize).map(|v| v.kind) {
            Some(VertexKind::Step { node, .. }) => node.name,
            _ => self.frame.graph.name,
        }
    }

    /// A failure at this place.
    #[cold]
    pub fn fail<E>(self, kind: FailureKind, message: impl Into<String>) -> Failure<E> {
        Failure::new(kind, self.path(), self.node(), message.into())
    }

    /// A failure at this place, by an error of the node.
    #[cold]
    pub fn fail_with<E>(self, error: E) -> Failure<E> {
        Failure::of_error(error, self.path(), self.node())
    }

    /// A loop that used up its rounds.
    #[cold]
    pub fn out_of_rounds(self, max: usize) -> Failure<AnyError> {
        let name = self.frame.graph.vertices.get(self.vertex as usize).map_or("loop", |v| v.name);
        self.fail(FailureKind::Rounds, format!("the loop `{name}` did not break within its {max} rounds"))
    }
}
