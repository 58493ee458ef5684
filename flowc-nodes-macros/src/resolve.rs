//! What the names in a template mean.

use std::collections::HashSet;

use crate::messages as say;
use crate::similar::similar;
use crate::source::Source;
use crate::template::{Condition, Name, Node, Path, Wrong};

/// The fields of a prompt, and what is wrong with the names in its templates.
pub(crate) struct Resolver<'n> {
    prompt: &'n str,
    fields: &'n [String],
    used: HashSet<String>,
    wrong: Vec<Wrong>,
    scope: Vec<(Name, bool)>,
}

impl<'n> Resolver<'n> {
    pub(crate) fn new(prompt: &'n str, fields: &'n [String]) -> Self {
        Self { prompt, fields, used: HashSet::new(), wrong: Vec::new(), scope: Vec::new() }
    }

    /// Looks at a whole template.
    pub(crate) fn template(&mut self, nodes: &[Node], source: &Source, errors: &mut Vec<syn::Error>) {
        self.nodes(nodes);
        errors.extend(self.wrong.drain(..).map(|wrong| source.error(&wrong)));
    }

    pub(crate) fn uses(&self, field: &str) -> bool {
        self.used.contains(field)
    }

    fn nodes(&mut self, nodes: &[Node]) {
        for node in nodes {
            match node {
                Node::Text(_) => {}
                Node::Show { value, .. } => self.path(value),
                Node::If { arms, otherwise } => {
                    for (condition, body) in arms {
                        match condition {
                            Condition::Is { value, .. } => {
                                self.path(value);
                                self.nodes(body);
                            }
                            Condition::Some { name, value } => {
                                self.path(value);
                                self.inside(std::slice::from_ref(name), body);
                            }
                        }
                    }
                    self.nodes(otherwise);
                }
                Node::For { pattern, over, body, otherwise } => {
                    self.path(over);
                    self.inside(&pattern.names, body);
                    self.nodes(otherwise);
                }
            }
        }
    }

    fn inside(&mut self, names: &[Name], body: &[Node]) {
        self.scope.extend(names.iter().map(|name| (name.clone(), false)));
        self.nodes(body);
        for (name, used) in self.scope.split_off(self.scope.len().saturating_sub(names.len())) {
            if !used && !name.text.starts_with('_') {
                self.wrong.push(Wrong { at: name.at, text: say::unused_binding(&name.text) });
            }
        }
    }

    fn path(&mut self, path: &Path) {
        let name = &path.first;
        if let Some((_, used)) = self.scope.iter_mut().rev().find(|(bound, _)| bound.text == name.text) {
            *used = true;
        } else if self.fields.contains(&name.text) {
            self.used.insert(name.text.clone());
        } else {
            let bound = self.scope.iter().map(|(name, _)| name.text.as_str());
            let known: Vec<&str> = self.fields.iter().map(String::as_str).chain(bound).collect();
            let text = say::unknown(&name.text, self.prompt, similar(&name.text, &known), &known);
            self.wrong.push(Wrong { at: name.at, text });
        }
    }
}
