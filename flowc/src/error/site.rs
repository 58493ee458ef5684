//! Where in a run something failed.

use std::sync::Arc;

use crate::graph::{GraphSpec, NodeSpec, VertexKind};
use crate::id::{Identity, RunId};

/// Where in a run something failed. It owns all that it says, so that a failure keeps nothing of its run alive.
#[derive(Clone)]
pub(crate) struct Site {
    pub(crate) run: RunId,
    pub(crate) correlation: Option<Arc<str>>,
    /// The workflow that the run is of.
    pub(crate) root: &'static GraphSpec,
    /// The way from there, outermost first; empty where the workflow itself is meant.
    pub(crate) way: Vec<Stop>,
}

/// One step, map or loop on the way.
#[derive(Clone)]
pub(crate) struct Stop {
    /// The workflow that it stands in.
    pub(crate) graph: &'static GraphSpec,
    pub(crate) vertex: u32,
    /// What it adds to the path, as `/notes[3]`.
    pub(crate) segment: String,
}

impl Site {
    /// The run as a whole.
    pub(crate) fn of_run(root: &'static GraphSpec, run: &Identity) -> Self {
        Self { run: run.id, correlation: run.correlation.clone(), root, way: Vec::new() }
    }

    pub(super) fn path(&self) -> String {
        let mut path = self.root.name.to_owned();
        for stop in &self.way {
            path.push_str(&stop.segment);
        }
        path
    }

    /// The node that is called there, if one is.
    pub(super) fn spec(&self) -> Option<&'static NodeSpec> {
        self.way.last()?.spec()
    }

    /// The name of the node, or of the innermost workflow.
    pub(super) fn node(&self) -> &'static str {
        match (self.spec(), self.way.last()) {
            (Some(node), _) => node.name,
            (None, Some(stop)) => stop.graph.name,
            (None, None) => self.root.name,
        }
    }
}

impl Stop {
    pub(super) fn spec(&self) -> Option<&'static NodeSpec> {
        match self.graph.vertices.get(self.vertex as usize)?.kind {
            VertexKind::Step { node, .. } => Some(node),
            _ => None,
        }
    }

    /// The line in the workflow's file.
    pub(super) fn line(&self) -> u32 {
        self.graph.vertices.get(self.vertex as usize).map_or(self.graph.line, |vertex| vertex.line)
    }
}
