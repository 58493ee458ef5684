//! What rust-analyzer sees in place of the real expansion: the user's tokens in plain Rust, true types, and no machinery.
//!
//! Which of the two is taken is decided in the crate `flowc`, by the macro `__editor`: a `#[cfg(rust_analyzer)]` written out by a
//! macro is judged by the settings of the user's crate, where rustc warns about it.

use proc_macro2::TokenStream;
use quote::quote;

/// `real` for rustc, `view` for rust-analyzer. rustc does not look into the view.
pub(crate) fn door(real: &TokenStream, view: &TokenStream) -> TokenStream {
    quote!(::flowc::__editor! { { #real } { #view } })
}

/// A step with true types and nothing behind them.
pub(crate) struct Step {
    /// Attributes of the impls.
    pub(crate) attrs: TokenStream,
    /// `<M: ChatModel>` without the brackets, with a comma at the end, or nothing.
    pub(crate) params: TokenStream,
    /// The type with its arguments.
    pub(crate) owner: TokenStream,
    /// `where ..`, or nothing.
    pub(crate) clause: TokenStream,
    /// The types of the inputs; their lifetime is `'__a`.
    pub(crate) inputs: Vec<TokenStream>,
    pub(crate) output: TokenStream,
    pub(crate) error: TokenStream,
}

impl Step {
    /// The impls that make it a step for any application.
    pub(crate) fn impls(&self) -> TokenStream {
        let Self { attrs, params, owner, clause, inputs, output, error } = self;
        quote! {
            #attrs
            impl<#params> ::flowc::__private::Step for #owner #clause {
                const SPEC: &'static ::flowc::__private::NodeSpec = &::flowc::__private::view::SPEC;
                type Input<'__a> = (#(#inputs,)*);
                type Resources<'__r> = ();
                type Output = #output;
                type Error = #error;
                type Ended = ();
                fn begin<'__a, '__r, '__s, __X: ::flowc::__private::Executor>(
                    _: Self::Input<'__a>,
                    _: Self::Resources<'__r>,
                    _: ::flowc::__private::At<'__s, __X>,
                ) -> impl ::core::future::Future<Output = Self::Ended> + ::core::marker::Send {
                    ::core::future::pending::<Self::Ended>()
                }
                fn settle<__X: ::flowc::__private::Executor>(
                    _: Self::Ended,
                    _: ::flowc::__private::At<'_, __X>,
                ) -> ::core::result::Result<Self::Output, ::flowc::__private::Failure<Self::Error>> {
                    ::flowc::__private::view::never()
                }
            }
            #attrs
            impl<#params __R: ?::core::marker::Sized> ::flowc::__private::ResourcesFrom<__R> for #owner #clause {
                fn resources(_: &__R) -> Self::Resources<'_> {}
            }
        }
    }

    /// The functions that the steps of a view call: one gives the output, one the result that `catch` gives.
    pub(crate) fn calls(&self, generics: &TokenStream, params: &TokenStream) -> TokenStream {
        let Self { output, error, .. } = self;
        quote! {
            pub fn __flowc_input<#generics>(#params) -> #output {
                ::flowc::__private::view::never()
            }
            pub fn __flowc_caught<#generics>(
                #params
            ) -> ::core::result::Result<#output, ::flowc::__private::Failure<#error>> {
                ::flowc::__private::view::never()
            }
        }
    }
}
