//! Where the layout puts things.

use std::time::{Duration, Instant};

use super::graph::GraphSpec;
use super::graph::layout::{Piece, Scene, Wire, layout};
use super::graph::text::width;
use super::graph::tree::Tree;
use super::samples;

/// The samples, and some hundred graphs thrown by dice.
fn every() -> Vec<(String, GraphSpec)> {
    let thrown = (1..300).map(|seed| (format!("thrown {seed}"), samples::thrown(seed)));
    samples::all().into_iter().map(|(name, graph)| (name.to_owned(), graph)).chain(thrown).collect()
}

/// A rectangle with what it belongs to.
struct Area {
    left: f64,
    top: f64,
    right: f64,
    bottom: f64,
    what: String,
}

impl Area {
    fn meets(&self, other: &Area) -> bool {
        self.left < other.right && other.left < self.right && self.top < other.bottom && other.top < self.bottom
    }

    fn holds(&self, other: &Area) -> bool {
        self.left <= other.left && other.right <= self.right && self.top <= other.top && other.bottom <= self.bottom
    }
}

fn area(what: impl Into<String>, x: f64, y: f64, width: f64, height: f64) -> Area {
    Area { left: x, top: y, right: x + width, bottom: y + height, what: what.into() }
}

fn leaves(scene: &Scene) -> Vec<Area> {
    scene.leaves.iter().map(|leaf| area(&leaf.name, leaf.x, leaf.y, leaf.width, leaf.height)).collect()
}

/// Every text outside the boxes.
fn words(scene: &Scene) -> Vec<Area> {
    let mut words = Vec::new();
    for note in &scene.notes {
        words.push(area(&note.text, note.x, note.y - 10.0, width(&note.text, 11.0), 13.0));
    }
    for frame in &scene.frames {
        words.push(area(&frame.title, frame.x + 12.0, frame.y + 8.0, width(&frame.title, 12.96), 14.0));
        for lane in &frame.lanes {
            let label = lane.label.as_deref().unwrap_or_default();
            let wide = width(label, 11.0);
            words.push(area(label, lane.x + (lane.width - wide) / 2.0, lane.y + 4.0, wide, 13.0));
        }
    }
    words.retain(|word| !word.what.is_empty());
    words
}

#[test]
fn no_box_or_text_meets_another() {
    for (name, graph) in every() {
        let scene = layout(&Tree::new(&graph.drawing()));
        let page = area("page", 0.0, 0.0, scene.width, scene.height);
        let mut areas = leaves(&scene);
        areas.extend(words(&scene));
        for (at, one) in areas.iter().enumerate() {
            assert!(page.holds(one), "{name}: `{}` leaves the page", one.what);
            for two in &areas[at + 1..] {
                assert!(!one.meets(two), "{name}: `{}` meets `{}`", one.what, two.what);
            }
        }
    }
}

#[test]
fn what_is_nested_stands_inside_its_region() {
    for (name, graph) in every() {
        let tree = Tree::new(&graph.drawing());
        let scene = layout(&tree);
        let boxes: Vec<(usize, Area)> = scene
            .leaves
            .iter()
            .map(|leaf| (leaf.vertex, area(&leaf.name, leaf.x, leaf.y, leaf.width, leaf.height)))
            .chain(scene.frames.iter().map(|f| (f.vertex, area(&f.title, f.x, f.y, f.width, f.height))))
            .collect();
        assert_eq!(boxes.len(), graph.vertices.len(), "{name}: every vertex is drawn once");
        for (vertex, own) in &boxes {
            if let Some((region, _)) = tree.scope(*vertex) {
                let outer = &boxes.iter().find(|(other, _)| *other == region).unwrap().1;
                assert!(outer.holds(own), "{name}: `{}` in `{}`", own.what, outer.what);
            }
        }
    }
}

/// Points along a line, its last stretch before the arrow's tip left out.
fn points(wire: &Wire) -> Vec<(f64, f64)> {
    let mut points = Vec::new();
    let (mut x, mut y) = wire.start;
    for piece in &wire.pieces {
        let (to_x, to_y) = match *piece {
            Piece::Down(to) => (x, to),
            Piece::Curve(to_x, to_y) => (to_x, to_y),
        };
        for step in 0..=20 {
            let t = f64::from(step) / 20.0;
            let s = 1.0 - t;
            // The middle points of the curve stand at half its height.
            let across = x * (s * s * s + 3.0 * s * s * t) + to_x * (t * t * t + 3.0 * s * t * t);
            let half = f64::midpoint(y, to_y);
            let down = y * s * s * s + half * 3.0 * s * t + to_y * t * t * t;
            points.push((across, down));
        }
        (x, y) = (to_x, to_y);
    }
    points
}

#[test]
fn no_line_runs_through_a_box_or_a_value() {
    for (name, graph) in every() {
        let scene = layout(&Tree::new(&graph.drawing()));
        let mut areas = leaves(&scene);
        areas.extend(scene.notes.iter().map(|n| area(&n.text, n.x, n.y - 9.0, width(&n.text, 11.0), 10.0)));
        for wire in &scene.wires {
            for (x, y) in points(wire) {
                let dot = area("", x - 0.5, y - 0.1, 1.0, 0.2);
                for own in &areas {
                    let touches = (y - own.top).abs() < 0.2 || (y - own.bottom).abs() < 0.2;
                    assert!(touches || !own.meets(&dot), "{name}: `{}` through `{}`", wire.hint, own.what);
                }
            }
        }
    }
}

#[test]
fn every_line_begins_and_ends_at_a_box() {
    for (name, graph) in every() {
        let scene = layout(&Tree::new(&graph.drawing()));
        let mut boxes = leaves(&scene);
        boxes.extend(scene.frames.iter().map(|f| area(&f.title, f.x, f.y, f.width, f.height)));
        for wire in &scene.wires {
            let ends = points(wire);
            for (x, y) in [ends[0], ends[ends.len() - 1]] {
                let at = boxes.iter().any(|own| {
                    own.left - 0.1 <= x && x <= own.right + 0.1 && own.top - 0.1 <= y && y <= own.bottom + 0.1
                });
                assert!(at, "{name}: `{}` has an end at {x} {y}, outside of every box", wire.hint);
            }
        }
    }
}

#[test]
fn an_edge_into_a_region_crosses_its_border_and_ends_at_the_step() {
    let graph = samples::ANSWER;
    let scene = layout(&Tree::new(&graph.drawing()));
    let frame = scene.frames.iter().find(|frame| frame.title == "if").unwrap();
    let compose = scene.leaves.iter().find(|leaf| leaf.name == "compose").unwrap();
    let end = |wire: &Wire| points(wire).last().copied().unwrap();
    let near = |a: f64, b: f64| (a - b).abs() < 0.01;
    let inside: Vec<&Wire> = scene
        .wires
        .iter()
        .filter(|wire| wire.arrow && near(end(wire).1, compose.y))
        .filter(|wire| {
            let x = end(wire).0;
            compose.x < x && x < compose.x + compose.width
        })
        .collect();
    assert_eq!(inside.len(), 3, "question, facts and notes");
    for wire in inside {
        assert!(near(wire.start.1, frame.y), "it begins at the border of the region");
        let outer = scene
            .wires
            .iter()
            .find(|outer| !outer.arrow && near(end(outer).0, wire.start.0) && near(end(outer).1, wire.start.1));
        assert!(outer.is_some(), "and another leads there from outside");
    }
}

#[test]
fn a_large_graph_is_drawn_in_time() {
    let graph = samples::layered(50, 20);
    let started = Instant::now();
    let svg = graph.to_svg();
    assert!(started.elapsed() < Duration::from_secs(20), "{:?}", started.elapsed());
    assert_eq!(svg.matches("class=\"name\"").count(), 1002);
}

#[test]
fn a_long_chain_stays_straight() {
    let graph = samples::layered(60, 1);
    let scene = layout(&Tree::new(&graph.drawing()));
    let middle = |at: usize| scene.leaves[at].x + scene.leaves[at].width / 2.0;
    for at in 1..scene.leaves.len() {
        assert!((middle(at) - middle(0)).abs() < 0.5, "{}", scene.leaves[at].name);
    }
}

#[test]
fn a_picture_tells_what_it_shows() {
    let svg = samples::ANSWER.to_svg();
    assert!(svg.contains("<title>answer</title>"));
    assert!(
        svg.contains(
            "<desc>Answers a question from the documents, or hands it to a person. Inputs: question: Question."
        )
    );
    assert!(svg.contains("@media (prefers-color-scheme:dark)"));
    assert!(svg.contains("<title>search(query: &amp;Query) -&gt; Docs · Finds the documents"));
    assert!(svg.contains("<title>question: Question, by value</title>"));
}

#[test]
fn an_empty_workflow_has_a_picture() {
    let svg = samples::EMPTY.to_svg();
    assert!(svg.contains("class=\"output\"") && svg.ends_with("</svg>\n"), "{svg}");
}
