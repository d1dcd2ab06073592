//! The released cells that one chart shows, series by series: what its drawing, its legend, its list of figures and its
//! alternative text are all made from, so that they agree.

use std::collections::BTreeSet;

use super::chart::Axis;
use crate::disclosure::protect::{Event, ReleasedCell};
use crate::document::outline::Outline;
use crate::project::indicator::{ChartKind, Indicator, Measure, Selector};
use crate::value::Value;

/// A chart of several countries cites at most this many sources below it; of more, only the main ones.
const CITED: usize = 8;

/// The released series that one chart shows.
pub(super) struct Arranged<'o> {
    pub(super) outline: &'o Outline<'o>,
    pub(super) indicator: &'o Indicator,
    pub(super) series: Vec<(Selector, Vec<&'o ReleasedCell>)>,
    /// The year before which its axis does not begin.
    pub(super) from: Option<i32>,
}

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

    /// The years from its first figure to its last.
    pub(super) fn axis(&self) -> Axis {
        let first = self.cells().map(|cell| chrono::Datelike::year(&cell.period.start())).min();
        let last = self.cells().map(|cell| chrono::Datelike::year(&cell.period.end())).max();
        let counted = self.cells().any(|cell| matches!(cell.value, Some(Value::Count(_))));
        let counts_to = self.outline.counts_to().filter(|_| counted);
        // The axis does not begin before the first known figure either.
        let (first, last) = (self.from.max(first).unwrap_or(2000), last.max(counts_to).unwrap_or(2000));
        Axis { first, last: last.max(first) }
    }

    /// Whether the chart is as wide as the text only.
    pub(super) fn is_narrow(&self) -> bool {
        self.indicator.chart.as_ref().is_some_and(|chart| chart.narrow)
    }

    /// Drops the cells that end before the axis begins, so that neither the drawing nor its text shows them.
    pub(super) fn hold_to_axis(&mut self) {
        let first = f64::from(self.axis().first);
        self.series.iter_mut().for_each(|(_, cells)| cells.retain(|cell| cell.period.decimal().1 > first));
    }

    /// The indicator that a series of it counts.
    pub(super) fn measured(&self, selector: &Selector) -> &'o Indicator {
        self.outline.project.indicator(&selector.indicator).unwrap_or(self.indicator)
    }
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
