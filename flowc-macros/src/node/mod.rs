//! `#[node]`: the function stays as it is, and a type of its name makes it a step.
//!
//! [`syntax`] reads the tokens, [`options`] the attribute, [`parse`] makes the [`model`], [`check`] says what is wrong with it, and
//! [`emit`] writes the code. No stage stops the next one.

mod check;
mod emit;
pub(crate) mod lifetimes;
mod model;
mod options;
mod parse;
mod syntax;
mod text;

pub(crate) use emit::any;
pub(crate) use syntax::without_type;
pub(crate) use text::ty as type_text;

use proc_macro2::TokenStream;

use crate::debug;
use crate::diag::Diag;
use crate::messages::node as say;

/// The whole expansion.
pub(crate) fn expand(options: TokenStream, item: TokenStream) -> TokenStream {
    let mut diag = Diag::new();
    let mut method = false;
    let mut expansion = match syn::parse2::<syntax::Function>(item.clone()) {
        Ok(function) => {
            let options = options::parse(options, &mut diag);
            let node = parse::node(function, options, &mut diag);
            check::node(&node, &mut diag);
            method = node.method;
            let expansion = emit::node(&node, diag.is_empty());
            debug::show(&node.sig.ident.to_string(), &expansion);
            expansion
        }
        // Said by rustc already, and better than syn does.
        Err(_) if syntax::lacks_a_type(item.clone()) => item,
        Err(error) => {
            // What is no function at all stays as it is, so that nothing else is said about it.
            let is_function = item.clone().into_iter().any(|token| token.to_string() == "fn");
            diag.syn(if is_function { error } else { syn::Error::new(error.span(), say::NOT_A_FUNCTION) });
            item
        }
    };
    expansion.extend(if method { diag.finish_bare() } else { diag.finish() });
    expansion
}
