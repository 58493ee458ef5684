//! What features of flowc add to a workflow: a closure in its place where it is a step, in tests, and its inputs in their owned form.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::Lifetime;

use super::items::{Generics, with_lifetime};
use super::{Emit, Override};
use crate::door::{Kept, Owner, Stubbed, journaled, owned_inputs};
use crate::span;

impl Emit<'_> {
    pub(super) fn extras(&self, generics: &Generics, output: &TokenStream) -> TokenStream {
        let name = &self.flow.name;
        let Generics { used, params, .. } = generics;
        let owner = Owner {
            attrs: quote!(#[automatically_derived] #[allow(private_interfaces, private_bounds)]),
            params: quote!(#(#params,)*),
            step: quote!(#name #used),
            predicates: quote!(#generics),
        };
        let stub = self.stub(&owner, output);
        let owned = owned_inputs(&owner, self.flow.params.iter().map(|param| &param.ty));
        let overrides = self.overrides.borrow();
        let overrides =
            overrides.values().map(|Override { vertex, node, name, .. }| quote!(#vertex #node as #name)).collect();
        let journaled = journaled(&owner, &Kept::Workflow(&self.nodes, overrides));
        quote!(#stub #owned #journaled)
    }

    /// The policies that steps override, once the body has been emitted.
    pub(super) fn policies(&self) -> TokenStream {
        let overrides = self.overrides.borrow();
        let constants = overrides.values().map(|Override { node, name, policy, .. }| {
            let here = span::hidden_at(span::of(node));
            quote_spanned!(here=> const #name: &'static __f::Policy<#node> = #policy;)
        });
        quote!(#(#constants)*)
    }

    /// A workflow can always fail, so its stub returns a `Result`.
    fn stub(&self, owner: &Owner, output: &TokenStream) -> TokenStream {
        let lifetime = Lifetime::new("'a", span::hidden());
        let inputs = self.flow.params.iter().map(|param| {
            let ty = with_lifetime(&param.ty, &lifetime);
            quote!(#ty)
        });
        let (inputs, returns) =
            (inputs.collect(), quote!(::core::result::Result<#output, ::flowc::__private::AnyError>));
        Stubbed { owner, lifetime, inputs, returns, fallible: true }.items()
    }
}
