//! An index keeps one unit: if it is given in two, it is two indices, or one of the units is a slip.

use std::collections::HashMap;

use super::checked::Checked;
use super::fault::Fault;
use crate::diagnostic::{Code, Severity};

/// Rows of one index under different units.
pub(super) fn differ(at: &Checked<'_>) -> Vec<Fault> {
    let named = at.schema.observations.as_ref().and_then(|observations| observations.measure.as_ref());
    let (Some((_, measures)), Some((column, units))) =
        (named.and_then(|name| at.table.cells(name)), at.table.cells("unit"))
    else {
        return Vec::new();
    };
    let mut first: HashMap<&str, usize> = HashMap::new();
    let mut faults = Vec::new();
    for row in (0..at.table.rows).filter(|row| !units.cell(*row).is_empty() && !measures.cell(*row).is_empty()) {
        let earlier = *first.entry(measures.cell(row)).or_insert(row);
        if units.cell(earlier) != units.cell(row) {
            let message = format!(
                "`{}` is given in `{}` here and in `{}` elsewhere",
                measures.cell(row),
                units.cell(row),
                units.cell(earlier)
            );
            let fault = Fault::cell(row, column, Code::UnitMismatch, message).severity(Severity::Warning);
            let fault = fault.second((earlier, Some(column)), "the other unit");
            faults.push(fault.hint("correct one of the two, or give the index in the other unit its own name"));
        }
    }
    faults
}
