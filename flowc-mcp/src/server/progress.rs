//! How far a run is, as one number that only grows.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use flowc::graph::{GraphSpec, VertexKind};
use flowc::{Event, EventKind};

/// More often than this nobody looks.
const PAUSE: Duration = Duration::from_millis(20);

/// The number of steps of a workflow that runs each of them once. Where there are branches, maps or loops nobody knows it beforehand.
pub(super) fn steps(graph: &GraphSpec) -> Option<u32> {
    let mut steps = 0;
    for vertex in graph.vertices {
        match vertex.kind {
            VertexKind::Step { .. } => steps += 1,
            VertexKind::Branch { .. } | VertexKind::Map { .. } | VertexKind::Loop { .. } => return None,
            _ => {}
        }
    }
    Some(steps)
}

/// What is told to the client.
pub(super) struct Told {
    pub(super) done: f64,
    pub(super) message: String,
}

/// Adds up finished steps, and the parts that running steps say are done.
pub(super) struct Progress {
    finished: u32,
    parts: HashMap<Arc<str>, f64>,
    told: f64,
    last: Option<Instant>,
}

impl Progress {
    pub(super) fn new() -> Self {
        Self { finished: 0, parts: HashMap::new(), told: -1.0, last: None }
    }

    /// What to tell of the event, if it is worth telling.
    pub(super) fn of(&mut self, event: &Event) -> Option<Told> {
        let (whole, message) = match &event.kind {
            EventKind::StepFinished { step, .. } => {
                self.parts.remove(step);
                // Steps of a workflow that is a step count as their parent does.
                if depth(step) == 1 {
                    self.finished = self.finished.saturating_add(1);
                }
                (true, format!("step `{step}` is done"))
            }
            EventKind::Progress { step, done, total } => {
                #[allow(clippy::cast_precision_loss, reason = "a part of one is told, and that to a few digits")]
                let part = if *total == 0 { 0.0 } else { (*done as f64 / *total as f64).clamp(0.0, 1.0) };
                self.parts.insert(Arc::clone(step), part);
                (*done >= *total, format!("step `{step}` has done {done} of {total}"))
            }
            _ => return None,
        };
        let done = f64::from(self.finished) + self.parts.values().sum::<f64>();
        let soon = self.last.is_some_and(|last| last.elapsed() < PAUSE);
        // The protocol asks for numbers that grow.
        if done <= self.told || soon && !whole {
            return None;
        }
        (self.told, self.last) = (done, Some(Instant::now()));
        Some(Told { done, message })
    }
}

/// How deep below its workflow a step stands.
fn depth(step: &str) -> usize {
    step.matches('/').count()
}
