//! From JSON Schemas to types.
//!
//! A type says at most what its schema says: a value of the type may be refused by the server (too long, out of range), but
//! whatever the schema allows can be written down. What no type can say is `serde_json::Value`.

mod combine;
mod object;
mod print;
mod refs;
mod types;

pub(crate) use types::Types;

use crate::docs;
use crate::json::{Json, Value, Wrong};
use crate::messages as say;
use crate::model::Ty;
use crate::names;

/// Deeper than schemas are; a chain of references to itself is endless.
const DEEPEST: usize = 64;

/// One schema of one tool, being read.
pub(crate) struct Reader<'j, 'r> {
    /// What `#` means.
    root: &'j Json,
    /// The tool's name as a type, for names that are taken.
    tool: String,
    types: &'r mut Types,
    wrong: &'r mut Vec<Wrong>,
    /// Types that are being read.
    open: Vec<Open>,
    /// What the references on the way here meant.
    followed: Vec<*const Json>,
    depth: usize,
}

/// A type that is being read: its schema, and its place in the list of types.
struct Open {
    schema: *const Json,
    id: usize,
    nullable: bool,
}

/// Where a type will stand.
#[derive(Clone)]
pub(crate) struct Site {
    /// What to call it if it needs a name: after all that it is in.
    name: String,
    /// Or shorter, after the field alone.
    short: Option<String>,
    /// Nothing stands between it and the struct around it, so that a struct in itself needs a `Box`.
    direct: bool,
}

impl Site {
    pub(crate) fn named(name: impl Into<String>) -> Self {
        Self { name: name.into(), short: None, direct: true }
    }

    fn inside(&self, part: &str) -> Self {
        let part = names::camel(part);
        Self { name: format!("{}{part}", self.name), short: Some(part), direct: true }
    }

    /// One of several types of the same thing.
    fn variant(&self, variant: &str) -> Self {
        let add = |name: &str| format!("{name}{variant}");
        Self { name: add(&self.name), short: self.short.as_deref().map(add), direct: self.direct }
    }

    /// Items of a list or a map: they are in memory of their own. Of the field `entities` each is an `Entity`.
    fn item(&self) -> Self {
        let one = |name: &str| names::singular(name).unwrap_or_else(|| format!("{name}Item"));
        Self { name: one(&self.name), short: self.short.as_deref().map(one), direct: false }
    }
}

impl<'j, 'r> Reader<'j, 'r> {
    pub(crate) fn new(root: &'j Json, tool: &str, types: &'r mut Types, wrong: &'r mut Vec<Wrong>) -> Self {
        Self { root, tool: names::camel(tool), types, wrong, open: Vec::new(), followed: Vec::new(), depth: 0 }
    }

    /// The type of what the schema allows.
    pub(crate) fn ty(&mut self, schema: &'j Json, site: &Site) -> Ty {
        if self.depth > DEEPEST {
            self.wrong.push(Wrong::at(schema.place, say::ENDLESS));
            return Ty::Any;
        }
        self.depth += 1;
        let ty = self.read(schema, site);
        self.depth -= 1;
        ty
    }

    fn read(&mut self, schema: &'j Json, site: &Site) -> Ty {
        match &schema.value {
            Value::Bool(_) => return Ty::Any,
            Value::Object(entries) if entries.is_empty() => return Ty::Any,
            Value::Object(_) => {}
            _ => {
                self.wrong.push(Wrong::at(schema.place, say::no_schema(schema.kind())));
                return Ty::Any;
            }
        }
        for entry in schema.entries() {
            if matches!(entry.key.as_str(), "$dynamicRef" | "$recursiveRef") {
                self.wrong.push(Wrong::at(entry.place, say::unsupported(&entry.key)));
                return Ty::Any;
            }
        }
        if let Some(reference) = schema.get("$ref") {
            return self.reference(reference, site);
        }
        if let Some(parts) = schema.get("allOf") {
            return self.all_of(schema, parts, site);
        }
        for key in ["oneOf", "anyOf"] {
            if let Some(ty) = schema.get(key).and_then(|choices| self.one_of(schema, choices, site)) {
                return ty;
            }
        }
        if let Some(allowed) = schema.get("enum") {
            return self.allowed(schema, allowed.items(), site);
        }
        if let Some(only) = schema.get("const") {
            return self.allowed(schema, std::slice::from_ref(only), site);
        }
        match schema.get("type").map(|kind| (&kind.value, kind)) {
            Some((Value::Text(kind), at)) => self.of_kind(schema, kind, at, site),
            Some((Value::List(kinds), _)) => self.of_kinds(schema, kinds, site),
            Some((_, at)) => {
                self.wrong.push(Wrong::at(at.place, say::no_type(&at.to_string())));
                Ty::Any
            }
            None => self.without_type(schema, site),
        }
    }

    fn of_kind(&mut self, schema: &'j Json, kind: &str, at: &Json, site: &Site) -> Ty {
        match kind {
            "null" => Ty::Nothing,
            "boolean" => Ty::Bool,
            "string" => Ty::Text,
            "number" => Ty::Float,
            "integer" => integer(schema),
            "array" => self.array(schema, site),
            "object" => self.object(schema, site),
            _ => {
                self.wrong.push(Wrong::at(at.place, say::no_type(&at.to_string())));
                Ty::Any
            }
        }
    }

    /// `"type": ["string", "null"]`
    fn of_kinds(&mut self, schema: &'j Json, kinds: &'j [Json], site: &Site) -> Ty {
        let nullable = kinds.iter().any(|kind| kind.text() == Some("null"));
        let mut types = Vec::new();
        for kind in kinds.iter().filter(|kind| kind.text() != Some("null")) {
            let name = kind.text().unwrap_or_default();
            let name = names::camel(name);
            types.push((
                name.clone(),
                self.of_kind(schema, kind.text().unwrap_or_default(), kind, &site.variant(&name)),
            ));
        }
        let ty = if types.is_empty() && nullable { Ty::Nothing } else { self.union(schema, types, site) };
        if nullable { ty.maybe() } else { ty }
    }

    /// What else is said tells what it is.
    fn without_type(&mut self, schema: &'j Json, site: &Site) -> Ty {
        let says = |keys: &[&str]| keys.iter().any(|key| schema.get(key).is_some());
        if says(&["properties", "patternProperties", "required"]) {
            self.object(schema, site)
        } else if says(&["items", "prefixItems"]) {
            self.array(schema, site)
        } else if says(&["pattern", "minLength", "maxLength"]) {
            Ty::Text
        } else {
            Ty::Any
        }
    }

    fn array(&mut self, schema: &'j Json, site: &Site) -> Ty {
        let listed = |key: &str| schema.get(key).filter(|items| matches!(items.value, Value::List(_)));
        if let Some(parts) = listed("prefixItems").or_else(|| listed("items")) {
            return self.tuple(schema, parts.items(), site);
        }
        match schema.get("items") {
            Some(items) => {
                let item = self.ty(items, &site.item());
                Ty::List(Box::new(item))
            }
            None => Ty::List(Box::new(Ty::Any)),
        }
    }

    /// A tuple only if there must be as many, and no more.
    fn tuple(&mut self, schema: &'j Json, parts: &'j [Json], site: &Site) -> Ty {
        let number = |key: &str| schema.get(key).and_then(Json::number);
        let closed = |key: &str| schema.get(key).and_then(Json::bool) == Some(false);
        #[allow(clippy::cast_precision_loss)]
        let count = parts.len() as f64;
        let no_less = number("minItems").is_some_and(|least| least >= count);
        let no_more =
            number("maxItems").is_some_and(|most| most <= count) || closed("items") || closed("additionalItems");
        if !(no_less && no_more && (1..=12).contains(&parts.len())) {
            return Ty::List(Box::new(Ty::Any));
        }
        let part = |(index, part): (usize, _)| self.ty(part, &site.inside(&index.to_string()));
        Ty::Tuple((1..).zip(parts).map(part).collect())
    }
}

/// `u64` for what cannot be negative, `i64` for the rest.
fn integer(schema: &Json) -> Ty {
    let number = |key: &str| schema.get(key).and_then(Json::number);
    let least = number("minimum").or_else(|| number("exclusiveMinimum"));
    if least.is_some_and(|least| least >= 0.0) { Ty::Unsigned } else { Ty::Signed }
}

/// The description of a type, for what has no name of its own to say it.
fn type_docs(schema: &Json) -> String {
    docs::description(schema)
}
