//! Rows: every cell below all it depends on, and the bends of what runs past a row.

use super::super::VertexKind;
use super::super::tree::Tree;
use super::grid::{Cell, Grid, Kind, Segment};

/// Gives every cell its row, adds the bends and cuts the trunks into segments.
pub(super) fn assign(grid: &mut Grid, tree: &Tree<'_>) {
    let rows = rows(grid, tree);
    for (cell, row) in grid.cells.iter_mut().zip(rows) {
        cell.row = row;
    }
    bend(grid);
    let count = grid.cells.iter().map(|cell| cell.row + 1).max().unwrap_or(0);
    grid.rows = vec![Vec::new(); count];
    for (index, cell) in grid.cells.iter().enumerate() {
        if let Some(row) = grid.rows.get_mut(cell.row) {
            row.push(index);
        }
    }
}

fn rows(grid: &Grid, tree: &Tree<'_>) -> Vec<usize> {
    let count = grid.cells.len();
    let pairs: Vec<(usize, usize)> =
        grid.trunks.iter().flat_map(|trunk| trunk.ends.iter().map(|end| (trunk.source, end.cell))).collect();
    let mut above: Vec<Vec<usize>> = vec![Vec::new(); count];
    let mut below: Vec<Vec<usize>> = vec![Vec::new(); count];
    for &(from, to) in &pairs {
        if let (Some(up), Some(down)) = (above.get_mut(to), below.get_mut(from)) {
            up.push(from);
            down.push(to);
        }
    }
    let opens = |cell: &Cell| match cell.kind {
        Kind::Entry(_) => true,
        Kind::Vertex(index) => tree.vertex(index).is_some_and(|v| matches!(v.kind, VertexKind::Input { .. })),
        Kind::Exit { .. } | Kind::Bend => false,
    };
    let closes = |cell: &Cell| match cell.kind {
        Kind::Exit { .. } => true,
        Kind::Vertex(index) => tree.vertex(index).is_some_and(|v| matches!(v.kind, VertexKind::Output { .. })),
        Kind::Entry(_) | Kind::Bend => false,
    };
    let headed = grid.cells.iter().any(opens);

    // Down: each cell one row below the lowest of what it depends on.
    let mut rows: Vec<usize> = grid.cells.iter().map(|cell| usize::from(headed && !opens(cell))).collect();
    let sorted = topological(&above, &below);
    for &at in &sorted {
        let bound = above.get(at).into_iter().flatten().filter_map(|&up| rows.get(up)).max().map_or(0, |row| row + 1);
        if let Some(row) = rows.get_mut(at) {
            *row = bound.max(*row);
        }
    }
    // Up: what depends on nothing comes down to where it is needed.
    for &at in sorted.iter().rev() {
        let free = above.get(at).is_some_and(Vec::is_empty) && grid.cells.get(at).is_some_and(|cell| !opens(cell));
        let bound = below.get(at).into_iter().flatten().filter_map(|&down| rows.get(down)).min().copied();
        if let (true, Some(bound), Some(row)) = (free, bound, rows.get_mut(at)) {
            *row = bound.saturating_sub(1).max(*row);
        }
    }
    let bottom = rows.iter().copied().max().unwrap_or(0);
    let lonely = rows.iter().filter(|&&row| row == bottom).count() == 1;
    for (cell, row) in grid.cells.iter().zip(rows.iter_mut()) {
        // An exit stands on the border: nothing else may stand in its row.
        if closes(cell) {
            let shared = matches!(cell.kind, Kind::Exit { .. }) && !(lonely && *row == bottom);
            *row = bottom + usize::from(shared);
        }
    }
    rows
}

/// The cells, each after all it depends on; in their own order where that leaves a choice.
fn topological(above: &[Vec<usize>], below: &[Vec<usize>]) -> Vec<usize> {
    let mut missing: Vec<usize> = above.iter().map(Vec::len).collect();
    let mut sorted: Vec<usize> =
        missing.iter().enumerate().filter(|&(_, &count)| count == 0).map(|(at, _)| at).collect();
    let mut next = 0;
    while let Some(&at) = sorted.get(next) {
        next += 1;
        for &down in below.get(at).into_iter().flatten() {
            if let Some(count) = missing.get_mut(down) {
                *count = count.saturating_sub(1);
                if *count == 0 {
                    sorted.push(down);
                }
            }
        }
    }
    sorted
}

fn bend(grid: &mut Grid) {
    for number in 0..grid.trunks.len() {
        let Some(trunk) = grid.trunks.get(number) else { continue };
        let source = trunk.source;
        let top = grid.cell(source).row;
        let ends: Vec<(usize, usize, f64)> =
            trunk.ends.iter().map(|end| (end.cell, grid.cell(end.cell).row, end.port.unwrap_or(0.0))).collect();
        let bottom = ends.iter().map(|&(_, row, _)| row).max().unwrap_or(top);
        let mut bends = Vec::new();
        let mut upper = source;
        for row in top + 1..=bottom {
            for &(lower, _, lower_offset) in ends.iter().filter(|&&(_, own, _)| own == row) {
                grid.segments.push(Segment { upper, upper_trunk: number, lower, lower_offset });
            }
            if row < bottom {
                let mut cell = Cell::new(Kind::Bend, 2.0, 0.0);
                cell.row = row;
                grid.cells.push(cell);
                let lower = grid.cells.len() - 1;
                grid.segments.push(Segment { upper, upper_trunk: number, lower, lower_offset: 0.0 });
                bends.push(lower);
                upper = lower;
            }
        }
        if let Some(trunk) = grid.trunks.get_mut(number) {
            trunk.bends = bends;
        }
    }
}
