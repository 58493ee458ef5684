//! The value of a statement: a step, a region, or a plain expression.

use proc_macro2::Ident;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Expr, ExprCall, Pat};

use super::{Gather, Reader, finish};
use crate::messages::workflow as messages;
use crate::span;
use crate::workflow::attrs::StepAttrs;
use crate::workflow::model::{BindingId, Call, Head, Options, StmtKind, Value, VertexKind};
use crate::workflow::names;
use crate::workflow::walk::Walk;

/// What the head of a branch is for.
#[derive(Clone, Copy)]
pub(super) enum Look<'p> {
    Condition,
    /// It is held against patterns.
    Against(&'p [&'p Pat]),
}

impl Reader<'_> {
    /// Reads a value, and the vertex that stands for it.
    pub(super) fn value(
        &mut self,
        expr: Expr,
        attrs: &StepAttrs,
        name: Option<&Ident>,
        gather: &mut Gather,
    ) -> (Value, Option<u32>) {
        match expr {
            Expr::Paren(paren) if self.has_steps(&paren.expr) => self.value(*paren.expr, attrs, name, gather),
            Expr::Call(call) if is_catch(&call) => match self.catch(call, attrs, name, gather) {
                Some(call) => {
                    let vertex = call.vertex;
                    (Value::Catch(call), Some(vertex))
                }
                None => (Value::Broken, None),
            },
            Expr::Call(call) if self.is_step(&call) => {
                let call = self.step(call, attrs, name, false, gather);
                let vertex = call.vertex;
                (Value::Step(call), Some(vertex))
            }
            Expr::ForLoop(found) => self.repeat_for(found, attrs, name, gather),
            Expr::Loop(found) => self.repeat_loop(found, attrs, name, gather),
            Expr::While(found) => {
                self.diag.span(found.while_token.span, messages::WHILE);
                gather.broken = true;
                (Value::Broken, None)
            }
            Expr::Await(found) if self.has_steps(&found.base) => {
                self.diag.span(found.await_token.span, messages::AWAIT);
                self.value(*found.base, attrs, name, gather)
            }
            Expr::Try(found) if self.has_steps(&found.expr) => {
                self.question(&found, gather);
                self.value(*found.expr, attrs, name, gather)
            }
            Expr::MethodCall(found) if found.method == "run" && self.has_steps(&found.receiver) => {
                self.diag.at(&found.method, messages::RUN);
                self.value(*found.receiver, attrs, name, gather)
            }
            Expr::Unsafe(found) => {
                self.diag.span(found.unsafe_token.span, messages::UNSAFE);
                gather.broken = true;
                (Value::Broken, None)
            }
            Expr::If(found)
                if self.has_region(&Expr::If(found.clone())) || self.waits_apart(&Expr::If(found.clone())) =>
            {
                self.branch_if(found, name, gather)
            }
            Expr::Match(found)
                if self.has_region(&Expr::Match(found.clone())) || self.waits_apart(&Expr::Match(found.clone())) =>
            {
                self.branch_match(found, name, gather)
            }
            Expr::Block(found) if found.label.is_none() && self.has_region(&Expr::Block(found.clone())) => {
                self.block_value(found, name, gather)
            }
            expr => {
                self.plain(&expr, false, gather);
                (Value::Plain(expr), None)
            }
        }
    }

    /// A condition or a scrutinee.
    pub(super) fn head(&mut self, expr: Expr, look: Look<'_>, gather: &mut Gather) -> (Head, Option<u32>) {
        let none = StepAttrs::default();
        match expr {
            Expr::Call(call) if is_catch(&call) => match self.catch(call, &none, None, gather) {
                Some(call) => {
                    let vertex = call.vertex;
                    (Head::Catch(call), Some(vertex))
                }
                None => (Head::Plain(syn::parse_quote!(())), None),
            },
            Expr::Call(call) if self.is_step(&call) => {
                let call = self.step(call, &none, None, false, gather);
                let vertex = call.vertex;
                (Head::Step(call), Some(vertex))
            }
            Expr::Paren(paren) if self.has_steps(&paren.expr) => self.head(*paren.expr, look, gather),
            Expr::Await(found) if self.has_steps(&found.base) => {
                self.diag.span(found.await_token.span, messages::AWAIT);
                self.head(*found.base, look, gather)
            }
            Expr::Try(found) if self.has_steps(&found.expr) => {
                self.question(&found, gather);
                self.head(*found.expr, look, gather)
            }
            expr => {
                match look {
                    Look::Condition => self.condition(&expr, gather),
                    Look::Against(pats) => self.scrutinee(&expr, pats, gather),
                }
                (Head::Plain(expr), None)
            }
        }
    }

    /// A `?` behind a step. Behind `catch`, nobody knows what was meant.
    fn question(&mut self, found: &syn::ExprTry, gather: &mut Gather) {
        let caught = matches!(&*found.expr, Expr::Call(call) if is_catch(call));
        gather.broken |= caught;
        let text = if caught { messages::CATCH_QUESTION } else { messages::QUESTION };
        self.diag.span(found.question_token.span, text);
    }

    fn catch(&mut self, call: ExprCall, attrs: &StepAttrs, name: Option<&Ident>, gather: &mut Gather) -> Option<Call> {
        let span = call.func.span();
        let mut args = call.args.into_iter();
        match (args.next(), args.next()) {
            (Some(Expr::Call(step)), None) if self.is_step(&step) => Some(self.step(step, attrs, name, false, gather)),
            (Some(other), None) => {
                self.diag.at(other, messages::CATCH_FORM);
                gather.broken = true;
                None
            }
            _ => {
                self.diag.span(span, messages::CATCH_FORM);
                gather.broken = true;
                None
            }
        }
    }

    pub(super) fn is_step(&self, call: &ExprCall) -> bool {
        matches!(&*call.func, Expr::Path(path) if names::is_step_path(path, |name| self.lookup(name).is_some()))
    }

    /// What is wrong with a call that leads back to this workflow.
    fn recursion(&self, path: &syn::ExprPath) -> Option<String> {
        let segment = match path.path.segments.iter().collect::<Vec<_>>()[..] {
            [segment] => segment,
            [module, segment] if module.ident == "self" => segment,
            _ => return None,
        };
        let called = segment.ident.to_string();
        if segment.ident == self.name {
            return Some(messages::recursion(&called));
        }
        self.leads_back.contains(&called).then(|| messages::recursion_through(&self.name.to_string(), &called))
    }

    /// A call of a node. Arguments that are steps themselves become statements before it.
    pub(super) fn step(
        &mut self,
        call: ExprCall,
        attrs: &StepAttrs,
        name: Option<&Ident>,
        effect: bool,
        gather: &mut Gather,
    ) -> Call {
        let Expr::Path(path) = *call.func else {
            // `is_step` saw a path; an empty call keeps the types simple.
            gather.broken = true;
            let path = syn::parse_quote!(unreadable);
            return Call { path, args: call.args, paren: call.paren_token, vertex: 0, policy: None };
        };
        let mut refused = self.recursion(&path);
        if let Some(text) = &refused {
            self.diag.at(&path, text);
        } else if let Some(inferred) = names::inferred(&path) {
            self.diag.span(inferred, messages::INFERRED);
            refused = Some(messages::INFERRED.to_owned());
        }
        gather.broken |= refused.is_some();
        let before = gather.uses.len();
        let mut args = call.args;
        for arg in &mut args {
            self.argument(arg, gather);
        }
        let policy = crate::workflow::policy::of(&attrs.policies, &path, args.len(), self.diag);
        let shown = match name {
            Some(name) if !name.to_string().starts_with('_') => name.to_string(),
            _ => path.path.segments.last().map(|last| last.ident.to_string()).unwrap_or_default(),
        };
        let shown = shown.trim_start_matches("r#").to_owned();
        let span = path.span();
        let uses = gather.uses.get(before..).unwrap_or_default().to_vec();
        // rustc would say what is wrong with it once for each thing that is asked of it.
        let vertex = match refused {
            Some(_) => 0,
            None => self.vertex(shown, VertexKind::Step { path: path.clone(), effect }, span, &uses),
        };
        Call { path, args, paren: call.paren_token, vertex, policy }
    }

    /// An argument of a step. `score(&docs)` or `&score(&docs)` is a step of its own, named out of the user's reach.
    pub(super) fn argument(&mut self, arg: &mut Expr, gather: &mut Gather) {
        self.changed(arg, gather);
        let nested = match arg {
            Expr::Reference(reference) if reference.mutability.is_none() => &mut *reference.expr,
            _ => &mut *arg,
        };
        let found = match nested {
            Expr::Call(call) if self.is_step(call) || is_catch(call) => nested,
            Expr::Paren(paren) if matches!(&*paren.expr, Expr::Call(call) if self.is_step(call)) => &mut *paren.expr,
            Expr::Await(found) if self.has_steps(&found.base) => {
                self.diag.span(found.await_token.span, messages::AWAIT);
                &mut *found.base
            }
            Expr::Try(found) if self.has_steps(&found.expr) => {
                self.diag.span(found.question_token.span, messages::QUESTION);
                &mut *found.expr
            }
            _ => return self.plain(arg, false, gather),
        };
        self.nested += 1;
        let place = match &*found {
            Expr::Call(call) => call.func.span(),
            other => other.span(),
        };
        let ident = span::local_at(&format!("nested{}", self.nested), place);
        let call = std::mem::replace(found, syn::parse_quote!(#ident));
        let mut inner = Gather::default();
        let (value, vertex) = self.value(call, &StepAttrs::default(), None, &mut inner);
        let ty = match &value {
            Value::Step(call) => {
                let path = &call.path;
                Some(quote::quote!(<#path as __f::Step>::Output))
            }
            _ => None,
        };
        let id = self.define(&ident, ty, vertex.into_iter().collect());
        gather.before.append(&mut inner.before);
        gather.broken |= inner.broken;
        let pat = Pat::Ident(syn::PatIdent { attrs: Vec::new(), by_ref: None, mutability: None, ident, subpat: None });
        let kind = StmtKind::Let { token: syn::token::Let(place), pat, ty: None, eq: syn::token::Eq(place) };
        gather.before.push(finish(kind, value, Options::default(), inner, vec![id]));
        self.plain(arg, false, gather);
    }

    /// `&mut x`, where `x` cannot be changed anyway.
    fn changed(&mut self, arg: &Expr, gather: &mut Gather) {
        let Expr::Reference(syn::ExprReference { mutability: Some(token), expr, .. }) = arg else { return };
        let Some((name, _)) = crate::workflow::walk::part_of(expr) else { return };
        if self.lookup(&name.to_string()).is_some_and(|id| !self.mutable.contains(&id)) {
            self.diag.at(token, messages::mut_input(&crate::workflow::parse::shown(expr)));
            gather.broken = true;
        }
    }

    /// Whether anything in it must become a step, a region or a leap of a loop.
    pub(super) fn has_region(&self, expr: &Expr) -> bool {
        let mut find = Find { reader: self, found: false, repeats: true };
        find.visit_expr(expr);
        find.found
    }

    /// Whether an arm of a branch without steps names what a step makes, and another arm does not: then each arm waits for
    /// what it names, and not the whole branch for all of it.
    fn waits_apart(&self, branch: &Expr) -> bool {
        let of_block = |block: &syn::Block| {
            self.made_by_steps(&Expr::Block(syn::ExprBlock { attrs: Vec::new(), label: None, block: block.clone() }))
        };
        let (head, arms) = match branch {
            Expr::If(found) => {
                let otherwise = found.else_branch.as_ref().map(|(_, otherwise)| self.made_by_steps(otherwise));
                (self.made_by_steps(&found.cond), vec![of_block(&found.then_branch), otherwise.unwrap_or_default()])
            }
            Expr::Match(found) => {
                let mut head = self.made_by_steps(&found.expr);
                let guards = found.arms.iter().filter_map(|arm| names::split_guard(&arm.pat).1);
                head.extend(guards.flat_map(|(_, guard)| self.made_by_steps(guard)));
                (head, found.arms.iter().map(|arm| self.made_by_steps(&arm.body)).collect())
            }
            _ => return false,
        };
        arms.iter().flatten().any(|id| !head.contains(id) && !arms.iter().all(|arm| arm.contains(id)))
    }

    /// The bindings in it whose values come from steps.
    fn made_by_steps(&self, expr: &Expr) -> Vec<BindingId> {
        let is_binding = |name: &str| self.lookup(name).is_some();
        let walk = Walk::new(&is_binding).expr(expr);
        let named = walk.mentions.iter().filter_map(|mention| self.lookup(&mention.ident.to_string()));
        let by_step = |id: &BindingId| {
            let origins = self.bindings.get(id.0).map(|binding| binding.origins.as_slice()).unwrap_or_default();
            origins.iter().any(|origin| *origin >= self.first_vertex)
        };
        named.filter(by_step).collect()
    }

    /// Whether it is a step, perhaps in parentheses or with a `?` or `.await` too many.
    pub(super) fn has_steps(&self, expr: &Expr) -> bool {
        match expr {
            Expr::Call(call) => self.is_step(call) || is_catch(call),
            Expr::Paren(paren) => self.has_steps(&paren.expr),
            Expr::Await(found) => self.has_steps(&found.base),
            Expr::Try(found) => self.has_steps(&found.expr),
            _ => false,
        }
    }
}

pub(super) fn is_catch(call: &ExprCall) -> bool {
    matches!(&*call.func, Expr::Path(path) if path.qself.is_none() && path.path.is_ident("catch"))
}

/// Looks for what makes an expression more than plain.
struct Find<'r, 'd> {
    reader: &'r Reader<'d>,
    found: bool,
    repeats: bool,
}

impl<'a> Visit<'a> for Find<'_, '_> {
    fn visit_expr(&mut self, expr: &'a Expr) {
        self.found |= match expr {
            Expr::Call(call) => self.reader.is_step(call) || is_catch(call),
            Expr::ForLoop(_) | Expr::Loop(_) | Expr::While(_) | Expr::Break(_) | Expr::Continue(_) => self.repeats,
            Expr::Assign(_) | Expr::Return(_) | Expr::Try(_) | Expr::Await(_) => true,
            Expr::Binary(binary) => super::loops::is_assignment(&binary.op),
            Expr::Closure(_) | Expr::Async(_) => return,
            _ => false,
        };
        if !self.found {
            visit::visit_expr(self, expr);
        }
    }
    fn visit_item(&mut self, _: &'a syn::Item) {}
}
