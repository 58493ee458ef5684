//! The only file that makes spans of its own.

use proc_macro2::Span;

/// For what is generated: names of fields and types are those of the user, variables are hidden, the place is `span`.
pub(crate) fn hidden_at(span: Span) -> Span {
    Span::mixed_site().located_at(span)
}
