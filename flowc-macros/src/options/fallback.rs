//! `fallback = path`, and `#[fallback(path)]` at a step.

use proc_macro2::TokenStream;
use quote::quote;
use syn::ExprPath;

use super::{Entry, path};
use crate::diag::Diag;

/// `fallback` as written: a function from the failure to the output.
pub(super) struct Fallback(ExprPath);

impl Fallback {
    pub(super) fn parse(entry: &Entry, diag: &mut Diag) -> Option<Self> {
        path(entry, "fallback = no_docs", diag).map(Self)
    }

    pub(super) fn tokens(&self) -> TokenStream {
        let path = &self.0;
        quote!(.fallback(#path))
    }
}
