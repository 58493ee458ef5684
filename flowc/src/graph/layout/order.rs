//! The order of the cells in each row: as few crossings as a few sweeps find.

use super::grid::Grid;
use super::num;

const SWEEPS: usize = 24;

/// Sorts every row; equal choices keep the order of the source.
pub(super) fn sort(grid: &mut Grid) {
    let near = Neighbours::new(grid);
    let mut best = grid.rows.clone();
    let mut least = crossings(grid, &near, &best);
    let mut rows = best.clone();
    for sweep in 0..SWEEPS {
        if least == 0 {
            break;
        }
        let down = sweep % 2 == 0;
        let count = rows.len();
        for step in 1..count {
            let at = if down { step } else { count - 1 - step };
            sweep_row(grid, &near, &mut rows, at, down);
        }
        swap(&near, &mut rows);
        let now = crossings(grid, &near, &rows);
        if now < least {
            least = now;
            best.clone_from(&rows);
        }
    }
    grid.rows = best;
}

/// For each cell the cells that its segments lead to, with the place of arrival from its middle.
struct Neighbours {
    up: Vec<Vec<(usize, f64)>>,
    down: Vec<Vec<(usize, f64)>>,
}

impl Neighbours {
    fn new(grid: &Grid) -> Self {
        let mut near = Neighbours { up: vec![Vec::new(); grid.cells.len()], down: vec![Vec::new(); grid.cells.len()] };
        for segment in &grid.segments {
            // A place inside a cell counts as a part of one position.
            let width = grid.cell(segment.lower).left + grid.cell(segment.lower).right;
            let part = if width > 0.0 { segment.lower_offset / width } else { 0.0 };
            if let (Some(up), Some(down)) = (near.up.get_mut(segment.lower), near.down.get_mut(segment.upper)) {
                up.push((segment.upper, 0.0));
                down.push((segment.lower, part));
            }
        }
        near
    }

    fn of(&self, cell: usize, upwards: bool) -> &[(usize, f64)] {
        let side = if upwards { &self.up } else { &self.down };
        side.get(cell).map_or(&[], Vec::as_slice)
    }
}

fn positions(count: usize, row: &[usize]) -> Vec<f64> {
    let mut positions = vec![0.0; count];
    for (place, &cell) in row.iter().enumerate() {
        if let Some(position) = positions.get_mut(cell) {
            *position = num(place);
        }
    }
    positions
}

fn sweep_row(grid: &Grid, near: &Neighbours, rows: &mut [Vec<usize>], at: usize, down: bool) {
    let fixed = if down { at.checked_sub(1) } else { Some(at + 1) };
    let Some(fixed) = fixed.and_then(|fixed| rows.get(fixed)) else { return };
    let positions = positions(grid.cells.len(), fixed);
    let scale = num(fixed.len().max(1));
    let Some(row) = rows.get_mut(at) else { return };
    let own = num(row.len().max(1));
    let mut keyed: Vec<(f64, usize)> = row
        .iter()
        .enumerate()
        .map(|(place, &cell)| {
            let to = near.of(cell, down);
            let sum: f64 = to.iter().map(|&(other, part)| positions.get(other).copied().unwrap_or(0.0) + part).sum();
            // What nothing pulls stays about where it is.
            let key = if to.is_empty() { num(place) / own * scale } else { sum / num(to.len()) };
            (key, cell)
        })
        .collect();
    keyed.sort_by(|a, b| a.0.total_cmp(&b.0));
    row.clear();
    row.extend(keyed.into_iter().map(|(_, cell)| cell));
}

/// Swaps neighbours where that alone removes crossings.
fn swap(near: &Neighbours, rows: &mut [Vec<usize>]) {
    let count = near.up.len();
    for at in 0..rows.len() {
        let upper = at.checked_sub(1).and_then(|up| rows.get(up)).map(|row| positions(count, row));
        let lower = rows.get(at + 1).map(|row| positions(count, row));
        let Some(row) = rows.get_mut(at) else { continue };
        for place in 1..row.len() {
            let (Some(&a), Some(&b)) = (row.get(place - 1), row.get(place)) else { continue };
            let mut gain = 0;
            for (positions, upwards) in [(&upper, true), (&lower, false)] {
                let Some(positions) = positions else { continue };
                for &(x, x_part) in near.of(a, upwards) {
                    for &(y, y_part) in near.of(b, upwards) {
                        let x = positions.get(x).copied().unwrap_or(0.0) + x_part;
                        let y = positions.get(y).copied().unwrap_or(0.0) + y_part;
                        gain += i64::from(x > y) - i64::from(x < y);
                    }
                }
            }
            if gain > 0 {
                row.swap(place - 1, place);
            }
        }
    }
}

/// All crossings of segments, gap by gap, counted by merging.
fn crossings(grid: &Grid, near: &Neighbours, rows: &[Vec<usize>]) -> usize {
    let mut total = 0;
    for pair in rows.windows(2) {
        let [upper, lower] = pair else { continue };
        let positions = positions(grid.cells.len(), lower);
        let mut ends: Vec<f64> = Vec::new();
        for &cell in upper {
            let from = ends.len();
            ends.extend(
                near.of(cell, false).iter().map(|&(other, part)| positions.get(other).copied().unwrap_or(0.0) + part),
            );
            if let Some(own) = ends.get_mut(from..) {
                own.sort_by(f64::total_cmp);
            }
        }
        total += inversions(&ends).0;
    }
    total
}

fn inversions(ends: &[f64]) -> (usize, Vec<f64>) {
    if ends.len() < 2 {
        return (0, ends.to_vec());
    }
    let (left, right) = ends.split_at(ends.len() / 2);
    let ((a, left), (b, right)) = (inversions(left), inversions(right));
    let mut total = a + b;
    let mut merged = Vec::with_capacity(ends.len());
    let (mut left, mut right) = (left.as_slice(), right.as_slice());
    while let ([x, more_left @ ..], [y, more_right @ ..]) = (left, right) {
        if x <= y {
            merged.push(*x);
            left = more_left;
        } else {
            total += left.len();
            merged.push(*y);
            right = more_right;
        }
    }
    merged.extend_from_slice(left);
    merged.extend_from_slice(right);
    (total, merged)
}

#[cfg(test)]
mod tests {
    use super::inversions;

    #[test]
    fn inversions_are_counted() {
        assert_eq!(inversions(&[]).0, 0);
        assert_eq!(inversions(&[1.0, 2.0, 2.0, 3.0]).0, 0);
        assert_eq!(inversions(&[3.0, 2.0, 1.0]).0, 3);
        assert_eq!(inversions(&[2.0, 4.0, 1.0, 3.0]).0, 3);
    }
}
