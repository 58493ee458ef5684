//! Graphs made by hand, as `workflow!` would write them. The checks against the real tools use this file too.

use super::graph::make::*;
use super::graph::{Edge, GraphSpec, NodeKind, NodeSpec, Vertex};

const HERE: (&str, u32) = ("src/sample.rs", 1);

const fn plain(name: &'static str, output: &'static str) -> NodeSpec {
    node(name, "", NodeKind::Async, &[], output, None, HERE)
}

static REWRITE: NodeSpec = plain("rewrite", "Query");
static SEARCH: NodeSpec = node(
    "search",
    "Finds the documents that speak about the query.",
    NodeKind::Async,
    &[param("query", "&Query")],
    "Docs",
    Some("SearchError"),
    HERE,
);
static EXTRACT: NodeSpec = plain("extract", "Facts");
static SCORE: NodeSpec = plain("score", "Scored");
static RANK: NodeSpec = plain("rank", "Ranked");
static SUMMARISE: NodeSpec = plain("summarise", "Note");
static COMPOSE: NodeSpec = plain("compose", "Answer");
static ESCALATE: NodeSpec = node("escalate", "", NodeKind::Workflow, &[], "Answer", None, HERE);
static THINK: NodeSpec = plain("think", "Thought");
static ACT: NodeSpec = plain("act", "State");
static PLAN: NodeSpec = plain("plan", "State");
static NOTIFY: NodeSpec = plain("notify", "()");
static AUDIT: NodeSpec = node("audit", "", NodeKind::Blocking, &[], "Receipt", None, HERE);

/// The workflow of the README.
pub static ANSWER: GraphSpec = graph(
    "answer",
    "Answers a question from the documents, or hands it to a person.",
    HERE,
    &[
        vertex("question", input("Question"), None, (1, 1)),
        vertex("query", step(&REWRITE, false), None, (2, 1)),
        vertex("docs", step(&SEARCH, false), None, (3, 1)),
        vertex("facts", step(&EXTRACT, false), None, (4, 1)),
        vertex("scored", step(&SCORE, false), None, (5, 1)),
        vertex("ranked", step(&RANK, false), None, (6, 1)),
        vertex("notes", map("doc", "&ranked.top", "8", false), None, (7, 1)),
        vertex("summarise", step(&SUMMARISE, false), Some((6, 0)), (8, 1)),
        vertex("if", branch("facts.sufficient", &["facts.sufficient", "else"]), None, (9, 1)),
        vertex("compose", step(&COMPOSE, false), Some((8, 0)), (10, 1)),
        vertex("escalate", step(&ESCALATE, false), Some((8, 1)), (11, 1)),
        vertex("result", output("Answer"), None, (12, 1)),
    ],
    &[
        borrow(0, 1, "question"),
        borrow(1, 2, "query"),
        borrow(2, 3, "docs"),
        borrow(2, 4, "docs"),
        borrow(4, 5, "scored"),
        borrow(3, 5, "facts"),
        borrow(5, 6, "ranked"),
        borrow(6, 7, "doc"),
        borrow(3, 8, "facts"),
        borrow(0, 9, "question"),
        borrow(3, 9, "facts"),
        own(6, 9, "notes"),
        own(0, 10, "question"),
        own(8, 11, ""),
    ],
);

/// A loop around a `match`, with the value that is carried and an effect after it.
pub static AGENT: GraphSpec = graph(
    "agent",
    "Thinks and acts until it is done.",
    HERE,
    &[
        vertex("question", input("Question"), None, (1, 1)),
        vertex("state", step(&PLAN, false), None, (2, 1)),
        vertex("reply", repeat("12"), None, (3, 1)),
        vertex("think", step(&THINK, false), Some((2, 0)), (4, 1)),
        vertex("match", branch("think(&state)", &["Thought::Done(reply)", "Thought::Act(call)"]), Some((2, 0)), (4, 1)),
        vertex("state", step(&ACT, false), Some((4, 1)), (5, 1)),
        vertex("receipt", step(&AUDIT, false), None, (6, 1)),
        vertex("notify", step(&NOTIFY, true), None, (7, 1)),
        vertex("result", output("Reply"), None, (8, 1)),
    ],
    &[
        borrow(0, 1, "question"),
        borrow(1, 3, "state"),
        own(3, 4, "think"),
        own(1, 5, "state"),
        own(4, 5, "call"),
        own(5, 3, "state"),
        borrow(2, 7, "reply"),
        order(6, 7),
        borrow(0, 6, "question"),
        own(2, 8, "reply"),
    ],
);

/// A loop in an arm in a `for` in a block, with edges across every border.
pub static NESTED: GraphSpec = graph(
    "nested",
    "",
    HERE,
    &[
        vertex("query", input("Query"), None, (1, 1)),
        vertex("limit", input("usize"), None, (1, 1)),
        vertex("all", block(), None, (2, 1)),
        vertex("docs", step(&SEARCH, false), Some((2, 0)), (3, 1)),
        vertex("for", map("(at, doc)", "docs.iter().enumerate()", "limit * 2", true), Some((2, 0)), (4, 1)),
        vertex(
            "kind",
            branch("kind_of(doc)", &["Kind::Short", "Kind::Long(pages) if pages > 3", "_"]),
            Some((4, 0)),
            (5, 1),
        ),
        vertex("summarise", step(&SUMMARISE, false), Some((5, 0)), (6, 1)),
        vertex("loop", repeat("3"), Some((5, 1)), (7, 1)),
        vertex("score", step(&SCORE, false), Some((7, 0)), (8, 1)),
        vertex("better", step(&RANK, false), Some((7, 0)), (9, 1)),
        vertex("facts", step(&EXTRACT, false), Some((2, 0)), (10, 1)),
        vertex("result", output("Vec<Result<Note, Failure<SearchError>>>"), None, (11, 1)),
    ],
    &[
        borrow(0, 3, "query"),
        borrow(3, 4, "docs"),
        borrow(4, 6, "doc"),
        borrow(4, 8, "doc"),
        borrow(0, 8, "query"),
        own(5, 8, "pages"),
        own(8, 9, "score"),
        own(9, 7, "better"),
        own(5, 4, "kind"),
        borrow(3, 10, "docs"),
        order(10, 4),
        borrow(1, 4, "limit"),
        own(2, 11, "all"),
    ],
);

/// Nothing but its result.
pub static EMPTY: GraphSpec = graph("empty", "", HERE, &[vertex("result", output("()"), None, (1, 1))], &[]);

/// Names and labels that mean something to one format or another.
pub const HOSTILE: [&str; 22] = [
    "\"quoted\" 'single' \\\"back\\\\",
    "<b onload=\"x()\">&amp;&lt;</b><!-- -->]]>",
    "`code` **bold** _it_ ~~s~~ [a](b) ![i](u)",
    "1. list",
    "- item",
    "# head #35; #quot; #",
    "end",
    "subgraph x[\"y\"]",
    "%%{init: {\"theme\":\"dark\"}}%%",
    "a\nb\r\n\tc\\nd\\l",
    "日本語 ёлка 👩‍👩‍👧 e\u{301}",
    "\u{202E}rtl\u{202C}\u{0}\u{7}",
    "a|b||c --> d ==> e -.-> f",
    "{x} {{y}} ((z)) [[w]] >v]",
    "style x fill:#f00; classDef y fill:#0f0;",
    "fa:fa-car https://example.org/?a=b&c=d www.example.org a@b.c",
    "$$\\frac{1}{2}$$ $x$",
    "; } ] ) \\N \\G \\E",
    "click v0 call x()",
    "Vec<HashMap<String, Box<dyn Fn(&str) -> Option<u8> + Send + 'static>>>",
    "",
    "   ",
];

/// One step, region and lane for each of [`HOSTILE`].
pub fn hostile() -> GraphSpec {
    let mut vertices = vec![vertex(HOSTILE[0], input(HOSTILE[1]), None, (1, 1))];
    let mut edges: Vec<Edge> = Vec::new();
    for (number, text) in HOSTILE.iter().enumerate() {
        let node: &'static NodeSpec = Box::leak(Box::new(plain(text, text)));
        let name = HOSTILE[(number + 1) % HOSTILE.len()];
        let at = vertices.len() as u32;
        let kind = match number % 4 {
            0 => branch(text, Box::leak(Box::new([*text, name]))),
            1 => map(text, name, text, true),
            2 => repeat(text),
            _ => block(),
        };
        vertices.push(vertex(name, kind, None, (1, 1)));
        vertices.push(vertex(name, step(node, number % 3 == 0), Some((at, 0)), (1, 1)));
        vertices.push(vertex(text, step(node, false), Some((at, 0)), (1, 1)));
        edges.extend([own(0, at + 1, text), borrow(at + 1, at + 2, name), borrow(at, at + 1, text), own(0, at, text)]);
    }
    vertices.push(vertex("result", output(HOSTILE[2]), None, (1, 1)));
    let docs = Box::leak(HOSTILE.join("\n").into_boxed_str());
    graph(HOSTILE[3], docs, HERE, vertices.leak(), edges.leak())
}

/// `layers` layers of `width` steps; each step takes from up to three of the layer above.
pub fn layered(layers: u32, width: u32) -> GraphSpec {
    let mut vertices: Vec<Vertex> = vec![vertex("seed", input("u64"), None, (1, 1))];
    let mut edges: Vec<Edge> = Vec::new();
    for layer in 0..layers {
        for place in 0..width {
            let name: &'static str = Box::leak(format!("s{layer}_{place}").into_boxed_str());
            let at = vertices.len() as u32;
            vertices.push(vertex(name, step(&SCORE, false), None, (1, 1)));
            if layer == 0 {
                edges.push(borrow(0, at, "seed"));
                continue;
            }
            let mut above: Vec<u32> =
                [place, (place + layer) % width, (place * 3 + layer) % width].map(|p| at - place - width + p).into();
            above.sort_unstable();
            above.dedup();
            for from in above {
                edges.push(borrow(from, at, vertices[from as usize].name));
            }
        }
    }
    let last = vertices.len() as u32;
    vertices.push(vertex("result", output("Scored"), None, (1, 1)));
    for from in last - width..last {
        edges.push(own(from, last, vertices[from as usize].name));
    }
    graph("layered", "", HERE, vertices.leak(), edges.leak())
}

/// A graph thrown by dice: nested regions, edges of every kind across any border. The same seed gives the same.
pub fn thrown(seed: u64) -> GraphSpec {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut roll = |sides: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 33) as usize % sides
    };
    let names = ["a", "docs", "a_rather_long_binding_name", "x", "reply"];
    let nodes = [&REWRITE, &SEARCH, &AUDIT, &ESCALATE, &NOTIFY];
    let mut vertices = vec![vertex("one", input("Question"), None, (1, 1)), vertex("two", input("&str"), None, (1, 1))];
    let mut regions: Vec<(u32, u32)> = Vec::new();
    for at in 2..2 + 4 + roll(20) as u32 {
        let place = (!regions.is_empty() && roll(3) > 0).then(|| regions[roll(regions.len())]);
        let place = place.map(|(region, lanes)| (region, roll(lanes as usize) as u32));
        let (kind, lanes) = match roll(8) {
            0 => (branch("subject(of).it", &["Some(value)", "Other { field, .. } if field > 3", "_"]), 3),
            1 => (map("item", "&items", "n", false), 1),
            2 => (repeat("9"), 1),
            3 => (block(), 1),
            _ => (step(nodes[roll(nodes.len())], roll(5) == 0), 0),
        };
        if lanes > 0 {
            regions.push((at, lanes));
        }
        vertices.push(vertex(names[roll(names.len())], kind, place, (1, 1)));
    }
    vertices.push(vertex("result", output("Answer"), None, (1, 1)));
    let count = vertices.len();
    let mut edges = Vec::new();
    for _ in 0..count * 2 {
        let (from, to) = (roll(count - 1), 2 + roll(count - 2));
        // Now and then against the order of the source, as a loop carries a value.
        let (from, to) = if from < to || roll(4) == 0 { (from, to) } else { (to, from) };
        let value = if roll(3) == 0 { names[roll(names.len())] } else { vertices[from].name };
        let (from, to) = (from as u32, to as u32);
        edges.push(match roll(4) {
            0 => own(from, to, value),
            1 => order(from, to),
            _ => borrow(from, to, value),
        });
    }
    graph("thrown", "", HERE, vertices.leak(), edges.leak())
}

/// Every sample, with a name for files.
pub fn all() -> Vec<(&'static str, GraphSpec)> {
    vec![
        ("answer", ANSWER),
        ("agent", AGENT),
        ("nested", NESTED),
        ("empty", EMPTY),
        ("hostile", hostile()),
        ("layered", layered(10, 6)),
    ]
}
