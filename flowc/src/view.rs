//! What the macros write for rust-analyzer: each function here says a type and does nothing.
//!
//! An editor must understand a body while it is being typed, so there `workflow!` gives the body nearly as it stands. The real
//! expansion is for rustc only.

use crate::error::Failure;
use crate::graph::{GraphSpec, NodeKind, NodeSpec, make};

/// Stands for the graph of every workflow.
pub const GRAPH: GraphSpec = make::graph("", "", ("", 0), &[], &[]);

/// Stands for what is known of every step.
pub const SPEC: NodeSpec = make::node("", "", NodeKind::Workflow, &[], "", None, ("", 0));

/// A step. Its function is named, so that an editor shows it and finds it.
pub fn step<F, T>(function: F, output: T) -> T {
    drop(function);
    output
}

/// Gives the failure of a step as a value, in place of ending the run.
pub fn catch<T>(result: T) -> T {
    result
}

/// A `for` whose value is used.
pub fn map<I: IntoIterator, T>(items: I, each: impl FnMut(I::Item) -> T) -> Vec<T> {
    items.into_iter().map(each).collect()
}

/// The value of an item whose failure is collected.
pub fn collected<T>(item: T) -> Result<T, Failure> {
    Ok(item)
}

/// How many items or rounds there may be.
pub fn max(bound: usize) {
    let _ = bound;
}

/// Stands for any value. What is written for editors never runs.
pub fn never<T>() -> T {
    std::process::abort()
}
