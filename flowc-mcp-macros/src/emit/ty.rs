//! Types as tokens.

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;

use super::ident;
use crate::model::{Named, Ty};

pub(super) fn ty(ty: &Ty, types: &[Named], at: Span) -> TokenStream {
    let inner = |inner: &Ty| self::ty(inner, types, at);
    match ty {
        Ty::Bool => quote_spanned!(at=> bool),
        Ty::Signed => quote_spanned!(at=> i64),
        Ty::Unsigned => quote_spanned!(at=> u64),
        Ty::Float => quote_spanned!(at=> f64),
        Ty::Text => quote_spanned!(at=> String),
        Ty::Nothing => quote_spanned!(at=> ()),
        Ty::Any => quote_spanned!(at=> Value),
        Ty::Maybe(item) => {
            let item = inner(item);
            quote_spanned!(at=> Option<#item>)
        }
        Ty::Boxed(item) => {
            let item = inner(item);
            quote_spanned!(at=> Box<#item>)
        }
        Ty::List(item) => {
            let item = inner(item);
            quote_spanned!(at=> Vec<#item>)
        }
        Ty::Map(item) => {
            let item = inner(item);
            quote_spanned!(at=> BTreeMap<String, #item>)
        }
        Ty::Tuple(items) => {
            let items = items.iter().map(inner);
            quote_spanned!(at=> (#(#items,)*))
        }
        Ty::Named(id) => match types.get(*id) {
            Some(named) => {
                let name = ident(&named.name, at);
                quote_spanned!(at=> #name)
            }
            None => quote_spanned!(at=> Value),
        },
    }
}
