//! A name that holds a reference is written `(*name)`: the place, so that `&x`, `x.field` and `x.clone()` mean what they
//! mean where the value itself is at hand.

use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote_spanned};
use syn::visit_mut::{self, VisitMut};
use syn::{Expr, Pat, Stmt};

use super::refs::Refs;
use crate::span;
use crate::workflow::names;
use crate::workflow::walk::part_of;

/// Writes places for the names in `refs`. Helper tokens sit at `helper`, a piece of the user's punctuation.
pub(super) fn places<'e>(expr: &'e Expr, refs: &Refs, helper: Span) -> std::borrow::Cow<'e, Expr> {
    if refs.is_empty() {
        return std::borrow::Cow::Borrowed(expr);
    }
    let mut expr = expr.clone();
    Rewrite { refs: refs.clone(), helper: span::hidden_at(helper) }.visit_expr_mut(&mut expr);
    std::borrow::Cow::Owned(expr)
}

struct Rewrite {
    refs: Refs,
    helper: Span,
}

impl Rewrite {
    fn without(&mut self, pats: &[&Pat], inside: impl FnOnce(&mut Self)) {
        let before = self.refs.clone();
        for pat in pats {
            self.hide(pat);
        }
        inside(self);
        self.refs = before;
    }

    fn hide(&mut self, pat: &Pat) {
        for made in names::bindings_of(pat) {
            self.refs.remove(&made.ident.to_string());
        }
    }

    fn condition(&mut self, cond: &mut Expr) {
        match cond {
            Expr::Let(cond) => {
                self.visit_expr_mut(&mut cond.expr);
                self.hide(&cond.pat.clone());
            }
            Expr::Binary(both) if matches!(both.op, syn::BinOp::And(_)) => {
                self.condition(&mut both.left);
                self.condition(&mut both.right);
            }
            cond => self.visit_expr_mut(cond),
        }
    }

    fn mac(&mut self, mac: &mut syn::Macro) {
        let Some(mut args) = names::expressions(mac) else {
            mac.tokens = self.tokens(mac.tokens.clone());
            return;
        };
        for arg in &mut args {
            match arg {
                // The name of an argument of `format!` is no binding.
                Expr::Assign(named) => self.visit_expr_mut(&mut named.right),
                arg => self.visit_expr_mut(arg),
            }
        }
        mac.tokens = args.into_token_stream();
    }

    fn tokens(&self, tokens: TokenStream) -> TokenStream {
        let mut out = Vec::new();
        let mut before = ' ';
        let mut tokens = tokens.into_iter().peekable();
        while let Some(token) = tokens.next() {
            let now = match &token {
                TokenTree::Punct(punct) => punct.as_char(),
                _ => ' ',
            };
            match token {
                TokenTree::Ident(ident) if self.refs.is_held(&ident.to_string()) => {
                    let next = match tokens.peek() {
                        Some(TokenTree::Punct(punct)) => punct.as_char(),
                        _ => ' ',
                    };
                    // After a dot it is a field, before `!` a macro, before `:` or `=` in the arguments a name.
                    if matches!(before, '.' | '\'') || matches!(next, '!' | ':') {
                        out.push(TokenTree::Ident(ident));
                    } else {
                        place_of(&ident, &ident).to_token_stream().into_iter().for_each(|token| out.push(token));
                    }
                }
                TokenTree::Group(group) => {
                    let mut inner = Group::new(group.delimiter(), self.tokens(group.stream()));
                    inner.set_span(group.span());
                    out.push(TokenTree::Group(inner));
                }
                token => out.push(token),
            }
            before = now;
        }
        out.into_iter().collect()
    }
}

impl VisitMut for Rewrite {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        match expr {
            Expr::Path(path) if path.qself.is_none() => {
                if let Some(ident) = path.path.get_ident() {
                    if self.refs.is_held(&ident.to_string()) {
                        *expr = place_of(&ident.clone(), ident);
                    }
                }
            }
            Expr::Field(_) => {
                let part = part_of(expr).and_then(|(root, part)| {
                    let held = self.refs.part(&root.to_string(), &part)?;
                    Some(place_of(held, root))
                });
                match (part, expr) {
                    (Some(place), expr) => *expr = place,
                    (None, expr) => visit_mut::visit_expr_mut(self, expr),
                }
            }
            Expr::Closure(closure) => {
                let pats: Vec<Pat> = closure.inputs.iter().cloned().collect();
                let pats: Vec<&Pat> = pats.iter().collect();
                self.without(&pats, |rewrite| rewrite.visit_expr_mut(&mut closure.body));
            }
            Expr::Match(found) => {
                self.visit_expr_mut(&mut found.expr);
                for arm in &mut found.arms {
                    let pat = arm.pat.clone();
                    self.without(&[&pat], |rewrite| {
                        if let Pat::Guard(guarded) = &mut arm.pat {
                            rewrite.visit_expr_mut(&mut guarded.guard);
                        }
                        rewrite.visit_expr_mut(&mut arm.body);
                    });
                }
            }
            Expr::If(found) => {
                let before = self.refs.clone();
                self.condition(&mut found.cond);
                self.visit_block_mut(&mut found.then_branch);
                self.refs = before;
                if let Some((_, otherwise)) = &mut found.else_branch {
                    self.visit_expr_mut(otherwise);
                }
            }
            Expr::ForLoop(found) => {
                self.visit_expr_mut(&mut found.expr);
                let pat = (*found.pat).clone();
                self.without(&[&pat], |rewrite| rewrite.visit_block_mut(&mut found.body));
            }
            Expr::Struct(found) => {
                for field in &mut found.fields {
                    // `Foo { x }` is `Foo { x: x }` as soon as the value is more than the name.
                    let mut value = field.expr.clone();
                    self.visit_expr_mut(&mut value);
                    if field.colon_token.is_none() && value != field.expr {
                        field.colon_token = Some(syn::token::Colon(self.helper));
                    }
                    field.expr = value;
                }
                if let Some(rest) = &mut found.rest {
                    self.visit_expr_mut(rest);
                }
            }
            Expr::Macro(found) => self.mac(&mut found.mac),
            _ => visit_mut::visit_expr_mut(self, expr),
        }
    }

    fn visit_block_mut(&mut self, block: &mut syn::Block) {
        let before = self.refs.clone();
        for stmt in &mut block.stmts {
            match stmt {
                Stmt::Local(local) => {
                    if let Some(init) = &mut local.init {
                        self.visit_expr_mut(&mut init.expr);
                    }
                    for made in names::bindings_of_let(&local.pat) {
                        self.refs.remove(&made.ident.to_string());
                    }
                }
                Stmt::Expr(expr, _) => self.visit_expr_mut(expr),
                Stmt::Macro(found) => self.mac(&mut found.mac),
                Stmt::Item(_) => {}
            }
        }
        self.refs = before;
    }
}

/// The place behind `held`, where the user wrote `name`.
fn place_of(held: &Ident, name: &Ident) -> Expr {
    // At the name itself: rustc draws its caret from the first of these tokens.
    let tokens = quote_spanned!(span::hidden_at(name.span())=> (*#held));
    syn::parse2(tokens.clone()).unwrap_or(Expr::Verbatim(tokens))
}
