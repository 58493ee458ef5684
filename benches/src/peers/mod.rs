//! The same graphs with other crates. Each builds its graph from one description, runs it once and reads the result: that
//! is what a run costs with them, as their graphs run once. The graph of graph-flow can be run again and is built once.
//! Their nodes are the same functions; an error is not expected, and costs them nothing here.

mod async_dag;
mod dagrs;
mod dagx;
mod graph_flow;

use std::sync::Arc;

use super::nodes;
use crate::measure::{Contestant, in_runtime};

/// A graph: for each node those that it waits for, which come before it. A node that waits for none gets the seed.
pub(super) struct Graph {
    seed: u64,
    nodes: Vec<Vec<usize>>,
    /// The nodes whose values make the result, added up.
    ends: Vec<usize>,
}

/// The contestants for a row, by its title; none where the shape is no plain graph.
pub(super) fn contestants(title: &str, seed: u64) -> Vec<Contestant> {
    let Some(graph) = graph(title, seed) else { return Vec::new() };
    let graph = Arc::new(graph);
    let mut all = Vec::new();
    // Both pass inputs as tuples, which end at 8 and at 12.
    let widest = graph.nodes.iter().map(Vec::len).max().unwrap_or(0);
    if widest <= 2 {
        let mine = Arc::clone(&graph);
        all.push(in_runtime("dagx", move || dagx::run(Arc::clone(&mine))));
        let mine = Arc::clone(&graph);
        all.push(in_runtime("async_dag", move || async_dag::run(Arc::clone(&mine))));
    }
    let mine = Arc::clone(&graph);
    all.push(in_runtime("dagrs", move || dagrs::run(Arc::clone(&mine))));
    match graph_flow::Prepared::new(&graph) {
        Ok(prepared) => all.push(in_runtime("graph-flow", move || prepared.run())),
        Err(error) => unreachable!("graph-flow refuses `{title}`: {error}"),
    }
    all
}

fn graph(title: &str, seed: u64) -> Option<Graph> {
    let layers = |waits: &dyn Fn(usize) -> Vec<usize>| {
        let mut nodes = vec![Vec::new(); 8];
        for layer in 1..8 {
            nodes.extend((0..8).map(|at| waits(at).into_iter().map(|one| (layer - 1) * 8 + one).collect()));
        }
        (nodes, (56..64).collect())
    };
    let (nodes, ends) = match title {
        "chain of 10" => ((0..10).map(|at: usize| at.checked_sub(1).into_iter().collect()).collect(), vec![9]),
        "diamond" => (vec![vec![], vec![0], vec![0], vec![1, 2]], vec![3]),
        "N-shape" => (vec![vec![], vec![], vec![0], vec![0, 1]], vec![2, 3]),
        "64 in 8 layers, 2 each" => layers(&|at| vec![at, (at + 1) % 8]),
        "64 in 8 layers, all each" => layers(&|_| (0..8).collect()),
        "fan-out 100 + join" => {
            let mut nodes = vec![Vec::new(); 100];
            nodes.push((0..100).collect());
            (nodes, vec![100])
        }
        _ => return None,
    };
    Some(Graph { seed, nodes, ends })
}

/// What any node does with what it waited for.
async fn work(seed: u64, inputs: &[u64]) -> Result<u64, String> {
    match inputs {
        [] => nodes::step(&seed).await,
        [one] => nodes::step(one).await,
        [one, other] => nodes::both(one, other).await,
        all => nodes::sum(all).await,
    }
}
