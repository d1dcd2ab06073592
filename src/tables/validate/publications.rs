//! Publications: each names its date and address, and none of its rows is about a single case
//! (docs/data.md#publications).

use super::checked::Checked;
use super::fault::{Fault, Where};
use crate::diagnostic::Code;

/// A publication must have `published` and `url`.
pub(super) fn place_and_date(at: &Checked<'_>) -> Vec<Fault> {
    let Some((_, role)) = at.table.cells("role") else { return Vec::new() };
    let mut faults = Vec::new();
    for row in (0..at.table.rows).filter(|row| role.cell(*row) == "publication") {
        for needed in ["published", "url"] {
            let cells = at.table.cells(needed);
            if cells.is_none_or(|(_, cells)| cells.cell(row).is_empty()) {
                let place = Where::Cell((row, cells.map(|(column, _)| column)));
                let message = format!("a publication needs `{needed}`");
                faults
                    .push(Fault::new(place, Code::PublicationError, message).hint("a reader must be able to find it"));
            }
        }
    }
    faults
}

/// Only registers may contain case ids.
pub(super) fn without_cases(at: &Checked<'_>) -> Vec<Fault> {
    let Some((column, cases)) = at.table.cells("case_id").filter(|_| !at.table.register) else { return Vec::new() };
    let empty = cases.empty_code();
    let fault = |row| {
        Fault::cell(row, column, Code::PublicationError, "a publication must not contain case ids")
            .hint("move rows about single cases to the folder `register`, which is never committed")
    };
    cases.rows_with(|code| Some(code) != empty).into_iter().map(fault).collect()
}
