//! Objects, field by field.

use serde_json::Value;

use super::change::{Effect, Side};
use super::schema::Schema;
use super::walk::Walk;

impl<'s> Walk<'s> {
    pub(super) fn objects(&mut self, field: &str, old: Schema<'s>, new: Schema<'s>) {
        let (before, after) = (old.properties(), new.properties());
        for (name, was) in &before {
            let path = join(field, name);
            match after.iter().find(|(other, _)| other == name) {
                Some((_, is)) => {
                    self.need(&path, old.requires(name), new.requires(name));
                    self.compare(&path, *was, *is);
                }
                // What a server does not know it leaves aside or refuses; what it does not send is missed.
                None => self.push(&path, "gone", true, Some(&was.bare()), None),
            }
        }
        for (name, is) in after.iter().filter(|(name, _)| !before.iter().any(|(other, _)| other == name)) {
            let needed = self.side == Side::Input && new.requires(name);
            let what = if needed { "new, and required" } else { "new" };
            self.push(&join(field, name), what, needed && !old.requires(name), None, Some(&is.bare()));
        }
        let bare = |schema: Schema<'s>, name: &str| !schema.properties().iter().any(|(other, _)| *other == name);
        for name in new.required().into_iter().filter(|name| bare(old, name) && bare(new, name)) {
            if !old.requires(name) {
                self.need(&join(field, name), false, true);
            }
        }
        self.others(field, old, new);
    }

    fn need(&mut self, path: &str, before: bool, after: bool) {
        match (self.side, before, after) {
            (Side::Input, false, true) => self.note(path, "required now", Effect::Less, None, None),
            (Side::Input, true, false) => self.note(path, "not required any more", Effect::More, None, None),
            (Side::Output, true, false) => self.note(path, "may be absent now", Effect::More, None, None),
            (Side::Output, false, true) => self.note(path, "always there now", Effect::Less, None, None),
            _ => {}
        }
    }

    /// `additionalProperties`: of any JSON if nothing is said.
    fn others(&mut self, field: &str, old: Schema<'s>, new: Schema<'s>) {
        let path = join(field, "*");
        let said = |schema: Schema<'s>| schema.get("additionalProperties");
        let closed = |schema: Schema<'s>| said(schema) == Some(&Value::Bool(false));
        let typed = |schema: Schema<'s>| said(schema).filter(|said| said.is_object());
        // A struct has only the fields that it knows, so that only a map notices.
        let is_map = old.properties().is_empty();
        match (typed(old), typed(new)) {
            (Some(before), Some(after)) => self.compare(&path, old.of(before), new.of(after)),
            (Some(before), None) if closed(new) => {
                self.note(&path, "not allowed any more", Effect::Less, Some(&old.of(before).bare()), None);
            }
            (Some(before), None) if !old.of(before).is_anything() => {
                self.note(&path, "is now any JSON", Effect::More, Some(&old.of(before).bare()), None);
            }
            (None, Some(after)) if is_map && !closed(old) && !new.of(after).is_anything() => {
                self.note(&path, "was any JSON", Effect::Less, None, Some(&new.of(after).bare()));
            }
            (None, None) if is_map && closed(new) && !closed(old) && self.side == Side::Input => {
                self.note(&path, "not allowed any more", Effect::Less, None, None);
            }
            _ => {}
        }
    }
}

fn join(field: &str, name: &str) -> String {
    if field.is_empty() { name.to_owned() } else { format!("{field}.{name}") }
}
