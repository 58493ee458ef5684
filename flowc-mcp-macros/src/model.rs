//! What a snapshot says, as plain data: no JSON and no tokens.

/// A server with its tools.
#[derive(Debug, Default)]
pub(crate) struct Server {
    /// As it is called in the file of servers.
    pub(crate) name: String,
    pub(crate) tools: Vec<Tool>,
    pub(crate) types: Vec<Named>,
}

#[derive(Debug)]
pub(crate) struct Tool {
    /// As the server calls it.
    pub(crate) wire: String,
    /// As Rust calls it.
    pub(crate) name: String,
    pub(crate) docs: String,
    pub(crate) takes: Takes,
    pub(crate) gives: Gives,
    pub(crate) hints: Hints,
}

/// What the server promises of a tool.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Hints {
    pub(crate) read_only: bool,
    /// A second call with the same arguments changes nothing more.
    pub(crate) idempotent: bool,
}

#[derive(Debug)]
pub(crate) enum Takes {
    /// One parameter each: first what is required, then what is not.
    Fields(Vec<Field>),
    /// As before, with all that is optional in one struct, behind them.
    Grouped(Vec<Field>, Field),
    /// One value that is all of the arguments.
    Whole(Field),
}

#[derive(Debug)]
pub(crate) enum Gives {
    /// No schema says what comes: all of it, as it comes.
    Everything,
    /// The structured part of the result.
    Structured(Ty),
    /// The field `result` of the structured part, which has no other.
    Wrapped(Ty),
}

/// A parameter, or a field of a struct.
#[derive(Clone, Debug)]
pub(crate) struct Field {
    pub(crate) wire: String,
    pub(crate) name: String,
    pub(crate) docs: String,
    /// Already [`Ty::Maybe`] if it may be absent.
    pub(crate) ty: Ty,
    pub(crate) required: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Ty {
    Bool,
    Signed,
    Unsigned,
    Float,
    Text,
    /// Only `null`.
    Nothing,
    /// Any JSON.
    Any,
    Maybe(Box<Ty>),
    Boxed(Box<Ty>),
    List(Box<Ty>),
    Map(Box<Ty>),
    Tuple(Vec<Ty>),
    /// The place in [`Server::types`].
    Named(usize),
}

impl Ty {
    /// The same, or nothing; never twice.
    pub(crate) fn maybe(self) -> Self {
        if matches!(self, Self::Maybe(_) | Self::Any | Self::Nothing) { self } else { Self::Maybe(Box::new(self)) }
    }
}

/// A type that is made.
#[derive(Debug)]
pub(crate) struct Named {
    pub(crate) name: String,
    pub(crate) docs: String,
    pub(crate) shape: Shape,
}

#[derive(Debug)]
pub(crate) enum Shape {
    /// `rest` is a map of what has no field of its own.
    Struct { fields: Vec<Field>, rest: Option<Ty> },
    /// One of some words.
    Choice(Vec<Word>),
    /// One of some types.
    Union(Vec<Variant>),
    /// Another name for a type.
    Alias(Ty),
}

#[derive(Debug)]
pub(crate) struct Word {
    pub(crate) wire: String,
    pub(crate) name: String,
    pub(crate) docs: String,
}

#[derive(Debug)]
pub(crate) struct Variant {
    pub(crate) name: String,
    pub(crate) ty: Ty,
}
