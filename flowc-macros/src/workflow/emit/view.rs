//! The items of a workflow as editors see them. Only what an editor should find stands at the user's names: the function with its
//! parameters and body, the type, and the handles.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::Lifetime;

use super::Emit;
use super::items::{Generics, with_lifetime};
use crate::{editor, span};

impl Emit<'_> {
    /// `prepares` is the function without its body.
    pub(super) fn view(&self, generics: &Generics, prepares: &TokenStream, output: &TokenStream) -> TokenStream {
        let flow = self.flow;
        let (vis, name, body) = (&flow.vis, &flow.name, &flow.view);
        let Generics { declared, unbound, used, bounds, marker, any, params, .. } = generics;
        let cfgs = flow.cfgs();
        let docs = flow.attrs.iter().filter(|attr| attr.path().is_ident("doc"));

        let one = Lifetime::new("'__a", span::hidden());
        let names = flow.params.iter().map(|param| &param.name);
        let inputs: Vec<_> = flow.params.iter().map(|param| with_lifetime(&param.ty, &one)).collect();
        let step = editor::Step {
            attrs: cfgs.clone(),
            params: quote!(#(#params,)*),
            owner: quote!(#name #used),
            clause: bounds.clone(),
            anything: quote!(#one,),
            args: quote!(#(#names: #inputs),*),
            inputs: quote!(#(#inputs,)*),
            output: output.clone(),
            error: quote!(::flowc::__private::AnyError),
        };
        let step = step.items();
        let [apart, owner, declared_apart, bounds] =
            [quote!(#name), quote!(#name #used), declared.clone(), bounds.clone()].map(span::apart);
        let handles = self.handles(&owner, |path| span::apart(path));
        let output = flow.output.as_ref().map_or_else(|| quote!(()), ToTokens::to_token_stream);
        quote! {
            #prepares {
                let _: #output = #body;
                ::flowc::__private::view::never()
            }
            #cfgs
            #(#docs)*
            #[allow(non_camel_case_types)]
            #vis struct #name #unbound { #marker }
            #cfgs
            const _: () = {
                use ::flowc::__private as __f;
                impl #apart #any {
                    /// The workflow as constant data.
                    pub const GRAPH: __f::GraphSpec = __f::view::GRAPH;
                    #[doc(hidden)]
                    pub const __FLOWC_SPEC: __f::NodeSpec = __f::view::SPEC;
                }
                #[allow(non_upper_case_globals)]
                impl #declared_apart #owner #bounds { #handles }
                impl #declared_apart __f::Workflow for #owner #bounds {
                    const GRAPH: &'static __f::GraphSpec = &__f::view::GRAPH;
                }
            };
            #step
        }
    }
}
