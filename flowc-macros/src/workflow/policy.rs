//! Policies written at a step.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::Attribute;

use crate::diag::Diag;
use crate::options::Policies;
use crate::span;

/// The arguments that the attributes of a step make: its policy as a constant, and how its inputs are repeated.
pub(crate) fn of(attributes: &[Attribute], diag: &mut Diag) -> Option<TokenStream> {
    let mut policies = Policies::default();
    for attribute in attributes {
        policies.attribute(attribute, diag);
    }
    if policies.is_empty() {
        return None;
    }
    let policy = policies.tokens();
    let repeat = match policies.retry() {
        Some(at) => {
            let again = quote_spanned!(span::hidden_at(at)=> __f::again);
            quote!(::core::option::Option::Some(#again))
        }
        None => quote!(::core::option::Option::None),
    };
    Some(quote!(&const { #policy }, #repeat))
}
