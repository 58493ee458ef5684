//! What plain expressions name, and what has no place in them.

use syn::{Expr, Pat};

use super::{Gather, Reader};
use crate::messages::workflow as messages;
use crate::workflow::model::Use;
use crate::workflow::names;
use crate::workflow::walk::{Mention, Misplaced, Walk};

impl Reader<'_> {
    /// What a plain expression names.
    pub(super) fn plain(&mut self, expr: &Expr, borrowing: bool, gather: &mut Gather) {
        self.walk(borrowing, |walk| walk.expr(expr), gather);
    }

    /// What a condition names.
    pub(super) fn condition(&mut self, expr: &Expr, gather: &mut Gather) {
        self.walk(false, |walk| walk.condition_of(expr), gather);
    }

    /// What a scrutinee names.
    pub(super) fn scrutinee(&mut self, expr: &Expr, pats: &[&Pat], gather: &mut Gather) {
        self.walk(false, |walk| walk.scrutinee(expr, pats), gather);
    }

    pub(super) fn walk(
        &mut self,
        borrowing: bool,
        walked: impl for<'b> FnOnce(Walk<'b>) -> Walk<'b>,
        gather: &mut Gather,
    ) {
        let (mentions, misplaced) = {
            let is_binding = |name: &str| self.lookup(name).is_some();
            let walk = Walk::new(&is_binding);
            let walk = walked(if borrowing { walk.borrowing() } else { walk });
            (walk.mentions, walk.misplaced)
        };
        for wrong in misplaced {
            self.misplaced(&wrong);
            gather.broken = true;
        }
        for mention in mentions {
            self.mention(&mention, gather);
        }
    }

    pub(super) fn mention(&mut self, mention: &Mention, gather: &mut Gather) {
        let name = mention.ident.to_string();
        if self.is_broken(&name) {
            gather.broken = true;
        }
        if let Some(binding) = self.lookup(&name) {
            gather.uses.push(Use {
                binding,
                own: mention.own || (mention.looks && self.mutable.contains(&binding)),
                sure: mention.sure,
                part: mention.part.clone(),
                named: mention.named,
                holds: mention.holds,
                strong: true,
                order: false,
            });
        } else if self.scopes.iter().any(|scope| scope.later.contains(&name)) {
            self.forward.push(name);
            self.sequential = true;
        } else if names::is_snake(&name) {
            let known = self.scopes.iter().flat_map(|scope| &scope.names).map(|(known, _)| known.as_str());
            // rustc names the binding that was meant only where it is in scope, as it is in code in source order.
            self.sequential |= names::similar(&name, known).is_some();
        }
    }

    pub(super) fn misplaced(&mut self, wrong: &Misplaced) {
        let (span, text) = match wrong {
            Misplaced::Step(path, span) => (*span, messages::step_inside(path)),
            Misplaced::Question(span) => (*span, messages::QUESTION.to_owned()),
            Misplaced::Await(span) => (*span, messages::AWAIT.to_owned()),
            Misplaced::Return(span) => (*span, messages::RETURN.to_owned()),
            Misplaced::Async(span) => (*span, messages::ASYNC.to_owned()),
            Misplaced::Unsafe(span) => (*span, messages::UNSAFE.to_owned()),
            Misplaced::While(span) => (*span, messages::WHILE.to_owned()),
            Misplaced::Repeat(word, span) => (*span, messages::repeat_inside(word)),
            Misplaced::Label(span) => (*span, messages::LABEL.to_owned()),
            Misplaced::Catch(span) => (*span, messages::CATCH_INSIDE.to_owned()),
            Misplaced::SelfValue(span) => (*span, messages::SELF_IN_WORKFLOW.to_owned()),
            Misplaced::LetElse(span) => (*span, messages::LET_ELSE.to_owned()),
            Misplaced::Item(span) => (*span, messages::ITEM.to_owned()),
        };
        self.diag.span(span, text);
    }
}
