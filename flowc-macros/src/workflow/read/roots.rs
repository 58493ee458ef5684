//! What a value may point into. rustc knows; here it can only be seen from the text, and so it is taken to be more rather than
//! less: what one binding points into decides how long another must stay where it is.

use crate::workflow::model::{BindingId, Block, Root, StmtKind, Use, Value};
use crate::workflow::walk::Holds;

use super::Reader;

impl Reader<'_> {
    /// Notes what a binding may point into.
    pub(super) fn points_into(&mut self, id: BindingId, roots: Vec<Root>) {
        if let Some(binding) = self.bindings.get_mut(id.0) {
            for root in roots.into_iter().filter(|root| root.binding != id) {
                if !binding.roots.contains(&root) {
                    binding.roots.push(root);
                }
            }
        }
    }

    /// What a value may point into that is computed from these names.
    pub(super) fn roots(&self, uses: &[Use]) -> Vec<Root> {
        let mut found: Vec<Root> = Vec::new();
        for used in uses.iter().filter(|used| !used.order && used.holds != Holds::Nothing) {
            let inherited =
                self.bindings.get(used.binding.0).map(|binding| binding.roots.as_slice()).unwrap_or_default();
            let itself = (used.holds == Holds::Itself).then(|| Root { binding: used.binding, part: used.part.clone() });
            for root in itself.into_iter().chain(inherited.iter().cloned()) {
                if !found.contains(&root) {
                    found.push(root);
                }
            }
        }
        found
    }

    /// What the value of a statement may point into. What a step gives owns its data.
    pub(super) fn roots_of(&self, value: &Value, uses: &[Use]) -> Vec<Root> {
        match value {
            Value::Plain(_) => self.roots(uses),
            Value::Step(_) | Value::Catch(_) | Value::Broken => Vec::new(),
            Value::If(found) => {
                let mut roots = self.roots_of_block(&found.then);
                roots.extend(found.otherwise.iter().flat_map(|(_, block)| self.roots_of_block(block)));
                roots
            }
            Value::Match(found) => found.arms.iter().flat_map(|arm| self.roots_of_block(&arm.body)).collect(),
            Value::For(found) => self.roots_of_block(&found.body),
            Value::Loop(found) => self.roots_of_breaks(&found.body),
            Value::Block(block) => self.roots_of_block(block),
        }
    }

    fn roots_of_block(&self, block: &Block) -> Vec<Root> {
        let tail = block.stmts.last().filter(|last| last.kind.is_tail());
        tail.map(|tail| self.roots_of(&tail.value, &tail.uses)).unwrap_or_default()
    }

    fn roots_of_breaks(&self, block: &Block) -> Vec<Root> {
        let of_statement = |stmt: &crate::workflow::model::Stmt| match (&stmt.kind, &stmt.value) {
            (StmtKind::Break { .. }, value) => self.roots_of(value, &stmt.uses),
            (_, Value::If(found)) => {
                let mut roots = self.roots_of_breaks(&found.then);
                roots.extend(found.otherwise.iter().flat_map(|(_, block)| self.roots_of_breaks(block)));
                roots
            }
            (_, Value::Match(found)) => found.arms.iter().flat_map(|arm| self.roots_of_breaks(&arm.body)).collect(),
            (_, Value::Block(block)) => self.roots_of_breaks(block),
            _ => Vec::new(),
        };
        block.stmts.iter().flat_map(of_statement).collect()
    }
}
