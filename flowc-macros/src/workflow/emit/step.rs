//! A call of a node.

use proc_macro2::{Literal, TokenStream};
use quote::{ToTokens, quote, quote_spanned};

use super::{Emit, Env, or_fail, rewrite};
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
        let (at, resources) = (span::local_at("at", open), span::local_at("resources", open));
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
        let input = quote_spanned!(here=> <#path>::__flowc_input #inputs);
        let (node, input) = match &call.policy {
            None => (quote!(#path), input),
            Some(policy) => (
                quote_spanned!(here=> __f::Overridden<#path>),
                quote_spanned!(here=> __f::overridden::<#path>(#input, #policy)),
            ),
        };
        let begun = quote_spanned!(here=> __f::step::<#node, __X>(#at, #resources.#index, #input));
        Parts { begun, node, at }
    }

    /// A step whose failure ends the run.
    pub(super) fn step(&self, call: &Call, env: &Env) -> TokenStream {
        let Parts { begun, node, at } = self.parts(call, env);
        let here = span::hidden_at(call.paren.span.open());
        or_fail(&quote_spanned!(here=> __f::settle::<#node, __X>(#begun.await, #at)))
    }

    /// A step whose failure is a value.
    pub(super) fn catch(&self, call: &Call, env: &Env) -> TokenStream {
        let Parts { begun, node, at } = self.parts(call, env);
        let here = span::hidden_at(call.paren.span.open());
        quote_spanned!(here=> <__X as __f::Executor>::settle::<#node>(#begun.await, #at))
    }
}
