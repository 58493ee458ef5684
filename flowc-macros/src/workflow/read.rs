//! Statements to the model: which calls are steps, what each name means, and what has no place here.

mod attributes;
mod loops;
mod mentions;
mod regions;
mod roots;
mod statements;
mod values;

use std::collections::HashSet;

use proc_macro2::{Ident, Span};
use syn::spanned::Spanned;
use syn::{Pat, token};

use super::model::{
    Binding, BindingId, Block, EdgeMode, Input, Options, Root, Stmt, StmtKind, Use, Value, Vertex, VertexKind,
};
use super::names;
use super::parse::Raw;
use crate::diag::Diag;

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
    /// Bindings before this one are from around it.
    For {
        first_inner: usize,
    },
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
        self.bindings.push(Binding { name: ident.clone(), ty, origins, roots: Vec::new(), forward });
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

    /// A block; `made` are bindings that its head made.
    pub(crate) fn block(&mut self, body: Vec<Raw>, brace: token::Brace, made: &[(Pat, Vec<Root>)]) -> Block {
        self.scopes.push(Scope { later: later_names(&body), ..Scope::default() });
        for (pat, roots) in made {
            for pat in names::bindings_of(pat) {
                let id = self.define(&pat.ident, None, Vec::new());
                self.points_into(id, roots.clone());
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

    fn poison(&mut self, pat: &Pat) {
        if let Some(scope) = self.scopes.last_mut() {
            scope.broken.extend(names::bindings_of_let(pat).iter().map(|pat| pat.ident.to_string()));
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
    pats.flat_map(names::bindings_of_let).map(|pat| pat.ident.to_string()).collect()
}
