//! The released cells that one chart shows, series by series: what its drawing, its legend, its list of figures and its
//! alternative text are all made from, so that they agree.

use std::collections::BTreeSet;

use super::chart::Axis;
use crate::disclosure::protect::{Event, ReleasedCell, Status};
use crate::document::outline::{Outline, Space};
use crate::project::indicator::{ChartKind, Indicator, Measure, Selector};
use crate::value::Value;

/// A chart of several countries cites at most this many sources below it; of more, only the main ones.
const CITED: usize = 8;

/// The released series that one chart shows.
pub(super) struct Arranged<'o> {
    pub(super) outline: &'o Outline<'o>,
    pub(super) indicator: &'o Indicator,
    pub(super) series: Vec<(Selector, Vec<&'o ReleasedCell>)>,
    /// The year before which its axis does not begin, but for figures that reach into it.
    pub(super) from: Option<i32>,
    /// Figures that stand in another series of the chart under another name, and are drawn there.
    pub(super) twins: Vec<Twin<'o>>,
}

/// A figure that is declared to be the same as one of an earlier series.
pub(super) struct Twin<'o> {
    /// The series that leaves it out.
    pub(super) selector: Selector,
    pub(super) cell: &'o ReleasedCell,
    /// The name of the series that draws it.
    pub(super) name: String,
}

/// A period longer than this, in years, gives a figure no height.
const YEAR: f64 = 1.01;
/// A row of so many figures at most stands in words.
const FEW: usize = 2;

impl<'o> Arranged<'o> {
    /// The dimension by which it is broken down; empty for a chart of another kind.
    pub(super) fn by(&self) -> &'o str {
        self.indicator.chart.as_ref().and_then(|chart| chart.by.as_ref()).map_or("", |by| by.value.as_str())
    }

    /// Every cell that the chart shows.
    pub(super) fn cells(&self) -> impl Iterator<Item = &'o ReleasedCell> {
        self.series.iter().flat_map(|(_, series)| series.iter().copied())
    }

    /// The dated facts, for a chart of milestones.
    pub(super) fn events(&self) -> Vec<&'o Event> {
        match self.indicator.measure {
            Measure::Events => self.outline.milestones(),
            _ => Vec::new(),
        }
    }

    /// The numbers of the sources that are cited below it.
    pub(super) fn marks(&self) -> Vec<usize> {
        if self.partly_cited() {
            return self.outline.numbers(self.outline.main_sources(self.indicator));
        }
        let cells = self.outline.numbers(self.outline.sources_of_chart(self.cells()));
        let events = self.events().into_iter().flat_map(|event| event.sources.iter().map(String::as_str));
        cells.into_iter().chain(self.outline.numbers(events)).collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// Whether its many sources are cited in the data table, and only the main ones beside it.
    pub(super) fn partly_cited(&self) -> bool {
        let sources: BTreeSet<usize> = self.cells().flat_map(|cell| self.outline.marks(cell)).collect();
        let compared = self.indicator.chart.as_ref().is_some_and(|chart| chart.kind == ChartKind::Neighbours);
        compared && sources.len() > CITED && !self.outline.leans_on_record()
    }

    /// The year with which its axis begins, or would begin if no figure reached into it.
    fn begins(&self) -> Option<i32> {
        // Not before the first known figure either.
        self.from.max(self.cells().map(|cell| chrono::Datelike::year(&cell.period.start())).min())
    }

    /// The years from its first figure to its last, of what it draws: a row in words needs no years. A figure with a height is
    /// never cut: the axis begins early enough for it.
    pub(super) fn axis(&self) -> Axis {
        let drawn: Vec<&ReleasedCell> = {
            let rows = self.series.iter().filter(|(_, cells)| !self.is_in_words(cells));
            let cells: Vec<_> = rows.flat_map(|(_, cells)| cells.iter().copied()).collect();
            if cells.is_empty() { self.cells().collect() } else { cells }
        };
        let cells = || drawn.iter().copied();
        let begins = self.from.max(cells().map(|cell| chrono::Datelike::year(&cell.period.start())).min());
        let reaches_in = |cell: &&ReleasedCell| {
            let (from, to) = cell.period.decimal();
            to - from <= YEAR && begins.is_none_or(|first| to > f64::from(first))
        };
        let start = |cell: &ReleasedCell| chrono::Datelike::year(&cell.period.start());
        let first = cells().filter(reaches_in).map(start).chain(begins).min();
        let last = cells().map(|cell| chrono::Datelike::year(&cell.period.end())).max();
        let counted = cells().any(|cell| matches!(cell.value, Some(Value::Count(_))));
        let counts_to = self.outline.counts_to().filter(|_| counted);
        let (first, last) = (first.unwrap_or(2000), last.max(counts_to).unwrap_or(2000));
        Axis { first, last: last.max(first) }
    }

    /// The space that the page keeps for it.
    pub(super) fn space(&self) -> Space {
        self.outline.space(self.indicator)
    }

    /// Drops the cells that end before the axis begins, so that neither the drawing nor its text shows them.
    pub(super) fn hold_to_axis(&mut self) {
        let Some(first) = self.begins().map(f64::from) else { return };
        self.series.iter_mut().for_each(|(_, cells)| cells.retain(|cell| cell.period.decimal().1 > first));
    }

    /// Whether a row has too few figures to be drawn: it stands in words. What sources contest is always drawn.
    pub(super) fn is_in_words(&self, cells: &[&ReleasedCell]) -> bool {
        let kind = self.indicator.chart.as_ref().map(|chart| chart.kind);
        let rated = cells.iter().any(|cell| matches!(cell.value, Some(Value::Code(_))));
        kind == Some(ChartKind::Rows)
            && !rated
            && !cells.iter().any(|cell| cell.contested)
            && cells.iter().filter(|cell| is_reported(cell)).count() <= FEW
    }

    /// The figures that a series leaves to another one.
    pub(super) fn twins_of<'a>(&'a self, selector: &'a Selector) -> impl Iterator<Item = &'a Twin<'o>> {
        let same = move |twin: &&Twin<'o>| {
            twin.selector.indicator == selector.indicator && twin.selector.codes == selector.codes
        };
        self.twins.iter().filter(same)
    }

    /// The indicator that a series of it counts.
    pub(super) fn measured(&self, selector: &Selector) -> &'o Indicator {
        self.outline.project.indicator(&selector.indicator).unwrap_or(self.indicator)
    }
}

/// Whether anything is known of a cell, be it that its figure is withheld.
pub(super) fn is_reported(cell: &ReleasedCell) -> bool {
    cell.status != Status::NotReported
}

/// The date of an event, with the other dates that sources give.
pub(super) fn dates(outline: &Outline<'_>, event: &Event) -> String {
    let text = outline.document.text;
    let dates: Vec<String> = event.dates.iter().map(|date| text.period(date)).collect();
    text.any_of(&dates)
}

/// The value of a cell as it is printed; of a contested one every reading, joined by "or".
pub(super) fn readings(outline: &Outline<'_>, cell: &ReleasedCell) -> String {
    let readings = cell.readings().into_iter().map(|(value, qualifier)| outline.say(cell, value, qualifier));
    outline.document.text.any_of(&readings.collect::<Vec<_>>())
}
