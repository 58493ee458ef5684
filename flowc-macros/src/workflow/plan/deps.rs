//! What each statement of a block waits for.

use std::collections::{BTreeSet, HashMap};

use super::users::{self, User};
use crate::workflow::model::{BindingId, Block, Stmt, StmtKind, Use, Value};
use crate::workflow::names;

/// The statements of one block as a graph. Statements are numbered in source order, and every edge goes forward.
pub(crate) struct Deps {
    pub(crate) items: Vec<Item>,
    /// Who makes a binding.
    pub(crate) maker: HashMap<BindingId, usize>,
    /// Who uses it, in source order.
    pub(crate) users: HashMap<BindingId, Vec<User>>,
    /// What a `let r = &x;` borrows from.
    aliases: HashMap<BindingId, Use>,
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
    pub(crate) is_async: bool,
    pub(crate) is_tail: bool,
    pub(crate) is_effect: bool,
    /// It breaks, continues or assigns: it stands in the loop's own code.
    pub(crate) barrier: bool,
    /// The block is not done before it is.
    pub(crate) required: bool,
    /// A name that it makes or uses is made more than once in the block: it must not change places with others.
    pub(crate) shadowed: bool,
    /// It stands where it is used.
    pub(crate) pinned: bool,
}

impl Deps {
    pub(crate) fn of(block: &Block, name_of: impl Fn(BindingId) -> String) -> Self {
        let mut maker = HashMap::new();
        for (index, stmt) in block.stmts.iter().enumerate() {
            for made in &stmt.defs {
                maker.insert(*made, index);
            }
        }
        let (users, aliases) = users::users(block);
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
            for (taker, before) in users::waits(list) {
                if let Some(item) = items.get_mut(taker.item) {
                    if taker.strong { &mut item.strong } else { &mut item.weak }.insert(before);
                }
            }
        }
        // A reference to what is taken later is made where it is used: nobody else can hold it meanwhile.
        for (alias, root) in &aliases {
            let taken = users.get(&root.binding).and_then(|list| list.last()).is_some_and(User::owns);
            if let (true, Some(item)) = (taken, maker.get(alias).and_then(|maker| items.get_mut(*maker))) {
                item.pinned = true;
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
            for item in &mut items {
                item.required = true;
            }
        }
        close(&mut items);
        for index in (0..items.len()).rev() {
            if items.get(index).is_some_and(|item| item.required) {
                for before in items.get(index).map(|item| item.strong.clone()).unwrap_or_default() {
                    if let Some(item) = items.get_mut(before) {
                        item.required = true;
                    }
                }
            }
        }
        Self { items, maker, users, aliases }
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
    pub(crate) fn owner(&self, binding: BindingId) -> Option<&User> {
        let leaves = |item: usize| self.item(item).is_some_and(|item| item.barrier);
        users::owner(self.users.get(&binding)?, leaves)
    }

    /// Whether it, or a part of it, is taken in the end for certain.
    pub(crate) fn is_taken(&self, binding: BindingId) -> bool {
        self.users.get(&binding).is_some_and(|list| users::in_parts(list) || users::sure_last(list))
    }

    /// Statements of `items` that rustc lets share a value only in one strand: parts of it are taken, or it is taken after a
    /// reference to it was made. Each list is in source order.
    pub(crate) fn together(&self, items: &[usize]) -> Vec<Vec<usize>> {
        let mut found: Vec<Vec<usize>> = Vec::new();
        for (binding, list) in &self.users {
            let aliased = self.aliases.values().any(|root| root.binding == *binding);
            let taken = list.last().is_some_and(User::owns);
            let maker = self.maker.get(binding).filter(|maker| items.contains(maker));
            let rest = maker.is_none() && users::part_last(list);
            if !(users::in_parts(list) || rest || (aliased && taken)) {
                continue;
            }
            if maker.is_none() && !aliased && users::apart(list) {
                continue;
            }
            let mut cluster: Vec<usize> =
                list.iter().map(|user| user.item).filter(|item| items.contains(item)).collect();
            cluster.extend(maker);
            cluster.sort_unstable();
            cluster.dedup();
            if cluster.len() > 1 {
                found.push(cluster);
            }
        }
        // Those that share a statement are one.
        let mut apart: Vec<Vec<usize>> = Vec::new();
        for cluster in found {
            let (meeting, mut others): (Vec<_>, Vec<_>) =
                apart.into_iter().partition(|other: &Vec<usize>| other.iter().any(|item| cluster.contains(item)));
            let mut joined: Vec<usize> = meeting.into_iter().flatten().chain(cluster).collect();
            joined.sort_unstable();
            joined.dedup();
            others.push(joined);
            apart = others;
        }
        apart
    }

    /// Whether an async block may take what it needs of a binding from around the group.
    pub(crate) fn capture_does(&self, binding: BindingId) -> bool {
        self.users.get(&binding).is_some_and(|list| users::apart(list))
    }

    /// The same, where each of `clusters` runs in source order.
    pub(crate) fn chained(&self, clusters: &[Vec<usize>]) -> Self {
        let mut items = self.items.clone();
        for cluster in clusters {
            for (before, after) in cluster.iter().zip(cluster.iter().skip(1)) {
                if let Some(item) = items.get_mut(*after) {
                    item.strong.insert(*before);
                }
            }
            for item in cluster {
                if let Some(item) = items.get_mut(*item) {
                    item.pinned = true;
                }
            }
        }
        close(&mut items);
        Self { items, maker: self.maker.clone(), users: HashMap::new(), aliases: HashMap::new() }
    }
}

/// Finds all that must be finished before each statement.
fn close(items: &mut [Item]) {
    let mut all: Vec<BTreeSet<usize>> = Vec::with_capacity(items.len());
    for item in items {
        let mut ancestors = item.strong.clone();
        for before in &item.strong {
            ancestors.extend(all.get(*before).into_iter().flatten());
        }
        item.weak.retain(|weak| !ancestors.contains(weak));
        item.ancestors.clone_from(&ancestors);
        all.push(ancestors);
    }
}

/// Whether a region holds effects: they run to their end, though nothing uses the value of the region.
fn has_effects(value: &Value) -> bool {
    let block = |block: &Block| {
        block.stmts.iter().any(|stmt| {
            let effect = matches!(stmt.kind, StmtKind::Effect) && stmt.is_async;
            effect || Item::is_underscored(stmt) || has_effects(&stmt.value)
        })
    };
    match value {
        Value::If(found) => block(&found.then) || found.otherwise.as_ref().is_some_and(|(_, other)| block(other)),
        Value::Match(found) => found.arms.iter().any(|arm| block(&arm.body)),
        Value::For(found) => block(&found.body),
        Value::Loop(found) => block(&found.body),
        Value::Block(found) => block(found),
        Value::Plain(_) | Value::Step(_) | Value::Catch(_) | Value::Broken => false,
    }
}

impl Item {
    fn is_underscored(stmt: &Stmt) -> bool {
        match &stmt.kind {
            StmtKind::Let { pat, .. } => {
                names::bindings_of(pat).iter().all(|pat| pat.ident.to_string().starts_with('_'))
            }
            _ => false,
        }
    }

    fn of(stmt: &Stmt, twice: &impl Fn(&BindingId) -> bool) -> Self {
        let underscored = Self::is_underscored(stmt);
        let is_effect = matches!(stmt.kind, StmtKind::Effect) || underscored || has_effects(&stmt.value);
        Self {
            strong: BTreeSet::new(),
            weak: BTreeSet::new(),
            ancestors: BTreeSet::new(),
            is_async: stmt.is_async,
            is_tail: stmt.kind.is_tail(),
            is_effect,
            barrier: stmt.barrier,
            pinned: false,
            required: is_effect || stmt.kind.is_tail() || stmt.barrier,
            shadowed: stmt.defs.iter().any(twice) || stmt.uses.iter().any(|used| twice(&used.binding)),
        }
    }
}
