//! The types of a module: each name once.

use std::collections::{HashMap, HashSet};

use super::Site;
use crate::model::{Named, Shape};

/// Names that mean something else in the module: Rust's own, and what the module imports.
const RESERVED: &[&str] = &[
    "Arguments",
    "BTreeMap",
    "Box",
    "Clone",
    "Context",
    "Debug",
    "Default",
    "Deserialize",
    "Err",
    "McpError",
    "McpServers",
    "None",
    "Ok",
    "Option",
    "PartialEq",
    "Result",
    "Send",
    "Serialize",
    "Some",
    "String",
    "Sync",
    "ToolResult",
    "TypedTools",
    "Value",
    "Vec",
];

/// The types made so far.
pub(crate) struct Types {
    named: Vec<Named>,
    /// By name: the place in the list, and what the schema says.
    known: HashMap<String, (usize, String)>,
    taken: HashSet<String>,
    /// Names of definitions and of results, which no field takes for itself.
    owned: HashSet<String>,
}

impl Types {
    /// `owned` are the names of definitions and of results, which no field takes for itself.
    pub(crate) fn new(owned: HashSet<String>) -> Self {
        let taken = RESERVED.iter().map(|name| (*name).to_owned()).collect();
        Self { named: Vec::new(), known: HashMap::new(), taken, owned }
    }

    pub(crate) fn into_named(self) -> Vec<Named> {
        self.named
    }

    /// A place for a type, or the type of this name if its schema says the same. A name that is taken by another type is made
    /// longer.
    pub(super) fn place(&mut self, site: &Site, tool: &str, print: &str, docs: String) -> Placed {
        let name = &site.name;
        let short = site.short.clone().filter(|short| !self.owned.contains(short));
        let others = (2..).map(|number| format!("{tool}{name}{number}"));
        let names = short.into_iter().chain([name.clone(), format!("{tool}{name}")]).chain(others);
        for name in names {
            match self.known.get(&name) {
                Some((id, known)) if known == print => return Placed::Known(*id),
                Some(_) => continue,
                None => {}
            }
            if self.taken.insert(name.clone()) {
                let id = self.named.len();
                self.known.insert(name.clone(), (id, print.to_owned()));
                self.named.push(Named { name, docs, shape: Shape::Choice(Vec::new()) });
                return Placed::New(id);
            }
        }
        Placed::New(self.named.len())
    }

    /// A type that comes from no schema.
    pub(crate) fn add(&mut self, mut named: Named) -> usize {
        named.name = crate::names::free(&named.name, "", &mut self.taken);
        self.named.push(named);
        self.named.len() - 1
    }

    pub(super) fn name(&self, id: usize) -> String {
        self.named.get(id).map(|named| named.name.clone()).unwrap_or_default()
    }

    pub(super) fn fill(&mut self, id: usize, shape: Shape) {
        if let Some(named) = self.named.get_mut(id) {
            named.shape = shape;
        }
    }
}

pub(super) enum Placed {
    Known(usize),
    /// Still to be filled.
    New(usize),
}
