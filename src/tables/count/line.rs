//! What one line of a counted file holds, for the query that lists the keys of its cases.

use anyhow::Result;

use super::{Counting, REPEATED, read};
use crate::diagnostic::Diagnostics;
use crate::project::Project;
use crate::project::country::Country;

/// A counted line: its values in the order of the columns, and whether it is the alarm of repeated cases.
#[derive(Debug)]
pub struct Line {
    pub(super) values: Vec<String>,
    pub(super) alarm: bool,
}

/// The line of that number in the counted file of a table; none if there is none.
///
/// # Errors
/// When the file cannot be read.
pub fn line(
    counting: &Counting<'_>,
    (project, country): (&Project, &Country),
    number: u32,
    diagnostics: &mut Diagnostics,
) -> Result<Option<Line>> {
    let table = counting.table();
    let tables = read(project, country, |file| file.register && file.table == table, diagnostics)?;
    let Some(table) = tables.first() else { return Ok(None) };
    let Some(row) = table.lines().iter().position(|line| *line == number) else { return Ok(None) };
    let cell = |name: &str| {
        let place = (row, Some(table.column(name)?));
        table.written(&[place]).remove(&place)
    };
    let values: Option<Vec<String>> = counting.columns().into_iter().map(cell).collect();
    let alarm = cell(REPEATED).is_some_and(|repeated| repeated != "0");
    Ok(values.map(|values| Line { values, alarm }))
}
