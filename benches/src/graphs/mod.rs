//! Graphs that are made at run time, beside the same workflow compiled and beside other engines that make theirs at run time.

mod python;

use std::fmt::Write;
use std::path::Path;
use std::time::Duration;

use flowc::dynamic::Graph;

use crate::measure::{Contestant, in_runtime, in_task, side_by_side, under_engine};
use crate::nodes::ready as nodes;
use crate::rows::ready::{flows, hand};

#[path = "../peers/mod.rs"]
mod peers;

/// How many steps the chain has.
const STEPS: f64 = 10.0;

/// Where every run starts.
const SEED: u64 = 16;

const HEAD: &str = "\
| a chain of ten | ns per step | against the compiled workflow | against the graph | allocs of a run |
|---|---:|---:|---:|---:|
";

const NOTES: &str = "
The nodes add one. `in process` is polled by a bare loop, the others by a tokio runtime of one thread; the graph is built once, as those
of graph-flow and of the Python packages are, and async_dag, dagx and dagrs build theirs for each run. Times are those of the best batch.
";

/// Measures all of them, and prints as it goes.
pub(crate) fn run(each: Duration, folder: &Path) -> Result<String, String> {
    let rust = contestants();
    let measured: Vec<_> = rust.iter().map(|one| (one, 0)).collect();
    let taken = side_by_side(&measured, each * 4)?;
    let mut lines: Vec<(String, f64, Option<u64>)> = rust
        .iter()
        .zip(&taken)
        .map(|(one, taken)| (one.name.to_owned(), taken.least / STEPS, Some(taken.allocations)))
        .collect();
    for peer in python::PEERS {
        let (name, took) = python::measure(peer, each * 2, folder)?;
        lines.push((name, took / STEPS, None));
    }
    let of = |name: &str| lines.iter().find(|line| line.0 == name).map_or(f64::NAN, |line| line.1);
    let (compiled, graph) = (of(COMPILED), of(GRAPH));
    let mut table = String::from(HEAD);
    for (name, each, allocations) in &lines {
        let allocations = allocations.map_or_else(|| "-".to_owned(), |count| count.to_string());
        let (slower, against) = (each / compiled, each / graph);
        // Writing to a text does not fail.
        let _ = writeln!(table, "| {name} | {each:.0} | {slower:.2} | {against:.2} | {allocations} |");
    }
    table += NOTES;
    print!("{table}");
    Ok(table)
}

const COMPILED: &str = "`workflow!`, on an engine";
const GRAPH: &str = "`Graph`, on an engine";

fn contestants() -> Vec<Contestant> {
    let graph = Graph::<()>::builder("chain")
        .input::<u64>("x")
        .build(|graph, (x,)| (0..10).fold(x, |last, _| graph.add::<nodes::step>((&last,))));
    let engine = graph.clone();
    let mut all = vec![
        in_task("by hand, in process", || hand::chain(SEED)),
        in_task("`workflow!`, in process", || flows::chain(SEED).run(&())),
        in_task("`Graph`, in process", move || graph.call((SEED,)).run(&())),
        in_runtime("by hand, as a task", || async {
            tokio::spawn(hand::chain(SEED)).await.unwrap_or_else(|error| Err(error.to_string()))
        }),
        under_engine(COMPILED, |engine| engine.start(flows::chain(SEED))),
        under_engine(GRAPH, move |on| on.start(engine.call((SEED,)))),
    ];
    all.extend(peers::contestants("chain of 10", SEED));
    all
}
