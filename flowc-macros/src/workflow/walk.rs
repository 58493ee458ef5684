//! What a plain expression mentions, and what it may not contain. Scope-aware: a closure's parameter hides a binding.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
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
    SelfValue(Span),
}

/// Walks one expression.
pub(crate) struct Walk<'b> {
    is_binding: &'b dyn Fn(&str) -> bool,
    inner: Vec<Vec<String>>,
    closures: usize,
    borrowing: bool,
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

    /// A scrutinee.
    pub(crate) fn scrutinee(mut self, expr: &Expr) -> Self {
        self.place(expr, true);
        self
    }

    fn hidden(&self, name: &str) -> bool {
        self.inner.iter().flatten().any(|inner| inner == name)
    }

    fn mention(&mut self, ident: &Ident, own: bool) {
        self.part(ident, Vec::new(), own, false);
    }

    fn part(&mut self, ident: &Ident, part: Vec<String>, own: bool, sure: bool) {
        if ident == "self" {
            return self.misplaced.push(Misplaced::SelfValue(ident.span()));
        }
        if !self.hidden(&ident.to_string()) {
            let own = own && !self.borrowing;
            self.mentions.push(Mention { ident: ident.clone(), own, sure: own && sure, part });
        }
    }

    /// The receiver of a method, a scrutinee, an operand of `==`: a place there is looked at, and perhaps taken.
    pub(crate) fn place(&mut self, expr: &Expr, own: bool) {
        match part_of(expr) {
            Some((ident, part)) => self.part(&ident.clone(), part, own, false),
            None => self.visit_expr(expr),
        }
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
                self.place(&cond.expr, true);
                self.inner.push(names::bindings_of(&cond.pat).iter().map(|pat| pat.ident.to_string()).collect());
                1
            }
            Expr::Binary(both) if matches!(both.op, syn::BinOp::And(_)) => {
                self.condition(&both.left) + self.condition(&both.right)
            }
            _ => {
                self.reading(|walk| walk.visit_expr(cond));
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

    fn macro_tokens(&mut self, tokens: TokenStream, own: bool) {
        let mut before = ' ';
        let mut path: Vec<Ident> = Vec::new();
        let mut tokens = tokens.into_iter().peekable();
        while let Some(token) = tokens.next() {
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
                    if before == 'a' && group.delimiter() == proc_macro2::Delimiter::Parenthesis {
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
                    self.part(ident, Vec::new(), true, true);
                }
            }
            Expr::Field(_) if part_of(expr).is_some() => {
                if let Some((ident, part)) = part_of(expr) {
                    self.part(&ident.clone(), part, true, true);
                }
            }
            Expr::Reference(reference) => match (part_of(&reference.expr), place_root(&reference.expr)) {
                (Some((root, part)), _) => self.part(&root.clone(), part, false, false),
                (None, Some(root)) => {
                    self.mention(root, false);
                    self.reading(|walk| visit::visit_expr(walk, &reference.expr));
                }
                (None, None) => self.visit_expr(&reference.expr),
            },
            Expr::MethodCall(call) => {
                let takes = names::takes_receiver(&call.method.to_string());
                match part_of(&call.receiver) {
                    Some((ident, part)) => self.part(&ident.clone(), part, true, takes),
                    None => self.visit_expr(&call.receiver),
                }
                call.args.iter().for_each(|arg| self.visit_expr(arg));
            }
            Expr::Index(index) => {
                self.place(&index.expr, true);
                self.visit_expr(&index.index);
            }
            Expr::Unary(unary) if matches!(unary.op, syn::UnOp::Deref(_)) => self.place(&unary.expr, true),
            Expr::Binary(both) if compares(&both.op) => {
                self.place(&both.left, false);
                self.place(&both.right, false);
            }
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
                self.place(&found.expr, true);
                for arm in &found.arms {
                    let (pat, guard) = names::split_guard(&arm.pat);
                    self.scoped(&[pat], |walk| {
                        if let Some((_, guard)) = guard {
                            walk.reading(|walk| walk.visit_expr(guard));
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
            Expr::Macro(found) => {
                let own = !names::only_reads(&found.mac.path);
                self.macro_tokens(found.mac.tokens.clone(), own);
            }
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
                        self.visit_expr(&init.expr);
                        if let Some((_, diverge)) = &init.diverge {
                            self.visit_expr(diverge);
                        }
                    }
                    let made = names::bindings_of(&local.pat);
                    if let Some(scope) = self.inner.last_mut() {
                        scope.extend(made.iter().map(|pat| pat.ident.to_string()));
                    }
                }
                Stmt::Expr(expr, _) => self.visit_expr(expr),
                Stmt::Macro(found) => {
                    let own = !names::only_reads(&found.mac.path);
                    self.macro_tokens(found.mac.tokens.clone(), own);
                }
                Stmt::Item(item) => self.misplaced.push(Misplaced::Item(item.span())),
            }
        }
        self.inner.pop();
    }
}
