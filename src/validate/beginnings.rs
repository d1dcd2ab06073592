//! A country that was laid out and not filled in yet: what to enter next.

use super::checks::Checked;
use super::fault::{Fault, Where};
use crate::diagnostic::{Code, Severity};

/// Tables that hold labels and nothing else: first the sources are entered, then what they state.
pub(super) fn next(at: &Checked<'_>) -> Vec<Fault> {
    let is_sources =
        at.schema.observations.is_none() && at.sources().is_some_and(|table| std::ptr::eq(table, at.table));
    let entered = |sources: bool| {
        let tables = at.country.iter().map(|(table, _)| table);
        let mut tables =
            tables.filter(|table| at.sources().is_some_and(|known| std::ptr::eq(known, **table)) == sources);
        tables.any(|table| table.rows > 0)
    };
    let others = at.country.len() > 1;
    if !is_sources || !others || at.table.labels.is_empty() || entered(false) {
        return Vec::new();
    }
    let (message, hint) = if entered(true) {
        let names: Vec<&str> =
            at.country.iter().filter(|(_, s)| s.observations.is_some()).map(|(_, s)| s.name.as_str()).collect();
        let hint =
            format!("enter what a source states in one of: {}; its `source` is an `id` of this file", names.join(", "));
        ("no table holds a row yet", hint)
    } else {
        (
            "no source is entered yet",
            "enter a row for each document: `id`, `title`, `publisher`, `published`, `url`, `role`".to_owned(),
        )
    };
    vec![Fault::new(Where::File, Code::Unwritten, message).severity(Severity::Warning).hint(hint)]
}
