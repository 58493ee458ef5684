//! The only file that makes spans of its own.

use proc_macro2::Span;

/// For what is generated and users write: its names are theirs, its place is the path of the snapshot.
pub(crate) fn visible_at(span: Span) -> Span {
    Span::call_site().located_at(span)
}
