//! The small points inside a region where values enter and leave a lane, for the formats that leave the
//! layout to another program: these cannot draw an edge between a region and what stands in it.

use super::VertexKind;
use super::tree::{Course, Link, Tree, lanes};

/// The points of every lane of a graph.
pub(super) struct Ports<'a> {
    pub(super) entries: Vec<Entry<'a>>,
    pub(super) exits: Vec<(usize, usize)>,
}

/// Where a value of the region itself enters a lane: an item, a part of a pattern, a carried value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Entry<'a> {
    pub(super) region: usize,
    pub(super) lane: usize,
    pub(super) value: &'a str,
}

impl<'a> Ports<'a> {
    pub(super) fn new(tree: &Tree<'a>) -> Self {
        let mut ports = Ports { entries: Vec::new(), exits: Vec::new() };
        for link in &tree.links {
            match link.course {
                Course::Inward => ports.enter(entry(tree, link)),
                Course::Outward => ports.leave((link.to, tree.lane_of(link.to, link.from))),
                Course::Across => {}
            }
        }
        // A loop always has both, for the edge that leads back.
        for (region, vertex) in tree.graph.vertices.iter().enumerate() {
            if matches!(vertex.kind, VertexKind::Loop { .. }) && lanes(vertex) > 0 {
                if !ports.entries.iter().any(|entry| entry.region == region) {
                    ports.enter(Entry { region, lane: 0, value: "" });
                }
                ports.leave((region, 0));
            }
        }
        ports
    }

    fn enter(&mut self, entry: Entry<'a>) {
        if !self.entries.contains(&entry) {
            self.entries.push(entry);
        }
    }

    fn leave(&mut self, exit: (usize, usize)) {
        if !self.exits.contains(&exit) {
            self.exits.push(exit);
        }
    }

    /// The names of the two ends of a link in the drawn graph.
    pub(super) fn ends(&self, tree: &Tree<'a>, link: &Link<'a>) -> (String, String) {
        match link.course {
            Course::Across => (vertex(link.from), vertex(link.to)),
            Course::Inward => (self.entry_name(&entry(tree, link)), vertex(link.to)),
            Course::Outward => (vertex(link.from), exit_name((link.to, tree.lane_of(link.to, link.from)))),
        }
    }

    /// The entries of a lane, with their names.
    pub(super) fn entries_of(&self, region: usize, lane: usize) -> impl Iterator<Item = (String, &Entry<'a>)> {
        let inside = move |entry: &&Entry<'a>| entry.region == region && entry.lane == lane;
        self.entries.iter().filter(inside).map(|entry| (self.entry_name(entry), entry))
    }

    fn entry_name(&self, entry: &Entry<'a>) -> String {
        let number = self.entries.iter().position(|own| own == entry).unwrap_or_default();
        format!("in{number}")
    }

    /// For each loop the names of its exit and of its entry, between which the next round begins.
    pub(super) fn rounds(&self, tree: &Tree<'a>) -> Vec<(String, String)> {
        let regions = tree.graph.vertices.iter().enumerate();
        let loops = regions.filter(|(_, vertex)| matches!(vertex.kind, VertexKind::Loop { .. }));
        loops
            .filter_map(|(region, _)| {
                let (entry, _) = self.entries_of(region, 0).next()?;
                Some((exit_name((region, 0)), entry))
            })
            .collect()
    }

    /// Unseen edges that keep the entry of a loop above its body and the exits of a lane below it.
    pub(super) fn guides(&self, tree: &Tree<'a>) -> Vec<(String, String)> {
        let mut guides = Vec::new();
        for (region, vertex_of_region) in tree.graph.vertices.iter().enumerate() {
            let (true, Some((entry, _))) =
                (matches!(vertex_of_region.kind, VertexKind::Loop { .. }), self.entries_of(region, 0).next())
            else {
                continue;
            };
            let sources = tree.members(Some((region, 0))).filter(|&member| !has_source(tree, member));
            guides.extend(sources.map(|member| (entry.clone(), vertex(member))));
        }
        for &exit in &self.exits {
            let sinks = tree.members(Some(exit)).filter(|&member| !has_sink(tree, member));
            guides.extend(sinks.map(|member| (vertex(member), exit_name(exit))));
        }
        guides
    }
}

/// Whether a member of a lane gets a value inside that lane.
pub(super) fn has_source(tree: &Tree<'_>, member: usize) -> bool {
    let scope = tree.scope(member);
    tree.links.iter().any(|link| {
        let inside = match link.course {
            Course::Across => tree.scope(link.from) == scope,
            Course::Inward => scope.is_some_and(|(region, _)| region == link.from),
            Course::Outward => false,
        };
        inside && tree.lift(link.to, scope) == Some(member)
    })
}

/// Whether a member of a lane gives a value to another member, or to the end of the lane.
pub(super) fn has_sink(tree: &Tree<'_>, member: usize) -> bool {
    tree.links.iter().any(|link| link.from == member && link.course != Course::Inward)
}

fn entry<'a>(tree: &Tree<'a>, link: &Link<'a>) -> Entry<'a> {
    Entry { region: link.from, lane: tree.lane_of(link.from, link.to), value: link.value }
}

pub(super) fn vertex(index: usize) -> String {
    format!("v{index}")
}

pub(super) fn exit_name((region, lane): (usize, usize)) -> String {
    format!("out{region}_{lane}")
}
