//! What each statement of a block waits for.

use std::collections::{BTreeSet, HashMap};

use super::home::{self, Need};
use super::order::{Item, Order};
use super::users::{self, Scope, User};
use crate::workflow::model::{BindingId, Block, Stmt, StmtKind, Value};
use crate::workflow::names;

/// The statements of one block, and how they use what they share.
pub(crate) struct Deps {
    pub(crate) order: Order,
    /// Who makes a binding.
    pub(crate) maker: HashMap<BindingId, usize>,
    /// Who uses it, in source order.
    pub(crate) users: HashMap<BindingId, Vec<User>>,
    /// Values that are kept in no slot.
    pub(crate) at_home: BTreeSet<BindingId>,
}

impl Deps {
    pub(crate) fn of(block: &Block, scope: &Scope<'_>) -> Self {
        let mut maker = HashMap::new();
        for (index, stmt) in block.stmts.iter().enumerate() {
            for made in &stmt.defs {
                maker.insert(*made, index);
            }
        }
        let users = users::users(block, scope);
        let names = made_twice(block, scope, &maker);
        let twice = |id: &BindingId| names.contains(&scope.name(*id));
        let items = block.stmts.iter().map(|stmt| Item::of(stmt, &twice)).collect();
        let mut order = Order { items, homeless: Vec::new() };
        for (index, stmt) in block.stmts.iter().enumerate() {
            for used in &stmt.uses {
                let (Some(made_by), Some(item)) = (maker.get(&used.binding), order.items.get_mut(index)) else {
                    continue;
                };
                if *made_by < index {
                    if used.strong { &mut item.strong } else { &mut item.weak }.insert(*made_by);
                }
            }
        }
        // Whoever takes a value waits for those who borrow it.
        for list in users.values() {
            for (taker, before) in users::waits(list) {
                if let Some(item) = order.items.get_mut(taker.item) {
                    if taker.strong { &mut item.strong } else { &mut item.weak }.insert(before);
                }
            }
        }
        let all: Vec<usize> = (0..order.items.len()).collect();
        let barriers: Vec<usize> =
            all.iter().copied().filter(|item| order.item(*item).is_some_and(|item| item.barrier)).collect();
        // What stands behind a `break` would have to be cancelled by it; a round with one waits for all that it began.
        if !barriers.is_empty() {
            order.items.iter_mut().for_each(|item| item.required = true);
        }
        let leaves = |item: usize| barriers.contains(&item);
        let mut rows = Vec::new();
        let mut at_home = BTreeSet::new();
        for (binding, list) in &users {
            let made_here = |mention: &users::Mentioned| mention.through.is_some_and(|id| maker.contains_key(&id));
            match home::need(list, maker.get(binding).copied(), scope.outermost, leaves, made_here) {
                Need::Nothing => continue,
                Need::Home(home) => order.homeless.push(home),
                Need::Row(takers) => rows.extend(takers),
            }
            at_home.insert(*binding);
        }
        order.homeless.sort_by(|one, two| one.items.cmp(&two.items));
        for item in &barriers {
            order.divide(*item, &all);
        }
        for item in &rows {
            order.stand_alone(*item, &all);
        }
        for item in order.homeless.iter().flat_map(|home| &home.items) {
            if let Some(item) = order.items.get_mut(*item) {
                item.pinned = true;
            }
        }
        order.close();
        Self { order, maker, users, at_home }
    }

    /// The one that takes the value in the end, if exactly one may.
    pub(crate) fn owner(&self, binding: BindingId) -> Option<&User> {
        let leaves = |item: usize| self.order.item(item).is_some_and(|item| item.barrier);
        users::owner(self.users.get(&binding)?, leaves)
    }

    /// Whether an async block may take what it needs of a binding from around the group.
    pub(crate) fn capture_does(&self, binding: BindingId) -> bool {
        self.users.get(&binding).is_some_and(|list| users::apart(list))
    }
}

/// Names that are made more than once: in the block, or around it and in it.
fn made_twice(block: &Block, scope: &Scope<'_>, maker: &HashMap<BindingId, usize>) -> BTreeSet<String> {
    let mut made_names: HashMap<String, usize> = HashMap::new();
    for stmt in &block.stmts {
        // What a loop carries is made once more by it under the same name, and stands in the same place.
        let pats = match &stmt.kind {
            StmtKind::Let { pat, .. } => names::bindings_of_let(pat),
            _ => Vec::new(),
        };
        for made in pats {
            *made_names.entry(made.ident.to_string()).or_default() += 1;
        }
    }
    let used = block.stmts.iter().flat_map(|stmt| &stmt.uses).filter(|used| !used.order);
    let outer: BTreeSet<String> =
        used.filter(|used| !maker.contains_key(&used.binding)).map(|used| scope.name(used.binding)).collect();
    made_names.into_iter().filter(|(name, count)| *count > 1 || outer.contains(name)).map(|(name, _)| name).collect()
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
                names::bindings_of_let(pat).iter().all(|pat| pat.ident.to_string().starts_with('_'))
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
            behind: BTreeSet::new(),
            is_async: stmt.is_async,
            is_tail: stmt.kind.is_tail(),
            is_effect,
            barrier: stmt.barrier,
            pinned: false,
            alone: false,
            required: is_effect || stmt.kind.is_tail() || stmt.barrier,
            shadowed: stmt.defs.iter().any(twice) || stmt.uses.iter().any(|used| twice(&used.binding)),
        }
    }
}
