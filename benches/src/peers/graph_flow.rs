//! graph-flow: one task after the other, with several side by side where they are declared as a fan-out. So a graph is run
//! layer by layer. Values are kept as JSON in the context of a session.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use graph_flow::{Context, FanOutTask, GraphBuilder, GraphError, NextAction, Session, Task, TaskResult};

use super::{Graph, work};

struct Work {
    id: String,
    seed: u64,
    waits: Vec<String>,
}

#[async_trait]
impl Task for Work {
    fn id(&self) -> &str {
        &self.id
    }

    async fn run(&self, context: Context) -> graph_flow::Result<TaskResult> {
        let inputs: Vec<u64> = self.waits.iter().map(|from| context.get(from).unwrap_or_default()).collect();
        let value = work(self.seed, &inputs).await.map_err(GraphError::TaskExecutionFailed)?;
        context.set(self.id.as_str(), value)?;
        Ok(TaskResult::new(None, NextAction::ContinueAndExecute))
    }
}

/// The graph, which any number of sessions may run, and where the result is.
pub(super) struct Prepared(Arc<(graph_flow::Graph, String, Vec<String>)>);

fn name(index: usize) -> String {
    format!("n{index}")
}

impl Prepared {
    pub(super) fn new(graph: &Graph) -> Result<Self, String> {
        // A node is in the layer after the last of those that it waits for.
        let mut layer_of: Vec<usize> = Vec::new();
        let mut layers: BTreeMap<usize, Vec<Arc<dyn Task>>> = BTreeMap::new();
        for (index, waits) in graph.nodes.iter().enumerate() {
            let layer = waits.iter().map(|from| layer_of[*from] + 1).max().unwrap_or(0);
            layer_of.push(layer);
            let waits = waits.iter().map(|from| name(*from)).collect();
            layers.entry(layer).or_default().push(Arc::new(Work { id: name(index), seed: graph.seed, waits }));
        }
        let mut builder = GraphBuilder::new("bench");
        let mut ids: Vec<String> = Vec::new();
        for (layer, mut tasks) in layers {
            let task = if tasks.len() == 1 {
                tasks.swap_remove(0)
            } else {
                FanOutTask::new(format!("layer{layer}"), tasks).with_next_action(NextAction::ContinueAndExecute)
            };
            ids.push(task.id().to_owned());
            builder = builder.add_task(task);
        }
        for pair in ids.windows(2) {
            builder = builder.add_edge(pair[0].as_str(), pair[1].as_str());
        }
        let built = builder.build().map_err(|error| error.to_string())?;
        let first = ids.swap_remove(0);
        Ok(Self(Arc::new((built, first, graph.ends.iter().map(|end| name(*end)).collect()))))
    }

    pub(super) fn run(&self) -> impl Future<Output = Result<u64, String>> + use<> {
        let prepared = Arc::clone(&self.0);
        async move {
            let (graph, first, ends) = &*prepared;
            let mut session = Session::new_from_task("s".to_owned(), first);
            graph.execute_session(&mut session).await.map_err(|error| error.to_string())?;
            ends.iter().map(|end| session.context.get::<u64>(end).ok_or_else(|| "no value".to_owned())).sum()
        }
    }
}
