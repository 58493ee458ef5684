//! The only file that makes spans of its own. A generated token that stands beside a user's expression takes the span of the
//! user's punctuation, else rustc puts its caret under the whole macro.

use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};

/// For names that a user must neither see nor hit.
pub(crate) fn hidden() -> Span {
    Span::mixed_site()
}

/// Where the macro was called: for what concerns all of it.
pub(crate) fn whole() -> Span {
    Span::call_site()
}

/// The place of `span`, with names that a user must neither see nor hit.
pub(crate) fn hidden_at(span: Span) -> Span {
    Span::mixed_site().located_at(span)
}

/// A local name of ours, out of the user's reach.
pub(crate) fn local(name: &str) -> Ident {
    Ident::new(name, hidden())
}

/// A local name of ours at the place of `span`.
pub(crate) fn local_at(name: &str, span: Span) -> Ident {
    Ident::new(name, hidden_at(span))
}

/// For a name that is generated and that a user may nevertheless write, at the place of `span`.
pub(crate) fn visible_at(span: Span) -> Span {
    Span::call_site().located_at(span)
}

/// The first token of `tokens`.
pub(crate) fn of(tokens: impl quote::ToTokens) -> Span {
    syn::spanned::Spanned::span(&tokens.to_token_stream())
}

/// The last token of `tokens`: where what stands behind them begins.
pub(crate) fn last(tokens: impl quote::ToTokens) -> Span {
    let last = tokens.to_token_stream().into_iter().last();
    last.map_or_else(hidden, |last| match last {
        proc_macro2::TokenTree::Group(group) => group.span_close(),
        token => token.span(),
    })
}

/// The same tokens, where an editor does not find them: of several mentions of one name it shows each.
pub(crate) fn apart(tokens: impl quote::ToTokens) -> TokenStream {
    let moved = tokens.to_token_stream().into_iter().map(|token| match token {
        TokenTree::Group(group) => TokenTree::Group(Group::new(group.delimiter(), apart(group.stream()))),
        mut token => {
            token.set_span(Span::call_site());
            token
        }
    });
    moved.collect()
}

/// The line of `span`, counted from 1: a number where the compiler tells, `line!()` of the macro otherwise.
pub(crate) fn line(span: Span) -> TokenStream {
    match u32::try_from(span.start().line) {
        Ok(line) if line > 0 => quote::quote!(#line),
        _ => quote::quote!(::core::line!()),
    }
}
