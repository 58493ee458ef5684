//! What the tokens of a macro mention.

use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};
use syn::visit::Visit;
use syn::{Expr, Macro};

use super::{Holds, Misplaced, Walk, part_of};
use crate::workflow::names;

impl Walk<'_> {
    /// A macro. Those of the standard library that take expressions are walked as such; of all others the tokens are.
    pub(super) fn mac(&mut self, mac: &Macro) {
        let reads = names::only_reads(&mac.path);
        match names::expressions(mac) {
            Some(args) if reads => self.detached(|walk| args.iter().for_each(|arg| walk.formatted(arg))),
            Some(args) => args.iter().for_each(|arg| self.visit_expr(arg)),
            None if reads => self.detached(|walk| walk.macro_tokens(mac.tokens.clone(), false)),
            None => self.macro_tokens(mac.tokens.clone(), true),
        }
    }

    /// An argument of `format!` and its kin: a place is borrowed, anything else is computed first.
    fn formatted(&mut self, arg: &Expr) {
        match arg {
            Expr::Assign(named) => self.formatted(&named.right),
            Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) => {
                for name in captures(&text.token().to_string()) {
                    self.mention(&Ident::new(&name, text.span()), false);
                }
            }
            arg => match part_of(arg) {
                Some((ident, part)) => self.part(&ident.clone(), part, false, false, Holds::Itself),
                None => self.visit_expr(arg),
            },
        }
    }

    /// Identifiers may be bindings; so may the `{name}`s of literals, which borrow.
    pub(super) fn macro_tokens(&mut self, tokens: TokenStream, own: bool) {
        let mut before = ' ';
        let mut dots = 0;
        let mut path: Vec<Ident> = Vec::new();
        let mut tokens = tokens.into_iter().peekable();
        while let Some(token) = tokens.next() {
            // After one dot it is a field or a method, after two the end of a range.
            if dots > 1 && before == '.' {
                before = ' ';
            }
            match &token {
                TokenTree::Ident(ident) => {
                    if before != ':' {
                        path.clear();
                    }
                    // A method or a field is no path: an empty name keeps it from being one.
                    path.push(if before == '.' { Ident::new("_", ident.span()) } else { ident.clone() });
                    let next = match tokens.peek() {
                        Some(TokenTree::Punct(punct)) => punct.as_char(),
                        _ => ' ',
                    };
                    if before != '.' && before != '\'' && next != '!' {
                        self.mention(ident, own);
                    }
                }
                TokenTree::Group(group) => {
                    if before == 'a' && group.delimiter() == Delimiter::Parenthesis {
                        self.called_in_macro(&path);
                    }
                    self.macro_tokens(group.stream(), own);
                }
                TokenTree::Literal(literal) => {
                    for name in captures(&literal.to_string()) {
                        self.mention(&Ident::new(&name, literal.span()), false);
                    }
                }
                TokenTree::Punct(_) => {}
            }
            dots = if matches!(&token, TokenTree::Punct(punct) if punct.as_char() == '.') { dots + 1 } else { 0 };
            before = match token {
                TokenTree::Punct(punct) => punct.as_char(),
                TokenTree::Ident(_) => 'a',
                _ => ' ',
            };
        }
    }

    /// A call among the tokens of a macro: a step, if its path is one.
    fn called_in_macro(&mut self, path: &[Ident]) {
        let mut found = syn::punctuated::Punctuated::<syn::PathSegment, syn::Token![::]>::new();
        for ident in path {
            // Keywords, as in `if (a)` and `match (a, b)`, call nothing.
            if syn::parse_str::<Ident>(&ident.to_string()).is_err() {
                return;
            }
            found.push(ident.clone().into());
        }
        let path =
            syn::ExprPath { attrs: Vec::new(), qself: None, path: syn::Path { leading_colon: None, segments: found } };
        let known = |name: &str| self.hidden(name) || (self.is_binding)(name);
        if let (true, Some(last)) = (names::is_step_path(&path, known), path.path.segments.last()) {
            let shown = quote::quote!(#path).to_string().replace(' ', "");
            self.misplaced.push(Misplaced::Step(shown, last.ident.span()));
        }
    }
}

/// The names in the `{name}` and `{name:?}` of a literal.
fn captures(literal: &str) -> Vec<String> {
    let mut found = Vec::new();
    if !literal.contains('"') {
        return found;
    }
    let mut rest = literal;
    while let Some((_, after)) = rest.split_once('{') {
        if let Some(escaped) = after.strip_prefix('{') {
            rest = escaped;
            continue;
        }
        let name: String = after.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        let closed = after.get(name.len()..).is_some_and(|tail| tail.starts_with(['}', ':']));
        if closed && syn::parse_str::<Ident>(&name).is_ok() {
            found.push(name);
        }
        rest = after;
    }
    found
}
