//! A workflow as plain data: what `parse` reads, `resolve` names and `plan` orders.

use super::walk::Holds;
use proc_macro2::{Span, TokenStream};
use syn::{Attribute, Expr, ExprPath, Generics, Ident, Pat, Token, Type, Visibility, token};

/// One `fn` of a `workflow!`.
pub(crate) struct Flow {
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) docs: String,
    pub(crate) vis: Visibility,
    pub(crate) name: Ident,
    pub(crate) generics: Generics,
    pub(crate) params: Vec<Param>,
    pub(crate) output: Option<Type>,
    pub(crate) body: Block,
    /// The body for editors.
    pub(crate) view: proc_macro2::Group,
    /// Filled by `resolve`.
    pub(crate) bindings: Vec<Binding>,
    /// Filled by `resolve`: one per vertex of the graph that is a step or a region, in source order.
    pub(crate) vertices: Vec<Vertex>,
    /// Bindings with `mut`.
    pub(crate) mutable: std::collections::HashSet<BindingId>,
    /// Bindings that an `#[after(..)]` names.
    pub(crate) ordered: std::collections::HashSet<BindingId>,
    /// Emit the body in source order: something in it is wrong, and rustc speaks best about plain code.
    pub(crate) sequential: bool,
}

pub(crate) struct Param {
    pub(crate) name: Ident,
    pub(crate) ty: Type,
    pub(crate) docs: String,
}

/// Index into [`Flow::bindings`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub(crate) struct BindingId(pub(crate) usize);

pub(crate) struct Binding {
    pub(crate) name: Ident,
    /// The type of its slot, where it can be written down: the annotation, or the output of the step.
    pub(crate) ty: Option<TokenStream>,
    /// Where its value comes from: vertices of the graph.
    pub(crate) origins: Vec<u32>,
    /// What its value may point into, all the way down.
    pub(crate) roots: Vec<Root>,
    /// Used before it is made: declared at the head of its block, so that rustc labels both places.
    pub(crate) forward: bool,
}

/// A binding that another may point into, and the part of it.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Root {
    pub(crate) binding: BindingId,
    pub(crate) part: Vec<String>,
}

/// A vertex of the graph, before it has become tokens.
pub(crate) struct Vertex {
    pub(crate) name: String,
    pub(crate) kind: VertexKind,
    pub(crate) place: Option<(u32, u32)>,
    pub(crate) span: Span,
    /// What it needs: vertices, with the binding that carries the value and whether it may be owned.
    pub(crate) inputs: Vec<Input>,
}

pub(crate) struct Input {
    pub(crate) from: u32,
    pub(crate) value: String,
    pub(crate) mode: EdgeMode,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum EdgeMode {
    Borrow,
    Own,
    Order,
}

pub(crate) enum VertexKind {
    Step { path: ExprPath, effect: bool },
    Branch { subject: String, lanes: Vec<String> },
    Map { item: String, over: String, max: String, collect: bool },
    Loop { max: String },
    Block,
}

/// Statements with a scope of their own.
#[derive(Default)]
pub(crate) struct Block {
    pub(crate) stmts: Vec<Stmt>,
    pub(crate) brace: token::Brace,
}

impl Block {
    /// It ends the loop around it, whatever happens.
    pub(crate) fn leaves(&self) -> bool {
        self.stmts.iter().any(|stmt| matches!(stmt.kind, StmtKind::Break { .. }))
    }
}

pub(crate) struct Stmt {
    pub(crate) kind: StmtKind,
    pub(crate) value: Value,
    pub(crate) options: Options,
    /// Filled by `resolve`.
    pub(crate) uses: Vec<Use>,
    /// Filled by `resolve`.
    pub(crate) defs: Vec<BindingId>,
    /// Steps inside.
    pub(crate) is_async: bool,
    /// It breaks, continues or assigns: it stands where it stands.
    pub(crate) barrier: bool,
    /// Something in it is wrong; it is left out, with what needs it.
    pub(crate) broken: bool,
}

#[allow(clippy::large_enum_variant, reason = "nearly all statements are the large one")]
pub(crate) enum StmtKind {
    Let {
        token: Token![let],
        pat: Pat,
        ty: Option<Type>,
        eq: Token![=],
    },
    /// `f(x);` or any other expression with a semicolon.
    Effect,
    /// The last expression, without a semicolon.
    Tail,
    Assign {
        target: Expr,
        eq: Token![=],
    },
    Break {
        token: Token![break],
        bare: bool,
    },
    Continue {
        token: Token![continue],
    },
}

pub(crate) enum Value {
    Plain(Expr),
    Step(Call),
    Catch(Call),
    If(Box<If>),
    Match(Box<Match>),
    For(Box<For>),
    Loop(Box<Loop>),
    Block(Block),
    /// What stood here could not be read.
    Broken,
}

pub(crate) struct Call {
    pub(crate) path: ExprPath,
    pub(crate) args: syn::punctuated::Punctuated<Expr, Token![,]>,
    pub(crate) paren: token::Paren,
    /// Filled by `resolve`.
    pub(crate) vertex: u32,
    /// Policies written at the step.
    pub(crate) policy: Option<TokenStream>,
}

/// A condition or a scrutinee.
pub(crate) enum Head {
    Plain(Expr),
    Step(Call),
    Catch(Call),
}

pub(crate) struct If {
    pub(crate) token: Token![if],
    /// `if let PAT = head`.
    pub(crate) pat: Option<(Token![let], Pat, Token![=])>,
    pub(crate) head: Head,
    pub(crate) then: Block,
    pub(crate) otherwise: Option<(Token![else], Block)>,
    pub(crate) vertex: u32,
}

pub(crate) struct Match {
    pub(crate) token: Token![match],
    pub(crate) head: Head,
    pub(crate) brace: token::Brace,
    pub(crate) arms: Vec<Arm>,
    pub(crate) vertex: u32,
}

pub(crate) struct Arm {
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) pat: Pat,
    pub(crate) guard: Option<(Token![if], Expr)>,
    pub(crate) arrow: Token![=>],
    pub(crate) body: Block,
}

pub(crate) struct For {
    pub(crate) token: Token![for],
    pub(crate) pat: Pat,
    pub(crate) over: Expr,
    pub(crate) max: Expr,
    pub(crate) collect: bool,
    pub(crate) body: Block,
    /// Bindings from this number on are made inside.
    pub(crate) first_inner: usize,
    pub(crate) vertex: u32,
}

pub(crate) struct Loop {
    /// Bindings from this number on are made inside.
    pub(crate) first_inner: usize,
    pub(crate) token: Token![loop],
    pub(crate) max: Expr,
    pub(crate) body: Block,
    pub(crate) vertex: u32,
}

#[derive(Default)]
pub(crate) struct Options {
    /// Attributes that are none of ours, kept on a `let` (`#[allow(..)]`).
    pub(crate) kept: Vec<Attribute>,
}

/// A binding that a statement names.
#[derive(Clone)]
#[allow(clippy::struct_excessive_bools, reason = "each answers a question of its own")]
pub(crate) struct Use {
    pub(crate) binding: BindingId,
    /// It may take the value; else it borrows it.
    pub(crate) own: bool,
    /// It takes or copies the value for certain; else it may only look at it, as a method does.
    pub(crate) sure: bool,
    /// The part that it names: `x.a.b` is `["a", "b"]`.
    pub(crate) part: Vec<String>,
    /// How many members of `part` the expression names; a pattern names the others.
    pub(crate) named: usize,
    /// What the value of the statement may point into, as far as this name goes.
    pub(crate) holds: Holds,
    /// Needed before the statement can begin; else only inside an arm, which waits for it by itself.
    pub(crate) strong: bool,
    /// `#[after(..)]`: only the order counts.
    pub(crate) order: bool,
}

impl Value {
    pub(crate) fn has_steps(&self) -> bool {
        !matches!(self, Self::Plain(_) | Self::Broken)
    }
}

impl StmtKind {
    pub(crate) fn is_tail(&self) -> bool {
        matches!(self, Self::Tail)
    }
}
