//! Age bands of one publication that overlap without one containing the other: no figure can be derived from both.

use super::checked::Checked;
use super::fault::Fault;
use super::stated::{FIRST, Stated};
use crate::diagnostic::{Code, Severity};
use crate::project::schema::StandsFor;
use crate::tables::parts::crossing as cross;

pub(super) fn crossing(at: &Checked<'_>) -> Vec<Fault> {
    let banded = at.schema.fields.iter().filter(|field| field.stands_for == Some(StandsFor::AgeGroup));
    let of = |stated| banded.filter_map(|field| of_dimension(at, &field.name, stated)).flatten().collect();
    at.stated.map(of).unwrap_or_default()
}

fn of_dimension(at: &Checked<'_>, dimension: &str, stated: &Stated<'_>) -> Option<Vec<Fault>> {
    let column = at.table.column(dimension)?;
    let number = stated.dimensions.iter().position(|(name, _)| *name == dimension)?;
    let (codes, place) = (&stated.dimensions[number].1, FIRST + number);
    if !codes.iter().enumerate().any(|(at, one)| codes[..at].iter().any(|other| cross(one, other))) {
        return Some(Vec::new());
    }
    let code = |row: usize| codes[stated.digit(row, place)];
    let mut faults = Vec::new();
    for rows in stated.alike(place, stated.all()).groups() {
        for (number, row) in rows.iter().enumerate() {
            let crossed = rows[..number].iter().find(|other| cross(code(**other), code(*row)));
            faults.extend(crossed.map(|other| {
                let message = format!(
                    "`{}` and `{}` overlap, and neither contains the other; nothing is derived from them",
                    code(*row),
                    code(*other)
                );
                Fault::cell(stated.at[*row], column, Code::CrossingBands, message)
                    .severity(Severity::Warning)
                    .second((stated.at[*other], Some(column)), "the other band")
                    .hint("look up which ages the source means")
            }));
        }
    }
    Some(faults)
}
