//! Where each value of a group is kept.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::Ident;

use super::deps::Deps;
use super::shape::Group;
use crate::workflow::model::{BindingId, Block, StmtKind, Value};
use crate::workflow::names;

/// A value on its way between strands.
#[derive(Clone)]
pub(crate) struct Slot {
    pub(crate) name: Ident,
    pub(crate) progress: Ident,
    pub(crate) kind: SlotKind,
    /// What must have happened before the value may be taken.
    pub(crate) flags: Vec<Ident>,
    /// The statement that takes it in the end.
    pub(crate) owner: Option<usize>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum SlotKind {
    /// Others read it.
    Shared,
    /// One other strand takes it.
    Passed,
    /// Others read it, then one takes it.
    Movable,
}

/// What a group decides for the values that it makes, or that it takes from around it.
#[derive(Default)]
pub(crate) struct Stores {
    /// Kept in a slot.
    pub(crate) slots: BTreeMap<BindingId, SlotKind>,
    /// From around the group: moved into a slot before it begins.
    pub(crate) prefilled: BTreeSet<BindingId>,
    /// Statements whose end another strand waits for.
    pub(crate) flags: BTreeSet<usize>,
    /// Who waits for which of them.
    pub(crate) waits: BTreeMap<usize, BTreeSet<usize>>,
    /// A plain value that outlives the group may point into these: they stay where they are.
    pub(crate) pinned: BTreeSet<BindingId>,
    /// Who must have ended before a slot may be emptied.
    pub(crate) takes: BTreeMap<BindingId, BTreeSet<usize>>,
}

impl Group {
    pub(crate) fn strand_of(&self, item: usize) -> Option<usize> {
        self.strands.iter().position(|strand| strand.items.contains(&item))
    }

    /// Whether a value that `item` makes is used behind the group.
    pub(crate) fn escapes(&self, deps: &Deps, binding: BindingId) -> bool {
        deps.users.get(&binding).into_iter().flatten().any(|user| self.strand_of(user.item).is_none())
    }
}

pub(crate) fn stores(group: &Group, deps: &Deps, block: &Block) -> Stores {
    let mut stores = Stores::default();
    let borrowed = borrowed(group, deps, block);
    for (binding, users) in &deps.users {
        let inside: Vec<_> = users.iter().filter_map(|user| Some((group.strand_of(user.item)?, user))).collect();
        if inside.is_empty() && !borrowed.contains(binding) {
            continue;
        }
        let maker = deps.maker.get(binding).and_then(|maker| group.strand_of(*maker));
        let owner = deps.owner(*binding).and_then(|owner| Some((group.strand_of(owner.item)?, owner)));
        let Some(made_in) = maker else {
            // It comes from around the group. Only a taker beside readers needs a slot; a capture does for all else.
            if let Some((strand, owner)) = owner {
                if inside.iter().any(|(other, _)| *other != strand) && !deps.capture_does(*binding) {
                    stores.slots.insert(*binding, SlotKind::Movable);
                    stores.prefilled.insert(*binding);
                    let readers = inside.iter().filter(|(_, user)| user.item != owner.item).map(|(_, user)| user.item);
                    stores.takes.insert(*binding, readers.collect());
                }
            }
            continue;
        };
        let crosses = inside.iter().any(|(strand, _)| *strand != made_in);
        if !crosses && !borrowed.contains(binding) {
            continue;
        }
        let kind = match owner {
            _ if borrowed.contains(binding) => SlotKind::Shared,
            Some((strand, owner)) => {
                let readers: BTreeSet<usize> =
                    inside.iter().filter(|(_, user)| user.item != owner.item).map(|(_, user)| user.item).collect();
                if strand != made_in && inside.iter().all(|(other, _)| *other == strand) {
                    SlotKind::Passed
                } else {
                    stores.takes.insert(*binding, readers);
                    SlotKind::Movable
                }
            }
            None => SlotKind::Shared,
        };
        stores.slots.insert(*binding, kind);
    }
    for (index, strand) in group.strands.iter().enumerate() {
        for item in &strand.items {
            let Some(found) = deps.item(*item) else { continue };
            for before in &found.strong {
                let Some(other) = group.strand_of(*before) else { continue };
                let by_value = || {
                    let handed = |binding: &BindingId| {
                        deps.maker.get(binding) == Some(before)
                            && stores.slots.contains_key(binding)
                            && deps
                                .users
                                .get(binding)
                                .into_iter()
                                .flatten()
                                .any(|user| user.item == *item && user.strong)
                    };
                    stores.slots.keys().any(handed)
                };
                if other != index && !by_value() {
                    stores.flags.insert(*before);
                    stores.waits.entry(*item).or_default().insert(*before);
                }
            }
        }
    }
    for readers in stores.takes.values() {
        stores.flags.extend(readers);
    }
    stores.pinned = borrowed;
    stores
}

/// Values that a plain value borrows from and that leaves its strand: they must outlive the strand.
fn borrowed(group: &Group, deps: &Deps, block: &Block) -> BTreeSet<BindingId> {
    let mut found = BTreeSet::new();
    for strand in &group.strands {
        for item in strand.items.iter().rev() {
            let Some(stmt) = block.stmts.get(*item) else { continue };
            let Value::Plain(value) = &stmt.value else { continue };
            if !matches!(stmt.kind, StmtKind::Let { .. }) {
                continue;
            }
            let leaves = stmt.defs.iter().any(|made| {
                found.contains(made)
                    || deps.users.get(made).into_iter().flatten().any(|user| !strand.items.contains(&user.item))
            });
            if leaves && may_borrow(value) {
                let made_here = |binding: &BindingId| {
                    deps.maker.get(binding).is_some_and(|maker| group.strand_of(*maker).is_some())
                };
                // What is taken later cannot be borrowed from.
                let stays = |binding: &BindingId| !deps.is_taken(*binding);
                let used = stmt.uses.iter().filter(|used| !used.order).map(|used| used.binding);
                found.extend(used.filter(made_here).filter(stays));
            }
        }
    }
    found
}

/// Whether a plain value may hold a borrow of what it names. A method whose name says that it takes its receiver does not.
fn may_borrow(value: &syn::Expr) -> bool {
    match value {
        syn::Expr::MethodCall(call) => {
            let first = first_method(call);
            let copies = matches!(first.as_str(), "clone" | "to_owned" | "to_string" | "len" | "is_empty");
            !copies && !names::takes_receiver(&first)
        }
        syn::Expr::Path(_) | syn::Expr::Field(_) | syn::Expr::Lit(_) | syn::Expr::Macro(_) | syn::Expr::Binary(_) => {
            false
        }
        syn::Expr::Paren(paren) => may_borrow(&paren.expr),
        _ => true,
    }
}

fn first_method(call: &syn::ExprMethodCall) -> String {
    match &*call.receiver {
        syn::Expr::MethodCall(inner) => first_method(inner),
        _ => call.method.to_string(),
    }
}
