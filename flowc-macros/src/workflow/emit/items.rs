//! The items of a workflow: its function, its type, and what they implement.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::{GenericParam, Lifetime, Type};

use super::{Emit, Env};
use crate::node::{lifetimes, type_text};
use crate::workflow::model::{Flow, Stmt, StmtKind, Value, VertexKind};
use crate::{editor, span};

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
    Emit { flow, nodes, places, next: Cell::new(0), overrides: RefCell::default() }.items(broken)
}

impl Emit<'_> {
    #[allow(clippy::too_many_lines, reason = "one template, read from top to bottom")]
    fn items(&self, broken: bool) -> TokenStream {
        let flow = self.flow;
        let (attrs, vis, name) = (flow.of_function(), &flow.vis, &flow.name);
        let generics = Generics::of(flow);
        let Generics { declared, unbound, used, bounds, marker, any, .. } = &generics;
        let owner = quote!(#name #used);
        let unit = quote_spanned!(span::hidden_at(name.span())=> ());
        let output = flow.output.as_ref().map_or(unit, ToTokens::to_token_stream);

        let one = Lifetime::new("'__a", span::hidden());
        let borrowed: Vec<Type> = flow.params.iter().map(|param| with_lifetime(&param.ty, &one)).collect();
        let borrows = flow.params.iter().any(|param| lifetimes::find_borrow(&param.ty).is_some());
        let names: Vec<&Ident> = flow.params.iter().map(|param| &param.name).collect();
        let lives = if borrows { quote!('__a) } else { quote!('static) };
        let fn_generics = generics.with_lifetime(borrows);

        let graph = self.graph();
        let handles = self.handles(&owner, ToTokens::to_token_stream);
        // Where docs are missing, rustc says so at the function.
        let docs = if flow.docs.is_empty() { format!(" The workflow `{name}` as a type.") } else { flow.docs.clone() };
        let docs = quote!(#[doc = #docs]);
        let (cfgs, deprecations, of_type, of_body) =
            (flow.cfgs(), flow.deprecations(), flow.lints_of_type(), flow.lints_of_body());
        let input_specs = flow.params.iter().map(|param| {
            let (name, ty, docs) = (param.name.unraw().to_string(), type_text(&param.ty), &param.docs);
            let docs = (!docs.is_empty()).then(|| quote!(.with_docs(#docs)));
            quote!(__f::make::param(#name, #ty) #docs)
        });
        let (text, docs_text) = (name.to_string(), &flow.docs);
        let text = text.trim_start_matches("r#");
        let output_text = flow.output.as_ref().map_or_else(|| "()".to_owned(), type_text);

        let nodes = &self.nodes;
        let app = span::local("app");
        let placed = |node: &syn::ExprPath| span::hidden_at(span::of(node));
        let resources = nodes.iter().map(|node| quote_spanned!(placed(node)=> <#node as __f::Step>::Resources<'__r>));
        let provided = nodes.iter().map(|node| quote_spanned!(placed(node)=> #node: __f::ResourcesFrom<__R>));
        let finds =
            nodes.iter().map(|node| quote_spanned!(placed(node)=> <#node as __f::ResourcesFrom<__R>>::resources(#app)));

        let (at, outer, resources_name, input, frame) = (
            span::local("at"),
            span::local("outer"),
            span::local("resources"),
            span::local("input"),
            span::local("frame"),
        );
        let ty = output.clone();
        let body = self.block(&flow.body, Env::default(), Some(ty));
        let forward = flow.bindings.iter().any(|binding| binding.forward);
        let lints = (broken || forward).then(|| quote!(#[allow(unused, unreachable_code, clippy::all)]));
        let here = span::hidden_at(name.span());
        let place = flow.output.as_ref().map_or(here, |ty| span::hidden_at(span::of(ty)));
        let missing = self.lacks_result().then(|| quote_spanned!(place=> ()));
        let ended = quote_spanned!(place=> ::core::result::Result::Ok::<#output, __f::Failure>({ #body #missing }));
        // What is made here is kept where the block captures it; made inside, it would be kept twice.
        let exec = span::local("exec");
        let (begun, at_here) = if flow.vertices.is_empty() {
            (quote!(let _ = (#resources_name, #outer);), TokenStream::new())
        } else {
            let begun = quote! {
                let #frame = __f::Frame::workflow(#outer, &<#name #any>::GRAPH);
                let #exec = #outer.exec();
            };
            (begun, quote!(let #at = __f::At::new(#exec, &#frame);))
        };
        let future = quote_spanned! {here=>
            __f::Guarded::new(async move {
                #at_here
                #ended
            })
        };
        // rustc puts its caret for a future that is not `Send` under the type that `begin` returns.
        let sendable = quote_spanned!(here=> impl ::core::future::Future<Output = Self::Ended> + ::core::marker::Send);
        let function = Ident::new("__flowc_input", span::visible_at(name.span()));
        // rustc shows a type from this word to its name, and so an implementation.
        let keyword = quote_spanned!(here=> struct);
        let implements = quote_spanned!(here=> impl);
        // Workflows that call each other make a circle of these constants, which rustc shows one by one.
        let graph_constant = quote_spanned!(here=> pub const GRAPH: __f::GraphSpec);
        let spec_constant = quote_spanned!(here=> pub const __FLOWC_SPEC: __f::NodeSpec);
        let end = quote_spanned!(here=> ;);
        let graph = quote_spanned!(here=> { #graph });
        // A type that is less visible than the workflow is shown from the first word to the last.
        let place = span::hidden_at(span::of(&output));
        let (gives, given) = (quote_spanned!(place=> type), quote_spanned!(place=> ;));
        let line = u32::try_from(name.span().start().line).unwrap_or(0);
        let spec = quote! {
            __f::make::node(
                #text, #docs_text, __f::NodeKind::Workflow, &[#(#input_specs),*], #output_text,
                ::core::option::Option::None, (::core::file!(), #line),
            ).with_graph(&Self::GRAPH)
        };
        let spec = quote_spanned!(here=> { #spec });
        // Inputs that cannot be sent are found out here.
        let is_workflow = quote_spanned! {span::hidden_at(self.sent())=>
            impl #declared __f::Workflow for #owner #bounds {
                const GRAPH: &'static __f::GraphSpec = &<#name #any>::GRAPH;
            }
        };
        let taken = self.taken(&input);
        let declared_app = generics.with_app();
        let (holding, held) = generics.with_resources();
        let mark = generics.mark();
        let (phantom, marks) =
            (quote!(::core::marker::PhantomData), quote!(::core::marker::PhantomData<(&'__r (), #mark)>));

        let prepares = |owner: &TokenStream| {
            quote! {
                #attrs
                #[allow(clippy::needless_pass_by_value)]
                #vis fn #name #fn_generics (#(#names: #borrowed),*) -> ::flowc::Prepared<#lives, #owner> #bounds
            }
        };
        let head = prepares(&owner);
        let extras = self.extras(&generics, &output);
        let policies = self.policies();
        let real = quote! {
            #head {
                ::flowc::Prepared::new((#(#names,)*))
            }
            #cfgs
            #docs
            #of_type
            #[allow(non_camel_case_types)]
            #vis #keyword #name #unbound { #marker }
            #cfgs
            const _: () = {
                use ::flowc::__private as __f;

                #implements #name #any {
                    /// The workflow as constant data.
                    #graph_constant = #graph #end
                    #[doc(hidden)]
                    #spec_constant = #spec #end
                }

                #[allow(non_upper_case_globals, clippy::unused_unit)]
                impl #declared #owner #bounds {
                    #handles
                    #policies
                    #deprecations
                    #[doc(hidden)]
                    #[inline(always)]
                    pub fn #function<'__a>(#(#names: #borrowed),*) -> (#(#borrowed,)*) {
                        (#(#names,)*)
                    }
                }

                // A type of its own, as nodes may be less visible than the workflow.
                #[doc(hidden)]
                pub struct __Resources #holding (#(#resources,)* #marks) #bounds;
                #[automatically_derived]
                impl #holding ::core::clone::Clone for __Resources #held #bounds {
                    #[inline(always)]
                    fn clone(&self) -> Self {
                        *self
                    }
                }
                #[automatically_derived]
                impl #holding ::core::marker::Copy for __Resources #held #bounds {}

                impl #declared __f::Step for #owner #bounds {
                    const SPEC: &'static __f::NodeSpec = &<#name #any>::__FLOWC_SPEC;
                    type Input<'__a> = (#(#borrowed,)*);
                    type Resources<'__r> = __Resources #held;
                    #gives Output = #output #given
                    type Error = __f::AnyError;
                    #gives Ended = ::core::result::Result<::core::result::Result<#output, __f::Failure>, __f::Panicked> #given

                    #of_body
                    #lints
                    #[inline(always)]
                    #[allow(unreachable_code, clippy::collapsible_else_if, clippy::shadow_same, clippy::suspicious_else_formatting, clippy::type_complexity)]
                    fn begin<'__a, '__r, '__s, __X: __f::Executor>(
                        #input: Self::Input<'__a>,
                        #resources_name: Self::Resources<'__r>,
                        #outer: __f::At<'__s, __X>,
                    ) -> #sendable {
                        #begun
                        #taken
                        #future
                    }

                    #[inline(always)]
                    fn settle<__X: __f::Executor>(
                        ended: Self::Ended,
                        at: __f::At<'_, __X>,
                    ) -> ::core::result::Result<#output, __f::Failure> {
                        __f::settle_workflow(ended, at)
                    }
                }

                #is_workflow

                #implements #declared_app __f::ResourcesFrom<__R> for #owner
                where
                    #(#provided,)*
                    #generics
                {
                    fn resources(#app: &__R) -> Self::Resources<'_> {
                        let _ = #app;
                        __Resources(#(#finds,)* #phantom)
                    }
                }
                #extras
            };
        };
        editor::door(&real, &self.view(&generics, &prepares(&span::apart(&owner)), &output))
    }
}

impl Emit<'_> {
    /// Where an input stands of which it is to be feared that it cannot be sent; the name, if there is none.
    fn sent(&self) -> proc_macro2::Span {
        let feared = |ty: &&Type| {
            let words = ty.to_token_stream().to_string();
            let mut words = words.split(|c: char| !c.is_alphanumeric() && c != '_');
            words.any(|word| matches!(word, "Rc" | "Cell" | "RefCell" | "dyn" | "MutexGuard"))
        };
        let types = || self.flow.params.iter().map(|param| &param.ty);
        let only = types().next().filter(|_| self.flow.params.len() == 1);
        types().find(feared).or(only).map_or_else(|| self.flow.name.span(), span::of)
    }

    /// The parameters by their names. What the body uses is no unused variable, also where something else in it is wrong and rustc
    /// does not look at it.
    fn taken(&self, input: &Ident) -> TokenStream {
        let uses = || self.flow.body.stmts.iter().flat_map(|stmt| &stmt.uses);
        let is_used = |index: usize| uses().any(|used| used.binding.0 == index);
        let names = |wanted: bool| {
            let params = self.flow.params.iter().enumerate();
            let names =
                params.map(move |(index, param)| if is_used(index) == wanted { Some(&param.name) } else { None });
            names.map(|name| name.map_or_else(|| quote!(_), ToTokens::to_token_stream)).collect::<Vec<_>>()
        };
        let count = self.flow.params.len();
        let used_count = (0..count).filter(|index| is_used(*index)).count();
        let (used, unused) = (names(true), names(false));
        let used = (used_count > 0).then(|| quote!(#[allow(unused_variables)] let (#(#used,)*) = #input;));
        let unused = (used_count < count || count == 0).then(|| quote!(let (#(#unused,)*) = #input;));
        quote!(#used #unused)
    }

    /// A result is declared, and the body ends with a binding or with a step whose value is thrown away. Anything else at its
    /// end may never come back.
    fn lacks_result(&self) -> bool {
        let thrown = |stmt: &Stmt| match stmt.kind {
            StmtKind::Let { .. } | StmtKind::Assign { .. } => true,
            StmtKind::Effect => matches!(stmt.value, Value::Step(_)),
            _ => false,
        };
        self.flow.output.is_some() && self.flow.body.stmts.last().is_none_or(thrown)
    }
}

pub(super) fn with_lifetime(ty: &Type, one: &Lifetime) -> Type {
    let mut ty = ty.clone();
    lifetimes::replace(&mut ty, one);
    ty
}

/// The generics of a workflow in the forms that its items need.
pub(super) struct Generics {
    /// `<M: ChatModel>`, or nothing.
    pub(super) declared: TokenStream,
    /// `<M>` as the type declares it: what does not depend on the parameters is asked of a stand-in that keeps no bound.
    pub(super) unbound: TokenStream,
    /// `<M>`, or nothing.
    pub(super) used: TokenStream,
    /// `where ..`, with `M: 'static`.
    pub(super) bounds: TokenStream,
    /// The field that makes the type use its parameters.
    pub(super) marker: TokenStream,
    /// `<Any>` for what does not depend on the parameters.
    pub(super) any: TokenStream,
    pub(super) params: Vec<GenericParam>,
    names: Vec<TokenStream>,
    types: Vec<TokenStream>,
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
        let mut unbound = Vec::new();
        for param in &params {
            match param {
                GenericParam::Type(ty) => {
                    let name = &ty.ident;
                    predicates.push(quote!(#name: ::core::marker::Send + ::core::marker::Sync + 'static));
                    names.push(quote!(#name));
                    unbound.push(quote!(#name));
                    types.push(quote!(fn() -> #name));
                }
                GenericParam::Const(param) => {
                    let (name, ty) = (&param.ident, &param.ty);
                    unbound.push(quote!(const #name: #ty));
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
            unbound: wrap(&unbound),
            used: wrap(&names),
            bounds,
            marker,
            any: crate::node::any(&flow.generics),
            params,
            names,
            types,
            predicates,
        }
    }

    fn with_lifetime(&self, borrows: bool) -> TokenStream {
        let params = &self.params;
        let lifetime = borrows.then(|| quote!('__a,));
        if params.is_empty() && !borrows { TokenStream::new() } else { quote!(<#lifetime #(#params),*>) }
    }

    /// The generics of what holds the resources: declared, and used.
    fn with_resources(&self) -> (TokenStream, TokenStream) {
        let (params, names) = (&self.params, &self.names);
        (quote!(<'__r, #(#params),*>), quote!(<'__r, #(#names),*>))
    }

    /// A type that uses all parameters.
    fn mark(&self) -> TokenStream {
        let types = &self.types;
        quote!(#(#types,)*)
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
