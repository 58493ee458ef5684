//! Steps by their names.

use crate::engine::StepHandle;
use crate::graph::{GraphSpec, VertexKind};
use crate::step::{Step, Workflow};

/// Names a step: its handle, as in `answer::docs`, where the workflow is the one that runs; or its path as text, as in
/// `"answer/notes/summarise"`, which also reaches into workflows that are steps. Without the indices of items and rounds, all of them
/// are meant; with an index in it, that one.
pub trait NamesStep {
    /// The path.
    fn path(&self) -> String;
}

impl NamesStep for str {
    fn path(&self) -> String {
        self.to_owned()
    }
}

impl NamesStep for String {
    fn path(&self) -> String {
        self.clone()
    }
}

impl<N: NamesStep + ?Sized> NamesStep for &N {
    fn path(&self) -> String {
        (**self).path()
    }
}

impl<W: Workflow, S: Step, const VERTEX: u32> NamesStep for StepHandle<W, S, VERTEX> {
    fn path(&self) -> String {
        path_in(W::GRAPH, VERTEX)
    }
}

/// The path of a vertex without indices: the maps and loops around it, and its name.
fn path_in(graph: &GraphSpec, vertex: u32) -> String {
    let mut names = Vec::new();
    let mut found = graph.vertices.get(vertex as usize);
    while let Some(vertex) = found {
        if names.is_empty() || matches!(vertex.kind, VertexKind::Map { .. } | VertexKind::Loop { .. }) {
            names.push(vertex.name);
        }
        found = vertex.place.and_then(|inside| graph.vertices.get(inside.region as usize));
    }
    names.push(graph.name);
    names.reverse();
    names.join("/")
}

/// Whether the path of an event is the one that is meant.
pub(super) fn is_at(step: &str, meant: &str) -> bool {
    if meant.contains('[') { step == meant } else { without_indices(step) == meant }
}

fn without_indices(step: &str) -> String {
    let mut inside = false;
    let kept = step.chars().filter(|letter| {
        inside |= *letter == '[';
        let keep = !inside;
        inside &= *letter != ']';
        keep
    });
    kept.collect()
}

#[cfg(test)]
mod tests {
    use super::is_at;

    #[test]
    fn indices_are_left_out_unless_they_are_meant() {
        assert!(is_at("a/b[3]/c[10]/d", "a/b/c/d"));
        assert!(is_at("a/b[3]/c", "a/b[3]/c"));
        assert!(!is_at("a/b[3]/c", "a/b[4]/c"));
        assert!(!is_at("a/b[3]/c", "a/b"));
    }
}
