//! dagx: typed tasks, spawned on the runtime.

use std::sync::Arc;

use dagx::{DagRunner, Task, TaskHandle, task};

use super::{Graph, nodes};

struct Source(u64);

#[task]
impl Source {
    async fn run(&self) -> u64 {
        nodes::step(&self.0).await.unwrap_or_default()
    }
}

struct One;

#[task]
impl One {
    async fn run(x: &u64) -> u64 {
        nodes::step(x).await.unwrap_or_default()
    }
}

struct Two;

#[task]
impl Two {
    async fn run(x: &u64, y: &u64) -> u64 {
        nodes::both(x, y).await.unwrap_or_default()
    }
}

pub(super) async fn run(graph: Arc<Graph>) -> Result<u64, String> {
    let dag = DagRunner::new();
    let mut handles: Vec<TaskHandle<u64>> = Vec::with_capacity(graph.nodes.len());
    for waits in &graph.nodes {
        let handle = match waits.as_slice() {
            [] => dag.add_task(Source(graph.seed)).into(),
            [one] => dag.add_task(One).depends_on(handles[*one]),
            [one, other, ..] => dag.add_task(Two).depends_on((&handles[*one], &handles[*other])),
        };
        handles.push(handle);
    }
    dag.run(|future| {
        tokio::spawn(future);
    })
    .await
    .map_err(|error| error.to_string())?;
    let mut result = 0;
    for &end in &graph.ends {
        result += dag.get(handles[end]).map_err(|error| error.to_string())?;
    }
    Ok(result)
}
