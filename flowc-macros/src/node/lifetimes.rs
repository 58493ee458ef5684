//! Lifetimes and `impl` inside types.

use proc_macro2::{Ident, Span};
use syn::visit::{self, Visit};
use syn::visit_mut::{self, VisitMut};
use syn::{
    BoundLifetimes, GenericParam, Lifetime, ParenthesizedGenericArguments, Token, TraitBound, Type, TypeFnPtr,
    TypeImplTrait, TypeParamBound, TypeReference, WherePredicate,
};

use crate::span;

/// A lifetime of ours.
pub(crate) fn named(name: &str, at: Span) -> Lifetime {
    Lifetime::new(name, span::hidden_at(at))
}

/// Gives every lifetime that is not `'static` the name `to`, the elided ones included. Those that a `for<..>` or a function type
/// binds stay.
pub(crate) fn replace(ty: &mut Type, to: &Lifetime) {
    Replace { to, bound: Vec::new(), inside_fn: false }.visit_type_mut(ty);
}

/// The first place at which the type borrows from something that is not `'static`.
pub(crate) fn find_borrow(ty: &Type) -> Option<Span> {
    let mut find = Find { found: None, bound: Vec::new(), inside_fn: false };
    find.visit_type(ty);
    find.found
}

/// Whether the type names `'static`.
pub(crate) fn names_static(ty: &Type) -> bool {
    struct FindStatic(bool);
    impl<'ast> Visit<'ast> for FindStatic {
        fn visit_lifetime(&mut self, lifetime: &'ast Lifetime) {
            self.0 |= lifetime.ident == "static";
        }
    }
    let mut find = FindStatic(false);
    find.visit_type(ty);
    find.0
}

/// The first `impl` in the type.
pub(crate) fn find_impl(ty: &Type) -> Option<Token![impl]> {
    struct FindImpl(Option<Token![impl]>);
    impl<'ast> Visit<'ast> for FindImpl {
        fn visit_type_impl_trait(&mut self, ty: &'ast TypeImplTrait) {
            self.0.get_or_insert(ty.impl_token);
        }
    }
    let mut find = FindImpl(None);
    find.visit_type(ty);
    find.0
}

/// The bound names one of these lifetimes.
pub(crate) fn bound_names(bound: &TypeParamBound, names: &[Ident]) -> bool {
    let mut find = Names { names, found: false };
    find.visit_type_param_bound(bound);
    find.found
}

/// The predicate names one of these lifetimes.
pub(crate) fn predicate_names(predicate: &WherePredicate, names: &[Ident]) -> bool {
    let mut find = Names { names, found: false };
    find.visit_where_predicate(predicate);
    find.found
}

struct Names<'n> {
    names: &'n [Ident],
    found: bool,
}

impl<'ast> Visit<'ast> for Names<'_> {
    fn visit_lifetime(&mut self, lifetime: &'ast Lifetime) {
        self.found |= self.names.contains(&lifetime.ident);
    }
}

fn binders(lifetimes: Option<&BoundLifetimes>) -> impl Iterator<Item = Ident> {
    lifetimes.into_iter().flat_map(|lifetimes| &lifetimes.lifetimes).filter_map(|param| match param {
        GenericParam::Lifetime(param) => Some(param.lifetime.ident.clone()),
        _ => None,
    })
}

struct Replace<'l> {
    to: &'l Lifetime,
    bound: Vec<Ident>,
    /// Inside the parentheses of a function type, where an elided lifetime is the function's own.
    inside_fn: bool,
}

impl Replace<'_> {
    fn scoped(&mut self, lifetimes: Option<&BoundLifetimes>, inside_fn: bool, visit: impl FnOnce(&mut Self)) {
        let (depth, outside) = (self.bound.len(), self.inside_fn);
        self.bound.extend(binders(lifetimes));
        self.inside_fn |= inside_fn;
        visit(self);
        self.bound.truncate(depth);
        self.inside_fn = outside;
    }
}

impl VisitMut for Replace<'_> {
    fn visit_type_reference_mut(&mut self, ty: &mut TypeReference) {
        if ty.lifetime.is_none() && !self.inside_fn {
            ty.lifetime = Some(self.to.clone());
        }
        visit_mut::visit_type_reference_mut(self, ty);
    }

    fn visit_lifetime_mut(&mut self, lifetime: &mut Lifetime) {
        let elided = lifetime.ident == "_";
        if lifetime.ident != "static" && !self.bound.contains(&lifetime.ident) && !(elided && self.inside_fn) {
            *lifetime = self.to.clone();
        }
    }

    fn visit_bound_lifetimes_mut(&mut self, _: &mut BoundLifetimes) {}

    fn visit_type_fn_ptr_mut(&mut self, ty: &mut TypeFnPtr) {
        let lifetimes = ty.lifetimes.clone();
        self.scoped(lifetimes.as_ref(), true, |this| visit_mut::visit_type_fn_ptr_mut(this, ty));
    }

    fn visit_trait_bound_mut(&mut self, bound: &mut TraitBound) {
        let lifetimes = bound.lifetimes.clone();
        self.scoped(lifetimes.as_ref(), false, |this| visit_mut::visit_trait_bound_mut(this, bound));
    }

    fn visit_parenthesized_generic_arguments_mut(&mut self, arguments: &mut ParenthesizedGenericArguments) {
        self.scoped(None, true, |this| visit_mut::visit_parenthesized_generic_arguments_mut(this, arguments));
    }
}

struct Find {
    found: Option<Span>,
    bound: Vec<Ident>,
    inside_fn: bool,
}

impl Find {
    fn scoped(&mut self, lifetimes: Option<&BoundLifetimes>, inside_fn: bool, visit: impl FnOnce(&mut Self)) {
        let (depth, outside) = (self.bound.len(), self.inside_fn);
        self.bound.extend(binders(lifetimes));
        self.inside_fn |= inside_fn;
        visit(self);
        self.bound.truncate(depth);
        self.inside_fn = outside;
    }
}

impl<'ast> Visit<'ast> for Find {
    fn visit_type_reference(&mut self, ty: &'ast TypeReference) {
        if ty.lifetime.is_none() && !self.inside_fn {
            self.found.get_or_insert(ty.and_token.span);
        }
        visit::visit_type_reference(self, ty);
    }

    fn visit_lifetime(&mut self, lifetime: &'ast Lifetime) {
        let elided = lifetime.ident == "_";
        if lifetime.ident != "static" && !self.bound.contains(&lifetime.ident) && !(elided && self.inside_fn) {
            self.found.get_or_insert(lifetime.span());
        }
    }

    fn visit_bound_lifetimes(&mut self, _: &'ast BoundLifetimes) {}

    fn visit_type_fn_ptr(&mut self, ty: &'ast TypeFnPtr) {
        self.scoped(ty.lifetimes.as_ref(), true, |this| visit::visit_type_fn_ptr(this, ty));
    }

    fn visit_trait_bound(&mut self, bound: &'ast TraitBound) {
        self.scoped(bound.lifetimes.as_ref(), false, |this| visit::visit_trait_bound(this, bound));
    }

    fn visit_parenthesized_generic_arguments(&mut self, arguments: &'ast ParenthesizedGenericArguments) {
        self.scoped(None, true, |this| visit::visit_parenthesized_generic_arguments(this, arguments));
    }
}
