//! Rows that tell of one thing in several ways: one text is printed for all of them, so each has to bear it.

use std::collections::HashMap;

use super::checked::Checked;
use super::fault::Fault;
use crate::diagnostic::{Code, Severity};

/// The table of dated facts, in which rows that share an id differ in date and source alone.
const EVENTS: &str = "events";

/// Facts that an alternative of theirs tells otherwise.
pub(super) fn told_alike(at: &Checked<'_>) -> Vec<Fault> {
    let Some((_, ids)) = at.table.cells("id").filter(|(_, ids)| at.table.table == EVENTS && ids.coded()) else {
        return Vec::new();
    };
    let mut first: HashMap<&str, usize> = HashMap::new();
    let mut faults = Vec::new();
    for row in 0..at.table.rows {
        let earlier = *first.entry(ids.cell(row)).or_insert(row);
        if earlier != row && !ids.cell(row).is_empty() {
            faults.extend(["text", "section"].iter().find_map(|field| differs(at, field, (earlier, row))));
        }
    }
    faults
}

fn differs(at: &Checked<'_>, field: &str, (earlier, row): (usize, usize)) -> Option<Fault> {
    let (column, cells) = at.table.cells(field)?;
    let (one, other) = (cells.cell(earlier).trim(), cells.cell(row).trim());
    if one == other || one.is_empty() || other.is_empty() {
        return None;
    }
    let message =
        format!("the {field} differs from that of an earlier row with this id; one is printed for all of them");
    let hint = if field == "text" {
        "write one text that holds for each of their dates and sources, or give this fact an id of its own"
    } else {
        "write the same section in each, or give this fact an id of its own"
    };
    let fault = Fault::cell(row, column, Code::ConstraintError, message).severity(Severity::Warning);
    Some(fault.second((earlier, Some(column)), "the earlier row").hint(hint))
}
