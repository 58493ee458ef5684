//! Statements to the model: which calls are steps, what each name means, and what has no place here.

mod regions;
mod values;

use std::collections::HashSet;

use proc_macro2::{Ident, Span};
use syn::spanned::Spanned;
use syn::{Expr, Pat, token};

use super::attrs::{self, StepAttrs};
use super::model::{
    Binding, BindingId, Block, EdgeMode, Input, Options, Stmt, StmtKind, Use, Value, Vertex, VertexKind,
};
use super::names;
use super::parse::Raw;
use super::walk::{Mention, Misplaced, Walk};
use crate::diag::Diag;
use crate::messages::workflow as messages;

/// Reads one body.
pub(crate) struct Reader<'d> {
    pub(crate) diag: &'d mut Diag,
    name: Ident,
    pub(crate) bindings: Vec<Binding>,
    pub(crate) vertices: Vec<Vertex>,
    first_vertex: u32,
    scopes: Vec<Scope>,
    place: Option<(u32, u32)>,
    repeats: Vec<Repeat>,
    pub(crate) mutable: HashSet<BindingId>,
    /// Named in an `#[after(..)]`.
    pub(crate) ordered: HashSet<BindingId>,
    /// Names that were used before the `let` that makes them.
    forward: Vec<String>,
    pub(crate) sequential: bool,
    nested: usize,
    /// What has been assigned, in order; a loop takes from here what it carries.
    assigned: Vec<BindingId>,
    /// What the loop that was just read carries.
    remade: Vec<BindingId>,
    /// Workflows that call this one, and so must not be called.
    pub(crate) leads_back: HashSet<String>,
    /// New version, old version.
    versions: Vec<(BindingId, BindingId)>,
}

#[derive(Default)]
struct Scope {
    names: Vec<(String, BindingId)>,
    /// What the block still will make.
    later: Vec<String>,
    /// Bindings whose value could not be read.
    broken: Vec<String>,
}

/// What `break` and `continue` would leave.
#[derive(Clone, Copy, PartialEq)]
enum Repeat {
    For,
    Loop,
}

/// What a statement gathers while it is read.
#[derive(Default)]
pub(super) struct Gather {
    pub(super) uses: Vec<Use>,
    /// Statements that stand before it: steps that were arguments of steps.
    pub(super) before: Vec<Stmt>,
    pub(super) barrier: bool,
    pub(super) broken: bool,
}

impl<'d> Reader<'d> {
    pub(crate) fn new(diag: &'d mut Diag, name: Ident, params: usize) -> Self {
        Self {
            diag,
            name,
            bindings: Vec::new(),
            vertices: Vec::new(),
            first_vertex: u32::try_from(params).unwrap_or(u32::MAX),
            scopes: vec![Scope::default()],
            place: None,
            repeats: Vec::new(),
            mutable: HashSet::new(),
            ordered: HashSet::new(),
            forward: Vec::new(),
            sequential: false,
            nested: 0,
            assigned: Vec::new(),
            remade: Vec::new(),
            leads_back: HashSet::new(),
            versions: Vec::new(),
        }
    }

    /// Makes a binding in the innermost scope.
    pub(crate) fn define(
        &mut self,
        ident: &Ident,
        ty: Option<proc_macro2::TokenStream>,
        origins: Vec<u32>,
    ) -> BindingId {
        let id = BindingId(self.bindings.len());
        let name = ident.to_string();
        let forward = self.forward.contains(&name);
        self.bindings.push(Binding { name: ident.clone(), ty, origins, forward });
        if let Some(scope) = self.scopes.last_mut() {
            scope.broken.retain(|broken| *broken != name);
            scope.names.push((name, id));
        }
        id
    }

    /// Names whose values are not to be had: what uses them is no mistake of its own.
    pub(crate) fn lost(&mut self, names: &[Ident]) {
        if let Some(scope) = self.scopes.last_mut() {
            scope.broken.extend(names.iter().map(ToString::to_string));
        }
    }

    fn lookup(&self, name: &str) -> Option<BindingId> {
        self.scopes
            .iter()
            .rev()
            .find_map(|scope| scope.names.iter().rev().find(|(known, _)| known == name).map(|(_, id)| *id))
    }

    fn is_broken(&self, name: &str) -> bool {
        self.scopes.iter().any(|scope| scope.broken.iter().any(|broken| broken == name))
    }

    fn vertex(&mut self, name: String, kind: VertexKind, span: Span, uses: &[Use]) -> u32 {
        let index = self.first_vertex + u32::try_from(self.vertices.len()).unwrap_or(u32::MAX);
        self.vertices.push(Vertex { name, kind, place: self.place, span, inputs: Vec::new() });
        self.feed(index, uses);
        index
    }

    /// Adds the edges that `uses` make to a vertex.
    fn feed(&mut self, vertex: u32, uses: &[Use]) {
        let mut inputs = Vec::new();
        for used in uses {
            let Some(binding) = self.bindings.get(used.binding.0) else { continue };
            let mode = match used {
                Use { order: true, .. } => EdgeMode::Order,
                Use { own: true, .. } => EdgeMode::Own,
                _ => EdgeMode::Borrow,
            };
            for from in &binding.origins {
                inputs.push(Input { from: *from, value: binding.name.to_string(), mode });
            }
        }
        let Some(index) = vertex.checked_sub(self.first_vertex) else { return };
        if let Some(vertex) = self.vertices.get_mut(index as usize) {
            vertex.inputs.extend(inputs);
        }
    }

    /// What a plain expression names.
    fn plain(&mut self, expr: &Expr, borrowing: bool, gather: &mut Gather) {
        self.walk(borrowing, |walk| walk.expr(expr), gather);
    }

    /// What a condition or a scrutinee names.
    fn looked_at(&mut self, expr: &Expr, borrowing: bool, gather: &mut Gather) {
        self.walk(borrowing, |walk| walk.scrutinee(expr), gather);
    }

    fn walk(&mut self, borrowing: bool, walked: impl for<'b> FnOnce(Walk<'b>) -> Walk<'b>, gather: &mut Gather) {
        let (mentions, misplaced) = {
            let is_binding = |name: &str| self.lookup(name).is_some();
            let walk = Walk::new(&is_binding);
            let walk = walked(if borrowing { walk.borrowing() } else { walk });
            (walk.mentions, walk.misplaced)
        };
        for wrong in misplaced {
            self.misplaced(&wrong);
            gather.broken = true;
        }
        for mention in mentions {
            self.mention(&mention, gather);
        }
    }

    fn mention(&mut self, mention: &Mention, gather: &mut Gather) {
        let name = mention.ident.to_string();
        if self.is_broken(&name) {
            gather.broken = true;
        }
        if let Some(binding) = self.lookup(&name) {
            gather.uses.push(Use {
                binding,
                own: mention.own,
                sure: mention.sure,
                part: mention.part.clone(),
                strong: true,
                order: false,
            });
        } else if self.scopes.iter().any(|scope| scope.later.contains(&name)) {
            self.forward.push(name);
            self.sequential = true;
        } else if names::is_snake(&name) {
            let known = self.scopes.iter().flat_map(|scope| &scope.names).map(|(known, _)| known.as_str());
            // rustc names the binding that was meant only where it is in scope, as it is in code in source order.
            self.sequential |= names::similar(&name, known).is_some();
        }
    }

    fn misplaced(&mut self, wrong: &Misplaced) {
        let (span, text) = match wrong {
            Misplaced::Step(path, span) => (*span, messages::step_inside(path)),
            Misplaced::Question(span) => (*span, messages::QUESTION.to_owned()),
            Misplaced::Await(span) => (*span, messages::AWAIT.to_owned()),
            Misplaced::Return(span) => (*span, messages::RETURN.to_owned()),
            Misplaced::Async(span) => (*span, messages::ASYNC.to_owned()),
            Misplaced::Unsafe(span) => (*span, messages::UNSAFE.to_owned()),
            Misplaced::While(span) => (*span, messages::WHILE.to_owned()),
            Misplaced::Repeat(word, span) => (*span, messages::repeat_inside(word)),
            Misplaced::Label(span) => (*span, messages::LABEL.to_owned()),
            Misplaced::Catch(span) => (*span, messages::CATCH_INSIDE.to_owned()),
            Misplaced::SelfValue(span) => (*span, messages::SELF_IN_WORKFLOW.to_owned()),
            Misplaced::Item(span) => (*span, messages::ITEM.to_owned()),
        };
        self.diag.span(span, text);
    }

    /// A block; `made` are bindings that its head made.
    pub(crate) fn block(&mut self, body: Vec<Raw>, brace: token::Brace, made: &[(Pat, Vec<u32>)]) -> Block {
        self.scopes.push(Scope { later: later_names(&body), ..Scope::default() });
        for (pat, origins) in made {
            for pat in names::bindings_of(pat) {
                self.define(&pat.ident, None, origins.clone());
            }
        }
        let mut stmts = Vec::new();
        let count = body.len();
        for (index, mut raw) in body.into_iter().enumerate() {
            if index + 1 < count {
                ends_alone(&mut raw);
            }
            self.statement(raw, &mut stmts);
        }
        self.scopes.pop();
        Block { stmts, brace }
    }

    fn statement(&mut self, raw: Raw, out: &mut Vec<Stmt>) {
        match raw {
            Raw::Broken(pat) => {
                self.sequential = true;
                if let (Some(pat), Some(scope)) = (pat, self.scopes.last_mut()) {
                    scope.broken.extend(names::bindings_of(&pat).iter().map(|pat| pat.ident.to_string()));
                }
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

    fn local(&mut self, local: syn::Local, out: &mut Vec<Stmt>) {
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
            Pat::Ident(pat) if names::makes_binding(pat) => Some(pat.ident.clone()),
            _ => None,
        };
        let (value, vertex) = self.value(*init.expr, &attrs, name.as_ref(), &mut gather);
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
        let mut defs = self.remake();
        for made in names::bindings_of(&pat) {
            let id = self.define(&made.ident, slot.clone(), origins.clone());
            if made.mutability.is_some() {
                self.mutable.insert(id);
            }
            defs.push(id);
        }
        if gather.broken {
            self.sequential = true;
            self.poison(&pat);
        }
        let made: Vec<String> = names::bindings_of(&pat).iter().map(|pat| pat.ident.to_string()).collect();
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

    fn expression(&mut self, mut expr: Expr, semi: bool, out: &mut Vec<Stmt>) {
        let attrs = attrs::read(take_attrs(&mut expr), self.diag);
        let mut gather = Gather::default();
        let (kind, value, vertex) = match expr {
            Expr::Assign(assign) => {
                let (value, vertex) = self.value(*assign.right, &attrs, None, &mut gather);
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
                let (value, vertex) = self.value(expr, &attrs, None, &mut gather);
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
            let mutable = |used: &Use| used.own && self.mutable.contains(&used.binding);
            gather.barrier |= gather.uses.iter().any(mutable);
        }
        self.sequential |= gather.broken;
        let defs = self.remake();
        out.append(&mut gather.before);
        out.push(finish(kind, value, Options { kept: attrs.kept }, gather, defs));
    }

    /// What a loop assigned has a new value after it: it is made once more, by the statement of the loop.
    fn remake(&mut self) -> Vec<BindingId> {
        let mut made = Vec::new();
        for old in std::mem::take(&mut self.remade) {
            let Some(binding) = self.bindings.get(old.0) else { continue };
            let (ident, ty, origins) = (binding.name.clone(), binding.ty.clone(), binding.origins.clone());
            let new = self.define(&ident, ty, origins);
            self.mutable.insert(new);
            self.versions.push((new, old));
            made.push(new);
        }
        made
    }

    /// The version of a binding that stood before everything from `first_inner` on.
    fn root(&self, mut id: BindingId, first_inner: usize) -> BindingId {
        while id.0 >= first_inner {
            match self.versions.iter().find(|(new, _)| *new == id) {
                Some((_, old)) => id = *old,
                None => break,
            }
        }
        id
    }

    /// The target of an assignment: a `let mut` that the innermost loop carries.
    fn assigned(&mut self, target: &Expr, span: Span, gather: &mut Gather) {
        gather.barrier = true;
        if walk_root(target).is_some_and(|name| self.is_broken(&name.to_string())) {
            gather.broken = true;
            return;
        }
        match self.repeats.last() {
            Some(Repeat::Loop) => {}
            Some(Repeat::For) => {
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
            gather.uses.push(Use { binding, own: true, sure: true, part: Vec::new(), strong: true, order: false });
        }
    }

    /// A `break` or `continue`: only a `loop` has them.
    fn leaves(&mut self, word: &str, span: Span, label: Option<&syn::Lifetime>, gather: &mut Gather) {
        if let Some(label) = label {
            self.diag.span(label.span(), messages::LABEL);
            gather.broken = true;
        } else if self.repeats.last() != Some(&Repeat::Loop) {
            let text = match self.repeats.last() {
                Some(Repeat::For) => messages::leave_for(word),
                _ => messages::leave_nothing(word),
            };
            self.diag.span(span, text);
            gather.broken = true;
        }
    }

    /// Attributes that do not fit what they stand on.
    fn misfit(&mut self, attrs: &StepAttrs, value: &Value) {
        let repeats = matches!(value, Value::For(_) | Value::Loop(_) | Value::Broken);
        if let (Some((span, _)), false) = (&attrs.max, repeats) {
            self.diag.span(*span, messages::MAX_MISPLACED);
        }
        if let (Some(span), false) = (attrs.collect, matches!(value, Value::For(_) | Value::Broken)) {
            self.diag.span(span, messages::ON_ERROR_MISPLACED);
        }
        let steps = matches!(value, Value::Step(_) | Value::Catch(_) | Value::Broken);
        if let (Some(policy), false) = (attrs.policies.first(), steps) {
            let name = policy.path().get_ident().map(ToString::to_string).unwrap_or_default();
            self.diag.at(policy.path(), messages::policy_misplaced(&name));
        }
    }

    /// `#[after(a, b)]` as uses that carry no value.
    fn after(&mut self, attrs: &StepAttrs, gather: &mut Gather) -> Vec<Use> {
        let mut found = Vec::new();
        for name in &attrs.after {
            match self.lookup(&name.to_string()) {
                Some(binding) => {
                    found.push(Use { binding, own: false, sure: false, part: Vec::new(), strong: true, order: true });
                }
                None => {
                    let text = name.to_string();
                    let known = self.scopes.iter().flat_map(|scope| &scope.names).map(|(known, _)| known.as_str());
                    let text = messages::unknown_after(&text, names::similar(&text, known));
                    self.diag.span(name.span(), text);
                    gather.broken = true;
                }
            }
        }
        gather.uses.extend(found.iter().cloned());
        self.ordered.extend(found.iter().map(|used| used.binding));
        found
    }

    fn poison(&mut self, pat: &Pat) {
        if let Some(scope) = self.scopes.last_mut() {
            scope.broken.extend(names::bindings_of(pat).iter().map(|pat| pat.ident.to_string()));
        }
    }

    fn origins(&self, uses: &[Use]) -> Vec<u32> {
        let mut origins: Vec<u32> = uses
            .iter()
            .filter_map(|used| self.bindings.get(used.binding.0))
            .flat_map(|binding| binding.origins.clone())
            .collect();
        origins.sort_unstable();
        origins.dedup();
        origins
    }
}

fn finish(kind: StmtKind, value: Value, options: Options, gather: Gather, defs: Vec<BindingId>) -> Stmt {
    let is_async = value.has_steps();
    let Gather { uses, barrier, broken, .. } = gather;
    let barrier =
        barrier || matches!(kind, StmtKind::Assign { .. } | StmtKind::Break { .. } | StmtKind::Continue { .. });
    Stmt { kind, value, options, uses, defs, is_async, barrier, broken }
}

/// An `if`, `match`, `for` or block that is not the last needs no semicolon: it is a statement all the same.
fn ends_alone(raw: &mut Raw) {
    match raw {
        Raw::Stmt(syn::Stmt::Expr(expr, semi @ None)) => *semi = Some(token::Semi(expr.span())),
        Raw::Stmt(syn::Stmt::Macro(found)) if found.semi_token.is_none() => {
            found.semi_token = Some(token::Semi(found.mac.bang_token.span));
        }
        _ => {}
    }
}

/// The names that the `let`s of a body make, in order.
fn later_names(body: &[Raw]) -> Vec<String> {
    let pats = body.iter().filter_map(|raw| match raw {
        Raw::Stmt(syn::Stmt::Local(local)) => Some(&local.pat),
        _ => None,
    });
    pats.flat_map(names::bindings_of).map(|pat| pat.ident.to_string()).collect()
}

fn is_assignment(op: &syn::BinOp) -> bool {
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
fn walk_root(target: &Expr) -> Option<&Ident> {
    match target {
        Expr::Path(path) => path.path.get_ident(),
        Expr::Field(field) => walk_root(&field.base),
        Expr::Index(index) => walk_root(&index.expr),
        Expr::Paren(paren) => walk_root(&paren.expr),
        _ => None,
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
