//! What stands in `mcp! { .. }`.

use proc_macro2::Ident;
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, Error, LitStr, Meta, Result, Token, Visibility};

use crate::messages as say;

/// `pub mod weather = "mcp/weather.json";`, once or more.
pub(crate) struct Modules(pub(crate) Vec<Module>);

pub(crate) struct Module {
    /// Without ours.
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) vis: Visibility,
    pub(crate) token: Token![mod],
    pub(crate) name: Ident,
    pub(crate) path: LitStr,
    pub(crate) only: Vec<LitStr>,
    pub(crate) skip: Vec<LitStr>,
    pub(crate) rename: Vec<Rename>,
}

/// `"get-weather" = "weather_of"`
pub(crate) struct Rename {
    pub(crate) tool: LitStr,
    pub(crate) name: LitStr,
}

impl Parse for Modules {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        if input.is_empty() {
            return Err(Error::new(input.span(), say::EMPTY));
        }
        let mut modules = Vec::new();
        while !input.is_empty() {
            modules.push(input.parse()?);
        }
        Ok(Self(modules))
    }
}

impl Parse for Module {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let all = input.call(Attribute::parse_outer)?;
        let (vis, token, name) = (input.parse()?, input.parse()?, input.parse()?);
        input.parse::<Token![=]>()?;
        let path = input.parse::<LitStr>().map_err(|error| Error::new(error.span(), say::NO_PATH))?;
        input.parse::<Token![;]>()?;
        let mut module =
            Self { attrs: Vec::new(), vis, token, name, path, only: Vec::new(), skip: Vec::new(), rename: Vec::new() };
        for attr in all {
            module.attribute(attr)?;
        }
        Ok(module)
    }
}

impl Module {
    fn attribute(&mut self, attr: Attribute) -> Result<()> {
        if attr.path().is_ident("only") {
            self.only.extend(listed(&attr, say::ATTRIBUTE_ONLY)?);
        } else if attr.path().is_ident("skip") {
            self.skip.extend(listed(&attr, say::ATTRIBUTE_SKIP)?);
        } else if attr.path().is_ident("rename") {
            self.rename.extend(listed(&attr, say::ATTRIBUTE_RENAME)?);
        } else {
            self.attrs.push(attr);
        }
        Ok(())
    }
}

impl Parse for Rename {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let tool = input.parse()?;
        input.parse::<Token![=]>()?;
        Ok(Self { tool, name: input.parse()? })
    }
}

/// What stands in the parentheses of an attribute, separated by commas.
fn listed<T: Parse>(attr: &Attribute, message: &str) -> Result<Vec<T>> {
    let Meta::List(list) = &attr.meta else { return Err(Error::new_spanned(&attr.meta, message)) };
    let parser = syn::punctuated::Punctuated::<T, Token![,]>::parse_terminated;
    match list.parse_args_with(parser) {
        Ok(items) if !items.is_empty() => Ok(items.into_iter().collect()),
        Ok(_) => Err(Error::new_spanned(&attr.meta, message)),
        Err(error) => Err(Error::new(error.span(), message)),
    }
}
