//! Attributes that order a statement, and attributes that do not fit.

use super::{Gather, Reader};
use crate::messages::workflow as messages;
use crate::workflow::attrs::StepAttrs;
use crate::workflow::model::{Use, Value};
use crate::workflow::names;
use crate::workflow::walk::Holds;

impl Reader<'_> {
    /// Attributes that do not fit what they stand on.
    pub(super) fn misfit(&mut self, attrs: &StepAttrs, value: &Value) {
        let repeats = matches!(value, Value::For(_) | Value::Loop(_) | Value::Broken);
        if let (Some((span, _)), false) = (&attrs.max, repeats) {
            self.diag.span(*span, messages::MAX_MISPLACED);
        }
        if let (Some(span), false) = (attrs.collect, matches!(value, Value::For(_) | Value::Broken)) {
            self.diag.span(span, messages::ON_ERROR_MISPLACED);
        }
        let steps = matches!(value, Value::Step(_) | Value::Catch(_) | Value::Broken);
        if let (Some(policy), false) = (attrs.policies.first(), steps) {
            let name = policy.path().get_ident().map(ToString::to_string).unwrap_or_default();
            self.diag.at(policy.path(), messages::policy_misplaced(&name));
        }
    }

    /// `#[after(a, b)]` as uses that carry no value.
    pub(super) fn after(&mut self, attrs: &StepAttrs, gather: &mut Gather) -> Vec<Use> {
        let mut found = Vec::new();
        for name in &attrs.after {
            match self.lookup(&name.to_string()) {
                Some(binding) => {
                    found.push(Use {
                        binding,
                        own: false,
                        sure: false,
                        part: Vec::new(),
                        named: 0,
                        holds: Holds::Nothing,
                        strong: true,
                        order: true,
                    });
                }
                None => {
                    let text = name.to_string();
                    let known = self.scopes.iter().flat_map(|scope| &scope.names).map(|(known, _)| known.as_str());
                    let text = messages::unknown_after(&text, names::similar(&text, known));
                    self.diag.span(name.span(), text);
                    gather.broken = true;
                }
            }
        }
        gather.uses.extend(found.iter().cloned());
        self.ordered.extend(found.iter().map(|used| used.binding));
        found
    }
}
