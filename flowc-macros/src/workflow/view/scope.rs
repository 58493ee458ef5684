//! Which names are bindings where: a call of one is no step.

use std::collections::HashSet;

use proc_macro2::TokenTree;
use syn::Ident;

use super::path::is_keyword;
use crate::workflow::names;

#[derive(Default)]
pub(super) struct Scope {
    names: HashSet<String>,
    /// The names in the order in which they came.
    added: Vec<String>,
}

impl Scope {
    pub(super) fn has(&self, name: &str) -> bool {
        self.names.contains(name)
    }

    /// Begins a scope; what it gives ends it.
    pub(super) fn enter(&self) -> usize {
        self.added.len()
    }

    pub(super) fn leave(&mut self, mark: usize) {
        for name in self.added.drain(mark.min(self.added.len())..) {
            self.names.remove(&name);
        }
    }

    pub(super) fn add(&mut self, name: &Ident) {
        let name = name.to_string();
        if self.names.insert(name.clone()) {
            self.added.push(name);
        }
    }

    /// Adds what looks like a binding in a pattern.
    pub(super) fn bind(&mut self, pattern: &[TokenTree]) {
        for token in pattern {
            match token {
                TokenTree::Ident(name) if !is_keyword(name) && names::is_snake(&name.to_string()) => self.add(name),
                TokenTree::Group(group) => self.bind(&group.stream().into_iter().collect::<Vec<_>>()),
                _ => {}
            }
        }
    }
}
