//! `allOf`, `oneOf`, `anyOf`, `enum` and `const`.

use std::collections::HashSet;

use super::types::Placed;
use super::{Open, Reader, Site};
use crate::docs;
use crate::json::{Json, Value};
use crate::model::{Shape, Ty, Variant, Word};
use crate::names;

/// Keywords that say of what kind a value is. A schema without any only narrows what another one allows.
const KINDS: &[&str] = &[
    "$ref",
    "allOf",
    "anyOf",
    "const",
    "enum",
    "items",
    "oneOf",
    "patternProperties",
    "prefixItems",
    "properties",
    "type",
];

fn says_a_kind(schema: &Json) -> bool {
    KINDS.iter().any(|key| schema.get(key).is_some())
}

impl<'j> Reader<'j, '_> {
    /// All of them apply: objects are put together, of the rest the one that says most.
    pub(super) fn all_of(&mut self, schema: &'j Json, parts: &'j Json, site: &Site) -> Ty {
        let typed: Vec<&Json> = parts.items().iter().filter(|part| says_a_kind(part)).collect();
        let own = schema.get("properties").is_some();
        match typed.as_slice() {
            [] => self.object(schema, site),
            [one] if !own => self.ty(one, site),
            _ => {
                let mut all: Vec<&Json> = vec![schema];
                all.extend(typed.iter().map(|part| self.behind(part)));
                let objects = all.iter().skip(1).all(|part| part.get("properties").is_some());
                if objects { self.merged(schema, &all, site) } else { Ty::Any }
            }
        }
    }

    /// One of them applies. Nothing if they only narrow what stands beside them.
    pub(super) fn one_of(&mut self, schema: &'j Json, choices: &'j Json, site: &Site) -> Option<Ty> {
        let choices = choices.items();
        if choices.is_empty() || schema.get("properties").is_some() || !choices.iter().all(says_a_kind) {
            return None;
        }
        let is_null = |choice: &Json| choice.get("type").and_then(Json::text) == Some("null");
        let nullable = choices.iter().any(is_null);
        let choices: Vec<&Json> = choices.iter().filter(|choice| !is_null(choice)).collect();
        let ty = if let Some(words) = self.words(&choices) {
            self.choice(schema, words, site)
        } else if let [one] = choices.as_slice() {
            self.ty(one, site)
        } else if choices.is_empty() {
            Ty::Nothing
        } else if self.followed.last().is_some_and(|followed| std::ptr::eq(*followed, schema)) {
            self.defined_union(schema, &choices, nullable, site)
        } else {
            let types = self.choices(&choices, site);
            self.union(schema, types, site)
        };
        Some(if nullable { ty.maybe() } else { ty })
    }

    fn choices(&mut self, choices: &[&'j Json], site: &Site) -> Vec<(String, Ty)> {
        let mut types = Vec::new();
        for choice in choices {
            let name = self.variant_name(choice);
            types.push((name.clone(), self.ty(choice, &site.variant(&name))));
        }
        types
    }

    /// A union that is a definition may have itself in it, so it has its place before its choices are read.
    fn defined_union(&mut self, schema: &'j Json, choices: &[&'j Json], nullable: bool, site: &Site) -> Ty {
        let id = match self.place(schema, site) {
            Placed::New(id) => id,
            Placed::Known(id) => return Ty::Named(id),
        };
        self.open.push(Open { schema, id, nullable });
        let types = self.choices(choices, site);
        self.open.pop();
        match distinct(types) {
            Distinct::One(ty) => self.types.fill(id, Shape::Alias(ty)),
            Distinct::Several(types) => self.types.fill(id, Shape::Union(variants(types))),
        }
        Ty::Named(id)
    }

    /// Each choice is a word, as in `{"const": "celsius", "description": ".."}`.
    fn words(&self, choices: &[&'j Json]) -> Option<Vec<(&'j str, String)>> {
        let mut words = Vec::new();
        for choice in choices {
            let choice = self.behind(choice);
            if let Some(word) = choice.get("const") {
                let described = docs::description(choice);
                let titled = || choice.get("title").and_then(Json::text).unwrap_or_default().to_owned();
                words.push((word.text()?, if described.is_empty() { titled() } else { described }));
            } else {
                let listed = choice.get("enum")?;
                for word in listed.items() {
                    words.push((word.text()?, String::new()));
                }
            }
        }
        (!words.is_empty()).then_some(words)
    }

    /// `enum` and `const`: words become an enum, other values the type that they have.
    pub(super) fn allowed(&mut self, schema: &'j Json, values: &'j [Json], site: &Site) -> Ty {
        let nullable = values.iter().any(Json::is_null);
        let values: Vec<&Json> = values.iter().filter(|value| !value.is_null()).collect();
        let all = |is: fn(&Value) -> bool| values.iter().all(|value| is(&value.value));
        let ty = if values.is_empty() {
            return if nullable { Ty::Nothing } else { Ty::Any };
        } else if all(|value| matches!(value, Value::Text(_))) {
            let words = values.iter().filter_map(|value| Some((value.text()?, String::new()))).collect();
            self.choice(schema, words, site)
        } else if all(|value| matches!(value, Value::Bool(_))) {
            Ty::Bool
        } else if all(|value| matches!(value, Value::Number(number) if number.parse::<i64>().is_ok())) {
            Ty::Signed
        } else if all(|value| matches!(value, Value::Number(_))) {
            Ty::Float
        } else {
            Ty::Any
        };
        if nullable { ty.maybe() } else { ty }
    }

    fn choice(&mut self, schema: &'j Json, words: Vec<(&'j str, String)>, site: &Site) -> Ty {
        let id = match self.place(schema, site) {
            Placed::New(id) => id,
            Placed::Known(id) => return Ty::Named(id),
        };
        let (mut taken, mut seen) = (HashSet::new(), HashSet::new());
        let mut list = Vec::new();
        for (wire, docs) in words.into_iter().filter(|(wire, _)| seen.insert((*wire).to_owned())) {
            let name = if wire.is_empty() { "Empty".to_owned() } else { names::camel(wire) };
            list.push(Word { wire: wire.to_owned(), name: names::free(&name, "", &mut taken), docs });
        }
        self.types.fill(id, Shape::Choice(list));
        Ty::Named(id)
    }

    /// One of several types.
    pub(super) fn union(&mut self, schema: &'j Json, types: Vec<(String, Ty)>, site: &Site) -> Ty {
        let types = match distinct(types) {
            Distinct::One(ty) => return ty,
            Distinct::Several(types) => types,
        };
        match self.place(schema, site) {
            Placed::Known(id) => Ty::Named(id),
            Placed::New(id) => {
                self.types.fill(id, Shape::Union(variants(types)));
                Ty::Named(id)
            }
        }
    }

    /// After its definition, its title, the word that marks it, or its kind.
    fn variant_name(&self, choice: &'j Json) -> String {
        let defined = choice.get("$ref").and_then(|reference| self.find(reference)?.0);
        let choice = self.behind(choice);
        let text = |key: &str| choice.get(key).and_then(Json::text);
        let mark = choice.get("properties").map(Json::entries).unwrap_or_default();
        let mark = mark.iter().find_map(|entry| entry.value.get("const")?.text());
        let kind = match text("type") {
            Some("string") => Some("text"),
            Some("object") => Some("object"),
            Some("array") => Some("list"),
            Some("boolean") => Some("flag"),
            Some(kind) => Some(kind),
            None => None,
        };
        names::camel(defined.as_deref().or(text("title")).or(mark).or(kind).unwrap_or("other"))
    }
}

enum Distinct {
    One(Ty),
    Several(Vec<(String, Ty)>),
}

/// Each type once. If one of them is any JSON, all of them are.
fn distinct(types: Vec<(String, Ty)>) -> Distinct {
    let mut distinct: Vec<(String, Ty)> = Vec::new();
    for (name, ty) in types {
        if !distinct.iter().any(|(_, known)| *known == ty) {
            distinct.push((name, ty));
        }
    }
    if distinct.iter().any(|(_, ty)| *ty == Ty::Float) {
        // Every integer is a number.
        distinct.retain(|(_, ty)| !matches!(ty, Ty::Signed | Ty::Unsigned));
    }
    match distinct.as_slice() {
        [] => Distinct::One(Ty::Any),
        [(_, one)] => Distinct::One(one.clone()),
        _ if distinct.iter().any(|(_, ty)| *ty == Ty::Any) => Distinct::One(Ty::Any),
        _ => Distinct::Several(distinct),
    }
}

fn variants(types: Vec<(String, Ty)>) -> Vec<Variant> {
    let mut taken = HashSet::new();
    types.into_iter().map(|(name, ty)| Variant { name: names::free(&name, "", &mut taken), ty }).collect()
}
