//! What a plain expression mentions, and what it may not contain. Scope-aware: a closure's parameter hides a binding.

mod macros;
mod patterns;

use proc_macro2::{Ident, Span};
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Expr, Pat, Stmt};

use super::names;

/// A name that stands in an expression.
pub(crate) struct Mention {
    pub(crate) ident: Ident,
    /// It may take the value; else it borrows it.
    pub(crate) own: bool,
    /// It takes or copies the value for certain; else it may only look at it, as a method does.
    pub(crate) sure: bool,
    /// The part that it names: `x.a.b` is `["a", "b"]`.
    pub(crate) part: Vec<String>,
    /// How many members of `part` the expression names; a pattern names the others.
    pub(crate) named: usize,
    pub(crate) holds: Holds,
    /// It only looks, and comes after whatever has changed the value before.
    pub(crate) looks: bool,
}

/// What the value of an expression may point into, as far as one name in it goes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Holds {
    /// Nothing: the name is only looked at.
    Nothing,
    /// What the value of the name itself points into: it is moved or copied.
    Inherited,
    /// The name: `&x`, and `x.method()`, whose receiver and result nobody sees here.
    Itself,
}

/// Something that has no place in a plain expression of a workflow.
pub(crate) enum Misplaced {
    /// A call of a node: path as written, and its span.
    Step(String, Span),
    Question(Span),
    Await(Span),
    Return(Span),
    Async(Span),
    Unsafe(Span),
    While(Span),
    /// `for` or `loop` inside another expression.
    Repeat(&'static str, Span),
    Label(Span),
    Catch(Span),
    Item(Span),
    LetElse(Span),
    SelfValue(Span),
}

/// Walks one expression.
pub(crate) struct Walk<'b> {
    is_binding: &'b dyn Fn(&str) -> bool,
    inner: Vec<Vec<String>>,
    closures: usize,
    borrowing: bool,
    /// The value of what is walked points into nothing.
    detached: bool,
    pub(crate) mentions: Vec<Mention>,
    pub(crate) misplaced: Vec<Misplaced>,
}

impl<'b> Walk<'b> {
    pub(crate) fn new(is_binding: &'b dyn Fn(&str) -> bool) -> Self {
        Self {
            is_binding,
            inner: Vec::new(),
            closures: 0,
            borrowing: false,
            detached: false,
            mentions: Vec::new(),
            misplaced: Vec::new(),
        }
    }

    /// Every mention borrows: a condition.
    pub(crate) fn borrowing(mut self) -> Self {
        self.borrowing = true;
        self
    }

    pub(crate) fn expr(mut self, expr: &Expr) -> Self {
        self.visit_expr(expr);
        self
    }

    /// A scrutinee, and the patterns that it is held against.
    pub(crate) fn scrutinee(mut self, expr: &Expr, pats: &[&Pat]) -> Self {
        self.looked_into(expr, pats);
        self
    }

    fn hidden(&self, name: &str) -> bool {
        self.inner.iter().flatten().any(|inner| inner == name)
    }

    fn mention(&mut self, ident: &Ident, own: bool) {
        self.part(ident, Vec::new(), own, false, Holds::Itself);
    }

    fn part(&mut self, ident: &Ident, part: Vec<String>, own: bool, sure: bool, holds: Holds) {
        if ident == "self" {
            return self.misplaced.push(Misplaced::SelfValue(ident.span()));
        }
        if !self.hidden(&ident.to_string()) {
            let own = own && !self.borrowing;
            let holds = match holds {
                _ if self.detached => Holds::Nothing,
                // A closure borrows what it can copy.
                _ if self.closures > 0 => Holds::Itself,
                holds => holds,
            };
            let named = part.len();
            let sure = own && sure;
            self.mentions.push(Mention { ident: ident.clone(), own, sure, part, named, holds, looks: false });
        }
    }

    /// The receiver of a method, an operand of `==`: a place there is looked at, and perhaps taken.
    pub(crate) fn place(&mut self, expr: &Expr, own: bool) {
        match part_of(expr) {
            Some((ident, part)) => self.part(&ident.clone(), part, own, false, Holds::Itself),
            None => self.visit_expr(expr),
        }
    }

    /// A condition. What its `let`s make holds behind it, and the caller knows.
    pub(crate) fn condition_of(mut self, cond: &Expr) -> Self {
        self.condition(cond);
        self.inner.clear();
        self
    }

    /// A place that is only looked at.
    fn looked_at(&mut self, inside: impl FnOnce(&mut Self)) {
        let before = self.mentions.len();
        inside(self);
        let looks = !self.borrowing;
        self.mentions.iter_mut().skip(before).for_each(|mention| mention.looks = looks);
    }

    /// What is computed from it points into nothing.
    fn detached(&mut self, inside: impl FnOnce(&mut Self)) {
        let before = std::mem::replace(&mut self.detached, true);
        inside(self);
        self.detached = before;
    }

    fn scoped(&mut self, pats: &[&Pat], inside: impl FnOnce(&mut Self)) {
        let names = pats.iter().flat_map(|pat| names::bindings_of(pat)).map(|pat| pat.ident.to_string()).collect();
        self.inner.push(names);
        inside(self);
        self.inner.pop();
    }

    fn reading(&mut self, inside: impl FnOnce(&mut Self)) {
        let before = std::mem::replace(&mut self.borrowing, true);
        inside(self);
        self.borrowing = before;
    }

    /// A condition: names bound by `let` in it hold in what follows, which the caller walks inside.
    fn condition(&mut self, cond: &Expr) -> usize {
        match cond {
            Expr::Let(cond) => {
                self.looked_into(&cond.expr, &[&cond.pat]);
                self.inner.push(names::bindings_of(&cond.pat).iter().map(|pat| pat.ident.to_string()).collect());
                1
            }
            Expr::Binary(both) if matches!(both.op, syn::BinOp::And(_)) => {
                self.condition(&both.left) + self.condition(&both.right)
            }
            _ => {
                self.detached(|walk| walk.reading(|walk| walk.visit_expr(cond)));
                0
            }
        }
    }

    /// What stands in a misplaced `catch`: its step is no second mistake.
    fn caught(&mut self, arg: &Expr) {
        match arg {
            Expr::Call(step) => step.args.iter().for_each(|arg| self.visit_expr(arg)),
            arg => self.visit_expr(arg),
        }
    }
}

/// The binding and its part that a place names: `x`, `x.a.b`.
pub(crate) fn part_of(expr: &Expr) -> Option<(&Ident, Vec<String>)> {
    match expr {
        Expr::Path(path) if path.qself.is_none() => Some((path.path.get_ident()?, Vec::new())),
        Expr::Field(field) => {
            let (ident, mut part) = part_of(&field.base)?;
            part.push(quote::ToTokens::to_token_stream(&field.member).to_string());
            Some((ident, part))
        }
        Expr::Paren(paren) => part_of(&paren.expr),
        _ => None,
    }
}

/// The binding whose place `&expr` borrows: `x`, `x.field`, `x[i]`.
fn place_root(expr: &Expr) -> Option<&Ident> {
    match expr {
        Expr::Path(path) if path.qself.is_none() => path.path.get_ident(),
        Expr::Field(field) => place_root(&field.base),
        Expr::Index(index) => place_root(&index.expr),
        Expr::Paren(paren) => place_root(&paren.expr),
        _ => None,
    }
}

fn compares(op: &syn::BinOp) -> bool {
    use syn::BinOp::{Eq, Ge, Gt, Le, Lt, Ne};
    matches!(op, Eq(_) | Ne(_) | Lt(_) | Le(_) | Gt(_) | Ge(_))
}

impl<'a> Visit<'a> for Walk<'_> {
    #[allow(clippy::too_many_lines, reason = "one arm for each kind of expression")]
    fn visit_expr(&mut self, expr: &'a Expr) {
        match expr {
            Expr::Path(path) if path.qself.is_none() => {
                if let Some(ident) = path.path.get_ident() {
                    self.part(ident, Vec::new(), true, true, Holds::Inherited);
                }
            }
            Expr::Field(_) if part_of(expr).is_some() => {
                if let Some((ident, part)) = part_of(expr) {
                    self.part(&ident.clone(), part, true, true, Holds::Inherited);
                }
            }
            Expr::Reference(reference) => match (part_of(&reference.expr), place_root(&reference.expr)) {
                (Some((root, part)), _) => self.part(&root.clone(), part, false, false, Holds::Itself),
                (None, Some(root)) => {
                    self.mention(root, false);
                    self.reading(|walk| visit::visit_expr(walk, &reference.expr));
                }
                (None, None) => self.visit_expr(&reference.expr),
            },
            Expr::MethodCall(call) => {
                // The names of most methods do not say whether they take their receiver: they may.
                let (detached, method) = (self.detached, call.method.to_string());
                self.detached |= names::gives_owned(&method);
                match place_root(&call.receiver) {
                    // Behind an index nothing can be taken.
                    Some(root) if part_of(&call.receiver).is_none() => {
                        self.looked_at(|walk| walk.mention(&root.clone(), false));
                        self.visit_expr(&call.receiver);
                    }
                    _ if names::only_looks(&method) && part_of(&call.receiver).is_some() => {
                        self.looked_at(|walk| walk.place(&call.receiver, false));
                    }
                    _ => self.place(&call.receiver, true),
                }
                self.detached = detached;
                call.args.iter().for_each(|arg| self.visit_expr(arg));
            }
            Expr::Index(index) => {
                if part_of(&index.expr).is_some() {
                    self.looked_at(|walk| walk.place(&index.expr, false));
                } else {
                    self.visit_expr(&index.expr);
                }
                self.visit_expr(&index.index);
            }
            Expr::Unary(unary) if matches!(unary.op, syn::UnOp::Deref(_)) => self.place(&unary.expr, true),
            Expr::Binary(both) if compares(&both.op) => self.detached(|walk| {
                walk.place(&both.left, false);
                walk.place(&both.right, false);
            }),
            Expr::Closure(closure) => {
                if let Some(token) = closure.asyncness {
                    self.misplaced.push(Misplaced::Async(token.span));
                }
                let pats: Vec<&Pat> = closure.inputs.iter().collect();
                self.closures += 1;
                self.scoped(&pats, |walk| walk.visit_expr(&closure.body));
                self.closures -= 1;
            }
            Expr::Match(found) => {
                self.looked_into(&found.expr, &found.arms.iter().map(|arm| &arm.pat).collect::<Vec<_>>());
                for arm in &found.arms {
                    let (pat, guard) = names::split_guard(&arm.pat);
                    self.scoped(&[pat], |walk| {
                        if let Some((_, guard)) = guard {
                            walk.detached(|walk| walk.reading(|walk| walk.visit_expr(guard)));
                        }
                        walk.visit_expr(&arm.body);
                    });
                }
            }
            Expr::If(found) => {
                let scopes = self.condition(&found.cond);
                self.visit_block(&found.then_branch);
                for _ in 0..scopes {
                    self.inner.pop();
                }
                if let Some((_, otherwise)) = &found.else_branch {
                    self.visit_expr(otherwise);
                }
            }
            Expr::Call(call) => {
                if let Expr::Path(path) = &*call.func {
                    let known = |name: &str| self.hidden(name) || (self.is_binding)(name);
                    if names::is_step_path(path, known) {
                        let shown = quote::quote!(#path).to_string().replace(' ', "");
                        self.misplaced.push(Misplaced::Step(shown, path.span()));
                    } else if path.path.is_ident("catch") {
                        self.misplaced.push(Misplaced::Catch(path.span()));
                        return call.args.iter().for_each(|arg| self.caught(arg));
                    }
                }
                visit::visit_expr(self, expr);
            }
            Expr::Macro(found) => self.mac(&found.mac),
            Expr::Await(found) => {
                self.misplaced.push(Misplaced::Await(found.await_token.span));
                self.visit_expr(&found.base);
            }
            Expr::Async(found) => self.misplaced.push(Misplaced::Async(found.async_token.span)),
            Expr::Unsafe(found) => self.misplaced.push(Misplaced::Unsafe(found.unsafe_token.span)),
            Expr::Try(found) if self.closures == 0 => {
                self.misplaced.push(Misplaced::Question(found.question_token.span));
                self.visit_expr(&found.expr);
            }
            Expr::Return(found) if self.closures == 0 => {
                self.misplaced.push(Misplaced::Return(found.return_token.span));
            }
            Expr::While(found) if self.closures == 0 => self.misplaced.push(Misplaced::While(found.while_token.span)),
            Expr::ForLoop(found) if self.closures == 0 => {
                self.misplaced.push(Misplaced::Repeat("for", found.for_token.span));
            }
            Expr::Loop(found) if self.closures == 0 => {
                self.misplaced.push(Misplaced::Repeat("loop", found.loop_token.span));
            }
            Expr::ForLoop(found) => {
                self.visit_expr(&found.expr);
                self.scoped(&[&found.pat], |walk| walk.visit_block(&found.body));
            }
            Expr::Block(found) if found.label.is_some() => {
                if let Some(label) = &found.label {
                    self.misplaced.push(Misplaced::Label(label.span()));
                }
            }
            _ => visit::visit_expr(self, expr),
        }
    }

    fn visit_block(&mut self, block: &'a syn::Block) {
        self.inner.push(Vec::new());
        for stmt in &block.stmts {
            match stmt {
                Stmt::Local(local) => {
                    if let Some(init) = &local.init {
                        match &local.pat {
                            Pat::Ident(_) => self.visit_expr(&init.expr),
                            pat => self.looked_into(&init.expr, &[pat]),
                        }
                        if let Some((token, diverge)) = &init.diverge {
                            if self.closures == 0 {
                                self.misplaced.push(Misplaced::LetElse(token.span));
                            }
                            self.visit_expr(diverge);
                        }
                    }
                    let made = names::bindings_of_let(&local.pat);
                    if let Some(scope) = self.inner.last_mut() {
                        scope.extend(made.iter().map(|pat| pat.ident.to_string()));
                    }
                }
                Stmt::Expr(expr, _) => self.visit_expr(expr),
                Stmt::Macro(found) => self.mac(&found.mac),
                Stmt::Item(item) => self.misplaced.push(Misplaced::Item(item.span())),
            }
        }
        self.inner.pop();
    }
}
