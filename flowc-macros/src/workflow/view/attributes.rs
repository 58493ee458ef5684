//! The attributes of a statement: rustc knows few of them, but some name bindings.

use proc_macro2::{Group, TokenStream, TokenTree};
use quote::quote;

use super::{View, is_word};
use crate::workflow::attrs::KEPT;

impl View {
    /// Writes what stays of some attributes; gives whether failures are collected.
    pub(super) fn attributes(&mut self, attributes: &[&Group], out: &mut TokenStream) -> bool {
        let (mut kept, mut collect) = (TokenStream::new(), false);
        for group in attributes {
            let tokens: Vec<TokenTree> = group.stream().into_iter().collect();
            let [TokenTree::Ident(name), rest @ ..] = tokens.as_slice() else { continue };
            match (name.to_string().as_str(), rest) {
                ("max", [TokenTree::Group(bound)]) => {
                    let bound = self.within(bound);
                    out.extend(quote!(::flowc::__private::view::max #bound;));
                }
                ("after", [TokenTree::Group(names)]) => {
                    let names = names.stream().into_iter().filter(|token| matches!(token, TokenTree::Ident(_)));
                    out.extend(quote!(#(let _ = &#names;)*));
                }
                ("on_error", [TokenTree::Group(mode)]) => {
                    collect = mode.stream().into_iter().any(|token| is_word(&token, "collect"));
                }
                _ if is_kept(group) => kept.extend(quote!(#[#(#tokens)*])),
                _ => {}
            }
        }
        out.extend(kept);
        collect
    }
}

/// Whether rustc knows the attribute in these brackets.
pub(super) fn is_kept(group: &Group) -> bool {
    group.stream().into_iter().next().is_some_and(|name| KEPT.iter().any(|kept| is_word(&name, kept)))
}
