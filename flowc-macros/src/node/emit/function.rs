//! The function, as the user wrote it.

use proc_macro2::TokenStream;
use quote::quote;

use super::super::model::Node;

pub(super) fn function(node: &Node) -> TokenStream {
    let Node { attrs, vis, sig, body, .. } = node;
    let deprecated = deprecated(node);
    // A node that leaves the task can take nothing by `&`.
    let by_value = node.kind.offload().map(|_| quote!(#[allow(clippy::needless_pass_by_value)]));
    quote!(#(#attrs)* #deprecated #by_value #vis #sig #body)
}

/// The attribute for the option `deprecated`.
pub(super) fn deprecated(of: &Node) -> Option<TokenStream> {
    let option = of.options.deprecated.as_ref()?;
    if of.attrs.iter().any(|attr| attr.path().is_ident("deprecated")) {
        return None;
    }
    let since = option.since.as_ref().map(|since| quote!(since = #since,));
    let note = option.note.as_ref().map(|text| quote!(note = #text,));
    Some(if since.is_none() && note.is_none() { quote!(#[deprecated]) } else { quote!(#[deprecated(#since #note)]) })
}
