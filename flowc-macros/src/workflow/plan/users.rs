//! Who uses a binding, how, and who may have to wait for whom because of it.

use std::collections::HashMap;

use crate::workflow::model::{BindingId, Block, Stmt, StmtKind, Use, Value};
use crate::workflow::walk;

/// A statement that uses a binding.
pub(crate) struct User {
    pub(crate) item: usize,
    pub(crate) strong: bool,
    pub(crate) mentions: Vec<Mentioned>,
}

/// One place in a statement that names a binding, or what borrows from it.
#[derive(Clone)]
pub(crate) struct Mentioned {
    pub(crate) own: bool,
    pub(crate) sure: bool,
    pub(crate) part: Vec<String>,
}

impl User {
    pub(crate) fn owns(&self) -> bool {
        self.mentions.iter().any(|mention| mention.own)
    }
}

impl Mentioned {
    fn meets(&self, other: &Self) -> bool {
        self.part.iter().zip(&other.part).all(|(one, two)| one == two)
    }

    /// It took what `later` names again: that was a copy.
    fn copies(&self, later: &Self) -> bool {
        self.sure && later.part.starts_with(&self.part)
    }
}

/// All users of all bindings, each list in source order; and what the `let r = &x;` of the block borrow from.
pub(crate) fn users(block: &Block) -> (HashMap<BindingId, Vec<User>>, HashMap<BindingId, Use>) {
    let mut users: HashMap<BindingId, Vec<User>> = HashMap::new();
    let mut aliases: HashMap<BindingId, Use> = HashMap::new();
    for (index, stmt) in block.stmts.iter().enumerate() {
        for used in stmt.uses.iter().filter(|used| !used.order) {
            note(&mut users, index, used, used.clone());
            // Whoever uses a reference uses what it borrows from.
            let mut through = aliases.get(&used.binding);
            while let Some(root) = through {
                note(&mut users, index, used, root.clone());
                through = aliases.get(&root.binding);
            }
        }
        if let Some((alias, root)) = alias(stmt) {
            aliases.insert(alias, root);
        }
    }
    (users, aliases)
}

fn note(users: &mut HashMap<BindingId, Vec<User>>, item: usize, by: &Use, used: Use) {
    let list = users.entry(used.binding).or_default();
    let mention = Mentioned { own: used.own, sure: used.sure, part: used.part };
    match list.last_mut() {
        Some(last) if last.item == item => {
            last.strong |= by.strong;
            last.mentions.push(mention);
        }
        _ => list.push(User { item, strong: by.strong, mentions: vec![mention] }),
    }
}

/// `let r = &x;`: what it makes, and how it uses what it borrows from.
fn alias(stmt: &Stmt) -> Option<(BindingId, Use)> {
    let (StmtKind::Let { .. }, Value::Plain(syn::Expr::Reference(reference)), [made]) =
        (&stmt.kind, &stmt.value, stmt.defs.as_slice())
    else {
        return None;
    };
    walk::part_of(&reference.expr)?;
    let root = stmt.uses.iter().find(|used| !used.order)?;
    Some((*made, root.clone()))
}

/// The mentions after which nothing of what they name is named any more: whoever may own there gets the value itself.
fn terminal(list: &[User]) -> impl Iterator<Item = (&User, &Mentioned)> {
    list.iter().enumerate().flat_map(move |(index, user)| {
        let later = list.get(index + 1..).unwrap_or_default();
        user.mentions
            .iter()
            .filter(move |mention| {
                mention.own && !later.iter().flat_map(|user| &user.mentions).any(|other| other.meets(mention))
            })
            .map(move |mention| (user, mention))
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

/// The one that takes the value in the end, if exactly one may. `leaves` says whether a statement may leave the block.
pub(crate) fn owner(list: &[User], leaves: impl Fn(usize) -> bool) -> Option<&User> {
    (!in_parts(list)).then(|| taken_last(list, leaves).next().map(|(user, _)| user)).flatten()
}

/// Whether nothing but a part of the value is taken in the end: what is left of it may be less than the whole.
pub(crate) fn part_last(list: &[User]) -> bool {
    let mut taken = taken_last(list, |_| false).peekable();
    taken.peek().is_some() && taken.all(|(_, mention)| !mention.part.is_empty())
}

/// Whether the last one takes the value, or a part of it, for certain.
pub(crate) fn sure_last(list: &[User]) -> bool {
    taken_last(list, |_| false).any(|(_, mention)| mention.sure)
}

/// What the last one takes. What another took before, and is here all the same, is a copy.
fn taken_last(list: &[User], leaves: impl Fn(usize) -> bool) -> impl Iterator<Item = (&User, &Mentioned)> {
    let (last, before) = list.split_last().map_or((None, &[][..]), |(last, before)| (Some(last), before));
    let before: Vec<&User> = before.iter().filter(|user| !leaves(user.item)).collect();
    last.into_iter().flat_map(|last| last.mentions.iter().map(move |mention| (last, mention))).filter(
        move |(_, mention)| {
            let copied = |other: &Mentioned| other.copies(mention);
            mention.own && !before.iter().flat_map(|user| &user.mentions).any(copied)
        },
    )
}

/// Whether parts of the value may be taken, one after the other.
pub(crate) fn in_parts(list: &[User]) -> bool {
    let last = list.last().map(|user| user.item);
    terminal(list).any(|(user, mention)| !mention.part.is_empty() && Some(user.item) != last)
}

/// Whether two statements use what they share so that both may do so at once in strands of their own.
pub(crate) fn apart(list: &[User]) -> bool {
    list.iter().enumerate().all(|(index, user)| {
        list.iter().skip(index + 1).all(|later| {
            user.mentions.iter().all(|one| later.mentions.iter().all(|two| !(one.own || two.own) || !one.meets(two)))
        })
    })
}
