//! What must be finished before what.

use std::collections::BTreeSet;

use super::home::Home;

/// The statements of one block as a graph. Statements are numbered in source order, and every edge goes forward.
#[derive(Clone, Default)]
pub(crate) struct Order {
    pub(crate) items: Vec<Item>,
    /// Values that need a home of their own, and have none yet.
    pub(crate) homeless: Vec<Home>,
}

#[derive(Clone)]
#[allow(clippy::struct_excessive_bools, reason = "each answers a question of its own")]
pub(crate) struct Item {
    /// Must be finished before it begins.
    pub(crate) strong: BTreeSet<usize>,
    /// May have to be finished while it runs: an arm waits by itself.
    pub(crate) weak: BTreeSet<usize>,
    /// All that must be finished before it begins.
    pub(crate) ancestors: BTreeSet<usize>,
    /// All that must be finished before it is.
    pub(crate) behind: BTreeSet<usize>,
    /// It waits; else it is computed in place.
    pub(crate) is_async: bool,
    pub(crate) is_tail: bool,
    pub(crate) is_effect: bool,
    /// It breaks, continues or assigns: it stands in the loop's own code.
    pub(crate) barrier: bool,
    /// The block is not done before it is.
    pub(crate) required: bool,
    /// A name that it makes or uses is made more than once in the block: it must not change places with others.
    pub(crate) shadowed: bool,
    /// It stands where others that use the same value stand.
    pub(crate) pinned: bool,
    /// It stands in the row of its block, or of its strand, and not beside others.
    pub(crate) alone: bool,
}

impl Order {
    pub(crate) fn item(&self, index: usize) -> Option<&Item> {
        self.items.get(index)
    }

    /// `later` cannot begin before `earlier` has ended.
    pub(crate) fn needs(&self, later: usize, earlier: usize) -> bool {
        self.item(later).is_some_and(|item| item.ancestors.contains(&earlier))
    }

    pub(crate) fn touches(&self, later: usize, earlier: usize) -> bool {
        self.item(later).is_some_and(|item| item.strong.contains(&earlier) || item.weak.contains(&earlier))
    }

    /// `later` cannot end before `earlier` has ended.
    pub(crate) fn follows(&self, later: usize, earlier: usize) -> bool {
        self.touches(later, earlier) || self.item(later).is_some_and(|item| item.behind.contains(&earlier))
    }

    /// The statement waits for all before it, and all after it wait for it.
    pub(crate) fn divide(&mut self, at: usize, among: &[usize]) {
        for other in among {
            let (later, earlier) = if *other < at { (at, *other) } else { (*other, at) };
            if let Some(item) = self.items.get_mut(later).filter(|_| *other != at) {
                item.strong.insert(earlier);
            }
        }
    }

    /// The same, in the row of its block or strand.
    pub(crate) fn stand_alone(&mut self, at: usize, among: &[usize]) {
        self.divide(at, among);
        if let Some(item) = self.items.get_mut(at) {
            item.alone = true;
        }
    }

    /// Finds all that must be finished before each statement, and what the block is not done without.
    pub(crate) fn close(&mut self) {
        let mut all: Vec<(BTreeSet<usize>, BTreeSet<usize>)> = Vec::with_capacity(self.items.len());
        for item in &mut self.items {
            let mut ancestors = item.strong.clone();
            for before in &item.strong {
                ancestors.extend(all.get(*before).into_iter().flat_map(|(ancestors, _)| ancestors));
            }
            item.weak.retain(|weak| !ancestors.contains(weak));
            let mut behind: BTreeSet<usize> = BTreeSet::new();
            for before in item.strong.union(&item.weak) {
                behind.insert(*before);
                behind.extend(all.get(*before).into_iter().flat_map(|(_, behind)| behind));
            }
            item.ancestors.clone_from(&ancestors);
            item.behind.clone_from(&behind);
            all.push((ancestors, behind));
        }
        for index in (0..self.items.len()).rev() {
            if self.item(index).is_some_and(|item| item.required) {
                for before in self.item(index).map(|item| item.strong.clone()).unwrap_or_default() {
                    if let Some(item) = self.items.get_mut(before) {
                        item.required = true;
                    }
                }
            }
        }
    }
}
