//! A template as plain data.

mod block;
mod cursor;
mod lex;
mod parse;
#[cfg(test)]
mod tests;
mod text;

pub(crate) use parse::parse;

/// A part of the template, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct At {
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// What is wrong, and where.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Wrong {
    pub(crate) at: At,
    pub(crate) text: String,
}

/// A piece of a template.
#[derive(Debug, PartialEq)]
pub(crate) enum Node {
    /// Words, as they are.
    Text(String),
    /// `{doc.title:?}`
    Show { value: Path, format: String },
    /// `{#if ..}`; the last arm may be `{:else}`.
    If { arms: Vec<(Condition, Vec<Node>)>, otherwise: Vec<Node> },
    /// `{#for doc in docs}`, with what stands for no item.
    For { pattern: Pattern, over: Path, body: Vec<Node>, otherwise: Vec<Node> },
}

#[derive(Debug, PartialEq)]
pub(crate) enum Condition {
    /// A `bool`, or its opposite.
    Is { not: bool, value: Path },
    /// `let Some(name) = value`
    Some { name: Name, value: Path },
}

/// What an item is called: one name, or several in parentheses.
#[derive(Debug, PartialEq)]
pub(crate) struct Pattern {
    pub(crate) names: Vec<Name>,
    pub(crate) tuple: bool,
}

/// A field or a binding, and what is taken of it.
#[derive(Debug, PartialEq)]
pub(crate) struct Path {
    pub(crate) first: Name,
    pub(crate) rest: Vec<Segment>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Name {
    pub(crate) text: String,
    pub(crate) at: At,
}

#[derive(Debug, PartialEq)]
pub(crate) struct Segment {
    pub(crate) name: String,
    /// Whether `()` stands behind it.
    pub(crate) call: bool,
}
