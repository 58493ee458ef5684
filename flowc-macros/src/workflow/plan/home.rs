//! Values that rustc lets two strands share in no slot: parts of them are taken, or they are taken after something that may
//! point into them was made. Such a value stays a plain `let` in one row, which is its home. All that name it stand in
//! that row or in groups inside it, and those that take it divide the row, so that whatever runs beside them neither
//! borrows what they take nor takes what others use.

use super::order::Order;
use super::users::{self, Mentioned, User};

/// A value that needs a home, and who names it.
#[derive(Clone)]
pub(crate) struct Home {
    /// Who makes it, names it, or names what may point into it; in source order.
    pub(crate) items: Vec<usize>,
    maker: Option<usize>,
    takers: Vec<Taker>,
}

#[derive(Clone)]
struct Taker {
    item: usize,
    /// The last one before it that names what it takes.
    after: Option<usize>,
    /// It names what it takes in another way as well, so that it can be in no strand beside others.
    alone: bool,
}

/// How a value is to be treated.
pub(crate) enum Need {
    /// A slot, or a capture, does.
    Nothing,
    Home(Home),
    /// It is from around the block, and what is left of it may be used behind the block: those that take it stand in the
    /// row of the block.
    Row(Vec<usize>),
}

/// What the value needs that `list` uses. `made_here` says whether a statement of the block makes a binding.
pub(crate) fn need(
    list: &[User],
    maker: Option<usize>,
    outermost: bool,
    leaves: impl Fn(usize) -> bool,
    made_here: impl Fn(&Mentioned) -> bool,
) -> Need {
    let takers = users::takers(list, leaves);
    if takers.is_empty() {
        return Need::Nothing;
    }
    let mentions = || list.iter().flat_map(|user| &user.mentions);
    let pointed_into = mentions().any(|mention| mention.through.is_some());
    let last = users::last(list).map(|user| user.item);
    let part_before = takers.iter().any(|(user, mention)| !mention.part.is_empty() && Some(user.item) != last);
    let only_part = maker.is_none() && takers.iter().all(|(_, mention)| !mention.part.is_empty());
    if !(pointed_into || part_before || only_part) || (!pointed_into && maker.is_none() && users::apart(list)) {
        return Need::Nothing;
    }
    let whole_named = |taken: &Mentioned| mentions().any(|mention| mention.is_around(taken));
    let from_outside = mentions().any(|mention| mention.through.is_some() && !made_here(mention));
    if maker.is_none() && !outermost && (from_outside || takers.iter().any(|(_, taken)| whole_named(taken))) {
        return Need::Row(takers.iter().map(|(user, _)| user.item).collect());
    }
    let mut items: Vec<usize> = list.iter().map(|user| user.item).chain(maker).collect();
    items.sort_unstable();
    items.dedup();
    let takers = takers.iter().map(|(user, taken)| {
        let before = list.iter().filter(|other| other.item < user.item);
        let after = before.rev().find(|other| other.mentions.iter().any(|other| other.meets(taken)));
        let after = after.map(|other| other.item);
        let alone = user.mentions.iter().any(|other| other.through.is_some() || other.is_around(taken));
        Taker { item: user.item, after, alone }
    });
    Need::Home(Home { items, maker, takers: takers.collect() })
}

impl Order {
    /// Statements of `items` that have to stay in one row. Each list is in source order.
    pub(crate) fn together(&self, items: &[usize]) -> Vec<Vec<usize>> {
        let mut apart: Vec<Vec<usize>> = Vec::new();
        for home in &self.homeless {
            let row: Vec<usize> = home.items.iter().copied().filter(|item| items.contains(item)).collect();
            if row.len() < 2 {
                continue;
            }
            // Those that share a statement are one.
            let (meeting, mut others): (Vec<_>, Vec<_>) =
                apart.into_iter().partition(|other: &Vec<usize>| other.iter().any(|item| row.contains(item)));
            let mut joined: Vec<usize> = meeting.into_iter().flatten().chain(row).collect();
            joined.sort_unstable();
            joined.dedup();
            others.push(joined);
            apart = others;
        }
        apart
    }

    /// The same, where `row` is the home of all that is used nowhere else.
    pub(crate) fn settled(&self, row: &[usize]) -> Self {
        let mut order = self.clone();
        let lives_here = |home: &Home| home.items.iter().any(|item| row.contains(item));
        let (here, elsewhere): (Vec<Home>, _) = order.homeless.into_iter().partition(lives_here);
        order.homeless = elsewhere;
        for item in here.iter().flat_map(|home| &home.items) {
            if let Some(item) = order.items.get_mut(*item) {
                item.pinned = false;
            }
        }
        for home in &here {
            if let Some(maker) = home.maker {
                order.stand_alone(maker, row);
            }
            let mut cuts: Vec<usize> = Vec::new();
            for taker in &home.takers {
                let is_between = |after: usize| cuts.iter().any(|cut| after < *cut && *cut <= taker.item);
                if taker.alone {
                    order.stand_alone(taker.item, row);
                    cuts.push(taker.item);
                } else if taker.after.is_some_and(|after| !is_between(after)) {
                    cuts.push(taker.item);
                    let (before, behind) = row.split_at(row.partition_point(|item| *item < taker.item));
                    for item in behind {
                        if let Some(item) = order.items.get_mut(*item) {
                            item.strong.extend(before);
                        }
                    }
                    if let Some(item) = order.items.get_mut(taker.item) {
                        item.alone = true;
                    }
                }
            }
        }
        order.close();
        order
    }
}
