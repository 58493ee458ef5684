//! The drawing as an SVG picture.

use std::fmt::Write as _;

use super::draw::Drawing;
use super::layout::{Frame, Leaf, Piece, Rail, Scene, Wire, layout};
use super::text::{line, xml};
use super::tree::Tree;
use super::{EdgeMode, VertexKind, label};

/// Light by default, dark where the reader's system is. The picture brings its own ground along, so that
/// it is readable on any page.
const STYLE: &str = include_str!("svg.css");

pub(super) fn write(drawing: &Drawing<'_>) -> String {
    let tree = Tree::new(drawing);
    let scene = layout(&tree);
    let mut out = String::new();
    let (width, height) = (scene.width.ceil(), scene.height.ceil());
    let _ = writeln!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"flowc\" role=\"img\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {width} {height}\">"
    );
    let _ = writeln!(out, "<title>{}</title>", xml(&line(drawing.graph.name)));
    let _ = writeln!(out, "<desc>{}</desc>", xml(&label::description(drawing.graph)));
    let _ = writeln!(out, "<style>\n{STYLE}</style>");
    let _ = writeln!(out, "<rect class=\"ground\" width=\"{width}\" height=\"{height}\" rx=\"8\"/>");
    for frame in &scene.frames {
        box_of_region(&mut out, drawing, frame);
    }
    // Thick lines first, so that a thin one that forks off beside them stays in sight.
    for mode in [EdgeMode::Own, EdgeMode::Borrow, EdgeMode::Order] {
        for wire in scene.wires.iter().filter(|wire| wire.mode == mode) {
            line_of(&mut out, wire);
        }
    }
    for frame in &scene.frames {
        if let Some(rail) = &frame.rail {
            back(&mut out, rail);
        }
        band(&mut out, frame);
    }
    for leaf in &scene.leaves {
        box_of_vertex(&mut out, drawing, leaf);
    }
    words(&mut out, &scene);
    out.push_str("</svg>\n");
    out
}

/// A coordinate, to a tenth of a pixel.
fn n(value: f64) -> f64 {
    let rounded = (value * 10.0).round() / 10.0;
    // No `-0`.
    rounded + 0.0
}

fn class(drawing: &Drawing<'_>, index: usize, kind: &str) -> String {
    match drawing.tone(index).mark() {
        Some((tone, _)) => format!("{kind} {tone}"),
        None => kind.to_owned(),
    }
}

fn box_of_region(out: &mut String, drawing: &Drawing<'_>, frame: &Frame) {
    let class = class(drawing, frame.vertex, "region");
    let (x, y, width, height) = (n(frame.x), n(frame.y), n(frame.width), n(frame.height));
    let _ = write!(out, "<g class=\"{class}\">");
    if let Some(vertex) = drawing.graph.vertices.get(frame.vertex) {
        let _ = write!(out, "<title>{}</title>", xml(&label::hint(vertex)));
    }
    let _ = write!(out, "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"8\"/>");
    for lane in frame.lanes.iter().skip(1) {
        let (x, top, bottom) = (n(lane.x), n(lane.y), n(frame.y + frame.height));
        let _ = write!(out, "<path class=\"wall\" d=\"M{x} {top}V{bottom}\"/>");
    }
    out.push_str("</g>\n");
}

/// The line that leads back in a loop, with its head where the next round begins.
fn back(out: &mut String, rail: &Rail) {
    let (right, bottom, top) = (n(rail.right), n(rail.from.1), n(rail.to.1));
    let (inner, low, high) = (n(rail.right - 8.0), n(rail.from.1 - 8.0), n(rail.to.1 + 8.0));
    let (from, to) = (n(rail.from.0), n(rail.to.0));
    let _ = writeln!(
        out,
        "<path class=\"back\" d=\"M{from} {bottom}H{inner}Q{right} {bottom} {right} {low}V{high}Q{right} {top} {inner} {top}H{to}\"/>"
    );
    let _ = writeln!(out, "<path class=\"head\" d=\"M{} {top}l9 -5v10z\"/>", n(rail.to.0.max(rail.right - 26.0) - 2.0));
}

/// What lies over the lines that cross into a region, so that its title and its labels are read with ease.
fn band(out: &mut String, frame: &Frame) {
    let (x, y, width, height) = (n(frame.x + 1.5), n(frame.y + 1.5), n(frame.width - 3.0), n(frame.band - 3.0));
    let _ = writeln!(out, "<rect class=\"band\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"7\"/>");
}

fn line_of(out: &mut String, wire: &Wire) {
    let class = match wire.mode {
        EdgeMode::Borrow => "borrow",
        EdgeMode::Own => "own",
        EdgeMode::Order => "order",
    };
    let _ = write!(out, "<g class=\"edge {class}\"><title>{}</title><path d=\"", xml(&wire.hint));
    let (mut x, mut y) = wire.start;
    let _ = write!(out, "M{} {}", n(x), n(y));
    let last = wire.pieces.len().saturating_sub(1);
    for (number, piece) in wire.pieces.iter().enumerate() {
        match *piece {
            // The head's tip is sharper than the end of a line.
            Piece::Down(to) if wire.arrow && number == last => {
                let _ = write!(out, "V{}", n(to - 5.0));
                y = to;
            }
            Piece::Down(to) => {
                let _ = write!(out, "V{}", n(to));
                y = to;
            }
            Piece::Curve(to_x, to_y) if (to_x - x).abs() < 0.05 => {
                let _ = write!(out, "V{}", n(to_y));
                y = to_y;
            }
            Piece::Curve(to_x, to_y) => {
                let middle = n(f64::midpoint(y, to_y));
                let _ = write!(out, "C{} {middle} {} {middle} {} {}", n(x), n(to_x), n(to_x), n(to_y));
                (x, y) = (to_x, to_y);
            }
        }
    }
    out.push_str("\"/>");
    if wire.arrow {
        let (x, y) = (n(x), n(y));
        let _ = match wire.mode {
            EdgeMode::Own => write!(out, "<path class=\"head\" d=\"M{x} {y}l-5.5 -10h11z\"/>"),
            EdgeMode::Borrow | EdgeMode::Order => write!(out, "<path class=\"head\" d=\"M{x} {y}l-4 -8l4 2l4 -2z\"/>"),
        };
    }
    out.push_str("</g>\n");
}

fn box_of_vertex(out: &mut String, drawing: &Drawing<'_>, leaf: &Leaf) {
    let Some(vertex) = drawing.graph.vertices.get(leaf.vertex) else { return };
    let kind = match vertex.kind {
        VertexKind::Input { .. } => "input",
        VertexKind::Output { .. } => "output",
        VertexKind::Step { effect: true, .. } => "effect",
        VertexKind::Step { node, .. } if node.is_workflow() => "workflow",
        _ => "step",
    };
    let (x, y, width, height) = (n(leaf.x), n(leaf.y), n(leaf.width), n(leaf.height));
    let _ = write!(out, "<g class=\"{}\">", class(drawing, leaf.vertex, kind));
    let _ = write!(out, "<title>{}</title>", xml(&label::hint(vertex)));
    match kind {
        // A flag: it leads out of the picture.
        "effect" => {
            let (right, half) = (n(leaf.width - 10.0), n(leaf.height / 2.0));
            let _ = write!(out, "<path d=\"M{x} {y}h{right}l10 {half}l-10 {half}h-{right}z\"/>");
        }
        "input" | "output" => {
            let round = n(leaf.height / 2.0);
            let _ = write!(out, "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"{round}\"/>");
        }
        _ => {
            let _ = write!(out, "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"5\"/>");
        }
    }
    if kind == "workflow" {
        let (left, right) = (n(leaf.x + 6.0), n(leaf.x + leaf.width - 6.0));
        let _ = write!(out, "<path d=\"M{left} {y}v{height}M{right} {y}v{height}\"/>");
    }
    let middle = n(leaf.x + leaf.width / 2.0 - if kind == "effect" { 3.0 } else { 0.0 });
    let first = n(leaf.y + if leaf.note.is_empty() && leaf.news.is_empty() { leaf.height / 2.0 + 4.5 } else { 20.0 });
    let _ = write!(out, "<text class=\"name\" x=\"{middle}\" y=\"{first}\">{}</text>", xml(&leaf.name));
    let mut below = leaf.y + 36.0;
    for (class, text) in [("note", &leaf.note), ("news", &leaf.news)] {
        if !text.is_empty() {
            let y = n(below);
            let _ = write!(out, "<text class=\"{class}\" x=\"{middle}\" y=\"{y}\">{}</text>", xml(text));
            below += 16.0;
        }
    }
    out.push_str("</g>\n");
}

/// The texts outside the boxes, above every line.
fn words(out: &mut String, scene: &Scene) {
    for frame in &scene.frames {
        let (x, y) = (n(frame.x + 12.0), n(frame.y + 19.0));
        let _ = writeln!(out, "<text class=\"title\" x=\"{x}\" y=\"{y}\">{}</text>", xml(&frame.title));
        for lane in &frame.lanes {
            if let Some(text) = &lane.label {
                let (x, y) = (n(lane.x + lane.width / 2.0), n(lane.y + 14.0));
                let _ = writeln!(out, "<text class=\"lane\" x=\"{x}\" y=\"{y}\">{}</text>", xml(text));
            }
        }
    }
    for note in &scene.notes {
        let (x, y) = (n(note.x), n(note.y));
        let _ = writeln!(out, "<text class=\"value\" x=\"{x}\" y=\"{y}\">{}</text>", xml(&note.text));
    }
}
