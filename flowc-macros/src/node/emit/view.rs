//! The type of a node as editors see it: at the user's name there is the type, once, and what a step gives is the node's output.

use proc_macro2::TokenStream;
use quote::quote;

use super::super::lifetimes;
use super::super::model::Node;
use super::{any, cfgs, shape, step, step_generics};
use crate::{editor, span};

pub(super) fn view(node: &Node) -> TokenStream {
    let name = span::apart(&node.sig.ident);
    let cfgs = cfgs(node);
    let lifetime = lifetimes::named("'__a", span::hidden());
    let (mut params, mut inputs, mut anything) = (Vec::new(), Vec::new(), Vec::new());
    for (index, param) in node.inputs().enumerate() {
        let name = &param.name;
        let mut ty = param.ty.clone();
        if param.broken {
            let any = quote::format_ident!("__T{index}", span = span::hidden());
            params.push(quote!(#name: #any));
            inputs.push(quote!(()));
            anything.push(any);
            continue;
        }
        lifetimes::replace(&mut ty, &lifetime);
        params.push(quote!(#name: #ty));
        inputs.push(quote!(#ty));
    }
    let generics = step_generics(&node.generics);
    let (_, arguments, clause) = generics.split_for_impl();
    let declared = generics.params.iter();
    let (output, error) = step::outcome(&node.returns);
    let stub = editor::Step {
        attrs: quote!(#(#cfgs)* #[allow(deprecated, private_interfaces, private_bounds)]),
        params: quote!(#(#declared,)*),
        owner: quote!(#name #arguments),
        clause: quote!(#clause),
        inputs,
        output,
        error,
    };
    let (attrs, clause, calls) =
        (&stub.attrs, &stub.clause, stub.calls(&quote!('__a, #(#anything),*), &quote!(#(#params),*)));
    let (owner, declared, any) = (&stub.owner, &stub.params, any(&node.generics));
    let rest = stub.impls();
    let ty = shape::ty(node);
    let rest = span::apart(quote! {
        #attrs
        impl<#declared> #owner #clause { #calls }
        #attrs
        impl #name #any { pub const __FLOWC_SPEC: ::flowc::__private::NodeSpec = ::flowc::__private::view::SPEC; }
        #rest
    });
    quote!(#ty #rest)
}
