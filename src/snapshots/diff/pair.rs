//! One figure on both sides of a comparison, and what can be asked about the two.

use std::collections::BTreeSet;

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
        let known = |record: &'_ Record| record.definitions.get(&figure.indicator).map(|known| known.keys.clone());
        let (Some(before), Some(now)) = (known(self.old), known(self.new)) else { return Vec::new() };
        let both = before.into_iter().filter_map(|(key, before)| Some((key, before, now.get(key)?.clone())));
        let changed = both.filter(|(_, before, now)| before != now);
        changed.map(|(key, before, now)| CellChange { field: key.to_owned(), before, now }).collect()
    }

    pub(super) fn title(&self) -> String {
        let Some(figure) = self.now.or(self.before) else { return String::new() };
        let known = [self.new, self.old].into_iter().find_map(|record| record.definitions.get(&figure.indicator));
        known.map_or_else(|| figure.indicator.clone(), |known| known.title.clone())
    }

    pub(super) fn of_new_period(&self) -> bool {
        let Some(now) = self.now else { return false };
        let earlier = self.old.figures.values().filter(|before| before.indicator == now.indicator);
        let last = earlier.filter(|before| before.value.is_some()).map(|before| before.period.end()).max();
        last.is_none_or(|last| now.period.end() > last)
    }
}
