//! Formulas without a stored value, or with one that may be wrong.

use super::super::sheet::{Area, Grid, Mark, Value};
use super::super::shown;
use super::{Judged, quoted, stored};
use crate::diagnostic::Code;

pub(super) fn judge(grid: &Grid, judged: &mut Judged) {
    // Before errors, since a reference to a missing workbook stores an error as its value.
    for (area, _) in grid.marks.iter().filter(|(_, mark)| *mark == Mark::Foreign) {
        foreign(grid, *area, judged);
    }
    for cell in &grid.cells {
        if let Value::Error(error) = &cell.value {
            let message = format!("{} is a spreadsheet error, not a value", quoted(error));
            judged.fault(cell.place, Code::TypeError, message, "correct the formula, then save the file again");
        }
    }
    for (area, mark) in &grid.marks {
        match mark {
            Mark::Uncomputed => uncomputed(*area, judged),
            Mark::Stale => stale(grid, *area, judged),
            Mark::Miscounted { sum } => miscounted(grid, *area, *sum, judged),
            Mark::Foreign | Mark::Run { .. } | Mark::Coloured { .. } | Mark::Shows { .. } | Mark::Adds { .. } => {}
        }
    }
}

fn uncomputed(area: Area, judged: &mut Judged) {
    let message = "no spreadsheet has computed this formula: the cell has no value";
    judged.fault(area.first, Code::FormulaError, message, COMPUTE);
}

fn stale(grid: &Grid, area: Area, judged: &mut Judged) {
    for cell in grid.within(area) {
        let message = format!(
            "{} was not computed by a spreadsheet: the workbook asks to be computed when it is opened",
            stored(cell)
        );
        judged.fault(cell.place, Code::FormulaError, message, COMPUTE);
    }
}

fn miscounted(grid: &Grid, area: Area, sum: f64, judged: &mut Judged) {
    for cell in grid.within(area) {
        let sum = shown::number(sum);
        let message = format!("the sum of the cells in this formula is {sum}, but it stores {}", stored(cell));
        judged.fault(cell.place, Code::FormulaError, message, COMPUTE);
    }
}

fn foreign(grid: &Grid, area: Area, judged: &mut Judged) {
    for cell in grid.within(area) {
        let message = "the value comes from another workbook, which is not read";
        let hint = "replace the formula by its value, which can then be traced to this cell";
        judged.fault(cell.place, Code::FormulaError, message, hint);
    }
}

const COMPUTE: &str = "open the workbook in a spreadsheet and save it there; or replace the formula by its value";
