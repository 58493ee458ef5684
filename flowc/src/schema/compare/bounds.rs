//! Limits on strings, numbers and lists.

use std::cmp::Ordering;

use serde_json::Value;

use super::change::{Effect, Side};
use super::schema::Schema;
use super::walk::Walk;

/// A bound, and whether a higher number allows less.
const NUMBERS: &[(&str, bool)] = &[
    ("exclusiveMaximum", false),
    ("exclusiveMinimum", true),
    ("maxItems", false),
    ("maxLength", false),
    ("maximum", false),
    ("minItems", true),
    ("minLength", true),
    ("minimum", true),
];

/// Limits that can only be the same or another.
const TEXTS: &[&str] = &["format", "multipleOf", "pattern", "uniqueItems"];

impl<'s> Walk<'s> {
    pub(super) fn bounds(&mut self, field: &str, old: Schema<'s>, new: Schema<'s>) {
        for (key, least) in NUMBERS {
            self.number(field, key, *least, old.get(key), new.get(key));
        }
        for key in TEXTS {
            let (what, effect) = match (old.get(key), new.get(key)) {
                (Some(_), None) => (format!("no `{key}` any more"), Effect::More),
                (None, Some(_)) => (format!("has a `{key}` now"), Effect::Less),
                (Some(before), Some(after)) if before != after => (format!("another `{key}`"), Effect::Other),
                _ => continue,
            };
            self.bound(field, &what, effect, old.get(key), new.get(key));
        }
    }

    fn number(&mut self, field: &str, key: &str, least: bool, old: Option<&Value>, new: Option<&Value>) {
        let number = |value: Option<&Value>| value.and_then(Value::as_f64);
        let (what, larger) = match (number(old), number(new)) {
            (None, None) => return,
            (Some(_), None) => (format!("no `{key}` any more"), !least),
            (None, Some(_)) => (format!("has a `{key}` now"), least),
            (Some(before), Some(after)) => match after.partial_cmp(&before) {
                Some(Ordering::Greater) => (format!("`{key}` is larger"), true),
                Some(Ordering::Less) => (format!("`{key}` is smaller"), false),
                _ => return,
            },
        };
        let effect = if larger == least { Effect::Less } else { Effect::More };
        // An integer that could not be negative is a `u64`.
        let loses_sign = key.ends_with("inimum")
            && number(old).is_some_and(|old| old >= 0.0)
            && number(new).is_none_or(|new| new < 0.0);
        if self.side == Side::Output && loses_sign {
            self.note(field, &what, Effect::More, old, new);
        } else {
            self.bound(field, &what, effect, old, new);
        }
    }

    /// No type tells of a limit, so that results of other limits fit as before.
    fn bound(&mut self, field: &str, what: &str, effect: Effect, old: Option<&Value>, new: Option<&Value>) {
        match self.side {
            Side::Input => self.note(field, what, effect, old, new),
            Side::Output => self.push(field, what, false, old, new),
        }
    }
}
