//! Compares two sides, an earlier and a later one, over all countries.

use std::collections::BTreeSet;

use super::differences::{Difference, differences};
use crate::snapshots::record::Record;

/// One side of a comparison: an output folder or a revision, as named on the command line.
#[derive(Debug, Clone)]
pub struct Side {
    /// As it was named.
    pub name: String,
    /// The commit, if it is a revision.
    pub commit: Option<String>,
}

/// The result of comparing two sides.
#[derive(Debug)]
pub struct Comparison {
    /// The earlier side.
    pub old: Side,
    /// The later side.
    pub new: Side,
    /// The differences, by country and figure.
    pub differences: Vec<Difference>,
    /// What could not be compared, and why.
    pub notes: Vec<String>,
}

/// Compares two sides country by country; none where no country can be compared. A country whose data has errors on either
/// side is left out, since all its figures would seem to be gone.
#[must_use]
pub fn compare(
    (old, before): (Side, &[Record]),
    (new, now): (Side, &[Record]),
    faulty: &dyn Fn(&str) -> bool,
) -> Option<Comparison> {
    let countries: BTreeSet<&str> = before.iter().chain(now).map(|record| record.country.as_str()).collect();
    let sound: Vec<&str> = countries.iter().copied().filter(|country| !faulty(country)).collect();
    let (mut differences, mut notes) = (Vec::new(), Vec::new());
    for country in countries.iter().filter(|country| faulty(country)) {
        notes.push(format!("{country} is not compared: its data has errors"));
    }
    for country in &sound {
        let of = |records: &'_ [Record]| records.iter().position(|record| record.country == **country);
        let nothing = Record { country: (*country).to_owned(), ..Record::default() };
        let before = of(before).map_or(&nothing, |at| &before[at]);
        let now = of(now).map_or(&nothing, |at| &now[at]);
        notes.extend(left_out_note(country, left_out(before, now)));
        differences.extend(self::differences(before, now));
    }
    if differences.iter().any(|difference| difference.hidden) {
        notes.push("earlier values are not shown again where a figure is newly withheld".to_owned());
    }
    (!sound.is_empty()).then_some(Comparison { old, new, differences, notes })
}

/// How many figures come from registers that one of the sides could not read.
#[must_use]
pub fn left_out(old: &Record, new: &Record) -> usize {
    let blind = old.without_registers || new.without_registers;
    let both = old.figures.values().chain(new.figures.values());
    if blind {
        both.filter(|figure| figure.register).map(|figure| &figure.id).collect::<BTreeSet<_>>().len()
    } else {
        0
    }
}

/// The note about figures that are left out.
fn left_out_note(country: &str, figures: usize) -> Option<String> {
    let from = |figures: &str| format!("{country}: {figures} not compared: no revision contains a register");
    match figures {
        0 => None,
        1 => Some(from("1 figure of registers is")),
        more => Some(from(&format!("{more} figures of registers are"))),
    }
}
