//! Cells that are printed: the fonts must have every letter, and every country needs a name.

use super::checked::Checked;
use super::fault::Fault;
use crate::diagnostic::Code;
use crate::project::declaration::{is_no_name, is_only_a_number};
use crate::project::face::lacking;
use crate::project::iso3166;
use crate::project::schema::{Field, StandsFor};

/// Letters that no font has, which would be missing on paper.
pub(super) fn letters(at: &Checked<'_>) -> Vec<Fault> {
    let ids = at.table.cells("id").map(|(_, ids)| ids);
    let mut faults = Vec::new();
    for field in at.schema.fields.iter().filter(|field| !field.printed.is_empty()) {
        let Some((column, cells)) = at.table.cells(&field.name).filter(|(_, cells)| cells.coded()) else { continue };
        let foreign: Vec<bool> = cells.values().iter().map(|value| !value.is_ascii()).collect();
        let rows = cells.rows_with(|code| usize::try_from(code).is_ok_and(|code| foreign.get(code) == Some(&true)));
        for row in rows {
            let id = ids.map_or("", |ids| ids.cell(row));
            faults.extend(
                unprintable(field, cells.cell(row), &at.table.country, id)
                    .map(|(message, hint)| Fault::cell(row, column, Code::MissingFace, message).hint(hint)),
            );
        }
    }
    faults
}

/// Printed names must not be bare numbers, which a reader would take for a figure.
pub(super) fn names(at: &Checked<'_>) -> Vec<Fault> {
    let mut faults = Vec::new();
    for field in at.schema.fields.iter().filter(|field| !field.printed.is_empty()) {
        let Some((column, cells)) = at.table.cells(&field.name).filter(|(_, cells)| cells.coded()) else { continue };
        let bare: Vec<bool> = cells.values().iter().map(|value| is_only_a_number(value)).collect();
        for row in cells.rows_with(|code| usize::try_from(code).is_ok_and(|code| bare.get(code) == Some(&true))) {
            let (message, hint) = is_no_name(cells.cell(row));
            faults.push(Fault::cell(row, column, Code::ConstraintError, message).hint(hint));
        }
    }
    faults
}

/// Message and hint for the first language in which a cell cannot be printed.
fn unprintable(field: &Field, text: &str, country: &str, id: &str) -> Option<(String, String)> {
    let key = (country.to_owned(), id.to_owned());
    field.printed.iter().filter(|printing| !printing.translated.contains(&key)).find_map(|printing| {
        let letter = lacking(text, printing.face.as_ref())?;
        Some((printing.without)(letter, &printing.language))
    })
}

/// Codes that ISO 3166-1 leaves to its users must be declared.
pub(super) fn countries(at: &Checked<'_>) -> Vec<Fault> {
    let mut faults = Vec::new();
    for field in at.schema.fields.iter().filter(|field| field.stands_for == Some(StandsFor::Country)) {
        let Some((column, cells)) = at.table.cells(&field.name).filter(|(_, cells)| cells.coded()) else { continue };
        let unknown =
            |code: &String| iso3166::is_country(code) && field.countries.is_undeclared(code, &at.table.country);
        let unknown: Vec<bool> = cells.values().iter().map(unknown).collect();
        for row in cells.rows_with(|code| usize::try_from(code).is_ok_and(|code| unknown.get(code) == Some(&true))) {
            let code = cells.cell(row);
            let message = format!("no declaration says which country `{code}` is");
            let hint = format!("ISO 3166-1 leaves this code to its users: {}", field.countries.declaration(code));
            faults.push(Fault::cell(row, column, Code::ConstraintError, message).hint(hint));
        }
    }
    faults
}
