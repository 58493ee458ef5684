use std::fmt;
use std::sync::Arc;

use super::call::Site;
use super::host::{Call, Host, Hosted, Outcome, Start};
use super::run;
use super::steps::{Node, Remote, Steps, Wires};
use crate::error::{Failure, FailureKind};
use crate::graph::{GraphSpec, NodeSpec, VertexKind};
use crate::id::{Identity, RunId};
use crate::journal::{Json, Storable, StorableInputs, outline};
use crate::options::RunOptions;
use crate::run::Control;
use crate::step::{ResourcesFrom, Workflow};

/// A workflow and its nodes for an application `R`, without their types. See the [module](crate::remote).
pub struct Program<R> {
    graph: &'static GraphSpec,
    wires: Arc<Wires>,
    nodes: Vec<Node<R>>,
    runner: run::Runner<R>,
}

impl<R: Send + Sync + 'static> Program<R> {
    /// That of workflow `W`.
    pub fn of<W>() -> Self
    where
        W: Workflow + ResourcesFrom<R> + Remote<R, Json>,
        W::Output: Storable<W, Json>,
        W::Input<'static>: StorableInputs<W, Json>,
    {
        let mut steps = Steps::new();
        W::collect(&mut steps);
        steps.codecs().output::<W, Json>();
        let Steps { wires, nodes } = steps;
        Self { graph: W::GRAPH, wires: Arc::new(wires), nodes, runner: run::run::<W, R, Json> }
    }

    /// The name of the workflow.
    pub fn name(&self) -> &'static str {
        self.graph.name
    }

    /// The steps of the workflow and of those that it calls, one a line. A run that is open does not go on with other steps.
    pub fn outline(&self) -> String {
        outline(self.graph)
    }

    /// What can be called. The names consist of ASCII letters, digits and `_`, and begin with a letter.
    pub fn nodes(&self) -> impl Iterator<Item = &str> {
        self.nodes.iter().map(|node| node.name.as_ref())
    }

    /// Goes through a run, from its beginning, and gives the result as JSON. Dropping the future ends it.
    ///
    /// The future asks `host` for all that takes its time, also in `run` of a host that has no runtime.
    pub fn run(&self, app: Arc<R>, start: Start, host: Arc<dyn Host>) -> Hosted<Result<String, Failure>> {
        let identity = identity(start.run, start.correlation_id.as_deref());
        (self.runner)(app, Arc::clone(&self.wires), identity, start.inputs, host)
    }

    /// Calls a node. Its own policies stand around the call. Dropping the future cancels it.
    pub fn call(&self, app: Arc<R>, call: Call) -> Hosted<Outcome> {
        let run = identity(call.run, call.correlation_id.as_deref());
        let Some(node) = self.nodes.iter().find(|node| *node.name == *call.node) else {
            let why = format!("`{}` has no node `{}`", self.graph.name, call.node);
            return Box::pin(std::future::ready(run::outcome_of(self.graph, &run, FailureKind::Journal, why)));
        };
        let (graph, vertex) = node.place.or_else(|| place(self.graph, node.spec)).unwrap_or((self.graph, 0));
        (node.caller)(app, Site { wires: Arc::clone(&self.wires), graph, vertex, run }, call)
    }
}

fn identity(run: RunId, correlation: Option<&str>) -> Arc<Identity> {
    let options = RunOptions { id: Some(run), correlation: correlation.map(Arc::from), ..RunOptions::default() };
    Arc::new(Identity::given(&options, &Control::alone()))
}

/// A step that calls a node: what the node shares with others is found by its name there.
fn place(graph: &'static GraphSpec, wanted: &NodeSpec) -> Option<(&'static GraphSpec, u32)> {
    graph.vertices.iter().zip(0..).find_map(|(vertex, index)| match vertex.kind {
        VertexKind::Step { node, .. } => match node.graph {
            Some(inner) => place(inner, wanted),
            None => (node.name == wanted.name && node.version == wanted.version && node.file == wanted.file)
                .then_some((graph, index)),
        },
        _ => None,
    })
}

impl<R> fmt::Debug for Program<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let nodes: Vec<_> = self.nodes.iter().map(|node| &node.name).collect();
        f.debug_struct("Program").field("name", &self.graph.name).field("nodes", &nodes).finish_non_exhaustive()
    }
}
