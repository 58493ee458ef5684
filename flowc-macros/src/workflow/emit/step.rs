//! A call of a node.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{ToTokens, quote, quote_spanned};

use super::{Emit, Env, Override, Place, rewrite};
use syn::ExprPath;

use crate::span;
use crate::workflow::model::Call;

/// The pieces of a step.
pub(super) struct Parts {
    /// The future of the step.
    pub(super) begun: TokenStream,
    /// The type that stands for the step: the node, or the node with its policies.
    pub(super) node: TokenStream,
    /// Its place.
    pub(super) at: TokenStream,
}

impl Emit<'_> {
    pub(super) fn parts(&self, call: &Call, env: &Env) -> Parts {
        let open = call.paren.span.open();
        let here = span::hidden_at(open);
        let path = &call.path;
        let (at, resources) = (at(env, open), span::local_at("resources", open));
        let vertex = Literal::u32_unsuffixed(call.vertex);
        let at = quote_spanned!(here=> #at.vertex(#vertex));
        let args = call.args.pairs().map(|pair| {
            let (arg, comma) = pair.into_tuple();
            let arg = rewrite::places(arg, &env.refs, open);
            quote!(#arg #comma)
        });
        let mut inputs = TokenStream::new();
        call.paren.surround(&mut inputs, |inside| inside.extend(args));
        let key = path.to_token_stream().to_string();
        let index = self.places.get(&key).copied().unwrap_or(0);
        let index = syn::Index { index: u32::try_from(index).unwrap_or(u32::MAX), span: here };
        // rustc draws its caret under the name of the node where it speaks of the call.
        let place = Place::call(call).hidden();
        let less = quote_spanned!(place.from=> <);
        let function = Ident::new("__flowc_input", place.name);
        let input = quote_spanned!(here=> #less #path>::#function #inputs);
        let (node, input) = match &call.policy {
            None => (only_type(path, path), input),
            Some(policy) => {
                let name = quote::format_ident!("__POLICY_{}", call.vertex, span = span::hidden());
                let (vertex, node, policy) = (call.vertex, path.clone(), policy.clone());
                let given = Override { vertex, node, name: name.clone(), policy };
                self.overrides.borrow_mut().insert(vertex, given);
                (
                    quote_spanned!(here=> __f::Overridden<#path>),
                    quote_spanned!(here=> __f::overridden::<#path>(#input, Self::#name)),
                )
            }
        };
        let begun = quote_spanned!(here=> __f::step::<#node, __X>(#at, #resources.#index, #input));
        Parts { begun, node, at }
    }

    /// A step whose failure ends the run.
    pub(super) fn step(&self, call: &Call, env: &Env) -> TokenStream {
        let Parts { begun, node, at } = self.parts(call, env);
        let here = span::hidden_at(call.paren.span.open());
        self.or_fail(&quote_spanned!(here=> __f::settle::<#node, __X>(#begun.await, #at)), &Place::call(call))
    }

    /// A step whose failure is a value.
    pub(super) fn catch(&self, call: &Call, env: &Env) -> TokenStream {
        let Parts { begun, node, at } = self.parts(call, env);
        let here = span::hidden_at(call.paren.span.open());
        let Place { from, to, .. } = Place::call(call).hidden();
        let less = quote_spanned!(from=> <);
        let ended = quote_spanned!(to=> (#begun.await, #at));
        quote_spanned!(here=> #less __X as __f::Executor>::settle::<#node> #ended)
    }
}

/// A node as an argument of a generic: in parentheses it can only be a type, else rustc would take a function that is no node
/// for a constant, and say so in an error more.
pub(super) fn only_type(path: &ExprPath, mention: impl ToTokens) -> TokenStream {
    let here = path.path.segments.last().map_or_else(span::hidden, |last| span::hidden_at(last.ident.span()));
    quote_spanned!(here=> (#mention))
}

/// The level, and the round of the loop around.
pub(super) fn at(env: &Env, place: proc_macro2::Span) -> TokenStream {
    let at = span::local_at("at", place);
    match &env.round {
        Some(round) => quote_spanned!(span::hidden_at(place)=> #at.nth(#round)),
        None => quote!(#at),
    }
}
