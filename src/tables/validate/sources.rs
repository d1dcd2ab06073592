//! The sources of a country. The rows of a register must cite a register, all other rows a publication.

use std::collections::{BTreeSet, HashMap};

use super::checked::Checked;
use super::fault::Fault;
use crate::diagnostic::Code;
use crate::tables::ingest::RawTable;

/// The table of sources, by id.
pub(super) struct Sources<'t> {
    table: &'t RawTable,
    rows: HashMap<&'t str, usize>,
}

impl<'t> Sources<'t> {
    pub(super) fn of(at: &Checked<'t>) -> Option<Self> {
        let table = at.sources()?;
        let (_, ids) = table.cells("id").filter(|(_, ids)| ids.coded())?;
        Some(Self { table, rows: (0..table.rows).map(|row| (ids.cell(row), row)).collect() })
    }

    /// A cell of a source's row; empty if the file has no such column, none if there is no such source.
    pub(super) fn cell(&self, id: &str, field: &str) -> Option<&'t str> {
        let row = *self.rows.get(id)?;
        Some(self.table.cells(field).map_or("", |(_, cells)| cells.cell(row)))
    }

    /// Whether a source is a register; none if there is no such source.
    pub(super) fn is_register(&self, id: &str) -> Option<bool> {
        self.cell(id, "role").map(|role| role == "register")
    }

    /// The dimensions whose parts a source declares complete.
    pub(super) fn complete(&self, id: &str) -> BTreeSet<&'t str> {
        let declared = self.cell(id, "complete").unwrap_or_default();
        declared.split([';', ',', ' ']).filter(|dimension| !dimension.is_empty()).collect()
    }
}

/// The rows of a register must cite a register, those of a publication a publication.
pub(super) fn of_its_side(at: &Checked<'_>) -> Vec<Fault> {
    let (Some(sources), Some((column, cells))) = (Sources::of(at), at.table.cells("source")) else { return Vec::new() };
    let register = at.table.register;
    let wrong = |id: &String| sources.is_register(id).is_some_and(|found| found != register);
    let wrong: Vec<bool> = cells.values().iter().map(wrong).collect();
    let hint = if register {
        "move the row out of `register`"
    } else {
        "move the row to the folder `register`, which is never committed"
    };
    let fault = |row: usize| {
        let id = cells.cell(row);
        let message = if register {
            format!("`{id}` is a publication; the rows of a register must cite a register")
        } else {
            format!("`{id}` is a confidential register")
        };
        Fault::cell(row, column, Code::PublicationError, message).hint(hint)
    };
    let is_wrong = |code: u64| usize::try_from(code).is_ok_and(|code| wrong.get(code) == Some(&true));
    cells.rows_with(is_wrong).into_iter().map(fault).collect()
}
