//! Two schemas, side by side.

use serde_json::Value;

use super::change::{Effect, SchemaChange, Side};
use super::schema::{Alternative, Schema};

pub(super) struct Walk<'s> {
    pub(super) side: Side,
    changes: Vec<SchemaChange>,
    /// What has been compared: a definition is looked at once, and a type in itself comes to an end.
    seen: Vec<(&'s Value, &'s Value)>,
    depth: usize,
}

/// So deep a type of a program is not, and each level takes its part of the stack.
const DEEPEST: usize = 100;

impl<'s> Walk<'s> {
    pub(super) fn new(side: Side, old: &'s Value, new: &'s Value) -> Self {
        let mut walk = Self { side, changes: Vec::new(), seen: Vec::new(), depth: 0 };
        walk.compare("", Schema::root(old), Schema::root(new));
        walk
    }

    pub(super) fn changes(self) -> Vec<SchemaChange> {
        self.changes
    }

    /// Notes a difference. Inputs break if less is allowed than before, outputs if more may come.
    pub(super) fn note(&mut self, field: &str, what: &str, effect: Effect, old: Option<&Value>, new: Option<&Value>) {
        let breaking = match self.side {
            Side::Input => effect != Effect::More,
            Side::Output => effect != Effect::Less,
        };
        self.push(field, what, breaking, old, new);
    }

    pub(super) fn push(&mut self, field: &str, what: &str, breaking: bool, old: Option<&Value>, new: Option<&Value>) {
        self.changes.push(SchemaChange::new(field, what, breaking, old, new));
    }

    pub(super) fn compare(&mut self, field: &str, old: Schema<'s>, new: Schema<'s>) {
        let pair = (old.value, new.value);
        let seen = self.seen.iter().any(|(old, new)| std::ptr::eq(*old, pair.0) && std::ptr::eq(*new, pair.1));
        if seen || old.root == new.root && old.value == new.value {
            return;
        }
        self.seen.push(pair);
        if self.depth == DEEPEST {
            return self.push(field, "is nested too deeply to be compared", true, None, None);
        }
        self.depth += 1;
        match (old.is_anything(), new.is_anything()) {
            (true, true) => {}
            (true, false) => self.note(field, "was any JSON", Effect::Less, None, Some(&new.bare())),
            (false, true) => self.note(field, "is now any JSON", Effect::More, Some(&old.bare()), None),
            (false, false) => self.alternatives(field, old.alternatives(), new.alternatives()),
        }
        self.depth -= 1;
    }

    /// Alternatives that stand on both sides are compared by kind; what is left has come or gone.
    fn alternatives(&mut self, field: &str, old: Vec<Alternative<'s>>, new: Vec<Alternative<'s>>) {
        let (mut gone, mut come) = (Vec::new(), new);
        let mut pairs = Vec::new();
        for before in old {
            let same =
                come.iter().position(|after| after.kind == before.kind && after.schema.bare() == before.schema.bare());
            let near = || come.iter().position(|after| after.kind == before.kind);
            match same.or_else(near) {
                Some(at) => pairs.push((before, come.remove(at))),
                None => gone.push(before),
            }
        }
        for (before, after) in pairs {
            self.same_kind(field, before, after);
        }
        if let ([before], [after]) = (gone.as_slice(), come.as_slice()) {
            let effect = match (before.kind, after.kind) {
                (Some("integer"), Some("number")) => Effect::More,
                (Some("number"), Some("integer")) => Effect::Less,
                _ => Effect::Other,
            };
            return self.note(field, "another type", effect, Some(&before.shown()), Some(&after.shown()));
        }
        for before in gone {
            self.note(field, "one type less", Effect::Less, Some(&before.shown()), None);
        }
        for after in come {
            self.note(field, "one type more", Effect::More, None, Some(&after.shown()));
        }
    }

    fn same_kind(&mut self, field: &str, old: Alternative<'s>, new: Alternative<'s>) {
        let (before, after) = (old.schema, new.schema);
        self.words(field, before, after);
        match old.kind {
            Some("object") => self.objects(field, before, after),
            Some("array") => self.arrays(field, before, after),
            Some("string" | "integer" | "number") => self.bounds(field, before, after),
            _ => {}
        }
    }

    /// `enum` and `const`.
    fn words(&mut self, field: &str, old: Schema<'s>, new: Schema<'s>) {
        match (old.words(), new.words()) {
            (None, None) => {}
            (Some(before), None) => {
                self.note(field, "is now any value of its type", Effect::More, Some(&list(&before)), None);
            }
            (None, Some(after)) => {
                self.note(field, "is now one of a few values", Effect::Less, None, Some(&list(&after)));
            }
            (Some(before), Some(after)) => {
                for word in before.iter().filter(|word| !after.contains(word)) {
                    self.note(field, "one value less", Effect::Less, Some(word), None);
                }
                for word in after.iter().filter(|word| !before.contains(word)) {
                    self.note(field, "one value more", Effect::More, None, Some(word));
                }
            }
        }
    }

    fn arrays(&mut self, field: &str, old: Schema<'s>, new: Schema<'s>) {
        self.bounds(field, old, new);
        let anything = &Value::Bool(true);
        let item = format!("{field}[]");
        let items = |schema: Schema<'s>| schema.get("items").filter(|items| !items.is_array());
        match (items(old), items(new)) {
            (Some(before), Some(after)) => self.compare(&item, old.of(before), new.of(after)),
            (Some(before), None) if !old.of(before).is_anything() => {
                self.note(&item, "is now any JSON", Effect::More, Some(&old.of(before).bare()), Some(anything));
            }
            (None, Some(after)) if !new.of(after).is_anything() => {
                self.note(&item, "was any JSON", Effect::Less, Some(anything), Some(&new.of(after).bare()));
            }
            _ => {}
        }
        let parts = |schema: Schema<'s>| schema.list("prefixItems").unwrap_or_default();
        for (index, (before, after)) in parts(old).iter().zip(parts(new)).enumerate() {
            self.compare(&format!("{field}[{index}]"), old.of(before), new.of(after));
        }
    }
}

fn list(words: &[&Value]) -> Value {
    Value::Array(words.iter().map(|word| (*word).clone()).collect())
}
