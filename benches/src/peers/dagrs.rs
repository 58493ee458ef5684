//! dagrs: a task per node, joined by channels.

use std::sync::Arc;

use async_trait::async_trait;
use dagrs::{Action, Content, DefaultNode, EnvVar, InChannels, Node, NodeId, NodeTable, OutChannels, Output};

use super::{Graph, work};

struct Work(u64);

#[async_trait]
impl Action for Work {
    async fn run(&self, inputs: &mut InChannels, outputs: &mut OutChannels, _: Arc<EnvVar>) -> Output {
        let take = |content: Result<Content, _>| content.ok().and_then(Content::into_inner::<u64>).map_or(0, |x| *x);
        let inputs = inputs.map(take).await;
        let value = work(self.0, &inputs).await.unwrap_or_default();
        outputs.broadcast(Content::new(value)).await;
        Output::Out(Some(Content::new(value)))
    }
}

pub(super) async fn run(graph: Arc<Graph>) -> Result<u64, String> {
    let fail = |error: dagrs::DagrsError| error.to_string();
    let mut table = NodeTable::default();
    let mut dag = dagrs::Graph::new();
    let mut ids: Vec<NodeId> = Vec::with_capacity(graph.nodes.len());
    for index in 0..graph.nodes.len() {
        let node = DefaultNode::with_action(format!("n{index}"), Work(graph.seed), &mut table);
        ids.push(node.id());
        dag.add_node(node).map_err(fail)?;
    }
    for (index, from) in ids.iter().enumerate() {
        let to: Vec<NodeId> =
            graph.nodes.iter().zip(&ids).filter(|(waits, _)| waits.contains(&index)).map(|(_, id)| *id).collect();
        if !to.is_empty() {
            dag.add_edge(*from, to).map_err(fail)?;
        }
    }
    dag.set_env(EnvVar::new(table));
    dag.async_start().await.map_err(fail)?;
    let results = dag.get_results::<u64>();
    graph
        .ends
        .iter()
        .map(|end| results.get(&ids[*end]).and_then(Option::as_deref).copied().ok_or_else(|| "no value".to_owned()))
        .sum()
}
