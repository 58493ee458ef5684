//! Where policies stand, and how a function of the user's is called there.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{ExprPath, Index};

use crate::span;

/// The step that policies are for.
pub(crate) struct Site {
    /// The type of the step.
    pub(crate) step: TokenStream,
    /// Its inputs, in order: whether each is known to be a reference already.
    pub(crate) borrowed: Vec<bool>,
}

impl Site {
    /// `|input| wrap(path(&input.0, &input.1))`: what a function says of the inputs. All of it stands at the path, so that rustc
    /// draws its carets there.
    pub(super) fn of_inputs(&self, path: &ExprPath, wrap: &TokenStream) -> TokenStream {
        let at = span::of(path);
        let here = span::hidden_at(at);
        let input = span::local_at("__input", at);
        let inputs = self.borrowed.iter().enumerate().map(|(index, borrowed)| {
            let index = Index { index: u32::try_from(index).unwrap_or(u32::MAX), span: here };
            if *borrowed { quote_spanned!(here=> #input.#index) } else { quote_spanned!(here=> &#input.#index) }
        });
        let called = quote_spanned!(here=> (#(#inputs),*));
        let unused = self.borrowed.is_empty().then(|| quote_spanned!(here=> let _ = #input;));
        let wrapped = quote_spanned!(here=> #wrap(#path #called));
        quote_spanned!(here=> |#input| { #unused #wrapped })
    }
}

/// `#[policy]` as a call of a builder: `.name(arguments)`.
pub(super) fn set(name: &str, value: Option<impl ToTokens>) -> Option<TokenStream> {
    let name = span::local(name);
    value.map(|value| quote!(.#name(#value)))
}

/// A function of flowc, at the place of an option: what it asks of types is said there.
pub(super) fn asked_at(at: Span, name: &str) -> TokenStream {
    let (here, name) = (span::hidden_at(at), span::local_at(name, at));
    quote_spanned!(here=> ::flowc::__private::#name)
}
