//! What features of flowc add to a node: a closure in its place in tests, and its inputs in their owned form.

use proc_macro2::TokenStream;
use quote::quote;

use super::super::lifetimes;
use super::super::model::Node;
use super::{cfgs, resources, step_generics};
use crate::door::{Kept, Owner, Stubbed, journaled, owned_inputs};
use crate::span;

pub(super) fn extras(node: &Node) -> TokenStream {
    let (name, cfg) = (&node.sig.ident, cfgs(node));
    let generics = step_generics(&node.generics);
    let (_, arguments, clause) = generics.split_for_impl();
    let predicates = clause.iter().flat_map(|clause| &clause.predicates);
    let params = generics.params.iter();
    let owner = Owner {
        attrs: quote!(#(#cfg)* #[automatically_derived] #[allow(deprecated, private_interfaces, private_bounds)]),
        params: quote!(#(#params,)*),
        step: quote!(#name #arguments),
        predicates: quote!(#(#predicates,)*),
    };
    let kept: Kept<'_, TokenStream> = if node.options.waits { Kept::Wait } else { Kept::Node };
    let (stub, owned, journaled) = (stub(node, &owner), owned(node, &owner), journaled(&owner, &kept));
    let found = found(node, &owner);
    quote!(#stub #owned #journaled #found)
}

/// How it finds its resources by their types. One with parameters is many nodes, of which nobody knows which are meant.
fn found(node: &Node, owner: &Owner) -> TokenStream {
    if !node.generics.params.is_empty() {
        return TokenStream::new();
    }
    let (step, targets, cfg) = (&owner.step, resources::targets(node), cfgs(node));
    let is_public = matches!(node.vis, syn::Visibility::Public(_));
    // What borrows for ever cannot be read from JSON, and asking whether it can is an error and no answer.
    let is_readable = node.inputs().all(|input| !lifetimes::names_static(&input.ty));
    // What only waits for time is nothing to call by name.
    let who = if is_public && is_readable && !node.options.waits { "public" } else { "private" };
    let who = span::local(who);
    quote!(::flowc::__dynamic! { [#(#cfg)*] node [#step] resources (#(#targets),*) #who })
}

fn stub(node: &Node, owner: &Owner) -> TokenStream {
    let lifetime = lifetimes::named("'a", span::hidden());
    let inputs = node.inputs().map(|param| {
        let mut ty = param.ty.clone();
        lifetimes::replace(&mut ty, &lifetime);
        if param.broken { quote!(()) } else { quote!(#ty) }
    });
    let (inputs, returns) = (inputs.collect(), &node.returns.declared);
    let returns = quote!(#returns);
    Stubbed { owner, lifetime, inputs, returns, fallible: node.returns.fallible }.items()
}

fn owned(node: &Node, owner: &Owner) -> TokenStream {
    let inputs: Vec<_> = node.inputs().collect();
    if inputs.iter().any(|param| param.broken) {
        return TokenStream::new();
    }
    owned_inputs(owner, inputs.iter().map(|param| &param.ty))
}
