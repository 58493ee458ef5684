//! What is written only where a feature of flowc asks for it.
//!
//! Whether it is written is decided in the crate `flowc`, by the macros `__testing`, `__schema` and `__journal`: only that crate knows its features.
//! Where a feature is off, rustc gets few tokens for it.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};
use syn::{Lifetime, Type};

use crate::node::lifetimes;
use crate::span;

/// The step that something is written for.
pub(crate) struct Owner {
    /// Attributes of the impls.
    pub(crate) attrs: TokenStream,
    /// `M: ChatModel,` or nothing.
    pub(crate) params: TokenStream,
    /// The type with its arguments.
    pub(crate) step: TokenStream,
    /// `M: 'static,` or nothing.
    pub(crate) predicates: TokenStream,
}

/// A step that a closure can stand in for, with the feature `testing`.
pub(crate) struct Stubbed<'o> {
    pub(crate) owner: &'o Owner,
    /// The lifetime of the inputs.
    pub(crate) lifetime: Lifetime,
    pub(crate) inputs: Vec<TokenStream>,
    /// What the closure returns.
    pub(crate) returns: TokenStream,
    /// It returns a `Result`.
    pub(crate) fallible: bool,
}

impl Stubbed<'_> {
    /// The impls.
    pub(crate) fn items(&self) -> TokenStream {
        let Self { owner, lifetime, inputs, returns, fallible } = self;
        let Owner { attrs, params, step, predicates } = owner;
        let names = names(inputs.len());
        let outcome = span::local(if *fallible { "fallible" } else { "infallible" });
        quote! {
            ::flowc::__testing! {
                #attrs impl [#params] [#step] [#predicates] fn #lifetime (#(#names: #inputs),*) -> #returns as #outcome
            }
        }
    }
}

/// The inputs of a step in their owned form, with the feature `schema`: what it takes by `&` is kept, and lent to it. Nothing is
/// written where an input borrows inside, as `Option<&str>` does: nobody knows what would own that.
pub(crate) fn owned_inputs<'t>(owner: &Owner, inputs: impl ExactSizeIterator<Item = &'t Type>) -> TokenStream {
    let Owner { attrs, params, step, predicates } = owner;
    let names = names(inputs.len());
    let (mut owned, mut held, mut wired) = (Vec::new(), Vec::new(), Vec::new());
    let (mut given, mut asked) = (Vec::new(), Vec::new());
    for (name, ty) in names.iter().zip(inputs) {
        // A `&mut` has been reported where it stands.
        if matches!(ty, Type::Reference(reference) if reference.mutability.is_some()) {
            return TokenStream::new();
        }
        match lent(ty) {
            Some(ty) if lifetimes::find_borrow(ty).is_none() => {
                owned.push(quote!(#name: <#ty as ::flowc::schema::Lend>::Owned));
                held.push(quote!(#name: <#ty as ::flowc::schema::Lend>::Owned));
                wired.push(quote!(lent <#ty as ::flowc::schema::Lend>::Owned));
                given.push(quote!(<#ty as ::flowc::schema::Lend>::lend(#name)));
                // A bound over a lifetime may be unmet as long as nobody needs the impl.
                asked.push(quote!(for<'__x> #ty: ::flowc::schema::Lend,));
            }
            None if lifetimes::find_borrow(ty).is_none() => {
                owned.push(quote!(#name: #ty));
                wired.push(quote!(given #ty));
                given.push(quote!(#name));
            }
            _ => return TokenStream::new(),
        }
    }
    quote! {
        ::flowc::__schema! {
            #attrs impl [#params] [#step] [#predicates #(#asked)*] owned (#(#owned),*) held (#(#held),*) given (#(#given),*) wired (#(#wired),*)
        }
    }
}

/// What a step is to a run that is kept.
pub(crate) enum Kept<'s, S> {
    /// It calls these, and some of them with policies of its own: the vertex, the node, and the name of the constant.
    Workflow(&'s [S], Vec<TokenStream>),
    Node,
    /// A node that waits.
    Wait,
}

/// What a durable run asks of a step, with the feature `journal`: that what it gives can be stored. What a run asks whose steps are called
/// elsewhere, with the feature `remote`, is written by the same macro.
pub(crate) fn journaled<S: ToTokens>(owner: &Owner, kept: &Kept<'_, S>) -> TokenStream {
    let Owner { attrs, params, step, predicates } = owner;
    let what = match kept {
        Kept::Workflow(steps, overrides) => quote!(workflow (#(#steps,)*) (#(#overrides,)*)),
        Kept::Node => quote!(node),
        Kept::Wait => quote!(wait),
    };
    quote! {
        ::flowc::__journal! { #attrs impl [#params] [#step] [#predicates] #what }
    }
}

/// The `T` of a `&T` that does not live for ever.
fn lent(ty: &Type) -> Option<&Type> {
    match ty {
        Type::Group(group) => lent(&group.elem),
        Type::Paren(paren) => lent(&paren.elem),
        Type::Reference(ty) if ty.lifetime.as_ref().is_none_or(|lifetime| lifetime.ident != "static") => {
            Some(unparenthesized(&ty.elem))
        }
        _ => None,
    }
}

/// The `dyn A + B` of `&(dyn A + B)`: elsewhere than behind a `&`, rustc warns of the parentheses.
fn unparenthesized(ty: &Type) -> &Type {
    match ty {
        Type::Group(group) => unparenthesized(&group.elem),
        Type::Paren(paren) => unparenthesized(&paren.elem),
        _ => ty,
    }
}

fn names(count: usize) -> Vec<Ident> {
    (0..count).map(|index| span::local(&format!("__i{index}"))).collect()
}
