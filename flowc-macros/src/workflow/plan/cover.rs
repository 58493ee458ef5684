//! Strands that hand values to each other.

use super::order::Order;
use super::shape::{Group, Shape, Strand, is_required, shape};

/// Covers the items by paths: an item follows another in a strand only if it waits for it anyway. What has to stay `together`
/// has a strand of its own, and a shape of its own in there.
pub(super) fn cover(order: &Order, items: &[usize], together: &[Vec<usize>], typed: &dyn Fn(usize) -> bool) -> Shape {
    let row_of = |item: usize| together.iter().find(|row| row.contains(&item));
    let mut strands: Vec<Vec<usize>> = Vec::new();
    let strand_of = |strands: &[Vec<usize>], item: usize| strands.iter().position(|strand| strand.contains(&item));
    for item in items {
        let Some(found) = order.item(*item) else { continue };
        // rustc infers types in the order of the text: a value whose type is not written down must be made above.
        let floor = found
            .strong
            .iter()
            .chain(&found.weak)
            .filter(|before| !typed(**before))
            .filter_map(|before| strand_of(&strands, *before))
            .max()
            .unwrap_or(0);
        let own = row_of(*item);
        let begun = own.and_then(|row| row.first()).and_then(|first| strand_of(&strands, *first));
        if let Some(strand) = begun.and_then(|index| strands.get_mut(index)) {
            strand.push(*item);
            continue;
        }
        let fits = |(index, strand): &(usize, &Vec<usize>)| {
            if own.is_some() || strand.iter().any(|inside| row_of(*inside).is_some()) {
                return false;
            }
            let same = strand.first().is_some_and(|first| is_required(order, *first) == found.required);
            *index >= floor && same && strand.last().is_some_and(|last| found.ancestors.contains(last))
        };
        let direct = |(_, strand): &(usize, &Vec<usize>)| strand.last().is_some_and(|last| found.strong.contains(last));
        let candidates: Vec<(usize, &Vec<usize>)> = strands.iter().enumerate().filter(fits).collect();
        let chosen = candidates.iter().find(|one| direct(one)).or(candidates.first()).map(|(index, _)| *index);
        match chosen.and_then(|index| strands.get_mut(index)) {
            Some(strand) => strand.push(*item),
            None => strands.push(vec![*item]),
        }
    }
    let strands = in_text_order(order, strands, typed);
    if let [_] = strands.as_slice() {
        return Shape::row(order, items);
    }
    let strands = strands.into_iter().map(|items| {
        let shape = if together.contains(&items) { shape(order, items.clone(), typed) } else { Shape::line(&items) };
        Strand { optional: !items.iter().any(|item| is_required(order, *item)), shape, items }
    });
    Shape::Group(Group { strands: strands.collect(), crossed: true })
}

/// Puts strands behind those that make the values they use and whose type is not written down. Those that give each other such
/// values become one.
fn in_text_order(order: &Order, mut strands: Vec<Vec<usize>>, typed: &dyn Fn(usize) -> bool) -> Vec<Vec<usize>> {
    let mut ordered: Vec<Vec<usize>> = Vec::with_capacity(strands.len());
    while !strands.is_empty() {
        let awaited = |strand: &Vec<usize>| {
            let uses = |before: usize| !typed(before) && strand.iter().any(|item| order.touches(*item, before));
            strands.iter().position(|other| other != strand && other.iter().any(|before| uses(*before)))
        };
        match strands.iter().position(|strand| awaited(strand).is_none()) {
            Some(next) => ordered.push(strands.remove(next)),
            None => {
                // Each waits for another: whoever is met twice on the way back stands in a circle.
                let mut way = vec![0];
                let circle = loop {
                    let next = way.last().and_then(|last| strands.get(*last)).and_then(&awaited).unwrap_or(0);
                    match way.iter().position(|seen| *seen == next) {
                        Some(from) => break way.split_off(from),
                        None => way.push(next),
                    }
                };
                let mut index = 0;
                let mut joined = Vec::new();
                strands.retain(|strand| {
                    let inside = circle.contains(&index);
                    if inside {
                        joined.extend(strand);
                    }
                    index += 1;
                    !inside
                });
                joined.sort_unstable();
                strands.push(joined);
            }
        }
    }
    ordered
}
