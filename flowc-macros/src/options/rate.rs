//! `rate(calls = 10, per = "1s", burst = 20, tokens = 90_000, cost = path, key = path, wait = "5s", name = "..")`.

use std::time::Duration;

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::ExprPath;

use super::site::{Site, asked_at, set};
use super::{Entry, duration, each, list, path, value};
use crate::diag::Diag;
use crate::messages::options as text;
use crate::span;

const KEYS: [&str; 8] = ["calls", "per", "burst", "tokens", "cost", "key", "wait", "name"];
const EXAMPLE: &str = "rate(calls = 10, per = \"1s\")";
const TOKENS: &str = "rate(tokens = 90_000, per = \"1m\", cost = Prompt::tokens)";

/// `rate` as written.
#[derive(Default)]
pub(super) struct Rate {
    calls: Option<u32>,
    per: Option<Duration>,
    burst: Option<u32>,
    tokens: Option<u64>,
    cost: Option<ExprPath>,
    key: Option<ExprPath>,
    wait: Option<Duration>,
    name: Option<String>,
}

impl Rate {
    /// What can be read of it; bad parts are reported and left out.
    pub(super) fn parse(entry: &Entry, diag: &mut Diag) -> Option<Self> {
        let entries = list(entry, EXAMPLE, diag)?;
        let mut found = Self::default();
        let mut keys: Vec<(String, Span)> = Vec::new();
        let all_known = each(entries, "`rate`", &KEYS, diag, |key, entry, diag| {
            keys.push((key.to_owned(), entry.key.span()));
            match key {
                "calls" => found.calls = value::count(&entry, "calls = 10", diag),
                "per" => found.per = value::some_duration(&entry, "per = \"1s\"", diag),
                "burst" => found.burst = value::count(&entry, "burst = 20", diag),
                "tokens" => found.tokens = value::count(&entry, "tokens = 90_000", diag).map(u64::from),
                "cost" => found.cost = path(&entry, "cost = Prompt::tokens", diag),
                "key" => found.key = path(&entry, "key = Query::tenant", diag),
                "wait" => found.wait = value::any_duration(&entry, "wait = \"5s\"", diag).map(|(wait, _)| wait),
                _ => found.name = value::name(&entry, "name = \"model\"", diag),
            }
        });
        let at = |key: &str| keys.iter().find(|(found, _)| found == key).map(|(_, span)| *span);
        if !all_known {
            return Some(found);
        }
        if at("calls").is_none() && at("tokens").is_none() {
            diag.at(&entry.key, text::missing_of("rate", &["calls", "tokens"], EXAMPLE));
        } else if at("per").is_none() {
            diag.at(&entry.key, text::missing("rate", "per", EXAMPLE));
        }
        match (at("tokens"), at("cost")) {
            (Some(tokens), None) => diag.span(tokens, text::needs("tokens", "cost", TOKENS)),
            (None, Some(cost)) => diag.span(cost, text::needs("cost", "tokens", TOKENS)),
            _ => {}
        }
        if let (Some(burst), None) = (at("burst"), at("calls")) {
            diag.span(burst, text::needs("burst", "calls", "rate(calls = 10, per = \"1s\", burst = 20)"));
        }
        Some(found)
    }

    pub(super) fn tokens(&self, site: &Site) -> TokenStream {
        let per = self.per.map(duration::tokens);
        let quota = |amount: TokenStream| quote!(#amount, #per);
        let parts = [
            set("calls", self.calls.map(|calls| quota(quote!(#calls)))),
            set("burst", self.burst),
            set("tokens", self.tokens.map(|tokens| quota(quote!(#tokens)))),
            set("wait", self.wait.map(duration::tokens)),
        ];
        let shared = super::shared(self.name.as_deref(), &quote!(::flowc::__private::RatePolicy::new() #(#parts)*));
        let asked = |path: &ExprPath, wrap: &str| site.of_inputs(path, &asked_at(span::of(path), wrap));
        let key = set("rate_key", self.key.as_ref().map(|path| asked(path, "rate_key")));
        let cost = set("rate_cost", self.cost.as_ref().map(|path| asked(path, "rate_cost")));
        quote!(.rate(#shared) #key #cost)
    }
}
