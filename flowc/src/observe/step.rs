use std::cell::OnceCell;
use std::fmt;
use std::sync::Arc;

use crate::graph::{GraphSpec, NodeSpec, Vertex, VertexKind};
use crate::run::At;

/// A step as a collector is told of it. Its path is made when it is asked for.
#[derive(Clone)]
pub struct StepRef<'a> {
    place: Place,
    at: Option<At<'a, ()>>,
    path: OnceCell<Arc<str>>,
}

/// A vertex of a workflow.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    pub(crate) graph: &'static GraphSpec,
    pub(crate) vertex: Option<u32>,
}

impl<'a> StepRef<'a> {
    /// The step at `at`, and its path if that was made already.
    pub(crate) fn at<X: Copy>(at: At<'a, X>, path: Option<Arc<str>>) -> Self {
        let at = at.without_executor();
        Self { place: at.place(), at: Some(at), path: path.map_or_else(OnceCell::new, OnceCell::from) }
    }

    /// A step whose path is known.
    pub(crate) fn known(place: Place, path: Arc<str>) -> Self {
        Self { place, at: None, path: OnceCell::from(path) }
    }

    /// Its path, as in `answer/notes[3]/summarise`.
    pub fn path(&self) -> &str {
        self.made()
    }

    pub(crate) fn shared_path(&self) -> Arc<str> {
        Arc::clone(self.made())
    }

    /// Its path, if anybody asked for it.
    pub(crate) fn made_path(&self) -> Option<Arc<str>> {
        self.path.get().cloned()
    }

    fn made(&self) -> &Arc<str> {
        self.path.get_or_init(|| self.at.map(At::path).unwrap_or_default().into())
    }

    /// The workflow that it stands in, which is another than that of the run for a step of a sub-workflow.
    pub fn graph(&self) -> &'static GraphSpec {
        self.place.graph
    }

    /// Its index in [`GraphSpec::vertices`]; none where a failure is that of a whole workflow.
    pub fn vertex(&self) -> Option<usize> {
        usize::try_from(self.place.vertex?).ok()
    }

    fn found(&self) -> Option<&'static Vertex> {
        self.place.graph.vertices.get(self.vertex()?)
    }

    /// The name of its binding, or that of the node where it has none.
    pub fn name(&self) -> &'static str {
        self.found().map_or(self.place.graph.name, |vertex| vertex.name)
    }

    /// What it calls; none for a map.
    pub fn node(&self) -> Option<&'static NodeSpec> {
        match self.found()?.kind {
            VertexKind::Step { node, .. } => Some(node),
            _ => None,
        }
    }

    /// Which call of the node it is, counted from 1.
    pub fn attempt(&self) -> u32 {
        self.at.map_or(1, At::attempts)
    }

    /// Its path inside of its workflow without the indices of items and rounds, as in `notes/summarise`. There are only so many of
    /// them as the source has, so it may label a metric.
    pub fn label(&self) -> String {
        match self.vertex() {
            Some(vertex) => self.place.graph.path_of(vertex),
            None => self.place.graph.name.to_owned(),
        }
    }
}

impl fmt::Display for StepRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.path())
    }
}

impl fmt::Debug for StepRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("StepRef").field(&self.path()).finish()
    }
}
