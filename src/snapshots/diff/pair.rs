//! One figure on both sides of a comparison, and what can be asked about the two.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::change::CellChange;
use super::moves::Moves;
use crate::snapshots::record::{Alternative, Figure, PublicRows, Record};

/// One figure on both sides; at least one of them has it.
pub struct Pair<'r> {
    pub(super) old: &'r Record,
    pub(super) new: &'r Record,
    pub(super) before: Option<&'r Figure>,
    pub(super) now: Option<&'r Figure>,
    pub(super) moves: &'r Moves,
    pub(super) known: &'r Known<'r>,
}

/// What is looked up on both sides for each figure, gathered once.
pub(super) struct Known<'r> {
    /// The indicators of which either side has anything.
    indicators: [BTreeSet<&'r str>; 2],
    /// The last day for which the earlier side has a value of an indicator.
    last: BTreeMap<&'r str, NaiveDate>,
    /// The earlier figures with each row.
    with_row: BTreeMap<&'r str, Vec<&'r Figure>>,
}

impl<'r> Known<'r> {
    pub(super) fn of(old: &'r Record, new: &'r Record) -> Self {
        let (mut last, mut with_row): (BTreeMap<&str, NaiveDate>, BTreeMap<&str, Vec<&Figure>>) = Default::default();
        for figure in old.figures.values() {
            if figure.value.is_some() {
                let last = last.entry(figure.indicator.as_str()).or_insert(figure.period.end());
                *last = figure.period.end().max(*last);
            }
            figure.rows.iter().for_each(|row| with_row.entry(row).or_default().push(figure));
        }
        Self { indicators: [old, new].map(Record::indicators), last, with_row }
    }

    /// Whether the earlier side has anything on an indicator.
    pub(super) fn before(&self, indicator: &str) -> bool {
        self.indicators[0].contains(indicator)
    }

    /// Whether the later side has anything on an indicator.
    pub(super) fn now(&self, indicator: &str) -> bool {
        self.indicators[1].contains(indicator)
    }

    /// The earlier figures all of whose rows are rows of this one.
    pub(super) fn parts(&self, whole: &Figure) -> Vec<&'r Figure> {
        let rows: BTreeSet<&str> = whole.rows.iter().map(String::as_str).collect();
        // A figure is looked at where its first row is found.
        let first = |row: &&str, figure: &&&'r Figure| figure.rows.first().is_some_and(|first| first == row);
        let parts = rows.iter().flat_map(|row| {
            let figures = self.with_row.get(row).into_iter().flatten();
            figures.filter(move |figure| first(row, figure)).copied()
        });
        parts.filter(|part| part.id != whole.id && part.rows.iter().all(|row| rows.contains(row.as_str()))).collect()
    }
}

impl Pair<'_> {
    /// Whether the figure can be compared: one of a register only if both sides could read registers, a change or share that
    /// prose asks for only if both sides set the prose.
    pub(super) fn is_comparable(&self) -> bool {
        let any = |test: fn(&Figure) -> bool| self.before.into_iter().chain(self.now).any(test);
        if any(|figure| figure.relative) && !(self.old.with_prose && self.new.with_prose) {
            return false;
        }
        !(any(|figure| figure.register) && (self.old.without_registers || self.new.without_registers))
    }

    /// Whether both sides have figures of the country.
    pub(super) fn both_countries(&self) -> bool {
        !self.old.figures.is_empty() && !self.new.figures.is_empty()
    }

    /// The rows of both sides, where both know them.
    pub(super) fn rows(&self) -> Option<(&PublicRows, &PublicRows)> {
        self.old.rows.as_ref().zip(self.new.rows.as_ref())
    }

    pub(super) fn differs(&self) -> bool {
        let (Some(before), Some(now)) = (self.before, self.now) else { return true };
        !before.reads_as(now)
            || (before.status, &before.rule, &before.sources) != (now.status, &now.rule, &now.sources)
            || before.contested != now.contested
            || self.alternatives_differ()
            || !self.definition_changes().is_empty()
    }

    pub(super) fn alternatives_differ(&self) -> bool {
        let (Some(before), Some(now)) = (self.before, self.now) else { return false };
        let given = |figure: &Figure| {
            let one = |other: &Alternative| (other.value.plain(), other.qualifier, other.sources.clone());
            figure.alternatives.iter().map(one).collect::<BTreeSet<_>>()
        };
        given(before) != given(now)
    }

    /// The keys of the definition that both sides know and that differ.
    pub(super) fn definition_changes(&self) -> Vec<CellChange> {
        let Some(figure) = self.now.or(self.before) else { return Vec::new() };
        let [before, now] = [self.old, self.new].map(|record| record.definitions.get(&figure.indicator));
        let Some((before, now)) = before.zip(now) else { return Vec::new() };
        let both = before.keys.iter().filter_map(|(key, before)| Some((key, before, now.keys.get(key)?)));
        let changed = both.filter(|(_, before, now)| before != now);
        let change = |(key, before, now): (&&str, &String, &String)| CellChange {
            field: (*key).to_owned(),
            before: before.clone(),
            now: now.clone(),
        };
        changed.map(change).collect()
    }

    pub(super) fn title(&self) -> String {
        let Some(figure) = self.now.or(self.before) else { return String::new() };
        let known = [self.new, self.old].into_iter().find_map(|record| record.definitions.get(&figure.indicator));
        known.map_or_else(|| figure.indicator.clone(), |known| known.title.clone())
    }

    pub(super) fn of_new_period(&self) -> bool {
        let Some(now) = self.now else { return false };
        self.known.last.get(now.indicator.as_str()).is_none_or(|last| now.period.end() > *last)
    }
}
