//! Series, parallel, or strands.

use super::cover::cover;
use super::order::Order;

/// How some statements of a block run.
pub(crate) enum Shape {
    /// One statement.
    Item(usize),
    /// One after the other.
    Seq(Vec<Shape>),
    /// Side by side.
    Group(Group),
}

/// Strands side by side.
pub(crate) struct Group {
    pub(crate) strands: Vec<Strand>,
    /// The strands hand values to each other.
    pub(crate) crossed: bool,
}

pub(crate) struct Strand {
    pub(crate) shape: Shape,
    /// In source order.
    pub(crate) items: Vec<usize>,
    /// Nothing waits for it: it is cancelled when the others are done.
    pub(crate) optional: bool,
}

impl Shape {
    /// Statements one after the other, however many.
    pub(super) fn line(items: &[usize]) -> Self {
        Self::Seq(items.iter().map(|item| Self::Item(*item)).collect())
    }

    /// Statements one after the other.
    pub(super) fn row(order: &Order, items: &[usize]) -> Self {
        Self::seq(order, items.iter().map(|item| Self::Item(*item)).collect())
    }

    /// One after the other, without a series in a series.
    fn seq(order: &Order, shapes: Vec<Shape>) -> Self {
        let mut flat = Vec::new();
        for shape in shapes {
            match shape {
                Self::Seq(inner) => flat.extend(inner),
                shape => flat.push(shape),
            }
        }
        Self::Seq(pieces(order, flat))
    }

    fn items(&self) -> Vec<usize> {
        let mut found = match self {
            Self::Item(item) => vec![*item],
            Self::Seq(shapes) => shapes.iter().flat_map(Self::items).collect(),
            Self::Group(group) => group.strands.iter().flat_map(|strand| strand.items.clone()).collect(),
        };
        found.sort_unstable();
        found
    }

    /// Some of it runs side by side.
    pub(crate) fn has_groups(&self) -> bool {
        match self {
            Self::Item(_) => false,
            Self::Seq(shapes) => shapes.iter().any(Self::has_groups),
            Self::Group(_) => true,
        }
    }

    /// The statement that runs last, if it is one alone.
    pub(crate) fn last_item(&self) -> Option<usize> {
        match self {
            Self::Item(item) => Some(*item),
            Self::Seq(shapes) => shapes.last().and_then(Self::last_item),
            Self::Group(_) => None,
        }
    }
}

/// How many in a row stay in one async block.
const PIECE: usize = 16;

/// rustc's time for one async block grows with the square of its awaits: a long series is cut into blocks of its own.
fn pieces(order: &Order, mut series: Vec<Shape>) -> Vec<Shape> {
    let barrier = |shape: &Shape| shape.items().iter().any(|item| order.item(*item).is_some_and(|found| found.barrier));
    if series.len() <= 2 * PIECE || series.iter().any(barrier) {
        return series;
    }
    // The last one stays: it may be the value of the block.
    let last = series.pop();
    let mut cut = Vec::new();
    let mut rest = series.into_iter().peekable();
    while rest.peek().is_some() {
        let piece: Vec<Shape> = rest.by_ref().take(PIECE).collect();
        let shape = Shape::Seq(piece);
        let items = shape.items();
        cut.push(Shape::Group(Group { strands: vec![Strand { shape, items, optional: false }], crossed: false }));
    }
    cut.extend(last);
    pieces(order, cut)
}

/// All statements in source order, as erroneous code is emitted.
pub(crate) fn sequential(count: usize) -> Shape {
    Shape::Seq((0..count).map(Shape::Item).collect())
}

/// Finds the shape of `items`, which are in source order. `typed` says whether the values that an item makes have a type
/// that can be written down, so that a strand may use them that stands before the one that makes them.
pub(crate) fn shape(order: &Order, mut items: Vec<usize>, typed: &dyn Fn(usize) -> bool) -> Shape {
    let mut front = Vec::new();
    let mut back = Vec::new();
    // What is computed in place goes before or after what waits, where it can.
    let mut index = 0;
    while let Some(item) = items.get(index).copied() {
        let free = !items.iter().any(|other| *other < item && order.follows(item, *other));
        if is_plain(order, item) && free {
            items.remove(index);
            front.push(Shape::Item(item));
        } else {
            index += 1;
        }
    }
    for index in (0..items.len()).rev() {
        let Some(item) = items.get(index).copied() else { continue };
        let needed = items.iter().any(|other| *other > item && order.follows(*other, item));
        let last = order.item(item).is_some_and(|found| found.required && (!found.is_effect || found.is_tail));
        if is_plain(order, item) && !needed && last {
            items.remove(index);
            back.push(Shape::Item(item));
        }
    }
    back.reverse();
    let idle = !items.is_empty() && !items.iter().any(|item| is_required(order, *item));
    let ends_without = order.items.len() == items.len() + front.len() + back.len()
        || front.iter().chain(&back).flat_map(Shape::items).any(|item| is_required(order, item));
    let middle = match items.len() {
        0 => None,
        1 => items.first().map(|item| Shape::Item(*item)),
        _ => Some(waiting(order, &items, typed)),
    };
    // What nobody waits for runs beside the end of the block, which is there already.
    let middle = middle.map(|shape| if idle && ends_without { beside_the_end(shape) } else { shape });
    if front.is_empty() && back.is_empty() {
        return middle.unwrap_or(Shape::Seq(Vec::new()));
    }
    front.extend(middle);
    front.extend(back);
    Shape::seq(order, front)
}

fn beside_the_end(shape: Shape) -> Shape {
    let end = Strand { shape: Shape::Seq(Vec::new()), items: Vec::new(), optional: false };
    let items = shape.items();
    Shape::Group(Group { strands: vec![end, Strand { shape, items, optional: true }], crossed: false })
}

fn is_plain(order: &Order, item: usize) -> bool {
    order.item(item).is_some_and(|found| !found.is_async && !found.shadowed && !found.pinned && !found.alone)
}

fn waiting(order: &Order, items: &[usize], typed: &dyn Fn(usize) -> bool) -> Shape {
    if !items.iter().any(|item| order.item(*item).is_some_and(|found| found.is_async)) {
        return Shape::row(order, items);
    }
    let together = order.together(items);
    if together.first().is_some_and(|row| row == items) {
        return shape(&order.settled(items), items.to_vec(), typed);
    }
    let segments = segments(order, items, &together);
    if segments.len() > 1 {
        return Shape::seq(order, segments.into_iter().map(|segment| shape(order, segment, typed)).collect());
    }
    // What is computed in place after a step that stands alone stands in the row as well.
    let mut steps = items.iter().filter_map(|item| order.item(*item)).filter(|found| found.is_async || found.alone);
    if let (Some(found), None) = (steps.next(), steps.next()) {
        if found.alone {
            return Shape::row(order, items);
        }
    }
    let components = components(order, items, &together);
    if components.len() > 1 {
        let strands = components.into_iter().map(|component| Strand {
            optional: !component.iter().any(|item| is_required(order, *item)),
            shape: shape(order, component.clone(), typed),
            items: component,
        });
        return Shape::Group(Group { strands: strands.collect(), crossed: false });
    }
    cover(order, items, &together, typed)
}

pub(super) fn is_required(order: &Order, item: usize) -> bool {
    order.item(item).is_some_and(|found| found.required)
}

/// Cuts where everything behind waits for everything before: a barrier there costs nothing.
fn segments(order: &Order, items: &[usize], together: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let waits = |item: &usize| order.item(*item).is_some_and(|found| found.is_async || found.alone);
    let waiting: Vec<usize> = items.iter().copied().filter(waits).collect();
    // For each that waits: how many of the first ones it needs.
    let needs_first: Vec<usize> =
        waiting.iter().map(|item| waiting.iter().take_while(|before| order.needs(*item, **before)).count()).collect();
    let mut cuts = Vec::new();
    let mut least = usize::MAX;
    for index in (1..waiting.len()).rev() {
        least = least.min(needs_first.get(index).copied().unwrap_or(0));
        let behind_required = waiting.iter().skip(index).any(|item| is_required(order, *item));
        let before_required = waiting.iter().take(index).any(|item| is_required(order, *item));
        let cut = waiting.get(index).copied();
        let parts = |row: &Vec<usize>| row.first().copied() < cut && cut <= row.last().copied();
        // What has to stand alone does, even where that delays the end of the block.
        let alone = waiting.iter().skip(index - 1).take(2).any(|item| order.item(*item).is_some_and(|item| item.alone));
        if least >= index && (alone || behind_required || !before_required) && !together.iter().any(parts) {
            cuts.extend(cut);
        }
    }
    cuts.reverse();
    if cuts.is_empty() {
        return vec![items.to_vec()];
    }
    let segment_of = |item: usize| cuts.iter().filter(|cut| **cut <= item).count();
    let mut segments: Vec<Vec<usize>> = vec![Vec::new(); cuts.len() + 1];
    let mut placed: Vec<(usize, usize)> = Vec::new();
    for item in items.iter().rev() {
        let found = order.item(*item);
        let in_row = together.iter().any(|row| row.contains(item));
        let in_place =
            in_row || found.is_none_or(|found| found.is_async || found.alone || found.shadowed || found.is_effect);
        // A plain value is computed where it is first needed.
        let needed_in = placed.iter().filter(|(other, _)| order.follows(*other, *item)).map(|(_, at)| *at).min();
        let at = if in_place {
            segment_of(*item)
        } else {
            needed_in.unwrap_or(cuts.len()).max(lowest(order, *item, &waiting, segment_of))
        };
        placed.push((*item, at));
    }
    for (item, at) in placed.into_iter().rev() {
        if let Some(segment) = segments.get_mut(at) {
            segment.push(item);
        }
    }
    segments.retain(|segment| !segment.is_empty());
    segments
}

/// The first segment in which everything that `item` needs has been there.
fn lowest(order: &Order, item: usize, waiting: &[usize], segment_of: impl Fn(usize) -> usize) -> usize {
    waiting.iter().filter(|before| order.needs(item, **before)).map(|before| segment_of(*before)).max().unwrap_or(0)
}

/// Pieces that have nothing to do with each other.
fn components(order: &Order, items: &[usize], together: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let mut found: Vec<Vec<usize>> = Vec::new();
    for item in items {
        let row = together.iter().find(|row| row.contains(item));
        let meets = |before: &usize| order.touches(*item, *before) || row.is_some_and(|row| row.contains(before));
        let (mut touching, apart): (Vec<_>, Vec<_>) =
            found.into_iter().partition(|piece: &Vec<usize>| piece.iter().any(meets));
        let mut joined: Vec<usize> = touching.drain(..).flatten().collect();
        joined.push(*item);
        joined.sort_unstable();
        found = apart;
        found.push(joined);
    }
    found.sort_by_key(|piece| piece.first().copied());
    found
}
