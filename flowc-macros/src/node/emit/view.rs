//! The type of a node as editors see it: at the user's name there is the type, once, and what a step gives is the node's output.

use proc_macro2::TokenStream;
use quote::quote;

use super::super::lifetimes;
use super::super::model::Node;
use super::{any, cfgs, shape, step, step_generics};
use crate::{editor, span};

pub(super) fn view(node: &Node) -> TokenStream {
    let (name, cfgs) = (&node.sig.ident, cfgs(node));
    let attrs = quote!(#(#cfgs)* #[allow(deprecated, private_interfaces, private_bounds)]);
    let lifetime = lifetimes::named("'__a", span::hidden());
    let (mut args, mut inputs, mut anything) = (TokenStream::new(), TokenStream::new(), quote!(#lifetime,));
    for (index, param) in node.inputs().enumerate() {
        let name = &param.name;
        if param.broken {
            let any = quote::format_ident!("__T{index}", span = span::hidden());
            args.extend(quote!(#name: #any,));
            inputs.extend(quote!((),));
            anything.extend(quote!(#any,));
            continue;
        }
        let mut ty = param.ty.clone();
        lifetimes::replace(&mut ty, &lifetime);
        let given = if node.options.lifts && index == 0 { shape::given(&ty, &lifetime) } else { quote!(#ty) };
        args.extend(quote!(#name: #given,));
        inputs.extend(quote!(#ty,));
    }
    let generics = step_generics(&node.generics);
    let (_, arguments, clause) = generics.split_for_impl();
    let (params, owner, clause) = (generics.params.iter(), quote!(#name #arguments), quote!(#clause));
    let (params, (output, error)) = (quote!(#(#params,)*), step::outcome(&node.returns));
    let any = any(&node.generics);
    let spec = span::apart(quote! {
        #attrs
        impl #name #any { pub const __FLOWC_SPEC: ::flowc::__private::NodeSpec = ::flowc::__private::view::SPEC; }
    });
    let (ty, step) =
        (shape::ty(node), editor::Step { attrs, params, owner, clause, anything, args, inputs, output, error }.items());
    quote!(#ty #spec #step)
}
