//! Rust source as a flat list of tokens, so that a check is not misled by comments, strings or tests.

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// An identifier, a punctuation mark or a bracket, with its line counted from 1. Literals are left out.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) text: String,
    pub(super) line: usize,
}

/// The tokens of a source file without comments, literals and what is compiled for tests only.
pub(super) fn shipped(source: &str) -> Result<Vec<Token>, String> {
    let stream: TokenStream = source.parse().map_err(|error| format!("is not Rust: {error}"))?;
    let mut tokens = Vec::new();
    flatten(stream, &mut tokens);
    Ok(tokens)
}

fn flatten(stream: TokenStream, into: &mut Vec<Token>) {
    let mut trees = stream.into_iter().peekable();
    while let Some(tree) = trees.next() {
        let line = tree.span().start().line;
        match tree {
            TokenTree::Punct(hash) if hash.as_char() == '#' && trees.peek().is_some_and(is_for_tests) => {
                // The item goes up to its body or its semicolon, other attributes included.
                let ends = |tree: &TokenTree| match tree {
                    TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
                    TokenTree::Punct(punct) => punct.as_char() == ';',
                    _ => false,
                };
                for skipped in trees.by_ref() {
                    if ends(&skipped) {
                        break;
                    }
                }
            }
            TokenTree::Group(group) => {
                let (open, close) = brackets(group.delimiter());
                into.push(Token { text: open.to_string(), line });
                flatten(group.stream(), into);
                into.push(Token { text: close.to_string(), line: group.span_close().start().line });
            }
            TokenTree::Literal(_) => {}
            other => into.push(Token { text: other.to_string(), line }),
        }
    }
}

/// `[cfg(test)]`, or `[cfg(all(test, ..))]`.
fn is_for_tests(tree: &TokenTree) -> bool {
    let TokenTree::Group(group) = tree else { return false };
    let text: String = group.stream().to_string().split_whitespace().collect();
    group.delimiter() == Delimiter::Bracket && (text == "cfg(test)" || text.starts_with("cfg(all(test,"))
}

fn brackets(delimiter: Delimiter) -> (&'static str, &'static str) {
    match delimiter {
        Delimiter::Parenthesis => ("(", ")"),
        Delimiter::Brace => ("{", "}"),
        Delimiter::Bracket => ("[", "]"),
        Delimiter::None => ("", ""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(source: &str) -> String {
        shipped(source).unwrap().into_iter().map(|token| token.text).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn comments_and_strings_are_gone() {
        assert_eq!(text("// a\n/* b /* c */ */ fn d() { \"e\"; r#\"f\"#; 'g' }"), "fn d ( ) { ; ; }");
    }

    #[test]
    fn tests_are_gone_and_what_follows_them_stays() {
        assert_eq!(text("#[cfg(test)] #[allow(x)] mod tests { fn a() {} } fn b() {}"), "fn b ( ) { }");
        assert_eq!(text("#[cfg(test)] use a::b; #[cfg(all(test, unix))] mod t; struct C;"), "struct C ;");
        assert_eq!(text("#[cfg(not(test))] fn d() {}"), "# [ cfg ( not ( test ) ) ] fn d ( ) { }");
    }

    #[test]
    fn lines_are_counted_from_one() {
        let tokens = shipped("fn a() {\n    b\n}\n").unwrap();
        let lines: Vec<_> = tokens.iter().map(|token| token.line).collect();
        assert_eq!(lines, [1, 1, 1, 1, 1, 2, 3]);
    }

    #[test]
    fn what_is_not_rust_is_an_error() {
        assert!(shipped("fn a( {").unwrap_err().contains("is not Rust"));
    }
}
