//! What the Mermaid and DOT texts say.

use super::graph::{GraphSpec, Tone, VertexKind, make};
use super::samples;

#[test]
fn mermaid_of_the_readme_workflow() {
    let expected = r#"flowchart TB
  accTitle: answer
  accDescr { Answers a question from the documents, or hands it to a person. Inputs: question: Question. Steps: query, docs, facts, scored, ranked, summarise, compose, escalate. Result: Answer. }
  v0(["question<br/>Question"])
  v1["query<br/>rewrite"]
  v2["docs<br/>search"]
  v3["facts<br/>extract"]
  v4["scored<br/>score"]
  v5["ranked<br/>rank"]
  subgraph v6["notes = for doc in #amp;ranked.top · at most 8"]
    direction TB
    in0(["doc"])
    v7["summarise"]
  end
  subgraph v8["if"]
    direction TB
    subgraph v8_0["facts.sufficient"]
      direction TB
      v9["compose"]
    end
    subgraph v8_1["else"]
      direction TB
      v10[["escalate"]]
    end
  end
  v11(["result<br/>Answer"])
  v0 --> v1
  v1 -->|"Query"| v2
  v2 -->|"Docs"| v3
  v2 -->|"Docs"| v4
  v4 -->|"Scored"| v5
  v3 -->|"Facts"| v5
  v5 -->|"Ranked"| v6
  in0 --> v7
  v3 -->|"Facts"| v8
  v0 --> v9
  v3 -->|"Facts"| v9
  v6 ==> v9
  v0 ==> v10
  v8 ==> v11
  classDef ends stroke:#0969da
  class v0,v11 ends
"#;
    assert_eq!(samples::ANSWER.to_mermaid(), expected);
}

#[test]
fn a_carried_value_leads_back() {
    let mermaid = samples::AGENT.to_mermaid();
    assert!(mermaid.contains("subgraph v2[\"↻ reply = loop · at most 12\"]"), "{mermaid}");
    assert!(mermaid.contains("v5 -.->|\"↻ state\"| v3\n"), "{mermaid}");
    let dot = samples::AGENT.to_dot();
    assert!(dot.contains("v5 -> v3 [label=\" state \", constraint=false"), "{dot}");
    assert!(samples::NESTED.to_dot().contains("w7 -> v7 [label=\" again \", constraint=false"));
}

#[test]
fn in_mermaid_no_edge_crosses_a_border_to_end_at_a_region() {
    let mermaid = samples::NESTED.to_mermaid();
    assert!(mermaid.contains("    at4((\" \"))\n"), "{mermaid}");
    assert!(mermaid.contains("  v1 --> at4\n"), "{mermaid}");
    assert!(mermaid.contains("  v3 -->|\"Docs\"| v4\n"), "{mermaid}");
}

#[test]
fn modes_look_different() {
    let dot = samples::AGENT.to_dot();
    assert!(dot.contains("v1 -> v3 [arrowhead=vee"), "{dot}");
    assert!(dot.contains("v1 -> v5 [penwidth=2.2"), "{dot}");
    assert!(dot.contains("v6 -> v7 [style=dashed"), "{dot}");
    let mermaid = samples::AGENT.to_mermaid();
    for edge in ["v1 -->|\"State\"| v3", "v1 ==>|\"State\"| v5", "v6 -.-> v7"] {
        assert!(mermaid.contains(edge), "{edge} in {mermaid}");
    }
    let svg = samples::AGENT.to_svg();
    for class in ["edge borrow", "edge own", "edge order"] {
        assert!(svg.contains(class), "{class}");
    }
}

#[test]
fn edges_of_regions_are_clipped_in_dot() {
    let dot = samples::ANSWER.to_dot();
    assert!(dot.contains("v5 -> v6 [arrowhead=vee, arrowsize=0.7, lhead=\"cluster_6\""), "{dot}");
    assert!(dot.contains("w6 -> v9 [penwidth=2.2, arrowsize=0.8, ltail=\"cluster_6\""), "{dot}");
    assert!(dot.contains("edgetooltip=\"facts: Facts, borrowed\""), "{dot}");
    assert!(dot.contains("edgetooltip=\"by value\""), "the value of the tail has no name: {dot}");
}

#[test]
fn effects_and_workflows_have_shapes_of_their_own() {
    assert!(samples::AGENT.to_mermaid().contains("v7>\"notify<br/>effect\"]"));
    assert!(samples::AGENT.to_svg().contains("<g class=\"effect\">"));
    assert!(samples::ANSWER.to_mermaid().contains("v10[[\"escalate\"]]"));
    assert!(samples::ANSWER.to_svg().contains("<g class=\"workflow\">"));
}

#[test]
fn tones_colour_vertices() {
    let tones = |index: usize, vertex: &super::graph::Vertex| match vertex.kind {
        VertexKind::Step { .. } if index == 2 => Tone::Bad,
        VertexKind::Map { .. } => Tone::Active,
        _ => Tone::Plain,
    };
    let drawing = samples::ANSWER.drawing().tones(&tones);
    let svg = drawing.to_svg();
    assert!(svg.contains("<g class=\"step bad\"><title>search("), "{svg}");
    assert!(svg.contains("<g class=\"region active\">"));
    assert!(drawing.to_mermaid().contains("  class v2 bad\n"));
    assert!(drawing.to_dot().contains("color=\"#d1242f\", penwidth=2.5"));
    assert!(!samples::ANSWER.to_svg().contains("class=\"step bad\""));
}

#[test]
fn the_same_graph_gives_the_same_text() {
    for ((name, one), (_, two)) in samples::all().into_iter().zip(samples::all()) {
        assert_eq!(one.to_mermaid(), two.to_mermaid(), "{name}");
        assert_eq!(one.to_dot(), two.to_dot(), "{name}");
        assert_eq!(one.to_svg(), two.to_svg(), "{name}");
    }
}

#[test]
fn a_wrong_graph_is_drawn_without_what_is_wrong_in_it() {
    const STEP: graph_step::Spec = graph_step::SPEC;
    static VERTICES: [super::graph::Vertex; 4] = [
        make::vertex("a", make::step(&STEP, false), Some((2, 0)), (1, 1)),
        make::vertex("b", make::step(&STEP, false), Some((99, 0)), (1, 1)),
        make::vertex("r", make::branch("x", &[]), Some((2, 7)), (1, 1)),
        make::vertex("c", make::step(&STEP, false), Some((2, 5)), (1, 1)),
    ];
    static EDGES: [super::graph::Edge; 6] = [
        make::borrow(0, 1, "a"),
        make::borrow(1, 0, "b"),
        make::borrow(0, 0, "a"),
        make::borrow(0, 77, "a"),
        make::own(3, 2, "c"),
        make::own(2, 3, "r"),
    ];
    let graph: GraphSpec = make::graph("wrong", "", ("", 0), &VERTICES, &EDGES);
    for text in [graph.to_mermaid(), graph.to_dot(), graph.to_svg()] {
        for name in ["a", "b", "c"] {
            assert!(text.contains(name), "{name} in {text}");
        }
    }
}

mod graph_step {
    use super::super::graph::{NodeKind, NodeSpec, make};

    pub(super) type Spec = NodeSpec;
    pub(super) const SPEC: Spec = make::node("n", "", NodeKind::Sync, &[], "T", None, ("", 0));
}
