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
        let (attrs, vis, name, body) = (&flow.attrs, &flow.vis, &flow.name, &flow.view);
        let Generics { declared, used, bounds, marker, any, params, .. } = generics;
        let names: Vec<_> = flow.params.iter().map(|param| &param.name).collect();
        let docs = attrs.iter().filter(|attr| attr.path().is_ident("doc"));

        let apart = span::apart(name);
        let owner = quote!(#apart #used);
        let one = Lifetime::new("'__a", span::hidden());
        let inputs = flow.params.iter().map(|param| span::apart(with_lifetime(&param.ty, &one))).collect::<Vec<_>>();
        let handles = self.handles(&owner, |path| span::apart(path));
        let given = span::apart(quote!(#(#names: #inputs),*));
        let step = editor::Step {
            attrs: TokenStream::new(),
            params: span::apart(quote!(#(#params,)*)),
            owner: span::apart(&owner),
            clause: span::apart(bounds),
            inputs,
            output: span::apart(output),
            error: quote!(::flowc::__private::AnyError),
        };
        let (impls, calls) = (span::apart(step.impls()), span::apart(step.calls(&quote!('__a), &given)));
        let (declared_apart, bounds_apart) = (span::apart(declared), span::apart(bounds));
        let output = flow.output.as_ref().map_or_else(|| quote!(()), ToTokens::to_token_stream);
        quote! {
            #prepares {
                let _: #output = #body;
                ::flowc::__private::view::never()
            }
            #(#docs)*
            #[allow(non_camel_case_types)]
            #vis struct #name #declared { #marker }
            const _: () = {
                use ::flowc::__private as __f;
                impl #apart #any {
                    /// The workflow as constant data.
                    pub const GRAPH: __f::GraphSpec = __f::view::GRAPH;
                    #[doc(hidden)]
                    pub const __FLOWC_SPEC: __f::NodeSpec = __f::view::SPEC;
                }
                #[allow(non_upper_case_globals)]
                impl #declared_apart #owner #bounds_apart {
                    #handles
                    #calls
                }
                impl #declared_apart __f::Workflow for #owner #bounds_apart {
                    const GRAPH: &'static __f::GraphSpec = &__f::view::GRAPH;
                }
                #impls
            };
        }
    }
}
