//! Rows of one publication with the same measure and codes whose periods overlap: they may count the same people twice
//! (docs/data.md#how-rows-are-read, rule 6).

use std::collections::BTreeMap;

use super::checked::Checked;
use super::fault::Fault;
use super::stated::{Codes, Stated, rows};
use crate::diagnostic::{Code, Severity};

/// Each row is compared with at most this many rows that begin before it, so that large tables take no endless time.
const BEFORE: usize = 256;

pub(super) fn periods(at: &Checked<'_>) -> Vec<Fault> {
    let Some(observations) = at.schema.observations.as_ref().filter(|observations| observations.subject.is_none())
    else {
        return Vec::new();
    };
    let rows = rows(at);
    let mut alike: BTreeMap<(&str, &str, &Codes<'_>), Vec<&Stated<'_>>> = BTreeMap::new();
    for row in rows.iter().filter(|row| !observations.is_stock(row.measure)) {
        alike.entry((row.source, row.measure, &row.codes)).or_default().push(row);
    }
    let mut faults = Vec::new();
    for mut rows in alike.into_values() {
        rows.sort_by_key(|row| (row.period.start(), row.at));
        for (number, row) in rows.iter().enumerate() {
            let before = rows[number.saturating_sub(BEFORE)..number].iter();
            let overlapping = before.filter(|other| other.period != row.period && other.period.overlaps(&row.period));
            faults.extend(overlapping.map(|other| overlap(row.at.min(other.at), row.at.max(other.at), (row, other))));
        }
    }
    faults
}

fn overlap(first: usize, second: usize, (row, other): (&Stated<'_>, &Stated<'_>)) -> Fault {
    let (one, two) = (&other.period, &row.period);
    let known = one.contains(two) || two.contains(one) || one.inferred() || two.inferred();
    let (written, earlier) = if row.at == second { (two, one) } else { (one, two) };
    let message =
        format!("`{}` overlaps `{}` of the same source; the two are never added up", written.text(), earlier.text());
    Fault::row(second, Code::OverlappingPeriods, message)
        .severity(if known { Severity::Note } else { Severity::Warning })
        .second((first, None), "the other row")
}
