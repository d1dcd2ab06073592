//! Publications: each names its date and where a reader finds it, and none of its rows is about a single case
//! (docs/data.md#publications).

use super::checked::Checked;
use super::fault::{Fault, Where};
use crate::diagnostic::{Code, Severity};

/// A publication must have `published`, and `url` or `held_at`.
pub(super) fn place_and_date(at: &Checked<'_>) -> Vec<Fault> {
    let Some((_, role)) = at.table.cells("role") else { return Vec::new() };
    let given = |field: &str, row: usize| at.table.cells(field).is_some_and(|(_, cells)| !cells.cell(row).is_empty());
    let fault = |field: &str, row: usize, message: &'static str, hint: &'static str| {
        let column = at.table.cells(field).map(|(column, _)| column);
        Fault::new(Where::Cell((row, column)), Code::PublicationError, message).hint(hint)
    };
    let mut faults = Vec::new();
    for row in (0..at.table.rows).filter(|row| role.cell(*row) == "publication") {
        if !given("published", row) {
            faults.push(fault("published", row, "a publication needs `published`", FINDABLE));
        }
        if !given("url", row) && !given("held_at", row) {
            faults.push(fault("url", row, "a publication needs `url` or `held_at`", BOTH_WAYS));
        }
    }
    faults
}

/// A reader must not be led to an address where nothing is any more.
pub(super) fn reachable(at: &Checked<'_>) -> Vec<Fault> {
    if at.schema.field("archived").is_none() {
        return Vec::new();
    }
    let cell = |field: &str, row: usize| at.table.cells(field).map_or("", |(_, cells)| cells.cell(row));
    let dead = |(field, row): (&'static str, usize)| {
        let (column, visit) = (at.table.column(field)?, at.visits.dead(cell(field, row))?);
        let message = format!("nothing was found at this address on {} ({})", visit.opened, visit.said());
        let fault = Fault::cell(row, column, Code::DeadLink, message).severity(Severity::Warning);
        Some(fault.hint(if field == "url" { NO_COPY } else { DEAD_COPY }))
    };
    let without_copy = |row: &usize| cell("archived", *row).is_empty();
    let addresses = (0..at.table.rows).filter(without_copy).map(|row| ("url", row));
    addresses.chain((0..at.table.rows).map(|row| ("archived", row))).filter_map(dead).collect()
}

const NO_COPY: &str = "write the address where it is now, or in the column `archived` that of a copy, such as `https://web.archive.org/web/2026/…`; until then documents say that it is gone";
const DEAD_COPY: &str = "write the address of another copy, or leave the cell empty";
const FINDABLE: &str = "a reader must be able to find it";
const BOTH_WAYS: &str = "a reader must be able to find it: write its web address in `url`, or in the column `held_at` where a copy is kept, such as `National Library, shelf mark 12`";

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
