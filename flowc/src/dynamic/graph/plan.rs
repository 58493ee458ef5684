//! What a graph is made of while it is described, and what it becomes.

use super::call::Call;
use super::wire::{Value, Wire};
use crate::graph::{Edge, EdgeMode, GraphSpec, Vertex};

/// One thing that has a value: an input, a step, or what is made of others without a step.
pub(super) struct Entry<App> {
    pub(super) what: What<App>,
    /// The values it is made of.
    pub(super) wires: Vec<Wire>,
    /// Entries that must be done before, though nothing of them is used.
    pub(super) after: Vec<usize>,
    /// The vertices that its value comes from.
    pub(super) sources: Vec<u32>,
    /// The vertices that use a value: the entry it is of, and how they take it.
    pub(super) uses: Vec<(usize, u32, EdgeMode)>,
}

pub(super) enum What<App> {
    Input,
    Step(Box<dyn Call<App>>),
    /// A plain value: cheap, pure, made in place.
    Plain(Plain),
}

pub(super) type Plain = Box<dyn Fn(Vec<Value>) -> Option<Value> + Send + Sync>;

/// A graph that is ready to run.
pub(super) struct Plan<App> {
    pub(super) spec: &'static GraphSpec,
    pub(super) entries: Vec<Ready<App>>,
    /// The entry that the result is.
    pub(super) result: usize,
}

/// An [`Entry`] that knows who waits for whom.
pub(super) struct Ready<App> {
    pub(super) what: What<App>,
    pub(super) wires: Vec<Wire>,
    /// So many entries must be done before.
    pub(super) before: usize,
    /// The entries that wait for this one.
    pub(super) then: Vec<usize>,
}

/// Finds out who waits for whom: for the values that are used, and to take one for those that it was lent to.
pub(super) fn ordered<App>(entries: Vec<Entry<App>>) -> Vec<Ready<App>> {
    let mut lent = vec![Vec::new(); entries.len()];
    for (index, entry) in entries.iter().enumerate() {
        for wire in entry.wires.iter().filter(|wire| !wire.takes) {
            if let Some(lent) = lent.get_mut(wire.from) {
                lent.push(index);
            }
        }
    }
    let mut then = vec![Vec::new(); entries.len()];
    let mut before = Vec::with_capacity(entries.len());
    for (index, entry) in entries.iter().enumerate() {
        let borrowers = entry.wires.iter().filter(|wire| wire.takes).filter_map(|wire| lent.get(wire.from));
        let mut waits: Vec<usize> =
            entry.wires.iter().map(|wire| wire.from).chain(entry.after.iter().copied()).collect();
        waits.extend(borrowers.flatten());
        waits.sort_unstable();
        waits.dedup();
        // The inputs are there from the beginning.
        waits.retain(|from| entries.get(*from).is_some_and(|from| !matches!(from.what, What::Input)));
        before.push(waits.len());
        for from in waits {
            if let Some(then) = then.get_mut(from) {
                then.push(index);
            }
        }
    }
    let entries = entries.into_iter().zip(before).zip(then);
    entries.map(|((Entry { what, wires, .. }, before), then)| Ready { what, wires, before, then }).collect()
}

/// The edges of the description: from the vertices that values come from to those that use them.
pub(super) fn edges<App>(entries: &[Entry<App>], vertices: &[Vertex], result: usize, output: u32) -> Vec<Edge> {
    let mut edges = Vec::new();
    let result = (result, output, EdgeMode::Own);
    for (from, to, mode) in entries.iter().flat_map(|entry| &entry.uses).chain([&result]) {
        for from in entries.get(*from).into_iter().flat_map(|entry| &entry.sources) {
            let named = vertices.get(*from as usize).map_or("", |from| from.name);
            let value = if *mode == EdgeMode::Order { "" } else { named };
            let edge = Edge { from: *from, to: *to, value, mode: *mode };
            if !edges.contains(&edge) {
                edges.push(edge);
            }
        }
    }
    edges
}
