//! What an engine does to steps besides running them.

use std::any::Any;
use std::time::Duration;

use super::defaults::Defaults;
use super::handle::StepHandle;
use crate::graph::GraphSpec;
use crate::observe::Collectors;
use crate::policy::Shares;
use crate::step::{Step, Workflow};

/// A step of a workflow's source. The constant of a graph has no address that could be relied on, so it is the source that counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Key {
    name: &'static str,
    file: &'static str,
    line: u32,
    vertex: u32,
}

impl Key {
    pub(super) fn new(graph: &'static GraphSpec, vertex: u32) -> Self {
        Self { name: graph.name, file: graph.file, line: graph.line, vertex }
    }

    pub(super) fn of<W: Workflow, S, const VERTEX: u32>(_: StepHandle<W, S, VERTEX>) -> Self {
        Self::new(W::GRAPH, VERTEX)
    }
}

/// An output, its type no longer known.
pub(super) type Kept = Box<dyn Any + Send>;

/// Clones an output, if it is of the type that the handle said.
type Keep = fn(&dyn Any) -> Option<Kept>;

pub(super) struct Plan {
    keep: Vec<(Key, Keep)>,
    #[cfg(feature = "testing")]
    pub(super) props: super::props::Props,
    pub(super) capacity: usize,
    pub(super) run_timeout: Option<Duration>,
    pub(super) cleanup_timeout: Option<Duration>,
    /// Events are held though nobody listens.
    pub(super) keep_events: bool,
    pub(super) collectors: Collectors,
    pub(super) defaults: Defaults,
    pub(super) shares: Shares,
}

impl Plan {
    pub(super) fn new() -> Self {
        Self {
            keep: Vec::new(),
            #[cfg(feature = "testing")]
            props: super::props::Props::default(),
            capacity: 1024,
            run_timeout: None,
            cleanup_timeout: None,
            keep_events: false,
            collectors: Collectors::default(),
            defaults: Defaults::new(),
            shares: Shares::new(),
        }
    }

    pub(super) fn keep<W: Workflow, S: Step, const VERTEX: u32>(&mut self, step: StepHandle<W, S, VERTEX>)
    where
        S::Output: Clone,
    {
        self.keep.push((Key::of(step), |output| {
            output.downcast_ref::<S::Output>().map(|output| Box::new(output.clone()) as Kept)
        }));
    }

    /// A clone of the output, if it is to be kept.
    pub(super) fn kept<T: 'static>(&self, key: impl FnOnce() -> Option<Key>, output: &T) -> Option<(Key, Kept)> {
        if self.keep.is_empty() {
            return None;
        }
        let key = key()?;
        let (_, keep) = self.keep.iter().find(|(kept, _)| *kept == key)?;
        Some((key, keep(output)?))
    }
}
