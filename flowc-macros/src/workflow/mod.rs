//! `workflow!`: read, plan, emit.

mod attrs;
mod calls;
mod emit;
mod model;
mod names;
mod output;
mod parse;
mod plain;
mod plan;
mod policy;
mod read;
mod unique;
mod view;
mod walk;

use std::collections::HashSet;

use proc_macro2::{Delimiter, Group, TokenStream};

use crate::debug;
use crate::diag::Diag;
use crate::messages::workflow as messages;
use model::Flow;

/// Expands one `workflow! { .. }`.
pub(crate) fn expand(input: TokenStream) -> TokenStream {
    let mut diag = Diag::new();
    let signatures = parse::signatures(input, &mut diag);
    let mut out = TokenStream::new();
    let mut calls = calls::Calls::default();
    let mut seen = HashSet::new();
    for signature in signatures {
        let mut own = Diag::new();
        let name = signature.name.to_string();
        // With `#[cfg]`, at most one of them may be left.
        let always = !signature.attrs.iter().any(|attr| attr.path().is_ident("cfg"));
        if always && !seen.insert(name.clone()) {
            diag.at(&signature.name, messages::defined_twice(&name));
            continue;
        }
        let mut flow = read_flow(signature, calls.leading_to(&name), &mut own);
        calls.note(&flow);
        let broken = !own.is_empty() || !diag.is_empty();
        flow.sequential |= broken;
        let expansion = emit::flow(&flow, broken);
        debug::show(&name, &expansion);
        out.extend(expansion);
        out.extend(own.finish_if(&flow.cfgs()));
    }
    out.extend(diag.finish());
    out
}

fn read_flow(signature: parse::Signature, leads_back: HashSet<String>, diag: &mut Diag) -> Flow {
    let parse::Signature { attrs, vis, name, generics, params, lost, output, brace, body } = signature;
    if let Some(lifetime) = generics.lifetimes().next() {
        diag.at(lifetime, messages::NO_LIFETIMES);
    }
    let mut raw = Group::new(Delimiter::Brace, body.clone());
    raw.set_span(brace.span.join());
    let view = view::body(&raw, params.iter().map(|param| &param.name), output.is_some());
    let body = parse::statements(body, diag);
    let mut body: Vec<parse::Raw> = body.into_iter().map(|raw| plain::plain(raw, diag)).collect();
    let output = output::output(output, &mut body, diag);
    let mut reader = read::Reader::new(diag, name.clone(), params.len());
    reader.leads_back = leads_back;
    reader.lost(&lost);
    for (index, param) in params.iter().enumerate() {
        let origin = u32::try_from(index).unwrap_or(u32::MAX);
        reader.define(&param.name, None, vec![origin]);
    }
    let body = reader.block(body, brace, &[]);
    let docs = parse::docs(&attrs);
    let read::Reader { bindings, mut vertices, mutable, ordered, sequential, .. } = reader;
    unique::number(&mut vertices, u32::try_from(params.len()).unwrap_or(u32::MAX));
    Flow {
        attrs,
        docs,
        vis,
        name,
        generics,
        params,
        output,
        body,
        view,
        bindings,
        vertices,
        mutable,
        ordered,
        sequential,
    }
}
