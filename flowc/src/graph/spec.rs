//! The description of a workflow as plain constant data.
//!
//! `workflow!` writes one [`GraphSpec`] per workflow and `#[node]` one [`NodeSpec`] per node. Nothing
//! here is needed to run a workflow: a run is monomorphised code. The description exists for
//! drawing, for events that name steps, and for whoever wants to read a workflow as data.

/// A whole workflow: its vertices, and the edges between them.
///
/// ```
/// use flowc::graph::{GraphSpec, Vertex, VertexKind};
///
/// fn steps(graph: &GraphSpec) -> impl Iterator<Item = &Vertex> {
///     graph.vertices.iter().filter(|v| matches!(v.kind, VertexKind::Step { .. }))
/// }
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct GraphSpec {
    /// The workflow's name, as written.
    pub name: &'static str,
    /// Its doc comment, lines joined by `\n`, without the leading space of each line.
    pub docs: &'static str,
    /// Source file, as the compiler names it.
    pub file: &'static str,
    /// Line of the workflow's name in `file`, counted from 1.
    pub line: u32,
    /// Every vertex; [`Edge`] and [`Place`] refer to them by index into this slice.
    ///
    /// Inputs come first in the order of the parameters, then steps and regions in source order
    /// (a region before what it contains), and last the one [`VertexKind::Output`].
    pub vertices: &'static [Vertex],
    /// Every edge, in source order of the use that makes it.
    pub edges: &'static [Edge],
}

impl GraphSpec {
    /// How many vertices of the same name stand before this one.
    pub(crate) fn nth_of_its_name(&self, vertex: u32) -> u32 {
        let Some((found, before)) = self.vertices.get(..=vertex as usize).and_then(<[Vertex]>::split_last) else {
            return 0;
        };
        let same = before.iter().filter(|other| other.name == found.name).count();
        u32::try_from(same).unwrap_or(u32::MAX)
    }

    /// The path of a vertex inside of the workflow, without indices: the maps and loops around it, and its name.
    pub(crate) fn path_of(&self, vertex: usize) -> String {
        let mut names = Vec::new();
        let mut found = self.vertices.get(vertex);
        while let Some(vertex) = found {
            if names.is_empty() || matches!(vertex.kind, VertexKind::Map { .. } | VertexKind::Loop { .. }) {
                names.push(vertex.name);
            }
            found = vertex.place.and_then(|inside| self.vertices.get(inside.region as usize));
        }
        names.reverse();
        names.join("/")
    }
}

/// One vertex of a [`GraphSpec`].
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Vertex {
    /// The binding that holds its value; the node's name for a step that has none;
    /// `if`, `match`, `for`, `loop` or `block` for a region that has none; `result` for the output.
    pub name: &'static str,
    /// What stands here.
    pub kind: VertexKind,
    /// The lane of the region it stands in; `None` at the top level.
    pub place: Option<Place>,
    /// Line in [`GraphSpec::file`], counted from 1.
    pub line: u32,
    /// Column in that line, counted from 1.
    pub column: u32,
}

/// Where a nested vertex stands: the region, and which of its lanes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Index of the region in [`GraphSpec::vertices`].
    pub region: u32,
    /// Index of the lane: the arm of a branch, 0 for the body of any other region.
    pub lane: u32,
}

/// What a [`Vertex`] is.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum VertexKind {
    /// A parameter of the workflow.
    Input {
        /// Its type, as written.
        ty: &'static str,
    },
    /// A call of a node or of another workflow.
    Step {
        /// What is called.
        node: &'static NodeSpec,
        /// Nothing uses its value; the run waits for it all the same.
        effect: bool,
    },
    /// An `if` or a `match`: one of its lanes runs.
    Branch {
        /// The condition or the scrutinee, as written.
        subject: &'static str,
        /// One label per lane: the pattern (with its guard) as written; for an `if` its condition
        /// chain, with `else` for the last.
        lanes: &'static [&'static str],
    },
    /// A `for`: its body runs once per item, several at once.
    Map {
        /// The pattern that names an item, as written.
        item: &'static str,
        /// The collection, as written.
        over: &'static str,
        /// The bound of `#[max(..)]`, as written.
        max: &'static str,
        /// `#[on_error(collect)]`: failures are collected and do not end the run.
        collect: bool,
    },
    /// A `loop`: its body runs until it breaks.
    Loop {
        /// The bound of `#[max(..)]`, as written.
        max: &'static str,
    },
    /// A block expression with steps of its own.
    Block,
    /// The result of the workflow.
    Output {
        /// Its type, as written.
        ty: &'static str,
    },
}

/// A dependency: `to` needs what `from` gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Edge {
    /// Index of the producer in [`GraphSpec::vertices`].
    pub from: u32,
    /// Index of the consumer.
    pub to: u32,
    /// The binding that carries the value; empty where no value is carried.
    pub value: &'static str,
    /// How the consumer takes it.
    pub mode: EdgeMode,
}

/// How an [`Edge`] hands its value over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum EdgeMode {
    /// By reference.
    Borrow,
    /// By value: moved, or copied where the type is `Copy`.
    Own,
    /// No value: only an order, as of `#[after(..)]`.
    Order,
}

/// What is known of a node, or of a workflow that is used as one.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct NodeSpec {
    /// Its name: the function's, or that of the option `name`.
    pub name: &'static str,
    /// Its version, from the option `version`; `1.0.0` if not given.
    pub version: &'static str,
    /// Its doc comment, lines joined by `\n`.
    pub docs: &'static str,
    /// How it runs.
    pub kind: NodeKind,
    /// Its inputs in order, without resources and context.
    pub inputs: &'static [ParamSpec],
    /// The type of its output, as written (`T` of a `Result<T, E>`).
    pub output: &'static str,
    /// The type of its error, as written; `None` if it cannot fail by itself.
    pub error: Option<&'static str>,
    /// The types of its resources, as written.
    pub resources: &'static [&'static str],
    /// Since when and why it should not be used any more.
    pub deprecated: Option<Deprecated>,
    /// Source file, as the compiler names it.
    pub file: &'static str,
    /// Line of its name in `file`, counted from 1.
    pub line: u32,
    /// Its own graph, if it is a workflow.
    pub graph: Option<&'static GraphSpec>,
}

impl NodeSpec {
    /// Whether it is a workflow that is used as a node.
    pub const fn is_workflow(&self) -> bool {
        matches!(self.kind, NodeKind::Workflow) || self.graph.is_some()
    }
}

/// How a node runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum NodeKind {
    /// An `async fn`, in the task of the run.
    Async,
    /// A plain `fn`, in the task of the run.
    Sync,
    /// A plain `fn` on a thread for blocking work.
    Blocking,
    /// An `async fn` in a task of its own.
    Spawn,
    /// It calls nothing, and waits for a time or a signal.
    Wait,
    /// A workflow.
    Workflow,
}

/// A parameter of a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct ParamSpec {
    /// Its name, as written.
    pub name: &'static str,
    /// Its type, as written.
    pub ty: &'static str,
    /// Its doc comment, lines joined by `\n`.
    pub docs: &'static str,
}

/// Since when and why a node should not be used any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Deprecated {
    /// The version that deprecated it; empty if not given.
    pub since: &'static str,
    /// What to use instead.
    pub note: &'static str,
}

/// Constructors for generated code: the structs above may grow fields without a breaking change.
#[doc(hidden)]
pub mod make {
    use super::{Deprecated, Edge, EdgeMode, GraphSpec, NodeKind, NodeSpec, ParamSpec, Place, Vertex, VertexKind};

    pub const fn graph(
        name: &'static str,
        docs: &'static str,
        (file, line): (&'static str, u32),
        vertices: &'static [Vertex],
        edges: &'static [Edge],
    ) -> GraphSpec {
        GraphSpec { name, docs, file, line, vertices, edges }
    }

    pub const fn vertex(
        name: &'static str,
        kind: VertexKind,
        place: Option<(u32, u32)>,
        (line, column): (u32, u32),
    ) -> Vertex {
        let place = match place {
            Some(at) => Some(Place { region: at.0, lane: at.1 }),
            None => None,
        };
        Vertex { name, kind, place, line, column }
    }

    pub const fn input(ty: &'static str) -> VertexKind {
        VertexKind::Input { ty }
    }
    pub const fn step(node: &'static NodeSpec, effect: bool) -> VertexKind {
        VertexKind::Step { node, effect }
    }
    pub const fn branch(subject: &'static str, lanes: &'static [&'static str]) -> VertexKind {
        VertexKind::Branch { subject, lanes }
    }
    pub const fn map(item: &'static str, over: &'static str, max: &'static str, collect: bool) -> VertexKind {
        VertexKind::Map { item, over, max, collect }
    }
    pub const fn repeat(max: &'static str) -> VertexKind {
        VertexKind::Loop { max }
    }
    pub const fn block() -> VertexKind {
        VertexKind::Block
    }
    pub const fn output(ty: &'static str) -> VertexKind {
        VertexKind::Output { ty }
    }

    pub const fn borrow(from: u32, to: u32, value: &'static str) -> Edge {
        Edge { from, to, value, mode: EdgeMode::Borrow }
    }
    pub const fn own(from: u32, to: u32, value: &'static str) -> Edge {
        Edge { from, to, value, mode: EdgeMode::Own }
    }
    pub const fn order(from: u32, to: u32) -> Edge {
        Edge { from, to, value: "", mode: EdgeMode::Order }
    }

    pub const fn param(name: &'static str, ty: &'static str) -> ParamSpec {
        ParamSpec { name, ty, docs: "" }
    }

    pub const fn node(
        name: &'static str,
        docs: &'static str,
        kind: NodeKind,
        inputs: &'static [ParamSpec],
        output: &'static str,
        error: Option<&'static str>,
        (file, line): (&'static str, u32),
    ) -> NodeSpec {
        NodeSpec {
            name,
            version: "1.0.0",
            docs,
            kind,
            inputs,
            output,
            error,
            resources: &[],
            deprecated: None,
            file,
            line,
            graph: None,
        }
    }

    impl ParamSpec {
        #[doc(hidden)]
        #[must_use]
        pub const fn with_docs(mut self, docs: &'static str) -> Self {
            self.docs = docs;
            self
        }
    }

    impl NodeSpec {
        #[doc(hidden)]
        #[must_use]
        pub const fn with_version(mut self, version: &'static str) -> Self {
            self.version = version;
            self
        }
        #[doc(hidden)]
        #[must_use]
        pub const fn with_resources(mut self, resources: &'static [&'static str]) -> Self {
            self.resources = resources;
            self
        }
        #[doc(hidden)]
        #[must_use]
        pub const fn with_deprecated(mut self, since: &'static str, note: &'static str) -> Self {
            self.deprecated = Some(Deprecated { since, note });
            self
        }
        #[doc(hidden)]
        #[must_use]
        pub const fn with_graph(mut self, graph: &'static GraphSpec) -> Self {
            self.graph = Some(graph);
            self
        }
    }
}
