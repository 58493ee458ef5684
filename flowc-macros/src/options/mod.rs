//! Options: those of `#[node(..)]`, and those that a step overrides by attributes of the same names.
//!
//! For a step, [`Policies::attribute`] takes the attributes one by one and [`Policies::tokens`] gives the constant.

mod breaker;
mod cache;
mod concurrency;
mod duration;
mod entry;
mod fallback;
mod known;
mod rate;
mod retry;
mod similar;
mod site;
mod timeout;
mod value;

use proc_macro2::TokenStream;
use quote::quote;
use syn::Attribute;

pub(crate) use entry::{Entries, Entry, Value, entries};
pub(crate) use known::each;
pub(crate) use similar::similar;
pub(crate) use site::Site;
pub(crate) use value::{flag, list, path, text};

use crate::diag::Diag;
use breaker::Breaker;
use cache::Cache;
use concurrency::Concurrency;
use fallback::Fallback;
use rate::Rate;
use retry::Retry;
use timeout::Timeout;

/// The options that say how a step is called; a node has them, and a step may override them.
pub(crate) const POLICIES: [&str; 7] = ["timeout", "retry", "breaker", "rate", "concurrency", "cache", "fallback"];

/// Policies as written.
#[derive(Default)]
pub(crate) struct Policies {
    timeout: Option<Timeout>,
    retry: Option<Retry>,
    breaker: Option<Breaker>,
    rate: Option<Rate>,
    concurrency: Option<Concurrency>,
    cache: Option<Cache>,
    fallback: Option<Fallback>,
    seen: Vec<String>,
}

impl Policies {
    /// Reads an attribute of a step. `false` if it names no policy; then nothing has been said about it.
    pub(crate) fn attribute(&mut self, attribute: &Attribute, diag: &mut Diag) -> bool {
        let Some(key) = attribute.path().get_ident() else { return false };
        let name = key.to_string();
        if !POLICIES.contains(&name.as_str()) {
            return false;
        }
        if self.seen.contains(&name) {
            diag.at(key, crate::messages::options::twice(&name));
            return true;
        }
        if let Some(entry) = Entry::of_attribute(attribute) {
            self.take(&entry, diag);
        }
        self.seen.push(name);
        true
    }

    /// Reads an option whose key is one of [`POLICIES`].
    pub(crate) fn take(&mut self, entry: &Entry, diag: &mut Diag) {
        match entry.key.to_string().as_str() {
            "timeout" => self.timeout = Some(Timeout::parse(entry, diag)),
            "retry" => self.retry = Some(Retry::parse(entry, diag)),
            "breaker" => self.breaker = Breaker::parse(entry, diag),
            "rate" => self.rate = Rate::parse(entry, diag),
            "concurrency" => self.concurrency = Concurrency::parse(entry, diag),
            "cache" => self.cache = Cache::parse(entry, diag),
            "fallback" => self.fallback = Fallback::parse(entry, diag),
            _ => {}
        }
    }

    /// Nothing here changes how a call is made.
    pub(crate) fn is_empty(&self) -> bool {
        let Self { timeout, retry, breaker, rate, concurrency, cache, fallback, seen: _ } = self;
        timeout.is_none()
            && retry.is_none()
            && breaker.is_none()
            && rate.is_none()
            && concurrency.is_none()
            && cache.is_none()
            && fallback.is_none()
    }

    /// A constant expression of the type `::flowc::__private::Policy<S>`, where `S` is the step at `site`.
    pub(crate) fn tokens(&self, site: &Site) -> TokenStream {
        let step = &site.step;
        let parts = [
            self.timeout.as_ref().map(Timeout::tokens),
            self.retry.as_ref().map(Retry::tokens),
            self.breaker.as_ref().map(Breaker::tokens),
            self.rate.as_ref().map(|rate| rate.tokens(site)),
            self.concurrency.as_ref().map(Concurrency::tokens),
            self.cache.as_ref().map(|cache| cache.tokens(site)),
            self.fallback.as_ref().map(Fallback::tokens),
        ];
        let policy = quote!(::flowc::__private::Policy::<#step>::NONE #(#parts)*);
        if self.retry.is_none() {
            return policy;
        }
        // Which of their methods is meant depends on what the error is.
        quote!({
            #[allow(unused_imports)]
            use ::flowc::__private::{AsksChain as _, AsksError as _, AsksNothing as _, AsksRetryable as _};
            #policy
        })
    }
}

/// The settings of something that steps share: by a name, or by that of the node.
fn shared(name: Option<&str>, policy: &TokenStream) -> TokenStream {
    match name {
        Some(name) => quote!(::flowc::__private::Named::called(#name, #policy)),
        None => quote!(::flowc::__private::Named::by_node(#policy)),
    }
}
