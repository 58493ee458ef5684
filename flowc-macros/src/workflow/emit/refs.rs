//! Which names hold references.

use std::collections::HashSet;

use proc_macro2::Ident;

/// Names that hold a reference to the value they stand for, and parts of values that other names hold references to.
#[derive(Clone, Default)]
pub(super) struct Refs {
    whole: HashSet<String>,
    parts: Vec<Part>,
}

#[derive(Clone)]
struct Part {
    name: String,
    members: Vec<String>,
    held: Ident,
}

impl Refs {
    pub(super) fn is_empty(&self) -> bool {
        self.whole.is_empty() && self.parts.is_empty()
    }

    /// The name holds a reference, or nothing of its value is at hand but references to its parts.
    pub(super) fn contains(&self, name: &str) -> bool {
        self.is_held(name) || self.parts.iter().any(|part| part.name == name)
    }

    /// The name holds a reference.
    pub(super) fn is_held(&self, name: &str) -> bool {
        self.whole.contains(name)
    }

    /// What holds a reference to this part.
    pub(super) fn part(&self, name: &str, part: &[String]) -> Option<&Ident> {
        self.parts.iter().find(|known| known.name == name && known.members == part).map(|known| &known.held)
    }

    /// From here on the name holds a reference; whether it did before.
    pub(super) fn insert(&mut self, name: String) -> bool {
        let held = self.remove(&name);
        self.whole.insert(name);
        held
    }

    /// From here on `held` holds a reference to a part of the value.
    pub(super) fn insert_part(&mut self, name: String, part: Vec<String>, held: Ident) {
        self.parts.push(Part { name, members: part, held });
    }

    /// From here on the name holds a value of its own; whether it held a reference before.
    pub(super) fn remove(&mut self, name: &str) -> bool {
        self.parts.retain(|part| part.name != name);
        self.whole.remove(name)
    }
}
