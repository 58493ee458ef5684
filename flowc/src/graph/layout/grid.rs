//! One scope while it is being laid out: cells in rows, and the trunks between them.

use super::super::EdgeMode;

/// What is laid out of one scope.
#[derive(Default)]
pub(super) struct Grid {
    pub(super) cells: Vec<Cell>,
    /// The cells of each row, from left to right.
    pub(super) rows: Vec<Vec<usize>>,
    pub(super) trunks: Vec<Trunk>,
    pub(super) segments: Vec<Segment>,
}

/// A place in a row.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cell {
    pub(super) kind: Kind,
    /// How far it reaches to the left and to the right of `x`, its labels included.
    pub(super) left: f64,
    pub(super) right: f64,
    /// Half the width of the box alone.
    pub(super) half: f64,
    pub(super) height: f64,
    pub(super) row: usize,
    pub(super) x: f64,
    pub(super) y: f64,
}

/// What stands in a [`Cell`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A vertex of the graph.
    Vertex(usize),
    /// A value that enters the lane from its top; the number is that of its source's vertex.
    Entry(usize),
    /// A value that leaves the lane at its bottom, or is carried to the next round.
    Exit { carried: bool },
    /// A trunk on its way past this row.
    Bend,
}

/// One value from one cell, taken in one way by any number of others: drawn as a line that forks.
pub(super) struct Trunk {
    pub(super) source: usize,
    /// Where the line leaves, from the middle of the source.
    pub(super) slot: f64,
    pub(super) label: String,
    pub(super) mode: EdgeMode,
    pub(super) ends: Vec<End>,
    /// The bends, one for each row between the source and the farthest end.
    pub(super) bends: Vec<usize>,
}

/// Where a [`Trunk`] arrives.
pub(super) struct End {
    pub(super) cell: usize,
    /// A fixed place, from the middle of the cell: an entry of a lane in it. Others are spread.
    pub(super) port: Option<f64>,
    /// The hint that the line shows there.
    pub(super) hint: String,
}

/// A piece of a trunk between neighbouring rows.
#[derive(Debug, Clone, Copy)]
pub(super) struct Segment {
    pub(super) upper: usize,
    pub(super) upper_trunk: usize,
    pub(super) lower: usize,
    pub(super) lower_offset: f64,
}

impl Grid {
    pub(super) fn cell(&self, index: usize) -> Cell {
        self.cells.get(index).copied().unwrap_or(Cell::new(Kind::Bend, 0.0, 0.0))
    }

    /// Where a segment leaves its upper cell, from that cell's middle.
    pub(super) fn upper_offset(&self, segment: &Segment) -> f64 {
        let trunk = self.trunks.get(segment.upper_trunk);
        trunk.filter(|trunk| trunk.source == segment.upper).map_or(0.0, |trunk| trunk.slot)
    }
}

impl Cell {
    pub(super) const fn new(kind: Kind, half: f64, height: f64) -> Self {
        Cell { kind, left: half, right: half, half, height, row: 0, x: 0.0, y: 0.0 }
    }
}
