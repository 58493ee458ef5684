//! `if`, `match`, `for`, `loop` and blocks that hold steps.

use proc_macro2::Ident;
use syn::spanned::Spanned;
use syn::{Expr, Pat, token};

use super::values::Look;
use super::{Gather, Reader, Repeat};
use crate::messages::workflow as messages;
use crate::span;
use crate::workflow::attrs::{self, StepAttrs};
use crate::workflow::model::{Arm, Block, For, Head, If, Loop, Match, Root, Use, Value, VertexKind};
use crate::workflow::names;
use crate::workflow::parse::{Raw, shown};

/// A block inside a region.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Lane {
    /// It runs once at most, and waits for what it needs by itself.
    Arm,
    /// It runs once for each item: what is around it can only be looked at.
    Item,
    /// It runs again and again: what is around it can be taken only where the loop carries it, or ends.
    Round,
}

impl Reader<'_> {
    /// A block inside a region: what it needs from outside becomes a need of the region.
    #[allow(clippy::too_many_arguments, reason = "what a block has around it")]
    fn lane(
        &mut self,
        region: u32,
        lane: usize,
        body: Vec<Raw>,
        brace: token::Brace,
        made: &[(Pat, Vec<Root>)],
        kind: Lane,
        gather: &mut Gather,
    ) -> Block {
        let outside = self.place.replace((region, u32::try_from(lane).unwrap_or(u32::MAX)));
        let first_inner = self.bindings.len();
        let block = self.block(body, brace, made);
        self.place = outside;
        for stmt in &block.stmts {
            gather.barrier |= stmt.barrier;
            gather.broken |= false;
            let outer = stmt
                .uses
                .iter()
                .filter(|used| used.binding.0 < first_inner || self.root(used.binding, first_inner).0 < first_inner);
            let outer: Vec<Use> = outer
                .map(|used| {
                    let binding = self.root(used.binding, first_inner);
                    let takes = match kind {
                        Lane::Arm => true,
                        Lane::Item => false,
                        Lane::Round => stmt.barrier || block.leaves() || self.mutable.contains(&binding),
                    };
                    let (own, sure) = (used.own && takes, used.sure && takes);
                    Use { binding, own, sure, strong: kind != Lane::Arm, ..used.clone() }
                })
                .collect();
            // A step in the lane has edges of its own; what is computed in place shows at the region.
            if !stmt.is_async {
                self.feed(region, &outer);
            }
            gather.uses.extend(outer);
        }
        block
    }

    pub(super) fn branch_if(
        &mut self,
        found: syn::ExprIf,
        name: Option<&Ident>,
        gather: &mut Gather,
    ) -> (Value, Option<u32>) {
        let mut lanes = Vec::new();
        lane_labels(&found, &mut lanes);
        let subject = match &*found.cond {
            Expr::Let(cond) => shown(&cond.expr),
            cond => shown(cond),
        };
        let span = found.if_token.span;
        let before = gather.uses.len();
        let (pat, head, made, head_vertex) = match *found.cond {
            Expr::Let(cond) => {
                let (head, vertex) = self.head(*cond.expr, Look::Against(&[&cond.pat]), gather);
                let made = vec![((*cond.pat).clone(), self.roots_of_head(&head, gather, before))];
                (Some((cond.let_token, *cond.pat, cond.eq_token)), head, made, vertex)
            }
            cond => {
                let mut made = Vec::new();
                chained_lets(&cond, &mut made);
                let (head, vertex) = self.head(cond, Look::Condition, gather);
                let roots = self.roots_of_head(&head, gather, before);
                let made = made.into_iter().map(|pat| (pat, roots.clone())).collect();
                (None, head, made, vertex)
            }
        };
        let uses = head_uses(head_vertex, gather, before);
        let vertex = self.vertex(region_name(name, "if"), VertexKind::Branch { subject, lanes }, span, &uses);
        self.feed_from(vertex, head_vertex);
        let brace = found.then_branch.brace_token;
        let body = found.then_branch.stmts.into_iter().map(Raw::Stmt).collect();
        let then = self.lane(vertex, 0, body, brace, &made, Lane::Arm, gather);
        let otherwise = found.else_branch.map(|(token, expr)| {
            let (body, brace) = match *expr {
                Expr::Block(block) => (block.block.stmts, block.block.brace_token),
                // An `else if` is an `if` alone in its block.
                expr => {
                    let brace = token::Brace(span::last(&expr));
                    (vec![syn::Stmt::Expr(expr, None)], brace)
                }
            };
            let body = body.into_iter().map(Raw::Stmt).collect();
            (token, self.lane(vertex, 1, body, brace, &[], Lane::Arm, gather))
        });
        let value = If { token: found.if_token, pat, head, then, otherwise, vertex };
        (Value::If(Box::new(value)), Some(vertex))
    }

    pub(super) fn branch_match(
        &mut self,
        found: syn::ExprMatch,
        name: Option<&Ident>,
        gather: &mut Gather,
    ) -> (Value, Option<u32>) {
        let label = |arm: &syn::Arm| shown(&arm.pat);
        let lanes = found.arms.iter().map(label).collect();
        let subject = shown(&found.expr);
        let before = gather.uses.len();
        let pats: Vec<&Pat> = found.arms.iter().map(|arm| &arm.pat).collect();
        let (head, head_vertex) = self.head(*found.expr, Look::Against(&pats), gather);
        let roots = self.roots_of_head(&head, gather, before);
        let uses = head_uses(head_vertex, gather, before);
        let vertex = self.vertex(
            region_name(name, "match"),
            VertexKind::Branch { subject, lanes },
            found.match_token.span,
            &uses,
        );
        self.feed_from(vertex, head_vertex);
        let mut arms = Vec::new();
        for (index, arm) in found.arms.into_iter().enumerate() {
            for attr in &arm.attrs {
                self.policy_of_arm(attr);
            }
            let (pat, guard) = names::split_guard(&arm.pat);
            let (pat, guard) = (pat.clone(), guard.map(|(token, guard)| (*token, guard.clone())));
            let made = [(pat.clone(), roots.clone())];
            if let Some((_, guard)) = &guard {
                // The guard sees what the pattern made; what it needs is needed to choose the arm.
                self.scopes.push(super::Scope::default());
                for pat in names::bindings_of(&pat) {
                    self.define(&pat.ident, None, Vec::new());
                }
                let first = self.bindings.len().saturating_sub(names::bindings_of(&pat).len());
                let mut inner = Gather::default();
                self.plain(guard, true, &mut inner);
                self.scopes.pop();
                gather.broken |= inner.broken;
                gather.uses.extend(inner.uses.into_iter().filter(|used| used.binding.0 < first));
            }
            let (body, brace) = match *arm.body {
                Expr::Block(block) if block.label.is_none() && block.attrs.is_empty() => {
                    (block.block.stmts, block.block.brace_token)
                }
                expr => {
                    let brace = token::Brace(span::last(&expr));
                    (vec![syn::Stmt::Expr(expr, None)], brace)
                }
            };
            let body = body.into_iter().map(Raw::Stmt).collect();
            let body = self.lane(vertex, index, body, brace, &made, Lane::Arm, gather);
            arms.push(Arm { attrs: rustc_attrs(arm.attrs), pat, guard, arrow: arm.fat_arrow_token, body });
        }
        let value = Match { token: found.match_token, head, brace: found.brace_token, arms, vertex };
        (Value::Match(Box::new(value)), Some(vertex))
    }

    /// A policy in front of an arm: it belongs to a step.
    fn policy_of_arm(&mut self, attr: &syn::Attribute) {
        let name = attr.path().get_ident().map(ToString::to_string).unwrap_or_default();
        if attrs::is_policy(&name) {
            self.diag.at(attr.path(), messages::policy_misplaced(&name));
        }
    }

    pub(super) fn repeat_for(
        &mut self,
        mut found: syn::ExprForLoop,
        attrs: &StepAttrs,
        name: Option<&Ident>,
        gather: &mut Gather,
    ) -> (Value, Option<u32>) {
        if let Some(label) = &found.label {
            self.diag.span(label.span(), messages::LABEL);
        }
        let max = self.bound(attrs, &mut found.body, found.for_token.span, messages::FOR_WITHOUT_MAX);
        let before = gather.uses.len();
        self.plain(&max, true, gather);
        let (item, over) = (shown(&found.pat), shown(&found.expr));
        let bound = gather.uses.len();
        // The collection may be a step itself: it becomes a statement before.
        let mut over_expr = *found.expr;
        if self.has_steps(&over_expr) || matches!(&over_expr, Expr::Reference(r) if self.has_steps(&r.expr)) {
            self.argument(&mut over_expr, gather);
        } else {
            self.plain(&over_expr, false, gather);
        }
        let uses = gather.uses.get(before..).unwrap_or_default().to_vec();
        let kind = VertexKind::Map { item, over, max: shown(&max), collect: attrs.collect.is_some() };
        let vertex = self.vertex(region_name(name, "for"), kind, found.for_token.span, &uses);
        let first_inner = self.bindings.len();
        self.repeats.push(Repeat::For { first_inner });
        let body = found.body.stmts.into_iter().map(Raw::Stmt).collect();
        let roots = self.roots(gather.uses.get(bound..).unwrap_or_default());
        let made = [((*found.pat).clone(), roots)];
        let body = self.lane(vertex, 0, body, found.body.brace_token, &made, Lane::Item, gather);
        self.repeats.pop();
        let (pat, collect) = (*found.pat, attrs.collect.is_some());
        let value = For { token: found.for_token, pat, over: over_expr, max, collect, body, first_inner, vertex };
        (Value::For(Box::new(value)), Some(vertex))
    }

    pub(super) fn repeat_loop(
        &mut self,
        mut found: syn::ExprLoop,
        attrs: &StepAttrs,
        name: Option<&Ident>,
        gather: &mut Gather,
    ) -> (Value, Option<u32>) {
        if let Some(label) = &found.label {
            self.diag.span(label.span(), messages::LABEL);
        }
        let max = self.bound(attrs, &mut found.body, found.loop_token.span, messages::LOOP_WITHOUT_MAX);
        let before = gather.uses.len();
        self.plain(&max, true, gather);
        let uses = gather.uses.get(before..).unwrap_or_default().to_vec();
        let kind = VertexKind::Loop { max: shown(&max) };
        let vertex = self.vertex(region_name(name, "loop"), kind, found.loop_token.span, &uses);
        let first_inner = self.bindings.len();
        let assigned_before = self.assigned.len();
        self.repeats.push(Repeat::Loop);
        let body = found.body.stmts.into_iter().map(Raw::Stmt).collect();
        let outer_barrier = gather.barrier;
        let body = self.lane(vertex, 0, body, found.body.brace_token, &[], Lane::Round, gather);
        gather.barrier = outer_barrier;
        self.repeats.pop();
        let mut carried: Vec<_> = self.assigned.split_off(assigned_before);
        for id in &mut carried {
            *id = self.root(*id, first_inner);
        }
        carried.retain(|id| id.0 < first_inner);
        carried.sort_unstable();
        carried.dedup();
        // A loop in a loop: what it assigns is also assigned by the outer one.
        if !self.repeats.is_empty() && !carried.is_empty() {
            gather.barrier = true;
            self.assigned.extend(carried.iter().copied());
        } else {
            self.remade.extend(carried);
        }
        let value = Loop { first_inner, token: found.loop_token, max, body, vertex };
        (Value::Loop(Box::new(value)), Some(vertex))
    }

    pub(super) fn block_value(
        &mut self,
        found: syn::ExprBlock,
        name: Option<&Ident>,
        gather: &mut Gather,
    ) -> (Value, Option<u32>) {
        let brace = found.block.brace_token;
        let vertex = self.vertex(region_name(name, "block"), VertexKind::Block, brace.span.open(), &[]);
        let body = found.block.stmts.into_iter().map(Raw::Stmt).collect();
        let block = self.lane(vertex, 0, body, brace, &[], Lane::Arm, gather);
        (Value::Block(block), Some(vertex))
    }

    /// What the patterns of a branch may point into.
    fn roots_of_head(&self, head: &Head, gather: &Gather, before: usize) -> Vec<Root> {
        match head {
            Head::Plain(_) => self.roots(gather.uses.get(before..).unwrap_or_default()),
            Head::Step(_) | Head::Catch(_) => Vec::new(),
        }
    }

    /// The step in a head is a vertex beside the region, and feeds it.
    fn feed_from(&mut self, region: u32, head: Option<u32>) {
        let Some(head) = head else { return };
        let Some(index) = region.checked_sub(self.first_vertex) else { return };
        if let Some(vertex) = self.vertices.get_mut(index as usize) {
            let mode = crate::workflow::model::EdgeMode::Own;
            vertex.inputs.push(crate::workflow::model::Input { from: head, value: String::new(), mode });
        }
    }
}

/// What the head itself needs: nothing more where the head is a step, whose own vertex has it.
fn head_uses(head: Option<u32>, gather: &Gather, before: usize) -> Vec<Use> {
    if head.is_some() { Vec::new() } else { gather.uses.get(before..).unwrap_or_default().to_vec() }
}

fn rustc_attrs(attrs: Vec<syn::Attribute>) -> Vec<syn::Attribute> {
    let ours = |attr: &syn::Attribute| attr.path().get_ident().is_some_and(|name| attrs::is_policy(&name.to_string()));
    attrs.into_iter().filter(|attr| !ours(attr)).collect()
}

fn region_name(name: Option<&Ident>, word: &str) -> String {
    name.map_or_else(|| word.to_owned(), |name| name.to_string().trim_start_matches("r#").to_owned())
}

fn lane_labels(found: &syn::ExprIf, lanes: &mut Vec<String>) {
    lanes.push(shown(&found.cond));
    if found.else_branch.is_some() {
        lanes.push("else".to_owned());
    }
}

/// The patterns of `a && let Some(b) = c`.
fn chained_lets(cond: &Expr, made: &mut Vec<Pat>) {
    match cond {
        Expr::Let(cond) => made.push((*cond.pat).clone()),
        Expr::Binary(both) => {
            chained_lets(&both.left, made);
            chained_lets(&both.right, made);
        }
        _ => {}
    }
}
