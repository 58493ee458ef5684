//! The call of the function, as a future.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::Index;

use super::super::model::{Kind, Node, Role};
use crate::span;

/// The names that the call is made of; the input is a tuple of values, the resources one of references.
pub(super) struct Names {
    pub(super) input: proc_macro2::Ident,
    pub(super) resources: proc_macro2::Ident,
    pub(super) at: proc_macro2::Ident,
    pub(super) exec: proc_macro2::Ident,
}

/// An expression of the type `Future<Output = Result<Declared, Halt>>`.
pub(super) fn call(node: &Node, names: &Names) -> TokenStream {
    let Names { input, resources, at, exec } = names;
    let (mut inputs, mut found) = (0, 0);
    let mut clones = Vec::new();
    let context = span::local("__cx");
    let mut arguments = Vec::new();
    for param in &node.params {
        arguments.push(match param.role {
            Role::Input => {
                inputs += 1;
                let index = Index { index: inputs - 1, span: span::hidden() };
                quote!(#input.#index)
            }
            Role::Resource => {
                found += 1;
                let index = Index { index: found - 1, span: span::hidden() };
                if node.kind.offload().is_some() {
                    let name = quote::format_ident!("__r{}", found, span = span::hidden());
                    let ty = &param.ty;
                    let place = span::of(ty);
                    let resources = span::local_at("__resources", place);
                    let index = Index { index: found - 1, span: span::hidden_at(place) };
                    let clone =
                        quote_spanned! {span::hidden_at(place)=> ::core::clone::Clone::clone(#resources.#index) };
                    clones.push(quote!(let #name: #ty = #clone;));
                    quote!(#name)
                } else {
                    quote!(#resources.#index)
                }
            }
            // At the type: there it can be wrong.
            Role::Context => {
                let place = span::hidden_at(span::of(&param.ty));
                let context = span::local_at("__cx", place);
                quote_spanned!(place=> &#context)
            }
        });
    }
    let name = &node.sig.ident;
    let types: Vec<_> = node.generics.params.iter().filter_map(argument).collect();
    let turbofish = (!types.is_empty()).then(|| quote!(::<#(#types),*>));
    let called = quote!(#name #turbofish(#(#arguments),*));
    let with_context = node.wants_context().then(|| quote!(let #context = ::flowc::__private::context::<#exec>(#at);));
    // The context is made when the call begins, as the limits around it are known then. Before it goes it is told that the call came
    // to its end.
    let done = span::local("__done");
    let told = |called: TokenStream| {
        quote! {
            let #done = #called;
            ::flowc::__private::returned(&#context);
            #done
        }
    };
    match node.kind {
        Kind::Async => match with_context {
            None => quote!(::flowc::__private::Guarded::new(#called)),
            Some(made) => {
                let told = told(quote!(#called.await));
                quote!(::flowc::__private::Guarded::new(async move { #made #told }))
            }
        },
        Kind::Sync => match with_context {
            None => quote!(::flowc::__private::Guarded::new(::flowc::__private::Lazy::new(move || #called))),
            Some(made) => {
                let told = told(called);
                quote!(::flowc::__private::Guarded::new(::flowc::__private::Lazy::new(move || { #made #told })))
            }
        },
        Kind::Blocking => match with_context {
            None => quote! {{
                #(#clones)*
                ::flowc::__private::blocking(move || #called)
            }},
            Some(made) => {
                let told = told(called);
                quote! {{
                    #(#clones)*
                    async move {
                        #made
                        ::flowc::__private::attended(#context, move |#context| ::flowc::__private::blocking(move || { #told })).await
                    }
                }}
            }
        },
        Kind::Spawn => match with_context {
            None => quote! {{ #(#clones)* ::flowc::__private::spawn(#called) }},
            Some(made) => {
                let told = told(quote!(#called.await));
                quote! {{
                    #(#clones)*
                    async move {
                        #made
                        ::flowc::__private::attended(#context, move |#context| ::flowc::__private::spawn(async move { #told })).await
                    }
                }}
            }
        },
    }
}

/// The generic parameter as an argument.
fn argument(param: &syn::GenericParam) -> Option<TokenStream> {
    match param {
        syn::GenericParam::Type(param) => {
            let name = &param.ident;
            Some(quote!(#name))
        }
        syn::GenericParam::Const(param) => {
            let name = &param.ident;
            Some(quote!(#name))
        }
        syn::GenericParam::Lifetime(_) => None,
    }
}
