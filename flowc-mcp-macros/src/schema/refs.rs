//! `$ref`.

use super::{Reader, Site};
use crate::json::{Json, Wrong};
use crate::messages as say;
use crate::model::Ty;
use crate::names;

impl<'j> Reader<'j, '_> {
    pub(super) fn reference(&mut self, reference: &'j Json, site: &Site) -> Ty {
        let Some((name, target)) = self.find(reference) else {
            let written = reference.text().unwrap_or_default();
            let text = if written.starts_with('#') { say::nothing_there(written) } else { say::outside(written) };
            self.wrong.push(Wrong::at(reference.place, text));
            return Ty::Any;
        };
        if let Some(open) = self.open.iter().find(|open| std::ptr::eq(open.schema, target)) {
            // A type in itself: it goes where it is of a known size.
            let ty = if site.direct { Ty::Boxed(Box::new(Ty::Named(open.id))) } else { Ty::Named(open.id) };
            return if open.nullable { ty.maybe() } else { ty };
        }
        if self.followed.iter().any(|followed| std::ptr::eq(*followed, target)) {
            // In itself, and no type of its own in between.
            return Ty::Any;
        }
        let defined = name.map(|name| Site { direct: site.direct, ..Site::named(names::camel(&name)) });
        self.followed.push(target);
        let ty = self.ty(target, defined.as_ref().unwrap_or(site));
        self.followed.pop();
        ty
    }

    /// What a reference means, followed to its end, with its name if it is a definition.
    pub(super) fn find(&self, reference: &Json) -> Option<(Option<String>, &'j Json)> {
        let path = reference.text()?.strip_prefix('#')?;
        let mut target = self.root;
        let mut name = None;
        let mut parent = String::new();
        for part in path.split('/').skip(1) {
            let part = part.replace("%25", "%").replace("~1", "/").replace("~0", "~");
            let item = part.parse::<usize>().ok().and_then(|index| target.items().get(index));
            target = target.get(&part).or(item)?;
            name = matches!(parent.as_str(), "$defs" | "definitions").then(|| part.clone());
            parent = part;
        }
        Some((name, target))
    }

    /// The schema behind references, for a look at what it says.
    pub(super) fn behind(&self, schema: &'j Json) -> &'j Json {
        let mut schema = schema;
        for _ in 0..super::DEEPEST {
            match schema.get("$ref").and_then(|reference| self.find(reference)) {
                Some((_, target)) => schema = target,
                None => break,
            }
        }
        schema
    }
}
