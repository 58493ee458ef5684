//! How the node finds its resources in an application.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Type, parse_quote};

use super::super::lifetimes;
use super::super::model::Node;
use super::{cfgs, step_generics};
use crate::span;

/// The type that the application provides: that behind the `&`, or the whole type of a resource by value.
pub(super) fn target(ty: &Type) -> &Type {
    match ty {
        Type::Reference(ty) => &ty.elem,
        ty => ty,
    }
}

/// The targets of all resources. What they borrow is `'static`: an application owns what it provides.
pub(super) fn targets(node: &Node) -> Vec<Type> {
    node.resources()
        .map(|param| {
            if param.broken {
                return parse_quote!(());
            }
            let mut ty = target(&param.ty).clone();
            lifetimes::replace(&mut ty, &lifetimes::named("'static", node.span()));
            ty
        })
        .collect()
}

pub(super) fn resources(node: &Node) -> TokenStream {
    let name = &node.sig.ident;
    let cfg = cfgs(node);
    let targets = targets(node);
    let mut generics = step_generics(&node.generics);
    let (_, arguments, _) = node.generics.split_for_impl();
    let app = quote::format_ident!("__R", span = span::hidden());
    let provides = targets.iter().map(|ty| quote!(+ ::flowc::__private::Provides<#ty>));
    generics.params.push(parse_quote!(#app: ?::core::marker::Sized #(#provides)*));
    let (params, _, clause) = generics.split_for_impl();
    let source = span::local("__app");
    let found = targets.iter().map(|ty| quote!(<#app as ::flowc::__private::Provides<#ty>>::provide(#source)));
    let found = if targets.is_empty() {
        quote!({
            let _ = #source;
        })
    } else {
        quote!({ (#(#found,)*) })
    };
    quote! {
        #(#cfg)*
        #[automatically_derived]
        impl #params ::flowc::__private::ResourcesFrom<#app> for #name #arguments #clause {
            fn resources(#source: &#app) -> Self::Resources<'_> #found
        }
    }
}
