//! Where each value of a group is kept.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::Ident;

use super::deps::Deps;
use super::shape::Group;
use super::users::User;
use crate::workflow::model::{Binding, BindingId, Block};

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
        direct(deps, binding).any(|user| self.strand_of(user.item).is_none())
    }
}

pub(crate) fn stores(group: &Group, deps: &Deps, block: &Block, bindings: &[Binding]) -> Stores {
    let mut stores = Stores::default();
    let borrowed = borrowed(group, deps, block, bindings);
    for binding in deps.users.keys().filter(|binding| !deps.at_home.contains(binding)) {
        let inside: Vec<_> =
            direct(deps, *binding).filter_map(|user| Some((group.strand_of(user.item)?, user))).collect();
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
                // In a strand of groups, whoever comes first would take it from the others.
                let one_row = group.strands.get(strand).is_some_and(|strand| !strand.shape.has_groups());
                if strand != made_in && one_row && inside.iter().all(|(other, _)| *other == strand) {
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
            let Some(found) = deps.order.item(*item) else { continue };
            for before in &found.strong {
                let Some(other) = group.strand_of(*before) else { continue };
                let by_value = || {
                    let handed = |binding: &BindingId| {
                        deps.maker.get(binding) == Some(before)
                            && stores.slots.contains_key(binding)
                            && direct(deps, *binding).any(|user| user.item == *item && user.strong)
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

/// Values that others may point into which leave their strand: they must outlive the strand.
fn borrowed(group: &Group, deps: &Deps, block: &Block, bindings: &[Binding]) -> BTreeSet<BindingId> {
    let mut found = BTreeSet::new();
    let made_in = |id: &BindingId| deps.maker.get(id).and_then(|maker| group.strand_of(*maker));
    for (index, strand) in group.strands.iter().enumerate() {
        for stmt in strand.items.iter().filter_map(|item| block.stmts.get(*item)) {
            let leaves = |id: &&BindingId| direct(deps, **id).any(|user| !strand.items.contains(&user.item));
            // A name from outside that is assigned here may point into what is made here.
            let outside = stmt.uses.iter().filter(|used| used.own && made_in(&used.binding) != Some(index));
            let pointing = stmt.defs.iter().filter(leaves).chain(outside.map(|used| &used.binding));
            let roots = pointing.filter_map(|id| bindings.get(id.0)).flat_map(|binding| &binding.roots);
            let roots = roots.map(|root| root.binding).filter(|id| made_in(id).is_some());
            found.extend(roots.filter(|id| !deps.at_home.contains(id)));
        }
    }
    found
}

fn direct(deps: &Deps, binding: BindingId) -> impl Iterator<Item = &User> {
    deps.users.get(&binding).into_iter().flatten().filter(|user| user.is_direct())
}
