//! Options: those of `#[node(..)]`, and those that a step overrides by attributes of the same names.
//!
//! For a step, [`Policies::attribute`] takes the attributes one by one and [`Policies::tokens`] gives the constant.

mod cache;
mod duration;
mod entry;
mod known;
mod limits;
mod retry;
mod similar;
mod value;

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::Attribute;

pub(crate) use entry::{Entry, Value, entries};
pub(crate) use known::each;
pub(crate) use similar::similar;
pub(crate) use value::{flag, list, path, text};

use crate::diag::Diag;
use retry::Retry;

/// The options that say how a step is called; a node has them, and a step may override them.
pub(crate) const POLICIES: [&str; 5] = ["timeout", "retry", "breaker", "rate", "cache"];

/// Policies as written.
#[derive(Default)]
pub(crate) struct Policies {
    timeout: Option<std::time::Duration>,
    retry: Option<Retry>,
    cache: Option<Span>,
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
            "timeout" => self.timeout = value::some_duration(entry, "timeout = \"5s\"", diag).or(self.timeout),
            "retry" => self.retry = Some(Retry::parse(entry, diag)),
            "breaker" => limits::breaker(entry, diag),
            "rate" => limits::rate(entry, diag),
            "cache" => self.cache = cache::parse(entry, diag),
            _ => {}
        }
    }

    /// Nothing here changes how a call is made.
    pub(crate) fn is_empty(&self) -> bool {
        self.timeout.is_none() && self.retry.is_none()
    }

    /// The key of `retry`, at which a complaint about inputs that are not `Clone` belongs.
    pub(crate) fn retry(&self) -> Option<Span> {
        self.retry.as_ref().map(Retry::span)
    }

    /// The key of `cache`, at which a complaint about an output that is not `Clone` belongs.
    pub(crate) fn cache(&self) -> Option<Span> {
        self.cache
    }

    /// A constant expression of the type `::flowc::__private::Policy<E>`.
    pub(crate) fn tokens(&self) -> TokenStream {
        let timeout = self.timeout.map(duration::tokens).map(|limit| quote!(.timeout(#limit)));
        let retry = self.retry.as_ref().map(Retry::tokens).map(|retry| quote!(.retry(#retry)));
        quote!(::flowc::__private::Policy::NONE #timeout #retry)
    }
}
