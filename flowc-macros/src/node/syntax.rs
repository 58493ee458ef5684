//! The function as tokens: attributes, visibility, signature, and a body that nobody looks into.

use proc_macro2::TokenStream;
use syn::parse::{Parse, ParseStream, Parser};
use syn::{Attribute, Generics, Ident, Signature, Token, Visibility, parenthesized};

/// A function whose body may be half typed.
pub(crate) struct Function {
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) vis: Visibility,
    pub(crate) sig: Signature,
    pub(crate) body: TokenStream,
}

impl Parse for Function {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        Ok(Self {
            attrs: input.call(Attribute::parse_outer)?,
            vis: input.parse()?,
            sig: input.parse()?,
            body: input.parse()?,
        })
    }
}

/// Takes the name of a parameter that is only a name.
pub(crate) fn without_type(params: ParseStream<'_>) -> Option<Ident> {
    let ahead = params.fork();
    let _: Ident = ahead.parse().ok()?;
    let bare = ahead.is_empty() || ahead.peek(Token![,]);
    if bare { params.parse().ok() } else { None }
}

/// Whether a parameter of this function is only a name, which rustc has reported by then.
pub(crate) fn lacks_a_type(item: TokenStream) -> bool {
    let params = |input: ParseStream<'_>| {
        while !input.peek(Token![fn]) {
            input.parse::<proc_macro2::TokenTree>()?;
        }
        input.parse::<Token![fn]>()?;
        input.parse::<Ident>()?;
        input.parse::<Generics>()?;
        let inside;
        parenthesized!(inside in input);
        let mut found = false;
        while !inside.is_empty() {
            match without_type(&inside) {
                Some(_) => found = true,
                None => drop(inside.parse::<syn::FnArg>()?),
            }
            inside.parse::<Option<Token![,]>>()?;
        }
        input.parse::<TokenStream>()?;
        Ok(found)
    };
    params.parse2(item).unwrap_or(false)
}
