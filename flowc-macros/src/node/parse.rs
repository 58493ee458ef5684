//! From the function to the model. What is wrong with a single parameter or the return type is said here, where its tokens are at hand.

use proc_macro2::Ident;
use syn::{
    Attribute, Expr, ExprLit, FnArg, GenericArgument, GenericParam, Generics, Lit, Meta, Pat, PatType, PathArguments,
    ReturnType, Type, TypeParamBound, WherePredicate,
};

use super::lifetimes;
use super::model::{Kind, Node, Param, Returns, Role};
use super::options::Options;
use super::syntax::Function;
use crate::diag::Diag;
use crate::messages::node as say;
use crate::span;

pub(crate) fn node(function: Function, options: Options, diag: &mut Diag) -> Node {
    let Function { attrs, vis, mut sig, body } = function;
    let kind = match (&options.blocking, &options.spawn) {
        (Some(_), _) => Kind::Blocking,
        (None, Some(_)) => Kind::Spawn,
        (None, None) if sig.asyncness.is_some() => Kind::Async,
        (None, None) => Kind::Sync,
    };
    let method = sig.receiver().is_some();
    let mut params = Vec::new();
    for (index, arg) in sig.inputs.iter_mut().enumerate() {
        if let FnArg::Typed(arg) = arg {
            params.push(param(arg, index, diag));
        }
    }
    let returns = returns(&sig.output, diag);
    let generics = without_lifetimes(&sig.generics);
    let name = options.name.clone().unwrap_or_else(|| super::text::name(&sig.ident));
    let docs = docs(&attrs);
    Node { attrs, vis, sig, body, params, returns, options, generics, kind, name, docs, method }
}

fn param(arg: &mut PatType, index: usize, diag: &mut Diag) -> Param {
    let role = role(&mut arg.attrs, diag);
    let docs = take_docs(&mut arg.attrs);
    let mut broken = false;
    let name = match &*arg.pat {
        Pat::Ident(pat) if pat.by_ref.is_none() && pat.subpat.is_none() => pat.ident.clone(),
        Pat::Wild(pat) => span::local_at(&format!("input_{index}"), pat.underscore_token.span),
        pat => {
            diag.at(pat, say::PATTERN);
            span::local(&format!("input_{index}"))
        }
    };
    if let Some(impl_token) = lifetimes::find_impl(&arg.ty) {
        diag.at(impl_token, say::IMPL_PARAM);
        broken = true;
    }
    Param { role, name, ty: (*arg.ty).clone(), docs, broken }
}

/// Takes `#[resource]` and `#[context]` away, since rustc knows no such attributes.
fn role(attrs: &mut Vec<Attribute>, diag: &mut Diag) -> Role {
    let mut role = Role::Input;
    attrs.retain(|attr| {
        let found = if attr.path().is_ident("resource") {
            Role::Resource
        } else if attr.path().is_ident("context") {
            Role::Context
        } else {
            if attr.path().is_ident("cfg") {
                diag.at(attr.path(), say::CFG_PARAM);
            }
            return true;
        };
        if !matches!(attr.meta, Meta::Path(_)) {
            let name = if found == Role::Resource { "resource" } else { "context" };
            diag.at(&attr.meta, say::role_arguments(name));
        }
        if role != Role::Input && role != found {
            diag.at(attr, say::RESOURCE_AND_CONTEXT);
        } else {
            role = found;
        }
        false
    });
    role
}

/// Takes the doc comment away: rustc knows none on a parameter.
fn take_docs(attrs: &mut Vec<Attribute>) -> String {
    let text = docs(attrs);
    attrs.retain(|attr| !attr.path().is_ident("doc"));
    text
}

fn returns(output: &ReturnType, diag: &mut Diag) -> Returns {
    let declared = match output {
        ReturnType::Default => syn::parse_quote!(()),
        ReturnType::Type(_, ty) => (**ty).clone(),
    };
    let mut returns = Returns { declared, fallible: false, output: None, error: None, broken: false };
    if let Some(impl_token) = lifetimes::find_impl(&returns.declared) {
        returns.broken = true;
        match future_output(&returns.declared) {
            Some(output) => {
                diag.at(impl_token, say::IMPL_FUTURE);
                returns.declared = output.unwrap_or_else(|| syn::parse_quote!(()));
                returns.broken = lifetimes::find_impl(&returns.declared).is_some();
            }
            None => diag.at(impl_token, say::IMPL_RETURN),
        }
        if returns.broken {
            returns.declared = syn::parse_quote!(());
        }
    } else if let Some(borrow) = lifetimes::find_borrow(&returns.declared) {
        diag.span(borrow, say::BORROWED_OUTPUT);
        lifetimes::replace(&mut returns.declared, &lifetimes::named("'static", borrow));
        returns.broken = true;
    }
    if let Some(arguments) = result_arguments(&returns.declared) {
        let mut arguments = arguments.into_iter();
        let (output, error) = (arguments.next(), arguments.next());
        returns.fallible = true;
        // With one type written, which one it is depends on the alias; with two, the second is the error.
        if error.is_some() {
            (returns.output, returns.error) = (output, error);
            sent_error(&mut returns, diag);
        }
    }
    returns
}

/// `Box<dyn Error>` as the error: it cannot go where the run goes.
fn sent_error(returns: &mut Returns, diag: &mut Diag) {
    let (Some(output), Some(error)) = (&returns.output, &returns.error) else { return };
    let Type::Path(path) = error else { return };
    let Some(last) = path.path.segments.last().filter(|last| last.ident == "Box") else { return };
    let PathArguments::AngleBracketed(arguments) = &last.arguments else { return };
    let Some(GenericArgument::Type(Type::TraitObject(object))) = arguments.args.first() else { return };
    let names = |wanted: &str| {
        object.bounds.iter().any(|bound| match bound {
            TypeParamBound::Trait(bound) => bound.path.segments.last().is_some_and(|last| last.ident == wanted),
            _ => false,
        })
    };
    if names("Error") && !(names("Send") && names("Sync")) {
        diag.at(object, say::UNSENT_ERROR);
        let sent: Type = syn::parse_quote! {
            ::std::boxed::Box<dyn ::core::error::Error + ::core::marker::Send + ::core::marker::Sync>
        };
        returns.declared = syn::parse_quote!(::core::result::Result<#output, #sent>);
        returns.error = Some(sent);
    }
}

/// The `T` of an `impl Future<Output = T>`.
#[expect(clippy::option_option, reason = "a future whose output is not written is still a future")]
fn future_output(ty: &Type) -> Option<Option<Type>> {
    let Type::ImplTrait(ty) = ty else { return None };
    let future = ty.bounds.iter().find_map(|bound| match bound {
        TypeParamBound::Trait(bound) => bound.path.segments.last().filter(|segment| segment.ident == "Future"),
        _ => None,
    })?;
    let PathArguments::AngleBracketed(arguments) = &future.arguments else { return Some(None) };
    Some(arguments.args.iter().find_map(|argument| match argument {
        GenericArgument::AssocType(output) if output.ident == "Output" => Some(output.ty.clone()),
        _ => None,
    }))
}

/// The type arguments, if the last segment of the type is `Result`.
fn result_arguments(ty: &Type) -> Option<Vec<Type>> {
    match ty {
        Type::Group(group) => result_arguments(&group.elem),
        Type::Paren(paren) => result_arguments(&paren.elem),
        Type::Path(path) => {
            let last = path.path.segments.last().filter(|segment| segment.ident == "Result")?;
            let PathArguments::AngleBracketed(arguments) = &last.arguments else { return Some(Vec::new()) };
            Some(
                arguments
                    .args
                    .iter()
                    .filter_map(|argument| match argument {
                        GenericArgument::Type(ty) => Some(ty.clone()),
                        _ => None,
                    })
                    .collect(),
            )
        }
        _ => None,
    }
}

/// The generics of the step: a lifetime of the function is one of a call, and the step is there before any call.
fn without_lifetimes(generics: &Generics) -> Generics {
    let names: Vec<Ident> = generics.lifetimes().map(|param| param.lifetime.ident.clone()).collect();
    let mut generics = generics.clone();
    generics.params = generics.params.into_iter().filter(|param| !matches!(param, GenericParam::Lifetime(_))).collect();
    for param in generics.type_params_mut() {
        param.bounds = param.bounds.iter().filter(|bound| !lifetimes::bound_names(bound, &names)).cloned().collect();
    }
    if let Some(clause) = &mut generics.where_clause {
        clause.predicates = clause
            .predicates
            .iter()
            .filter(|predicate| match predicate {
                WherePredicate::Lifetime(_) => false,
                predicate => !lifetimes::predicate_names(predicate, &names),
            })
            .cloned()
            .collect();
    }
    generics
}

/// The doc comment, its lines joined.
fn docs(attrs: &[Attribute]) -> String {
    let lines = attrs.iter().filter_map(|attr| match &attr.meta {
        Meta::NameValue(meta) if meta.path.is_ident("doc") => match &meta.value {
            Expr::Lit(ExprLit { lit: Lit::Str(line), .. }) => Some(line.value()),
            _ => None,
        },
        _ => None,
    });
    let lines: Vec<String> = lines.map(|line| line.strip_prefix(' ').unwrap_or(&line).trim_end().to_owned()).collect();
    lines.join("\n").trim().to_owned()
}
