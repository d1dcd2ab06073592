//! A sheet written as CSV text, with the byte at which each cell begins.

use super::sheet::Grid;
use super::{MOST_CELLS, Unreadable, shown, too_large};
use crate::diagnostic::{Bytes, Sheet};

/// The text of a sheet, and where its cells stand in it.
pub(super) fn written(mut grid: Grid) -> Result<(Bytes, Sheet), Unreadable> {
    let (origin, (height, width)) = extent(&grid);
    let area = height.saturating_mul(width);
    if area > MOST_CELLS {
        return Err(too_large(&grid.name, &format!("{height} rows of {width}")));
    }
    // In the file they need not stand in order.
    grid.cells.sort_by_key(|cell| cell.place);
    let (mut text, mut starts) = (String::new(), Vec::with_capacity(area));
    let mut cells = grid.cells.iter().peekable();
    for row in (origin.0..).take(height) {
        for column in (origin.1..).take(width) {
            if column > origin.1 {
                text.push(',');
            }
            starts.push(text.len());
            while let Some(cell) = cells.next_if(|cell| cell.place == (row, column)) {
                let format = grid.looks.get(cell.look).map_or("", |look| &look.format);
                push(&mut text, &shown::text(&cell.value, format));
            }
        }
        text.push('\n');
    }
    Ok((text.into_bytes().into(), Sheet { name: grid.name, origin, width, cells: starts }))
}

/// The smallest rectangle that holds every cell: its first row and column, its rows and columns.
fn extent(grid: &Grid) -> ((u32, u32), (usize, usize)) {
    let rows = || grid.cells.iter().map(|cell| cell.place.0);
    let columns = || grid.cells.iter().map(|cell| cell.place.1);
    let (Some(top), Some(left)) = (rows().min(), columns().min()) else { return ((0, 0), (0, 0)) };
    let size = |last: Option<u32>, first: u32| last.map_or(0, |last| (last - first) as usize + 1);
    ((top, left), (size(rows().max(), top), size(columns().max(), left)))
}

/// A cell as CSV has it.
fn push(text: &mut String, cell: &str) {
    if cell.contains([',', '"', '\n', '\r']) {
        text.push('"');
        text.push_str(&cell.replace('"', "\"\""));
        text.push('"');
    } else {
        text.push_str(cell);
    }
}
