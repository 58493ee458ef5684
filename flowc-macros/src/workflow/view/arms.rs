//! The arms of a `match`.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

use super::{View, is, is_word, path, regroup, split};

impl View {
    /// `used`: so is the value of the `match`.
    pub(super) fn arms(&mut self, group: &Group, used: bool) -> Group {
        let tokens: Vec<TokenTree> = group.stream().into_iter().collect();
        let mut out = TokenStream::new();
        let mut rest = tokens.as_slice();
        while let Some(at) = arrow(rest) {
            let (head, after) = rest.split_at_checked(at).unwrap_or((rest, &[]));
            let (arrow, after) = after.split_at_checked(2).unwrap_or((after, &[]));
            let mark = self.scope.enter();
            self.head(head, &mut out);
            out.extend(arrow.iter().cloned());
            rest = self.value(after, used, &mut out);
            self.scope.leave(mark);
        }
        self.inline(rest, true, false, &mut out);
        regroup(group, out)
    }

    /// A pattern and its guard.
    fn head(&mut self, tokens: &[TokenTree], out: &mut TokenStream) {
        let guard = tokens.iter().position(|token| is_word(token, "if")).unwrap_or(tokens.len());
        let (pattern, guard) = tokens.split_at_checked(guard).unwrap_or((tokens, &[]));
        let (attributes, pattern) = split::attributes(pattern);
        self.attributes(&attributes, out);
        out.extend(pattern.iter().cloned());
        self.scope.bind(pattern);
        self.inline(guard, true, false, out);
    }

    /// The value of an arm; gives what follows it.
    fn value<'t>(&mut self, tokens: &'t [TokenTree], used: bool, out: &mut TokenStream) -> &'t [TokenTree] {
        let (value, comma, after) = value(tokens);
        self.inline(value, used, false, out);
        out.extend(comma.cloned());
        after
    }
}

/// Where the next `=>` stands.
fn arrow(tokens: &[TokenTree]) -> Option<usize> {
    tokens.windows(2).position(|pair| matches!(pair, [first, second] if is(first, '=') && is(second, '>')))
}

/// The value of an arm, the comma behind it, and the rest.
fn value(tokens: &[TokenTree]) -> (&[TokenTree], Option<&TokenTree>, &[TokenTree]) {
    if let [TokenTree::Group(block), rest @ ..] = tokens {
        let operand = rest.first().is_some_and(|next| is(next, '.') || is(next, '?'));
        if block.delimiter() == Delimiter::Brace && !operand {
            let value = tokens.get(..1).unwrap_or_default();
            return match rest.split_first() {
                Some((comma, after)) if is(comma, ',') => (value, Some(comma), after),
                _ => (value, None, rest),
            };
        }
    }
    let mut rest = tokens;
    while let Some((token, after)) = rest.split_first() {
        if is(token, ',') {
            let value = tokens.get(..tokens.len() - rest.len()).unwrap_or_default();
            return (value, Some(token), after);
        }
        // The commas between type arguments.
        rest = path::colons(rest).and_then(path::generics).unwrap_or(after);
    }
    (tokens, None, &[])
}
