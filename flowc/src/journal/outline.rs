use std::fmt::Write;

use crate::graph::{EdgeMode, GraphSpec, Place, Vertex, VertexKind};

/// The steps of a workflow and of those that it calls, one a line: where it is, what it calls, what it is given, and under which conditions.
/// Two workflows with the same outline have the same steps at the same places; what stands between the steps is not in it.
pub(crate) fn outline(graph: &GraphSpec) -> String {
    let mut text = String::new();
    write_graph(&mut text, graph, graph.name);
    text
}

fn write_graph(text: &mut String, graph: &GraphSpec, path: &str) {
    for (index, vertex) in graph.vertices.iter().enumerate() {
        let place = format!("{path}/{}", graph.path_of(index));
        // Writing to a text does not fail.
        let _ = match vertex.kind {
            VertexKind::Input { ty } => writeln!(text, "{place}: input {ty}"),
            VertexKind::Step { node, .. } => {
                let (inputs, conditions) = (inputs(graph, index), conditions(graph, vertex));
                writeln!(text, "{place}: {} {} ({inputs}) -> {}{conditions}", node.name, node.version, node.output)
            }
            VertexKind::Branch { subject, lanes } => writeln!(text, "{place}: {subject} {{ {} }}", lanes.join(", ")),
            VertexKind::Map { item, over, .. } => writeln!(text, "{place}: for {item} in {over}"),
            VertexKind::Loop { .. } => writeln!(text, "{place}: loop"),
            VertexKind::Block => writeln!(text, "{place}: block"),
            VertexKind::Output { ty } => writeln!(text, "{place}: {ty}"),
        };
        if let VertexKind::Step { node, .. } = vertex.kind {
            if let Some(inner) = node.graph {
                write_graph(text, inner, &place);
            }
        }
    }
}

/// The bindings that a vertex is given values of.
fn inputs(graph: &GraphSpec, vertex: usize) -> String {
    let edges = graph.edges.iter().filter(|edge| edge.to as usize == vertex && edge.mode != EdgeMode::Order);
    edges.map(|edge| edge.value).collect::<Vec<_>>().join(", ")
}

/// The arms that a vertex stands in, the innermost first.
fn conditions(graph: &GraphSpec, vertex: &Vertex) -> String {
    let mut text = String::new();
    let mut place = vertex.place;
    while let Some(Place { region, lane }) = place {
        let Some(around) = graph.vertices.get(region as usize) else { break };
        if let VertexKind::Branch { subject, lanes } = around.kind {
            let _ = write!(text, " if {subject} is {}", lanes.get(lane as usize).unwrap_or(&""));
        }
        place = around.place;
    }
    text
}

/// The lines that are in one of two outlines only: `-` those of `old`, `+` those of `new`.
pub(crate) fn difference(old: &str, new: &str) -> String {
    let only = |these: &str, those: &str, sign: char| {
        let missing = these.lines().filter(|line| !those.lines().any(|other| other == *line));
        missing.map(|line| format!("{sign} {line}")).collect::<Vec<_>>()
    };
    let lines = [only(old, new, '-'), only(new, old, '+')].concat();
    if lines.is_empty() { "the same steps, in another order".to_owned() } else { lines.join("\n") }
}
