//! Where the lines of a cell begin, side by side, with their labels.

use super::super::label;
use super::super::text::{short, width};
use super::super::tree::{Course, Tree};
use super::build::{LONGEST_NOTE, NOTE_SIZE};
use super::grid::{Grid, Kind};
use super::num;

/// The least distance of two lines.
const SLOT: f64 = 14.0;

/// The width that the lines which leave a region may need.
pub(super) fn room(tree: &Tree<'_>, region: usize) -> f64 {
    let mut seen = Vec::new();
    let mut room = 20.0;
    for link in tree.links.iter().filter(|link| link.from == region && link.course == Course::Across) {
        if !seen.contains(&(link.value, link.mode)) {
            seen.push((link.value, link.mode));
            let label = short(&label::edge(tree.graph, link), LONGEST_NOTE);
            room += (width(&label, NOTE_SIZE) + 12.0).max(SLOT + 4.0);
        }
    }
    room
}

/// Gives each trunk the place where it leaves its source, and one trunk of each label the right to show it.
pub(super) fn assign(grid: &mut Grid) {
    let mut place = vec![0.0; grid.cells.len()];
    for row in &grid.rows {
        for (at, &cell) in row.iter().enumerate() {
            if let Some(place) = place.get_mut(cell) {
                *place = num(at) / num(row.len());
            }
        }
    }
    for source in 0..grid.cells.len() {
        let mut own: Vec<(f64, usize)> = Vec::new();
        for (number, trunk) in grid.trunks.iter().enumerate().filter(|(_, trunk)| trunk.source == source) {
            let next = trunk.bends.first().copied().into_iter().chain(trunk.ends.iter().map(|end| end.cell));
            let places: Vec<f64> = next.filter_map(|cell| place.get(cell).copied()).collect();
            own.push((places.iter().sum::<f64>() / num(places.len().max(1)), number));
        }
        own.sort_by(|a, b| a.0.total_cmp(&b.0));
        let numbers: Vec<usize> = own.into_iter().map(|(_, number)| number).collect();
        lay(grid, source, &numbers);
    }
}

fn lay(grid: &mut Grid, source: usize, numbers: &[usize]) {
    let mut seen: Vec<String> = Vec::new();
    for &number in numbers.iter().rev() {
        if let Some(trunk) = grid.trunks.get_mut(number) {
            if seen.contains(&trunk.label) {
                trunk.label.clear();
            } else {
                seen.push(trunk.label.clone());
            }
        }
    }
    let mut at = 0.0;
    let mut span = 0.0;
    let mut reach = 0.0;
    for &number in numbers {
        if let Some(trunk) = grid.trunks.get_mut(number) {
            trunk.slot = at;
            span = at;
            reach = at + if trunk.label.is_empty() { 3.0 } else { width(&trunk.label, NOTE_SIZE) + 8.0 };
            at = reach.max(at + SLOT) + 4.0;
        }
    }
    for &number in numbers {
        if let Some(trunk) = grid.trunks.get_mut(number) {
            trunk.slot -= span / 2.0;
        }
    }
    if let Some(cell) = grid.cells.get_mut(source) {
        if matches!(cell.kind, Kind::Vertex(_)) {
            // A box is as wide as the lines that leave it.
            cell.half = cell.half.max(span / 2.0 + 10.0);
        }
        cell.left = cell.left.max(cell.half).max(span / 2.0);
        cell.right = cell.right.max(cell.half);
        cell.right = cell.right.max(reach - span / 2.0);
    }
}
