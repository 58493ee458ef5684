//! `concurrency(max = 4, queue = 100, wait = "5s", name = "..")`.

use std::time::Duration;

use proc_macro2::TokenStream;
use quote::quote;

use super::site::set;
use super::{Entry, duration, each, list, value};
use crate::diag::Diag;
use crate::messages::options as text;

const KEYS: [&str; 4] = ["max", "queue", "wait", "name"];
const EXAMPLE: &str = "concurrency(max = 4)";

/// `concurrency` as written.
#[derive(Default)]
pub(super) struct Concurrency {
    max: u32,
    queue: Option<u32>,
    wait: Option<Duration>,
    name: Option<String>,
}

impl Concurrency {
    /// What can be read of it; bad parts are reported and left out.
    pub(super) fn parse(entry: &Entry, diag: &mut Diag) -> Option<Self> {
        let entries = list(entry, EXAMPLE, diag)?;
        let (mut found, mut bounded) = (Self { max: 1, ..Self::default() }, false);
        let all_known = each(entries, "`concurrency`", &KEYS, diag, |key, entry, diag| match key {
            "max" => {
                bounded = true;
                found.max = value::count(&entry, "max = 4", diag).unwrap_or(1);
            }
            "queue" => found.queue = value::number(&entry, "queue = 100", diag),
            "wait" => found.wait = value::any_duration(&entry, "wait = \"5s\"", diag).map(|(wait, _)| wait),
            _ => found.name = value::name(&entry, "name = \"model\"", diag),
        });
        if !bounded && all_known {
            diag.at(&entry.key, text::missing("concurrency", "max", EXAMPLE));
        }
        Some(found)
    }

    pub(super) fn tokens(&self) -> TokenStream {
        let max = usize::try_from(self.max).unwrap_or(usize::MAX);
        let queue = set("queue", self.queue.map(|queue| usize::try_from(queue).unwrap_or(usize::MAX)));
        let wait = set("wait", self.wait.map(duration::tokens));
        let policy = quote!(::flowc::__private::ConcurrencyPolicy::max(#max) #queue #wait);
        let shared = super::shared(self.name.as_deref(), &policy);
        quote!(.concurrency(#shared))
    }
}
