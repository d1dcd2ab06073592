//! The figures of a chart in words, series by series: the alternative text and the table of chart data are both built from
//! these, so they agree.

use std::collections::BTreeSet;

use super::arranged::{Arranged, is_reported, readings};
use super::worded::Worded;
use crate::disclosure::protect::ReleasedCell;
use crate::project::indicator::Selector;
use crate::project::text::Text;
use crate::value::Value;
use crate::value::period::Period;

/// One series in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeriesText {
    /// Its short name, as the chart has it.
    pub name: String,
    /// Its full name with its unit, to be understood without the chart.
    pub label: String,
    /// What is counted; empty where the name makes it clear.
    pub unit: String,
    /// Its figures in the order of their periods: "23 in 2007".
    pub figures: Vec<String>,
    /// The same for a list: "2007: 23".
    pub listed: Vec<SeriesFigure>,
    /// The years of the axis for which nothing is known.
    pub missing: Vec<i32>,
    /// Where the series starts to count something else, in words.
    pub breaks: Vec<String>,
    /// The numbers of its sources.
    pub marks: Vec<usize>,
    /// The title of the table that names its further sources, where they have no numbers.
    pub sources_in: Option<String>,
}

/// A figure, or a rating that stays the same for several years.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeriesFigure {
    /// Its first period.
    pub first: Period,
    /// Its last period; that of a single figure is its first.
    pub last: Period,
    /// "2007: 23", and its parts.
    pub worded: Worded,
}

/// Every series of a chart, in reading order.
pub(super) fn all(arranged: &Arranged<'_>) -> Vec<SeriesText> {
    arranged.series.iter().map(|(selector, cells)| series(arranged, selector, cells)).collect()
}

/// One series.
pub(super) fn series(arranged: &Arranged<'_>, selector: &Selector, cells: &[&ReleasedCell]) -> SeriesText {
    let (outline, text) = (arranged.outline, arranged.outline.document.text);
    let indicator = arranged.measured(selector);
    let reported: Vec<&ReleasedCell> = cells.iter().copied().filter(|cell| is_reported(cell)).collect();
    let runs = runs(arranged, &reported);
    let marks: BTreeSet<usize> = cells.iter().flat_map(|cell| outline.marks(cell)).collect();
    let rated = cells.iter().any(|cell| matches!(cell.value, Some(Value::Code(_))));
    let unit = text.unit(&indicator.unit, None);
    let twins = arranged.twins_of(selector).map(|twin| {
        let (value, period) = (readings(outline, twin.cell), text.dated(&twin.cell.period));
        text.phrase("alt_drawn_once", &[("value", &value), ("period", &period), ("name", &twin.name)])
    });
    SeriesText {
        name: outline.name(selector, &indicator.short),
        label: with_unit(text, &outline.name(selector, &indicator.title), unit),
        unit: unit.to_owned(),
        figures: runs.iter().map(|run| sentence(text, run)).collect(),
        listed: runs.iter().map(|run| listed(text, run)).collect(),
        missing: missing_years(arranged, selector),
        breaks: if rated { Vec::new() } else { breaks(arranged, selector).into_iter().chain(twins).collect() },
        marks: marks.into_iter().collect(),
        sources_in: outline.leaves_sources_out(cells.iter().copied()).then(|| indicator.title.clone()),
    }
}

/// The years of the axis in which nothing is known of a series, not even a figure that the chart does not draw.
fn missing_years(arranged: &Arranged<'_>, selector: &Selector) -> Vec<i32> {
    let axis = arranged.axis();
    let mut known = arranged.outline.released.series(&selector.indicator, &selector.codes);
    known.retain(|cell| is_reported(cell));
    (axis.first..=axis.last).filter(|year| !known.iter().any(|cell| touches(cell, *year))).collect()
}

fn touches(cell: &ReleasedCell, year: i32) -> bool {
    let years = chrono::Datelike::year(&cell.period.start())..=chrono::Datelike::year(&cell.period.end());
    years.contains(&year)
}

/// The breaks of a series that lie on the axis: "From 2012: other source."
fn breaks(arranged: &Arranged<'_>, selector: &Selector) -> Vec<String> {
    let text = arranged.outline.document.text;
    let axis = arranged.axis();
    let drawn = |at: f64| f64::from(axis.first) <= at && at < f64::from(axis.last) + 1.0;
    let breaks = arranged.outline.breaks(arranged.measured(selector)).into_iter();
    let sentence = |(at, why): (f64, String)| {
        text.phrase("method_break", &[("year", &format!("{:.0}", at.floor())), ("why", &why)])
    };
    breaks.filter(|(at, _)| drawn(*at)).map(sentence).collect()
}

/// A name with its unit, if it has one.
pub(super) fn with_unit(text: &Text, name: &str, unit: &str) -> String {
    if unit.is_empty() { name.to_owned() } else { text.phrase("alt_measure", &[("name", name), ("unit", unit)]) }
}

/// The printed value of one or more periods, with the first and the last of these.
type Run<'c> = (String, &'c Period, &'c Period);

/// Values in the order of their periods; a rating that stays the same from year to year is one run.
fn runs<'c>(arranged: &Arranged<'_>, series: &[&'c ReleasedCell]) -> Vec<Run<'c>> {
    let outline = arranged.outline;
    let mut runs: Vec<Run<'c>> = Vec::new();
    for cell in series {
        let printed = match cell.value {
            Some(_) => readings(outline, cell),
            None => outline.document.text.word(cell.status.code()).to_owned(),
        };
        let rated = matches!(cell.value, Some(Value::Code(_)));
        match runs.last_mut().filter(|(last, _, end)| rated && *last == printed && end.meets(&cell.period)) {
            Some(run) => run.2 = &cell.period,
            None => runs.push((printed, &cell.period, &cell.period)),
        }
    }
    runs
}

/// "23 in 2007", "95 or 119 in 2024", "withheld in 2013".
fn sentence(text: &Text, (value, first, last): &Run<'_>) -> String {
    let period = match (first.whole_year(), last.whole_year()) {
        (Some(from), Some(to)) if from != to => years(text, from, to),
        _ => text.dated(first),
    };
    let key = if first.is_day() { "alt_figure_on" } else { "alt_figure" };
    text.phrase(key, &[("value", value), ("period", &period)])
}

/// "2007: 23", "2024: 95 or 119", "2013: withheld".
fn listed(text: &Text, (value, first, last): &Run<'_>) -> SeriesFigure {
    let period = match (first.whole_year(), last.whole_year()) {
        (Some(from), Some(to)) if !first.inferred() => text.years(from, to),
        _ => text.listed(first),
    };
    let text = text.phrase("data_figure", &[("value", value), ("period", &period)]);
    let worded = Worded { value: value.clone(), period, text };
    SeriesFigure { first: (*first).clone(), last: (*last).clone(), worded }
}

/// "2007", "2008 to 2022".
pub(super) fn years(text: &Text, from: i32, to: i32) -> String {
    if from == to {
        return from.to_string();
    }
    text.phrase("period_range", &[("from", &from.to_string()), ("to", &to.to_string())])
}

/// "Not reported: 2008 to 2022, 2024."; empty where no year is missing.
pub(super) fn gaps(text: &Text, missing: &[i32]) -> String {
    let mut runs: Vec<(i32, i32)> = Vec::new();
    for year in missing {
        match runs.last_mut() {
            Some(run) if run.1 + 1 == *year => run.1 = *year,
            _ => runs.push((*year, *year)),
        }
    }
    let runs: Vec<String> = runs.iter().map(|(from, to)| years(text, *from, *to)).collect();
    if runs.is_empty() { String::new() } else { text.phrase("alt_not_reported", &[("years", &runs.join(", "))]) }
}
