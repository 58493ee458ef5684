//! Which workflow of one `workflow!` calls which, for those that call each other.

use std::collections::{HashMap, HashSet};

use super::model::{Flow, VertexKind};

/// The calls of the workflows read so far.
#[derive(Default)]
pub(crate) struct Calls(HashMap<String, HashSet<String>>);

impl Calls {
    pub(crate) fn note(&mut self, flow: &Flow) {
        let called = flow.vertices.iter().filter_map(|vertex| match &vertex.kind {
            VertexKind::Step { path, .. } => path.path.segments.last().filter(|_| path.path.segments.len() == 1),
            _ => None,
        });
        self.0.insert(flow.name.to_string(), called.map(|segment| segment.ident.to_string()).collect());
    }

    /// Every workflow that calls `name`, or calls one that does.
    pub(crate) fn leading_to(&self, name: &str) -> HashSet<String> {
        let mut found = HashSet::new();
        let mut next = vec![name];
        while let Some(called) = next.pop() {
            for (caller, calls) in &self.0 {
                if calls.contains(called) && found.insert(caller.clone()) {
                    next.push(caller);
                }
            }
        }
        found
    }
}
