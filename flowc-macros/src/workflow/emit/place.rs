//! Where what is generated for a statement stands, so that rustc's carets lie under what the user wrote for it.

use proc_macro2::Span;
use syn::spanned::Spanned;

use crate::span;
use crate::workflow::model::{Block, Call, Stmt, Value};

/// A piece of the user's code: rustc draws from the first token of an expression to its last one, and its value stands at one.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub(super) from: Span,
    /// The token that stands for the whole where only one can.
    pub(super) name: Span,
    pub(super) to: Span,
}

impl Place {
    pub(super) fn one(at: Span) -> Self {
        Self { from: at, name: at, to: at }
    }

    /// A call: from the path to the parenthesis, and the name of the node.
    pub(super) fn call(call: &Call) -> Self {
        let segments = &call.path.path.segments;
        let first = segments.first().map(|segment| segment.ident.span());
        let from = call.path.path.leading_colon.map(|colon| colon.span()).or(first);
        let name = segments.last().map(|segment| segment.ident.span());
        let open = call.paren.span.open();
        Self { from: from.unwrap_or(open), name: name.unwrap_or(open), to: call.paren.span.close() }
    }

    /// The value of a statement; a region is its keyword.
    pub(super) fn statement(stmt: &Stmt) -> Self {
        match &stmt.value {
            Value::Step(call) | Value::Catch(call) => Self::call(call),
            Value::If(found) => Self::one(found.token.span),
            Value::Match(found) => Self::one(found.token.span),
            Value::For(found) => Self::one(found.token.span),
            Value::Loop(found) => Self::one(found.token.span),
            Value::Block(block) => Self::one(block.brace.span.open()),
            Value::Plain(expr) => Self::one(expr.span()),
            Value::Broken => Self::one(span::whole()),
        }
    }

    /// Some statements of a block: the first one stands for them.
    pub(super) fn statements(block: &Block, items: impl IntoIterator<Item = usize>) -> Self {
        let first = items.into_iter().next().and_then(|item| block.stmts.get(item));
        first.map_or_else(|| Self::one(block.brace.span.open()), Self::statement)
    }

    /// The same place, for names that a user must neither see nor hit.
    pub(super) fn hidden(&self) -> Self {
        let [from, name, to] = [self.from, self.name, self.to].map(span::hidden_at);
        Self { from, name, to }
    }
}
