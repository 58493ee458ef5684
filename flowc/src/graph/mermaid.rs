//! The drawing as a Mermaid flowchart.

use std::fmt::Write as _;

use super::draw::{Drawing, Tone};
use super::ports::{Ports, exit_name, vertex};
use super::text::{line, mermaid as escape, short};
use super::tree::{Scope, Tree, lanes};
use super::{EdgeMode, Vertex, VertexKind, label};

const LONGEST: usize = 60;

pub(super) fn write(drawing: &Drawing<'_>) -> String {
    let tree = Tree::new(drawing.graph);
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

fn scope(out: &mut String, tree: &Tree<'_>, ports: &Ports<'_>, at: Scope, depth: usize) {
    let pad = "  ".repeat(depth);
    if let Some((region, lane)) = at {
        for (name, entry) in ports.entries_of(region, lane) {
            let _ = match entry.value {
                "" => writeln!(out, "{pad}{name}((\" \"))"),
                value => writeln!(out, "{pad}{name}([\"{}\"])", escape(&short(value, LONGEST))),
            };
        }
    }
    for index in tree.members(at) {
        let Some(member) = tree.vertex(index) else { continue };
        if lanes(member) == 0 {
            let _ = writeln!(out, "{pad}{}", shape(index, member));
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
    let title = short(&format!("{sign}{}", label::title(member)), LONGEST);
    let _ = writeln!(out, "{pad}subgraph {}[\"{}\"]", vertex(index), escape(&title));
    for lane in 0..lanes(member) {
        let Some(label) = label::lane(member, lane) else {
            scope(out, tree, ports, Some((index, lane)), depth + 1);
            continue;
        };
        let _ = writeln!(out, "{pad}  subgraph v{index}_{lane}[\"{}\"]", escape(&short(&label, LONGEST)));
        if tree.members(Some((index, lane))).next().is_none() {
            // An arm without steps only hands a value on; Mermaid draws no empty subgraph.
            let _ = writeln!(out, "{pad}    v{index}_{lane}_none[\"·\"]");
        }
        scope(out, tree, ports, Some((index, lane)), depth + 2);
        let _ = writeln!(out, "{pad}  end");
    }
    let _ = writeln!(out, "{pad}end");
}

fn shape(index: usize, member: &Vertex) -> String {
    let (name, note) = label::lines(member);
    let mut text = escape(&short(&name, LONGEST));
    if text.is_empty() {
        text.push('·');
    }
    if !note.is_empty() {
        let _ = write!(text, "<br/>{}", escape(&short(&note, LONGEST)));
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
    for link in &tree.links {
        let arrow = match link.mode {
            EdgeMode::Borrow => "-->",
            EdgeMode::Own => "==>",
            EdgeMode::Order => "-.->",
        };
        let (from, to) = ports.ends(tree, link);
        // The entry of a region is named by the value itself.
        let text = if from.starts_with("in") { String::new() } else { label::edge(tree.graph, link) };
        let _ = match escape(&short(&text, LONGEST)) {
            text if text.is_empty() => writeln!(out, "  {from} {arrow} {to}"),
            text => writeln!(out, "  {from} {arrow}|\"{text}\"| {to}"),
        };
    }
    for (from, to) in ports.guides(tree) {
        let _ = writeln!(out, "  {from} ~~~ {to}");
    }
    for (from, to) in ports.rounds(tree) {
        let _ = writeln!(out, "  {from} -.->|\"again\"| {to}");
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
