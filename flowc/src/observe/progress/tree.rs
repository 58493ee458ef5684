//! What is known of a run: one row for each step and map, however many items and rounds there are.

use std::collections::HashMap;
use std::time::{Duration, Instant, SystemTime};

use crate::event::EventKind;
use crate::observe::{Observation, RunInfo};

pub(super) struct Tree {
    pub(super) workflow: &'static str,
    /// By the clock of this process, for what is still running.
    since: Instant,
    pub(super) state: State,
    pub(super) elapsed: Option<Duration>,
    rows: Vec<Row>,
    places: HashMap<String, usize>,
}

/// How a step, or the run, stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum State {
    #[default]
    Waiting,
    Running,
    Done,
    Failed,
    Cancelled,
}

#[derive(Default)]
pub(super) struct Row {
    pub(super) name: String,
    pub(super) children: Vec<usize>,
    /// Whether it is a map, and how many items that has, if it is known.
    #[allow(clippy::option_option, reason = "no map, a map of an unknown length, and one of a known length")]
    pub(super) map: Option<Option<u64>>,
    pub(super) state: State,
    pub(super) running: u64,
    pub(super) done: u64,
    pub(super) retries: u64,
    /// An attempt failed, and the next has not begun.
    pub(super) waits: bool,
    pub(super) progress: Option<(u64, u64)>,
    began: Option<(SystemTime, Instant)>,
    ended: Option<SystemTime>,
    /// A step calls something; a map or a loop only holds steps.
    pub(super) is_step: bool,
}

impl Row {
    /// How long it has been running, or ran.
    pub(super) fn elapsed(&self) -> Option<Duration> {
        let (began, since) = self.began?;
        match self.state {
            State::Running => Some(since.elapsed()),
            _ => self.ended?.duration_since(began).ok(),
        }
    }
}

/// A path without the indices of items and rounds, and without the workflow.
pub(super) fn plain(path: &str) -> String {
    let names = path.split('/').skip(1).map(|name| name.split_once('[').map_or(name, |(name, _)| name));
    names.collect::<Vec<_>>().join("/")
}

impl Tree {
    pub(super) fn new(run: &RunInfo<'_>) -> Self {
        Self {
            workflow: run.graph.name,
            since: Instant::now(),
            state: State::Running,
            elapsed: None,
            rows: Vec::new(),
            places: HashMap::new(),
        }
    }

    /// How long the run has been running, or ran.
    pub(super) fn elapsed(&self) -> Duration {
        self.elapsed.unwrap_or_else(|| self.since.elapsed())
    }

    /// The rows that stand in no other.
    pub(super) fn roots(&self) -> impl Iterator<Item = &Row> {
        let inner: Vec<usize> = self.rows.iter().flat_map(|row| row.children.iter().copied()).collect();
        self.rows.iter().enumerate().filter(move |(place, _)| !inner.contains(place)).map(|(_, row)| row)
    }

    pub(super) fn children<'t>(&'t self, row: &'t Row) -> impl Iterator<Item = &'t Row> {
        row.children.iter().filter_map(|place| self.rows.get(*place))
    }

    /// The row of a path, and whether it stands in a map.
    pub(super) fn find<'p>(&self, path: &'p str) -> Option<(&Row, Option<&'p str>)> {
        let found = self.rows.get(*self.places.get(path)?)?;
        let map = path.match_indices('/').map(|(end, _)| path.get(..end).unwrap_or(path));
        let mut map = map.filter(|above| {
            self.places.get(*above).and_then(|place| self.rows.get(*place)).is_some_and(|row| row.map.is_some())
        });
        Some((found, map.next()))
    }

    /// The row of a path; it and those above it are made where they are not there.
    fn row(&mut self, path: &str) -> Option<&mut Row> {
        if let Some(place) = self.places.get(path) {
            return self.rows.get_mut(*place);
        }
        let (above, name) = path.rsplit_once('/').map_or((None, path), |(above, name)| (Some(above), name));
        if let Some(above) = above {
            self.row(above)?;
        }
        let place = self.rows.len();
        self.rows.push(Row { name: name.to_owned(), ..Row::default() });
        self.places.insert(path.to_owned(), place);
        if let Some(above) = above {
            self.row(above)?.children.push(place);
        }
        self.rows.get_mut(place)
    }

    pub(super) fn read(&mut self, event: &Observation<'_>) {
        let time = event.time;
        match &event.kind {
            EventKind::RunFinished { elapsed } => self.end(State::Done, *elapsed),
            EventKind::RunFailed { elapsed, .. } => self.end(State::Failed, *elapsed),
            EventKind::RunCancelled { elapsed, .. } => self.end(State::Cancelled, *elapsed),
            EventKind::RunStarted { .. } | EventKind::StepSkipped { .. } | EventKind::Lagged(_) => {}
            kind => {
                let Some(step) = kind.place() else { return };
                let Some(row) = self.row(&plain(step.path())) else { return };
                row.read(kind, time);
            }
        }
    }

    fn end(&mut self, state: State, elapsed: Duration) {
        self.state = state;
        self.elapsed = Some(elapsed);
        // What holds steps ends with them.
        for row in self.rows.iter_mut().filter(|row| row.state == State::Running) {
            row.state = state;
        }
    }
}

impl Row {
    fn read<S>(&mut self, kind: &EventKind<S>, time: SystemTime) {
        match kind {
            EventKind::StepStarted { .. } => {
                self.is_step = true;
                self.running += 1;
                self.start(time);
            }
            EventKind::MapStarted { items, .. } => {
                self.map = Some(*items);
                self.start(time);
            }
            EventKind::MapFinished { items, .. } => {
                self.map = Some(Some(*items));
                self.stop(State::Done, time);
            }
            EventKind::StepRetried { .. } => {
                self.retries += 1;
                self.waits = true;
            }
            EventKind::Progress { done, total, .. } => {
                self.progress = Some((*done, *total));
                self.waits = false;
            }
            EventKind::StepFinished { .. } => {
                self.done += 1;
                self.stop(State::Done, time);
            }
            EventKind::StepFailed { .. } => self.stop(State::Failed, time),
            EventKind::StepCancelled { .. } => self.stop(State::Cancelled, time),
            _ => {}
        }
    }

    fn start(&mut self, time: SystemTime) {
        self.began.get_or_insert_with(|| (time, Instant::now()));
        self.state = State::Running;
    }

    fn stop(&mut self, state: State, time: SystemTime) {
        self.running = self.running.saturating_sub(1);
        self.ended = Some(time);
        self.waits = false;
        self.state = if self.running > 0 { State::Running } else { state };
    }
}
