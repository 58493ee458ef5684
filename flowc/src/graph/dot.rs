//! The drawing in the DOT language of Graphviz.

use std::fmt::Write as _;

use super::draw::Drawing;
use super::ports::{Ports, backs, exit_name, has_sink, has_source};
use super::text::{dot as escape, line, short};
use super::tree::{Course, Scope, Tree, lanes};
use super::{EdgeMode, Vertex, VertexKind, label};

const LONGEST: usize = 60;
const POINT: &str = "shape=circle, label=\"\", width=0.08, fixedsize=true, style=filled, fillcolor=\"#6e7781\"";

pub(super) fn write(drawing: &Drawing<'_>) -> String {
    let tree = Tree::new(drawing);
    let ports = Ports::new(&tree);
    let mut out = String::new();
    let _ = writeln!(out, "digraph \"{}\" {{", escape(&line(drawing.graph.name)));
    out.push_str("  graph [compound=true, rankdir=TB, nodesep=0.35, ranksep=0.45, fontname=\"Helvetica\", fontsize=11");
    let _ = writeln!(out, ", tooltip=\"{}\"];", escape(&label::description(drawing.graph)));
    out.push_str("  node [shape=box, style=\"rounded,filled\", fillcolor=\"#ffffff\", color=\"#6e7781\"");
    out.push_str(", fontname=\"Helvetica\", fontsize=11, margin=\"0.14,0.07\"];\n");
    out.push_str("  edge [color=\"#6e7781\", fontname=\"Helvetica\", fontsize=9, fontcolor=\"#59636e\"];\n");
    scope(&mut out, drawing, &tree, &ports, None, 1);
    edges(&mut out, &tree, &ports);
    out.push_str("}\n");
    out
}

fn scope(out: &mut String, drawing: &Drawing<'_>, tree: &Tree<'_>, ports: &Ports<'_>, at: Scope, depth: usize) {
    let pad = "  ".repeat(depth);
    if let Some((region, lane)) = at {
        for (name, entry) in ports.entries_of(region, lane) {
            let text = escape(&short(entry.value, LONGEST));
            let _ = writeln!(out, "{pad}{name} [shape=plaintext, style=\"\", fontsize=9, label=\"{text}\"];");
        }
    }
    for index in tree.members(at) {
        let Some(member) = tree.vertex(index) else { continue };
        if lanes(member) == 0 {
            let _ = writeln!(out, "{pad}{};", shape(drawing, tree, index, member));
        } else {
            region(out, drawing, tree, ports, (index, member), depth);
        }
    }
    if let Some(exit) = at.filter(|exit| ports.exits.contains(exit)) {
        let _ = writeln!(out, "{pad}{} [{POINT}];", exit_name(exit));
    }
}

fn region(
    out: &mut String,
    drawing: &Drawing<'_>,
    tree: &Tree<'_>,
    ports: &Ports<'_>,
    (index, member): (usize, &Vertex),
    depth: usize,
) {
    let pad = "  ".repeat(depth);
    let _ = writeln!(out, "{pad}subgraph \"cluster_{index}\" {{");
    let colour = drawing.tone(index).mark().map_or("#8c959f", |(_, colour)| colour);
    let title = escape(&short(&label::heading(member, tree.note(index)), LONGEST));
    let _ = writeln!(out, "{pad}  label=\"{title}\"; labeljust=l; style=rounded; color=\"{colour}\";");
    // Edges of the region itself start and end at these points and are clipped at the border of the cluster.
    let _ = writeln!(out, "{pad}  v{index}, w{index} [shape=point, style=invis, width=0, height=0];");
    let _ = writeln!(out, "{pad}  v{index} -> w{index} [style=invis];");
    for lane in 0..lanes(member) {
        let Some(label) = label::lane(member, lane) else {
            scope(out, drawing, tree, ports, Some((index, lane)), depth + 1);
            continue;
        };
        let _ = writeln!(out, "{pad}  subgraph \"cluster_{index}_{lane}\" {{");
        let _ =
            writeln!(out, "{pad}    label=\"{}\"; style=dashed; color=\"#afb8c1\";", escape(&short(&label, LONGEST)));
        if tree.members(Some((index, lane))).next().is_none() {
            // An arm without steps only hands a value on; Graphviz draws no empty cluster.
            let _ = writeln!(out, "{pad}    v{index}_{lane}_none [shape=plaintext, style=\"\", label=\"·\"];");
        }
        scope(out, drawing, tree, ports, Some((index, lane)), depth + 2);
        let _ = writeln!(out, "{pad}  }}");
    }
    let _ = writeln!(out, "{pad}}}");
}

fn shape(drawing: &Drawing<'_>, tree: &Tree<'_>, index: usize, member: &Vertex) -> String {
    let (name, note) = label::lines(member);
    let mut text = escape(&short(&name, LONGEST));
    for more in [note.as_str(), tree.note(index)].into_iter().filter(|more| !more.is_empty()) {
        let _ = write!(text, "\\n{}", escape(&short(more, LONGEST)));
    }
    let kind = match member.kind {
        VertexKind::Step { effect: true, .. } => ", shape=cds, style=filled, color=\"#bf8700\"",
        VertexKind::Step { node, .. } if node.is_workflow() => ", style=filled, peripheries=2",
        VertexKind::Input { .. } | VertexKind::Output { .. } => ", shape=ellipse, style=filled, color=\"#0969da\"",
        _ => "",
    };
    let tone = match drawing.tone(index).mark() {
        Some((_, colour)) => format!(", color=\"{colour}\", penwidth=2.5"),
        None => String::new(),
    };
    format!("v{index} [label=\"{text}\", tooltip=\"{}\"{kind}{tone}]", escape(&label::hint(member)))
}

fn edges(out: &mut String, tree: &Tree<'_>, ports: &Ports<'_>) {
    let is_region = |index: usize| tree.vertex(index).is_some_and(|member| lanes(member) > 0);
    for link in tree.links.iter().filter(|link| !tree.carried(link)) {
        let (mut from, to) = ports.ends(tree, link);
        let style = match link.mode {
            EdgeMode::Borrow => "arrowhead=vee, arrowsize=0.7",
            EdgeMode::Own => "penwidth=2.2, arrowsize=0.8",
            EdgeMode::Order => "style=dashed, arrowhead=vee, arrowsize=0.7",
        };
        let mut more = String::new();
        if link.course != Course::Inward && is_region(link.from) {
            from = format!("w{}", link.from);
            let _ = write!(more, ", ltail=\"cluster_{}\"", link.from);
        }
        if link.course != Course::Outward && is_region(link.to) {
            let _ = write!(more, ", lhead=\"cluster_{}\"", link.to);
        }
        let text = if from.starts_with("in") { String::new() } else { label::edge(tree.graph, link) };
        if !text.is_empty() {
            let _ = write!(more, ", label=\" {} \"", escape(&short(&text, LONGEST)));
        }
        let hint = escape(&label::edge_hint(tree.graph, link));
        let _ = writeln!(out, "  {from} -> {to} [{style}{more}, edgetooltip=\"{hint}\"];");
    }
    for (index, member) in tree.graph.vertices.iter().enumerate() {
        // Unseen edges keep one point of a region above what it contains, and the other below.
        if let Some((region, _)) = tree.scope(index) {
            if !has_source(tree, index) {
                let _ = writeln!(out, "  v{region} -> v{index} [style=invis];");
            }
            if !has_sink(tree, index) {
                let end = if lanes(member) > 0 { 'w' } else { 'v' };
                let _ = writeln!(out, "  {end}{index} -> w{region} [style=invis];");
            }
        }
    }
    for (region, member) in tree.graph.vertices.iter().enumerate() {
        for (name, _) in (0..lanes(member)).flat_map(|lane| ports.entries_of(region, lane)) {
            let _ = writeln!(out, "  v{region} -> {name} [style=invis];");
        }
    }
    for &exit in &ports.exits {
        let _ = writeln!(out, "  {} -> w{} [style=invis];", exit_name(exit), exit.0);
    }
    for (from, to) in ports.guides(tree) {
        let _ = writeln!(out, "  {from} -> {to} [style=invis];");
    }
    let style = "constraint=false, color=\"#8250df\", arrowhead=vee, arrowsize=0.7";
    for back in backs(tree) {
        let value = escape(&short(back.value, LONGEST));
        let _ = writeln!(out, "  v{} -> v{} [label=\" {value} \", {style}];", back.from, back.to);
    }
    for (index, member) in tree.graph.vertices.iter().enumerate() {
        // A loop that carries nothing still shows that it repeats.
        let carries = tree.links.iter().any(|link| link.from == index && tree.carried(link));
        if matches!(member.kind, VertexKind::Loop { .. }) && !carries {
            let _ = writeln!(out, "  w{index} -> v{index} [label=\" again \", {style}];");
        }
    }
}
