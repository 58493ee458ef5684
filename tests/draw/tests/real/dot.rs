//! What Debian's Graphviz makes of the text.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use flowc::graph::{GraphSpec, VertexKind};
use flowc_draw_tests::{drawn_whole, notes, samples, shown, tones};
use flowc_test_peers::tools;

fn render(name: &str, graph: &GraphSpec) -> String {
    render_text(name, &graph.to_dot())
}

fn render_text(name: &str, text: &str) -> String {
    let scratch = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let there = || {
        let dot = Command::new("dot").arg("-V").stdout(Stdio::null()).stderr(Stdio::null()).status();
        dot.is_ok_and(|status| status.success())
    };
    tools::debian("graphviz", there, scratch);
    let file = scratch.join(format!("{name}.dot"));
    fs::write(&file, text).unwrap();
    let outcome = tools::run(Command::new("dot").arg("-Tsvg").arg(&file), scratch, Duration::from_secs(120));
    assert!(outcome.ok, "{name}: {}\n{}", outcome.stderr, text);
    assert_eq!(outcome.stderr, "", "{name}: graphviz warns\n{text}");
    outcome.stdout
}

/// All texts of a picture by Graphviz, which writes spaces as hard ones.
fn texts(svg: &str) -> Vec<String> {
    let options = roxmltree::ParsingOptions { allow_dtd: true, ..Default::default() };
    let document = roxmltree::Document::parse_with_options(svg, options).unwrap();
    let nodes = document.descendants().filter(|node| node.has_tag_name((SVG, "text")));
    nodes.map(|node| node.text().unwrap_or_default().replace('\u{A0}', " ").trim().to_owned()).collect()
}

const SVG: &str = "http://www.w3.org/2000/svg";

#[test]
fn every_sample_is_drawn_without_a_warning() {
    for (name, graph) in samples::all() {
        let texts = texts(&render(name, &graph));
        for vertex in graph.vertices.iter().filter(|vertex| drawn_whole(vertex.name)) {
            let is_region =
                !matches!(vertex.kind, VertexKind::Input { .. } | VertexKind::Step { .. } | VertexKind::Output { .. });
            let expected = shown(vertex.name);
            assert!(is_region || texts.contains(&expected), "{name}: `{expected}` in {texts:?}");
        }
    }
}

#[test]
fn notes_and_tones_are_drawn_without_a_warning() {
    for (name, graph) in samples::all() {
        let text = graph.drawing().tones(&tones).notes(&notes).to_dot();
        let texts = texts(&render_text(&format!("noted-{name}"), &text));
        for (index, vertex) in graph.vertices.iter().enumerate() {
            let note = notes(index, vertex);
            let is_leaf =
                matches!(vertex.kind, VertexKind::Input { .. } | VertexKind::Step { .. } | VertexKind::Output { .. });
            assert!(!is_leaf || note.is_empty() || texts.contains(&note), "{name}: `{note}` in {texts:?}");
        }
    }
}

#[test]
fn thrown_graphs_are_drawn_without_a_warning() {
    for seed in 1..60 {
        let graph = samples::thrown(seed);
        let texts = texts(&render(&format!("thrown-{seed}"), &graph));
        for input in ["one", "two"] {
            assert!(texts.iter().any(|text| text == input), "seed {seed}: {input}\n{}", graph.to_dot());
        }
    }
}

#[test]
fn regions_are_clusters_with_their_titles() {
    let svg = render("nested-titles", &samples::NESTED);
    let texts = texts(&svg);
    for title in ["kind = match kind_of(doc)", "Kind::Long(pages) if pages > 3", "loop · at most 3", "again"] {
        assert!(texts.iter().any(|text| text == title), "`{title}` in {texts:?}");
    }
    assert!(svg.contains("cluster_5_1"), "{svg}");
}
