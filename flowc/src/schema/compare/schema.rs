//! Looking at schemas: references followed, `allOf` put together, alternatives listed.

use serde_json::{Map, Value};

/// Keywords that say nothing of what is allowed.
const NOTES: &[&str] = &[
    "$comment",
    "$defs",
    "$id",
    "$schema",
    "default",
    "definitions",
    "deprecated",
    "description",
    "examples",
    "title",
];

/// Longer chains of references lead in a circle.
const LONGEST: usize = 32;

/// A schema together with what `#` means in it.
#[derive(Clone, Copy)]
pub(super) struct Schema<'s> {
    pub(super) root: &'s Value,
    pub(super) value: &'s Value,
}

impl<'s> Schema<'s> {
    pub(super) fn root(root: &'s Value) -> Self {
        Self { root, value: root }.behind()
    }

    /// Another schema of the same document.
    pub(super) fn of(self, value: &'s Value) -> Self {
        Self { root: self.root, value }.behind()
    }

    /// With references followed, and an `allOf` or a choice of one for what is in it.
    fn behind(mut self) -> Self {
        for _ in 0..LONGEST {
            let reference = self.value.get("$ref").and_then(Value::as_str).and_then(|path| path.strip_prefix('#'));
            let target = reference.and_then(|path| self.root.pointer(path));
            let alone = || {
                let one = ["allOf", "anyOf", "oneOf"].iter().find_map(|key| self.list(key))?;
                let bare = ["properties", "type", "enum"].iter().all(|key| self.value.get(key).is_none());
                if let ([only], true) = (one, bare) { Some(only) } else { None }
            };
            match target.or_else(alone) {
                Some(target) => self.value = target,
                None => break,
            }
        }
        self
    }

    pub(super) fn get(self, key: &str) -> Option<&'s Value> {
        self.value.get(key)
    }

    pub(super) fn list(self, key: &str) -> Option<&'s [Value]> {
        self.get(key)?.as_array().map(Vec::as_slice)
    }

    /// The properties, those of the parts of an `allOf` included.
    pub(super) fn properties(self) -> Vec<(&'s String, Schema<'s>)> {
        let mut all: Vec<(&String, Schema<'s>)> = Vec::new();
        for part in self.parts() {
            for (name, value) in part.get("properties").and_then(Value::as_object).into_iter().flatten() {
                if !all.iter().any(|(known, _)| *known == name) {
                    all.push((name, part.of(value)));
                }
            }
        }
        all
    }

    pub(super) fn requires(self, name: &str) -> bool {
        let lists = |part: Schema<'s>| part.list("required").is_some_and(|all| all.iter().any(|one| one == name));
        self.parts().into_iter().any(lists)
    }

    /// Names that must be there, with or without a property.
    pub(super) fn required(self) -> Vec<&'s str> {
        let parts = self.parts().into_iter();
        parts.flat_map(|part| part.list("required").unwrap_or_default()).filter_map(Value::as_str).collect()
    }

    fn parts(self) -> Vec<Schema<'s>> {
        let mut parts = vec![self];
        parts.extend(self.list("allOf").unwrap_or_default().iter().map(|part| self.of(part)));
        parts
    }

    /// Anything is allowed.
    pub(super) fn is_anything(self) -> bool {
        match self.value {
            Value::Bool(allowed) => *allowed,
            Value::Object(entries) => entries.keys().all(|key| NOTES.contains(&key.as_str())),
            _ => false,
        }
    }

    /// What it may be: the choices of `anyOf` and `oneOf`, and one for each type of a list of types. A choice that stands there more than
    /// once, or leads back to one it is among, adds nothing.
    pub(super) fn alternatives(self) -> Vec<Alternative<'s>> {
        let (mut all, mut seen, mut left) = (Vec::new(), Vec::<&Value>::new(), vec![self]);
        while let Some(next) = left.pop() {
            if seen.iter().any(|known| std::ptr::eq(*known, next.value)) {
                continue;
            }
            seen.push(next.value);
            if let Some(choices) = next.choices() {
                left.extend(choices.iter().rev().map(|choice| next.of(choice)));
            } else if let Some(kinds) = next.list("type") {
                all.extend(kinds.iter().map(|kind| Alternative { schema: next, kind: kind.as_str() }));
            } else {
                all.push(Alternative { schema: next, kind: next.kind() });
            }
        }
        all
    }

    fn choices(self) -> Option<&'s [Value]> {
        if self.get("properties").is_some() {
            return None;
        }
        ["anyOf", "oneOf"].iter().filter_map(|key| self.list(key)).find(|choices| !choices.is_empty())
    }

    fn kind(self) -> Option<&'s str> {
        let says = |key: &str| self.get(key).is_some();
        match self.get("type").and_then(Value::as_str) {
            Some(kind) => Some(kind),
            None if says("properties") || says("allOf") => Some("object"),
            None if says("items") || says("prefixItems") => Some("array"),
            None => {
                let words = self.words()?;
                words.iter().all(|word| word.is_string()).then_some("string")
            }
        }
    }

    /// The values of `enum` or `const`.
    pub(super) fn words(self) -> Option<Vec<&'s Value>> {
        let listed = self.list("enum").map(|words| words.iter().collect());
        listed.or_else(|| self.get("const").map(|only| vec![only]))
    }

    /// Without what people read only.
    pub(super) fn bare(self) -> Value {
        bare(self.value)
    }
}

/// One of the things that a value may be.
#[derive(Clone, Copy)]
pub(super) struct Alternative<'s> {
    pub(super) schema: Schema<'s>,
    pub(super) kind: Option<&'s str>,
}

impl Alternative<'_> {
    /// In short: the type where nothing else matters.
    pub(super) fn shown(self) -> Value {
        let schema = self.schema.bare();
        let plain = schema.as_object().is_none_or(|entries| entries.keys().all(|key| key == "type" || key == "enum"));
        match self.kind {
            Some(kind) if plain && self.schema.words().is_none() => Value::from(kind),
            _ => schema,
        }
    }
}

fn bare(value: &Value) -> Value {
    match value {
        Value::Object(entries) => {
            let kept = entries.iter().filter(|(key, _)| !NOTES.contains(&key.as_str()));
            let kept = kept.map(|(key, value)| {
                let by_name = matches!(key.as_str(), "properties" | "patternProperties");
                let value = match value {
                    Value::Object(named) if by_name => {
                        Value::Object(named.iter().map(|(name, value)| (name.clone(), bare(value))).collect())
                    }
                    value => bare(value),
                };
                (key.clone(), value)
            });
            Value::Object(kept.collect::<Map<_, _>>())
        }
        Value::Array(items) => Value::Array(items.iter().map(bare).collect()),
        value => value.clone(),
    }
}
