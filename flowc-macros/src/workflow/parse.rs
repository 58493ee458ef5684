//! Tokens to statements. Recovering: a statement that cannot be read is kept as tokens, and the others are read all the same.

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, Generics, Ident, Pat, ReturnType, Token, Type, Visibility, token};

use super::model::Param;
use super::names;
use crate::diag::Diag;
use crate::messages::workflow as messages;
use crate::node::{lifetimes, without_type};
use crate::span;

/// The signature of a workflow and its body as tokens.
pub(crate) struct Signature {
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) vis: Visibility,
    pub(crate) name: Ident,
    pub(crate) generics: Generics,
    pub(crate) params: Vec<Param>,
    /// Names of parameters that cannot be had.
    pub(crate) lost: Vec<Ident>,
    pub(crate) output: Option<Type>,
    pub(crate) brace: token::Brace,
    pub(crate) body: TokenStream,
}

/// A statement as syn reads it, or what stood in its place.
#[allow(clippy::large_enum_variant, reason = "nearly all statements are the large one")]
pub(crate) enum Raw {
    Stmt(syn::Stmt),
    /// The names that it was to make, as far as they can be seen.
    Broken(Vec<Ident>),
}

/// Every workflow of one `workflow!`.
pub(crate) fn signatures(input: TokenStream, diag: &mut Diag) -> Vec<Signature> {
    let mut found = Vec::new();
    let parser = |input: ParseStream<'_>| {
        if input.is_empty() {
            diag.span(crate::span::whole(), messages::EMPTY_WORKFLOW);
        }
        while !input.is_empty() {
            match signature(input, diag) {
                Ok(signature) => found.push(signature),
                Err(error) => {
                    diag.syn(error);
                    skip_body(input)?;
                }
            }
        }
        Ok(())
    };
    if let Err(error) = parser.parse2(input) {
        diag.syn(error);
    }
    found
}

/// To behind the next braces: the workflow that follows there is read all the same.
fn skip_body(input: ParseStream<'_>) -> syn::Result<()> {
    while !input.is_empty() {
        let token: TokenTree = input.parse()?;
        if matches!(token, TokenTree::Group(group) if group.delimiter() == proc_macro2::Delimiter::Brace) {
            break;
        }
    }
    Ok(())
}

fn signature(input: ParseStream<'_>, diag: &mut Diag) -> syn::Result<Signature> {
    let attrs = input.call(Attribute::parse_outer)?;
    let vis = input.parse()?;
    if input.peek(Token![const]) {
        let token: Token![const] = input.parse()?;
        diag.at(token, messages::CONST_WORKFLOW);
    }
    if input.peek(Token![async]) {
        let token: Token![async] = input.parse()?;
        diag.at(token, messages::ASYNC_WORKFLOW);
    }
    if input.peek(Token![unsafe]) {
        let token: Token![unsafe] = input.parse()?;
        diag.at(token, messages::UNSAFE_WORKFLOW);
    }
    input.parse::<Token![fn]>()?;
    let name: Ident = input.parse()?;
    let mut generics: Generics = input.parse()?;
    let inside;
    syn::parenthesized!(inside in input);
    let (mut params, mut lost, mut signed) = (Vec::new(), Vec::new(), Vec::new());
    while !inside.is_empty() {
        if let Some(name) = without_type(&inside) {
            diag.at(&name, messages::param_without_type(&name));
            lost.push(name);
        } else {
            signed.push(inside.parse()?);
        }
        if !inside.is_empty() {
            inside.parse::<Token![,]>()?;
        }
    }
    for arg in signed {
        match arg {
            syn::FnArg::Receiver(receiver) => diag.at(receiver, messages::SELF_IN_WORKFLOW),
            syn::FnArg::Typed(arg) => {
                if let Some(attr) = arg.attrs.iter().find(|attr| !attr.path().is_ident("doc")) {
                    let is_cfg = attr.path().is_ident("cfg");
                    let text = if is_cfg { messages::CFG_PARAM } else { messages::ATTRIBUTE_ON_PARAM };
                    diag.at(attr.path(), text);
                }
                if let Some(token) = lifetimes::find_impl(&arg.ty) {
                    diag.at(token, messages::IMPL_TRAIT_PARAM);
                    lost.extend(names::bindings_of(&arg.pat).into_iter().map(|pat| pat.ident));
                    continue;
                }
                if let Type::Reference(ty) = &*arg.ty {
                    if let Some(mutability) = ty.mutability {
                        diag.at(mutability, messages::MUT_PARAM);
                    }
                }
                match *arg.pat {
                    Pat::Ident(pat) if pat.by_ref.is_none() && pat.subpat.is_none() => {
                        if let Some(mutability) = pat.mutability {
                            diag.at(mutability, messages::MUT_BINDING_PARAM);
                        }
                        let twice = params.iter().any(|param: &Param| param.name == pat.ident);
                        if twice {
                            diag.at(&pat.ident, messages::param_twice(&pat.ident));
                        }
                        let name = if twice { span::local_at("again", pat.ident.span()) } else { pat.ident };
                        params.push(Param { name, ty: *arg.ty, docs: docs(&arg.attrs) });
                    }
                    pat => {
                        lost.extend(names::bindings_of(&pat).into_iter().map(|pat| pat.ident));
                        diag.at(pat, messages::PATTERN_PARAM);
                    }
                }
            }
        }
    }
    let output = match input.parse::<ReturnType>()? {
        ReturnType::Default => None,
        ReturnType::Type(_, ty) => Some(*ty),
    };
    generics.where_clause = input.parse()?;
    let content;
    let brace = syn::braced!(content in input);
    let body = content.parse()?;
    Ok(Signature { attrs, vis, name, generics, params, lost, output, brace, body })
}

/// The statements of a body.
pub(crate) fn statements(body: TokenStream, diag: &mut Diag) -> Vec<Raw> {
    if let Ok(stmts) = syn::Block::parse_within.parse2(body.clone()) {
        return stmts.into_iter().map(Raw::Stmt).collect();
    }
    let mut found = Vec::new();
    let mut rest: Vec<TokenTree> = body.into_iter().collect();
    while !rest.is_empty() {
        let chunk = next_chunk(&mut rest);
        let tokens: TokenStream = chunk.into_iter().collect();
        match parse_chunk(&tokens) {
            Ok(stmts) => found.extend(stmts.into_iter().map(Raw::Stmt)),
            Err(error) => {
                diag.syn(error);
                found.push(Raw::Broken(names_of(&tokens)));
            }
        }
    }
    found
}

/// In braces that stand at its last token, for what syn has to say of the end.
fn parse_chunk(tokens: &TokenStream) -> syn::Result<Vec<syn::Stmt>> {
    let mut group = proc_macro2::Group::new(proc_macro2::Delimiter::Brace, tokens.clone());
    group.set_span(span::last(tokens));
    let parser = |input: ParseStream<'_>| {
        let content;
        syn::braced!(content in input);
        content.call(syn::Block::parse_within)
    };
    parser.parse2(TokenTree::Group(group).into())
}

/// Up to and with the next `;`, or up to the next `let`.
fn next_chunk(rest: &mut Vec<TokenTree>) -> Vec<TokenTree> {
    let end = rest.iter().enumerate().find_map(|(index, token)| match token {
        TokenTree::Punct(punct) if punct.as_char() == ';' => Some(index + 1),
        TokenTree::Ident(ident) if index > 0 && ident == "let" && starts_statement(rest, index) => Some(index),
        _ => None,
    });
    let tail = rest.split_off(end.unwrap_or(rest.len()));
    std::mem::replace(rest, tail)
}

/// Not the `let` of an `if let`, nor one behind an attribute, whose statement began before it.
fn starts_statement(tokens: &[TokenTree], index: usize) -> bool {
    !matches!(tokens.get(index - 1),
        Some(TokenTree::Ident(before)) if before == "if" || before == "while")
        && !matches!(tokens.get(index - 1), Some(TokenTree::Punct(punct)) if punct.as_char() == '&')
        && !matches!((index.checked_sub(2).and_then(|at| tokens.get(at)), tokens.get(index - 1)),
            (Some(TokenTree::Punct(hash)), Some(TokenTree::Group(_))) if hash.as_char() == '#')
}

/// The names that a `let` was to make whose attributes or value could not be read: those of its pattern, and whatever else stands
/// in front of a `=`.
fn names_of(tokens: &TokenStream) -> Vec<Ident> {
    let tokens: Vec<TokenTree> = tokens.clone().into_iter().collect();
    let is_let = |token: &TokenTree| matches!(token, TokenTree::Ident(word) if word == "let");
    let Some(start) = tokens.iter().position(is_let) else { return Vec::new() };
    let parser = |input: ParseStream<'_>| {
        let pat = Pat::parse_single(input)?;
        input.parse::<TokenStream>()?;
        Ok(pat)
    };
    let behind: TokenStream = tokens.iter().skip(start + 1).cloned().collect();
    let pat = parser.parse2(behind).ok();
    let mut names: Vec<Ident> = pat.iter().flat_map(names::bindings_of_let).map(|made| made.ident).collect();
    for pair in tokens.windows(2) {
        if let [TokenTree::Ident(name), TokenTree::Punct(sign)] = pair {
            if sign.as_char() == '=' && sign.spacing() == proc_macro2::Spacing::Alone && !names.contains(name) {
                names.push(name.clone());
            }
        }
    }
    names
}

/// The doc comment of some attributes, lines joined.
pub(crate) fn docs(attrs: &[Attribute]) -> String {
    let mut lines = Vec::new();
    for attr in attrs.iter().filter(|attr| attr.path().is_ident("doc")) {
        if let syn::Meta::NameValue(meta) = &attr.meta {
            if let syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) = &meta.value {
                let line = text.value();
                lines.push(line.strip_prefix(' ').unwrap_or(&line).to_owned());
            }
        }
    }
    lines.join("\n")
}

/// Tokens as a person would write them, near enough for a label.
pub(crate) fn shown(tokens: impl ToTokens) -> String {
    let mut text = tokens.to_token_stream().to_string();
    for (from, to) in [
        (" . ", "."),
        (" :: ", "::"),
        (":: ", "::"),
        (" ::", "::"),
        ("& ", "&"),
        (" (", "("),
        ("( ", "("),
        (" )", ")"),
        (" ,", ","),
        (" [", "["),
        ("[ ", "["),
        (" ]", "]"),
        ("! ", "!"),
        (" ?", "?"),
        (" ;", ";"),
    ] {
        text = text.replace(from, to);
    }
    text
}
