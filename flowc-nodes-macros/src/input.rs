//! What stands in `#[prompt(..)]`.

use proc_macro2::Ident;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Attribute, DeriveInput, Error, Field, LitStr, Meta, Result, Token};

use crate::messages as say;
use crate::similar::similar;
use crate::source::Source;

/// The templates of a prompt.
#[derive(Default)]
pub(crate) struct Templates {
    pub(crate) system: Option<Source>,
    pub(crate) user: Option<Source>,
}

/// `"Hello"`, or `file = "hello.md"`
struct Part {
    name: Option<Ident>,
    literal: LitStr,
}

impl Parse for Part {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let name = if input.peek(LitStr) {
            None
        } else {
            let name: Ident = input.parse().map_err(|error| Error::new(error.span(), say::PARTS))?;
            let known = ["user", "file", "system", "system_file"];
            let word = name.to_string();
            if !known.contains(&&*word) {
                return Err(Error::new(name.span(), say::unknown_part(&word, similar(&word, &known))));
            }
            input.parse::<Token![=]>().map_err(|error| Error::new(error.span(), say::PARTS))?;
            Some(name)
        };
        let literal = input.parse::<LitStr>().map_err(|error| Error::new(error.span(), say::QUOTES))?;
        Ok(Self { name, literal })
    }
}

fn parts(attr: &Attribute) -> Result<Punctuated<Part, Token![,]>> {
    let Meta::List(list) = &attr.meta else { return Err(Error::new_spanned(&attr.meta, say::PARTS)) };
    list.parse_args_with(Punctuated::parse_terminated)
}

/// Reads the attributes of the struct; all files that can be read are.
pub(crate) fn templates(input: &DeriveInput) -> std::result::Result<Templates, Vec<Error>> {
    let (mut templates, mut errors) = (Templates::default(), Vec::new());
    for attr in input.attrs.iter().filter(|attr| attr.path().is_ident("prompt")) {
        match parts(attr) {
            Ok(parts) => parts.into_iter().for_each(|part| templates.add(part, &mut errors)),
            Err(error) => errors.push(error),
        }
    }
    if errors.is_empty() && templates.user.is_none() {
        let text = if templates.system.is_some() { say::NO_USER } else { say::NO_TEMPLATE };
        errors.push(Error::new(input.ident.span(), text));
    }
    if errors.is_empty() { Ok(templates) } else { Err(errors) }
}

impl Templates {
    fn add(&mut self, part: Part, errors: &mut Vec<Error>) {
        let Part { name, literal } = part;
        let word = name.as_ref().map(ToString::to_string).unwrap_or_default();
        let system = word.starts_with("system");
        let place = if system { &mut self.system } else { &mut self.user };
        if place.is_some() {
            let what = if system { "what holds for the conversation" } else { "what the person says" };
            errors.push(Error::new(name.map_or(literal.span(), |name| name.span()), say::twice(what)));
            return;
        }
        if word.ends_with("file") {
            match Source::file(literal) {
                Ok(source) => *place = Some(source),
                Err(error) => errors.push(error),
            }
        } else {
            *place = Some(Source::inline(literal));
        }
    }
}

/// Whether no template needs to use the field.
pub(crate) fn skipped(field: &Field) -> Result<bool> {
    let mut skipped = false;
    for attr in field.attrs.iter().filter(|attr| attr.path().is_ident("prompt")) {
        let wrong = || Error::new_spanned(&attr.meta, say::FIELD);
        let Meta::List(list) = &attr.meta else { return Err(wrong()) };
        if !list.parse_args::<Ident>().is_ok_and(|word| word == "skip") {
            return Err(wrong());
        }
        skipped = true;
    }
    Ok(skipped)
}
