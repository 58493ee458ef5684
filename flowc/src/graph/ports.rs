//! The small points inside a region where values enter and leave a lane, for the formats that leave the
//! layout to another program: these cannot draw an edge between a region and what stands in it.

use super::tree::{Course, Link, Tree};

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
        for link in tree.links.iter().filter(|link| !tree.carried(link)) {
            match link.course {
                Course::Inward => ports.enter(entry(tree, link)),
                Course::Outward => ports.leave((link.to, tree.lane_of(link.to, link.from))),
                Course::Across => {}
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

    /// Unseen edges that keep the exit of a lane below all that stands in it.
    pub(super) fn guides(&self, tree: &Tree<'a>) -> Vec<(String, String)> {
        let mut guides = Vec::new();
        for &exit in &self.exits {
            let sinks = tree.members(Some(exit)).filter(|&member| !has_sink(tree, member));
            guides.extend(sinks.map(|member| (vertex(member), exit_name(exit))));
        }
        guides
    }
}

/// The edges that lead back: from where a carried value is made to where the next round takes it.
pub(super) fn backs<'a>(tree: &Tree<'a>) -> Vec<Link<'a>> {
    let mut backs = Vec::new();
    for made in tree.links.iter().filter(|link| link.course == Course::Outward && tree.carried(link)) {
        for taken in tree.links.iter().filter(|link| link.course == Course::Inward && link.from == made.to) {
            if taken.value == made.value {
                backs.push(Link { from: made.from, ..*taken });
            }
        }
    }
    backs
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
