//! Series, parallel, or strands.

use super::deps::Deps;

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
    /// One after the other, without a series in a series.
    fn seq(deps: &Deps, shapes: Vec<Shape>) -> Self {
        let mut flat = Vec::new();
        for shape in shapes {
            match shape {
                Self::Seq(inner) => flat.extend(inner),
                shape => flat.push(shape),
            }
        }
        Self::Seq(pieces(deps, flat))
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
fn pieces(deps: &Deps, mut series: Vec<Shape>) -> Vec<Shape> {
    let barrier = |shape: &Shape| shape.items().iter().any(|item| deps.item(*item).is_some_and(|found| found.barrier));
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
    pieces(deps, cut)
}

/// All statements in source order, as erroneous code is emitted.
pub(crate) fn sequential(count: usize) -> Shape {
    Shape::Seq((0..count).map(Shape::Item).collect())
}

/// Finds the shape of `items`, which are in source order. `typed` says whether the values that an item makes have a type
/// that can be written down, so that a strand may use them that stands before the one that makes them.
pub(crate) fn shape(deps: &Deps, mut items: Vec<usize>, typed: &dyn Fn(usize) -> bool) -> Shape {
    let mut front = Vec::new();
    let mut back = Vec::new();
    // What is computed in place goes before or after what waits, where it can.
    let mut index = 0;
    while let Some(item) = items.get(index).copied() {
        let free = !items.iter().any(|other| *other < item && deps.touches(item, *other));
        if is_plain(deps, item) && free {
            items.remove(index);
            front.push(Shape::Item(item));
        } else {
            index += 1;
        }
    }
    for index in (0..items.len()).rev() {
        let Some(item) = items.get(index).copied() else { continue };
        let needed = items.iter().any(|other| *other > item && deps.touches(*other, item));
        let last = deps.item(item).is_some_and(|found| found.required && (!found.is_effect || found.is_tail));
        if is_plain(deps, item) && !needed && last {
            items.remove(index);
            back.push(Shape::Item(item));
        }
    }
    back.reverse();
    let middle = match items.len() {
        0 => None,
        1 => items.first().map(|item| Shape::Item(*item)),
        _ => Some(waiting(deps, items, typed)),
    };
    if front.is_empty() && back.is_empty() {
        return middle.unwrap_or(Shape::Seq(Vec::new()));
    }
    front.extend(middle);
    front.extend(back);
    Shape::seq(deps, front)
}

fn is_plain(deps: &Deps, item: usize) -> bool {
    deps.item(item).is_some_and(|found| !found.is_async && !found.shadowed && !found.pinned)
}

fn waiting(deps: &Deps, items: Vec<usize>, typed: &dyn Fn(usize) -> bool) -> Shape {
    let segments = segments(deps, &items);
    if segments.len() > 1 {
        return Shape::seq(deps, segments.into_iter().map(|segment| shape(deps, segment, typed)).collect());
    }
    let components = components(deps, &items);
    if components.len() > 1 {
        let strands = components.into_iter().map(|component| Strand {
            optional: !component.iter().any(|item| is_required(deps, *item)),
            shape: shape(deps, component.clone(), typed),
            items: component,
        });
        return Shape::Group(Group { strands: strands.collect(), crossed: false });
    }
    strands(deps, &items, typed)
}

fn is_required(deps: &Deps, item: usize) -> bool {
    deps.item(item).is_some_and(|found| found.required)
}

/// Cuts where everything behind waits for everything before: a barrier there costs nothing.
fn segments(deps: &Deps, items: &[usize]) -> Vec<Vec<usize>> {
    let waiting: Vec<usize> =
        items.iter().copied().filter(|item| deps.item(*item).is_some_and(|found| found.is_async)).collect();
    // For each that waits: how many of the first ones it needs.
    let needs_first: Vec<usize> =
        waiting.iter().map(|item| waiting.iter().take_while(|before| deps.needs(*item, **before)).count()).collect();
    let mut cuts = Vec::new();
    let mut least = usize::MAX;
    for index in (1..waiting.len()).rev() {
        least = least.min(needs_first.get(index).copied().unwrap_or(0));
        let behind_required = waiting.iter().skip(index).any(|item| is_required(deps, *item));
        let before_required = waiting.iter().take(index).any(|item| is_required(deps, *item));
        if least >= index && (behind_required || !before_required) {
            cuts.extend(waiting.get(index).copied());
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
        let found = deps.item(*item);
        let in_place = found.is_none_or(|found| found.is_async || found.shadowed || found.is_effect);
        // A plain value is computed where it is first needed.
        let needed_in = placed.iter().filter(|(other, _)| deps.touches(*other, *item)).map(|(_, at)| *at).min();
        let at = if in_place {
            segment_of(*item)
        } else {
            needed_in.unwrap_or(cuts.len()).max(lowest(deps, *item, &waiting, segment_of))
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
fn lowest(deps: &Deps, item: usize, waiting: &[usize], segment_of: impl Fn(usize) -> usize) -> usize {
    waiting.iter().filter(|before| deps.needs(item, **before)).map(|before| segment_of(*before)).max().unwrap_or(0)
}

/// Pieces that have nothing to do with each other.
fn components(deps: &Deps, items: &[usize]) -> Vec<Vec<usize>> {
    let mut found: Vec<Vec<usize>> = Vec::new();
    for item in items {
        let (mut touching, apart): (Vec<_>, Vec<_>) =
            found.into_iter().partition(|piece: &Vec<usize>| piece.iter().any(|before| deps.touches(*item, *before)));
        let mut joined: Vec<usize> = touching.drain(..).flatten().collect();
        joined.push(*item);
        joined.sort_unstable();
        found = apart;
        found.push(joined);
    }
    found.sort_by_key(|piece| piece.first().copied());
    found
}

/// Covers the items by paths. An item follows another in a strand only if it waits for it anyway.
fn strands(deps: &Deps, items: &[usize], typed: &dyn Fn(usize) -> bool) -> Shape {
    let together = deps.together(items);
    if !together.is_empty() {
        let chained = deps.chained(&together);
        return cover(&chained, items, &together, typed);
    }
    cover(deps, items, &together, typed)
}

fn cover(deps: &Deps, items: &[usize], together: &[Vec<usize>], typed: &dyn Fn(usize) -> bool) -> Shape {
    let cluster_of = |item: usize| together.iter().find(|cluster| cluster.contains(&item));
    let mut strands: Vec<Vec<usize>> = Vec::new();
    let strand_of = |strands: &[Vec<usize>], item: usize| strands.iter().position(|strand| strand.contains(&item));
    for item in items {
        let Some(found) = deps.item(*item) else { continue };
        // rustc infers types in the order of the text: a value whose type is not written down must be made above.
        let floor = found
            .strong
            .iter()
            .chain(&found.weak)
            .filter(|before| !typed(**before))
            .filter_map(|before| strand_of(&strands, *before))
            .max()
            .unwrap_or(0);
        let own = cluster_of(*item);
        let begun = own.and_then(|cluster| cluster.first()).and_then(|first| strand_of(&strands, *first));
        if let Some(strand) = begun.and_then(|index| strands.get_mut(index)) {
            strand.push(*item);
            continue;
        }
        let fits = |(index, strand): &(usize, &Vec<usize>)| {
            // What must stay together is alone in its strand until it is complete.
            let open =
                |inside: &usize| cluster_of(*inside).and_then(|cluster| cluster.last()).is_some_and(|last| last > item);
            if own.is_some() || strand.iter().any(open) {
                return false;
            }
            let same = strand.first().is_some_and(|first| is_required(deps, *first) == found.required);
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
    let strands = in_text_order(deps, strands, typed);
    if let [_] = strands.as_slice() {
        return Shape::seq(deps, items.iter().map(|item| Shape::Item(*item)).collect());
    }
    let strands = strands.into_iter().map(|items| Strand {
        optional: !items.iter().any(|item| is_required(deps, *item)),
        shape: Shape::Seq(items.iter().map(|item| Shape::Item(*item)).collect()),
        items,
    });
    Shape::Group(Group { strands: strands.collect(), crossed: true })
}

/// Puts strands behind those that make the values they use and whose type is not written down, where that can be.
fn in_text_order(deps: &Deps, mut strands: Vec<Vec<usize>>, typed: &dyn Fn(usize) -> bool) -> Vec<Vec<usize>> {
    let mut ordered: Vec<Vec<usize>> = Vec::with_capacity(strands.len());
    while !strands.is_empty() {
        let waits = |strand: &Vec<usize>| {
            let uses = |before: usize| !typed(before) && strand.iter().any(|item| deps.touches(*item, before));
            strands.iter().filter(|other| *other != strand).flatten().any(|before| uses(*before))
        };
        let next = strands.iter().position(|strand| !waits(strand)).unwrap_or(0);
        ordered.push(strands.remove(next));
    }
    ordered
}
