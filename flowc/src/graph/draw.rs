//! The door to the drawings: what to draw, and how to colour it.

use super::text::line;
use super::{GraphSpec, Vertex, dot, mermaid, svg};

/// A drawing of a workflow; [`GraphSpec::drawing`] makes one.
///
/// It draws the same text for the same graph on every machine, and needs no outside program.
///
/// ```
/// use flowc::graph::{GraphSpec, Tone, VertexKind};
///
/// fn with_effects_marked(graph: &GraphSpec) -> String {
///     graph
///         .drawing()
///         .tones(&|_, vertex| match vertex.kind {
///             VertexKind::Step { effect: true, .. } => Tone::Warn,
///             _ => Tone::Plain,
///         })
///         .to_svg()
/// }
/// ```
#[derive(Clone, Copy)]
pub struct Drawing<'a> {
    pub(super) graph: &'a GraphSpec,
    tones: Option<Tones<'a>>,
    notes: Option<Notes<'a>>,
}

/// Says for each vertex, told by its index, how it stands out.
type Tones<'a> = &'a dyn Fn(usize, &Vertex) -> Tone;

/// Says for each vertex, told by its index, what else is to be read there.
type Notes<'a> = &'a dyn Fn(usize, &Vertex) -> String;

/// How a vertex stands out from the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Tone {
    /// Like any other.
    #[default]
    Plain,
    /// Stepped back: not taken, not reached.
    Muted,
    /// At work.
    Active,
    /// Done.
    Good,
    /// Worth a look: retried, slow.
    Warn,
    /// Failed.
    Bad,
}

impl Tone {
    /// Every tone but the plain one, with the class that carries it and its colour as line.
    pub(super) const MARKED: [(Tone, &'static str, &'static str); 5] = [
        (Tone::Muted, "muted", "#8c959f"),
        (Tone::Active, "active", "#0969da"),
        (Tone::Good, "good", "#1a7f37"),
        (Tone::Warn, "warn", "#bf8700"),
        (Tone::Bad, "bad", "#d1242f"),
    ];

    pub(super) fn mark(self) -> Option<(&'static str, &'static str)> {
        Self::MARKED.iter().find(|(tone, ..)| *tone == self).map(|&(_, class, colour)| (class, colour))
    }
}

impl<'a> Drawing<'a> {
    /// Colours each vertex, told by its index in [`GraphSpec::vertices`], by what `tones` says of it.
    #[must_use]
    pub fn tones(mut self, tones: &'a dyn Fn(usize, &Vertex) -> Tone) -> Self {
        self.tones = Some(tones);
        self
    }

    /// Adds a line to each vertex, told by its index in [`GraphSpec::vertices`], of which `notes` says something; none for those of
    /// which it says an empty text. [`RunStatus`](crate::RunStatus) draws itself so.
    #[must_use]
    pub fn notes(mut self, notes: &'a dyn Fn(usize, &Vertex) -> String) -> Self {
        self.notes = Some(notes);
        self
    }

    /// The drawing as a Mermaid flowchart.
    pub fn to_mermaid(&self) -> String {
        mermaid::write(self)
    }

    /// The drawing in the DOT language of Graphviz.
    pub fn to_dot(&self) -> String {
        dot::write(self)
    }

    /// The drawing as an SVG picture, readable on light and dark pages.
    pub fn to_svg(&self) -> String {
        svg::write(self)
    }

    pub(super) fn note(&self, index: usize) -> String {
        match (self.notes, self.graph.vertices.get(index)) {
            (Some(notes), Some(vertex)) => line(&notes(index, vertex)),
            _ => String::new(),
        }
    }

    pub(super) fn tone(&self, index: usize) -> Tone {
        match (self.tones, self.graph.vertices.get(index)) {
            (Some(tones), Some(vertex)) => tones(index, vertex),
            _ => Tone::Plain,
        }
    }
}

impl GraphSpec {
    /// A drawing of this graph, to be given options.
    pub fn drawing(&self) -> Drawing<'_> {
        Drawing { graph: self, tones: None, notes: None }
    }

    /// This graph as a Mermaid flowchart, for Markdown pages that render it.
    ///
    /// Plain arrows borrow a value, thick ones take it, dotted ones are only an order.
    pub fn to_mermaid(&self) -> String {
        self.drawing().to_mermaid()
    }

    /// This graph in the DOT language of Graphviz.
    ///
    /// Plain arrows borrow a value, bold ones take it, dashed ones are only an order.
    pub fn to_dot(&self) -> String {
        self.drawing().to_dot()
    }

    /// This graph as an SVG picture, readable on light and dark pages.
    ///
    /// Thin arrows borrow a value, thick ones take it, dashed ones are only an order.
    pub fn to_svg(&self) -> String {
        self.drawing().to_svg()
    }
}
