//! The type of the function's name, and the function `__flowc_input`, which has the parameters that a step gives.

use proc_macro2::TokenStream;
use quote::quote;

use super::super::lifetimes;
use super::super::model::Node;
use super::{any, cfgs, function, type_generics};
use crate::span;

/// The type alone.
pub(super) fn ty(node: &Node) -> TokenStream {
    let (name, vis, cfg) = (&node.sig.ident, &node.vis, cfgs(node));
    let docs = node.attrs.iter().filter(|attr| attr.path().is_ident("doc"));
    let plain = type_generics(&node.generics);
    let (params, _, _) = plain.split_for_impl();
    let types: Vec<_> = plain.type_params().map(|param| &param.ident).collect();
    let field = (!types.is_empty()).then(|| {
        let field = span::local("__flowc");
        quote!(#field: ::core::marker::PhantomData<(#(fn() -> *const #types,)*)>)
    });
    quote! {
        #(#docs)* #(#cfg)*
        #[allow(non_camel_case_types, missing_docs, unreachable_pub)]
        #vis struct #name #params { #field }
    }
}

pub(super) fn shape(node: &Node) -> TokenStream {
    let name = &node.sig.ident;
    let cfg: Vec<_> = cfgs(node).collect();
    let (ty, input) = (ty(node), input(node));
    let (any, spec) = (any(&node.generics), super::spec::spec(node));
    // Without bounds where that can be: an argument of a type that is not fit is said once, by the step, and not by this function as well.
    let generics = if asks_nothing(node) { type_generics(&node.generics) } else { node.generics.clone() };
    let (impl_params, arguments, clause) = generics.split_for_impl();
    let lints = quote! {
        #[allow(missing_docs, deprecated, private_interfaces, private_bounds, unreachable_pub, dead_code, clippy::all, clippy::pedantic)]
    };
    if node.generics.params.is_empty() {
        return quote! {
            #ty
            #(#cfg)*
            #lints
            impl #name { #input #spec }
        };
    }
    quote! {
        #ty
        #(#cfg)*
        #lints
        impl #impl_params #name #arguments #clause { #input }
        #(#cfg)*
        #lints
        impl #name #any { #spec }
    }
}

/// `pub fn __flowc_input<'a>(query: &'a Query) -> (&'a Query,)`: rustc checks the arguments of a step against it, so that what it says is
/// what it says of a call of the function.
fn input(node: &Node) -> TokenStream {
    let at = node.span();
    let lifetime = lifetimes::named("'a", at);
    let name = proc_macro2::Ident::new("__flowc_input", span::visible_at(at));
    let deprecated = function::deprecated(node);
    let deprecations = node.attrs.iter().filter(|attr| attr.path().is_ident("deprecated"));
    let (mut params, mut types, mut values, mut anything) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut borrows = false;
    let mut clause = TokenStream::new();
    for (index, param) in node.inputs().enumerate() {
        let name = &param.name;
        if param.broken {
            // Nobody knows what it takes, so it takes anything and says nothing.
            let any = quote::format_ident!("__T{index}", span = span::hidden());
            params.push(quote!(#name: #any));
            types.push(quote!(()));
            values.push(quote!({ let _ = #name; }));
            anything.push(any);
            continue;
        }
        let mut ty = param.ty.clone();
        borrows |= lifetimes::find_borrow(&ty).is_some();
        lifetimes::replace(&mut ty, &lifetime);
        if node.options.lifts && index == 0 {
            // What is asked of a type is asked for here and nowhere else, so that it is said once.
            borrows = true;
            let given = given(&ty, &lifetime);
            params.push(quote!(#name: #given));
            types.push(quote!(#ty));
            values.push(quote!(::flowc::__private::Lifted::lift(#name)));
            clause = quote!(where #ty: ::flowc::__private::Lifted<#lifetime>);
            continue;
        }
        params.push(quote!(#name: #ty));
        types.push(quote!(#ty));
        values.push(quote!(#name));
    }
    let lifetime = borrows.then_some(lifetime);
    let generics = lifetime.iter().map(|lifetime| quote!(#lifetime)).chain(anything.iter().map(|any| quote!(#any)));
    quote! {
        #deprecated #(#deprecations)*
        #[inline(always)]
        pub fn #name<#(#generics),*>(#(#params),*) -> (#(#types,)*) #clause { (#(#values,)*) }
    }
}

/// Whether no input needs the bounds of the generics to be a type: each is one of the parameters, a reference to one, or has none in it.
fn asks_nothing(node: &Node) -> bool {
    node.inputs().all(|param| {
        let mut ty = &param.ty;
        while let syn::Type::Reference(reference) = ty {
            ty = &reference.elem;
        }
        let is_bare = |name: &proc_macro2::Ident| matches!(ty, syn::Type::Path(path) if path.path.is_ident(name));
        node.generics.type_params().all(|param| is_bare(&param.ident) || !mentions(quote!(#ty), &param.ident))
    })
}

fn mentions(tokens: TokenStream, name: &proc_macro2::Ident) -> bool {
    tokens.into_iter().any(|token| match token {
        proc_macro2::TokenTree::Group(group) => mentions(group.stream(), name),
        proc_macro2::TokenTree::Ident(ident) => ident == *name,
        _ => false,
    })
}

/// What the caller gives, where an input is made of it.
pub(super) fn given(ty: &syn::Type, lifetime: &syn::Lifetime) -> TokenStream {
    quote!(<#ty as ::flowc::__private::Lift<#lifetime>>::Given)
}
