//! The drawing as a Mermaid flowchart.

use std::fmt::Write as _;

use super::draw::{Drawing, Tone};
use super::ports::{Ports, backs, exit_name, vertex};
use super::text::{line, mermaid as escape, short};
use super::tree::{Course, Link, Scope, Tree, lanes};
use super::{EdgeMode, Vertex, VertexKind, label};

const LONGEST: usize = 60;

pub(super) fn write(drawing: &Drawing<'_>) -> String {
    let tree = Tree::new(drawing);
    let ports = Ports::new(&tree);
    let mut out = String::from("flowchart TB\n");
    let _ = writeln!(out, "  accTitle: {}", prose(drawing.graph.name));
    let _ = writeln!(out, "  accDescr {{ {} }}", prose(&label::description(drawing.graph)));
    scope(&mut out, &tree, &ports, None, 1);
    edges(&mut out, &tree, &ports);
    classes(&mut out, drawing);
    out
}

/// Plain words: titles know no entities, so what Mermaid would read is replaced by what looks like it.
fn prose(text: &str) -> String {
    let mut out = String::new();
    for c in line(text).chars() {
        out.push(match c {
            '<' => '‹',
            '>' => '›',
            '{' => '(',
            '}' => ')',
            ';' => ',',
            '%' => '٪',
            '#' | '&' | 'ﬂ' | '¶' => ' ',
            c => c,
        });
    }
    let out = line(&out);
    if out.is_empty() { "workflow".to_owned() } else { out }
}

/// A label, escaped and never empty: Mermaid takes an empty one for a mistake.
fn words(text: &str) -> String {
    let text = escape(&short(text, LONGEST));
    if text.is_empty() { "·".to_owned() } else { text }
}

fn scope(out: &mut String, tree: &Tree<'_>, ports: &Ports<'_>, at: Scope, depth: usize) {
    let pad = "  ".repeat(depth);
    if let Some((region, lane)) = at {
        for (name, entry) in ports.entries_of(region, lane) {
            let _ = writeln!(out, "{pad}{name}([\"{}\"])", words(entry.value));
        }
    }
    for index in tree.members(at) {
        let Some(member) = tree.vertex(index) else { continue };
        if lanes(member) == 0 {
            let _ = writeln!(out, "{pad}{}", shape(tree, index, member));
        } else {
            region(out, tree, ports, (index, member), depth);
        }
    }
    if let Some(exit) = at.filter(|exit| ports.exits.contains(exit)) {
        let _ = writeln!(out, "{pad}{}((\" \"))", exit_name(exit));
    }
}

fn region(out: &mut String, tree: &Tree<'_>, ports: &Ports<'_>, (index, member): (usize, &Vertex), depth: usize) {
    let pad = "  ".repeat(depth);
    let sign = if matches!(member.kind, VertexKind::Loop { .. }) { "↻ " } else { "" };
    let _ = writeln!(
        out,
        "{pad}subgraph {}[\"{sign}{}\"]",
        vertex(index),
        words(&label::heading(member, tree.note(index)))
    );
    // Mermaid turns a subgraph that no edge enters to the side unless it is told.
    let _ = writeln!(out, "{pad}  direction TB");
    if tree.links.iter().any(|link| link.to == index && stops_inside(tree, link)) {
        let _ = writeln!(out, "{pad}  at{index}((\" \"))");
    }
    for lane in 0..lanes(member) {
        let Some(label) = label::lane(member, lane) else {
            if tree.members(Some((index, lane))).next().is_none() {
                let _ = writeln!(out, "{pad}  v{index}_{lane}_none[\"·\"]");
            }
            scope(out, tree, ports, Some((index, lane)), depth + 1);
            continue;
        };
        let _ = writeln!(out, "{pad}  subgraph v{index}_{lane}[\"{}\"]", words(&label));
        let _ = writeln!(out, "{pad}    direction TB");
        if tree.members(Some((index, lane))).next().is_none() {
            // An arm without steps only hands a value on; Mermaid draws no empty subgraph.
            let _ = writeln!(out, "{pad}    v{index}_{lane}_none[\"·\"]");
        }
        scope(out, tree, ports, Some((index, lane)), depth + 2);
        let _ = writeln!(out, "{pad}  end");
    }
    let _ = writeln!(out, "{pad}end");
}

/// Whether an edge comes from outside of the region around its end, which is a region as well. Mermaid
/// lays such edges out only if they end at a vertex, so they end at a point inside.
fn stops_inside(tree: &Tree<'_>, link: &Link<'_>) -> bool {
    let to_region = tree.vertex(link.to).is_some_and(|vertex| lanes(vertex) > 0);
    link.course == Course::Across && to_region && tree.scope(link.from) != tree.scope(link.to)
}

fn shape(tree: &Tree<'_>, index: usize, member: &Vertex) -> String {
    let (name, note) = label::lines(member);
    let mut text = words(&name);
    for more in [note.as_str(), tree.note(index)].into_iter().filter(|more| !more.is_empty()) {
        let _ = write!(text, "<br/>{}", words(more));
    }
    let (open, close) = match member.kind {
        VertexKind::Step { effect: true, .. } => (">", "]"),
        VertexKind::Step { node, .. } if node.is_workflow() => ("[[", "]]"),
        VertexKind::Step { .. } => ("[", "]"),
        _ => ("([", "])"),
    };
    format!("v{index}{open}\"{text}\"{close}")
}

fn edges(out: &mut String, tree: &Tree<'_>, ports: &Ports<'_>) {
    for link in tree.links.iter().filter(|link| !tree.carried(link)) {
        let arrow = match link.mode {
            EdgeMode::Borrow => "-->",
            EdgeMode::Own => "==>",
            EdgeMode::Order => "-.->",
        };
        let (from, mut to) = ports.ends(tree, link);
        if stops_inside(tree, link) {
            to = format!("at{}", link.to);
        }
        // The entry of a region is named by the value itself.
        let text = if from.starts_with("in") { String::new() } else { label::edge(tree.graph, link) };
        let _ = if text.is_empty() {
            writeln!(out, "  {from} {arrow} {to}")
        } else {
            writeln!(out, "  {from} {arrow}|\"{}\"| {to}", words(&text))
        };
    }
    for (from, to) in ports.guides(tree) {
        let _ = writeln!(out, "  {from} ~~~ {to}");
    }
    for back in backs(tree) {
        let (from, to) = (vertex(back.from), vertex(back.to));
        let _ = writeln!(out, "  {from} -.->|\"↻ {}\"| {to}", words(back.value));
    }
}

fn classes(out: &mut String, drawing: &Drawing<'_>) {
    // Only lines are coloured: the fill belongs to the theme of the page, light or dark.
    let mut ends = Vec::new();
    let mut effects = Vec::new();
    for (index, member) in drawing.graph.vertices.iter().enumerate() {
        match member.kind {
            VertexKind::Input { .. } | VertexKind::Output { .. } => ends.push(vertex(index)),
            VertexKind::Step { effect: true, .. } => effects.push(vertex(index)),
            _ => {}
        }
    }
    class(out, "ends", "stroke:#0969da", &ends);
    class(out, "effect", "stroke:#bf8700", &effects);
    for (tone, name, colour) in Tone::MARKED {
        let members: Vec<String> =
            (0..drawing.graph.vertices.len()).filter(|&index| drawing.tone(index) == tone).map(vertex).collect();
        class(out, name, &format!("stroke:{colour},stroke-width:3px"), &members);
    }
}

fn class(out: &mut String, name: &str, style: &str, members: &[String]) {
    if !members.is_empty() {
        let _ = writeln!(out, "  classDef {name} {style}\n  class {} {name}", members.join(","));
    }
}
