//! The numbers of a country's figures, and the ages at which their age groups begin and end: gathered once, however often prose
//! is compared with them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use crate::disclosure::protect::{CountryRelease, ReleasedCell};
use crate::tables::parts;
use crate::value::Value;

/// The age at which a child becomes an adult (Convention on the Rights of the Child, article 1).
const OF_AGE: u32 = 18;

/// What is looked up in all figures of a country, gathered at the first look-up.
pub(super) struct Numbers<'r> {
    released: Option<&'r CountryRelease>,
    known: OnceLock<Known<'r>>,
    limits: OnceLock<Vec<u32>>,
}

/// The figures with each number: as their first-ranked value, and as that of another source.
#[derive(Default)]
struct Known<'r> {
    first: BTreeMap<u64, Vec<&'r ReleasedCell>>,
    other: BTreeMap<u64, Vec<&'r ReleasedCell>>,
}

/// A figure with the number that was looked for.
pub(super) enum Found<'r> {
    /// It is the first-ranked value, which prose prints.
    First(&'r ReleasedCell),
    /// It is the value of another source.
    Other(&'r ReleasedCell),
}

impl<'r> Numbers<'r> {
    pub(super) fn of(released: Option<&'r CountryRelease>) -> Self {
        Self { released, known: OnceLock::new(), limits: OnceLock::new() }
    }

    fn cells(&self) -> impl Iterator<Item = &'r ReleasedCell> {
        self.released.into_iter().flat_map(CountryRelease::all)
    }

    /// The first figure with this number, among those that fit; first-ranked values are tried before others.
    pub(super) fn find(&self, number: &str, fits: impl Fn(&ReleasedCell) -> bool) -> Option<Found<'r>> {
        let wanted = key(number.parse().ok()?);
        let known = self.known.get_or_init(|| Known::of(self.cells()));
        let among = |cells: &BTreeMap<u64, Vec<&'r ReleasedCell>>| {
            cells.get(&wanted).into_iter().flatten().copied().find(|cell| fits(cell))
        };
        among(&known.first).map(Found::First).or_else(|| among(&known.other).map(Found::Other))
    }

    /// The ages at which the age groups of the figures begin and end.
    pub(super) fn age_limits(&self) -> &[u32] {
        self.limits.get_or_init(|| {
            let ends = self.cells().flat_map(|cell| cell.codes.values()).flat_map(|code| parts::limits(code));
            ends.chain([OF_AGE]).collect::<BTreeSet<u32>>().into_iter().collect()
        })
    }
}

impl<'r> Known<'r> {
    fn of(cells: impl Iterator<Item = &'r ReleasedCell>) -> Self {
        let mut known = Self::default();
        for cell in cells {
            if let Some(number) = cell.value.as_ref().and_then(Value::number) {
                known.first.entry(key(number)).or_default().push(cell);
            }
            for number in cell.alternatives.iter().filter_map(|other| other.value.number()) {
                known.other.entry(key(number)).or_default().push(cell);
            }
        }
        known
    }
}

/// A number by which equal ones are found.
fn key(number: f64) -> u64 {
    // Both zeros are one number.
    (number + 0.0).to_bits()
}
