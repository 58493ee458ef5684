//! How the vertices of a graph nest, and what its edges mean under that nesting.

use super::draw::Drawing;
use super::{EdgeMode, GraphSpec, Vertex, VertexKind};

/// A lane of a region, as region and lane; `None` is the top level.
pub(super) type Scope = Option<(usize, usize)>;

/// The nesting of a [`GraphSpec`] and its edges, resolved.
pub(super) struct Tree<'a> {
    pub(super) graph: &'a GraphSpec,
    scopes: Vec<Scope>,
    /// What a drawing adds to each vertex.
    notes: Vec<String>,
    pub(super) links: Vec<Link<'a>>,
}

/// An edge, told by where its ends stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Link<'a> {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) course: Course,
    pub(super) value: &'a str,
    pub(super) mode: EdgeMode,
}

/// The way a [`Link`] takes through the nesting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Course {
    /// `from` stands in a scope that holds `to`, at any depth.
    Across,
    /// `from` is a region around `to`: the name of an item, of a pattern, of a carried value.
    Inward,
    /// `to` is a region around `from`: what a lane gives, or carries to the next round.
    Outward,
}

impl<'a> Tree<'a> {
    pub(super) fn new(drawing: &Drawing<'a>) -> Self {
        let graph = drawing.graph;
        let mut scopes: Vec<Scope> = Vec::with_capacity(graph.vertices.len());
        for (index, vertex) in graph.vertices.iter().enumerate() {
            // A region stands before what it contains, so a place that points forward is no place.
            let scope = vertex.place.and_then(|place| {
                let region = usize::try_from(place.region).ok().filter(|&region| region < index)?;
                let lanes = lanes(graph.vertices.get(region)?);
                let lane = usize::try_from(place.lane).ok()?;
                (lanes > 0).then(|| (region, lane.min(lanes - 1)))
            });
            scopes.push(scope);
        }
        let mut tree = Tree {
            graph,
            scopes,
            notes: (0..graph.vertices.len()).map(|index| drawing.note(index)).collect(),
            links: Vec::new(),
        };
        tree.resolve();
        tree
    }

    pub(super) fn vertex(&self, index: usize) -> Option<&'a Vertex> {
        self.graph.vertices.get(index)
    }

    /// What the drawing adds to a vertex; often nothing.
    pub(super) fn note(&self, index: usize) -> &str {
        self.notes.get(index).map_or("", String::as_str)
    }

    pub(super) fn scope(&self, index: usize) -> Scope {
        self.scopes.get(index).copied().flatten()
    }

    /// The vertices that stand directly in a scope, in source order.
    pub(super) fn members(&self, scope: Scope) -> impl Iterator<Item = usize> + '_ {
        self.scopes.iter().enumerate().filter(move |&(_, own)| *own == scope).map(|(index, _)| index)
    }

    /// The ancestor of a vertex, or the vertex itself, that stands directly in a scope.
    pub(super) fn lift(&self, index: usize, scope: Scope) -> Option<usize> {
        let mut at = index;
        loop {
            let own = self.scope(at);
            if own == scope {
                return Some(at);
            }
            at = own?.0;
        }
    }

    /// The lane of `region` that holds a vertex, at any depth.
    pub(super) fn lane_of(&self, region: usize, index: usize) -> usize {
        self.chain(index)
            .into_iter()
            .find_map(|at| self.scope(at).filter(|&(outer, _)| outer == region))
            .map_or(0, |(_, lane)| lane)
    }

    fn around(&self, region: usize, index: usize) -> bool {
        let mut at = index;
        while let Some((outer, _)) = self.scope(at) {
            if outer == region {
                return true;
            }
            at = outer;
        }
        false
    }

    /// The vertex itself and the regions around it, from inside out.
    fn chain(&self, index: usize) -> Vec<usize> {
        let mut chain = vec![index];
        let mut at = index;
        while let Some((outer, _)) = self.scope(at) {
            chain.push(outer);
            at = outer;
        }
        chain
    }

    fn resolve(&mut self) {
        let mut next: Vec<Vec<usize>> = vec![Vec::new(); self.scopes.len()];
        for edge in self.graph.edges {
            let (Ok(from), Ok(to)) = (usize::try_from(edge.from), usize::try_from(edge.to)) else { continue };
            if from >= self.scopes.len() || to >= self.scopes.len() {
                continue;
            }
            let link = |from, to, course| Link { from, to, course, value: edge.value, mode: edge.mode };
            if from != to && self.around(from, to) {
                self.add(link(from, to, Course::Inward));
                continue;
            }
            if from != to && self.around(to, from) {
                self.add(link(from, to, Course::Outward));
                continue;
            }
            // The ends as they stand side by side in the innermost scope that holds both.
            let theirs: Vec<Scope> = self.chain(to).into_iter().map(|at| self.scope(at)).collect();
            let pair = self.chain(from).into_iter().find_map(|left| {
                let scope = self.scope(left);
                theirs.contains(&scope).then(|| self.lift(to, scope).map(|right| (left, right))).flatten()
            });
            let Some((left, right)) = pair else { continue };
            if !reaches(&next, right, left) {
                if let Some(list) = next.get_mut(left) {
                    list.push(right);
                }
                self.add(link(left, to, Course::Across));
            } else if let Some(region) = self.round(left) {
                // It runs against the flow: a value carried to the next round of the loop around it.
                self.add(link(from, region, Course::Outward));
                self.add(link(region, to, Course::Inward));
            }
            // Outside every region no edge can run against the flow; one that did is not drawn.
        }
    }

    fn add(&mut self, link: Link<'a>) {
        if !self.links.contains(&link) {
            self.links.push(link);
        }
    }

    /// Whether a link is one half of a value that a loop carries from one round to the next.
    pub(super) fn carried(&self, link: &Link<'_>) -> bool {
        let (region, other) = match link.course {
            Course::Across => return false,
            Course::Inward => (link.from, Course::Outward),
            Course::Outward => (link.to, Course::Inward),
        };
        let repeats = matches!(self.vertex(region).map(|v| v.kind), Some(VertexKind::Loop { .. }));
        let meets = |own: &Link<'_>| {
            let end = if other == Course::Inward { own.from } else { own.to };
            own.course == other && end == region && own.value == link.value
        };
        repeats && self.links.iter().any(meets)
    }

    /// The innermost loop around a vertex, or the innermost region if no loop is.
    fn round(&self, index: usize) -> Option<usize> {
        let around = self.chain(index).split_off(1);
        let is_loop = |&&at: &&usize| matches!(self.vertex(at).map(|v| v.kind), Some(VertexKind::Loop { .. }));
        around.iter().find(is_loop).or(around.first()).copied()
    }
}

/// How many lanes a vertex has; 0 if it is no region.
pub(super) fn lanes(vertex: &Vertex) -> usize {
    match vertex.kind {
        VertexKind::Branch { lanes, .. } => lanes.len().max(1),
        VertexKind::Map { .. } | VertexKind::Loop { .. } | VertexKind::Block => 1,
        VertexKind::Input { .. } | VertexKind::Step { .. } | VertexKind::Output { .. } => 0,
    }
}

fn reaches(next: &[Vec<usize>], from: usize, to: usize) -> bool {
    let mut seen = vec![false; next.len()];
    let mut open = vec![from];
    while let Some(at) = open.pop() {
        if at == to {
            return true;
        }
        match seen.get_mut(at) {
            Some(mark) if !*mark => *mark = true,
            _ => continue,
        }
        open.extend(next.get(at).into_iter().flatten());
    }
    false
}
