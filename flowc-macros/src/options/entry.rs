//! `key`, `key = value`, `key(..)`, with commas between them.

use proc_macro2::{Ident, TokenStream};
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, Expr, Meta, Token};

use crate::diag::Diag;
use crate::messages::options as text;

/// One option.
pub(crate) struct Entry {
    pub(crate) key: Ident,
    pub(crate) value: Value,
}

/// What stands after the key.
pub(crate) enum Value {
    None,
    Is(Expr),
    List(TokenStream),
}

/// The options of a list.
#[derive(Default)]
pub(crate) struct Entries {
    pub(crate) read: Vec<Entry>,
    /// Nothing in the list was left out because it could not be read.
    pub(crate) whole: bool,
}

impl Entry {
    /// `#[key]`, `#[key = value]` or `#[key(..)]`.
    pub(crate) fn of_attribute(attribute: &Attribute) -> Option<Self> {
        let key = attribute.path().get_ident()?.clone();
        let value = match &attribute.meta {
            Meta::Path(_) => Value::None,
            Meta::NameValue(meta) => Value::Is(meta.value.clone()),
            Meta::List(meta) => Value::List(meta.tokens.clone()),
        };
        Some(Self { key, value })
    }
}

/// All that can be read; what cannot be is reported and skipped up to the next comma. `example` shows how options are written.
pub(crate) fn entries(tokens: TokenStream, example: &str, diag: &mut Diag) -> Entries {
    let (mut read, mut whole) = (Vec::new(), true);
    let parsed = Parser::parse2(
        |input: ParseStream| {
            while !input.is_empty() {
                match entry(input, example) {
                    Ok(entry) => read.push(entry),
                    Err(error) => {
                        whole = false;
                        diag.syn(error);
                        skip(input)?;
                    }
                }
                if input.is_empty() {
                    break;
                }
                if !input.peek(Token![,]) {
                    diag.syn(input.error("expected `,` between two options"));
                    skip(input)?;
                }
                let _: Option<Token![,]> = input.parse()?;
            }
            Ok(())
        },
        tokens,
    );
    if let Err(error) = parsed {
        diag.syn(error);
    }
    Entries { read, whole }
}

fn entry(input: ParseStream, example: &str) -> syn::Result<Entry> {
    // `if` is a keyword elsewhere; as the key of an option it is a word like any other.
    let Ok(key) = input.call(Ident::parse_any) else { return Err(input.error(text::not_an_option(example))) };
    let value = if input.peek(syn::token::Paren) {
        let inner;
        syn::parenthesized!(inner in input);
        Value::List(inner.parse()?)
    } else if input.peek(Token![=]) {
        let equals: Token![=] = input.parse()?;
        if input.is_empty() || input.peek(Token![,]) {
            return Err(syn::Error::new_spanned(
                equals,
                format!("`{key}` has no value\nhelp: write one after the `=`"),
            ));
        }
        Value::Is(input.parse()?)
    } else {
        Value::None
    };
    Ok(Entry { key, value })
}

fn skip(input: ParseStream) -> syn::Result<()> {
    while !input.is_empty() && !input.peek(Token![,]) {
        let _: proc_macro2::TokenTree = input.parse()?;
    }
    Ok(())
}
