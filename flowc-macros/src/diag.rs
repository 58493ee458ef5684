//! The one sink for what the macros have to say. It must be read: [`Diag::finish`] turns it into tokens.

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;

/// Collects errors; every stage goes on after one, so that all mistakes are reported in one compile.
#[derive(Default)]
#[must_use]
pub(crate) struct Diag {
    errors: Vec<syn::Error>,
}

impl Diag {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Says `message` at all of `tokens`.
    pub(crate) fn at(&mut self, tokens: impl ToTokens, message: impl std::fmt::Display) {
        self.errors.push(syn::Error::new_spanned(tokens, message));
    }

    /// Says `message` at one token.
    pub(crate) fn span(&mut self, span: Span, message: impl std::fmt::Display) {
        self.errors.push(syn::Error::new(span, message));
    }

    /// Takes over what syn has to say.
    pub(crate) fn syn(&mut self, error: syn::Error) {
        self.errors.push(error);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.errors.is_empty()
    }

    /// The errors as `compile_error!`s, one each, where items stand. As an item itself a `compile_error!` would silence what
    /// rustc has to say of names in the same module.
    pub(crate) fn finish(self) -> TokenStream {
        self.finish_if(&TokenStream::new())
    }

    /// The same, where `cfgs` hold.
    pub(crate) fn finish_if(self, cfgs: &TokenStream) -> TokenStream {
        self.errors().map(|error| quote::quote!(#cfgs const _: () = { #error };)).collect()
    }

    /// The errors as `compile_error!`s, one each, where no constant without a name can stand: in an `impl`.
    pub(crate) fn finish_bare(self) -> TokenStream {
        self.errors().collect()
    }

    fn errors(&self) -> impl Iterator<Item = TokenStream> {
        self.errors.iter().flat_map(syn::Error::clone).map(|error| error.to_compile_error())
    }
}
