//! One difference.

use std::fmt;

use serde_json::Value;

/// What goes into a step, or what comes out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    /// Its inputs, or the arguments of a tool.
    Input,
    /// Its output, or the structured result of a tool.
    Output,
}

/// One difference between two schemas; [`compare`](super::compare) finds them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemaChange {
    field: String,
    what: String,
    before: Option<String>,
    after: Option<String>,
    breaking: bool,
}

/// What a change does to what is allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    Less,
    More,
    /// Some of it is not allowed any more, some of it is new.
    Other,
}

impl SchemaChange {
    pub(super) fn new(field: &str, what: &str, breaking: bool, before: Option<&Value>, after: Option<&Value>) -> Self {
        let text = |value: Option<&Value>| value.map(ToString::to_string);
        Self { field: field.to_owned(), what: what.to_owned(), before: text(before), after: text(after), breaking }
    }

    /// The path of the field, such as `days[].high`; empty if it is all of that side.
    pub fn field(&self) -> &str {
        &self.field
    }

    /// What has changed, in words.
    pub fn what(&self) -> &str {
        &self.what
    }

    /// What stood there before, as JSON.
    pub fn before(&self) -> Option<&str> {
        self.before.as_deref()
    }

    /// What stands there now, as JSON.
    pub fn after(&self) -> Option<&str> {
        self.after.as_deref()
    }

    /// Who relied on the old schema may fail because of it.
    pub fn is_breaking(&self) -> bool {
        self.breaking
    }
}

/// The field and what has changed, with the old text behind `-` and the new one behind `+`, each on a line of its own.
impl fmt::Display for SchemaChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.field.is_empty() {
            write!(f, " `{}`", self.field)?;
        }
        write!(f, ": {}", self.what)?;
        if let Some(before) = &self.before {
            write!(f, "\n  - {before}")?;
        }
        if let Some(after) = &self.after {
            write!(f, "\n  + {after}")?;
        }
        Ok(())
    }
}
