//! Statements, one by one.

use syn::spanned::Spanned;
use syn::{Expr, Pat};

use super::loops::{is_assignment, walk_root};
use super::{Gather, Reader, finish};
use crate::messages::workflow as messages;
use crate::workflow::attrs;
use crate::workflow::model::{Options, Stmt, StmtKind, Use, Value};
use crate::workflow::names;
use crate::workflow::parse::Raw;
use crate::workflow::walk::{Holds, part_of};

impl Reader<'_> {
    pub(super) fn statement(&mut self, raw: Raw, out: &mut Vec<Stmt>) {
        match raw {
            Raw::Broken(names) => {
                self.sequential = true;
                self.lost(&names);
                let gather = Gather { broken: true, ..Gather::default() };
                out.push(finish(StmtKind::Effect, Value::Broken, Options::default(), gather, Vec::new()));
            }
            Raw::Stmt(syn::Stmt::Local(local)) => self.local(local, out),
            Raw::Stmt(syn::Stmt::Expr(expr, semi)) => self.expression(expr, semi.is_some(), out),
            Raw::Stmt(syn::Stmt::Macro(found)) => {
                let expr = Expr::Macro(syn::ExprMacro { attrs: found.attrs, mac: found.mac });
                // A macro with braces is a statement as it stands; as the last one it is the tail.
                self.expression(expr, found.semi_token.is_some(), out);
            }
            Raw::Stmt(syn::Stmt::Item(item)) => {
                self.sequential = true;
                self.diag.span(item.span(), messages::ITEM);
            }
        }
    }

    pub(super) fn local(&mut self, local: syn::Local, out: &mut Vec<Stmt>) {
        let mut local = local;
        // `let x = #[max(8)] for ..` says the same as `#[max(8)] let x = for ..`.
        if let Some(init) = &mut local.init {
            local.attrs.append(&mut take_attrs(&mut init.expr));
        }
        let attrs = attrs::read(local.attrs, self.diag);
        let (pat, ty) = match local.pat {
            Pat::Type(typed) => (*typed.pat, Some(*typed.ty)),
            pat => (pat, None),
        };
        let mut gather = Gather::default();
        let Some(init) = local.init else {
            self.diag.span(local.let_token.span, messages::LET_WITHOUT_VALUE);
            self.poison(&pat);
            return;
        };
        if let Some((token, _)) = &init.diverge {
            self.diag.span(token.span, messages::LET_ELSE);
            gather.broken = true;
        }
        let name = match &pat {
            Pat::Ident(pat) => Some(pat.ident.clone()),
            _ => None,
        };
        let place = part_of(&init.expr).is_some() && !matches!(pat, Pat::Ident(_));
        let (value, vertex) = if place {
            self.scrutinee(&init.expr, &[&pat], &mut gather);
            (Value::Plain(*init.expr), None)
        } else {
            self.value(*init.expr, &attrs, name.as_ref(), &mut gather)
        };
        self.misfit(&attrs, &value);
        let after = self.after(&attrs, &mut gather);
        if let Some(vertex) = vertex {
            self.feed(vertex, &after);
        }
        let origins = match vertex {
            Some(vertex) => vec![vertex],
            None => self.origins(&gather.uses),
        };
        let slot = match (&ty, &value) {
            (Some(ty), _) if matches!(pat, Pat::Ident(_)) => Some(quote::quote!(#ty)),
            (None, Value::Step(call)) if matches!(pat, Pat::Ident(_)) => {
                let path = &call.path;
                Some(quote::quote!(<#path as __f::Step>::Output))
            }
            _ => None,
        };
        let roots = match &ty {
            Some(ty) if names::is_owned_type(ty) => Vec::new(),
            _ if names::has_ref(&pat) && !place => {
                let pointed = |used: &Use| Use { holds: Holds::Itself, ..used.clone() };
                self.roots_of(&value, &gather.uses.iter().map(pointed).collect::<Vec<_>>())
            }
            _ => self.roots_of(&value, &gather.uses),
        };
        let mut defs = self.remake();
        for made in names::bindings_of_let(&pat) {
            let id = self.define(&made.ident, slot.clone(), origins.clone());
            self.points_into(id, roots.clone());
            if made.mutability.is_some() {
                self.mutable.insert(id);
            }
            defs.push(id);
        }
        if gather.broken {
            self.sequential = true;
            self.poison(&pat);
        }
        let made: Vec<String> = names::bindings_of_let(&pat).iter().map(|pat| pat.ident.to_string()).collect();
        if let Some(scope) = self.scopes.last_mut() {
            for name in &made {
                if let Some(at) = scope.later.iter().position(|later| later == name) {
                    scope.later.remove(at);
                }
            }
        }
        let kind = StmtKind::Let { token: local.let_token, pat, ty, eq: init.eq_token };
        out.append(&mut gather.before);
        out.push(finish(kind, value, Options { kept: attrs.kept }, gather, defs));
    }

    pub(super) fn expression(&mut self, mut expr: Expr, semi: bool, out: &mut Vec<Stmt>) {
        let attrs = attrs::read(take_attrs(&mut expr), self.diag);
        let mut gather = Gather::default();
        let (kind, value, vertex) = match expr {
            Expr::Assign(assign) => {
                let (value, vertex) = self.value(*assign.right, &attrs, None, &mut gather);
                let roots = self.roots_of(&value, &gather.uses);
                if let Some(target) = walk_root(&assign.left).and_then(|name| self.lookup(&name.to_string())) {
                    self.points_into(target, roots);
                }
                self.assigned(&assign.left, assign.eq_token.span, &mut gather);
                (StmtKind::Assign { target: *assign.left, eq: assign.eq_token }, value, vertex)
            }
            Expr::Binary(binary) if is_assignment(&binary.op) => {
                self.assigned(&binary.left, binary.op.span(), &mut gather);
                let expr = Expr::Binary(binary);
                self.plain(&expr, false, &mut gather);
                (StmtKind::Effect, Value::Plain(expr), None)
            }
            Expr::Break(found) => {
                self.leaves("break", found.break_token.span, found.label.as_ref(), &mut gather);
                let bare = found.expr.is_none();
                let (value, vertex) = match found.expr {
                    Some(value) => self.value(*value, &attrs, None, &mut gather),
                    None => (Value::Plain(syn::parse_quote!(())), None),
                };
                (StmtKind::Break { token: found.break_token, bare }, value, vertex)
            }
            Expr::Continue(found) => {
                self.leaves("continue", found.continue_token.span, found.label.as_ref(), &mut gather);
                (StmtKind::Continue { token: found.continue_token }, Value::Plain(syn::parse_quote!(())), None)
            }
            expr => {
                let (mut value, vertex) = self.value(expr, &attrs, None, &mut gather);
                self.changed_in_for(&mut value);
                self.misfit(&attrs, &value);
                // Without a value for each item, a `for` has no value itself.
                let nothing = matches!(&value, Value::For(found) if !found.body.stmts.last().is_some_and(|last| last.kind.is_tail()));
                (if semi || nothing { StmtKind::Effect } else { StmtKind::Tail }, value, vertex)
            }
        };
        let after = self.after(&attrs, &mut gather);
        if let Some(vertex) = vertex {
            self.feed(vertex, &after);
        }
        if matches!((&kind, &value), (StmtKind::Effect, Value::Plain(_))) {
            // As far as anyone sees, a method changes what is `mut`: a loop around carries it.
            let changes = |used: &&Use| used.own && self.mutable.contains(&used.binding);
            let changed: Vec<_> = gather.uses.iter().filter(changes).map(|used| used.binding).collect();
            gather.barrier |= !changed.is_empty();
            self.assigned.extend(changed);
        }
        self.sequential |= gather.broken;
        let defs = self.remake();
        out.append(&mut gather.before);
        out.push(finish(kind, value, Options { kept: attrs.kept }, gather, defs));
    }
}

/// The attributes in front of an expression statement.
fn take_attrs(expr: &mut Expr) -> Vec<syn::Attribute> {
    match expr {
        Expr::Call(found) => std::mem::take(&mut found.attrs),
        Expr::ForLoop(found) => std::mem::take(&mut found.attrs),
        Expr::Loop(found) => std::mem::take(&mut found.attrs),
        Expr::If(found) => std::mem::take(&mut found.attrs),
        Expr::Match(found) => std::mem::take(&mut found.attrs),
        Expr::Block(found) => std::mem::take(&mut found.attrs),
        Expr::Macro(found) => std::mem::take(&mut found.attrs),
        Expr::Assign(found) => std::mem::take(&mut found.attrs),
        Expr::While(found) => std::mem::take(&mut found.attrs),
        Expr::MethodCall(found) => std::mem::take(&mut found.attrs),
        _ => Vec::new(),
    }
}
