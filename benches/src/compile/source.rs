//! The crates that are compiled: the same nodes and the same work, as a workflow and by hand.

use std::fmt::Write;

/// What the work looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// One step after the other.
    Chain,
    /// Pieces of 20 steps, one after the other: two diamonds, an `if` with a step in each arm, two layers of three whose
    /// steps wait for two of the layer before.
    Mixed,
}

impl Shape {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Chain => "chain",
            Self::Mixed => "mixed",
        }
    }
}

/// Which nodes the steps call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Nodes {
    /// Each step its own.
    Distinct,
    /// Ten, over and over.
    Few,
}

impl Nodes {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Distinct => "distinct",
            Self::Few => "few",
        }
    }
}

/// Who writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    Hand,
    Flow,
}

impl Way {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Hand => "hand",
            Self::Flow => "flow",
        }
    }
}

/// Writes the body step by step, and counts the steps.
struct Body {
    way: Way,
    nodes: Nodes,
    text: String,
    steps: usize,
    nodes_of_one: usize,
    nodes_of_two: usize,
}

/// One call: the node's name and its arguments.
type Call = (String, String);

impl Body {
    /// A call of a node with one input (`other` is none) or two.
    fn call(&mut self, one: &str, other: Option<&str>) -> Call {
        self.steps += 1;
        let (prefix, count) = match other {
            None => ("n", &mut self.nodes_of_one),
            Some(_) => ("j", &mut self.nodes_of_two),
        };
        let index = if self.nodes == Nodes::Few { *count % 10 } else { *count };
        *count += 1;
        let arguments = other.map_or_else(|| format!("&{one}"), |other| format!("&{one}, &{other}"));
        (format!("{prefix}{index}"), arguments)
    }

    /// A step that stands alone.
    fn one(&mut self, name: &str, call: &Call) {
        let end = if self.way == Way::Hand { ".await?" } else { "" };
        let _ = writeln!(self.text, "        let {name} = {}({}){end};", call.0, call.1);
    }

    /// Steps that may overlap.
    fn side_by_side(&mut self, names: &[String], calls: &[Call]) {
        if self.way == Way::Flow {
            for (name, call) in names.iter().zip(calls) {
                self.one(name, call);
            }
            return;
        }
        let calls: Vec<_> = calls.iter().map(|(node, arguments)| format!("{node}({arguments})")).collect();
        let _ = writeln!(self.text, "        let ({}) = tokio::try_join!({})?;", names.join(", "), calls.join(", "));
    }

    fn diamond(&mut self, piece: usize, tag: &str, from: &str) -> String {
        let names = [format!("{tag}b{piece}"), format!("{tag}c{piece}")];
        let calls = [self.call(from, None), self.call(from, None)];
        self.side_by_side(&names, &calls);
        let join = format!("{tag}d{piece}");
        let call = self.call(&names[0], Some(&names[1]));
        self.one(&join, &call);
        join
    }

    fn choice(&mut self, piece: usize, from: &str) -> String {
        let name = format!("h{piece}");
        let (yes, no) = (self.call(from, None), self.call(from, None));
        let end = if self.way == Way::Hand { ".await?" } else { "" };
        let _ = writeln!(
            self.text,
            "        let {name} = if {from} % 2 == 0 {{ {}({}){end} }} else {{ {}({}){end} }};",
            yes.0, yes.1, no.0, no.1
        );
        name
    }

    fn layers(&mut self, piece: usize, from: &str) -> String {
        let first: Vec<_> = (0..3).map(|at| format!("k{piece}_{at}")).collect();
        let calls: Vec<_> = (0..3).map(|_| self.call(from, None)).collect();
        self.side_by_side(&first, &calls);
        let second: Vec<_> = (0..3).map(|at| format!("l{piece}_{at}")).collect();
        let calls: Vec<_> = (0..3).map(|at| self.call(&first[at], Some(&first[(at + 1) % 3]))).collect();
        self.side_by_side(&second, &calls);
        let (half, whole) = (format!("s{piece}"), format!("t{piece}"));
        let call = self.call(&second[0], Some(&second[1]));
        self.one(&half, &call);
        let call = self.call(&half, Some(&second[2]));
        self.one(&whole, &call);
        whole
    }

    fn chain_to(&mut self, steps: usize, mut last: String) -> String {
        while self.steps < steps {
            let name = format!("v{}", self.steps);
            let call = self.call(&last, None);
            self.one(&name, &call);
            last = name;
        }
        last
    }
}

/// The source of a crate whose workflow has `steps` steps.
pub(crate) fn source(shape: Shape, nodes: Nodes, way: Way, steps: usize) -> String {
    let mut body = Body { way, nodes, text: String::new(), steps: 0, nodes_of_one: 0, nodes_of_two: 0 };
    let mut last = "x".to_owned();
    if shape == Shape::Mixed {
        let mut piece = 0;
        while body.steps + 20 <= steps {
            let begin = body.steps;
            last = body.chain_to(begin + 2, last);
            last = body.diamond(piece, "p", &last);
            last = body.diamond(piece, "q", &last);
            last = body.choice(piece, &last);
            last = body.layers(piece, &last);
            last = body.chain_to(begin + 20, last);
            piece += 1;
        }
    }
    last = body.chain_to(steps, last);
    let mut text = definitions(&body);
    let inside = &body.text;
    let _ = match way {
        Way::Flow => write!(
            text,
            "flowc::workflow! {{\n    pub fn work(x: u64) -> u64 {{\n{inside}        {last}\n    }}\n}}\n\n\
             pub async fn go(x: u64) -> Result<u64, String> {{\n    \
             work(x).run(&()).await.map_err(|failure| failure.to_string())\n}}\n"
        ),
        Way::Hand => {
            write!(text, "pub async fn go(x: u64) -> Result<u64, String> {{\n{inside}        Ok({last})\n}}\n")
        }
    };
    // Without a caller that is not generic, a library's `async fn` would hardly be compiled in a build.
    text += "\npub fn ready() -> bool {\n    \
             let mut cx = std::task::Context::from_waker(std::task::Waker::noop());\n    \
             std::future::Future::poll(std::pin::pin!(go(1)), &mut cx).is_ready()\n}\n";
    text
}

/// The nodes that the body calls.
fn definitions(body: &Body) -> String {
    let mut text = String::new();
    let attribute = if body.way == Way::Flow { "#[flowc::node] " } else { "" };
    let limit = |count: usize| if body.nodes == Nodes::Few { count.min(10) } else { count };
    for index in 0..limit(body.nodes_of_one) {
        let _ =
            writeln!(text, "{attribute}pub async fn n{index}(x: &u64) -> Result<u64, String> {{ Ok(*x + {index}) }}");
    }
    for index in 0..limit(body.nodes_of_two) {
        let _ = writeln!(
            text,
            "{attribute}pub async fn j{index}(x: &u64, y: &u64) -> Result<u64, String> {{ Ok(*x + *y + {index}) }}"
        );
    }
    text
}
