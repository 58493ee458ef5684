//! `#[derive(Resources)]`: each field of a struct can be found by its type.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{
    Data, DeriveInput, Fields, GenericArgument, Index, Member, PathArguments, Type, TypeParamBound, parse_quote,
};

use crate::diag::Diag;
use crate::messages::resources as say;
use crate::span;

/// The whole expansion.
pub(crate) fn expand(item: TokenStream) -> TokenStream {
    let mut diag = Diag::new();
    let mut expansion = match syn::parse2::<DeriveInput>(item) {
        Ok(input) => impls(&input, &mut diag),
        Err(error) => {
            diag.syn(error);
            TokenStream::new()
        }
    };
    expansion.extend(diag.finish());
    expansion
}

/// A type that the struct provides, and the expression that gives a reference to it.
struct Provided {
    ty: Type,
    value: TokenStream,
    /// As written, if the field holds it in an `Arc` or a `Box`; a field that is it goes first.
    inner: Option<Type>,
}

fn impls(input: &DeriveInput, diag: &mut Diag) -> TokenStream {
    let Data::Struct(data) = &input.data else {
        diag.at(&input.ident, say::NOT_A_STRUCT);
        return TokenStream::new();
    };
    let provided = provided(input, &data.fields, diag);
    let name = &input.ident;
    let (params, arguments, clause) = input.generics.split_for_impl();
    let impls = provided.iter().map(|Provided { ty, value, .. }| {
        quote! {
            #[automatically_derived]
            impl #params ::flowc::__private::Provides<#ty> for #name #arguments #clause {
                #[inline]
                fn provide(&self) -> &#ty { #value }
            }
        }
    });
    let (all, given) = (provided.iter().map(|provided| &provided.ty), input.generics.params.iter());
    let predicates = clause.iter().flat_map(|clause| &clause.predicates);
    let all = quote! {
        ::flowc::__dynamic! { app [#(#given,)*] [#name #arguments] [#(#predicates,)*] provides (#(#all),*) }
    };
    quote!(#(#impls)* #all)
}

fn provided(input: &DeriveInput, fields: &Fields, diag: &mut Diag) -> Vec<Provided> {
    let mut provided: Vec<Provided> = Vec::new();
    let mut inner = Vec::new();
    for (index, field) in fields.iter().enumerate() {
        let ty = &field.ty;
        let member = match &field.ident {
            Some(name) => Member::Named(name.clone()),
            None => Member::Unnamed(Index { index: u32::try_from(index).unwrap_or_default(), span: span::hidden() }),
        };
        if let Some(name) = bare_parameter(input, ty) {
            diag.at(ty, say::bare_parameter(&name));
            continue;
        }
        if provided.iter().any(|known| known.ty == *ty) {
            diag.at(ty, say::duplicate(&crate::node::type_text(ty)));
            continue;
        }
        if let Some(held) = held(ty) {
            if bare_parameter(input, held).is_none() {
                inner.push(Provided { ty: owned(held), value: quote!(&*self.#member), inner: Some(held.clone()) });
            }
        }
        provided.push(Provided { ty: ty.clone(), value: quote!(&self.#member), inner: None });
    }
    for held in inner {
        match provided.iter().find(|known| known.ty == held.ty) {
            None => provided.push(held),
            // `index: Index` beside `shared: Arc<Index>`: the field of the very type is meant. Two boxes of one type are a riddle.
            Some(known) if known.inner.is_some() => {
                let written = held.inner.unwrap_or(held.ty);
                diag.at(&written, say::duplicate(&crate::node::type_text(&written)));
            }
            Some(_) => {}
        }
    }
    provided
}

/// The name of the type parameter that the whole type is.
fn bare_parameter(input: &DeriveInput, ty: &Type) -> Option<String> {
    let Type::Path(path) = ty else { return None };
    let name = path.path.get_ident()?;
    input.generics.type_params().any(|param| param.ident == *name).then(|| name.to_string())
}

/// `dyn Trait` in a box is `'static`, behind the `&` of `provide` it would not be: say it.
fn owned(ty: &Type) -> Type {
    let mut ty = ty.clone();
    if let Type::TraitObject(object) = &mut ty {
        if !object.bounds.iter().any(|bound| matches!(bound, TypeParamBound::Lifetime(_))) {
            object.bounds.push(parse_quote!('static));
        }
        // With more than one bound, the type needs parentheses behind the `&`.
        return parse_quote!((#object));
    }
    ty
}

/// The `T` of `Arc<T>` and `Box<T>`.
fn held(ty: &Type) -> Option<&Type> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last().filter(|last| last.ident == "Arc" || last.ident == "Box")?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
    match arguments.args.first() {
        Some(GenericArgument::Type(ty)) if arguments.args.len() == 1 => Some(ty),
        _ => None,
    }
}
