//! A closure in the place of the node, in tests.

use proc_macro2::TokenStream;
use quote::quote;

use super::super::lifetimes;
use super::super::model::Node;
use super::{cfgs, step_generics};
use crate::door::Stubbed;
use crate::span;

pub(super) fn stub(node: &Node) -> TokenStream {
    let (name, cfg) = (&node.sig.ident, cfgs(node));
    let lifetime = lifetimes::named("'a", span::hidden());
    let inputs = node.inputs().map(|param| {
        let mut ty = param.ty.clone();
        lifetimes::replace(&mut ty, &lifetime);
        if param.broken { quote!(()) } else { quote!(#ty) }
    });
    let inputs = inputs.collect();
    let generics = step_generics(&node.generics);
    let (_, arguments, clause) = generics.split_for_impl();
    let predicates = clause.iter().flat_map(|clause| &clause.predicates);
    let params = generics.params.iter();
    let returns = &node.returns.declared;
    let stubbed = Stubbed {
        attrs: quote!(#(#cfg)* #[automatically_derived] #[allow(deprecated, private_interfaces, private_bounds)]),
        params: quote!(#(#params,)*),
        owner: quote!(#name #arguments),
        predicates: quote!(#(#predicates,)*),
        lifetime,
        inputs,
        returns: quote!(#returns),
        fallible: node.returns.fallible,
    };
    stubbed.items()
}
