//! A sheet written as CSV text, with the byte at which each cell begins.

use super::sheet::{Area, Cell, Grid, Value};
use super::shown::Pattern;
use super::{MOST_CELLS, Unreadable, shown, too_large};
use crate::diagnostic::{Bytes, Sheet};

/// Refuses a sheet whose cells stand too far apart.
pub(super) fn size(grid: &Grid) -> Result<(), Unreadable> {
    let (height, width) = extent(grid).1;
    if height.saturating_mul(width) > MOST_CELLS {
        return Err(too_large(&grid.name, &format!("{height} rows of {width}")));
    }
    Ok(())
}

/// The text of a sheet whose cells stand in order, and where they stand in it.
pub(super) fn written(grid: Grid) -> (Bytes, Sheet) {
    let (origin, (height, width)) = extent(&grid);
    let (mut text, mut starts) = (String::new(), Vec::with_capacity(height.saturating_mul(width)));
    let patterns: Vec<Pattern> = grid.looks.iter().map(|look| Pattern::of(&look.format)).collect();
    let mut cells = grid.cells.iter().peekable();
    for row in (origin.0..).take(height) {
        for column in (origin.1..).take(width) {
            if column > origin.1 {
                text.push(',');
            }
            starts.push(text.len());
            while let Some(cell) = cells.next_if(|cell| cell.place == (row, column)) {
                push(&mut text, cell, patterns.get(cell.look));
            }
        }
        text.push('\n');
    }
    (text.into_bytes().into(), Sheet { name: grid.name, origin, width, cells: starts })
}

/// The smallest rectangle that holds every cell: its first row and column, its rows and columns.
fn extent(grid: &Grid) -> ((u32, u32), (usize, usize)) {
    let Some(Area { first, last }) = grid.extent() else { return ((0, 0), (0, 0)) };
    (first, ((last.0 - first.0) as usize + 1, (last.1 - first.1) as usize + 1))
}

/// A cell as CSV has it.
fn push(text: &mut String, cell: &Cell, pattern: Option<&Pattern>) {
    match &cell.value {
        Value::Text(cell) => push_text(text, cell),
        value => push_text(text, &shown::text(value, pattern.unwrap_or(&Pattern::default()))),
    }
}

fn push_text(text: &mut String, cell: &str) {
    if cell.contains([',', '"', '\n', '\r']) {
        text.push('"');
        text.push_str(&cell.replace('"', "\"\""));
        text.push('"');
    } else {
        text.push_str(cell);
    }
}
