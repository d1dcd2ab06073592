//! Age bands of one publication that overlap without one containing the other: no figure can be derived from both.

use std::collections::BTreeMap;

use super::checked::Checked;
use super::fault::Fault;
use super::stated::{Codes, Stated, rows};
use crate::diagnostic::{Code, Severity};
use crate::project::schema::StandsFor;
use crate::tables::parts::crossing as cross;
use crate::value::period::Period;

pub(super) fn crossing(at: &Checked<'_>) -> Vec<Fault> {
    let banded = at.schema.fields.iter().filter(|field| field.stands_for == Some(StandsFor::AgeGroup));
    let rows = rows(at);
    banded.flat_map(|field| of_dimension(at, &field.name, &rows)).collect()
}

fn of_dimension(at: &Checked<'_>, dimension: &str, rows: &[Stated<'_>]) -> Vec<Fault> {
    let Some(column) = at.table.column(dimension) else { return Vec::new() };
    let mut alike: BTreeMap<(&str, &str, &Period, Codes<'_>), Vec<&Stated<'_>>> = BTreeMap::new();
    for row in rows {
        let mut others = row.codes.clone();
        others.remove(dimension);
        alike.entry((row.source, row.measure, &row.period, others)).or_default().push(row);
    }
    let mut faults = Vec::new();
    for rows in alike.values() {
        for (number, row) in rows.iter().enumerate() {
            let crossed = rows[..number].iter().find(|other| cross(other.codes[dimension], row.codes[dimension]));
            faults.extend(crossed.map(|other| {
                let message = format!(
                    "`{}` and `{}` overlap, and neither contains the other; nothing is derived from them",
                    row.codes[dimension], other.codes[dimension]
                );
                Fault::cell(row.at, column, Code::CrossingBands, message)
                    .severity(Severity::Warning)
                    .second((other.at, Some(column)), "the other band")
                    .hint("look up which ages the source means")
            }));
        }
    }
    faults
}
