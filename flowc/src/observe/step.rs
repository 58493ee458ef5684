use std::cell::OnceCell;
use std::fmt;
use std::sync::Arc;

use crate::graph::{GraphSpec, NodeSpec, Vertex, VertexKind};
use crate::run::{At, Spot};

/// A step as a collector is told of it. Its path is made when it is asked for.
#[derive(Clone)]
pub struct StepRef<'a> {
    place: Place,
    from: From<'a>,
    path: OnceCell<Arc<str>>,
}

/// What a path is made from.
#[derive(Clone, Copy)]
enum From<'a> {
    At(At<'a, ()>),
    Source(Source),
    /// It is known.
    Nothing,
}

/// A vertex of a workflow.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    pub(crate) graph: &'static GraphSpec,
    pub(crate) vertex: Option<u32>,
}

/// A vertex as the source has it, without items and rounds: of the outermost workflow, or of one that this calls.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Source {
    /// The outermost workflow.
    pub(crate) graph: &'static GraphSpec,
    /// The vertex of it that calls the workflow of the vertex.
    pub(crate) above: Option<u32>,
    pub(crate) vertex: u32,
}

/// A step's path, made at most once per call.
pub(crate) type Path = Arc<str>;

/// A step in an event that is held: its path is made when somebody reads it.
#[derive(Debug, Clone)]
pub(crate) enum Held {
    Path(Path),
    Spot(Spot),
    Source { above: Option<u32>, vertex: u32 },
}

impl Held {
    /// Its path in a run of this workflow.
    pub(crate) fn path(self, graph: &'static GraphSpec) -> Path {
        match self {
            Self::Path(path) => path,
            Self::Spot(spot) => spot.path(graph).into(),
            Self::Source { above, vertex } => Source { graph, above, vertex }.path().into(),
        }
    }
}

impl Source {
    fn path(self) -> String {
        let Self { graph, above, vertex } = self;
        let place = |vertex: u32| usize::try_from(vertex).unwrap_or(usize::MAX);
        let called = |above: u32| match graph.vertices.get(place(above))?.kind {
            VertexKind::Step { node, .. } => Some((above, node.graph?)),
            _ => None,
        };
        match above.and_then(called) {
            None => format!("{}/{}", graph.name, graph.path_of(place(vertex))),
            Some((above, inner)) => {
                format!("{}/{}/{}", graph.name, graph.path_of(place(above)), inner.path_of(place(vertex)))
            }
        }
    }
}

impl<'a> StepRef<'a> {
    /// The step at `at`, and its path if that was made already.
    pub(crate) fn at<X: Copy>(at: At<'a, X>, path: Option<Path>) -> Self {
        let at = at.without_executor();
        Self { place: at.place(), from: From::At(at), path: path.map_or_else(OnceCell::new, OnceCell::from) }
    }

    /// A step as the source has it.
    pub(crate) fn source(place: Place, source: Source) -> Self {
        Self { place, from: From::Source(source), path: OnceCell::new() }
    }

    /// A step whose path is known.
    pub(crate) fn known(place: Place, path: Path) -> Self {
        Self { place, from: From::Nothing, path: OnceCell::from(path) }
    }

    /// What an event of the run itself is told with, which speaks of no step.
    pub(crate) fn none(graph: &'static GraphSpec) -> Self {
        Self { place: Place { graph, vertex: None }, from: From::Nothing, path: OnceCell::new() }
    }

    /// The same, to be held.
    pub(crate) fn held(&self) -> Held {
        match (self.path.get(), self.from) {
            (None, From::Source(Source { above, vertex, .. })) => Held::Source { above, vertex },
            (None, From::At(at)) => at.spot().map_or_else(|| Held::Path(self.shared_path()), Held::Spot),
            _ => Held::Path(self.shared_path()),
        }
    }

    /// Its path, as in `answer/notes[3]/summarise`.
    pub fn path(&self) -> &str {
        self.made()
    }

    pub(crate) fn shared_path(&self) -> Path {
        Arc::clone(self.made())
    }

    /// Its path, if anybody asked for it.
    pub(crate) fn made_path(&self) -> Option<Path> {
        self.path.get().cloned()
    }

    fn made(&self) -> &Path {
        self.path.get_or_init(|| match self.from {
            From::At(at) => at.path().into(),
            From::Source(source) => source.path().into(),
            From::Nothing => Path::default(),
        })
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
        match self.from {
            From::At(at) => at.attempts(),
            _ => 1,
        }
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
