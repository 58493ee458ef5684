//! The picture as another program reads it: well-formed, and with no two texts that meet, measured with
//! the glyphs of a real face that is wider than most.

use std::fs;
use std::path::Path;

use flowc::graph::{Tone, VertexKind};
use flowc_draw_tests::{drawn_whole, notes, samples, shown, tones};
use flowc_test_peers::tools;
use roxmltree::{Document, Node};

const SVG: &str = "http://www.w3.org/2000/svg";
const FACES: &str = "/usr/share/fonts/truetype/dejavu";

fn face(file: &str) -> Vec<u8> {
    let path = Path::new(FACES).join(file);
    tools::debian("fonts-dejavu-core", || path.exists(), Path::new(env!("CARGO_TARGET_TMPDIR")));
    fs::read(path).unwrap()
}

struct Faces {
    plain: Vec<u8>,
    bold: Vec<u8>,
}

impl Faces {
    fn load() -> Self {
        Faces { plain: face("DejaVuSans.ttf"), bold: face("DejaVuSans-Bold.ttf") }
    }

    /// The width of a text; a glyph that the face lacks is taken to be as wide as high.
    fn width(&self, text: &str, size: f64, bold: bool) -> f64 {
        let face = ttf_parser::Face::parse(if bold { &self.bold } else { &self.plain }, 0).unwrap();
        let em = f64::from(face.units_per_em());
        let advance = |c: char| match face.glyph_index(c) {
            Some(glyph) => f64::from(face.glyph_hor_advance(glyph).unwrap_or_default()) / em,
            None => 1.0,
        };
        text.chars().map(advance).sum::<f64>() * size
    }
}

#[derive(Debug)]
struct TextBox {
    text: String,
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
}

fn number(node: Node<'_, '_>, name: &str) -> f64 {
    node.attribute(name).unwrap_or_else(|| panic!("{name} of {node:?}")).parse().unwrap()
}

fn boxes(document: &Document<'_>, faces: &Faces) -> Vec<TextBox> {
    let texts = document.descendants().filter(|node| node.has_tag_name((SVG, "text")));
    texts
        .map(|node| {
            let class = node.attribute("class").unwrap();
            let (size, bold) = match class {
                "name" => (13.0, true),
                "title" => (12.0, true),
                "note" | "lane" | "value" => (11.0, false),
                "news" => (11.0, true),
                other => panic!("text of class {other}"),
            };
            let text = node.text().unwrap_or_default().to_owned();
            let width = faces.width(&text, size, bold);
            let (x, y) = (number(node, "x"), number(node, "y"));
            let left = if matches!(class, "title" | "value") { x } else { x - width / 2.0 };
            TextBox { text, left, right: left + width, top: y - 0.76 * size, bottom: y + 0.24 * size }
        })
        .filter(|own| !own.text.is_empty())
        .collect()
}

#[test]
fn every_sample_is_well_formed_and_names_all_it_draws() {
    for (name, graph) in samples::all() {
        let svg = graph.to_svg();
        let document = Document::parse(&svg).unwrap_or_else(|error| panic!("{name}: {error}\n{svg}"));
        let root = document.root_element();
        assert!(root.has_tag_name((SVG, "svg")) && root.attribute("role") == Some("img"), "{name}");
        for tag in ["title", "desc"] {
            let child = root.children().find(|node| node.has_tag_name((SVG, tag))).unwrap();
            assert!(!child.text().unwrap_or_default().trim().is_empty(), "{name}: {tag}");
        }
        let names: Vec<&str> = document
            .descendants()
            .filter(|node| node.has_tag_name((SVG, "text")) && node.attribute("class") == Some("name"))
            .map(|node| node.text().unwrap_or_default())
            .collect();
        for vertex in graph.vertices.iter().filter(|vertex| drawn_whole(vertex.name)) {
            if matches!(vertex.kind, VertexKind::Input { .. } | VertexKind::Step { .. } | VertexKind::Output { .. }) {
                assert!(names.contains(&shown(vertex.name).as_str()), "{name}: `{}` in {names:?}", vertex.name);
            }
        }
    }
}

#[test]
fn no_two_texts_meet_and_none_leaves_the_page() {
    let faces = Faces::load();
    for (name, graph) in samples::all() {
        let noted = graph.drawing().tones(&tones).notes(&notes).to_svg();
        for svg in [graph.to_svg(), noted] {
            let document = Document::parse(&svg).unwrap();
            let root = document.root_element();
            let (width, height) = (number(root, "width"), number(root, "height"));
            let boxes = boxes(&document, &faces);
            for (at, one) in boxes.iter().enumerate() {
                let inside = one.left >= 0.0 && one.right <= width && one.bottom <= height;
                assert!(inside, "{name}: {one:?} leaves the page");
                for two in &boxes[at + 1..] {
                    let across = one.left < two.right && two.left < one.right;
                    assert!(!across || one.bottom <= two.top || two.bottom <= one.top, "{name}: {one:?} meets {two:?}");
                }
            }
        }
    }
}

#[test]
fn texts_stay_inside_their_boxes() {
    let faces = Faces::load();
    for (name, graph) in samples::all() {
        let svg = graph.to_svg();
        let document = Document::parse(&svg).unwrap();
        let boxes = boxes(&document, &faces);
        let mut checked = 0;
        for rect in document.descendants().filter(|node| node.has_tag_name((SVG, "rect"))) {
            let group = rect.parent().unwrap();
            let Some(text) = group.children().find(|node| node.attribute("class") == Some("name")) else { continue };
            let text = text.text().unwrap_or_default();
            let (left, width) = (number(rect, "x"), number(rect, "width"));
            let middle = left + width / 2.0;
            let own =
                boxes.iter().find(|own| own.text == text && (f64::midpoint(own.left, own.right) - middle).abs() < 0.2);
            if let Some(own) = own {
                assert!(own.left > left && own.right < left + width, "{name}: {own:?} in {left} {width}");
                checked += 1;
            }
        }
        assert!(checked > 0, "{name}");
    }
}

#[test]
fn a_marked_vertex_is_still_well_formed() {
    let tones = |index: usize, _: &flowc::graph::Vertex| match index % 6 {
        0 => Tone::Plain,
        1 => Tone::Muted,
        2 => Tone::Active,
        3 => Tone::Good,
        4 => Tone::Warn,
        _ => Tone::Bad,
    };
    let svg = samples::ANSWER.drawing().tones(&tones).to_svg();
    let document = Document::parse(&svg).unwrap();
    for class in ["input", "step muted", "step active", "step good", "step warn", "step bad", "region active"] {
        assert!(document.descendants().any(|node| node.attribute("class") == Some(class)), "{class}");
    }
}
