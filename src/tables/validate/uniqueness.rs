//! Rows of a register are added up, so a row that was entered twice counts people twice. Case ids reveal it, or, where a
//! register counts groups, the group. Where rows differ in neither, nobody can see it.

use super::checked::Checked;
use super::fault::{Fault, Where};
use super::keys::equal_values;
use super::repeats::repeats;
use crate::diagnostic::{Code, Severity};
use crate::project::schema::Observations;
use crate::tables::count::REPEATED;

/// One warning for a register with identical rows that have no case id.
pub(super) fn cases(at: &Checked<'_>) -> Vec<Fault> {
    let table = at.table;
    let Some(observations) = at.schema.observations.as_ref().filter(|_| table.register) else { return Vec::new() };
    let cases = table.column("case_id");
    // The empty cell's code is sought once: a column of case ids may have as many values as rows.
    let is_whole = |column: usize| {
        let empty = table.columns[column].empty_code();
        table.columns[column].rows_with(|code| Some(code) == empty).is_empty()
    };
    if cases.is_some_and(is_whole) {
        return Vec::new();
    }
    let columns: Vec<usize> = distinguishing(observations).filter_map(|name| table.column(name)).collect();
    let Some((_, periods)) = table.cells(&observations.period) else { return Vec::new() };
    let same: Vec<_> = columns.iter().map(|column| equal_values(table, at.schema, *column)).collect();
    // Rows without a period are reported elsewhere.
    let (no_case, no_period) = (cases.map(|column| table.columns[column].empty_code()), periods.empty_code());
    let without_case = |row| cases.zip(no_case).is_none_or(|(at, empty)| Some(table.columns[at].code(row)) == empty);
    let counts = |row| no_period != Some(periods.code(row)) && without_case(row);
    let Some((_, again)) = repeats(table, &columns, &same, counts).into_iter().min_by_key(|(_, row)| *row) else {
        return unvouched(at);
    };
    let place = cases.map_or(Where::File, |column| Where::Cell((again, Some(column))));
    let message = "rows without a `case_id` are identical: nobody can see whether a person is counted twice";
    let hint = "give each case its `case_id`; if the register counts groups, write one row for each group";
    vec![Fault::new(place, Code::UniqueError, message).severity(Severity::Warning).hint(hint)]
}

/// One warning for a register of which nothing shows that nobody is in it twice: it has neither cases nor an engine's answer.
fn unvouched(at: &Checked<'_>) -> Vec<Fault> {
    if at.in_engine || ["case_id", REPEATED].iter().any(|label| at.table.column(label).is_some()) || at.table.rows == 0
    {
        return Vec::new();
    }
    let message = "there is no `case_id`, and nothing else shows that no person is counted twice";
    let hint = format!(
        "give each case its `case_id`; if the register counts groups, add the column `{REPEATED}` with 0 in each row once the \
         keeper of the cases has seen to it"
    );
    vec![Fault::new(Where::File, Code::UniqueError, message).severity(Severity::Warning).hint(hint)]
}

/// The fields in which rows about different groups differ.
fn distinguishing(observations: &Observations) -> impl Iterator<Item = &str> {
    let fixed = [Some(observations.period.as_str()), observations.measure.as_deref(), Some("source")];
    fixed.into_iter().flatten().chain(observations.dimensions.iter().map(String::as_str))
}
