//! The sources that a document cites, and their numbers.

use std::collections::{BTreeMap, BTreeSet};

use super::Outline;
use super::changes::Changes;
use crate::disclosure::protect::{Event, ReleasedCell, SourceRecord};
use crate::project::indicator::{ChartKind, Indicator};
use crate::value::Value;

/// At most this many agreeing sources are cited beside a figure; the data files name all of them.
const SOURCES_PRINTED: usize = 2;

/// A source is cited beside a chart of several countries if it gives at least this many of the ratings.
const MAIN_SOURCE: usize = 5;

impl<'p> Outline<'p> {
    /// The sources behind everything in the document, by publisher, date and title.
    pub(super) fn cite(&self) -> Vec<&'p SourceRecord> {
        let mut ids: BTreeSet<&str> = self.bindings.sources.iter().map(String::as_str).collect();
        let mut cells: Vec<&'p ReleasedCell> = Vec::new();
        cells.extend(self.in_figures(&self.charts));
        cells.extend(self.in_figures(&self.tables));
        for indicator in self.charts.iter().chain(&self.tables) {
            if indicator.chart.as_ref().is_some_and(|chart| chart.kind == ChartKind::Neighbours) {
                ids.extend(self.main_sources(indicator));
            }
        }
        cells.extend(self.in_key_figures());
        cells.extend(self.bindings.figures.values().filter_map(|bound| bound.cell));
        cells.extend(self.bindings.phrases.values().flat_map(|bound| bound.parts.iter().copied()));
        // A share may come from a source that is cited for no other figure.
        let derived = self.bindings.phrases.values().filter_map(|bound| bound.derived.as_ref());
        ids.extend(derived.flat_map(cited));
        cells.extend(self.changes.iter().flat_map(Changes::printed).filter_map(|figure| self.cell(figure)));
        ids.extend(self.changes.iter().flat_map(Changes::earlier_sources));
        ids.extend(cells.into_iter().flat_map(|cell| cited(cell)));
        let milestones: Vec<&Event> = if self.bindings.dated { self.milestones() } else { Vec::new() };
        let dated = |event: &&Event| {
            self.bindings.dates.contains(&event.id)
                || milestones.iter().any(|milestone| milestone.id == event.id)
                || self.sections.iter().any(|part| part.section.id == event.section)
        };
        ids.extend(self.released.events().iter().filter(dated).flat_map(|e| e.sources.iter().map(String::as_str)));
        let mut sources: Vec<_> = self.released.sources().iter().filter(|s| ids.contains(s.id.as_str())).collect();
        sources.sort_by_key(|source| (&source.publisher, &source.published, &source.title, &source.id));
        sources
    }

    /// The sources that give most ratings of a chart of several countries; the data table cites the others year by year.
    #[must_use]
    pub fn main_sources(&self, indicator: &Indicator) -> Vec<&'p str> {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for cell in self.released.cells(&indicator.id) {
            for source in cited(cell) {
                *counts.entry(source).or_default() += 1;
            }
        }
        counts.into_iter().filter(|(_, count)| *count >= MAIN_SOURCE).map(|(source, _)| source).collect()
    }

    /// The sources of the document in the order of their numbers.
    #[must_use]
    pub fn sources(&self) -> &[&'p SourceRecord] {
        &self.sources
    }

    /// The number of a source, if this document cites it.
    #[must_use]
    pub fn number(&self, source: &str) -> Option<usize> {
        self.numbers.get(source).copied()
    }

    /// The numbers of a cell's sources, ascending.
    #[must_use]
    pub fn marks(&self, cell: &ReleasedCell) -> Vec<usize> {
        self.numbers(cited(cell))
    }

    /// Whether any source of these cells has no number here; the data table names such a source.
    #[must_use]
    pub fn leaves_sources_out<'c>(&self, cells: impl IntoIterator<Item = &'c ReleasedCell>) -> bool {
        cells.into_iter().flat_map(cited).any(|source| self.number(source).is_none())
    }

    /// The numbers of these sources, ascending, each once.
    #[must_use]
    pub fn numbers<'i>(&self, ids: impl IntoIterator<Item = &'i str>) -> Vec<usize> {
        let numbers: BTreeSet<usize> = ids.into_iter().filter_map(|id| self.number(id)).collect();
        numbers.into_iter().collect()
    }
}

/// The sources printed beside a cell: the first few that agree, and one for each contested value. A rating cites one.
fn cited(cell: &ReleasedCell) -> Vec<&str> {
    let most = match cell.value {
        Some(Value::Code(_)) => 1,
        // A number that several registers count together cites each of them.
        _ if cell.register => cell.sources.len(),
        _ => SOURCES_PRINTED,
    };
    let agreeing = cell.sources.iter().take(most);
    let others = cell.alternatives.iter().filter(|_| cell.contested).filter_map(|other| other.sources.first());
    agreeing.chain(others).map(String::as_str).collect()
}
