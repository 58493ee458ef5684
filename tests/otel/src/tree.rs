//! The tree that spans make, as text that a test can compare.

use std::collections::BTreeMap;
use std::fmt::Write;

/// A span as its reader saw it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Seen {
    pub trace: String,
    pub id: String,
    /// Empty where there is none.
    pub parent: String,
    pub name: String,
    pub kind: String,
    /// `ERROR`, or nothing.
    pub status: String,
    /// What went wrong.
    pub message: String,
    pub attributes: BTreeMap<String, String>,
    /// What is said of the program that sent it.
    pub resource: BTreeMap<String, String>,
}

impl Seen {
    /// An attribute; empty where there is none.
    pub fn get(&self, name: &str) -> &str {
        self.attributes.get(name).map_or("", String::as_str)
    }
}

/// The one span of that name.
///
/// # Panics
/// If there is none, or more than one.
pub fn only<'s>(spans: &'s [Seen], name: &str) -> &'s Seen {
    let found: Vec<_> = spans.iter().filter(|span| span.name == name).collect();
    assert_eq!(found.len(), 1, "spans called `{name}` in\n{}", draw(spans));
    found[0]
}

/// The whole tree: a line per span, indented under its parent, siblings by their step. Ids and times are left out.
pub fn draw(spans: &[Seen]) -> String {
    let mut text = String::new();
    let known = |id: &str| spans.iter().any(|span| span.id == id);
    let roots = spans.iter().filter(|span| !known(&span.parent)).collect();
    write(spans, roots, 0, &mut text);
    text
}

fn write(spans: &[Seen], mut level: Vec<&Seen>, depth: usize, text: &mut String) {
    level.sort_by_key(|span| {
        (span.get("flowc.step").to_owned(), span.name.clone(), span.get("flowc.attempt").to_owned())
    });
    for span in level {
        let _ = write!(text, "{:1$}{2}", "", depth * 2, span.name);
        for (name, shown) in [("flowc.attempt", " #"), ("flowc.step", " at "), ("flowc.outcome", ": ")] {
            if !span.get(name).is_empty() {
                let _ = write!(text, "{shown}{}", span.get(name));
            }
        }
        if !span.status.is_empty() {
            let _ = write!(text, " {} `{}` ({})", span.status, span.message, span.get("error.type"));
        }
        text.push('\n');
        let inner = spans.iter().filter(|other| other.parent == span.id).collect();
        write(spans, inner, depth + 1, text);
    }
}
