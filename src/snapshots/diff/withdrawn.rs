//! Earlier figures that are newly withheld, and the earlier values that would reveal them.

use std::collections::BTreeSet;

use super::pair::Pair;
use crate::disclosure::protect::Status;
use crate::snapshots::record::{Figure, Record};

/// The earlier figures that are newly withheld themselves, or one of whose rows is.
pub(super) fn withdrawn<'r>(old: &'r Record, new: &Record) -> Vec<&'r Figure> {
    let gone = |before: &&Figure| {
        let now = new.figures.get(&before.id);
        is_newly_withheld(before, now) || before.rows.iter().any(|place| is_row_newly_withheld(old, new, place))
    };
    old.figures.values().filter(gone).collect()
}

/// Whether a figure is withheld now and was not before. A figure of a register that is gone counts as withheld, since
/// withheld breakdowns of a register are not even named.
pub(super) fn is_newly_withheld(before: &Figure, now: Option<&Figure>) -> bool {
    let named = now.is_some_and(|now| now.status == Status::Withheld);
    before.status != Status::Withheld && (named || (before.register && now.is_none_or(|now| now.value.is_none())))
}

/// Whether the source of a row no longer shows its value.
pub(super) fn is_row_newly_withheld(old: &Record, new: &Record, place: &str) -> bool {
    let row = old.rows.as_ref().and_then(|rows| rows.at(place));
    let now = row.zip(new.rows.as_ref()).and_then(|(row, rows)| rows.like(row));
    row.zip(now).is_some_and(|(before, now)| now.withheld && !before.withheld)
}

impl Pair<'_> {
    /// Whether the earlier value of a figure may reveal a withdrawn one: through a common row, as a change or share does, or as
    /// its part or whole.
    pub(super) fn reveals(&self, figure: &Figure, gone: &Figure) -> bool {
        let shared = figure.rows.iter().any(|row| gone.rows.contains(row));
        shared || (self.related(gone, figure) && gone.period.overlaps(&figure.period))
    }

    /// Whether the numbers of two figures may be parts of each other.
    fn related(&self, one: &Figure, other: &Figure) -> bool {
        let (one_of, other_of) = (self.tables(one), self.tables(other));
        if one_of.is_empty() || other_of.is_empty() { one.unit == other.unit } else { !one_of.is_disjoint(&other_of) }
    }

    /// The tables that a figure comes from, as far as they are on record. A table's file has the table's name.
    fn tables(&self, figure: &Figure) -> BTreeSet<String> {
        let known = [self.new, self.old].map(|record| record.definitions.get(&figure.indicator));
        let declared = known.into_iter().flatten().filter_map(|known| known.keys.get("table")).cloned();
        let file = |row: &String| row.rsplit('/').next().and_then(|file| file.split('.').next()).map(str::to_owned);
        declared.chain(figure.rows.iter().filter_map(file)).collect()
    }
}
