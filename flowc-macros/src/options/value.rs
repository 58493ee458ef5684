//! Values of options: read by type, reported at the value.

use std::time::Duration;

use proc_macro2::{Span, TokenStream};
use syn::spanned::Spanned;
use syn::{Expr, ExprLit, ExprPath, ExprUnary, Lit, LitStr, UnOp};

use super::{Entries, Entry, Value, duration, entries};
use crate::diag::Diag;
use crate::messages::options as text;

/// The one expression of `key = value` or `key(value)`.
fn single(entry: &Entry, expected: &str, example: &str, diag: &mut Diag) -> Option<Expr> {
    let expr = match &entry.value {
        Value::Is(expr) => expr.clone(),
        Value::List(tokens) if !tokens.is_empty() => {
            let Ok(expr) = syn::parse2(tokens.clone()) else {
                diag.at(tokens, text::wrong_value(&entry.key.to_string(), expected, example));
                return None;
            };
            expr
        }
        Value::None | Value::List(_) => {
            diag.at(&entry.key, text::needs_value(&entry.key.to_string(), example));
            return None;
        }
    };
    Some(bare(expr))
}

/// Without the invisible group that a literal from a `macro_rules` fragment comes in.
fn bare(expr: Expr) -> Expr {
    match expr {
        Expr::Group(group) => bare(*group.expr),
        expr => expr,
    }
}

fn wrong(entry: &Entry, at: &Expr, expected: &str, example: &str, diag: &mut Diag) {
    diag.at(at, text::wrong_value(&entry.key.to_string(), expected, example));
}

/// `key`, `key = true` or `key = false`.
pub(crate) fn flag(entry: &Entry, diag: &mut Diag) -> bool {
    match &entry.value {
        Value::None => true,
        Value::Is(Expr::Lit(ExprLit { lit: Lit::Bool(lit), .. })) => lit.value,
        Value::Is(expr) => {
            diag.at(expr, text::no_value(&entry.key.to_string()));
            true
        }
        Value::List(tokens) => {
            let at = if tokens.is_empty() { entry.key.span() } else { tokens.span() };
            diag.span(at, text::no_value(&entry.key.to_string()));
            true
        }
    }
}

/// A string literal.
pub(crate) fn text(entry: &Entry, example: &str, diag: &mut Diag) -> Option<LitStr> {
    match single(entry, "a string", example, diag)? {
        Expr::Lit(ExprLit { lit: Lit::Str(lit), .. }) => Some(lit),
        other => {
            wrong(entry, &other, "a string", example, diag);
            None
        }
    }
}

/// A duration, zero included.
pub(crate) fn any_duration(entry: &Entry, example: &str, diag: &mut Diag) -> Option<(Duration, Span)> {
    let expected = "a duration in a string";
    let lit = match single(entry, expected, example, diag)? {
        Expr::Lit(ExprLit { lit: Lit::Str(lit), .. }) => lit,
        other => {
            wrong(entry, &other, expected, example, diag);
            return None;
        }
    };
    match duration::parse(&lit.value()) {
        Some(duration) if u64::try_from(duration.as_nanos()).is_err() => {
            diag.at(&lit, text::LONG_DURATION);
            None
        }
        Some(duration) => Some((duration, lit.span())),
        None => {
            diag.at(&lit, text::duration(&lit.value()));
            None
        }
    }
}

/// A duration above zero.
pub(crate) fn some_duration(entry: &Entry, example: &str, diag: &mut Diag) -> Option<Duration> {
    let (duration, span) = any_duration(entry, example, diag)?;
    if duration.is_zero() {
        diag.span(span, text::zero_duration(&entry.key.to_string()));
        return None;
    }
    Some(duration)
}

/// A whole number of at least 1.
pub(crate) fn count(entry: &Entry, example: &str, diag: &mut Diag) -> Option<u32> {
    let (count, span) = whole(entry, example, diag)?;
    if count == 0 {
        diag.span(span, text::at_least(&entry.key.to_string(), "1"));
        return None;
    }
    Some(count)
}

/// A whole number.
pub(crate) fn number(entry: &Entry, example: &str, diag: &mut Diag) -> Option<u32> {
    whole(entry, example, diag).map(|(number, _)| number)
}

fn whole(entry: &Entry, example: &str, diag: &mut Diag) -> Option<(u32, Span)> {
    let expected = "a whole number";
    match single(entry, expected, example, diag)? {
        Expr::Lit(ExprLit { lit: Lit::Int(lit), .. }) => match lit.base10_parse::<u32>() {
            Ok(count) => Some((count, lit.span())),
            Err(_) => {
                diag.at(&lit, text::too_large(&entry.key.to_string()));
                None
            }
        },
        other => {
            wrong(entry, &other, expected, example, diag);
            None
        }
    }
}

/// A number of at least 1, with or without a fraction.
pub(crate) fn factor(entry: &Entry, example: &str, diag: &mut Diag) -> Option<f64> {
    let complaint = |key: &str| text::at_least(key, "1");
    fraction(entry, example, |number| number >= 1.0, complaint, diag)
}

/// A part of the whole: above 0, and at most 1.
pub(crate) fn share(entry: &Entry, example: &str, diag: &mut Diag) -> Option<f64> {
    fraction(entry, example, |number| number > 0.0 && number <= 1.0, |key| text::share(key, example), diag)
}

fn fraction(
    entry: &Entry,
    example: &str,
    fits: impl Fn(f64) -> bool,
    complaint: impl Fn(&str) -> String,
    diag: &mut Diag,
) -> Option<f64> {
    let value = single(entry, "a number", example, diag)?;
    // A number below zero is one too, of which more can be said than that it is none.
    let (literal, sign) = match &value {
        Expr::Unary(ExprUnary { op: UnOp::Neg(_), expr, .. }) => (&**expr, -1.0),
        value => (value, 1.0),
    };
    let number = match literal {
        Expr::Lit(ExprLit { lit: Lit::Float(lit), .. }) => lit.base10_parse::<f64>().ok(),
        Expr::Lit(ExprLit { lit: Lit::Int(lit), .. }) => lit.base10_parse::<u32>().ok().map(f64::from),
        _ => None,
    };
    match number.map(|number| number * sign) {
        Some(number) if number.is_finite() && fits(number) => Some(number),
        Some(_) => {
            diag.at(&value, complaint(&entry.key.to_string()));
            None
        }
        None => {
            wrong(entry, &value, "a number", example, diag);
            None
        }
    }
}

/// What steps share is found by this name.
pub(crate) fn name(entry: &Entry, example: &str, diag: &mut Diag) -> Option<String> {
    let lit = text(entry, example, diag)?;
    let name = lit.value();
    if name.trim().is_empty() {
        diag.at(lit, text::EMPTY_SHARED_NAME);
        return None;
    }
    Some(name)
}

/// The path of a function.
pub(crate) fn path(entry: &Entry, example: &str, diag: &mut Diag) -> Option<ExprPath> {
    let expected = "the path of a function";
    match single(entry, expected, example, diag)? {
        Expr::Path(path) => Some(path),
        other => {
            wrong(entry, &other, expected, example, diag);
            None
        }
    }
}

/// The options inside `key(..)`.
pub(crate) fn list(entry: &Entry, example: &str, diag: &mut Diag) -> Option<Entries> {
    match &entry.value {
        Value::List(tokens) => Some(entries(TokenStream::clone(tokens), example, diag)),
        Value::None => {
            diag.at(&entry.key, text::needs_list(&entry.key.to_string(), example));
            None
        }
        Value::Is(expr) => {
            diag.at(expr, text::needs_list(&entry.key.to_string(), example));
            None
        }
    }
}
