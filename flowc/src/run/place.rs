mod fnv;
mod spot;

use std::fmt::Write;
use std::sync::{Arc, OnceLock};

use crate::context::Placed;
use crate::error::{AnyError, Failure, FailureKind, Site, Stop};
use crate::graph::{GraphSpec, NodeKind, VertexKind};
use crate::id::Identity;
use crate::observe::Place;
use crate::policy::Refused;
use crate::step::Workflow;

use fnv::Fnv;
pub(crate) use spot::Spot;

/// Where in a run something happens. Passed by value, never stored on the hot path.
#[derive(Debug, Clone, Copy)]
pub struct At<'s, X> {
    pub(crate) exec: X,
    pub(crate) frame: &'s Frame<'s>,
    /// [`NOWHERE`] in a workflow's body.
    vertex: u32,
    /// The round in the low half, the attempt above it, and [`BARE`]. They share one word because a fifth field made a
    /// chain of ten steps take twice its time.
    word: u64,
}

/// The vertex of a workflow's body, which is none.
const NOWHERE: u32 = u32::MAX;

/// The policies are applied further out; the node is called once and as it is.
const BARE: u64 = 1 << 63;

/// The bits of the attempt, which stays at the greatest number that they hold.
const ATTEMPT: u64 = (1 << 31) - 1;

/// One level of nesting: a workflow in its caller, or an item of a map in its workflow.
#[derive(Debug)]
pub struct Frame<'s> {
    /// The level above, the vertex there, and the round of the loop around it.
    parent: Option<(&'s Frame<'s>, u32, u32)>,
    graph: &'static GraphSpec,
    kind: Kind,
    run: Who<'s>,
}

#[derive(Debug, Clone, Copy)]
enum Kind {
    Workflow,
    /// An item of a map, or a round of a loop.
    Item(u32),
}

/// Who the run is.
#[derive(Debug)]
enum Who<'s> {
    /// Ask the level above.
    Above,
    /// Of the outermost workflow: made when a step asks for it.
    Lazy(OnceLock<Arc<Identity>>),
    /// Around the outermost workflow, where it was known before the run.
    Known(&'s Arc<Identity>),
}

/// What is around the outermost workflow. A trait, as only a constant of one can be generic over the workflow.
pub(crate) trait Around {
    const AROUND: &'static Frame<'static>;
}

impl<W: Workflow> Around for W {
    const AROUND: &'static Frame<'static> =
        &Frame { parent: None, graph: W::GRAPH, kind: Kind::Workflow, run: Who::Above };
}

impl<'s> Frame<'s> {
    /// What is around the outermost workflow, when it is known who the run is.
    pub(crate) fn known(graph: &'static GraphSpec, identity: &'s Arc<Identity>) -> Self {
        Self { parent: None, graph, kind: Kind::Workflow, run: Who::Known(identity) }
    }

    /// A workflow called at `at`.
    #[inline(always)]
    pub fn workflow<X: Copy>(at: At<'s, X>, graph: &'static GraphSpec) -> Self {
        // The outermost workflow has no caller: its frame is the root, which has no vertex of its own.
        if at.vertex == NOWHERE {
            let run = match at.frame.run {
                Who::Known(identity) => Who::Known(identity),
                _ => Who::Lazy(OnceLock::new()),
            };
            Self { parent: None, graph, kind: Kind::Workflow, run }
        } else {
            Self { parent: Some((at.frame, at.vertex, at.rounds())), graph, kind: Kind::Workflow, run: Who::Above }
        }
    }

    /// An item of a map, or a round of a loop, whose region is at `at`.
    #[inline(always)]
    pub fn item<X: Copy>(at: At<'s, X>, index: u32) -> Self {
        Self {
            parent: Some((at.frame, at.vertex, at.rounds())),
            graph: at.frame.graph,
            kind: Kind::Item(index),
            run: Who::Above,
        }
    }

    /// The level above.
    fn above(&self) -> Option<(&Frame<'s>, u32, u32)> {
        self.parent
    }

    /// Who the run is.
    fn identity(&self) -> Arc<Identity> {
        let mut root = self;
        while let Some((parent, ..)) = root.parent {
            root = parent;
        }
        let new = || Arc::new(Identity::new(None));
        match &root.run {
            Who::Known(identity) => Arc::clone(identity),
            Who::Lazy(identity) => Arc::clone(identity.get_or_init(new)),
            Who::Above => new(),
        }
    }

    /// The workflow that this level is in, as a constant, and where that workflow was called.
    pub(crate) fn workflow_here(&self) -> (&'static GraphSpec, Option<(&Frame<'s>, u32)>) {
        let mut level = self;
        while let (Kind::Item(_), Some((above, ..))) = (level.kind, level.above()) {
            level = above;
        }
        (level.graph, level.above().map(|(above, vertex, _)| (above, vertex)))
    }

    /// Folds what tells this level from all others of the run into `hash`.
    fn hash(&self, hash: &mut Fnv) {
        if let Some((above, vertex, round)) = self.above() {
            above.hash(hash);
            hash.number(above.graph.nth_of_its_name(vertex));
            hash.number(round);
            hash.number(match self.kind {
                Kind::Item(index) => index,
                Kind::Workflow => u32::MAX,
            });
        }
    }

    fn write_path(&self, path: &mut String) {
        match self.above() {
            None => path.push_str(self.graph.name),
            Some((above, ..)) => {
                above.write_path(path);
                self.write_last(path);
            }
        }
    }

    /// What this level adds to the path of the one above.
    fn write_last(&self, path: &mut String) {
        let Some((above, vertex, round)) = self.above() else { return };
        above.write_segment(path, vertex, round);
        if let Kind::Item(index) = self.kind {
            let _ = write!(path, "[{index}]");
        }
    }

    /// The way to this level, outermost first, and the workflow that it begins with.
    fn way(&self) -> (&'static GraphSpec, Vec<Stop>) {
        let Some((above, vertex, _)) = self.above() else { return (self.graph, Vec::new()) };
        let (root, mut way) = above.way();
        let mut segment = String::new();
        self.write_last(&mut segment);
        way.push(Stop { graph: above.graph, vertex, segment });
        (root, way)
    }

    /// The loop whose rounds `round` counts is the innermost one around the vertex, unless this frame is already a round of it.
    fn write_segment(&self, path: &mut String, vertex: u32, round: u32) {
        let vertex_at = |index: u32| self.graph.vertices.get(index as usize);
        let Some(found) = vertex_at(vertex) else { return };
        let own_region = match (self.kind, self.above()) {
            (Kind::Item(_), Some((_, region, _))) => Some(region),
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
    #[inline(always)]
    pub fn new(exec: X, frame: &'s Frame<'s>) -> Self {
        Self { exec, frame, vertex: NOWHERE, word: 1 << 32 }
    }

    /// The executor.
    #[inline(always)]
    pub fn exec(self) -> X {
        self.exec
    }

    /// The same level, at another vertex.
    #[inline(always)]
    #[must_use]
    pub fn vertex(self, vertex: u32) -> Self {
        Self { vertex, ..self }
    }

    /// The same vertex, in a round of the loop around it.
    #[inline(always)]
    #[must_use]
    pub fn round(self, round: u32) -> Self {
        Self { word: (self.word & !u64::from(u32::MAX)) | u64::from(round), ..self }
    }

    /// The same level, in the `nth` round of the loop around, counted from 1; paths count from 0.
    #[inline(always)]
    #[must_use]
    #[allow(clippy::cast_possible_truncation, reason = "only the path shows it")]
    pub fn nth(self, nth: usize) -> Self {
        self.round(nth.wrapping_sub(1) as u32)
    }

    /// The same place, at its `attempt`-th call, counted from 1.
    #[inline(always)]
    #[must_use]
    pub fn attempt(self, attempt: u32) -> Self {
        Self { word: (self.word & !(ATTEMPT << 32)) | (u64::from(attempt).min(ATTEMPT) << 32), ..self }
    }

    /// The same place, for a call whose policies are applied by the caller.
    #[inline(always)]
    pub(crate) fn bare(self) -> Self {
        Self { word: self.word | BARE, ..self }
    }

    #[inline(always)]
    pub(crate) fn is_bare(self) -> bool {
        self.word & BARE != 0
    }

    /// The same place, for those who only want to name it.
    pub(crate) fn without_executor(self) -> At<'s, ()> {
        At { exec: (), frame: self.frame, vertex: self.vertex, word: self.word }
    }

    /// The vertex, and the workflow that it is one of.
    pub(crate) fn place(self) -> Place {
        Place { graph: self.frame.graph, vertex: self.found() }
    }

    /// The vertex, if it is at one.
    #[inline(always)]
    pub(crate) fn found(self) -> Option<u32> {
        (self.vertex != NOWHERE).then_some(self.vertex)
    }

    /// The attempt, counted from 1.
    #[allow(clippy::cast_possible_truncation, reason = "the mask leaves 31 bits")]
    pub(crate) fn attempts(self) -> u32 {
        (self.word >> 32 & ATTEMPT) as u32
    }

    #[inline(always)]
    #[allow(clippy::cast_possible_truncation, reason = "the low half is meant")]
    fn rounds(self) -> u32 {
        self.word as u32
    }

    /// The call here, for a context.
    pub(crate) fn placed(self) -> Placed {
        let step = self.path();
        let mut hash = Fnv::new();
        // Two steps may have the same path, as two calls of one node without a binding; their order tells them apart. Steps of other
        // names do not count, so that a step keeps its key when others come and go in the source.
        hash.text(&step);
        self.frame.hash(&mut hash);
        hash.number(self.frame.graph.nth_of_its_name(self.vertex));
        hash.number(self.rounds());
        let (run, attempt) = (self.frame.identity(), self.attempts());
        let (deadline, signs) = (crate::policy::step::until(), crate::policy::step::signs());
        Placed { run, step: step.into(), key: hash.0, attempt, deadline, signs }
    }

    /// The path, as in `answer/notes[3]/summarise`.
    #[cold]
    #[inline(never)]
    pub fn path(self) -> String {
        // Room for most paths, so that it does not grow piece by piece.
        let mut path = String::with_capacity(64);
        self.frame.write_path(&mut path);
        if self.vertex != NOWHERE {
            self.frame.write_segment(&mut path, self.vertex, self.rounds());
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

    /// Whether what is called here only waits.
    pub(crate) fn waits(self) -> bool {
        let called = self.frame.graph.vertices.get(self.vertex as usize).map(|vertex| vertex.kind);
        matches!(called, Some(VertexKind::Step { node, .. }) if node.kind == NodeKind::Wait)
    }

    /// This place, for a failure.
    #[cold]
    #[inline(never)]
    pub(crate) fn site(self) -> Site {
        let run = self.frame.identity();
        let (root, mut way) = self.frame.way();
        if let Some(vertex) = self.found() {
            let mut segment = String::new();
            self.frame.write_segment(&mut segment, vertex, self.rounds());
            way.push(Stop { graph: self.frame.graph, vertex, segment });
        }
        Site { way, ..Site::of_run(root, &run) }
    }

    /// A failure at this place.
    #[cold]
    #[inline(never)]
    pub fn fail<E>(self, kind: FailureKind, message: impl Into<String>) -> Failure<E> {
        Failure::new(kind, self.site(), message.into())
    }

    /// A failure at this place, by an error of the node.
    #[cold]
    #[inline(never)]
    pub fn fail_with<E>(self, error: E) -> Failure<E> {
        Failure::of_error(error, self.site())
    }

    /// A failure at this place, by a policy that refused the call or stopped waiting for it.
    #[cold]
    #[inline(never)]
    pub(crate) fn refused<E>(self, why: &Refused) -> Failure<E> {
        Failure::refused(why, self.site())
    }

    /// A loop that used up its rounds.
    #[cold]
    #[inline(never)]
    pub fn out_of_rounds(self, max: usize) -> Failure<AnyError> {
        let name = self.frame.graph.vertices.get(self.vertex as usize).map_or("loop", |v| v.name);
        self.fail(FailureKind::Rounds, format!("the loop `{name}` did not break within its {max} rounds")).with_help(
            format!("raise `#[max({max})]` of the loop `{name}`, or make sure that one of its rounds reaches `break`"),
        )
    }
}
