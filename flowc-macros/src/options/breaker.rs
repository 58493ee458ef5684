//! `breaker(failures = 5, window = "30s", cooldown = "10s", ..)`.

use std::time::Duration;

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::ExprPath;

use super::site::set;
use super::{Entry, duration, each, list, path, value};
use crate::diag::Diag;
use crate::messages::options as text;

const KEYS: [&str; 11] = [
    "failures",
    "failure_rate",
    "slow",
    "slow_rate",
    "min_calls",
    "window",
    "last",
    "cooldown",
    "half_open",
    "name",
    "if",
];
/// One of these is needed.
const LIMITS: [&str; 3] = ["failures", "failure_rate", "slow"];
const EXAMPLE: &str = "breaker(failures = 5, window = \"30s\", cooldown = \"10s\")";

/// `breaker` as written.
#[derive(Default)]
pub(super) struct Breaker {
    failures: Option<u32>,
    failure_rate: Option<f64>,
    slow: Option<Duration>,
    slow_rate: Option<f64>,
    min_calls: Option<u32>,
    window: Option<Duration>,
    last: Option<u32>,
    cooldown: Option<Duration>,
    half_open: Option<u32>,
    name: Option<String>,
    when: Option<ExprPath>,
}

impl Breaker {
    /// What can be read of it; bad parts are reported and left out.
    pub(super) fn parse(entry: &Entry, diag: &mut Diag) -> Option<Self> {
        let entries = list(entry, EXAMPLE, diag)?;
        let mut found = Self::default();
        let mut keys: Vec<(String, Span)> = Vec::new();
        let all_known = each(entries, "`breaker`", &KEYS, diag, |key, entry, diag| {
            keys.push((key.to_owned(), entry.key.span()));
            match key {
                "failures" => found.failures = value::count(&entry, "failures = 5", diag),
                "failure_rate" => found.failure_rate = value::share(&entry, "failure_rate = 0.5", diag),
                "slow" => found.slow = value::some_duration(&entry, "slow = \"2s\"", diag),
                "slow_rate" => found.slow_rate = value::share(&entry, "slow_rate = 0.5", diag),
                "min_calls" => found.min_calls = value::count(&entry, "min_calls = 10", diag),
                "window" => found.window = value::some_duration(&entry, "window = \"30s\"", diag),
                "last" => found.last = value::count(&entry, "last = 100", diag),
                "cooldown" => found.cooldown = value::some_duration(&entry, "cooldown = \"10s\"", diag),
                "half_open" => found.half_open = value::count(&entry, "half_open = 3", diag),
                "name" => found.name = value::name(&entry, "name = \"model\"", diag),
                _ => found.when = path(&entry, "if = SearchError::is_outage", diag),
            }
        });
        let at = |key: &str| keys.iter().find(|(found, _)| found == key).map(|(_, span)| *span);
        match (at("failures"), at("failure_rate"), at("slow"), at("slow_rate")) {
            (None, None, None, None) if all_known => {
                diag.at(&entry.key, text::missing_of("breaker", &LIMITS, EXAMPLE));
            }
            (_, _, None, Some(rate)) if all_known => diag.span(rate, text::SLOW_RATE_ALONE),
            _ => {}
        }
        if let (Some(_), Some(last)) = (at("window"), at("last")) {
            diag.span(last, text::WINDOW_AND_LAST);
        }
        if let (Some(last), Some(least), Some(at)) = (found.last, found.min_calls, at("min_calls")) {
            if least > last {
                diag.span(at, text::MIN_CALLS_OVER_LAST);
            }
        }
        if let (Some(last), Some(limit), Some(at)) = (found.last, found.failures, at("failures")) {
            if limit > last {
                diag.span(at, text::FAILURES_OVER_LAST);
            }
        }
        Some(found)
    }

    /// What the builder of `Policy` is told.
    pub(super) fn tokens(&self) -> TokenStream {
        let time = |limit: Option<Duration>| limit.map(duration::tokens);
        let parts = [
            set("failures", self.failures),
            set("failure_rate", self.failure_rate),
            set("slow_call", time(self.slow)),
            set("slow_call_rate", self.slow_rate),
            set("min_calls", self.min_calls),
            set("window", time(self.window)),
            set("last", self.last),
            set("cooldown", time(self.cooldown)),
            set("half_open_calls", self.half_open),
        ];
        let shared = super::shared(self.name.as_deref(), &quote!(::flowc::__private::BreakerPolicy::new() #(#parts)*));
        let when = set("trips", self.when.as_ref());
        quote!(.breaker(#shared) #when)
    }
}
