//! The types of a module.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};

use super::ty::ty;
use super::{docs, ident};
use crate::model::{Field, Named, Shape, Ty, Variant, Word};

pub(super) fn named(named: &Named, types: &[Named], at: Span) -> TokenStream {
    let (name, docs) = (ident(&named.name, at), docs(&named.docs, at));
    let (item, more) = match &named.shape {
        Shape::Struct { fields, rest } => (structure(&name, fields, rest.as_ref(), types, at), TokenStream::new()),
        Shape::Choice(words) => choice(&name, words, at),
        Shape::Union(variants) => union(&name, variants, types, at),
        Shape::Alias(of) => {
            let of = ty(of, types, at);
            return quote_spanned!(at=> #docs pub type #name = #of;);
        }
    };
    // Whether the type can tell its JSON Schema is decided in flowc-mcp: only that crate knows its features.
    quote_spanned!(at=> ::flowc_mcp::__typed! { #docs #item } #more)
}

fn derive(more: &TokenStream, at: Span) -> TokenStream {
    quote_spanned! {at=>
        #[derive(
            Clone, Debug, PartialEq, #more
            ::flowc_mcp::typed::serde::Serialize, ::flowc_mcp::typed::serde::Deserialize
        )]
        #[serde(crate = "::flowc_mcp::typed::serde")]
    }
}

fn structure(name: &proc_macro2::Ident, fields: &[Field], rest: Option<&Ty>, types: &[Named], at: Span) -> TokenStream {
    let default = fields.iter().all(|field| !field.required).then(|| quote_spanned!(at=> Default,));
    let derive = derive(&quote!(#default), at);
    let rest = rest.map(|rest| {
        let taken = fields.iter().any(|field| field.name == "other");
        let (name, ty) = (ident(if taken { "more" } else { "other" }, at), ty(rest, types, at));
        quote_spanned!(at=> #[doc = "What has no field of its own."] #[serde(flatten)] pub #name: #ty,)
    });
    let fields = fields.iter().map(|field| {
        let (name, ty, docs) = (ident(&field.name, at), ty(&field.ty, types, at), docs(&field.docs, at));
        let wire = &field.wire;
        let rename =
            (field.name.trim_start_matches("r#") != wire).then(|| quote_spanned!(at=> #[serde(rename = #wire)]));
        let absent =
            (!field.required).then(|| quote_spanned!(at=> #[serde(default, skip_serializing_if = "Option::is_none")]));
        quote_spanned!(at=> #docs #rename #absent pub #name: #ty,)
    });
    quote_spanned!(at=> #derive pub struct #name { #(#fields)* #rest })
}

/// The enum, and its `Display`.
fn choice(name: &proc_macro2::Ident, words: &[Word], at: Span) -> (TokenStream, TokenStream) {
    let derive = derive(&quote_spanned!(at=> Copy, Eq, Hash,), at);
    let variants = words.iter().map(|word| {
        let (variant, docs, wire) = (ident(&word.name, at), docs(&word.docs, at), &word.wire);
        quote_spanned!(at=> #docs #[serde(rename = #wire)] #variant,)
    });
    let arms = words.iter().map(|word| {
        let (variant, wire) = (ident(&word.name, at), &word.wire);
        quote_spanned!(at=> Self::#variant => #wire,)
    });
    let item = quote_spanned!(at=> #derive pub enum #name { #(#variants)* });
    let display = quote_spanned! {at=>
        impl ::core::fmt::Display for #name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.pad(match self { #(#arms)* })
            }
        }
    };
    (item, display)
}

/// The enum, and how its variants become one.
fn union(name: &proc_macro2::Ident, variants: &[Variant], types: &[Named], at: Span) -> (TokenStream, TokenStream) {
    let derive = derive(&TokenStream::new(), at);
    let is_alias = |of: &Ty| matches!(of, Ty::Named(id) if types.get(*id).is_none_or(|named| matches!(named.shape, Shape::Alias(_))));
    // What has another name may be the type of another variant.
    let apart = !variants.iter().any(|variant| is_alias(&variant.ty));
    let conversions = variants.iter().filter(|_| apart).map(|variant| {
        let (variant, ty) = (ident(&variant.name, at), ty(&variant.ty, types, at));
        quote_spanned! {at=>
            impl From<#ty> for #name {
                fn from(value: #ty) -> Self {
                    Self::#variant(value)
                }
            }
        }
    });
    let variants = variants.iter().map(|variant| {
        let (name, ty) = (ident(&variant.name, at), ty(&variant.ty, types, at));
        quote_spanned!(at=> #name(#ty),)
    });
    let conversions = quote!(#(#conversions)*);
    (quote_spanned!(at=> #derive #[serde(untagged)] pub enum #name { #(#variants)* }), conversions)
}
