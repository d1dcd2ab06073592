//! Registers that an engine counts: no case leaves the engine, and the engine answers for it that none is counted twice.

use super::checked::Checked;
use super::fault::{Fault, Where};
use crate::diagnostic::Code;
use crate::tables::count::REPEATED;

/// A file that an engine counted has no case ids.
pub(super) fn without_cases(at: &Checked<'_>) -> Vec<Fault> {
    let Some(column) = at.table.column("case_id").filter(|_| at.in_engine) else { return Vec::new() };
    let message = "this register is counted in an engine, which keeps its cases to itself";
    let fault = Fault::new(Where::Label(column), Code::ConstraintError, message);
    vec![fault.hint(format!(
        "count it anew with `tipbrief count {}/{} -- CLIENT`, or delete `[engine.{}]` from country.toml",
        at.table.country, at.table.table, at.table.table
    ))]
}

/// A file that an engine counted says that no case is repeated.
pub(super) fn unrepeated(at: &Checked<'_>) -> Vec<Fault> {
    if !at.in_engine || at.table.column(REPEATED).is_some() {
        return Vec::new();
    }
    let message = format!("the column `{REPEATED}` is missing: nothing shows that no case is counted twice");
    let fault = Fault::new(Where::File, Code::MissingLabel, message);
    vec![fault.hint(format!("count it with the statement of `tipbrief sql {}/{}`", at.table.country, at.table.table))]
}

/// Only registers are counted from cases.
pub(super) fn in_publications(at: &Checked<'_>) -> Vec<Fault> {
    let Some(column) = at.table.column(REPEATED).filter(|_| !at.table.register) else { return Vec::new() };
    let message = format!("a publication has no column `{REPEATED}`: only the cases of a register can be repeated");
    vec![Fault::new(Where::Label(column), Code::PublicationError, message).hint("delete the column")]
}
