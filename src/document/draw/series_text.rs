//! The figures of a chart in words, series by series: its alternative text and the table of its data say the same.

use super::chart::State;
use super::layout::Arranged;
use super::points::point;
use crate::disclosure::protect::{ReleasedCell, Status};
use crate::project::indicator::{ChartKind, Selector};
use crate::project::text::Text;
use crate::value::Value;
use crate::value::period::Period;

/// One series in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// Its short name, as the chart has it.
    pub name: String,
    /// Its full name with its unit, to be understood without the chart.
    pub label: String,
    /// What is counted; empty where that goes without saying.
    pub unit: String,
    /// Its figures in the order of their periods: "23 in 2007".
    pub figures: Vec<String>,
    /// The same, shorter: "2007: 23".
    pub cells: Vec<Run>,
    /// The years of the axis of which nothing is known.
    pub missing: Vec<i32>,
    /// Where what is counted changes, in words.
    pub breaks: Vec<String>,
    /// The numbers of its sources.
    pub marks: Vec<usize>,
    /// The title of the table that names its further sources, where they have no numbers.
    pub sources_in: Option<String>,
}

/// A figure, or a rating that holds for several years.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// Its first period.
    pub first: Period,
    /// Its last period; that of a single figure is its first.
    pub last: Period,
    /// "2007: 23".
    pub text: String,
}

/// Leaves out what ends before the axis begins: it is neither drawn nor said.
pub(super) fn hold_to_the_axis(arranged: &mut Arranged<'_>) {
    let first = f64::from(arranged.axis().first);
    arranged.series.iter_mut().for_each(|(_, cells)| cells.retain(|cell| cell.period.decimal().1 > first));
    arranged.series.retain(|(_, cells)| !cells.is_empty());
}

/// The states that are drawn: of a stack, only a total of zero has a ring.
pub(super) fn legend(arranged: &Arranged<'_>, kind: ChartKind) -> Vec<&'static str> {
    let mut legend = arranged.legend(kind);
    if kind == ChartKind::Stack {
        let state = |cell: &ReleasedCell| point(arranged.outline, arranged.indicator, cell).state;
        let ringed = arranged.cells().filter(|cell| cell.codes.is_empty()).any(|cell| state(cell) == State::Zero);
        legend.retain(|state| *state != "zero" || ringed);
    }
    legend
}

/// Where on the axis what a series counts changes, in words.
fn breaks(arranged: &Arranged<'_>, selector: &Selector) -> Vec<String> {
    let text = arranged.outline.document.text;
    let axis = arranged.axis();
    let drawn = |at: f64| f64::from(axis.first) <= at && at < f64::from(axis.last) + 1.0;
    let breaks = arranged.outline.breaks(arranged.measured(selector)).into_iter();
    let said = |(at, why): (f64, String)| {
        text.phrase("method_break", &[("year", &format!("{:.0}", at.floor())), ("why", &why)])
    };
    breaks.filter(|(at, _)| drawn(*at)).map(said).collect()
}

/// Every series that a chart shows, in reading order.
pub(super) fn said(arranged: &Arranged<'_>) -> Vec<Said> {
    let (outline, text) = (arranged.outline, arranged.outline.document.text);
    let axis = arranged.axis();
    let series = arranged.series.iter().map(|(selector, cells)| {
        let indicator = arranged.measured(selector);
        let reported: Vec<&ReleasedCell> =
            cells.iter().copied().filter(|cell| cell.status != Status::NotReported).collect();
        let marks: std::collections::BTreeSet<usize> = cells.iter().flat_map(|cell| outline.marks(cell)).collect();
        // What is known of a year and not drawn is not missing.
        let known = outline.released.series(&selector.indicator, &selector.codes);
        let known: Vec<&ReleasedCell> = known.into_iter().filter(|cell| cell.status != Status::NotReported).collect();
        let rated = cells.iter().any(|cell| matches!(cell.value, Some(Value::Code(_))));
        let unit = text.unit(&indicator.unit, None);
        Said {
            name: outline.name(selector, &indicator.short),
            label: named(text, &outline.name(selector, &indicator.title), unit),
            unit: unit.to_owned(),
            figures: figures(arranged, &reported),
            cells: cells_of(arranged, &reported),
            missing: (axis.first..=axis.last).filter(|year| !known.iter().any(|cell| touches(cell, *year))).collect(),
            breaks: if rated { Vec::new() } else { breaks(arranged, selector) },
            marks: marks.into_iter().collect(),
            sources_in: outline.leaves_sources_out(cells.iter().copied()).then(|| indicator.title.clone()),
        }
    });
    series.collect()
}

/// A name with its unit, where that does not go without saying.
pub(super) fn named(text: &Text, name: &str, unit: &str) -> String {
    if unit.is_empty() { name.to_owned() } else { text.phrase("alt_measure", &[("name", name), ("unit", unit)]) }
}

fn touches(cell: &ReleasedCell, year: i32) -> bool {
    let years = chrono::Datelike::year(&cell.period.start())..=chrono::Datelike::year(&cell.period.end());
    years.contains(&year)
}

/// "23 in 2007", "95 or 119 in 2024", "withheld in 2013".
fn figures(arranged: &Arranged<'_>, cells: &[&ReleasedCell]) -> Vec<String> {
    let text = arranged.outline.document.text;
    let said = |(value, first, last): &(String, &Period, &Period)| {
        let period = match (first.whole_year(), last.whole_year()) {
            (Some(a), Some(b)) if a != b => {
                text.phrase("period_range", &[("from", &a.to_string()), ("to", &b.to_string())])
            }
            _ => text.dated(first),
        };
        let key = if first.is_day() { "alt_figure_on" } else { "alt_figure" };
        text.phrase(key, &[("value", value), ("period", &period)])
    };
    runs(arranged, cells).iter().map(said).collect()
}

/// "2007: 23", "2024: 95 or 119", "2013: withheld".
fn cells_of(arranged: &Arranged<'_>, cells: &[&ReleasedCell]) -> Vec<Run> {
    let text = arranged.outline.document.text;
    let said = |(value, first, last): &(String, &Period, &Period)| {
        let period = match (first.whole_year(), last.whole_year()) {
            (Some(from), Some(to)) if !first.inferred() => text.years(from, to),
            _ => text.listed(first),
        };
        let text = text.phrase("data_figure", &[("value", value), ("period", &period)]);
        Run { first: (*first).clone(), last: (*last).clone(), text }
    };
    runs(arranged, cells).iter().map(said).collect()
}

/// Values in the order of their periods; equal ratings of years that follow one another are said once.
fn runs<'c>(arranged: &Arranged<'_>, series: &[&'c ReleasedCell]) -> Vec<(String, &'c Period, &'c Period)> {
    let outline = arranged.outline;
    let mut runs: Vec<(String, &Period, &Period)> = Vec::new();
    for cell in series {
        let said: Vec<String> = cell.readings().into_iter().map(|(value, q)| outline.say(cell, value, q)).collect();
        let said = if said.is_empty() {
            outline.document.text.word(cell.status.code()).to_owned()
        } else {
            outline.document.text.any_of(&said)
        };
        let rated = matches!(cell.value, Some(Value::Code(_)));
        match runs.last_mut().filter(|(last, _, end)| rated && *last == said && end.meets(&cell.period)) {
            Some(run) => run.2 = &cell.period,
            None => runs.push((said, &cell.period, &cell.period)),
        }
    }
    runs
}

/// "Not reported: 2008 to 2022, 2024."; nothing where no year is missing.
pub(super) fn gaps(arranged: &Arranged<'_>, missing: &[i32]) -> String {
    let text = arranged.outline.document.text;
    let mut runs: Vec<(i32, i32)> = Vec::new();
    for year in missing {
        match runs.last_mut() {
            Some(run) if run.1 + 1 == *year => run.1 = *year,
            _ => runs.push((*year, *year)),
        }
    }
    let said = |(first, last): &(i32, i32)| {
        let ends = [("from", first.to_string()), ("to", last.to_string())];
        let ends = ends.each_ref().map(|(key, year)| (*key, year.as_str()));
        if first == last { first.to_string() } else { text.phrase("period_range", &ends) }
    };
    let runs: Vec<String> = runs.iter().map(said).collect();
    if runs.is_empty() { String::new() } else { text.phrase("alt_not_reported", &[("years", &runs.join(", "))]) }
}
