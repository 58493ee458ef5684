//! `retry(attempts = 4, base = "100ms", factor = 2, max = "2s", jitter, budget = "30s", if = path)`.

use std::time::Duration;

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::ExprPath;

use super::{Entry, Value, duration, each, flag, list, path, value};
use crate::diag::Diag;
use crate::messages::options as text;

const KEYS: [&str; 7] = ["attempts", "base", "factor", "max", "jitter", "budget", "if"];
const EXAMPLE: &str = "retry(attempts = 3, base = \"100ms\")";

/// How many times a call is made where nothing else is said.
const ATTEMPTS: u32 = 3;

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

    pub(super) fn span(&self) -> Span {
        self.span
    }

    /// A constant expression of the type `::flowc::__private::Retry<E>`.
    pub(super) fn tokens(&self) -> TokenStream {
        let attempts = self.attempts.unwrap_or(ATTEMPTS);
        let base = self.base.map(duration::tokens).map(|base| quote!(.base(#base)));
        let factor = self.factor.map(|factor| quote!(.factor(#factor)));
        // A first wait above the default maximum raises that maximum.
        let max = self.max.or(self.base.filter(|base| *base > Duration::from_secs(30)));
        let max = max.map(duration::tokens).map(|max| quote!(.max(#max)));
        let jitter = self.jitter.then(|| quote!(.jitter()));
        let budget = self.budget.map(duration::tokens).map(|budget| quote!(.budget(#budget)));
        let when = self.when.as_ref().map(|when| quote!(.when(#when)));
        quote!(::flowc::__private::Retry::attempts(#attempts) #base #factor #max #jitter #budget #when)
    }
}
