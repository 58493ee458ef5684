//! What rust-analyzer sees in place of the real expansion: the user's tokens in plain Rust, true types, and no machinery.
//!
//! Which of the two is taken is decided in the crate `flowc`, by the macro `__editor`: a `#[cfg(rust_analyzer)]` written out by a
//! macro is judged by the settings of the user's crate, where rustc warns about it.

use proc_macro2::TokenStream;
use quote::quote;

use crate::span;

/// `real` for rustc, `view` for rust-analyzer. rustc does not look into the view. That one comes first, as rust-analyzer completes a
/// name where it finds it first.
pub(crate) fn door(real: &TokenStream, view: &TokenStream) -> TokenStream {
    quote!(::flowc::__editor! { { #view } { #real } })
}

/// A step with true types and nothing behind them. An editor finds none of it at the user's names.
pub(crate) struct Step {
    /// Attributes of the impls.
    pub(crate) attrs: TokenStream,
    /// `M: ChatModel,` or nothing.
    pub(crate) params: TokenStream,
    /// The type with its arguments.
    pub(crate) owner: TokenStream,
    /// `where ..`, or nothing.
    pub(crate) clause: TokenStream,
    /// The lifetime of the inputs, and type parameters for inputs of which nobody knows the type.
    pub(crate) anything: TokenStream,
    /// `query: &'__a Query`, separated by commas.
    pub(crate) args: TokenStream,
    /// The types of the inputs, with a comma behind each.
    pub(crate) inputs: TokenStream,
    pub(crate) output: TokenStream,
    pub(crate) error: TokenStream,
}

impl Step {
    /// The impls. A macro of flowc writes them out, so that rustc gets few tokens that it does not need.
    pub(crate) fn items(&self) -> TokenStream {
        let Self { attrs, params, owner, clause, anything, args, inputs, output, error } = self;
        span::apart(quote! {
            ::flowc::__editor_step! { #attrs impl [#params] [#owner] [#clause] fn [#anything] (#args) (#inputs) -> (#output, #error) }
        })
    }
}
