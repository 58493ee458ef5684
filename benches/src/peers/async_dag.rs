//! `async_dag`: boxed tasks in one future, values cloned along the edges.

use std::sync::Arc;

use async_dag::{NodeIndex, TryGraph};

use super::{Graph, nodes};

async fn one(x: u64) -> Result<u64, String> {
    nodes::step(&x).await
}

async fn two(x: u64, y: u64) -> Result<u64, String> {
    nodes::both(&x, &y).await
}

pub(super) async fn run(graph: Arc<Graph>) -> Result<u64, String> {
    let mut dag: TryGraph<'_, String> = TryGraph::new();
    let mut indices: Vec<NodeIndex> = Vec::with_capacity(graph.nodes.len());
    let seed = graph.seed;
    for waits in &graph.nodes {
        let index = match waits.as_slice() {
            [] => dag.add_try_task(move || one(seed)),
            [_] => dag.add_try_task(one),
            [..] => dag.add_try_task(two),
        };
        for (&from, place) in waits.iter().zip(0..) {
            dag.update_dependency(indices[from], index, place).map_err(|error| error.to_string())?;
        }
        indices.push(index);
    }
    dag.try_run().await?;
    graph.ends.iter().map(|end| dag.get_value::<u64>(indices[*end]).ok_or_else(|| "no value".to_owned())).sum()
}
