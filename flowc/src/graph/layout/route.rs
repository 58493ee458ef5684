//! The heights of the rows, and the lines of the trunks.

use super::grid::{End, Grid, Kind, Trunk};
use super::num;
use super::parts::{Note, Piece, Wire};

/// The room for an arrow's head above what it points at.
const HEAD: f64 = 9.0;
const LABEL: f64 = 19.0;
const SPREAD: f64 = 16.0;

/// Gives every cell its `y`; returns where each row ends, its labels included, and the whole height.
pub(super) fn rows(grid: &mut Grid) -> (Vec<f64>, f64) {
    let mut top = 0.0;
    let mut ends = Vec::with_capacity(grid.rows.len());
    let rows = grid.rows.clone();
    let last = rows.len().saturating_sub(1);
    for (number, row) in rows.iter().enumerate() {
        let mut height: f64 = 0.0;
        let mut band: f64 = 0.0;
        for &index in row {
            let cell = grid.cell(index);
            height = height.max(cell.height);
            let labelled = grid.trunks.iter().any(|trunk| trunk.source == index && !trunk.label.is_empty());
            band = band.max(cell.height + if labelled { LABEL } else { 4.0 });
            if let Some(cell) = grid.cells.get_mut(index) {
                cell.y = top;
            }
        }
        ends.push(top + band.max(height));
        top += if number == last { height } else { band.max(height) + gap(grid, number) };
    }
    (ends, top)
}

/// The room that the curves below a row need: more, the farther they go sideways.
fn gap(grid: &Grid, row: usize) -> f64 {
    let mut far: f64 = 0.0;
    for segment in grid.segments.iter().filter(|segment| grid.cell(segment.upper).row == row) {
        let from = grid.cell(segment.upper).x + grid.upper_offset(segment);
        far = far.max((grid.cell(segment.lower).x + segment.lower_offset - from).abs());
    }
    HEAD + 20.0 + (far * 0.09).min(44.0)
}

/// Draws every trunk to each of its ends, and the labels beside where they begin.
pub(super) fn wires(grid: &Grid, ends: &[f64]) -> (Vec<Wire>, Vec<Note>) {
    let arrivals = arrivals(grid);
    let mut wires = Vec::new();
    let mut notes = Vec::new();
    for (number, trunk) in grid.trunks.iter().enumerate() {
        let source = grid.cell(trunk.source);
        let start = (source.x + trunk.slot, source.y + source.height);
        if !trunk.label.is_empty() {
            notes.push(Note { x: start.0 + 6.0, y: start.1 + 13.0, text: trunk.label.clone() });
        }
        for (place, end) in trunk.ends.iter().enumerate() {
            let exit = match grid.cell(end.cell).kind {
                Kind::Exit { carried } => Some(carried),
                _ => None,
            };
            let mut wire = Wire {
                start,
                pieces: Vec::new(),
                mode: trunk.mode,
                arrow: end.port.is_none() && exit.is_none(),
                entry: match source.kind {
                    Kind::Entry(key) => Some(key),
                    _ => None,
                },
                exit,
                hint: end.hint.clone(),
            };
            let target = grid.cell(end.cell);
            let mut x = start.0;
            let mut row = source.row;
            for &bend in trunk.bends.iter().take(target.row.saturating_sub(source.row + 1)) {
                let cell = grid.cell(bend);
                wire.down(ends.get(row).copied().unwrap_or(cell.y));
                // A waver of a few pixels is rather a straight line.
                if (cell.x - x).abs() > 4.0 {
                    x = cell.x;
                }
                wire.pieces.push(Piece::Curve(x, cell.y - HEAD));
                row = cell.row;
            }
            wire.down(ends.get(row).copied().unwrap_or(target.y));
            let arrival = arrivals.iter().find(|arrival| arrival.trunk == number && arrival.place == place);
            let at = arrival.map_or(target.x, |arrival| arrival.x);
            wire.pieces.push(Piece::Curve(at, target.y - HEAD));
            wire.down(target.y);
            wires.push(wire);
        }
    }
    (wires, notes)
}

/// Where one end of a trunk meets its cell.
struct Arrival {
    trunk: usize,
    place: usize,
    x: f64,
}

/// Spreads the ends that meet a cell along its top, in the order of where they come from.
fn arrivals(grid: &Grid) -> Vec<Arrival> {
    let mut at_cell: Vec<Vec<(f64, usize, usize)>> = vec![Vec::new(); grid.cells.len()];
    let mut fixed: Vec<Vec<f64>> = vec![Vec::new(); grid.cells.len()];
    let mut arrivals = Vec::new();
    for (trunk_number, trunk) in grid.trunks.iter().enumerate() {
        for (place, end) in trunk.ends.iter().enumerate() {
            if let Some(port) = end.port {
                let x = grid.cell(end.cell).x + port;
                arrivals.push(Arrival { trunk: trunk_number, place, x });
                if let Some(list) = fixed.get_mut(end.cell) {
                    list.push(x);
                }
            } else if let Some(list) = at_cell.get_mut(end.cell) {
                list.push((origin(grid, trunk, end), trunk_number, place));
            }
        }
    }
    for ((index, mut list), mut taken) in at_cell.into_iter().enumerate().zip(fixed) {
        let cell = grid.cell(index);
        list.sort_by(|a, b| a.0.total_cmp(&b.0));
        let half = cell.half - 14.0;
        let crossing = taken.len();
        let step = SPREAD.min(2.0 * half.max(0.0) / num(list.len().max(1)));
        for (at, &(from, trunk, place)) in list.iter().enumerate() {
            let wish = if list.len() == 1 && crossing == 0 && (from - cell.x).abs() <= 6.0 {
                from
            } else if crossing == 0 || list.len() > 1 {
                cell.x + (num(at) - num(list.len() - 1) / 2.0) * step
            } else {
                from.clamp(cell.x - half.max(0.0), cell.x + half.max(0.0))
            };
            let x = free(&taken, wish, (cell.x - half.max(0.0), cell.x + half.max(0.0)));
            taken.push(x);
            arrivals.push(Arrival { trunk, place, x });
        }
    }
    arrivals
}

/// The free place nearest to a wish; the wish itself where a crowded cell has none.
fn free(taken: &[f64], wish: f64, (left, right): (f64, f64)) -> f64 {
    let near = |x: f64| taken.iter().any(|other| (other - x).abs() < 7.0);
    let steps = (0..40).flat_map(|step| [num(step) * 8.0, num(step) * -8.0]);
    steps.map(|shift| wish + shift).find(|&x| left <= x && x <= right && !near(x)).unwrap_or(wish)
}

/// Where the last piece of a trunk to one of its ends begins.
fn origin(grid: &Grid, trunk: &Trunk, end: &End) -> f64 {
    let source = grid.cell(trunk.source);
    let passed = grid.cell(end.cell).row.saturating_sub(source.row + 1);
    let bend = passed.checked_sub(1).and_then(|last| trunk.bends.get(last));
    bend.map_or(source.x + trunk.slot, |&bend| grid.cell(bend).x)
}
