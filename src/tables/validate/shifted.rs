//! Rows in which one cell is missing or too many, not at the end: from there on each cell stands under its neighbour's label.
//! That is one slip, told with the row; its cells are not judged under labels that are not theirs.

use std::collections::BTreeMap;

use super::cells::judge;
use super::checked::Checked;
use super::fault::Fault;
use crate::tables::ingest::RawTable;

/// The column from which on each cell fits its neighbour's label, in a row with one cell too few or too many; `None` where moving
/// the cells explains nothing.
pub(super) fn shifted(at: &Checked<'_>, row: usize, cells: usize) -> Option<usize> {
    let labels = at.table.labels.len();
    let misfit = |cell: usize, label: usize| usize::from(!fits(at, row, cell, label));
    let here = cells.min(labels);
    let (missing, surplus) = (cells + 1 == labels, cells == labels + 1);
    if !missing && !surplus {
        return None;
    }
    let straight: Vec<usize> = (0..here).map(|cell| misfit(cell, cell)).collect();
    let all: usize = straight.iter().sum();
    if all == 0 {
        return None;
    }
    // From the end: how many cells do not fit if those from here on are moved.
    let mut moved = vec![0; here + 1];
    for cell in (0..here).rev() {
        let misfit =
            if missing { misfit(cell, cell + 1) } else { cell.checked_sub(1).map_or(0, |left| misfit(cell, left)) };
        moved[cell] = moved[cell + 1] + misfit;
    }
    let mut before = 0;
    let mut readings = Vec::with_capacity(here);
    for cell in 0..here {
        // A surplus cell itself fits nowhere.
        let after = if missing { moved[cell] } else { moved[cell + 1] };
        readings.push((before + after, cell));
        before += straight[cell];
    }
    let least = readings.iter().map(|(misfits, _)| *misfits).min()?;
    let mut best = readings.iter().filter(|(misfits, _)| *misfits == least).map(|(_, cell)| *cell);
    // One misfit less may be chance in a row that has others.
    let explains = least == 0 || least + 1 < all;
    explains.then(|| if missing { best.next_back() } else { best.next() }).flatten()
}

fn fits(at: &Checked<'_>, row: usize, cell: usize, label: usize) -> bool {
    let column = &at.table.columns[cell];
    let Some(field) = at.table.labels.get(label).and_then(|label| at.schema.field(&label.text)) else { return false };
    let required = at.schema.observations.as_ref().is_some_and(|observations| observations.requires(&field.name));
    // A column without a dictionary takes any text.
    !column.coded() || judge(column.cell(row), field, required, false).is_none()
}

/// Takes out the faults of the moved cells, and of their rows as wholes: they are consequences of the one slip.
pub(super) fn leave_out_consequences(at: &Checked<'_>, faults: &mut Vec<Fault>) {
    let from = |(row, cells)| Some((row, shifted(at, row, cells)?));
    let moved: BTreeMap<usize, usize> = of(at.table).filter_map(from).collect();
    if !moved.is_empty() {
        faults.retain(|fault| !fault.is_beyond(&moved));
    }
}

/// The rows with another number of cells than there are labels, and their numbers of cells.
fn of(table: &RawTable) -> impl Iterator<Item = (usize, usize)> {
    table.irregular.iter().flat_map(|run| (run.row..run.row + run.rows).map(|row| (row, run.cells)))
}
