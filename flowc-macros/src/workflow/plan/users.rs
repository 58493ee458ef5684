//! Who uses a binding, how, and who may have to wait for whom because of it.

use std::collections::{HashMap, HashSet};

use crate::workflow::model::{Binding, BindingId, Block, Root, Stmt};

/// A statement that uses a binding.
pub(crate) struct User {
    pub(crate) item: usize,
    pub(crate) strong: bool,
    pub(crate) mentions: Vec<Mentioned>,
}

/// One place in a statement that names a binding, or what points into it.
#[derive(Clone)]
pub(crate) struct Mentioned {
    pub(crate) own: bool,
    pub(crate) sure: bool,
    pub(crate) part: Vec<String>,
    /// It is another binding that is named, which may point into this one.
    pub(crate) through: Option<BindingId>,
}

/// What is known of the bindings that a block uses.
pub(crate) struct Scope<'f> {
    pub(crate) bindings: &'f [Binding],
    pub(crate) mutable: &'f HashSet<BindingId>,
    /// Bindings before this one are from around a `for`: its items can only look at them.
    pub(crate) fixed: usize,
    /// Bindings before this one are from around a `loop`: only where it ends can those be taken that it does not carry.
    pub(crate) around: usize,
    /// It is the body of the workflow: nothing uses a value behind it.
    pub(crate) outermost: bool,
}

impl Scope<'_> {
    fn may_take(&self, binding: BindingId, stmt: &Stmt, block: &Block) -> bool {
        let carried = binding.0 >= self.around || self.mutable.contains(&binding);
        binding.0 >= self.fixed && (carried || stmt.barrier || block.leaves())
    }

    fn roots(&self, binding: BindingId) -> &[Root] {
        self.bindings.get(binding.0).map(|binding| binding.roots.as_slice()).unwrap_or_default()
    }

    pub(crate) fn name(&self, binding: BindingId) -> String {
        self.bindings.get(binding.0).map(|binding| binding.name.to_string()).unwrap_or_default()
    }
}

impl User {
    pub(crate) fn is_direct(&self) -> bool {
        self.mentions.iter().any(|mention| mention.through.is_none())
    }
}

impl Mentioned {
    pub(crate) fn meets(&self, other: &Self) -> bool {
        self.part.iter().zip(&other.part).all(|(one, two)| one == two)
    }

    /// It took what `later` names again: that was a copy.
    fn copies(&self, later: &Self) -> bool {
        self.sure && later.part.starts_with(&self.part)
    }

    /// It names more than the part that `other` names.
    pub(crate) fn is_around(&self, other: &Self) -> bool {
        self.part.len() < other.part.len() && other.part.starts_with(&self.part)
    }
}

/// All users of all bindings, each list in source order. Who uses a reference uses what it points into.
pub(crate) fn users(block: &Block, scope: &Scope<'_>) -> HashMap<BindingId, Vec<User>> {
    let mut users: HashMap<BindingId, Vec<User>> = HashMap::new();
    for (index, stmt) in block.stmts.iter().enumerate() {
        for used in stmt.uses.iter().filter(|used| !used.order) {
            let own = used.own && scope.may_take(used.binding, stmt, block);
            let direct = Mentioned { own, sure: own && used.sure, part: used.part.clone(), through: None };
            note(&mut users, used.binding, index, used.strong, direct);
            for root in scope.roots(used.binding) {
                let through = Some(used.binding);
                let mention = Mentioned { own: false, sure: false, part: root.part.clone(), through };
                note(&mut users, root.binding, index, used.strong, mention);
            }
        }
    }
    users
}

fn note(users: &mut HashMap<BindingId, Vec<User>>, binding: BindingId, item: usize, strong: bool, mention: Mentioned) {
    let list = users.entry(binding).or_default();
    match list.last_mut() {
        Some(last) if last.item == item => {
            last.strong |= strong;
            last.mentions.push(mention);
        }
        _ => list.push(User { item, strong, mentions: vec![mention] }),
    }
}

/// The mentions after which nothing of what they name is named any more: whoever may own there gets the value itself. What
/// points into it may be named later all the same: then it does not point there, or the value was copied.
fn terminal(list: &[User]) -> impl Iterator<Item = (&User, &Mentioned)> {
    list.iter().enumerate().flat_map(move |(index, user)| {
        let later = list.get(index + 1..).unwrap_or_default();
        let named = |mention: &Mentioned| {
            let mut others = later.iter().flat_map(|user| &user.mentions);
            others.any(|other| other.through.is_none() && other.meets(mention))
        };
        user.mentions.iter().filter(move |mention| mention.own && !named(mention)).map(move |mention| (user, mention))
    })
}

/// Who takes a value, or a part of it, and whom it has to wait for.
pub(crate) fn waits(list: &[User]) -> Vec<(&User, usize)> {
    let mut found = Vec::new();
    for (taker, mention) in terminal(list) {
        for user in list.iter().take_while(|user| user.item < taker.item) {
            // What was taken whole before, and is here all the same, is a copy.
            let looks = |other: &Mentioned| other.meets(mention) && !other.copies(mention);
            if user.mentions.iter().any(looks) {
                found.push((taker, user.item));
            }
        }
    }
    found
}

/// Who takes the value or a part of it, and for whom that is no copy. `leaves` says whether a statement may leave the block.
pub(crate) fn takers(list: &[User], leaves: impl Fn(usize) -> bool) -> Vec<(&User, &Mentioned)> {
    let copied = |taker: &User, mention: &Mentioned| {
        let before = list.iter().filter(|user| user.item < taker.item && !leaves(user.item));
        before.flat_map(|user| &user.mentions).any(|other| other.copies(mention))
    };
    terminal(list).filter(|(user, mention)| !copied(user, mention)).collect()
}

/// The one that takes the value in the end, if exactly one may: nobody before it takes a part.
pub(crate) fn owner(list: &[User], leaves: impl Fn(usize) -> bool) -> Option<&User> {
    let last = last(list)?;
    let takers = takers(list, leaves);
    let takes_a_part = |(user, mention): &(&User, &Mentioned)| !mention.part.is_empty() && user.item != last.item;
    (!takers.iter().any(takes_a_part) && takers.iter().any(|(user, _)| user.item == last.item)).then_some(last)
}

/// The last one that names the value itself.
pub(crate) fn last(list: &[User]) -> Option<&User> {
    list.iter().rev().find(|user| user.is_direct())
}

/// Whether two statements use what they share so that both may do so at once in strands of their own.
pub(crate) fn apart(list: &[User]) -> bool {
    list.iter().enumerate().all(|(index, user)| {
        list.iter().skip(index + 1).all(|later| {
            user.mentions.iter().all(|one| later.mentions.iter().all(|two| !(one.own || two.own) || !one.meets(two)))
        })
    })
}
