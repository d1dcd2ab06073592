//! Alternative text by rule: kind, axes and range, the main finding, then every figure in reading order, its gaps and what
//! is withheld. It is written from what was drawn, so a listener learns exactly what a reader sees.

use super::arranged::{Arranged, dates, readings};
use super::breakdown;
use super::chart::{Qualifier, State};
use super::points::point;
use super::series_text::{self, SeriesText, gaps, with_unit, years};
use crate::disclosure::protect::{Event, ReleasedCell};
use crate::project::indicator::{ChartKind, Selector};
use crate::project::text::Text;
use crate::value::Value;

/// A strip is described like a row of ratings: both have figures over time, and neither shows breaks.
const STRIP: ChartKind = ChartKind::Tiers;

/// The alternative text of a chart.
pub(super) fn text(arranged: &Arranged<'_>, kind: ChartKind) -> String {
    let mut sentences = vec![opening(arranged, kind, name(arranged, kind))];
    sentences.extend(finding(arranged, kind));
    sentences.extend(body(arranged, kind));
    joined(&sentences)
}

/// The name of a kind among the words, with those of the kinds that may be tables instead.
fn name(arranged: &Arranged<'_>, kind: ChartKind) -> &'static str {
    match kind {
        ChartKind::Flow if !breakdown::one_period(arranged) => "flow_table",
        ChartKind::Rows if arranged.series.iter().all(|(_, cells)| arranged.is_in_words(cells)) => "rows_table",
        ChartKind::Tiers
        | ChartKind::Neighbours
        | ChartKind::Panels
        | ChartKind::Rows
        | ChartKind::Stack
        | ChartKind::Matrix
        | ChartKind::Milestones
        | ChartKind::Flow
        | ChartKind::Provinces
        | ChartKind::Dumbbell
        | ChartKind::Bars => kind.name(),
    }
}

/// The alternative text of a key figure's strip.
pub(super) fn strip(arranged: &Arranged<'_>) -> String {
    let mut sentences = vec![opening(arranged, STRIP, "strip")];
    sentences.extend(finding(arranged, STRIP));
    sentences.extend(body(arranged, STRIP));
    joined(&sentences)
}

/// The alternative text of a row of squares, one for each rating.
pub(super) fn squares(arranged: &Arranged<'_>) -> String {
    let mut sentences = vec![opening(arranged, ChartKind::Tiers, "squares")];
    sentences.extend(finding(arranged, ChartKind::Tiers));
    sentences.extend(body(arranged, ChartKind::Tiers));
    joined(&sentences)
}

fn joined(sentences: &[String]) -> String {
    sentences.iter().filter(|sentence| !sentence.is_empty()).cloned().collect::<Vec<_>>().join(" ")
}

/// The kind of chart, its axes and the range of its figures.
fn opening(arranged: &Arranged<'_>, kind: ChartKind, name: &str) -> String {
    let (outline, text) = (arranged.outline, arranged.outline.document.text);
    let axis = arranged.axis();
    let (mut from, mut to) = (axis.first, axis.last);
    let mut count = arranged.series.len();
    if kind == ChartKind::Milestones {
        let years = |event: &&Event| chrono::Datelike::year(&event.dates[0].start());
        from = arranged.events().iter().map(years).min().unwrap_or(from);
        to = arranged.events().iter().map(years).max().unwrap_or(to);
        count = arranged.events().len();
    }
    let years = years(text, from, to);
    let period = breakdown::period(arranged).map_or_else(String::new, |period| text.dated(period));
    let filled = [("years", years), ("period", period), ("country", outline.document.country.name.clone())];
    let filled: Vec<(&str, &str)> = filled.iter().map(|(key, value)| (*key, value.as_str())).collect();
    let key = |many: &str| format!("alt_kind.{name}{many}");
    let one = text.phrase(&key("_one"), &filled);
    let opening = if count == 1 && one != key("_one") { one } else { text.phrase(&key(""), &filled) };
    joined(&[opening, totals_aside(arranged, kind), range(arranged, kind)])
}

/// The figures of one unit whose number is drawn with a size, each with the name of its series.
struct Sized<'o> {
    unit: String,
    cells: Vec<(String, &'o ReleasedCell)>,
}

fn is_number(cell: &ReleasedCell) -> bool {
    cell.value.as_ref().is_some_and(|value| value.number().is_some())
}

/// Whether the size of its mark shows the number: on a time axis, a total of more than a year has no size.
fn has_size(cell: &ReleasedCell, kind: ChartKind) -> bool {
    let (from, to) = cell.period.decimal();
    to - from <= 1.01 || kind.is_of_one_period()
}

/// A sentence for charts with totals of more than a year: these are left out of the comparison.
fn totals_aside(arranged: &Arranged<'_>, kind: ChartKind) -> String {
    let compared = sized(arranged, kind).into_iter().filter(|sized| sized.cells.len() > 1).map(|sized| sized.unit);
    let compared: Vec<String> = compared.collect();
    let text = arranged.outline.document.text;
    let unit = |selector| text.unit(&arranged.measured(selector).unit, None);
    let aside = |cell: &&ReleasedCell| is_number(cell) && !has_size(cell, kind);
    let occurs = arranged
        .series
        .iter()
        .any(|(selector, cells)| compared.iter().any(|known| known == unit(selector)) && cells.iter().any(aside));
    if occurs { text.word("alt_totals_aside").to_owned() } else { String::new() }
}

/// The figures whose marks have a size, unit by unit: figures of different units are never compared.
fn sized<'o>(arranged: &Arranged<'o>, kind: ChartKind) -> Vec<Sized<'o>> {
    let short = |cell: &ReleasedCell| is_number(cell) && has_size(cell, kind);
    let mut units: Vec<Sized<'o>> = Vec::new();
    for (selector, series) in &arranged.series {
        let indicator = arranged.measured(selector);
        let unit = arranged.outline.document.text.unit(&indicator.unit, None);
        let name = arranged.outline.name(selector, &indicator.short);
        let cells = series.iter().filter(|cell| short(cell)).map(|cell| (name.clone(), *cell));
        match units.iter_mut().find(|other| other.unit == unit) {
            Some(other) => other.cells.extend(cells),
            None => units.push(Sized { unit: unit.to_owned(), cells: cells.collect() }),
        }
    }
    units
}

fn highest(cell: &ReleasedCell) -> f64 {
    cell.readings().iter().filter_map(|(value, _)| value.number()).fold(f64::MIN, f64::max)
}

fn lowest(cell: &ReleasedCell) -> f64 {
    cell.readings().iter().filter_map(|(value, _)| value.number()).fold(f64::MAX, f64::min)
}

/// Whether its figures have no size to be compared, or periods that forbid it.
fn is_uncompared(arranged: &Arranged<'_>, kind: ChartKind) -> bool {
    let unlike = kind == ChartKind::Flow && !breakdown::one_period(arranged);
    unlike || !kind.compares()
}

/// The lowest and the highest figure of each unit.
fn range(arranged: &Arranged<'_>, kind: ChartKind) -> String {
    if is_uncompared(arranged, kind) {
        return String::new();
    }
    let value = |cell: &ReleasedCell, wanted: f64| {
        let readings = cell.readings();
        let found = readings.iter().find(|(value, _)| value.number() == Some(wanted));
        found.map_or_else(String::new, |(value, qualifier)| arranged.outline.say(cell, value, *qualifier))
    };
    let sentence = |sized: &Sized<'_>| {
        let cells = || sized.cells.iter().map(|(_, cell)| *cell);
        let least = cells().min_by(|a, b| lowest(a).total_cmp(&lowest(b)))?;
        let most = cells().max_by(|a, b| highest(a).total_cmp(&highest(b)))?;
        let (least, most) = (value(least, lowest(least)), value(most, highest(most)));
        let filled = [("unit", sized.unit.as_str()), ("least", least.as_str()), ("most", most.as_str())];
        (sized.cells.len() > 1).then(|| arranged.outline.document.text.phrase("alt_range", &filled))
    };
    joined(&sized(arranged, kind).iter().filter_map(sentence).collect::<Vec<_>>())
}

/// The main finding: the latest rating of each series; the highest figure of each unit; of a single series, the latest.
fn finding(arranged: &Arranged<'_>, kind: ChartKind) -> Vec<String> {
    if is_uncompared(arranged, kind) {
        return Vec::new();
    }
    let mut found = latest_ratings(arranged);
    let text = arranged.outline.document.text;
    for sized in sized(arranged, kind).iter().filter(|sized| sized.cells.len() > 1) {
        // Of equals the first in reading order.
        let top = sized.cells.iter().rev().max_by(|a, b| highest(a.1).total_cmp(&highest(b.1)));
        let latest = sized.cells.iter().max_by_key(|(_, cell)| cell.period.end());
        let latest = latest.filter(|_| arranged.series.len() == 1);
        for (key, (name, cell)) in
            [("alt_highest", top), ("alt_latest", latest)].into_iter().filter_map(|(k, f)| Some((k, f?)))
        {
            let (value, period) = (readings(arranged.outline, cell), text.dated(&cell.period));
            let filled = [("unit", sized.unit.as_str()), ("value", &value), ("name", name), ("period", &period)];
            found.push(text.phrase(key, &filled));
        }
    }
    found
}

fn latest_ratings(arranged: &Arranged<'_>) -> Vec<String> {
    let (outline, text) = (arranged.outline, arranged.outline.document.text);
    let rated = |cell: &&ReleasedCell| matches!(cell.value, Some(Value::Code(_)));
    let latest = arranged.series.iter().filter_map(|(selector, cells)| {
        let cell = cells.iter().copied().filter(rated).max_by_key(|cell| cell.period.end())?;
        let name = outline.name(selector, &arranged.measured(selector).short);
        let (value, period) = (readings(arranged.outline, cell), text.dated(&cell.period));
        Some(text.phrase("alt_latest_rating", &[("name", &name), ("value", &value), ("period", &period)]))
    });
    latest.collect()
}

fn body(arranged: &Arranged<'_>, kind: ChartKind) -> Vec<String> {
    let text = arranged.outline.document.text;
    match kind {
        ChartKind::Milestones => arranged.events().into_iter().map(|event| fact(arranged, event)).collect(),
        ChartKind::Matrix => {
            let known = arranged.series.iter().map(|(selector, series)| known(arranged, selector, series));
            known.chain([text.word("alt_gaps").to_owned()]).collect()
        }
        ChartKind::Tiers
        | ChartKind::Neighbours
        | ChartKind::Panels
        | ChartKind::Rows
        | ChartKind::Stack
        | ChartKind::Flow
        | ChartKind::Provinces
        | ChartKind::Dumbbell
        | ChartKind::Bars => {
            let series = series_text::all(arranged).into_iter().map(|own| series(text, &own, kind));
            series.chain(provinces_without_figure(arranged, kind)).collect()
        }
    }
}

fn fact(arranged: &Arranged<'_>, event: &Event) -> String {
    let (text, date) = (arranged.outline.document.text, dates(arranged.outline, event));
    text.phrase("alt_event", &[("date", &date), ("text", arranged.outline.fact(event))])
}

/// The declared provinces that have no figure, with the reason.
fn provinces_without_figure(arranged: &Arranged<'_>, kind: ChartKind) -> Option<String> {
    let text = arranged.outline.document.text;
    let missing = breakdown::missing(arranged);
    if kind != ChartKind::Provinces || missing.is_empty() {
        return None;
    }
    let key = match breakdown::state_without(arranged) {
        State::Withheld => "alt_withheld",
        State::Zero => "alt_zero",
        State::NotReported | State::NotApplicable | State::Value => "alt_missing",
    };
    Some(text.phrase(key, &[("names", &text.all_of(&missing))]))
}

/// "Arrested, persons: 23 in 2007; 27 in 2023; 95 or 119 in 2024. Not reported: 2008 to 2022."
fn series(text: &Text, series: &SeriesText, kind: ChartKind) -> String {
    let name = with_unit(text, &series.name, &series.unit);
    if series.figures.is_empty() {
        return text.phrase("alt_series", &[("name", &name), ("figures", text.word("not_reported"))]);
    }
    let figures = series.figures.join(text.word("semicolon"));
    let figures = text.phrase("alt_series", &[("name", &name), ("figures", &figures)]);
    // A breakdown has no time axis, so no years are missing on it.
    let gaps = if kind.is_of_one_period() { String::new() } else { gaps(text, &series.missing) };
    let breaks = if kind.marks_breaks() { joined(&series.breaks) } else { String::new() };
    joined(&[figures, breaks, gaps])
}

/// "Persons arrested: 2007, 2023 (reported zero), 2024 (contested)."
fn known(arranged: &Arranged<'_>, selector: &Selector, series: &[&ReleasedCell]) -> String {
    let (outline, text) = (arranged.outline, arranged.outline.document.text);
    let period = |cell: &&ReleasedCell| {
        let marked = marked(arranged, selector, cell);
        let inferred = cell.value.is_some() && cell.period.inferred();
        let period = if inferred { text.dated(&cell.period) } else { text.short_period(&cell.period) };
        if marked.is_empty() { period } else { format!("{period} ({})", marked.join(", ")) }
    };
    let periods: Vec<String> = series.iter().map(period).collect();
    let name = outline.name(selector, &arranged.measured(selector).title);
    text.phrase("alt_series", &[("name", &name), ("figures", &periods.join(", "))])
}

/// What the mark of a figure in a matrix means, in the words of the legend; empty for a plain mark.
fn marked<'o>(arranged: &Arranged<'o>, selector: &Selector, cell: &ReleasedCell) -> Vec<&'o str> {
    let text = arranged.outline.document.text;
    if cell.value.is_none() {
        return vec![text.word(cell.status.code())];
    }
    let point = point(arranged.outline, arranged.measured(selector), cell);
    let about = point.readings.iter().any(|reading| reading.qualifier == Qualifier::Approximate);
    let marks = [
        (point.state == State::Zero, "chart_legend.zero"),
        (point.contested(), "chart_legend.contested_cell"),
        (about && !point.contested() && !point.several_years(), "chart_legend.approximate"),
        (point.is_lighter(), "chart_legend.after_break"),
    ];
    marks.into_iter().filter(|(holds, _)| *holds).map(|(_, word)| text.word(word)).collect()
}
