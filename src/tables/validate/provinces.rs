//! A province must be in the country whose folder the file is in, or in a country that its row names.

use super::checked::Checked;
use super::fault::Fault;
use crate::diagnostic::Code;
use crate::project::iso3166::alpha2;
use crate::project::schema::StandsFor;

/// Codes of ISO 3166-2 begin with the alpha-2 code of their country.
pub(super) fn of_its_country(at: &Checked<'_>) -> Vec<Fault> {
    let columns = |kind| {
        let fields = at.schema.fields.iter().filter(move |field| field.stands_for == Some(kind));
        fields.filter_map(|field| at.table.cells(&field.name))
    };
    let Some(own) = alpha2(&at.table.country) else { return Vec::new() };
    let named: Vec<_> = columns(StandsFor::Country).map(|(_, cells)| cells).collect();
    let mut faults = Vec::new();
    for (column, cells) in columns(StandsFor::Province).filter(|(_, cells)| cells.coded()) {
        let foreign = |code: &str| prefix(code).is_some_and(|country| country != own);
        let suspects = cells.rows_with(|code| {
            usize::try_from(code).ok().and_then(|code| cells.values().get(code)).is_some_and(|code| foreign(code))
        });
        for row in suspects {
            let code = cells.cell(row);
            if named.iter().any(|named| alpha2(named.cell(row)) == prefix(code)) {
                continue;
            }
            let message = format!("`{code}` is not a province of `{}`", at.table.country);
            let hint = format!("its provinces begin with `{own}-`");
            faults.push(Fault::cell(row, column, Code::ConstraintError, message).hint(hint));
        }
    }
    faults
}

/// The country in a code of ISO 3166-2; none for a word such as `total`.
fn prefix(code: &str) -> Option<&str> {
    code.split_once('-').map(|(country, _)| country)
}
