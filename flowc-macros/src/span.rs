//! The only file that makes spans of its own. A generated token that stands beside a user's expression takes the span of the
//! user's punctuation, else rustc puts its caret under the whole macro.

use proc_macro2::{Ident, Span};

/// For names that a user must neither see nor hit.
pub(crate) fn hidden() -> Span {
    Span::mixed_site()
}

/// The place of `span`, with names that a user must neither see nor hit.
pub(crate) fn hidden_at(span: Span) -> Span {
    Span::mixed_site().located_at(span)
}

/// A local name of ours, out of the user's reach.
pub(crate) fn local(name: &str) -> Ident {
    Ident::new(name, hidden())
}

/// A local name of ours at the place of `span`.
pub(crate) fn local_at(name: &str, span: Span) -> Ident {
    Ident::new(name, hidden_at(span))
}
