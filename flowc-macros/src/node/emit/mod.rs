//! Tokens only: nothing here can fail or report.

mod call;
mod extras;
mod function;
mod resources;
mod shape;
mod spec;
mod step;
mod view;

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Attribute, GenericParam, Generics, TypeParamBound, WherePredicate, parse_quote};

use super::model::Node;
use crate::editor;

/// All of the expansion. Where something is wrong with the node, `sound` is false: it keeps its types, so that workflows which use
/// it have nothing to add, and calls nothing.
pub(crate) fn node(node: &Node, sound: bool) -> TokenStream {
    let function = function::function(node);
    if node.method {
        return function;
    }
    let shape = shape::shape(node);
    let step = step::step(node, sound);
    let (resources, extras) = (resources::resources(node), extras::extras(node));
    let items = editor::door(&quote!(#shape #step #resources #extras), &view::view(node));
    quote!(#function #items)
}

/// The attributes that everything beside the function shares with it.
fn cfgs(node: &Node) -> impl Iterator<Item = &Attribute> {
    node.attrs.iter().filter(|attr| attr.path().is_ident("cfg"))
}

/// The generics of the impls: a step may go to another thread and outlives any call, and so do its parameters.
fn step_generics(generics: &Generics) -> Generics {
    let mut generics = generics.clone();
    let names: Vec<_> = generics.type_params().map(|param| param.ident.clone()).collect();
    if !names.is_empty() {
        let clause = generics.make_where_clause();
        for name in names {
            clause.predicates.push(parse_quote!(#name: ::core::marker::Send + ::core::marker::Sync + 'static));
        }
    }
    generics
}

/// Type arguments for what does not depend on them.
pub(crate) fn any(generics: &Generics) -> TokenStream {
    let arguments: Vec<TokenStream> = generics
        .params
        .iter()
        .filter_map(|param| match param {
            GenericParam::Type(_) => Some(quote!(::flowc::__private::Any)),
            GenericParam::Const(param) => {
                Some(match quote::ToTokens::to_token_stream(&param.ty).to_string().as_str() {
                    "bool" => quote!(false),
                    "char" => quote!('0'),
                    _ => quote!(0),
                })
            }
            GenericParam::Lifetime(_) => None,
        })
        .collect();
    if arguments.is_empty() { TokenStream::new() } else { quote!(<#(#arguments),*>) }
}

/// The generics of the type itself: no bounds but `?Sized`, which cannot be left out.
fn type_generics(generics: &Generics) -> Generics {
    let unsized_in_clause: Vec<_> = generics
        .where_clause
        .iter()
        .flat_map(|clause| &clause.predicates)
        .filter_map(|predicate| match predicate {
            WherePredicate::Type(predicate) if predicate.bounds.iter().any(is_maybe) => {
                Some(predicate.bounded_ty.clone())
            }
            _ => None,
        })
        .collect();
    let mut plain = generics.clone();
    plain.where_clause = None;
    for param in &mut plain.params {
        if let GenericParam::Type(param) = param {
            let name = &param.ident;
            let by_clause = unsized_in_clause.contains(&parse_quote!(#name));
            param.bounds = param.bounds.iter().filter(|bound| is_maybe(bound)).cloned().collect();
            if by_clause {
                param.bounds.push(parse_quote!(?::core::marker::Sized));
            }
        }
    }
    plain
}

fn is_maybe(bound: &TypeParamBound) -> bool {
    matches!(bound, TypeParamBound::Trait(bound) if bound.maybe.is_some())
}
