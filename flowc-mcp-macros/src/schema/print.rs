//! Whether two schemas become the same type: both written down without what no type tells, and with references followed.

use std::fmt::Write;

use crate::json::{Json, Value};

/// Longer than schemas are; two that are equal so far are taken for the same.
const LONGEST: usize = 1 << 16;

/// Keywords of which no type tells.
#[rustfmt::skip]
const NOTES: &[&str] = &[
    "$comment", "$defs", "$id", "$schema", "default", "definitions", "deprecated", "description", "examples", "exclusiveMaximum",
    "format", "maxLength", "maximum", "minLength", "multipleOf", "pattern", "title", "uniqueItems",
];

/// Keywords with schemas by name, where `title` would be a property of this name.
const BY_NAME: &[&str] = &["properties", "patternProperties", "dependentSchemas"];

pub(super) fn print<'j>(schema: &'j Json, find: &dyn Fn(&Json) -> Option<&'j Json>) -> String {
    let mut print = Print { text: String::new(), find, open: Vec::new() };
    print.schema(schema, true);
    print.text
}

struct Print<'j, 'f> {
    text: String,
    find: &'f dyn Fn(&Json) -> Option<&'j Json>,
    open: Vec<*const Json>,
}

impl<'j> Print<'j, '_> {
    fn schema(&mut self, json: &'j Json, keywords: bool) {
        if self.text.len() > LONGEST {
            return;
        }
        match &json.value {
            Value::Object(entries) => {
                let mut entries: Vec<_> = entries.iter().collect();
                entries.sort_by(|one, other| one.key.cmp(&other.key));
                let has_fields = entries.iter().any(|entry| entry.key == "properties");
                self.text.push('{');
                for entry in entries {
                    // A struct has its fields and no others, whether or not others are allowed.
                    let closes = has_fields && entry.key == "additionalProperties" && entry.value.bool().is_some();
                    if keywords && (closes || NOTES.contains(&entry.key.as_str())) {
                        continue;
                    }
                    let _ = write!(self.text, "{:?}:", entry.key);
                    if keywords && entry.key == "$ref" {
                        self.reference(&entry.value);
                    } else {
                        self.schema(&entry.value, !(keywords && BY_NAME.contains(&entry.key.as_str())));
                    }
                    self.text.push(',');
                }
                self.text.push('}');
            }
            Value::List(items) => {
                self.text.push('[');
                for item in items {
                    self.schema(item, true);
                    self.text.push(',');
                }
                self.text.push(']');
            }
            _ => {
                let _ = write!(self.text, "{json}");
            }
        }
    }

    fn reference(&mut self, reference: &'j Json) {
        let _ = write!(self.text, "{reference}");
        let Some(target) = (self.find)(reference) else { return };
        if !self.open.iter().any(|open| std::ptr::eq(*open, target)) {
            self.open.push(target);
            self.schema(target, true);
            self.open.pop();
        }
    }
}
