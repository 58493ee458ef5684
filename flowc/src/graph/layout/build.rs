//! From a scope of the graph to a grid: its cells, their sizes and the trunks between them.

use super::super::EdgeMode;
use super::super::label;
use super::super::text::{short, width};
use super::super::tree::{Course, Link, Scope, Tree};
use super::grid::{Cell, End, Grid, Kind, Trunk};
use super::scene::Region;

pub(super) const NAME_SIZE: f64 = 13.0;
pub(super) const NOTE_SIZE: f64 = 11.0;
/// Names are set a little bolder than the table of widths knows.
pub(super) const BOLD: f64 = 1.08;
const LONGEST: usize = 40;
pub(super) const LONGEST_NOTE: usize = 28;

/// What tells one entry of a lane from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Key<'a> {
    pub(super) from: usize,
    pub(super) value: &'a str,
    pub(super) mode: EdgeMode,
    pub(super) origin: Origin,
}

/// Where the value of an entry comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    /// From outside the region.
    Outside,
    /// From the region itself: an item, a part of a pattern.
    Region,
    /// From the round before.
    Round,
}

impl<'a> Key<'a> {
    pub(super) fn of(tree: &Tree<'a>, link: &Link<'a>) -> Self {
        let origin = match link.course {
            Course::Across | Course::Outward => Origin::Outside,
            Course::Inward if tree.carried(link) => Origin::Round,
            Course::Inward => Origin::Region,
        };
        Key { from: link.from, value: link.value, mode: link.mode, origin }
    }
}

/// The scopes that a link runs through, from inside out.
pub(super) fn scopes(tree: &Tree<'_>, link: &Link<'_>) -> Vec<Scope> {
    let last = match link.course {
        Course::Across => tree.scope(link.from),
        Course::Inward => Some((link.from, tree.lane_of(link.from, link.to))),
        Course::Outward => return vec![Some((link.to, tree.lane_of(link.to, link.from)))],
    };
    let mut scopes = vec![tree.scope(link.to)];
    while let Some(&Some((region, _))) = scopes.last().filter(|&&scope| scope != last) {
        scopes.push(tree.scope(region));
    }
    scopes
}

/// The grid of a scope, and the keys of its entries.
pub(super) fn grid<'a>(
    tree: &Tree<'a>,
    scope: Scope,
    links: &[&Link<'a>],
    regions: &[Option<Region<'a>>],
) -> (Grid, Vec<Key<'a>>) {
    let mut grid = Grid::default();
    let mut keys: Vec<Key<'a>> = Vec::new();
    // The entries come first: what enters a lane is read before what stands in it.
    for link in links {
        let key = Key::of(tree, link);
        if enters(tree, scope, link) && !keys.contains(&key) {
            grid.cells.push(Cell::new(Kind::Entry(keys.len()), 3.0, 0.0));
            keys.push(key);
        }
    }
    let first = grid.cells.len();
    let members: Vec<usize> = tree.members(scope).collect();
    for &index in &members {
        let (wide, high) = match regions.get(index) {
            Some(Some(region)) => (region.width, region.height),
            _ => leaf(tree, index),
        };
        grid.cells.push(Cell::new(Kind::Vertex(index), wide / 2.0, high));
    }
    let cell_of = |index: usize| members.binary_search(&index).ok().map(|place| first + place);
    let mut values: Vec<(usize, &str)> = Vec::new();
    for link in links {
        let key = Key::of(tree, link);
        let source = match link.course {
            _ if enters(tree, scope, link) => keys.iter().position(|own| *own == key),
            Course::Outward => tree.lift(link.from, scope).and_then(cell_of),
            _ => cell_of(link.from),
        };
        let Some(source) = source else { continue };
        let hint = label::edge_hint(tree.graph, link);
        let end = if link.course == Course::Outward {
            grid.cells.push(Cell::new(Kind::Exit { carried: tree.carried(link) }, 3.0, 0.0));
            Some(End { cell: grid.cells.len() - 1, port: None, hint })
        } else {
            let target = tree.lift(link.to, scope);
            target.and_then(cell_of).map(|cell| {
                let region = target.filter(|&target| target != link.to).and_then(|at| regions.get(at)?.as_ref());
                let port = region.map(|region| region.port(tree.lane_of(region.vertex, link.to), &key));
                End { cell, port, hint }
            })
        };
        let Some(end) = end else { continue };
        let text = match (link.course, enters(tree, scope, link)) {
            (Course::Inward, _) if scope.is_some_and(|(region, _)| region == link.from) => link.value.to_owned(),
            (_, true) => String::new(),
            _ => label::edge(tree.graph, link),
        };
        let found = values
            .iter()
            .zip(&grid.trunks)
            .position(|(&(own, value), trunk)| own == source && value == link.value && trunk.mode == link.mode);
        if let Some(trunk) = found.and_then(|at| grid.trunks.get_mut(at)) {
            if !trunk.ends.iter().any(|own| own.cell == end.cell && own.port == end.port) {
                trunk.ends.push(end);
            }
        } else {
            values.push((source, link.value));
            let label = short(&text, LONGEST_NOTE);
            let (mode, ends) = (link.mode, vec![end]);
            grid.trunks.push(Trunk { source, slot: 0.0, label, mode, ends, bends: Vec::new() });
        }
    }
    (grid, keys)
}

/// Whether a link comes into a scope from its top.
fn enters(tree: &Tree<'_>, scope: Scope, link: &Link<'_>) -> bool {
    match link.course {
        Course::Across => tree.scope(link.from) != scope,
        Course::Inward => true,
        Course::Outward => false,
    }
}

/// The texts of a vertex that is no region, cut to what a box holds.
pub(super) fn texts(tree: &Tree<'_>, index: usize) -> (String, String) {
    let (name, note) = tree.vertex(index).map(label::lines).unwrap_or_default();
    (short(&name, LONGEST), short(&note, LONGEST))
}

/// What the drawing adds to a vertex, cut to what a box holds.
pub(super) fn news(tree: &Tree<'_>, index: usize) -> String {
    short(tree.note(index), LONGEST)
}

fn leaf(tree: &Tree<'_>, index: usize) -> (f64, f64) {
    let (name, note) = texts(tree, index);
    let news = news(tree, index);
    let wide = (width(&name, NAME_SIZE) * BOLD).max(width(&note, NOTE_SIZE)).max(width(&news, NOTE_SIZE) * BOLD) + 36.0;
    let high = match [&note, &news].iter().filter(|text| !text.is_empty()).count() {
        0 => 34.0,
        1 => 48.0,
        _ => 64.0,
    };
    (wide.max(56.0), high)
}
