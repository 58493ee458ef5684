//! What a picture consists of, with coordinates in pixels from its top left corner.

use super::super::EdgeMode;

/// Everything to draw, with its place in the picture.
#[derive(Default)]
pub(in super::super) struct Scene {
    pub(in super::super) width: f64,
    pub(in super::super) height: f64,
    /// Regions, the outer ones first.
    pub(in super::super) frames: Vec<Frame>,
    pub(in super::super) leaves: Vec<Leaf>,
    pub(in super::super) wires: Vec<Wire>,
    pub(in super::super) notes: Vec<Note>,
}

/// The box of a region.
pub(in super::super) struct Frame {
    pub(in super::super) vertex: usize,
    pub(in super::super) x: f64,
    pub(in super::super) y: f64,
    pub(in super::super) width: f64,
    pub(in super::super) height: f64,
    pub(in super::super) title: String,
    /// The height of what stands above the lanes.
    pub(in super::super) band: f64,
    pub(in super::super) rail: Option<Rail>,
    pub(in super::super) lanes: Vec<LaneFrame>,
}

/// The line that leads from the end of a loop's body back to its beginning.
#[derive(Debug, Clone, Copy)]
pub(in super::super) struct Rail {
    pub(in super::super) right: f64,
    /// Where its lower part begins: at the values that are carried, if there are any.
    pub(in super::super) from: (f64, f64),
    /// Where its upper part ends.
    pub(in super::super) to: (f64, f64),
}

/// One lane of a [`Frame`], as wide as it is in the picture; it begins below the title.
pub(in super::super) struct LaneFrame {
    pub(in super::super) x: f64,
    pub(in super::super) y: f64,
    pub(in super::super) width: f64,
    pub(in super::super) label: Option<String>,
}

/// The box of a vertex that is no region.
pub(in super::super) struct Leaf {
    pub(in super::super) vertex: usize,
    pub(in super::super) x: f64,
    pub(in super::super) y: f64,
    pub(in super::super) width: f64,
    pub(in super::super) height: f64,
    pub(in super::super) name: String,
    pub(in super::super) note: String,
    /// What the drawing adds.
    pub(in super::super) news: String,
}

/// A line from one source to one of its ends.
#[derive(Clone)]
pub(in super::super) struct Wire {
    pub(in super::super) start: (f64, f64),
    pub(in super::super) pieces: Vec<Piece>,
    pub(in super::super) mode: EdgeMode,
    pub(in super::super) arrow: bool,
    /// The number of the lane's entry that it starts from.
    pub(super) entry: Option<usize>,
    /// Whether it ends at the bottom of its lane, and if so, whether it is carried to the next round.
    pub(super) exit: Option<bool>,
    pub(in super::super) hint: String,
}

/// A piece of a [`Wire`], which always runs downwards.
#[derive(Debug, Clone, Copy)]
pub(in super::super) enum Piece {
    /// Straight down to this height.
    Down(f64),
    /// To this point, leaving and arriving straight down.
    Curve(f64, f64),
}

/// A small text beside a line; `y` is that of its base line.
#[derive(Clone)]
pub(in super::super) struct Note {
    pub(in super::super) x: f64,
    pub(in super::super) y: f64,
    pub(in super::super) text: String,
}

impl Wire {
    pub(super) fn down(&mut self, y: f64) {
        self.pieces.push(Piece::Down(y));
    }

    pub(super) fn moved(&self, dx: f64, dy: f64) -> Self {
        let mut wire = self.clone();
        wire.start = (self.start.0 + dx, self.start.1 + dy);
        for piece in &mut wire.pieces {
            *piece = match *piece {
                Piece::Down(y) => Piece::Down(y + dy),
                Piece::Curve(x, y) => Piece::Curve(x + dx, y + dy),
            };
        }
        wire
    }
}
