//! The sources that a document cites, and their numbers: by kind, and within a kind by first citation.

use std::collections::{BTreeMap, BTreeSet};

use super::changes::Changes;
use super::{Outline, ScoreRow, newest};
use crate::disclosure::protect::{Event, ReleasedCell, SourceRecord};
use crate::project::indicator::{ChartKind, Indicator};
use crate::value::Value;

/// At most this many agreeing sources are cited beside a figure; the data files name all of them.
const SOURCES_PRINTED: usize = 2;

/// A source is cited beside a chart of several countries if it gives at least this many of the ratings.
const MAIN_SOURCE: usize = 5;

/// Below a chart of a document that leans on the record at most this many are cited.
const CHART_SOURCES: usize = 3;

/// The sources of a document in the order in which a reader meets them.
#[derive(Default)]
struct Cited<'p> {
    order: Vec<&'p str>,
    known: BTreeSet<&'p str>,
}

impl<'p> Cited<'p> {
    fn add(&mut self, ids: impl IntoIterator<Item = &'p str>) {
        for id in ids {
            if self.known.insert(id) {
                self.order.push(id);
            }
        }
    }

    fn cells(&mut self, outline: &Outline<'_>, cells: impl IntoIterator<Item = &'p ReleasedCell>) {
        cells.into_iter().for_each(|cell| self.add(outline.cited(cell)));
    }
}

impl<'p> Outline<'p> {
    /// The sources behind everything in the document.
    pub(super) fn cite(&self) -> Vec<&'p SourceRecord> {
        let mut found = Cited::default();
        found.cells(self, self.on_the_scale());
        found.cells(self, self.in_words_of_key_figures());
        if self.document.kind.record {
            found.cells(self, self.scoreboard.iter().flat_map(ScoreRow::printed));
            self.dated_facts().iter().rev().for_each(|event| found.add(event.sources.iter().map(String::as_str)));
        }
        self.cite_prose(&mut found);
        for indicator in &self.charts {
            found.add(self.sources_of_chart(self.in_figures(&[*indicator])));
        }
        found.cells(self, self.in_figures(&self.tables));
        let compared = |i: &&&Indicator| i.chart.as_ref().is_some_and(|chart| chart.kind == ChartKind::Neighbours);
        for indicator in self.charts.iter().chain(&self.tables).filter(compared).filter(|_| !self.leans_on_record()) {
            found.add(self.main_sources(indicator));
        }
        found.cells(self, self.changes.iter().flat_map(Changes::printed).filter_map(|figure| self.cell(figure)));
        found.cells(self, self.scoreboard.iter().flat_map(|row| self.cited_in_row(row)));
        if self.document.kind.record {
            self.cite_all(&mut found);
        }
        let earlier: BTreeSet<&str> = self.changes.iter().flat_map(Changes::earlier_sources).collect();
        let cited =
            |source: &&SourceRecord| found.known.contains(source.id.as_str()) || earlier.contains(source.id.as_str());
        let places: BTreeMap<&str, usize> = found.order.iter().enumerate().map(|(at, id)| (*id, at)).collect();
        let place = |source: &SourceRecord| places.get(source.id.as_str()).copied().unwrap_or(usize::MAX);
        // What one body publishes stands together, where the first of it is cited.
        let body = |source: &'p SourceRecord| (source.kind, &source.publisher);
        let mut bodies: BTreeMap<_, usize> = BTreeMap::new();
        for source in self.released.sources() {
            let first = bodies.entry(body(source)).or_insert(usize::MAX);
            *first = place(source).min(*first);
        }
        let first = |source: &'p SourceRecord| bodies.get(&body(source)).copied();
        let mut sources: Vec<_> = self.released.sources().iter().filter(cited).collect();
        sources.sort_by_cached_key(|source| (source.kind, first(source), place(source), source.id.clone()));
        sources
    }

    /// What prose cites, in its own order; a share may come from a source that is cited for no other figure.
    fn cite_prose<'f>(&'f self, found: &mut Cited<'f>) {
        let bindings = &self.bindings;
        let figures = bindings.figures.values().filter_map(|bound| bound.cell);
        let parts = bindings.phrases.values().flat_map(|bound| bound.parts.iter().copied());
        let cells: BTreeMap<&str, &ReleasedCell> = figures.chain(parts).map(|cell| (cell.id.as_str(), cell)).collect();
        let events: BTreeMap<&str, &'p Event> =
            self.released.events().iter().rev().map(|event| (event.id.as_str(), event)).collect();
        let dated = |id: &str| events.get(id).copied();
        let placed = || self.charts.iter().chain(&self.tables);
        for id in &bindings.mentions {
            if let Some(cell) = cells.get(id.as_str()) {
                found.cells(self, [*cell]);
            } else if let Some(indicator) = placed().find(|indicator| indicator.id == *id) {
                found.add(self.sources_of_chart(self.in_figures(&[*indicator])));
            } else if bindings.sources.contains(id) {
                found.add([id.as_str()]);
            } else if let Some(event) = dated(id).filter(|event| bindings.dates.contains(&event.id)) {
                found.add(self.cited_of(event));
            }
        }
        found.cells(self, cells.into_values());
        found.add(bindings.sources.iter().map(String::as_str));
        let derived = bindings.phrases.values().filter_map(|bound| bound.derived.as_ref());
        found.add(derived.flat_map(|cell| self.cited(cell)));
        let milestones = if bindings.dated { self.milestones() } else { Vec::new() };
        found.add(milestones.iter().flat_map(|event| self.cited_of(event)));
        let dated = |event: &&Event| {
            bindings.dates.contains(&event.id) || self.sections.iter().any(|part| part.section.id == event.section)
        };
        let dated = self.released.events().iter().filter(dated);
        found.add(dated.flat_map(|event| self.cited_of(event)));
    }

    /// Every source that states anything.
    fn cite_all<'f>(&'f self, found: &mut Cited<'f>) {
        let cells = || self.project.indicators.iter().flat_map(|indicator| self.released.cells(&indicator.id));
        found.cells(self, cells());
        for cell in cells() {
            let others = cell.alternatives.iter().flat_map(|other| &other.sources);
            found.add(cell.sources.iter().chain(others).map(String::as_str));
        }
    }

    /// The ratings that stand beside the scale on the cover: the newest, and the one before it.
    pub(super) fn on_the_scale(&self) -> impl Iterator<Item = &'p ReleasedCell> {
        let ratings = self.scale().map(|scale| self.released.series(&scale.id, &BTreeMap::new())).unwrap_or_default();
        ratings.into_iter().rev().filter(|cell| cell.value.is_some()).take(2)
    }

    /// The figures that the key figures print in words: the newest, and the one before it.
    pub(super) fn in_words_of_key_figures(&self) -> impl Iterator<Item = &'p ReleasedCell> {
        self.key_figures.iter().flat_map(|(indicator, selector)| {
            let series = self.released.series(&indicator.id, &selector.codes);
            newest(&series).into_iter().flat_map(|(now, before)| std::iter::once(now).chain(before))
        })
    }

    /// Whether it leaves to the record what only the record needs: then a figure cites one source, and a chart the main ones.
    #[must_use]
    pub fn leans_on_record(&self) -> bool {
        let kind = self.document.kind;
        !kind.sections && self.project.report.documents.iter().any(|other| other.record)
    }

    /// The sources printed beside a dated fact: all of them, or, where the record has them, the first that is cited anyway.
    #[must_use]
    pub fn cited_of<'c>(&self, event: &'c Event) -> Vec<&'c str> {
        let sources = event.sources.iter().map(String::as_str);
        if self.leans_on_record() {
            return sources.filter(|source| self.chosen.contains(source)).take(1).collect();
        }
        sources.collect()
    }

    /// The sources printed beside a cell: the first few that agree, and one for each contested value. A rating cites one.
    fn cited<'c>(&self, cell: &'c ReleasedCell) -> Vec<&'c str> {
        let most = match cell.value {
            Some(Value::Code(_)) => 1,
            // A number that several registers count together cites each of them.
            _ if cell.register => cell.sources.len(),
            _ if self.leans_on_record() => 1,
            _ => SOURCES_PRINTED,
        };
        let others = cell.alternatives.iter().filter(|_| cell.contested);
        let others = others.filter_map(|other| self.chosen_of(&other.sources));
        if most == 1 {
            return self.chosen_of(&cell.sources).into_iter().chain(others).collect();
        }
        cell.sources.iter().take(most).map(String::as_str).chain(others).collect()
    }

    /// The sources that are cited below a chart of these cells: all of them, or, of many, those that give most of its figures.
    #[must_use]
    pub fn sources_of_chart<'c>(&self, cells: impl IntoIterator<Item = &'c ReleasedCell>) -> Vec<&'c str> {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        cells.into_iter().flat_map(|cell| self.cited(cell)).for_each(|source| *counts.entry(source).or_default() += 1);
        if !self.leans_on_record() {
            return counts.into_keys().collect();
        }
        let mut main: Vec<(&str, usize)> = counts.into_iter().collect();
        main.retain(|(source, _)| self.chosen.is_empty() || self.chosen.contains(source));
        main.sort_by_key(|(source, count)| (std::cmp::Reverse(*count), *source));
        main.into_iter().take(CHART_SOURCES).map(|(source, _)| source).collect()
    }

    /// The dated facts of the sections that it holds, by date.
    #[must_use]
    pub fn dated_facts(&self) -> Vec<&'p Event> {
        let held = |event: &&Event| self.sections.iter().any(|part| part.section.id == event.section);
        self.released.events().iter().filter(held).collect()
    }

    /// The sources that give most ratings of a chart of several countries; the data table cites the others year by year.
    #[must_use]
    pub fn main_sources(&self, indicator: &Indicator) -> Vec<&'p str> {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for cell in self.released.cells(&indicator.id) {
            for source in self.cited(cell) {
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
        self.numbers(self.cited(cell))
    }

    /// Whether any source of these cells has no number here; the data table names such a source.
    #[must_use]
    pub fn leaves_sources_out<'c>(&self, cells: impl IntoIterator<Item = &'c ReleasedCell>) -> bool {
        cells.into_iter().flat_map(|cell| self.cited(cell)).any(|source| self.number(source).is_none())
    }

    /// The numbers of these sources, ascending, each once.
    #[must_use]
    pub fn numbers<'i>(&self, ids: impl IntoIterator<Item = &'i str>) -> Vec<usize> {
        let numbers: BTreeSet<usize> = ids.into_iter().filter_map(|id| self.number(id)).collect();
        numbers.into_iter().collect()
    }
}
