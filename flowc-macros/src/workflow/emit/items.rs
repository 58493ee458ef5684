//! The items of a workflow: its function, its type, and what they implement.

use std::cell::Cell;
use std::collections::HashMap;

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::visit_mut::VisitMut;
use syn::{GenericParam, Lifetime, Type};

use super::{Emit, Env};
use crate::span;
use crate::workflow::model::{Flow, VertexKind};
use crate::workflow::parse::shown;

pub(crate) fn flow(flow: &Flow, broken: bool) -> TokenStream {
    let mut nodes: Vec<syn::ExprPath> = Vec::new();
    let mut places = HashMap::new();
    for vertex in &flow.vertices {
        if let VertexKind::Step { path, .. } = &vertex.kind {
            places.entry(path.to_token_stream().to_string()).or_insert_with(|| {
                nodes.push(path.clone());
                nodes.len() - 1
            });
        }
    }
    Emit { flow, nodes, places, next: Cell::new(0) }.items(broken)
}

/// Every lifetime of a borrowed input is one.
pub(crate) struct OneLifetime(pub(crate) Lifetime);

impl VisitMut for OneLifetime {
    fn visit_type_reference_mut(&mut self, ty: &mut syn::TypeReference) {
        ty.lifetime = Some(self.0.clone());
        syn::visit_mut::visit_type_reference_mut(self, ty);
    }
    fn visit_lifetime_mut(&mut self, lifetime: &mut Lifetime) {
        if lifetime.ident != "static" {
            *lifetime = self.0.clone();
        }
    }
    fn visit_type_fn_ptr_mut(&mut self, _: &mut syn::TypeFnPtr) {}
}

impl Emit<'_> {
    fn items(&self, broken: bool) -> TokenStream {
        let flow = self.flow;
        let (attrs, vis, name) = (&flow.attrs, &flow.vis, &flow.name);
        let generics = Generics::of(flow);
        let Generics { declared, plain, used, bounds, marker, any, .. } = &generics;
        let owner = quote!(#name #used);
        let unit = quote_spanned!(span::hidden_at(name.span())=> ());
        let output = flow.output.as_ref().map_or(unit, ToTokens::to_token_stream);

        let one = Lifetime::new("'__a", span::hidden());
        let borrowed: Vec<Type> = flow.params.iter().map(|param| with_lifetime(&param.ty, &one)).collect();
        let borrows = flow
            .params
            .iter()
            .zip(&borrowed)
            .any(|(param, ty)| param.ty.to_token_stream().to_string() != ty.to_token_stream().to_string());
        let names: Vec<&Ident> = flow.params.iter().map(|param| &param.name).collect();
        let lives = if borrows { quote!('__a) } else { quote!('static) };
        let fn_generics = generics.with_lifetime(borrows);

        let graph = self.graph();
        let handles = self.handles(&owner);
        let docs = (!flow.docs.is_empty()).then(|| {
            let docs = &flow.docs;
            quote!(#[doc = #docs])
        });
        let input_specs = flow.params.iter().map(|param| {
            let (name, ty) = (param.name.to_string(), shown(&param.ty));
            quote!(__f::make::param(#name, #ty))
        });
        let (text, docs_text) = (name.to_string(), &flow.docs);
        let text = text.trim_start_matches("r#");
        let output_text = shown(&output);

        let nodes = &self.nodes;
        let resources = nodes.iter().map(|node| quote!(<#node as __f::Step>::Resources<'__r>));
        let provided = nodes.iter().map(|node| quote!(#node: __f::ResourcesFrom<__R>));
        let finds = nodes.iter().map(|node| quote!(<#node as __f::ResourcesFrom<__R>>::resources(__app)));

        let (at, outer, resources_name, input, frame) = (
            span::local("at"),
            span::local("outer"),
            span::local("resources"),
            span::local("input"),
            span::local("frame"),
        );
        let ty = output.clone();
        let body = self.block(&flow.body, Env::default(), Some(ty));
        let lints = broken.then(|| quote!(#[allow(unused, unreachable_code, clippy::all)]));
        let declared_app = generics.with_app();
        let line = u32::try_from(name.span().start().line).unwrap_or(0);

        quote! {
            #(#attrs)*
            #[allow(clippy::needless_pass_by_value)]
            #vis fn #name #fn_generics (#(#names: #borrowed),*) -> ::flowc::Prepared<#lives, #owner> #bounds {
                ::flowc::Prepared::new((#(#names,)*))
            }
            #docs
            #[allow(non_camel_case_types)]
            #vis struct #name #plain { #marker }
            const _: () = {
                use ::flowc::__private as __f;

                impl #name #any {
                    /// The workflow as constant data.
                    pub const GRAPH: __f::GraphSpec = #graph;
                    #[doc(hidden)]
                    pub const __FLOWC_SPEC: __f::NodeSpec = __f::make::node(
                        #text, #docs_text, __f::NodeKind::Workflow, &[#(#input_specs),*], #output_text,
                        ::core::option::Option::None, (::core::file!(), #line),
                    ).with_graph(&Self::GRAPH);
                }

                #[allow(non_upper_case_globals)]
                impl #declared #owner #bounds {
                    #handles
                    #[doc(hidden)]
                    #[inline]
                    pub fn __flowc_input<'__a>(#(#names: #borrowed),*) -> (#(#borrowed,)*) {
                        (#(#names,)*)
                    }
                }

                impl #declared __f::Step for #owner #bounds {
                    const SPEC: &'static __f::NodeSpec = &<#name #any>::__FLOWC_SPEC;
                    type Input<'__a> = (#(#borrowed,)*);
                    type Resources<'__r> = (#(#resources,)*);
                    type Output = #output;
                    type Error = __f::AnyError;
                    type Ended = ::core::result::Result<::core::result::Result<#output, __f::Failure>, __f::Panicked>;

                    #[inline]
                    fn begin<'__a, '__r, '__s, __X: __f::Executor>(
                        #input: Self::Input<'__a>,
                        #resources_name: Self::Resources<'__r>,
                        #outer: __f::At<'__s, __X>,
                    ) -> impl ::core::future::Future<Output = Self::Ended> + ::core::marker::Send {
                        #lints
                        __f::Guarded::new(async move {
                            let _ = &#resources_name;
                            let #frame = __f::Frame::workflow(#outer, <Self as __f::Workflow>::GRAPH);
                            let #at = __f::At::new(#outer.exec(), &#frame);
                            let _ = #at;
                            let (#(#names,)*) = #input;
                            ::core::result::Result::Ok::<#output, __f::Failure>({ #body })
                        })
                    }

                    #[inline]
                    fn settle<__X: __f::Executor>(
                        ended: Self::Ended,
                        at: __f::At<'_, __X>,
                    ) -> ::core::result::Result<#output, __f::Failure> {
                        __f::settle_workflow(ended, at)
                    }
                }

                impl #declared __f::Workflow for #owner #bounds {
                    const GRAPH: &'static __f::GraphSpec = &<#name #any>::GRAPH;
                }

                impl #declared_app __f::ResourcesFrom<__R> for #owner
                where
                    #(#provided,)*
                    #generics
                {
                    fn resources(__app: &__R) -> Self::Resources<'_> {
                        let _ = __app;
                        (#(#finds,)*)
                    }
                }
            };
        }
    }
}

fn with_lifetime(ty: &Type, one: &Lifetime) -> Type {
    let mut ty = ty.clone();
    OneLifetime(one.clone()).visit_type_mut(&mut ty);
    ty
}

/// The generics of a workflow in the forms that its items need.
struct Generics {
    /// `<M: ChatModel>`, or nothing.
    declared: TokenStream,
    /// The same without bounds, as what does not depend on the parameters names the type with any.
    plain: TokenStream,
    /// `<M>`, or nothing.
    used: TokenStream,
    /// `where ..`, with `M: 'static`.
    bounds: TokenStream,
    /// The field that makes the type use its parameters.
    marker: TokenStream,
    /// `<Any>` for what does not depend on the parameters.
    any: TokenStream,
    params: Vec<GenericParam>,
    predicates: Vec<TokenStream>,
}

impl Generics {
    fn of(flow: &Flow) -> Self {
        let params: Vec<GenericParam> =
            flow.generics.params.iter().filter(|param| !matches!(param, GenericParam::Lifetime(_))).cloned().collect();
        let mut predicates: Vec<TokenStream> = flow
            .generics
            .where_clause
            .iter()
            .flat_map(|clause| clause.predicates.iter())
            .map(ToTokens::to_token_stream)
            .collect();
        let mut names = Vec::new();
        let mut types = Vec::new();
        for param in &params {
            match param {
                GenericParam::Type(ty) => {
                    let name = &ty.ident;
                    predicates.push(quote!(#name: ::core::marker::Send + ::core::marker::Sync + 'static));
                    names.push(quote!(#name));
                    types.push(quote!(fn() -> #name));
                }
                GenericParam::Const(param) => {
                    let name = &param.ident;
                    names.push(quote!(#name));
                }
                GenericParam::Lifetime(_) => {}
            }
        }
        let wrap = |list: &[TokenStream]| if list.is_empty() { TokenStream::new() } else { quote!(<#(#list),*>) };
        let declared: Vec<TokenStream> = params.iter().map(ToTokens::to_token_stream).collect();
        let marker = if params.is_empty() {
            TokenStream::new()
        } else {
            quote!(#[doc(hidden)] __flowc_marker: ::core::marker::PhantomData<(#(#types,)*)>)
        };
        let bounds = if predicates.is_empty() { TokenStream::new() } else { quote!(where #(#predicates,)*) };
        Self {
            declared: wrap(&declared),
            plain: {
                let plain = crate::node::type_generics(&flow.generics);
                let params: Vec<TokenStream> =
                    plain.params.iter().filter(|param| !matches!(param, GenericParam::Lifetime(_))).map(ToTokens::to_token_stream).collect();
                wrap(&params)
            },
            used: wrap(&names),
            bounds,
            marker,
            any: crate::node::any(&flow.generics),
            params,
            predicates,
        }
    }

    fn with_lifetime(&self, borrows: bool) -> TokenStream {
        let params = &self.params;
        let lifetime = borrows.then(|| quote!('__a,));
        if params.is_empty() && !borrows { TokenStream::new() } else { quote!(<#lifetime #(#params),*>) }
    }

    fn with_app(&self) -> TokenStream {
        let params = &self.params;
        quote!(<#(#params,)* __R>)
    }
}

impl ToTokens for Generics {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let predicates = &self.predicates;
        tokens.extend(quote!(#(#predicates,)*));
    }
}
