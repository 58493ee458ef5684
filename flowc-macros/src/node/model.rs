//! A node as plain data.

use proc_macro2::{Ident, Span, TokenStream};
use syn::{Attribute, Generics, Signature, Type, Visibility};

use super::options::Options;

/// A node.
pub(crate) struct Node {
    /// All of the function's own.
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) vis: Visibility,
    /// Without `#[resource]` and `#[context]`.
    pub(crate) sig: Signature,
    pub(crate) body: TokenStream,
    pub(crate) params: Vec<Param>,
    pub(crate) returns: Returns,
    pub(crate) options: Options,
    /// Without lifetimes: those of the inputs become the one of the step's input.
    pub(crate) generics: Generics,
    /// How the function runs.
    pub(crate) kind: Kind,
    /// What it is named where steps have names.
    pub(crate) name: String,
    pub(crate) docs: String,
    /// It is a method, so that nothing can be written beside it.
    pub(crate) method: bool,
}

/// A parameter.
pub(crate) struct Param {
    pub(crate) role: Role,
    /// The name that it has, or gets where the pattern is not a name.
    pub(crate) name: Ident,
    pub(crate) ty: Type,
    pub(crate) docs: String,
    /// There has been an error about it: its type says nothing.
    pub(crate) broken: bool,
}

/// What a parameter is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Input,
    Resource,
    Context,
}

/// What the function returns.
pub(crate) struct Returns {
    /// As declared.
    pub(crate) declared: Type,
    /// It is called `Result`.
    pub(crate) fallible: bool,
    /// `T` and `E`, where they are written out.
    pub(crate) output: Option<Type>,
    pub(crate) error: Option<Type>,
    /// There has been an error about it.
    pub(crate) broken: bool,
}

/// How the function runs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Async,
    Sync,
    Blocking,
    Spawn,
}

impl Kind {
    /// The option's name, for a node that leaves the task.
    pub(crate) fn offload(self) -> Option<&'static str> {
        match self {
            Self::Async | Self::Sync => None,
            Self::Blocking => Some("blocking"),
            Self::Spawn => Some("spawn"),
        }
    }
}

impl Node {
    /// Where a complaint about the function as a whole belongs.
    pub(crate) fn span(&self) -> Span {
        self.sig.ident.span()
    }

    pub(crate) fn inputs(&self) -> impl Iterator<Item = &Param> {
        self.of(Role::Input)
    }

    pub(crate) fn resources(&self) -> impl Iterator<Item = &Param> {
        self.of(Role::Resource)
    }

    fn of(&self, role: Role) -> impl Iterator<Item = &Param> {
        self.params.iter().filter(move |param| param.role == role)
    }

    pub(crate) fn wants_context(&self) -> bool {
        self.of(Role::Context).next().is_some()
    }
}
