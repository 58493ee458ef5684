//! What the real Mermaid understands of the text.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use flowc::graph::{GraphSpec, VertexKind};
use flowc_draw_tests::{drawn_whole, notes, samples, shown, tones};
use flowc_test_peers::{install, tools};

/// How long Node.js and npm may take.
const LIMIT: Duration = Duration::from_secs(300);

/// The folder with the pinned Mermaid and the program that reads with it.
fn mermaid(scratch: &Path) -> PathBuf {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("mermaid");
    let files = ["package.json", "package-lock.json", "read.mjs"];
    let texts = files.map(|file| fs::read_to_string(source.join(file)).unwrap());
    install::once(scratch, "mermaid", &texts.each_ref().map(String::as_str), |folder| {
        fs::create_dir_all(folder).unwrap();
        for (file, text) in files.iter().zip(&texts) {
            fs::write(folder.join(file), text).unwrap();
        }
        let mut npm = Command::new("npm");
        npm.args(["ci", "--no-audit", "--no-fund", "--ignore-scripts"]).current_dir(folder);
        let outcome = tools::run(&mut npm, scratch, LIMIT);
        assert!(outcome.ok, "npm could not install Mermaid; this test needs Node.js 20 with npm: {}", outcome.stderr);
    })
}

/// The facts of one drawing, each as its fields.
fn read(name: &str, graph: &GraphSpec) -> Vec<Vec<String>> {
    read_all(name, std::slice::from_ref(graph))
}

/// The facts of several drawings, one after the other.
fn read_all(name: &str, graphs: &[GraphSpec]) -> Vec<Vec<String>> {
    read_texts(name, graphs.iter().map(GraphSpec::to_mermaid))
}

fn read_texts(name: &str, texts: impl Iterator<Item = String>) -> Vec<Vec<String>> {
    let scratch = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let home = mermaid(scratch);
    let mut node = Command::new("node");
    node.arg(home.join("read.mjs"));
    for (number, text) in texts.enumerate() {
        let file = scratch.join(format!("{name}-{number}.mmd"));
        fs::write(&file, text).unwrap();
        node.arg(file);
    }
    let outcome = tools::run(&mut node, scratch, LIMIT);
    assert!(outcome.ok, "{name}: {}{}", outcome.stdout, outcome.stderr);
    outcome.stdout.lines().map(|line| line.split('\t').map(str::to_owned).collect()).collect()
}

fn of<'a>(facts: &'a [Vec<String>], kind: &str) -> Vec<Vec<&'a str>> {
    let own = facts.iter().filter(|fact| fact[0] == kind);
    own.map(|fact| fact[1..].iter().map(String::as_str).collect()).collect()
}

#[test]
fn every_sample_is_a_flowchart_with_all_its_vertices() {
    for (name, graph) in samples::all() {
        let facts = read(name, &graph);
        assert_eq!(of(&facts, "type"), [["flowchart-v2"]], "{name}");
        let ids: BTreeSet<&str> =
            of(&facts, "vertex").into_iter().chain(of(&facts, "region")).map(|fact| fact[0]).collect();
        for index in 0..graph.vertices.len() {
            assert!(ids.contains(format!("v{index}").as_str()), "{name}: vertex {index}");
        }
    }
}

#[test]
fn thrown_graphs_are_flowcharts_with_all_their_vertices() {
    let graphs: Vec<GraphSpec> = (1..60).map(samples::thrown).collect();
    let facts = read_all("thrown", &graphs);
    let drawn: Vec<&[Vec<String>]> = facts.split(|fact| fact[0] == "type").skip(1).collect();
    assert_eq!(drawn.len(), graphs.len());
    for (number, (graph, facts)) in graphs.iter().zip(drawn).enumerate() {
        for index in 0..graph.vertices.len() {
            let id = format!("v{index}");
            let there = facts.iter().any(|fact| (fact[0] == "vertex" || fact[0] == "region") && fact[1] == id);
            assert!(there, "graph {number}: vertex {index}\n{}", graph.to_mermaid());
        }
    }
}

#[test]
fn notes_and_tones_are_read_as_labels() {
    for (name, graph) in samples::all() {
        let text = graph.drawing().tones(&tones).notes(&notes).to_mermaid();
        let facts = read_texts(&format!("noted-{name}"), std::iter::once(text));
        let vertices = of(&facts, "vertex");
        for (index, vertex) in graph.vertices.iter().enumerate() {
            let id = format!("v{index}");
            let note = notes(index, vertex);
            let Some(fact) = vertices.iter().find(|fact| fact[0] == id) else { continue };
            let is_plain = !note.is_empty() && !note.contains('<');
            assert!(!is_plain || fact.iter().any(|part| part.contains(&note)), "{name}: `{note}` in {fact:?}");
        }
    }
}

#[test]
fn the_readme_workflow_is_read_back() {
    let facts = read("answer-read-back", &samples::ANSWER);
    assert_eq!(of(&facts, "title"), [["answer"]]);
    assert!(of(&facts, "description")[0][0].starts_with("Answers a question from the documents, or hands"));
    let regions = of(&facts, "region");
    for expected in [
        ["v6", "notes = for doc in &ranked.top · at most 8", "in0 v7"],
        ["v8", "if", "v8_0 v8_1"],
        ["v8_0", "facts.sufficient", "v9"],
        ["v8_1", "else", "v10"],
    ] {
        assert!(regions.contains(&expected.to_vec()), "{expected:?} in {regions:?}");
    }
    let edges = of(&facts, "edge");
    let expected = [
        ["v0", "v1", "normal", ""],
        ["v1", "v2", "normal", "Query"],
        ["v2", "v3", "normal", "Docs"],
        ["v2", "v4", "normal", "Docs"],
        ["v4", "v5", "normal", "Scored"],
        ["v3", "v5", "normal", "Facts"],
        ["v5", "v6", "normal", "Ranked"],
        ["in0", "v7", "normal", ""],
        ["v3", "v8", "normal", "Facts"],
        ["v0", "v9", "normal", ""],
        ["v3", "v9", "normal", "Facts"],
        ["v6", "v9", "thick", ""],
        ["v0", "v10", "thick", ""],
        ["v8", "v11", "thick", ""],
    ];
    assert_eq!(edges, expected.map(|edge| edge.to_vec()));
    let vertices = of(&facts, "vertex");
    assert!(vertices.contains(&vec!["v0", "question⏎Question", "stadium"]), "{vertices:?}");
    assert!(vertices.contains(&vec!["v10", "escalate", "subroutine"]), "{vertices:?}");
}

#[test]
fn the_back_edge_of_a_loop_is_read_back() {
    let facts = read("agent-read-back", &samples::AGENT);
    let edges = of(&facts, "edge");
    assert!(edges.contains(&vec!["v5", "v3", "dotted", "↻ state"]), "{edges:?}");
    assert!(edges.contains(&vec!["v6", "v7", "dotted", ""]), "{edges:?}");
}

#[test]
fn hostile_names_are_read_back_as_they_are() {
    let graph = samples::hostile();
    let facts = read("hostile-read-back", &graph);
    let vertices = of(&facts, "vertex");
    let mut checked = 0;
    for (index, vertex) in graph.vertices.iter().enumerate() {
        let is_leaf = !matches!(
            vertex.kind,
            VertexKind::Branch { .. } | VertexKind::Map { .. } | VertexKind::Loop { .. } | VertexKind::Block
        );
        if is_leaf && drawn_whole(vertex.name) {
            let id = format!("v{index}");
            let fact = vertices.iter().find(|fact| fact[0] == id).unwrap();
            assert_eq!(fact[1].split('⏎').next().unwrap(), shown(vertex.name), "vertex {index}");
            checked += 1;
        }
    }
    assert!(checked > 30, "{checked} names");
    // A branch in whose lanes hostile labels stand.
    let lanes = of(&facts, "region");
    assert!(lanes.iter().any(|fact| fact[1] == shown(samples::HOSTILE[0])), "{lanes:?}");
}
