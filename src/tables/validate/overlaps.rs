//! Rows of one publication with the same measure and codes whose periods overlap: they may count the same people twice
//! (docs/data.md#how-rows-are-read, rule 6).

use super::checked::Checked;
use super::fault::Fault;
use super::stated::{PERIOD, Stated};
use crate::diagnostic::{Code, Severity};
use crate::tables::parts::overlapping;
use crate::value::period::Period;

/// Each row is compared with at most this many rows that begin before it, so that large tables take no endless time.
const BEFORE: usize = 256;

pub(super) fn periods(at: &Checked<'_>) -> Vec<Fault> {
    let observations = at.schema.observations.as_ref().filter(|observations| observations.subject.is_none());
    let Some((observations, stated)) = observations.zip(at.stated) else { return Vec::new() };
    let periods: Vec<&Period> = stated.periods.iter().collect();
    if overlapping(&periods).len() == periods.len() {
        return Vec::new();
    }
    let period = |row: usize| &stated.periods[stated.digit(row, PERIOD)];
    let flows = |row: &usize| !observations.is_stock(stated.measure(*row));
    let mut faults = Vec::new();
    for rows in stated.alike(PERIOD, stated.all().into_iter().filter(flows).collect()).groups() {
        let mut rows = rows.to_vec();
        rows.sort_by_key(|row| (period(*row).start(), *row));
        for (number, row) in rows.iter().enumerate() {
            let before = rows[number.saturating_sub(BEFORE)..number].iter();
            let overlapping =
                before.filter(|other| period(**other) != period(*row) && period(**other).overlaps(period(*row)));
            faults.extend(overlapping.filter_map(|other| overlap(stated, *row, *other)));
        }
    }
    faults
}

fn overlap(stated: &Stated<'_>, row: usize, other: usize) -> Option<Fault> {
    let (first, second) = (stated.at[row.min(other)], stated.at[row.max(other)]);
    let (one, two) = (&stated.period(other)?, &stated.period(row)?);
    let known = one.contains(two) || two.contains(one) || one.inferred() || two.inferred();
    let (written, earlier) = if row > other { (two, one) } else { (one, two) };
    let message =
        format!("`{}` overlaps `{}` of the same source; the two are never added up", written.text(), earlier.text());
    let fault = Fault::row(second, Code::OverlappingPeriods, message)
        .severity(if known { Severity::Note } else { Severity::Warning })
        .second((first, None), "the other row");
    Some(fault)
}
