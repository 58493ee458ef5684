//! What is known of each step: one row per vertex of the graph, and of the graphs of the workflows it calls, made when they are
//! called first. Its size is that of the graphs and does not grow with items and rounds.

use std::borrow::Cow;
use std::time::{Duration, SystemTime};

use tokio::time::Instant;

use super::status::{StepState, StepStatus, Waiting};
use crate::graph::{GraphSpec, NodeSpec, VertexKind};
use crate::observe::{Place, Source, StepRef};
use crate::run::Frame;

#[derive(Default)]
pub(super) struct Steps {
    rows: Vec<Row>,
}

#[derive(Clone)]
pub(super) struct Row {
    state: StepState,
    calls: u64,
    running: u64,
    done: u64,
    failed: u64,
    attempts: u32,
    started: Option<Instant>,
    ended: Option<Instant>,
    /// Until when it waits for the next attempt.
    waits: Option<Instant>,
    progress: Option<(u64, u64)>,
    /// The calls that wait for a time or a signal, and for what.
    waiting: Vec<(u128, Waiting)>,
    /// Of a map: how many items it has, as far as that is known beforehand.
    items: Option<u64>,
    /// Where the rows of the workflow begin that is called here.
    inner: Option<usize>,
}

static UNTOUCHED: Row = Row {
    state: StepState::Pending,
    calls: 0,
    running: 0,
    done: 0,
    failed: 0,
    attempts: 0,
    started: None,
    ended: None,
    waits: None,
    progress: None,
    waiting: Vec::new(),
    items: None,
    inner: None,
};

impl Row {
    pub(super) fn start(&mut self, now: Instant) {
        self.calls += 1;
        self.running += 1;
        self.attempts = 1;
        self.waits = None;
        self.state = StepState::Running;
        self.started.get_or_insert(now);
    }

    pub(super) fn retry(&mut self, attempt: u32, until: Instant) {
        self.attempts = attempt.saturating_add(1);
        self.waits = Some(until);
    }

    pub(super) fn progress(&mut self, done: u64, total: u64) {
        self.progress = Some((done, total));
    }

    /// The call with this key waits.
    pub(super) fn wait(&mut self, key: u128, waiting: Waiting) {
        self.waiting.push((key, waiting));
    }

    /// It does not wait any more.
    pub(super) fn waited(&mut self, key: u128) {
        self.waiting.retain(|(other, _)| *other != key);
    }

    /// A map begins with so many items.
    pub(super) fn announce(&mut self, items: Option<u64>) {
        self.items = match (self.items, items) {
            (Some(known), Some(items)) => Some(known + items),
            (None, items) => items,
            (Some(_), None) => None,
        };
    }

    pub(super) fn end(&mut self, how: StepState, now: Instant) {
        self.running = self.running.saturating_sub(1);
        match how {
            StepState::Done => self.done += 1,
            StepState::Failed => self.failed += 1,
            _ => {}
        }
        self.ended = Some(now);
        self.waits = None;
        self.state = how;
    }

    fn status(&self, path: String, node: &'static NodeSpec, expected: Option<u64>, view: &View<'_>) -> StepStatus {
        let View { clock, now, over } = *view;
        let Self { calls, running, done, failed, attempts, progress, .. } = *self;
        let state = match self.state {
            StepState::Pending if over => StepState::Skipped,
            _ if running == 0 => self.state,
            _ if self.waiting.len() as u64 >= running => StepState::Waiting,
            _ if running == 1 && self.waits.is_some_and(|until| now < until) => StepState::Retrying,
            _ => StepState::Running,
        };
        let until = if running > 0 { Some(now) } else { self.ended };
        StepStatus {
            path,
            node: Cow::Borrowed(node.name),
            state,
            calls,
            expected,
            running,
            done,
            failed,
            attempts,
            started: self.started.map(|started| clock.time(started)),
            elapsed: self.started.zip(until).map(|(started, until)| until.saturating_duration_since(started)),
            progress,
            waiting: self.waiting.first().map(|(_, waiting)| waiting.clone()),
        }
    }
}

/// From when a status is, and whether what it speaks of is over.
#[derive(Clone, Copy)]
pub(super) struct View<'c> {
    pub(super) clock: &'c Clock,
    pub(super) now: Instant,
    pub(super) over: bool,
}

/// Tells the time of day from the one clock that the run reads.
#[derive(Clone, Copy)]
pub(super) struct Clock {
    pub(super) start: Instant,
    began: SystemTime,
}

impl Clock {
    pub(super) fn new() -> Self {
        Self { start: Instant::now(), began: SystemTime::now() }
    }

    pub(super) fn time(&self, instant: Instant) -> SystemTime {
        self.began + self.since(instant)
    }

    pub(super) fn since(&self, instant: Instant) -> Duration {
        instant.saturating_duration_since(self.start)
    }
}

impl Steps {
    pub(super) fn new(graph: &GraphSpec) -> Self {
        Self { rows: vec![UNTOUCHED.clone(); graph.vertices.len()] }
    }

    pub(super) fn row(&mut self, place: usize) -> Option<&mut Row> {
        self.rows.get_mut(place)
    }

    /// The place of the row of a vertex.
    pub(super) fn find(&mut self, frame: &Frame<'_>, vertex: u32) -> Option<usize> {
        let (graph, caller) = frame.workflow_here();
        let vertex = vertex as usize;
        if vertex >= graph.vertices.len() {
            return None;
        }
        let Some((above, at)) = caller else { return Some(vertex) };
        let outer = self.find(above, at)?;
        if let Some(inner) = self.rows.get(outer)?.inner {
            return Some(inner + vertex);
        }
        let inner = self.rows.len();
        self.rows.resize(inner + graph.vertices.len(), UNTOUCHED.clone());
        self.rows.get_mut(outer)?.inner = Some(inner);
        Some(inner + vertex)
    }

    /// The status of every step of `graph`, whose rows begin at `first`, if it was called at all.
    pub(super) fn report(
        &self,
        graph: &'static GraphSpec,
        first: Option<usize>,
        above: &str,
        view: &View<'_>,
        into: &mut Vec<StepStatus>,
    ) {
        let row = |place: usize| first.and_then(|first| self.rows.get(first + place)).unwrap_or(&UNTOUCHED);
        for (place, vertex) in graph.vertices.iter().enumerate() {
            let VertexKind::Step { node, .. } = vertex.kind else { continue };
            let of = row(place);
            let path = format!("{above}/{}", graph.path_of(place));
            // The items of the map around it are the calls that it will have, if it stands there directly.
            let map = vertex.place.map(|inside| row(inside.region as usize));
            let inner = node.graph.map(|graph| (graph, path.clone()));
            into.push(of.status(path, node, map.and_then(|map| map.items), view));
            if let Some((graph, path)) = inner {
                // A workflow that ran and does not run now is over, until it is called once more.
                let over = view.over || (of.calls > 0 && of.running == 0);
                self.report(graph, of.inner, &path, &View { over, ..*view }, into);
            }
        }
    }

    /// Tells of the steps that were never started, and of what they would have called.
    pub(super) fn skipped(&self, graph: &'static GraphSpec, mut tell: impl FnMut(StepRef<'static>, &'static str)) {
        self.untouched(&Way { graph, caller: None }, Some(0), &mut tell);
    }

    fn untouched(&self, way: &Way<'_>, first: Option<usize>, tell: &mut impl FnMut(StepRef<'static>, &'static str)) {
        for (vertex, found) in (0_u32..).zip(way.graph.vertices) {
            let VertexKind::Step { node, .. } = found.kind else { continue };
            let place = first.zip(usize::try_from(vertex).ok()).map(|(first, vertex)| first + vertex);
            let row = place.and_then(|place| self.rows.get(place)).unwrap_or(&UNTOUCHED);
            if row.calls == 0 {
                tell(way.step(vertex), node.name);
            }
            if let Some(graph) = node.graph {
                self.untouched(&Way { graph, caller: Some((way, vertex)) }, row.inner, tell);
            }
        }
    }
}

/// A workflow, and the steps that it is called by.
struct Way<'w> {
    graph: &'static GraphSpec,
    caller: Option<(&'w Way<'w>, u32)>,
}

impl Way<'_> {
    /// A step of the workflow. Its path is made later, unless it is deep inside.
    fn step(&self, vertex: u32) -> StepRef<'static> {
        let place = Place { graph: self.graph, vertex: Some(vertex) };
        let (graph, above) = match self.caller {
            None => (self.graph, None),
            Some((Way { graph, caller: None }, above)) => (*graph, Some(above)),
            Some(_) => return StepRef::known(place, self.path(vertex).into()),
        };
        StepRef::source(place, Source { graph, above, vertex })
    }

    fn path(&self, vertex: u32) -> String {
        let above = self.caller.map_or_else(|| self.graph.name.to_owned(), |(way, caller)| way.path(caller));
        format!("{above}/{}", self.graph.path_of(usize::try_from(vertex).unwrap_or(usize::MAX)))
    }
}
