//! The function, as the user wrote it.

use proc_macro2::TokenStream;
use quote::quote;

use super::super::model::Node;

pub(super) fn function(node: &Node) -> TokenStream {
    let Node { attrs, vis, sig, body, .. } = node;
    let deprecated = deprecated(node);
    quote!(#(#attrs)* #deprecated #vis #sig #body)
}

/// The attribute for the option `deprecated`.
pub(super) fn deprecated(node: &Node) -> Option<TokenStream> {
    let option = node.options.deprecated.as_ref()?;
    if node.attrs.iter().any(|attr| attr.path().is_ident("deprecated")) {
        return None;
    }
    Some(match (&option.since, &option.note) {
        (Some(since), Some(note)) => quote!(#[deprecated(since = #since, note = #note)]),
        (Some(since), None) => quote!(#[deprecated(since = #since)]),
        (None, Some(note)) => quote!(#[deprecated(note = #note)]),
        (None, None) => quote!(#[deprecated]),
    })
}
