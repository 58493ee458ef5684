use std::fmt::Write;
use std::sync::{Arc, OnceLock};
use std::time::Instant;

use crate::context::Placed;
use crate::error::{AnyError, Failure, FailureKind};
use crate::graph::{GraphSpec, VertexKind};
use crate::id::Identity;
use crate::step::Workflow;

/// Where in a run something happens. Two words and two numbers: passed by value, never stored on the hot path.
#[derive(Debug)]
pub struct At<'s, X> {
    pub(crate) exec: X,
    pub(crate) frame: &'s Frame<'s>,
    pub(crate) vertex: u32,
    pub(crate) round: u32,
    pub(crate) attempt: u32,
    pub(crate) deadline: Option<Instant>,
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
    pub(crate) graph: &'static GraphSpec,
    /// The item or round, for a frame that is one.
    index: Option<u32>,
    /// When the time of the workflow is up.
    deadline: Option<Instant>,
    /// Who the run is: only the outermost workflow's frame has it, and it is made when a step asks for it.
    identity: Option<OnceLock<Arc<Identity>>>,
    /// Who the run is, where that was known before it began.
    known: Option<&'s Arc<Identity>>,
}

/// What is around the outermost workflow. A trait, as only a constant of one can be generic over the workflow.
pub(crate) trait Around {
    const AROUND: &'static Frame<'static>;
}

impl<W: Workflow> Around for W {
    const AROUND: &'static Frame<'static> =
        &Frame { parent: None, graph: W::GRAPH, index: None, deadline: None, identity: None, known: None };
}

impl<'s> Frame<'s> {
    /// What is around the outermost workflow, when it is known who the run is.
    pub(crate) fn known(graph: &'static GraphSpec, identity: &'s Arc<Identity>) -> Self {
        Self { parent: None, graph, index: None, deadline: None, identity: None, known: Some(identity) }
    }

    /// A workflow called at `at`.
    #[inline]
    pub fn workflow<X>(at: At<'s, X>, graph: &'static GraphSpec) -> Self {
        // The outermost workflow has no caller: its frame is the root, which has no vertex of its own.
        let (parent, identity) = if at.vertex == u32::MAX {
            (None, Some(OnceLock::new()))
        } else {
            (Some((at.frame, at.vertex, at.round)), None)
        };
        Self { parent, graph, index: None, deadline: at.deadline, identity, known: at.frame.known }
    }

    /// An item of a map, or a round of a loop, whose region is at `at`.
    #[inline]
    pub fn item<X>(at: At<'s, X>, index: u32) -> Self {
        Self {
            parent: Some((at.frame, at.vertex, at.round)),
            graph: at.frame.graph,
            index: Some(index),
            deadline: at.deadline,
            identity: None,
            known: at.frame.known,
        }
    }

    /// Who the run is.
    #[cold]
    fn identity(&self) -> Arc<Identity> {
        if let Some(known) = self.known {
            return Arc::clone(known);
        }
        let mut root = self;
        while let Some((parent, ..)) = root.parent {
            root = parent;
        }
        let new = || Arc::new(Identity::new(None));
        root.identity.as_ref().map_or_else(new, |identity| Arc::clone(identity.get_or_init(new)))
    }

    /// The workflow's own frame, and where it was called.
    pub(crate) fn caller(&self) -> Option<(&'s Frame<'s>, u32)> {
        let (mut parent, mut vertex, _) = self.parent?;
        let mut inside = self.index.is_some();
        while inside {
            let (next, at, _) = parent.parent?;
            inside = parent.index.is_some();
            (parent, vertex) = (next, at);
        }
        Some((parent, vertex))
    }

    /// Folds what tells this level from all others of the run into `hash`.
    fn hash(&self, hash: &mut Fnv) {
        if let Some((parent, vertex, round)) = self.parent {
            parent.hash(hash);
            hash.number(vertex);
            hash.number(round);
            hash.number(self.index.map_or(u32::MAX, |index| index));
        }
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
        Self { exec, frame, vertex: u32::MAX, round: 0, attempt: 1, deadline: frame.deadline }
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

    /// The same place, when its time is up at `deadline`, or before.
    #[inline]
    #[must_use]
    pub fn deadline(self, deadline: Instant) -> Self {
        let deadline = self.deadline.map_or(deadline, |outer| outer.min(deadline));
        Self { deadline: Some(deadline), ..self }
    }

    /// The call here, for a context.
    pub(crate) fn placed(self) -> Placed {
        let step = self.path();
        let mut hash = Fnv::new();
        // Two steps may have the same path, as two calls of one node without a binding; their vertices tell them apart.
        hash.text(&step);
        self.frame.hash(&mut hash);
        hash.number(self.vertex);
        hash.number(self.round);
        let (run, attempt, deadline) = (self.frame.identity(), self.attempt, self.deadline);
        Placed { run, step: step.into(), key: hash.0, attempt, deadline }
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

/// FNV-1a in 128 bits: the same on every machine and with every compiler, as a key for the outside must be.
struct Fnv(u128);

impl Fnv {
    const fn new() -> Self {
        Self(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d)
    }

    fn bytes(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u128::from(*byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b);
        }
    }

    fn text(&mut self, text: &str) {
        self.bytes(text.as_bytes());
    }

    fn number(&mut self, number: u32) {
        self.bytes(&number.to_le_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::Fnv;

    #[test]
    fn the_hash_is_fnv_1a() {
        let of = |text| {
            let mut hash = Fnv::new();
            hash.text(text);
            hash.0
        };
        assert_eq!(of(""), 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d);
        assert_eq!(of("a"), 0xd228_cb69_6f1a_8caf_7891_2b70_4e4a_8964);
    }
}
