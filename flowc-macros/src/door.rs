//! What is written for tests alone: a node or a workflow can be stubbed by a closure over its inputs.
//!
//! Whether it is written is decided in the crate `flowc`, by the macro `__testing`: only that crate knows its feature `testing`.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::Lifetime;

use crate::span;

/// A step that a closure can stand in for.
pub(crate) struct Stubbed {
    /// Attributes of the impls.
    pub(crate) attrs: TokenStream,
    /// `M: ChatModel,` or nothing.
    pub(crate) params: TokenStream,
    /// The type with its arguments.
    pub(crate) owner: TokenStream,
    /// `M: 'static,` or nothing.
    pub(crate) predicates: TokenStream,
    /// The lifetime of the inputs.
    pub(crate) lifetime: Lifetime,
    pub(crate) inputs: Vec<TokenStream>,
    /// What the closure returns.
    pub(crate) returns: TokenStream,
    /// It returns a `Result`.
    pub(crate) fallible: bool,
}

impl Stubbed {
    /// The impls. A macro of flowc writes them out, so that rustc gets few tokens where nobody tests.
    pub(crate) fn items(&self) -> TokenStream {
        let Self { attrs, params, owner, predicates, lifetime, inputs, returns, fallible } = self;
        let names: Vec<Ident> = (0..inputs.len()).map(|index| span::local(&format!("__i{index}"))).collect();
        let outcome = span::local(if *fallible { "fallible" } else { "infallible" });
        quote! {
            ::flowc::__testing! {
                #attrs impl [#params] [#owner] [#predicates] fn #lifetime (#(#names: #inputs),*) -> #returns as #outcome
            }
        }
    }
}
