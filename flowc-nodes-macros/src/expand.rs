//! From tokens to tokens: reads the templates, checks their names and writes the impl.

use proc_macro2::{Ident, TokenStream};
use syn::ext::IdentExt;
use syn::{Data, DeriveInput, Error, Index, Member};

use crate::emit::{self, Checked, Template};
use crate::input::{self, Templates};
use crate::messages as say;
use crate::resolve::Resolver;
use crate::template;

/// A field as templates know it.
pub(crate) struct Known {
    pub(crate) member: Member,
    pub(crate) span: proc_macro2::Span,
}

pub(crate) fn expand(item: TokenStream) -> TokenStream {
    let input = match syn::parse2::<DeriveInput>(item) {
        Ok(input) => input,
        Err(error) => return error.into_compile_error(),
    };
    let mut errors = Vec::new();
    let checked = check(&input, &mut errors);
    // With a mistake, the trait is there all the same: what uses the prompt is not wrong.
    let mut tokens = emit::prompt(&input, &checked);
    tokens.extend(errors.iter().map(Error::to_compile_error));
    tokens
}

fn check(input: &DeriveInput, errors: &mut Vec<Error>) -> Checked {
    let nothing = Checked { fields: Vec::new(), names: Vec::new(), system: None, user: None };
    let Data::Struct(data) = &input.data else {
        errors.push(Error::new(input.ident.span(), say::NOT_A_STRUCT));
        return nothing;
    };
    let (mut names, mut fields, mut skipped) = (Vec::new(), Vec::new(), Vec::new());
    for (index, field) in data.fields.iter().enumerate() {
        let span = syn::spanned::Spanned::span(&field.ty);
        let (name, member) = match &field.ident {
            Some(ident) => (Ident::unraw(ident).to_string(), Member::Named(ident.clone())),
            None => {
                let index = u32::try_from(index).unwrap_or(u32::MAX);
                (index.to_string(), Member::Unnamed(Index { index, span }))
            }
        };
        names.push(name);
        fields.push(Known { member, span });
        skipped.push(input::skipped(field).unwrap_or_else(|error| {
            errors.push(error);
            true
        }));
    }
    let Templates { system, user } = match input::templates(input) {
        Ok(templates) => templates,
        Err(wrong) => {
            errors.extend(wrong);
            return nothing;
        }
    };
    let prompt = input.ident.to_string();
    let mut resolver = Resolver::new(&prompt, &names);
    let mut read = |source: Option<crate::source::Source>| {
        let source = source?;
        match template::parse(&source.text, source.is_inline()) {
            Ok(nodes) => {
                resolver.template(&nodes, &source, errors);
                Some(Template { nodes, source })
            }
            Err(wrong) => {
                errors.push(source.error(&wrong));
                None
            }
        }
    };
    let (system, user) = (read(system), read(user));
    if errors.is_empty() {
        // A name that is misspelled in a template is one mistake, and not one more at the field.
        for ((name, known), skipped) in names.iter().zip(&fields).zip(&skipped) {
            if !skipped && !resolver.uses(name) {
                let span = match &known.member {
                    Member::Named(ident) => ident.span(),
                    Member::Unnamed(_) => known.span,
                };
                errors.push(Error::new(span, say::unused_field(name)));
            }
        }
    }
    if errors.is_empty() { Checked { fields, names, system, user } } else { nothing }
}
