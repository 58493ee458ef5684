//! What can be wrong with a node as a whole; each function is headed by the bad input.

use syn::{FnArg, Safety, Type};

use super::lifetimes::find_borrow;
use super::model::{Kind, Node, Param, Role};
use crate::diag::Diag;
use crate::messages::node as say;

pub(crate) fn node(node: &Node, diag: &mut Diag) {
    receiver(node, diag);
    qualifiers(node, diag);
    kind(node, diag);
    contexts(node, diag);
    deprecated(node, diag);
    for param in node.params.iter().filter(|param| !param.broken) {
        match (param.role, node.kind.offload()) {
            (Role::Input, None) => changed_input(param, diag),
            (Role::Input, Some(option)) => borrowed(param, &say::borrowed_offload(option), diag),
            (Role::Resource, None) => owned_resource(param, diag),
            (Role::Resource, Some(option)) => borrowed(param, &say::borrowed_offload_resource(option), diag),
            (Role::Context, _) => context_shape(param, diag),
        }
    }
}

/// `fn search(&self)`
fn receiver(node: &Node, diag: &mut Diag) {
    if let Some(FnArg::Receiver(receiver)) = node.sig.inputs.first() {
        diag.at(receiver, say::METHOD);
    }
}

/// `const fn`, `unsafe fn`, `extern "C" fn`, `fn(..., ...)`
fn qualifiers(node: &Node, diag: &mut Diag) {
    let sig = &node.sig;
    if let Some(constness) = &sig.constness {
        diag.at(constness, say::CONST);
    }
    if let Safety::Unsafe(token) = &sig.safety {
        diag.at(token, say::UNSAFE);
    }
    if let Some(abi) = &sig.abi {
        diag.at(abi, say::EXTERN);
    }
    if let Some(variadic) = &sig.variadic {
        diag.at(variadic, say::VARIADIC);
    }
}

/// `#[node(blocking)] async fn`, `#[node(spawn)] fn`
fn kind(node: &Node, diag: &mut Diag) {
    match (node.kind, node.sig.asyncness) {
        (Kind::Blocking, Some(_)) => diag.span(node.options.blocking.unwrap_or(node.span()), say::BLOCKING_ASYNC),
        (Kind::Spawn, None) => diag.span(node.options.spawn.unwrap_or(node.span()), say::SPAWN_SYNC),
        _ => {}
    }
}

/// `#[context] a: &Context, #[context] b: &Context`
fn contexts(node: &Node, diag: &mut Diag) {
    for second in node.params.iter().filter(|param| param.role == Role::Context).skip(1) {
        diag.at(&second.name, say::TWO_CONTEXTS);
    }
}

/// `#[node(deprecated)] #[deprecated] fn`
fn deprecated(node: &Node, diag: &mut Diag) {
    if let Some(option) = &node.options.deprecated {
        if node.attrs.iter().any(|attr| attr.path().is_ident("deprecated")) {
            diag.span(option.span, say::DEPRECATED_TWICE);
        }
    }
}

/// `query: &mut Query`
fn changed_input(param: &Param, diag: &mut Diag) {
    if let Type::Reference(ty) = &param.ty {
        if let Some(token) = &ty.mutability {
            diag.at(token, say::MUT_INPUT);
        }
    }
}

/// `#[node(blocking)] fn parse(pdf: &Bytes)`
fn borrowed(param: &Param, message: &str, diag: &mut Diag) {
    if let Some(at) = find_borrow(&param.ty) {
        diag.span(at, message);
    }
}

/// `#[resource] index: Index`, `#[resource] index: &mut Index`
fn owned_resource(param: &Param, diag: &mut Diag) {
    match &param.ty {
        Type::Reference(ty) => {
            if let Some(token) = &ty.mutability {
                diag.at(token, say::OWNED_RESOURCE);
            }
        }
        ty => diag.at(ty, say::OWNED_RESOURCE),
    }
}

/// `#[context] cx: Context`
fn context_shape(param: &Param, diag: &mut Diag) {
    match &param.ty {
        Type::Reference(ty) if ty.mutability.is_none() => {}
        ty => diag.at(ty, say::CONTEXT_SHAPE),
    }
}
