//! Objects: structs and maps.

use std::collections::HashSet;

use super::types::Placed;
use super::{Open, Reader, Site, print, type_docs};
use crate::docs;
use crate::json::{Entry, Json, Value};
use crate::model::{Field, Shape, Ty};
use crate::names;

impl<'j> Reader<'j, '_> {
    pub(super) fn object(&mut self, schema: &'j Json, site: &Site) -> Ty {
        self.merged(schema, &[schema], site)
    }

    /// One object of several schemas that all apply. `whole` is the schema that they come from.
    pub(super) fn merged(&mut self, whole: &'j Json, parts: &[&'j Json], site: &Site) -> Ty {
        let (properties, required) = properties(parts);
        if properties.is_empty() && required.is_empty() {
            return self.map(whole, parts, site);
        }
        let id = match self.place(whole, site) {
            Placed::Known(id) => return Ty::Named(id),
            Placed::New(id) => id,
        };
        self.open.push(Open { schema: whole, id, nullable: false });
        let site = &Site::named(self.types.name(id));
        let fields = self.fields(&properties, &required, site);
        let rest = rest(parts).map(|rest| Ty::Map(Box::new(self.ty(rest, &site.inside("other").item()))));
        self.open.pop();
        self.types.fill(id, Shape::Struct { fields, rest });
        Ty::Named(id)
    }

    /// The arguments of a tool: required, optional, and what else may be given. Nothing if they have no names.
    #[allow(clippy::type_complexity)]
    pub(crate) fn arguments(&mut self, schema: &'j Json, site: &Site) -> Option<(Vec<Field>, Vec<Field>, Option<Ty>)> {
        let root = self.behind(schema);
        let mut parts = vec![root];
        parts.extend(root.get("allOf").map(Json::items).unwrap_or_default().iter().map(|part| self.behind(part)));
        let (properties, required) = properties(&parts);
        let open =
            ["additionalProperties", "patternProperties"].iter().any(|key| root.get(key).is_some_and(Json::is_object));
        let several = ["anyOf", "oneOf", "allOf"].iter().any(|key| root.get(key).is_some());
        if properties.is_empty() && required.is_empty() && (open || several) {
            return None;
        }
        let (mut needed, optional): (Vec<Field>, Vec<Field>) =
            self.fields(&properties, &required, site).into_iter().partition(|field| field.required);
        needed.sort_by_key(|field| required.iter().position(|name| *name == field.wire));
        let rest = rest(&parts).map(|rest| Ty::Map(Box::new(self.ty(rest, &site.inside("other").item()))));
        Some((needed, optional, rest))
    }

    /// A place for the type of `schema`.
    pub(super) fn place(&mut self, schema: &'j Json, site: &Site) -> Placed {
        let text = print::print(schema, &|reference| self.find(reference).map(|(_, target)| target));
        self.types.place(site, &self.tool, &text, type_docs(schema))
    }

    /// In the order of `properties`; what is required and has no property is any JSON.
    pub(super) fn fields(&mut self, properties: &[&'j Entry], required: &[&'j str], site: &Site) -> Vec<Field> {
        let mut taken = HashSet::new();
        let mut fields = Vec::new();
        for entry in properties {
            let needed = required.contains(&entry.key.as_str());
            let ty = self.ty(&entry.value, &site.inside(&entry.key));
            fields.push(Field {
                wire: entry.key.clone(),
                name: names::free(&names::snake(&entry.key), "_", &mut taken),
                docs: self.value_docs(&entry.value),
                ty: if needed { ty } else { optional(ty) },
                required: needed,
            });
        }
        for wire in required.iter().filter(|wire| !properties.iter().any(|entry| entry.key == **wire)) {
            let name = names::free(&names::snake(wire), "_", &mut taken);
            fields.push(Field { wire: (*wire).to_owned(), name, docs: String::new(), ty: Ty::Any, required: true });
        }
        fields
    }

    /// What is said of a value where it stands, or else where its type does.
    fn value_docs(&self, schema: &'j Json) -> String {
        let here = docs::value(schema);
        if here.is_empty() && schema.get("$ref").is_some() { docs::value(self.behind(schema)) } else { here }
    }

    fn map(&mut self, whole: &'j Json, parts: &[&'j Json], site: &Site) -> Ty {
        let by_pattern = parts.iter().filter_map(|part| part.get("patternProperties")).flat_map(Json::entries);
        let by_pattern: Vec<_> = by_pattern.collect();
        let closed = parts.iter().any(|part| part.get("additionalProperties").and_then(Json::bool) == Some(false));
        let item = match (rest(parts), by_pattern.as_slice()) {
            (Some(rest), []) => self.ty(rest, &site.item()),
            (None, [one]) => self.ty(&one.value, &site.item()),
            (None, []) if closed => return self.empty(whole, site),
            _ => Ty::Any,
        };
        Ty::Map(Box::new(item))
    }

    /// An object in which nothing may be.
    fn empty(&mut self, schema: &'j Json, site: &Site) -> Ty {
        match self.place(schema, site) {
            Placed::Known(id) => Ty::Named(id),
            Placed::New(id) => {
                self.types.fill(id, Shape::Struct { fields: Vec::new(), rest: None });
                Ty::Named(id)
            }
        }
    }
}

/// What may be absent is an `Option`, `null` and any JSON included: absent is not `null`.
pub(super) fn optional(ty: Ty) -> Ty {
    if matches!(ty, Ty::Maybe(_)) { ty } else { Ty::Maybe(Box::new(ty)) }
}

/// All properties, each once, and the names of those that must be there, in the order in which they are listed.
pub(super) fn properties<'j>(parts: &[&'j Json]) -> (Vec<&'j Entry>, Vec<&'j str>) {
    let mut properties: Vec<&Entry> = Vec::new();
    let mut required: Vec<&str> = Vec::new();
    for part in parts {
        for entry in part.get("properties").map(Json::entries).unwrap_or_default() {
            match properties.iter_mut().find(|known| known.key == entry.key) {
                // A part that says nothing of the type only repeats the name.
                Some(known) if known.value.entries().is_empty() => *known = entry,
                Some(_) => {}
                None => properties.push(entry),
            }
        }
        for name in part.get("required").map(Json::items).unwrap_or_default().iter().filter_map(Json::text) {
            if !required.contains(&name) {
                required.push(name);
            }
        }
    }
    (properties, required)
}

/// The schema of properties that are not listed, if one is written.
pub(super) fn rest<'j>(parts: &[&'j Json]) -> Option<&'j Json> {
    let rest = parts.iter().find_map(|part| part.get("additionalProperties"));
    rest.filter(|rest| matches!(&rest.value, Value::Object(entries) if !entries.is_empty()))
}
