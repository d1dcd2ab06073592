//! What is around a cell: merged ranges, hidden rows and columns, totals rows.

use super::super::sheet::{Area, Cell, Grid, Hidden};
use super::Judged;
use crate::diagnostic::{Code, letters};

pub(super) fn judge(grid: &Grid, judged: &mut Judged) {
    // The extent is computed only if needed, since that looks at every cell.
    if !grid.merged.is_empty() {
        let Some(whole) = grid.extent() else { return };
        grid.merged.iter().for_each(|area| merged(grid, *area, whole, judged));
    }
    for hidden in &grid.hidden {
        match *hidden {
            Hidden::Rows { first, last, filtered } => rows(grid, first, last, filtered, judged),
            Hidden::Columns { first, last } => {
                columns(grid, Area { first: (0, first), last: (u32::MAX, last) }, judged);
            }
        }
    }
    for area in &grid.totals {
        if let Some(cell) = grid.within(*area).next() {
            let message = "this is the totals row of a table in the sheet, but would be read as data";
            judged.stretch(cell.place, Code::HiddenData, message, "switch the totals row off");
        }
    }
}

/// The most cells of a merged range that are reported.
const MOST: usize = 1000;

/// Only the first cell of a merged range has a value: the others would be read as empty, which is right only if it is empty.
/// A row with nothing else in it is not part of the table, and is reported as what it is.
fn merged(grid: &Grid, area: Area, whole: Area, judged: &mut Judged) {
    if !grid.within(area).any(|cell| cell.value.is_something()) {
        return;
    }
    let first = Area::of(area.first).name();
    let rows = area.first.0.max(whole.first.0)..=area.last.0.min(whole.last.0);
    let mut left = MOST;
    let columns = area.first.1.max(whole.first.1)..=area.last.1.min(whole.last.1);
    for row in rows {
        let of_table = |cell: &Cell| cell.value.is_something() && !area.holds(cell.place);
        if row == whole.first.0 || !grid.rows(row..=row).iter().any(of_table) {
            continue;
        }
        for column in columns.clone().filter(|column| (row, *column) != area.first).take(left) {
            left -= 1;
            let message = format!("the cell is merged into {}, of which only {first} has a value", area.name());
            let hint = format!("unmerge {}, and write the value into each of its cells", area.name());
            judged.fault((row, column), Code::MergedCells, message, hint);
        }
    }
}

fn rows(grid: &Grid, first: u32, last: u32, filtered: bool, judged: &mut Judged) {
    let cells = grid.rows(first..=last);
    let Some(cell) = cells.iter().find(|cell| cell.value.is_something()) else { return };
    let last = cells.iter().rfind(|cell| cell.value.is_something()).map_or(cell.place.0, |cell| cell.place.0);
    let (first, last) = (u64::from(cell.place.0) + 1, u64::from(last) + 1);
    let (what, them) = if first == last {
        (format!("row {first} is hidden"), "it")
    } else {
        (format!("rows {first} to {last} are hidden"), "them")
    };
    let by = if filtered { " by a filter" } else { "" };
    let show = if filtered { "clear the filter".to_owned() } else { format!("show {them}") };
    let message = format!("{what}{by}, but would be read like the others");
    judged.stretch(cell.place, Code::HiddenData, message, format!("{show}, or delete {them}"));
}

fn columns(grid: &Grid, area: Area, judged: &mut Judged) {
    let mut seen = std::collections::BTreeSet::new();
    for cell in grid.within(area).filter(|cell| cell.value.is_something()) {
        if seen.insert(cell.place.1) {
            let message = format!("column {} is hidden, but would be read like the others", letters(cell.place.1));
            judged.stretch(cell.place, Code::HiddenData, message, "show it, or delete it");
        }
    }
}
