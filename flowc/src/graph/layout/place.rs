//! Coordinates: each cell as near to the middle of what it is tied to as its row allows.

use super::grid::{Cell, Grid, Kind};
use super::num;

const GAP: f64 = 26.0;
const BEND_GAP: f64 = 12.0;
const ROUNDS: usize = 40;

/// Gives every cell its `x`.
pub(super) fn columns(grid: &mut Grid) {
    let rows = grid.rows.clone();
    for row in &rows {
        let mut x = 0.0;
        let mut before: Option<Cell> = None;
        for &index in row {
            let cell = grid.cell(index);
            x += before.map_or(cell.left, |before| apart(&before, &cell));
            before = Some(cell);
            set(grid, index, x);
        }
    }
    let ties = ties(grid);
    for round in 0..ROUNDS {
        // First from one side only, so that a wide row moves the narrow ones; then between both.
        let (up, down) = if round + 12 > ROUNDS { (true, true) } else { (round % 2 == 0, round % 2 == 1) };
        let count = rows.len();
        for step in 0..count {
            let at = if round % 2 == 0 { step } else { count - 1 - step };
            if let Some(row) = rows.get(at) {
                settle(grid, &ties, row, up, down);
            }
        }
    }
    for _ in 0..3 {
        straighten(grid);
    }
    let least = grid.cells.iter().map(|cell| cell.x - cell.left).fold(f64::INFINITY, f64::min);
    if least.is_finite() {
        for cell in &mut grid.cells {
            cell.x -= least;
        }
    }
}

/// Puts the bends of each trunk below one another, as far down as their neighbours leave room.
fn straighten(grid: &mut Grid) {
    let mut room = vec![(f64::NEG_INFINITY, f64::INFINITY); grid.cells.len()];
    for number in 0..grid.trunks.len() {
        let bends = grid.trunks.get(number).map(|trunk| trunk.bends.clone()).unwrap_or_default();
        if bends.len() < 2 {
            continue;
        }
        for &bend in &bends {
            if let Some(room) = room.get_mut(bend) {
                *room = free(grid, bend);
            }
        }
        let mut run: Vec<usize> = Vec::new();
        let mut shared = (f64::NEG_INFINITY, f64::INFINITY);
        for &bend in &bends {
            let (low, high) = room.get(bend).copied().unwrap_or(shared);
            let both = (shared.0.max(low), shared.1.min(high));
            if both.0 > both.1 {
                align(grid, &run, shared);
                run.clear();
                shared = (low, high);
            } else {
                shared = both;
            }
            run.push(bend);
        }
        align(grid, &run, shared);
    }
}

/// From where to where a cell may move without coming too near to its neighbours.
fn free(grid: &Grid, index: usize) -> (f64, f64) {
    let cell = grid.cell(index);
    let row = grid.rows.get(cell.row).map_or(&[] as &[usize], Vec::as_slice);
    let at = row.iter().position(|&own| own == index).unwrap_or_default();
    let left = at.checked_sub(1).and_then(|at| row.get(at)).map(|&left| grid.cell(left));
    let right = row.get(at + 1).map(|&right| grid.cell(right));
    (
        left.map_or(f64::NEG_INFINITY, |left| left.x + apart(&left, &cell)),
        right.map_or(f64::INFINITY, |right| right.x - apart(&cell, &right)),
    )
}

fn align(grid: &mut Grid, run: &[usize], (low, high): (f64, f64)) {
    let sum: f64 = run.iter().map(|&index| grid.cell(index).x).sum();
    let x = (sum / num(run.len().max(1))).min(high).max(low);
    for &index in run {
        set(grid, index, x);
    }
}

fn set(grid: &mut Grid, index: usize, x: f64) {
    if let Some(cell) = grid.cells.get_mut(index) {
        cell.x = x;
    }
}

/// The least distance between the middles of two neighbours.
fn apart(left: &Cell, right: &Cell) -> f64 {
    let bend = left.kind == Kind::Bend || right.kind == Kind::Bend;
    left.right + right.left + if bend { BEND_GAP } else { GAP }
}

/// A wish of a cell: to stand `offset` to the right of another.
struct Tie {
    other: usize,
    offset: f64,
    weight: f64,
    up: bool,
}

fn ties(grid: &Grid) -> Vec<Vec<Tie>> {
    let mut ties: Vec<Vec<Tie>> = Vec::new();
    ties.resize_with(grid.cells.len(), Vec::new);
    let mut below = vec![0_usize; grid.cells.len()];
    let mut above = vec![0_usize; grid.cells.len()];
    for segment in &grid.segments {
        for (counts, at) in [(&mut below, segment.upper), (&mut above, segment.lower)] {
            if let Some(count) = counts.get_mut(at) {
                *count += 1;
            }
        }
    }
    for segment in &grid.segments {
        let chained = below.get(segment.upper) == Some(&1) && above.get(segment.lower) == Some(&1);
        let bends = [segment.upper, segment.lower].into_iter().filter(|&at| grid.cell(at).kind == Kind::Bend).count();
        // A long line that wavers is worse than a short one that leans.
        let weight = match bends {
            0 if chained => 6.0,
            0 => 1.0,
            1 => 2.0,
            _ => 10.0,
        };
        let offset = grid.upper_offset(segment) - segment.lower_offset;
        if let Some(list) = ties.get_mut(segment.lower) {
            list.push(Tie { other: segment.upper, offset, weight, up: true });
        }
        if let Some(list) = ties.get_mut(segment.upper) {
            list.push(Tie { other: segment.lower, offset: -offset, weight, up: false });
        }
    }
    ties
}

/// Moves the cells of a row to the places with the least sum of squared distances from their wishes
/// that keeps the order and the gaps: neighbours that would meet are merged into one block.
fn settle(grid: &mut Grid, ties: &[Vec<Tie>], row: &[usize], up: bool, down: bool) {
    struct Block {
        sum: f64,
        weight: f64,
        cells: usize,
    }
    let mut shifts = Vec::with_capacity(row.len());
    let mut blocks: Vec<Block> = Vec::with_capacity(row.len());
    let mut shift = 0.0;
    let mut before: Option<Cell> = None;
    for &index in row {
        let cell = grid.cell(index);
        shift += before.map_or(0.0, |before| apart(&before, &cell));
        before = Some(cell);
        shifts.push(shift);
        let (mut sum, mut weight) = (0.0, 0.0);
        for tie in ties.get(index).into_iter().flatten().filter(|tie| (tie.up && up) || (!tie.up && down)) {
            sum += tie.weight * (grid.cell(tie.other).x + tie.offset);
            weight += tie.weight;
        }
        if weight == 0.0 {
            // Nothing pulls it: it stays, and gives way easily.
            (sum, weight) = (cell.x * 0.01, 0.01);
        }
        let mut block = Block { sum: sum - shift * weight, weight, cells: 1 };
        while let Some(last) = blocks.pop() {
            if last.sum / last.weight < block.sum / block.weight {
                blocks.push(last);
                break;
            }
            block = Block {
                sum: last.sum + block.sum,
                weight: last.weight + block.weight,
                cells: last.cells + block.cells,
            };
        }
        blocks.push(block);
    }
    let places = blocks.iter().flat_map(|block| std::iter::repeat_n(block.sum / block.weight, block.cells));
    for ((&index, place), shift) in row.iter().zip(places).zip(&shifts) {
        set(grid, index, place + shift);
    }
}
