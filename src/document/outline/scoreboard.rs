//! The rows of the scoreboard: for each series its newest figure, the one before it, and what the neighbours have.

use chrono::{Datelike, Months};

use super::{Outline, latest};
use crate::disclosure::protect::ReleasedCell;
use crate::project::indicator::{Indicator, Measure, Selector};

/// A brief has room for this many rows; the record has all of them.
const ROWS_OF_A_BRIEF: usize = 11;
/// A brief shows no row whose newest figure is older than this many years; the record does.
const RECENT: u32 = 10;
/// A figure of this many years, the issue's being the last, is of today.
const FRESH: i32 = 3;
/// The code of a condition that stands for the country itself.
const OWN: &str = "own";

/// One row of the scoreboard.
#[derive(Clone)]
pub struct ScoreRow<'p> {
    /// The series.
    pub selector: Selector,
    /// All its figures.
    pub series: Vec<&'p ReleasedCell>,
    /// Its newest figure.
    pub now: &'p ReleasedCell,
    /// The figure before that.
    pub before: Option<&'p ReleasedCell>,
    /// The newest figure of each neighbour, in the order in which the country lists them.
    pub beside: Vec<(&'p str, &'p ReleasedCell)>,
}

impl<'p> ScoreRow<'p> {
    /// The name of its strip, which is the row's number's.
    #[must_use]
    pub fn strip_id(&self, at: usize) -> String {
        format!("{}-{}-row-strip", self.selector.indicator, at + 1)
    }

    /// The figures that the row prints in words.
    pub fn printed(&self) -> impl Iterator<Item = &'p ReleasedCell> {
        let beside = self.beside.iter().map(|(_, cell)| *cell).collect::<Vec<_>>();
        std::iter::once(self.now).chain(self.before).chain(beside)
    }
}

impl<'p> Outline<'p> {
    /// The indicator that declares the scoreboard.
    #[must_use]
    pub fn scoreboard_indicator(&self) -> Option<&'p Indicator> {
        self.project.indicators.iter().find(|indicator| indicator.scoreboard)
    }

    /// The rows that this document shows: the record all of them, the first document the recent ones, any other none.
    pub(super) fn score_rows(&self) -> Vec<ScoreRow<'p>> {
        let first = self.project.report.documents.first().is_some_and(|kind| kind.id == self.document.kind.id);
        let Some(indicator) = self.scoreboard_indicator() else { return Vec::new() };
        let rows = self.shown(indicator).into_iter().filter_map(|(selector, series)| self.score_row(selector, series));
        match (self.document.kind.record, first) {
            (true, _) => rows.collect(),
            (false, true) => self.first_of_each_section(rows.filter(|row| self.is_recent(row)).collect()),
            (false, false) => Vec::new(),
        }
    }

    /// As many rows as a brief has room for: the first of each section, then the second of each, and so on.
    fn first_of_each_section(&self, rows: Vec<ScoreRow<'p>>) -> Vec<ScoreRow<'p>> {
        let section = |row: &ScoreRow<'_>| self.project.indicator(&row.selector.indicator).map(|i| i.section.as_str());
        let sections: Vec<Option<&str>> = rows.iter().map(section).collect();
        let place = |at: usize| (sections[..at].iter().filter(|other| **other == sections[at]).count(), at);
        let mut chosen: Vec<usize> = (0..rows.len()).collect();
        chosen.sort_by_key(|at| place(*at));
        chosen.truncate(ROWS_OF_A_BRIEF);
        let kept = |at: &usize| chosen.contains(at);
        rows.into_iter().enumerate().filter(|(at, _)| kept(at)).map(|(_, row)| row).collect()
    }

    fn score_row(&self, selector: Selector, series: Vec<&'p ReleasedCell>) -> Option<ScoreRow<'p>> {
        let known = || series.iter().copied().filter(|cell| cell.value.is_some());
        let last = || known().max_by_key(|cell| (cell.period.end(), cell.period.start()));
        let (now, before) = latest(&series).or_else(|| Some((last()?, None)))?;
        let beside = self.neighbours_of(&selector);
        Some(ScoreRow { selector, series, now, before, beside })
    }

    /// The figures of a row whose sources it cites: those of the neighbours stand in the record.
    #[must_use]
    pub fn cited_in_row(&self, row: &ScoreRow<'p>) -> Vec<&'p ReleasedCell> {
        let beside = row.beside.iter().map(|(_, cell)| *cell).filter(|_| !self.leans_on_record());
        std::iter::once(row.now).chain(row.before).chain(beside).collect()
    }

    /// Whether a row's newest figure is of the issue's year or the two before it: only then it may stand out.
    #[must_use]
    pub fn is_fresh(&self, row: &ScoreRow<'_>) -> bool {
        row.now.period.end().year() + FRESH > self.project.report.issue.end().year()
    }

    fn is_recent(&self, row: &ScoreRow<'_>) -> bool {
        let issue = self.project.report.issue.end();
        let oldest = issue.checked_sub_months(Months::new(12 * RECENT)).unwrap_or(issue);
        row.now.period.end() > oldest
    }

    /// The newest figure of each neighbour, where another indicator counts the same measure by country.
    fn neighbours_of(&self, selector: &Selector) -> Vec<(&'p str, &'p ReleasedCell)> {
        let Some(indicator) = self.project.indicator(&selector.indicator) else { return Vec::new() };
        let own = |codes: &Vec<String>| codes.iter().any(|code| code == OWN);
        let Some((subject, _)) = indicator.conditions.iter().find(|(_, codes)| own(codes)) else { return Vec::new() };
        let alike = |other: &&Indicator| {
            other.unit == indicator.unit
                && same_rows(&other.measure, &indicator.measure)
                && other.dimensions.iter().eq([subject])
                && other.conditions.is_empty()
        };
        let Some(by_country) = self.project.indicators.iter().find(alike) else { return Vec::new() };
        let newest = |code: &'p String| {
            let series = self.released.series(&by_country.id, &[(subject.clone(), code.clone())].into());
            Some((code.as_str(), series.into_iter().rev().find(|cell| cell.value.is_some())?))
        };
        self.document.country.neighbours.iter().filter_map(newest).collect()
    }

    /// The years from edge to edge of all strips of the scoreboard.
    #[must_use]
    pub fn scoreboard_years(&self) -> (i32, i32) {
        let issue = self.project.report.issue.end().year();
        let cells = || self.scoreboard.iter().flat_map(|row| &row.series);
        let last = cells().map(|cell| cell.period.end().year()).filter(|year| *year <= issue).max().unwrap_or(issue);
        let counted = cells().filter(|cell| cell.value.as_ref().is_some_and(|value| value.count().is_some()));
        let first = counted.map(|cell| cell.period.start().year()).min().unwrap_or(last);
        (first.max(last - STRIP_YEARS + 1), last)
    }
}

/// A strip shows at most this many years.
const STRIP_YEARS: i32 = 19;

fn same_rows(one: &Measure, other: &Measure) -> bool {
    match (one, other) {
        (Measure::Observed { table, code, .. }, Measure::Observed { table: of, code: by, .. }) => {
            table == of && code == by
        }
        _ => false,
    }
}
