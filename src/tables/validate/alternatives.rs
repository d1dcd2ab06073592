//! Rows of `events` that share an id are one fact from several sources. One text is printed for all, so theirs must agree.

use std::collections::HashMap;

use super::checked::Checked;
use super::fault::Fault;
use crate::diagnostic::{Code, Severity};

/// The table of dated facts, in which rows that share an id differ in date and source alone.
const EVENTS: &str = "events";

/// Rows whose text or section differs from that of an earlier row with the same id.
pub(super) fn agree(at: &Checked<'_>) -> Vec<Fault> {
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
    let message = format!(
        "the {field} differs from that of an earlier row with the same id, but only one is printed for all of them"
    );
    let hint = if field == "text" {
        "write one text that is true for all their dates and sources, or give this fact its own id"
    } else {
        "write the same section in each row, or give this fact its own id"
    };
    let fault = Fault::cell(row, column, Code::ConstraintError, message).severity(Severity::Warning);
    Some(fault.second((earlier, Some(column)), "the earlier row").hint(hint))
}
