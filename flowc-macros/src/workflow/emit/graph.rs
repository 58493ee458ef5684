//! The graph as constant data, and a typed handle for each step that a `let` names.

use std::collections::BTreeMap;

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{ToTokens, quote};
use syn::{ExprPath, PathArguments};

use super::Emit;
use crate::node::type_text;
use crate::workflow::model::{Block, Call, EdgeMode, Input, StmtKind, Value, Vertex, VertexKind};
use crate::workflow::names;

impl Emit<'_> {
    /// The constant that describes the workflow.
    pub(super) fn graph(&self) -> TokenStream {
        let flow = self.flow;
        let inputs = flow.params.iter().map(|param| {
            let (name, ty) = (param.name.to_string(), type_text(&param.ty));
            let name = name.trim_start_matches("r#");
            let place = place(param.name.span());
            quote!(__f::make::vertex(#name, __f::make::input(#ty), ::core::option::Option::None, #place))
        });
        let vertices = flow.vertices.iter().map(vertex);
        let output = flow.output.as_ref().map_or_else(|| "()".to_owned(), type_text);
        let last = flow.params.len() + flow.vertices.len();
        let end = place(flow.body.brace.span.close());
        let result =
            quote!(__f::make::vertex("result", __f::make::output(#output), ::core::option::Option::None, #end));
        let mut edges = Vec::new();
        for (index, vertex) in flow.vertices.iter().enumerate() {
            edges.extend(self::edges(&vertex.inputs, flow.params.len() + index));
        }
        edges.extend(self::edges(&self.result_inputs(), last));
        let name = flow.name.to_string();
        let (name, docs) = (name.trim_start_matches("r#"), &flow.docs);
        let line = literal(flow.name.span().start().line);
        quote! {
            __f::make::graph(#name, #docs, (::core::file!(), #line), &[#(#inputs,)* #(#vertices,)* #result], &[#(#edges),*])
        }
    }

    /// What the last expression needs, or is.
    fn result_inputs(&self) -> Vec<Input> {
        let Some(tail) = self.flow.body.stmts.iter().find(|stmt| stmt.kind.is_tail()) else { return Vec::new() };
        let vertex = match &tail.value {
            Value::Step(call) | Value::Catch(call) => Some(call.vertex),
            Value::If(found) => Some(found.vertex),
            Value::Match(found) => Some(found.vertex),
            Value::For(found) => Some(found.vertex),
            Value::Loop(found) => Some(found.vertex),
            Value::Block(_) | Value::Plain(_) | Value::Broken => None,
        };
        if let Some(from) = vertex {
            return vec![Input { from, value: String::new(), mode: EdgeMode::Own }];
        }
        let mut inputs = Vec::new();
        for used in &tail.uses {
            let Some(binding) = self.flow.bindings.get(used.binding.0) else { continue };
            let mode = if used.own { EdgeMode::Own } else { EdgeMode::Borrow };
            inputs.extend(binding.origins.iter().map(|from| Input {
                from: *from,
                value: binding.name.to_string(),
                mode,
            }));
        }
        inputs
    }

    /// `answer::docs`: the handles of the steps that a `let` names. A name that is there more than once means the last step at the
    /// top level, and if none is there, the last one inside.
    pub(super) fn handles(&self, owner: &TokenStream, mention: impl Fn(&ExprPath) -> TokenStream) -> TokenStream {
        let mut found = BTreeMap::new();
        named(&self.flow.body, 0, &mut found);
        let handles = found.values().map(|(_, name, call)| {
            let (path, vertex) = (mention(&call.path), Literal::u32_unsuffixed(call.vertex));
            let docs = format!(" The step `{name}`.");
            let node = super::step::only_type(&call.path, path);
            let node = if call.policy.is_some() { quote!(__f::Overridden<#node>) } else { node };
            quote! {
                #[doc = #docs]
                pub const #name: __f::StepHandle<#owner, #node, #vertex> = __f::StepHandle::new();
            }
        });
        quote!(#(#handles)*)
    }
}

/// The steps that a `let` names, here and inside, each with how deep it stands.
fn named<'b>(block: &'b Block, depth: usize, found: &mut BTreeMap<String, (usize, &'b Ident, &'b Call)>) {
    for stmt in &block.stmts {
        let mut inside = |block| named(block, depth + 1, found);
        match (&stmt.kind, &stmt.value) {
            (StmtKind::Let { pat: syn::Pat::Ident(pat), .. }, Value::Step(call)) => {
                let name = pat.ident.to_string();
                let hidden = name.starts_with('_') || name.starts_with("nested");
                let outer = found.get(&name).is_some_and(|(other, ..)| *other == 0 && depth > 0);
                if !hidden && !outer && names::inferred(&call.path).is_none() {
                    found.insert(name, (depth, &pat.ident, call));
                }
            }
            (_, Value::If(value)) => {
                inside(&value.then);
                value.otherwise.iter().for_each(|(_, block)| inside(block));
            }
            (_, Value::Match(value)) => value.arms.iter().for_each(|arm| inside(&arm.body)),
            (_, Value::For(value)) => inside(&value.body),
            (_, Value::Loop(value)) => inside(&value.body),
            (_, Value::Block(block)) => inside(block),
            _ => {}
        }
    }
}

fn vertex(vertex: &Vertex) -> TokenStream {
    let name = &vertex.name;
    let kind = match &vertex.kind {
        VertexKind::Step { path, effect } => {
            let node = spec(path);
            quote!(__f::make::step(&#node, #effect))
        }
        VertexKind::Branch { subject, lanes } => quote!(__f::make::branch(#subject, &[#(#lanes),*])),
        VertexKind::Map { item, over, max, collect } => quote!(__f::make::map(#item, #over, #max, #collect)),
        VertexKind::Loop { max } => quote!(__f::make::repeat(#max)),
        VertexKind::Block => quote!(__f::make::block()),
    };
    let region = match vertex.place {
        Some((region, lane)) => quote!(::core::option::Option::Some((#region, #lane))),
        None => quote!(::core::option::Option::None),
    };
    let place = place(vertex.span);
    quote!(__f::make::vertex(#name, #kind, #region, #place))
}

/// What is known of a node does not depend on its type arguments.
fn spec(path: &ExprPath) -> TokenStream {
    let mut path = path.clone();
    if let Some(last) = path.path.segments.last_mut() {
        if let PathArguments::AngleBracketed(args) = &mut last.arguments {
            for arg in &mut args.args {
                let any = quote::quote_spanned!(crate::span::of(&*arg)=> _);
                *arg = syn::parse_quote!(#any);
            }
        }
    }
    let path = path.to_token_stream();
    quote!(<#path>::__FLOWC_SPEC)
}

fn edges(inputs: &[Input], to: usize) -> Vec<TokenStream> {
    let mut seen: Vec<(u32, &str, EdgeMode)> = Vec::new();
    let to = literal(to);
    let mut found = Vec::new();
    for Input { from, value, mode } in inputs {
        if seen.contains(&(*from, value.as_str(), *mode)) {
            continue;
        }
        seen.push((*from, value, *mode));
        let from = Literal::u32_unsuffixed(*from);
        let value = if value.starts_with("nested") { "" } else { value.trim_start_matches("r#") };
        found.push(match mode {
            EdgeMode::Borrow => quote!(__f::make::borrow(#from, #to, #value)),
            EdgeMode::Own => quote!(__f::make::own(#from, #to, #value)),
            EdgeMode::Order => quote!(__f::make::order(#from, #to)),
        });
    }
    found
}

fn place(span: proc_macro2::Span) -> TokenStream {
    let start = span.start();
    let (line, column) = (literal(start.line), literal(start.column + 1));
    quote!((#line, #column))
}

fn literal(number: usize) -> Literal {
    Literal::u32_unsuffixed(u32::try_from(number).unwrap_or(u32::MAX))
}
