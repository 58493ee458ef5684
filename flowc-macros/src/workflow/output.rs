//! What a workflow may give back.

use syn::visit::{self, Visit};
use syn::{ExprPath, Stmt, Type, TypePath};

use super::parse::Raw;
use crate::diag::Diag;
use crate::messages::{node as say, workflow as messages};
use crate::node::lifetimes;

/// The type of the result. Where the declared one cannot be, it is the nearest that can, and of the body only that is left about
/// which something can be said.
pub(super) fn output(declared: Option<Type>, body: &mut Vec<Raw>, diag: &mut Diag) -> Option<Type> {
    let mut ty = declared?;
    if let Some(token) = lifetimes::find_impl(&ty) {
        diag.at(token, messages::IMPL_TRAIT_OUTPUT);
        *body = vec![Raw::Broken(Vec::new())];
        return None;
    }
    let result = as_result(&ty).cloned();
    if let Some(path) = &result {
        diag.at(path, messages::RESULT_OUTPUT);
        // The body gives the value that was meant, or wraps it.
        ty = success(path).unwrap_or(ty);
        if wraps(body) {
            without_value(body);
        }
    }
    if let Some(borrow) = lifetimes::find_borrow(&ty) {
        if result.is_none() {
            diag.span(borrow, say::BORROWED_OUTPUT_OF_WORKFLOW);
        }
        lifetimes::replace(&mut ty, &lifetimes::named("'static", borrow));
        without_value(body);
    }
    Some(ty)
}

fn as_result(ty: &Type) -> Option<&TypePath> {
    match ty {
        Type::Group(group) => as_result(&group.elem),
        Type::Paren(paren) => as_result(&paren.elem),
        Type::Path(path) => path.path.segments.last().is_some_and(|last| last.ident == "Result").then_some(path),
        _ => None,
    }
}

/// The `T` of `Result<T, E>`.
fn success(path: &TypePath) -> Option<Type> {
    let syn::PathArguments::AngleBracketed(args) = &path.path.segments.last()?.arguments else { return None };
    args.args.iter().find_map(|arg| match arg {
        syn::GenericArgument::Type(ty) => Some(ty.clone()),
        _ => None,
    })
}

/// Whether the last expression makes a `Result`.
fn wraps(body: &[Raw]) -> bool {
    struct Find(bool);
    impl<'e> Visit<'e> for Find {
        fn visit_expr_path(&mut self, path: &'e ExprPath) {
            self.0 |= path.path.segments.last().is_some_and(|last| last.ident == "Ok" || last.ident == "Err");
            visit::visit_expr_path(self, path);
        }
    }
    let mut find = Find(false);
    if let Some(Raw::Stmt(Stmt::Expr(last, None))) = body.last() {
        find.visit_expr(last);
    }
    find.0
}

/// Nothing is said of the last expression.
fn without_value(body: &mut [Raw]) {
    if let Some(last @ Raw::Stmt(Stmt::Expr(_, None) | Stmt::Macro(_))) = body.last_mut() {
        *last = Raw::Broken(Vec::new());
    }
}
