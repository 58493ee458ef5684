//! `cache(key = path, ttl = "10m", max = 1000, name = "..")`.

use std::time::Duration;

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::ExprPath;

use super::site::{Site, asked_at, set};
use super::{Entry, duration, each, list, path, value};
use crate::diag::Diag;
use crate::messages::options as text;
use crate::span;

const KEYS: [&str; 4] = ["key", "ttl", "max", "name"];
const EXAMPLE: &str = "cache(key = Query::cache_key, ttl = \"10m\")";

/// `cache` as written.
pub(super) struct Cache {
    span: Span,
    key: Option<ExprPath>,
    ttl: Option<Duration>,
    max: Option<u32>,
    name: Option<String>,
}

impl Cache {
    /// What can be read of it; bad parts are reported and left out.
    pub(super) fn parse(entry: &Entry, diag: &mut Diag) -> Option<Self> {
        let mut found = Self { span: entry.key.span(), key: None, ttl: None, max: None, name: None };
        let (mut keyed, mut all_known) = (false, true);
        if let super::Value::List(_) = entry.value {
            let entries = list(entry, EXAMPLE, diag)?;
            all_known = each(entries, "`cache`", &KEYS, diag, |key, entry, diag| match key {
                "key" => {
                    keyed = true;
                    found.key = path(&entry, "key = Query::cache_key", diag);
                }
                "ttl" => found.ttl = value::some_duration(&entry, "ttl = \"10m\"", diag),
                "max" => found.max = value::count(&entry, "max = 1000", diag),
                _ => found.name = value::name(&entry, "name = \"docs\"", diag),
            });
        }
        if !keyed && all_known {
            diag.at(&entry.key, text::missing("cache", "key", EXAMPLE));
            return None;
        }
        Some(found)
    }

    pub(super) fn tokens(&self, site: &Site) -> TokenStream {
        let ttl = set("ttl", self.ttl.map(duration::tokens));
        let max = set("max", self.max.map(|max| usize::try_from(max).unwrap_or(usize::MAX)));
        let shared = super::shared(self.name.as_deref(), &quote!(::flowc::__private::CachePolicy::new() #ttl #max));
        let key = self.key.as_ref().map(|path| site.of_inputs(path, &asked_at(span::of(path), "cache_key")));
        // An output that is not `Clone` is a mistake of the option as a whole.
        let (here, step) = (span::hidden_at(self.span), &site.step);
        let copy = asked_at(self.span, "cached");
        let copy = quote_spanned!(here=> #copy::<<#step as ::flowc::__private::Step>::Output>);
        quote!(.cache(#shared, #key, #copy))
    }
}
