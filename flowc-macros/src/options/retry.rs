//! `retry(attempts = 4, base = "100ms", factor = 2, max = "2s", jitter, budget = "30s", if = path)`.

use std::time::Duration;

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::ExprPath;

use super::site::{asked_at, set};
use super::{Entry, Value, duration, each, flag, list, path, value};
use crate::diag::Diag;
use crate::messages::options as text;
use crate::span;

const KEYS: [&str; 7] = ["attempts", "base", "factor", "max", "jitter", "budget", "if"];
const EXAMPLE: &str = "retry(attempts = 3, base = \"100ms\")";

/// `retry` as written.
pub(super) struct Retry {
    span: Span,
    attempts: Option<u32>,
    base: Option<Duration>,
    factor: Option<f64>,
    max: Option<Duration>,
    jitter: bool,
    budget: Option<Duration>,
    when: Option<ExprPath>,
}

impl Retry {
    /// What can be read of it; bad parts are reported and left out.
    pub(super) fn parse(entry: &Entry, diag: &mut Diag) -> Self {
        let span = entry.key.span();
        let mut retry =
            Self { span, attempts: None, base: None, factor: None, max: None, jitter: false, budget: None, when: None };
        if matches!(entry.value, Value::None) {
            return retry;
        }
        let mut longest = None;
        each(list(entry, EXAMPLE, diag).unwrap_or_default(), "`retry`", &KEYS, diag, |key, entry, diag| match key {
            "attempts" => retry.attempts = value::count(&entry, "attempts = 3", diag),
            "base" => retry.base = value::any_duration(&entry, "base = \"100ms\"", diag).map(|(base, _)| base),
            "factor" => retry.factor = value::factor(&entry, "factor = 2", diag),
            "max" => {
                let max = value::any_duration(&entry, "max = \"10s\"", diag);
                retry.max = max.map(|(max, _)| max);
                longest = max.map(|(_, span)| span);
            }
            "jitter" => retry.jitter = flag(&entry, diag),
            "budget" => retry.budget = value::some_duration(&entry, "budget = \"30s\"", diag),
            _ => retry.when = path(&entry, "if = SearchError::is_transient", diag),
        });
        if let (Some(base), Some(max), Some(span)) = (retry.base, retry.max, longest) {
            if base > max {
                diag.span(span, text::BASE_OVER_MAX);
            }
        }
        retry
    }

    /// Its numbers, how its inputs are given once more, and what the error says of another attempt.
    pub(super) fn tokens(&self) -> TokenStream {
        let time = |limit: Option<Duration>| limit.map(duration::tokens);
        let parts = [
            set("attempts", self.attempts),
            set("base", time(self.base)),
            set("factor", self.factor),
            set("max", time(self.max)),
            set("budget", time(self.budget)),
        ];
        let jitter = self.jitter.then(|| quote!(.jitter()));
        let (input, again) = (span::local_at("__input", self.span), asked_at(self.span, "again"));
        // All of the call stands at the option, else rustc puts its caret under the whole attribute.
        let again = quote_spanned!(span::hidden_at(self.span)=> |#input, _| #again(#input));
        let error = span::local("__error");
        let asks = |method: &str| {
            let method = span::local(method);
            // The method of the nearest type is taken.
            quote!(|#error| (&&&&::flowc::__private::Asks(#error)).#method())
        };
        let (passes, after) = (asks("__passes"), asks("__after"));
        let when = self.when.as_ref().map_or(passes, quote::ToTokens::to_token_stream);
        quote! {
            .retry(::flowc::__private::Tries::NEW #(#parts)* #jitter, #again)
            .retry_if(#when)
            .retry_after(#after)
        }
    }
}
