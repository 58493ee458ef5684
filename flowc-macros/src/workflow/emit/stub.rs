//! A closure in the place of the workflow where it is a step, in tests.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Lifetime;

use super::Emit;
use super::items::{Generics, with_lifetime};
use crate::door::Stubbed;
use crate::span;

impl Emit<'_> {
    /// A workflow can always fail, so its stub returns a `Result`.
    pub(super) fn stub(&self, generics: &Generics, output: &TokenStream) -> TokenStream {
        let name = &self.flow.name;
        let Generics { used, params, .. } = generics;
        let lifetime = Lifetime::new("'a", span::hidden());
        let inputs = self.flow.params.iter().map(|param| {
            let ty = with_lifetime(&param.ty, &lifetime);
            quote!(#ty)
        });
        let stubbed = Stubbed {
            attrs: quote!(#[automatically_derived] #[allow(private_interfaces, private_bounds)]),
            params: quote!(#(#params,)*),
            owner: quote!(#name #used),
            predicates: quote!(#generics),
            inputs: inputs.collect(),
            lifetime,
            returns: quote!(::core::result::Result<#output, ::flowc::__private::AnyError>),
            fallible: true,
        };
        stubbed.items()
    }
}
