//! The impl of `Step`.

use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};

use super::super::lifetimes;
use super::super::model::{Node, Returns};
use super::call::{Names, call};
use super::{any, cfgs, resources, step_generics};
use crate::options::Site;
use crate::span;

pub(super) fn step(node: &Node, sound: bool) -> TokenStream {
    let name = &node.sig.ident;
    let cfg = cfgs(node);
    let generics = step_generics(&node.generics);
    let (params, _, clause) = generics.split_for_impl();
    let (_, arguments, _) = node.generics.split_for_impl();
    let any = any(&node.generics);

    let (given, held) = (lifetimes::named("'__a", span::hidden()), lifetimes::named("'__r", span::hidden()));
    let inputs = node.inputs().map(|param| {
        let mut ty = param.ty.clone();
        lifetimes::replace(&mut ty, &given);
        if param.broken { quote!(()) } else { quote!(#ty) }
    });
    let found = resources::targets(node);
    let found = if found.is_empty() { quote!(()) } else { quote!((#(&#held #found,)*)) };

    let Returns { declared, fallible, .. } = &node.returns;
    let (output, error) = outcome(&node.returns);
    let policies = sound && !node.options.policies.is_empty();
    let ended = if policies {
        quote!(::core::result::Result<Self::Output, ::flowc::__private::Failure<Self::Error>>)
    } else if node.kind.offload().is_some() {
        quote!(::core::result::Result<#declared, ::flowc::__private::Stopped>)
    } else {
        quote!(::core::result::Result<#declared, ::flowc::__private::Panicked>)
    };
    let settle = if *fallible { quote!(settled) } else { quote!(settled_plain) };
    let policy = policies.then(|| policy(node));
    let begin = begin(node, sound, policies, &given, &settle);
    let exec = exec();
    let (ending, at) = (span::local("__ended"), span::local("__at"));
    let settled =
        if policies { quote!({ let _ = #at; #ending }) } else { quote!({ ::flowc::__private::#settle(#ending, #at) }) };
    // Where rustc complains of one of the types as a whole, it does so at the name of the node.
    let place = span::hidden_at(node.span());
    let (ty, end) = (quote_spanned!(place=> type), quote_spanned!(place=> ;));
    quote! {
        #(#cfg)*
        #[automatically_derived]
        #[allow(deprecated, private_interfaces, private_bounds, clippy::all, clippy::pedantic)]
        impl #params ::flowc::__private::Step for #name #arguments #clause {
            const SPEC: &'static ::flowc::__private::NodeSpec = &<#name #any>::__FLOWC_SPEC;
            #ty Input<#given> = (#(#inputs,)*) #end
            #ty Resources<#held> = #found #end
            #ty Output = #output #end
            #ty Error = #error #end
            #ty Ended = #ended #end
            #policy
            #begin
            fn describe(error: &Self::Error) -> ::flowc::__private::Text {
                #[allow(unused_imports)]
                use ::flowc::__private::{SaysName as _, SaysText as _};
                (&::flowc::__private::Says(error)).says()
            }
            #[inline(always)]
            fn settle<#exec: ::flowc::__private::Executor>(
                #ending: Self::Ended,
                #at: ::flowc::__private::At<'_, #exec>,
            ) -> ::core::result::Result<Self::Output, ::flowc::__private::Failure<Self::Error>> #settled
        }
    }
}

/// The types of what it gives and of its own error.
pub(super) fn outcome(returns: &Returns) -> (TokenStream, TokenStream) {
    let Returns { declared, fallible, output, error, .. } = returns;
    let output = match output {
        Some(output) => quote!(#output),
        None if *fallible => quote!(<#declared as ::flowc::__private::Outcome>::Output),
        None => quote!(#declared),
    };
    let error = match error {
        Some(error) => quote!(#error),
        None if *fallible => quote!(<#declared as ::flowc::__private::Outcome>::Error),
        None => quote!(::core::convert::Infallible),
    };
    (output, error)
}

fn exec() -> Ident {
    quote::format_ident!("__X", span = span::hidden())
}

/// The constant `POLICY`.
fn policy(node: &Node) -> TokenStream {
    let borrowed = node.inputs().map(|param| matches!(param.ty, syn::Type::Reference(_))).collect();
    let policy = node.options.policies.tokens(&Site { step: quote!(Self), borrowed });
    quote! {
        const DRIVEN: bool = true;
        const POLICY: &'static ::flowc::__private::Policy<Self> = &#policy;
    }
}

fn begin(node: &Node, sound: bool, policies: bool, given: &syn::Lifetime, settle: &TokenStream) -> TokenStream {
    let (held, here) = (lifetimes::named("'__r", span::hidden()), lifetimes::named("'__s", span::hidden()));
    let names = Names {
        input: span::local("__input"),
        resources: span::local("__resources"),
        at: span::local("__at"),
        exec: exec(),
    };
    let call = if sound { call(node, &names) } else { quote!(::core::future::pending::<Self::Ended>()) };
    let Names { input, resources, at, exec } = &names;
    let body = if policies {
        quote! {
            ::flowc::__private::drive::<Self, #exec, _, _>(
                Self::POLICY,
                #at,
                #input,
                move |#input: Self::Input<#given>, #at: ::flowc::__private::At<#here, #exec>| { let _ = (&#input, &#at); #call },
                ::flowc::__private::#settle,
            )
        }
    } else {
        quote!(let _ = (&#input, &#resources, &#at); #call)
    };
    // rustc puts its caret for a future that is not `Send` under the type that `begin` returns.
    let place = span::hidden_at(node.sig.asyncness.map_or(node.span(), |token| token.span));
    let future = quote_spanned!(place=> impl ::core::future::Future<Output = Self::Ended> + ::core::marker::Send);
    quote! {
        #[inline(always)]
        fn begin<#given, #held, #here, #exec: ::flowc::__private::Executor>(
            #input: Self::Input<#given>,
            #resources: Self::Resources<#held>,
            #at: ::flowc::__private::At<#here, #exec>,
        ) -> #future { #body }
    }
}
