//! The words of a drawing, the same in every format.

use super::text::line;
use super::tree::Link;
use super::{EdgeMode, GraphSpec, NodeKind, NodeSpec, Vertex, VertexKind};

/// The two lines of a vertex that is no region; the second may be empty.
pub(super) fn lines(vertex: &Vertex) -> (String, String) {
    let name = line(vertex.name);
    match vertex.kind {
        VertexKind::Input { ty } | VertexKind::Output { ty } => (name, line(ty)),
        VertexKind::Step { node, effect } => {
            let mut notes = Vec::new();
            if node.name != vertex.name {
                notes.push(line(node.name));
            }
            match node.kind {
                NodeKind::Blocking => notes.push("blocking".to_owned()),
                NodeKind::Spawn => notes.push("spawned".to_owned()),
                NodeKind::Wait => notes.push("waits".to_owned()),
                NodeKind::Async | NodeKind::Sync | NodeKind::Workflow => {}
            }
            if effect {
                notes.push("effect".to_owned());
            }
            (name, notes.join(" · "))
        }
        _ => (name, String::new()),
    }
}

/// The title of a region, and what the drawing adds to it.
pub(super) fn heading(vertex: &Vertex, note: &str) -> String {
    let title = title(vertex);
    if note.is_empty() { title } else { format!("{title} · {note}") }
}

/// The title of a region: its source without the body.
pub(super) fn title(vertex: &Vertex) -> String {
    let (keyword, head) = match vertex.kind {
        // The lanes of an `if` hold its conditions, the first of them its subject.
        VertexKind::Branch { subject, lanes } if lanes.first() == Some(&subject) => ("if", "if".to_owned()),
        VertexKind::Branch { subject, .. } => ("match", format!("match {subject}")),
        VertexKind::Map { item, over, max, collect } => {
            let failures = if collect { " · failures collected" } else { "" };
            ("for", format!("for {item} in {over} · at most {max}{failures}"))
        }
        VertexKind::Loop { max } => ("loop", format!("loop · at most {max}")),
        _ => ("block", "block".to_owned()),
    };
    // A number tells it from others of its kind.
    let name = vertex.name.split('#').next().unwrap_or(vertex.name);
    if name.is_empty() || name == keyword || name == "if" {
        line(&head)
    } else {
        line(&format!("{} = {head}", vertex.name))
    }
}

/// The label of a lane; only the arms of a branch have one.
pub(super) fn lane(vertex: &Vertex, lane: usize) -> Option<String> {
    match vertex.kind {
        VertexKind::Branch { lanes, .. } => lanes.get(lane).map(|label| line(label)),
        _ => None,
    }
}

/// What an edge says beside its ends: the type of the value, or its name where the producer has another.
pub(super) fn edge(graph: &GraphSpec, link: &Link<'_>) -> String {
    let Some(producer) = graph.vertices.get(link.from) else { return String::new() };
    if link.value != producer.name {
        return line(link.value);
    }
    match producer.kind {
        VertexKind::Step { node, .. } if node.output != "()" => line(node.output),
        // An input says its type itself; a region does not know the type of its value.
        _ => String::new(),
    }
}

/// What hovering over an edge tells.
pub(super) fn edge_hint(graph: &GraphSpec, link: &Link<'_>) -> String {
    let how = match link.mode {
        EdgeMode::Borrow => "borrowed",
        EdgeMode::Own => "by value",
        EdgeMode::Order => return "order only".to_owned(),
    };
    let ty = graph.vertices.get(link.from).filter(|producer| producer.name == link.value);
    match ty.map(|producer| producer.kind) {
        Some(VertexKind::Input { ty }) => line(&format!("{}: {ty}, {how}", link.value)),
        Some(VertexKind::Step { node, .. }) => line(&format!("{}: {}, {how}", link.value, node.output)),
        // The value of a tail has no name.
        _ if link.value.is_empty() => how.to_owned(),
        _ => line(&format!("{}, {how}", link.value)),
    }
}

/// What hovering over a vertex tells: the signature of its node and the first line of its docs.
pub(super) fn hint(vertex: &Vertex) -> String {
    match vertex.kind {
        VertexKind::Input { ty } | VertexKind::Output { ty } => line(&format!("{}: {ty}", vertex.name)),
        VertexKind::Step { node, .. } => {
            let docs = node.docs.lines().find(|text| !text.trim().is_empty()).unwrap_or_default();
            let gap = if docs.is_empty() { "" } else { " · " };
            line(&format!("{}{gap}{docs}", signature(node)))
        }
        _ => title(vertex),
    }
}

fn signature(node: &NodeSpec) -> String {
    let inputs: Vec<String> = node.inputs.iter().map(|input| format!("{}: {}", input.name, input.ty)).collect();
    format!("{}({}) -> {}", node.name, inputs.join(", "), node.output)
}

/// The workflow in words, for whoever cannot see the picture.
pub(super) fn description(graph: &GraphSpec) -> String {
    let mut inputs = Vec::new();
    let mut steps = Vec::new();
    let mut result = "";
    for vertex in graph.vertices {
        match vertex.kind {
            VertexKind::Input { ty } => inputs.push(format!("{}: {ty}", vertex.name)),
            VertexKind::Step { .. } => steps.push(vertex.name),
            VertexKind::Output { ty } => result = ty,
            _ => {}
        }
    }
    let list = |title: &str, names: &str| if names.is_empty() { String::new() } else { format!(" {title}: {names}.") };
    let docs = line(graph.docs);
    let words = format!(
        "{docs}{}{}{}",
        list("Inputs", &inputs.join(", ")),
        list("Steps", &steps.join(", ")),
        list("Result", result)
    );
    line(&words)
}
