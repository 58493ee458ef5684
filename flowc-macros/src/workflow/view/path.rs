//! Paths among tokens, and which of them are called as steps.

use proc_macro2::{Delimiter, Group, TokenTree};
use syn::Ident;

use super::scope::Scope;
use super::{is, is_word};
use crate::workflow::names;

const KEYWORDS: &[&str] = &[
    "_", "as", "async", "await", "break", "const", "continue", "dyn", "else", "enum", "extern", "false", "fn", "for",
    "if", "impl", "in", "let", "loop", "match", "mod", "move", "mut", "pub", "ref", "return", "static", "struct",
    "trait", "true", "type", "unsafe", "use", "where", "while",
];

/// Words that no path has; `self`, `super` and `crate` are none of them.
pub(super) fn is_keyword(word: &Ident) -> bool {
    KEYWORDS.iter().any(|keyword| word == keyword)
}

/// What stands before a token.
#[derive(Clone, Copy, Default)]
pub(super) struct Before {
    dots: usize,
    closed: bool,
    function: bool,
    binding: bool,
}

impl Before {
    pub(super) fn pass(&mut self, token: &TokenTree) {
        self.dots = if is(token, '.') { self.dots + 1 } else { 0 };
        self.closed = is(token, '>');
        self.function = is_word(token, "fn");
        self.binding = is_word(token, "let");
    }

    pub(super) fn follows_let(self) -> bool {
        self.binding
    }

    /// A name here may be that of a step: it is no method's, and no function's that begins here.
    pub(super) fn may_call(self) -> bool {
        self.dots != 1 && !self.function
    }
}

/// A path with its type arguments.
pub(super) struct Path<'t> {
    pub(super) tokens: &'t [TokenTree],
    /// What follows it.
    pub(super) after: &'t [TokenTree],
    first: &'t Ident,
    global: bool,
    single: bool,
    snake: bool,
}

/// What a call calls.
pub(super) enum Callee {
    Step,
    Catch,
    Other,
}

impl Path<'_> {
    pub(super) fn callee(&self, scope: &Scope) -> Callee {
        let first = self.first.to_string();
        if self.single && first == "catch" {
            return Callee::Catch;
        }
        let step = self.snake && !names::is_primitive(&first) && (self.global || !scope.has(&first));
        if step { Callee::Step } else { Callee::Other }
    }
}

/// The path that `tokens` begin with.
pub(super) fn read(before: Before, tokens: &[TokenTree]) -> Option<Path<'_>> {
    let global = colons(tokens);
    // `<T as Trait>::name` goes on with colons and is no path of its own.
    if global.is_some() && before.closed {
        return None;
    }
    let mut rest = global.unwrap_or(tokens);
    let first = name(rest)?;
    let (mut single, mut snake, mut arguments) = (global.is_none(), true, false);
    while let Some(segment) = name(rest) {
        // Type arguments anywhere but at the end are those of a type.
        snake &= !arguments && names::is_snake(&segment.to_string());
        rest = rest.get(1..)?;
        let Some(after) = colons(rest) else { break };
        rest = match generics(after) {
            Some(after) => {
                arguments = true;
                let Some(next) = colons(after) else {
                    rest = after;
                    break;
                };
                next
            }
            None if name(after).is_some() => after,
            None => break,
        };
        single = false;
    }
    let (tokens, after) = tokens.split_at_checked(tokens.len() - rest.len())?;
    Some(Path { tokens, after, first, global: global.is_some(), single, snake })
}

/// The step, if `tokens` are the call of one and nothing else.
pub(super) fn only_call<'t>(tokens: &'t [TokenTree], scope: &Scope) -> Option<(Path<'t>, &'t Group)> {
    let path = read(Before::default(), tokens)?;
    let args = match path.after {
        [TokenTree::Group(args)] => args,
        [TokenTree::Group(args), comma] if is(comma, ',') => args,
        _ => return None,
    };
    let step = args.delimiter() == Delimiter::Parenthesis && matches!(path.callee(scope), Callee::Step);
    step.then_some((path, args))
}

fn name(tokens: &[TokenTree]) -> Option<&Ident> {
    match tokens.first() {
        Some(TokenTree::Ident(word)) if !is_keyword(word) => Some(word),
        _ => None,
    }
}

/// What follows `::`.
pub(super) fn colons(tokens: &[TokenTree]) -> Option<&[TokenTree]> {
    match tokens {
        [first, second, after @ ..] if is(first, ':') && is(second, ':') => Some(after),
        _ => None,
    }
}

/// What follows `<..>`, if all of it is there.
pub(super) fn generics(tokens: &[TokenTree]) -> Option<&[TokenTree]> {
    if !tokens.first().is_some_and(|token| is(token, '<')) {
        return None;
    }
    let (mut depth, mut arrow, mut rest) = (0_usize, false, tokens);
    while let Some((token, after)) = rest.split_first() {
        rest = after;
        if is(token, '<') {
            depth += 1;
        } else if is(token, '>') && !arrow {
            depth -= 1;
        } else if is(token, ';') {
            return None;
        }
        arrow = is(token, '-');
        if depth == 0 {
            return Some(rest);
        }
    }
    None
}
