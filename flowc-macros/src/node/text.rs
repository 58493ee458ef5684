//! Names and types as text.

use proc_macro2::{Delimiter, Ident, Spacing, TokenStream, TokenTree};
use quote::ToTokens;
use syn::Type;
use syn::ext::IdentExt;

/// The name without `r#`.
pub(crate) fn name(ident: &Ident) -> String {
    ident.unraw().to_string()
}

/// The type with the spaces that a person would write.
pub(crate) fn ty(ty: &Type) -> String {
    let mut text = String::new();
    write(ty.to_token_stream(), &mut text);
    text
}

fn write(tokens: TokenStream, text: &mut String) {
    let mut joint = false;
    for token in tokens {
        let glued = std::mem::take(&mut joint);
        match token {
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::Brace => ("{ ", " }"),
                    Delimiter::None => ("", ""),
                };
                if text.ends_with(wordy) && matches!(text.rsplit(' ').next(), Some("dyn" | "mut" | "const" | "as")) {
                    text.push(' ');
                }
                text.push_str(open);
                write(group.stream(), text);
                text.push_str(close);
            }
            TokenTree::Punct(punct) => {
                let sign = punct.as_char();
                if matches!(sign, '=' | '+' | '-') && !glued || sign == '\'' && text.ends_with(wordy) {
                    space(text);
                }
                text.push(sign);
                joint = punct.spacing() == Spacing::Joint || sign == '\'';
                let ends_arrow = sign == '>' && glued && text.ends_with("->");
                if !joint && (matches!(sign, ',' | ';' | '=' | '+') || ends_arrow || sign == ':' && !glued) {
                    text.push(' ');
                }
            }
            token => {
                if !glued && text.ends_with(|c| wordy(c) || c == '>') {
                    space(text);
                }
                text.push_str(&token.to_string());
            }
        }
    }
}

fn wordy(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn space(text: &mut String) {
    if !text.is_empty() && !text.ends_with([' ', '(', '[', '<']) {
        text.push(' ');
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn writes_types_as_people_do() {
        for text in [
            "&Query",
            "&'static mut [u8; 4]",
            "Vec<HashMap<String, (u8, i64)>>",
            "Arc<dyn Fn(&A) -> B + Send>",
            "Box<dyn for<'a> Fn(&'a str) -> &'a str + Send + 'static>",
            "<T as Iterator>::Item",
            "io::Result<()>",
            "Option<impl Iterator<Item = u8>>",
            "*const u8",
        ] {
            let ty: syn::Type = syn::parse_str(text).unwrap();
            assert_eq!(super::ty(&ty), text);
        }
    }
}
