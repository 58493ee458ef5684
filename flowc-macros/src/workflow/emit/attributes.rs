//! Which attributes of a workflow go where: its function has them all, and what stands beside it those that concern it too.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};
use syn::punctuated::Punctuated;
use syn::{Attribute, Meta, Path, Token};

use crate::workflow::model::Flow;

/// Lints that speak of the function and not of what it does.
const OF_THE_ITEM: &[&str] = &["missing_docs", "non_snake_case", "unreachable_pub", "clippy::too_many_arguments"];

impl Flow {
    /// `#[cfg(..)]`: everything that is generated has it.
    pub(crate) fn cfgs(&self) -> TokenStream {
        self.having(&["cfg"])
    }

    pub(super) fn deprecations(&self) -> TokenStream {
        self.having(&["deprecated"])
    }

    /// Levels of lints, for the body. What is forbidden to the user is only denied to the code around it.
    pub(super) fn lints_of_body(&self) -> TokenStream {
        self.lints(|attr, level| match level {
            "expect" if of_the_item(attr) => TokenStream::new(),
            "forbid" => renamed(attr, "deny"),
            _ => attr.to_token_stream(),
        })
    }

    /// Levels of lints, for the type.
    pub(super) fn lints_of_type(&self) -> TokenStream {
        self.lints(|attr, level| match level {
            "expect" => renamed(attr, "allow"),
            "forbid" => renamed(attr, "deny"),
            _ => attr.to_token_stream(),
        })
    }

    /// All attributes, for the function. What is expected of the body is not expected here once more.
    pub(super) fn of_function(&self) -> TokenStream {
        let kept = self.attrs.iter().map(|attr| match level(attr).as_deref() {
            Some("expect") if !of_the_item(attr) => renamed(attr, "allow"),
            _ => attr.to_token_stream(),
        });
        kept.collect()
    }

    fn having(&self, names: &[&str]) -> TokenStream {
        let found = self.attrs.iter().filter(|attr| names.iter().any(|name| attr.path().is_ident(name)));
        found.map(ToTokens::to_token_stream).collect()
    }

    fn lints(&self, written: impl Fn(&Attribute, &str) -> TokenStream) -> TokenStream {
        self.attrs.iter().filter_map(|attr| Some(written(attr, level(attr)?.as_str()))).collect()
    }
}

fn level(attr: &Attribute) -> Option<String> {
    let name = attr.path().get_ident()?.to_string();
    ["allow", "expect", "warn", "deny", "forbid"].contains(&name.as_str()).then_some(name)
}

/// Whether all lints that it names speak of the function.
fn of_the_item(attr: &Attribute) -> bool {
    let lints = attr.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated).unwrap_or_default();
    let mut lints = lints.iter().filter_map(|lint| match lint {
        Meta::Path(path) => Some(text(path)),
        _ => None,
    });
    lints.all(|lint| OF_THE_ITEM.contains(&lint.as_str()))
}

fn text(path: &Path) -> String {
    let segments: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
    segments.join("::")
}

/// The same lints at another level.
fn renamed(attr: &Attribute, level: &str) -> TokenStream {
    let Meta::List(list) = &attr.meta else { return TokenStream::new() };
    let (level, lints) = (Ident::new(level, crate::span::of(&list.path)), &list.tokens);
    quote!(#[#level(#lints)])
}
