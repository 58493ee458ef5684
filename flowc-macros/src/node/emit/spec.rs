//! What is known of the node without running it.

use proc_macro2::TokenStream;
use quote::quote;
use syn::punctuated::Punctuated;
use syn::{Expr, ExprLit, Lit, Meta, MetaNameValue, Token};

use super::super::model::{Kind, Node, Returns};
use super::super::text;
use crate::span;

pub(super) fn spec(node: &Node) -> TokenStream {
    let (name, docs) = (&node.name, &node.docs);
    let kind = match node.kind {
        Kind::Async if node.options.waits => quote!(Wait),
        Kind::Async => quote!(Async),
        Kind::Sync => quote!(Sync),
        Kind::Blocking => quote!(Blocking),
        Kind::Spawn => quote!(Spawn),
    };
    let inputs = node.inputs().map(|param| {
        let (name, ty, docs) = (text::name(&param.name), text::ty(&param.ty), &param.docs);
        let docs = (!docs.is_empty()).then(|| quote!(.with_docs(#docs)));
        quote!(::flowc::__private::make::param(#name, #ty) #docs)
    });
    let (output, error) = outcome(&node.returns);
    let error = error
        .map_or_else(|| quote!(::core::option::Option::None), |error| quote!(::core::option::Option::Some(#error)));
    let line = span::line(node.span());
    let version = node.options.version.as_ref().map(|version| quote!(.with_version(#version)));
    let resources: Vec<_> = node.resources().map(|param| text::ty(super::resources::target(&param.ty))).collect();
    let resources = (!resources.is_empty()).then(|| quote!(.with_resources(&[#(#resources),*])));
    let deprecated = deprecated(node).map(|(since, reason)| quote!(.with_deprecated(#since, #reason)));
    quote! {
        #[doc(hidden)]
        pub const __FLOWC_SPEC: ::flowc::__private::NodeSpec = ::flowc::__private::make::node(
            #name, #docs, ::flowc::__private::NodeKind::#kind, &[#(#inputs),*], #output, #error, (::core::file!(), #line),
        ) #version #resources #deprecated;
    }
}

/// Since when and why the node should not be used any more, by its option or by Rust's own attribute.
fn deprecated(node: &Node) -> Option<(String, String)> {
    if let Some(option) = &node.options.deprecated {
        return Some((option.since.clone().unwrap_or_default(), option.note.clone().unwrap_or_default()));
    }
    let attr = node.attrs.iter().find(|attr| attr.path().is_ident("deprecated"))?;
    let (mut since, mut note) = (String::new(), String::new());
    match &attr.meta {
        Meta::Path(_) => {}
        Meta::NameValue(value) => note = literal(&value.value),
        // What cannot be read is told of by rustc, at the attribute.
        Meta::List(_) => {
            let pairs = attr.parse_args_with(Punctuated::<MetaNameValue, Token![,]>::parse_terminated);
            for pair in pairs.into_iter().flatten() {
                if pair.path.is_ident("since") {
                    since = literal(&pair.value);
                } else if pair.path.is_ident("note") {
                    note = literal(&pair.value);
                }
            }
        }
    }
    Some((since, note))
}

fn literal(value: &Expr) -> String {
    match value {
        Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => text.value(),
        _ => String::new(),
    }
}

/// The output and the error as written. An alias such as `io::Result<T>` does not write its error: there it is named after the alias.
fn outcome(returns: &Returns) -> (String, Option<String>) {
    let declared = text::ty(&returns.declared);
    match (&returns.output, &returns.error) {
        (Some(output), Some(error)) => (text::ty(output), Some(text::ty(error))),
        _ if !returns.fallible => (declared, None),
        _ => {
            let (alias, arguments) = declared.split_once('<').unwrap_or((&declared, "()>"));
            let output = arguments.strip_suffix('>').unwrap_or(arguments).to_owned();
            let error = alias.strip_suffix("Result").unwrap_or(alias);
            (output, Some(format!("{error}Error")))
        }
    }
}
