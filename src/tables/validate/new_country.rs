//! A new country, laid out but not filled in yet: what to enter next.

use super::checked::Checked;
use super::fault::{Fault, Where};
use crate::diagnostic::{Code, Severity};

/// A warning while all tables have only labels: first the sources are to be entered, then what they state.
pub(super) fn next(at: &Checked<'_>) -> Vec<Fault> {
    let Some(sources) = at.sources().filter(|sources| std::ptr::eq(*sources, at.table)) else { return Vec::new() };
    let others: Vec<_> = at.country.iter().filter(|(table, _)| !std::ptr::eq(*table, sources)).collect();
    // A table that could not be read has no labels; its errors are reported elsewhere.
    let laid_out = others.iter().all(|(table, _)| table.rows == 0 && !table.labels.is_empty());
    if others.is_empty() || sources.labels.is_empty() || !laid_out {
        return Vec::new();
    }
    let tables =
        others.iter().filter(|(_, schema)| schema.observations.is_some()).map(|(table, _)| table.table.as_str());
    let (message, hint) = if sources.rows == 0 {
        let hint = "enter a row for each document: `id`, `title`, `publisher`, `published`, `url` or `held_at`, `role`"
            .to_owned();
        ("no source is entered yet", hint)
    } else {
        let tables: Vec<&str> = tables.collect();
        let hint = format!(
            "enter what a source states in one of: {}; its `source` is an `id` of this file",
            tables.join(", ")
        );
        ("no table has a row yet", hint)
    };
    vec![Fault::new(Where::File, Code::Unwritten, message).severity(Severity::Warning).hint(hint)]
}
