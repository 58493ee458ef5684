//! `timeout = "5s"`, and `timeout(attempt = "5s", total = "30s", idle = "2s")`.

use std::time::Duration;

use proc_macro2::{Span, TokenStream};
use quote::quote;

use super::site::set;
use super::{Entry, Value, each, entries, value};
use crate::diag::Diag;
use crate::messages::options as text;

const KEYS: [&str; 3] = ["attempt", "total", "idle"];
const EXAMPLE: &str = "timeout = \"5s\"";
const PARTS: &str = "timeout(attempt = \"5s\", total = \"30s\")";

/// `timeout` as written.
#[derive(Default)]
pub(super) struct Timeout {
    attempt: Option<Duration>,
    total: Option<Duration>,
    idle: Option<Duration>,
}

impl Timeout {
    /// What can be read of it; bad parts are reported and left out.
    pub(super) fn parse(entry: &Entry, diag: &mut Diag) -> Self {
        let mut timeout = Self::default();
        let Some(tokens) = options(entry) else {
            timeout.attempt = value::some_duration(entry, EXAMPLE, diag);
            return timeout;
        };
        let mut shorter: Vec<(Span, &str)> = Vec::new();
        each(entries(tokens, PARTS, diag), "`timeout`", &KEYS, diag, |key, entry, diag| {
            let limit = value::some_duration(&entry, &format!("{key} = \"5s\""), diag);
            match key {
                "attempt" => timeout.attempt = limit,
                "total" => timeout.total = limit,
                _ => timeout.idle = limit,
            }
            if let Value::Is(at) = &entry.value {
                let key = KEYS.into_iter().find(|known| *known == key).unwrap_or_default();
                shorter.push((syn::spanned::Spanned::span(at), key));
            }
        });
        let at = |key: &str| shorter.iter().find(|(_, found)| *found == key).map(|(span, _)| *span);
        if let (Some(attempt), Some(total), Some(at)) = (timeout.attempt, timeout.total, at("total")) {
            if total < attempt {
                diag.span(at, text::TOTAL_BELOW_ATTEMPT);
            }
        }
        let longest = timeout.attempt.into_iter().chain(timeout.total).min();
        if let (Some(idle), Some(longest), Some(at)) = (timeout.idle, longest, at("idle")) {
            if idle > longest {
                diag.span(at, text::IDLE_ABOVE_REST);
            }
        }
        timeout
    }

    pub(super) fn tokens(&self) -> TokenStream {
        let limit = |limit: Option<Duration>| limit.map(super::duration::tokens);
        let attempt = limit(self.attempt).map_or_else(|| quote!(NONE), |limit| quote!(attempt(#limit)));
        let (total, idle) = (set("total", limit(self.total)), set("idle", limit(self.idle)));
        quote!(.timeout(::flowc::__private::Timeout::#attempt #total #idle))
    }
}

/// The options in the parentheses; a literal there is the value itself, as in `#[timeout("5s")]`.
fn options(entry: &Entry) -> Option<TokenStream> {
    let Value::List(tokens) = &entry.value else { return None };
    let first = tokens.clone().into_iter().next()?;
    matches!(first, proc_macro2::TokenTree::Ident(_)).then(|| tokens.clone())
}
