//! What each statement of a block waits for.

use std::collections::{BTreeSet, HashMap};

use crate::workflow::model::{BindingId, Block, Stmt, StmtKind};
use crate::workflow::names;

/// The statements of one block as a graph. Statements are numbered in source order, and every edge goes forward.
pub(crate) struct Deps {
    pub(crate) items: Vec<Item>,
    /// Who makes a binding.
    pub(crate) maker: HashMap<BindingId, usize>,
    /// Who uses it, in source order.
    pub(crate) users: HashMap<BindingId, Vec<User>>,
}

pub(crate) struct Item {
    /// Must be finished before it begins.
    pub(crate) strong: BTreeSet<usize>,
    /// May have to be finished while it runs: an arm waits by itself.
    pub(crate) weak: BTreeSet<usize>,
    /// All that must be finished before it begins.
    pub(crate) ancestors: BTreeSet<usize>,
    pub(crate) is_async: bool,
    pub(crate) is_tail: bool,
    pub(crate) is_effect: bool,
    /// It breaks, continues or assigns: it stands in the loop's own code.
    pub(crate) barrier: bool,
    /// The block is not done before it is.
    pub(crate) required: bool,
    /// A name that it makes or uses is made more than once in the block: it must not change places with others.
    pub(crate) shadowed: bool,
}

#[derive(Clone, Copy)]
pub(crate) struct User {
    pub(crate) item: usize,
    pub(crate) own: bool,
    pub(crate) strong: bool,
}

impl Deps {
    pub(crate) fn of(block: &Block, name_of: impl Fn(BindingId) -> String) -> Self {
        let mut maker = HashMap::new();
        let mut users: HashMap<BindingId, Vec<User>> = HashMap::new();
        for (index, stmt) in block.stmts.iter().enumerate() {
            for used in stmt.uses.iter().filter(|used| !used.order) {
                let list = users.entry(used.binding).or_default();
                match list.last_mut() {
                    Some(last) if last.item == index => {
                        last.own |= used.own;
                        last.strong |= used.strong;
                    }
                    _ => list.push(User { item: index, own: used.own, strong: used.strong }),
                }
            }
            for made in &stmt.defs {
                maker.insert(*made, index);
            }
        }
        let mut made_names: HashMap<String, usize> = HashMap::new();
        for stmt in &block.stmts {
            // What a loop carries is made once more by it under the same name, and stands in the same place.
            let pats = match &stmt.kind {
                StmtKind::Let { pat, .. } => names::bindings_of(pat),
                _ => Vec::new(),
            };
            for made in pats {
                *made_names.entry(made.ident.to_string()).or_default() += 1;
            }
        }
        // A name that comes from outside and is made here as well is made twice, too.
        let outer: BTreeSet<String> =
            users.keys().filter(|used| !maker.contains_key(used)).map(|used| name_of(*used)).collect();
        let twice = |id: &BindingId| {
            let name = name_of(*id);
            let count = made_names.get(&name).copied().unwrap_or(0);
            count > 1 || (count == 1 && outer.contains(&name))
        };
        let mut items: Vec<Item> = block.stmts.iter().map(|stmt| Item::of(stmt, &twice)).collect();
        for (index, stmt) in block.stmts.iter().enumerate() {
            for used in &stmt.uses {
                let (Some(made_by), Some(item)) = (maker.get(&used.binding), items.get_mut(index)) else { continue };
                if *made_by < index {
                    if used.strong { &mut item.strong } else { &mut item.weak }.insert(*made_by);
                }
            }
        }
        // Whoever takes a value waits for those who borrow it.
        for list in users.values() {
            let Some(last) = list.last().filter(|last| last.own) else { continue };
            for user in list.iter().filter(|user| !user.own && user.item != last.item) {
                if let Some(item) = items.get_mut(last.item) {
                    if last.strong { &mut item.strong } else { &mut item.weak }.insert(user.item);
                }
            }
        }
        for index in 0..items.len() {
            if block.stmts.get(index).is_some_and(|stmt| stmt.barrier) {
                for (other, item) in items.iter_mut().enumerate() {
                    if other > index {
                        item.strong.insert(index);
                    } else if other == index {
                        item.strong.extend(0..index);
                    }
                }
            }
        }
        // What stands behind a `break` would have to be cancelled by it; a round with one waits for all that it began.
        if items.iter().any(|item| item.barrier) {
            items.iter_mut().for_each(|item| item.required = true);
        }
        let mut all: Vec<BTreeSet<usize>> = Vec::with_capacity(items.len());
        for item in &mut items {
            let mut ancestors = item.strong.clone();
            for before in &item.strong {
                ancestors.extend(all.get(*before).into_iter().flatten());
            }
            item.weak.retain(|weak| !ancestors.contains(weak));
            item.ancestors.clone_from(&ancestors);
            all.push(ancestors);
        }
        for index in (0..items.len()).rev() {
            if items.get(index).is_some_and(|item| item.required) {
                for before in items.get(index).map(|item| item.strong.clone()).unwrap_or_default() {
                    if let Some(item) = items.get_mut(before) {
                        item.required = true;
                    }
                }
            }
        }
        Self { items, maker, users }
    }

    pub(crate) fn item(&self, index: usize) -> Option<&Item> {
        self.items.get(index)
    }

    pub(crate) fn needs(&self, later: usize, earlier: usize) -> bool {
        self.item(later).is_some_and(|item| item.ancestors.contains(&earlier))
    }

    pub(crate) fn touches(&self, later: usize, earlier: usize) -> bool {
        self.item(later).is_some_and(|item| item.strong.contains(&earlier) || item.weak.contains(&earlier))
    }

    /// The one that takes the value in the end, if exactly one may.
    pub(crate) fn owner(&self, binding: BindingId) -> Option<User> {
        let list = self.users.get(&binding)?;
        let last = list.last().filter(|last| last.own)?;
        (list.iter().filter(|user| user.own).count() == 1).then_some(*last)
    }
}

impl Item {
    fn of(stmt: &Stmt, twice: &impl Fn(&BindingId) -> bool) -> Self {
        let underscored = match &stmt.kind {
            StmtKind::Let { pat, .. } => {
                names::bindings_of(pat).iter().all(|pat| pat.ident.to_string().starts_with('_'))
            }
            _ => false,
        };
        let is_effect = matches!(stmt.kind, StmtKind::Effect) || underscored;
        Self {
            strong: BTreeSet::new(),
            weak: BTreeSet::new(),
            ancestors: BTreeSet::new(),
            is_async: stmt.is_async,
            is_tail: stmt.kind.is_tail(),
            is_effect,
            barrier: stmt.barrier,
            required: is_effect || stmt.kind.is_tail() || stmt.barrier,
            shadowed: stmt.defs.iter().any(twice) || stmt.uses.iter().any(|used| twice(&used.binding)),
        }
    }
}
