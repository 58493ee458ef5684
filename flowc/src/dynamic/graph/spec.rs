//! The description of a graph. Failures, events and statuses keep it for as long as they live, so it lives for ever, once for each
//! shape: graphs that are made anew for each request have the same one.

use std::collections::{BTreeMap, BTreeSet};

use crate::graph::{Edge, GraphSpec, NodeKind, NodeSpec, Vertex, make};
use crate::sync::{Mutex, lock};

static TEXTS: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());
static GRAPHS: Mutex<BTreeMap<&'static str, Vec<&'static GraphSpec>>> = Mutex::new(BTreeMap::new());
static NODES: Mutex<BTreeMap<&'static str, Vec<&'static NodeSpec>>> = Mutex::new(BTreeMap::new());

/// A text that lives for ever.
pub(super) fn text(text: &str) -> &'static str {
    let mut texts = lock(&TEXTS);
    if let Some(known) = texts.get(text) {
        return known;
    }
    let new: &'static str = text.to_owned().leak();
    texts.insert(new);
    new
}

/// A graph that lives for ever.
pub(super) fn graph(
    name: &'static str,
    docs: &'static str,
    place: (&'static str, u32),
    vertices: Vec<Vertex>,
    edges: Vec<Edge>,
) -> &'static GraphSpec {
    let mut graphs = lock(&GRAPHS);
    let graphs = graphs.entry(name).or_default();
    let known = graphs.iter().find(|known| {
        (known.docs, known.file, known.line) == (docs, place.0, place.1)
            && known.vertices == vertices
            && known.edges == edges
    });
    if let Some(known) = known {
        return known;
    }
    let new: &'static GraphSpec = Box::leak(Box::new(make::graph(name, docs, place, vertices.leak(), edges.leak())));
    graphs.push(new);
    new
}

/// A graph as a node of another.
pub(super) fn node(graph: &'static GraphSpec, output: &'static str) -> &'static NodeSpec {
    let mut nodes = lock(&NODES);
    let nodes = nodes.entry(graph.name).or_default();
    if let Some(known) = nodes.iter().find(|known| known.graph == Some(graph)) {
        return known;
    }
    let node = make::node(graph.name, graph.docs, NodeKind::Workflow, &[], output, None, (graph.file, graph.line));
    let new: &'static NodeSpec = Box::leak(Box::new(node.with_graph(graph)));
    nodes.push(new);
    new
}
