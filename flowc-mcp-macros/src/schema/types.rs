//! The types of a module: each name once.

use std::collections::{HashMap, HashSet};

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
}

impl Types {
    pub(crate) fn new() -> Self {
        let taken = RESERVED.iter().map(|name| (*name).to_owned()).collect();
        Self { named: Vec::new(), known: HashMap::new(), taken }
    }

    pub(crate) fn into_named(self) -> Vec<Named> {
        self.named
    }

    /// A place for a type, or the type of this name if its schema says the same. Of two schemas of one name the second is called
    /// after its tool.
    pub(super) fn place(&mut self, name: &str, tool: &str, print: String, docs: String) -> Placed {
        let others = (2..).map(|number| format!("{tool}{name}{number}"));
        for name in [name.to_owned(), format!("{tool}{name}")].into_iter().chain(others) {
            match self.known.get(&name) {
                Some((id, known)) if *known == print => return Placed::Known(*id),
                Some(_) => continue,
                None => {}
            }
            if self.taken.insert(name.clone()) {
                let id = self.named.len();
                self.known.insert(name.clone(), (id, print));
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
