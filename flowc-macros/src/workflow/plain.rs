//! A body before it is read: without what stands between its tokens and their meaning.

use syn::visit::{self, Visit};
use syn::visit_mut::{self, VisitMut};
use syn::{Attribute, Expr, Stmt};

use super::names;
use super::parse::Raw;
use crate::diag::Diag;
use crate::messages::workflow as messages;

/// Takes away the invisible groups in which a `macro_rules!` hands over its fragments, and whatever hangs on a `#[cfg]`: whether
/// that holds is known to rustc alone, and a macro that left it in would run the steps that it takes out.
pub(super) fn plain(raw: Raw, diag: &mut Diag) -> Raw {
    let Raw::Stmt(mut stmt) = raw else { return raw };
    Ungroup { diag }.visit_stmt_mut(&mut stmt);
    let mut find = FindCfg(Vec::new());
    find.visit_stmt(&stmt);
    if find.0.is_empty() {
        return Raw::Stmt(stmt);
    }
    for attr in find.0 {
        diag.at(attr, messages::CFG);
    }
    // Nothing else can be said of the statement: its names may exist elsewhere only.
    Raw::Broken(match stmt {
        Stmt::Local(local) => names::bindings_of_let(&local.pat).into_iter().map(|made| made.ident).collect(),
        _ => Vec::new(),
    })
}

struct Ungroup<'d> {
    diag: &'d mut Diag,
}

impl VisitMut for Ungroup<'_> {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        while let Expr::Group(group) = expr {
            *expr = std::mem::replace(&mut *group.expr, Expr::PLACEHOLDER);
        }
        // As habit has it, `.await?` is one word, and one mistake.
        if let Expr::Try(found) = expr {
            if let Expr::Await(awaited) = &mut *found.expr {
                let (word, mark) = (&awaited.await_token, &found.question_token);
                self.diag.at(quote::quote!(#word #mark), messages::AWAIT_QUESTION);
                *expr = std::mem::replace(&mut *awaited.base, Expr::PLACEHOLDER);
            }
        }
        visit_mut::visit_expr_mut(self, expr);
    }

    /// An async block is a mistake as a whole.
    fn visit_expr_async_mut(&mut self, _: &mut syn::ExprAsync) {}
}

struct FindCfg<'s>(Vec<&'s Attribute>);

impl<'s> Visit<'s> for FindCfg<'s> {
    fn visit_attribute(&mut self, attr: &'s Attribute) {
        if attr.path().is_ident("cfg") || attr.path().is_ident("cfg_attr") {
            self.0.push(attr);
        }
        visit::visit_attribute(self, attr);
    }

    /// Items are a mistake of their own.
    fn visit_item(&mut self, _: &'s syn::Item) {}
}
