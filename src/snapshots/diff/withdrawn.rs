//! Earlier figures that are newly withheld, and the earlier values that would reveal them.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use crate::disclosure::protect::Status;
use crate::snapshots::record::{Figure, Record};
use crate::value::period::Period;

/// The earlier figures that are newly withheld themselves, or one of whose rows is: what their values follow from.
pub(super) struct Withdrawn<'r> {
    sides: [&'r Record; 2],
    rows: BTreeSet<&'r str>,
    /// The days of figures that come from the same tables and have the same unit.
    days: BTreeMap<(BTreeSet<String>, &'r str), Days>,
}

impl<'r> Withdrawn<'r> {
    pub(super) fn between(old: &'r Record, new: &'r Record) -> Self {
        let gone = |before: &&Figure| {
            let now = new.figures.get(&before.id);
            is_newly_withheld(before, now) || before.rows.iter().any(|place| is_row_newly_withheld(old, new, place))
        };
        let mut withdrawn = Self { sides: [new, old], rows: BTreeSet::new(), days: BTreeMap::new() };
        let mut periods: BTreeMap<(BTreeSet<String>, &str), Vec<&Period>> = BTreeMap::new();
        for figure in old.figures.values().filter(gone) {
            withdrawn.rows.extend(figure.rows.iter().map(String::as_str));
            periods.entry((withdrawn.tables(figure), &figure.unit)).or_default().push(&figure.period);
        }
        withdrawn.days = periods.into_iter().map(|(of, periods)| (of, Days::of(periods))).collect();
        withdrawn
    }

    /// Whether the earlier value of a figure may reveal a withdrawn one: through a common row, as a change or share does, or
    /// as its part or whole.
    pub(super) fn is_revealed(&self, figure: &Figure) -> bool {
        if self.days.is_empty() {
            return false;
        }
        let own = self.tables(figure);
        // The numbers of two figures may be parts of each other where they come from one table.
        let is_related = |tables: &BTreeSet<String>, unit: &str| {
            if tables.is_empty() || own.is_empty() { unit == figure.unit } else { !tables.is_disjoint(&own) }
        };
        figure.rows.iter().any(|row| self.rows.contains(row.as_str()))
            || self.days.iter().any(|((tables, unit), days)| is_related(tables, unit) && days.overlap(&figure.period))
    }

    /// The tables that a figure comes from, as far as they are on record. A table's file has the table's name.
    fn tables(&self, figure: &Figure) -> BTreeSet<String> {
        let known = self.sides.map(|record| record.definitions.get(&figure.indicator));
        let declared = known.into_iter().flatten().filter_map(|known| known.keys.get("table")).cloned();
        let file = |row: &String| row.rsplit('/').next().and_then(|file| file.split('.').next()).map(str::to_owned);
        declared.chain(figure.rows.iter().filter_map(file)).collect()
    }
}

/// The days of some periods, as stretches that do not overlap: from the first day of each to its last.
struct Days(BTreeMap<NaiveDate, NaiveDate>);

impl Days {
    fn of(mut periods: Vec<&Period>) -> Self {
        periods.sort_by_key(|period| period.start());
        let mut stretches: BTreeMap<NaiveDate, NaiveDate> = BTreeMap::new();
        for period in periods {
            match stretches.last_entry().filter(|last| *last.get() >= period.start()) {
                Some(mut last) => drop(last.insert(period.end().max(*last.get()))),
                None => drop(stretches.insert(period.start(), period.end())),
            }
        }
        Self(stretches)
    }

    /// Whether any of the days is in a period.
    fn overlap(&self, period: &Period) -> bool {
        self.0.range(..=period.end()).next_back().is_some_and(|(_, last)| *last >= period.start())
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::text::anything::hold;

    fn period(from: i32, years: i32) -> Period {
        let text = if years == 0 { format!("{from}") } else { format!("{from}/{}", from + years) };
        Period::parse(&text).unwrap_or_else(|wrong| unreachable!("{text}: {wrong}"))
    }

    #[test]
    fn days_overlap_where_any_of_their_periods_does() {
        let years = || (2000..2040_i32, 0..6_i32);
        hold(2000, (proptest::collection::vec(years(), 0..8), years()), |(periods, (from, long))| {
            let periods: Vec<Period> = periods.into_iter().map(|(from, long)| period(from, long)).collect();
            let one = period(from, long);
            let days = Days::of(periods.iter().collect());
            proptest::prop_assert_eq!(days.overlap(&one), periods.iter().any(|period| period.overlaps(&one)));
            Ok(())
        });
    }
}
