//! What a `loop` carries, and how it is left.

use proc_macro2::{Ident, Span};
use syn::{Attribute, Block, Expr, Stmt};

use super::{Gather, Reader, Repeat};
use crate::messages::workflow as messages;
use crate::workflow::attrs::StepAttrs;
use crate::workflow::model::{BindingId, Use, Value};
use crate::workflow::names;
use crate::workflow::walk::Holds;

impl Reader<'_> {
    /// What `#[max(..)]` in front of a `for` or `loop` says. One that stands inside of it was meant for it.
    pub(super) fn bound(&mut self, attrs: &StepAttrs, body: &mut Block, keyword: Span, missing: &str) -> Expr {
        if let Some((_, max)) = &attrs.max {
            return max.clone();
        }
        match body.stmts.iter_mut().find_map(take_max) {
            Some(inside) => self.diag.at(inside.path(), messages::MAX_INSIDE),
            None => self.diag.span(keyword, missing),
        }
        syn::parse_quote!(1)
    }

    /// What a loop assigned has a new value after it: it is made once more, by the statement of the loop.
    pub(super) fn remake(&mut self) -> Vec<BindingId> {
        let mut made = Vec::new();
        for old in std::mem::take(&mut self.remade) {
            let Some(binding) = self.bindings.get(old.0) else { continue };
            let (ident, ty, origins) = (binding.name.clone(), binding.ty.clone(), binding.origins.clone());
            let roots = binding.roots.clone();
            let new = self.define(&ident, ty, origins);
            self.points_into(new, roots);
            self.mutable.insert(new);
            self.versions.push((new, old));
            made.push(new);
        }
        made
    }

    /// The version of a binding that stood before everything from `first_inner` on.
    pub(super) fn root(&self, mut id: BindingId, first_inner: usize) -> BindingId {
        while id.0 >= first_inner {
            match self.versions.iter().find(|(new, _)| *new == id) {
                Some((_, old)) => id = *old,
                None => break,
            }
        }
        id
    }

    /// The target of an assignment: a `let mut` that the innermost loop carries.
    pub(super) fn assigned(&mut self, target: &Expr, span: Span, gather: &mut Gather) {
        gather.barrier = true;
        if walk_root(target).is_some_and(|name| self.is_broken(&name.to_string())) {
            gather.broken = true;
            return;
        }
        match self.repeats.last() {
            Some(Repeat::Loop) => {}
            Some(Repeat::For { .. }) => {
                self.diag.span(span, messages::ASSIGN_IN_FOR);
                gather.broken = true;
            }
            None => {
                self.diag.span(span, messages::ASSIGN_OUTSIDE);
                gather.broken = true;
            }
        }
        let Some(name) = walk_root(target) else {
            return self.plain(target, false, gather);
        };
        if let Some(binding) = self.lookup(&name.to_string()) {
            self.assigned.push(binding);
            let holds = Holds::Nothing;
            gather.uses.push(Use {
                binding,
                own: true,
                sure: true,
                part: Vec::new(),
                named: 0,
                holds,
                strong: true,
                order: false,
            });
        }
    }

    /// `out.push(x);` in a `for`, where `out` is a `let mut` from around it. It stays there for the types that it tells.
    pub(super) fn changed_in_for(&mut self, value: &mut Value) {
        let Value::Plain(Expr::MethodCall(call)) = value else { return };
        let Some(binding) = walk_root(&call.receiver).and_then(|name| self.lookup(&name.to_string())) else { return };
        let around = |repeat: &Repeat| matches!(repeat, Repeat::For { first_inner } if binding.0 < *first_inner);
        let changes = names::changes(&call.method.to_string()) && self.mutable.contains(&binding);
        if changes && self.repeats.iter().any(around) {
            self.diag.at(&call.method, messages::CHANGE_IN_FOR);
            let receiver = &call.receiver;
            *call.receiver = syn::parse_quote!({ fn own<T>(_: &T) -> T { loop {} } own(&#receiver) });
            self.sequential = true;
        }
    }

    /// A `break` or `continue`: only a `loop` has them.
    pub(super) fn leaves(&mut self, word: &str, span: Span, label: Option<&syn::Lifetime>, gather: &mut Gather) {
        if let Some(label) = label {
            self.diag.span(label.span(), messages::LABEL);
            gather.broken = true;
        } else if self.repeats.last() != Some(&Repeat::Loop) {
            let text = match self.repeats.last() {
                Some(Repeat::For { .. }) => messages::leave_for(word),
                _ => messages::leave_nothing(word),
            };
            self.diag.span(span, text);
            gather.broken = true;
        }
    }
}

/// Takes `#[max(..)]` from a statement that it cannot bound.
fn take_max(statement: &mut Stmt) -> Option<Attribute> {
    let (attrs, value) = match statement {
        Stmt::Local(local) => (Some(&mut local.attrs), local.init.as_ref().map(|init| &*init.expr)),
        Stmt::Expr(Expr::Call(call), _) => (Some(&mut call.attrs), None),
        Stmt::Expr(Expr::MethodCall(call), _) => (Some(&mut call.attrs), None),
        _ => (None, None),
    };
    let attrs = attrs.filter(|_| !matches!(value, Some(Expr::ForLoop(_) | Expr::Loop(_))))?;
    let place = attrs.iter().position(|attr| attr.path().is_ident("max"))?;
    Some(attrs.remove(place))
}

pub(super) fn is_assignment(op: &syn::BinOp) -> bool {
    use syn::BinOp::{
        AddAssign, BitAndAssign, BitOrAssign, BitXorAssign, DivAssign, MulAssign, RemAssign, ShlAssign, ShrAssign,
        SubAssign,
    };
    matches!(
        op,
        AddAssign(_)
            | SubAssign(_)
            | MulAssign(_)
            | DivAssign(_)
            | RemAssign(_)
            | BitXorAssign(_)
            | BitAndAssign(_)
            | BitOrAssign(_)
            | ShlAssign(_)
            | ShrAssign(_)
    )
}

/// The binding that an assignment changes: `x`, `x.field`, `x[i]`.
pub(super) fn walk_root(target: &Expr) -> Option<&Ident> {
    match target {
        Expr::Path(path) => path.path.get_ident(),
        Expr::Field(field) => walk_root(&field.base),
        Expr::Index(index) => walk_root(&index.expr),
        Expr::Paren(paren) => walk_root(&paren.expr),
        _ => None,
    }
}
