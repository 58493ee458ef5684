//! Where a statement ends, finished or not, and what it is made of.

use proc_macro2::{Delimiter, Group, TokenTree};

use super::{is, is_word};

/// The first statement, and the rest. One that is not finished ends where a `let` or an attribute begins the next.
pub(super) fn statement(tokens: &[TokenTree]) -> (&[TokenTree], &[TokenTree]) {
    let (_, mut rest) = attributes(tokens);
    let block_like = is_block_like(rest);
    let mut last: Option<&TokenTree> = None;
    let cut = |rest: &[TokenTree]| tokens.split_at_checked(tokens.len() - rest.len()).unwrap_or((tokens, &[]));
    while let Some((token, after)) = rest.split_first() {
        if let Some(last) = last {
            let begins =
                is_word(token, "let") && !["if", "while"].iter().any(|word| is_word(last, word)) && !is(last, '&');
            // An attribute behind `=` may belong to the value: `let all = #[max(8)] for ..`.
            let next = attribute(rest)
                .is_some_and(|(_, after)| !is(last, '=') || after.first().is_some_and(|token| is_word(token, "let")));
            if begins || next {
                return cut(rest);
            }
        }
        if is(token, ';') || (block_like && is_braces(token) && !goes_on(after)) {
            return cut(after);
        }
        last = Some(token);
        rest = after;
    }
    (tokens, &[])
}

/// Whether what stands after braces belongs to the same statement.
fn goes_on(after: &[TokenTree]) -> bool {
    after.first().is_some_and(|next| is_word(next, "else") || is(next, '.') || is(next, '?') || is(next, ';'))
}

/// It may end with its braces, without a `;`.
pub(super) fn is_block_like(tokens: &[TokenTree]) -> bool {
    tokens.first().is_some_and(|first| {
        is_braces(first) || ["if", "match", "for", "loop", "while", "unsafe"].iter().any(|word| is_word(first, word))
    })
}

/// It has ended with its braces.
pub(super) fn ends_in_braces(tokens: &[TokenTree]) -> bool {
    is_block_like(tokens) && tokens.last().is_some_and(is_braces)
}

fn is_braces(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace)
}

/// The attribute that `tokens` begin with, and the rest.
pub(super) fn attribute(tokens: &[TokenTree]) -> Option<(&Group, &[TokenTree])> {
    match tokens {
        [hash, TokenTree::Group(group), after @ ..] if is(hash, '#') && group.delimiter() == Delimiter::Bracket => {
            Some((group, after))
        }
        _ => None,
    }
}

/// The attributes of a statement, and the rest.
pub(super) fn attributes(tokens: &[TokenTree]) -> (Vec<&Group>, &[TokenTree]) {
    let (mut found, mut rest) = (Vec::new(), tokens);
    while let Some((group, after)) = attribute(rest) {
        found.push(group);
        rest = after;
    }
    (found, rest)
}

/// The pattern of a `let`, of which `tokens` are the rest.
pub(super) fn pattern(tokens: &[TokenTree]) -> &[TokenTree] {
    let end =
        tokens.iter().position(|token| is(token, '=') || is(token, ':') || is(token, ';') || is_word(token, "let"));
    tokens.get(..end.unwrap_or(tokens.len())).unwrap_or_default()
}

/// A `for` with all its parts.
pub(super) struct Map<'t> {
    pub(super) pattern: &'t [TokenTree],
    pub(super) over: &'t [TokenTree],
    pub(super) body: &'t Group,
    pub(super) after: &'t [TokenTree],
}

/// The `for` of which `tokens` are the rest, if it has a body before the next statement begins.
pub(super) fn map(tokens: &[TokenTree]) -> Option<Map<'_>> {
    let at = tokens.iter().position(|token| is_word(token, "in"))?;
    let (pattern, rest) = tokens.split_at_checked(at)?;
    let (_, rest) = rest.split_first()?;
    let at = rest.iter().position(is_braces)?;
    let (over, rest) = rest.split_at_checked(at)?;
    let (TokenTree::Group(body), after) = rest.split_first()? else { return None };
    let foreign = |token: &TokenTree| is(token, ';') || is(token, '#') || is_word(token, "let");
    let whole = !over.is_empty() && !pattern.iter().chain(over).any(foreign);
    whole.then_some(Map { pattern, over, body, after })
}
