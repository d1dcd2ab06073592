//! What the drawings of figures over time and of dated events are given: points, heads, units and sources of each series.

use std::collections::BTreeSet;

use super::arranged::{Arranged, dates};
use super::chart::{Aside, Axis, Reading, Series};
use super::dumbbell::{Dumbbell, Measured};
use super::matrix::{self, Group, Matrix};
use super::milestones::{Milestone, Milestones};
use super::panels::Panels;
use super::points::{point, silence, years_known};
use super::rows::{Row, Rows};
use super::strip::Strip;
use super::worded::Worded;
use super::{QUARTER, points, ratings, series_text};
use crate::disclosure::protect::ReleasedCell;
use crate::document::outline::Outline;
use crate::project::indicator::Selector;
use crate::value::Value;

/// Heights of the tallest column, in millimetres, by chart kind.
const PANEL: f64 = 30.0;
const ROW: f64 = 24.0;
const NARROW_ROW: f64 = 18.0;
/// Rows as wide as the page are drawn lower where there are more than this.
const FEW_ROWS: usize = 3;

pub(super) fn is_rating(series: &[&ReleasedCell]) -> bool {
    series.iter().any(|cell| matches!(cell.value, Some(Value::Code(_))))
}

/// The series that are counts; ratings have a drawing of their own.
fn counted<'a, 'o>(arranged: &'a Arranged<'o>) -> impl Iterator<Item = &'a (Selector, Vec<&'o ReleasedCell>)> {
    arranged.series.iter().filter(|(_, series)| !is_rating(series))
}

/// A series as points, under its short name.
fn drawn(arranged: &Arranged<'_>, selector: &Selector, series: &[&ReleasedCell], axis: Axis) -> Series {
    let indicator = arranged.outline.project.indicator(&selector.indicator).unwrap_or(arranged.indicator);
    let text = arranged.outline.document.text;
    let numbers: BTreeSet<usize> = series.iter().flat_map(|cell| arranged.outline.marks(cell)).collect();
    let visible = |cell: &&&ReleasedCell| cell.period.decimal().1 > f64::from(axis.first);
    let twins = arranged
        .twins_of(selector)
        .map(|twin| Aside { at: Some(twin.cell.period.decimal().0), text: points::twin(arranged.outline, twin) });
    Series {
        head: arranged.outline.name(selector, &indicator.short),
        unit: text.unit(&indicator.unit, None).to_owned(),
        marks: cite(arranged.outline, &numbers.into_iter().collect::<Vec<_>>()),
        points: series.iter().filter(visible).map(|cell| point(arranged.outline, indicator, cell)).collect(),
        breaks: arranged.outline.breaks(indicator),
        asides: twins.chain(silence(arranged.outline, series, axis)).collect(),
    }
}

/// The panels of a grid: series of one unit share a group.
pub(super) fn panels(arranged: &Arranged<'_>) -> Panels {
    let axis = arranged.axis();
    let mut groups: Vec<Vec<Series>> = Vec::new();
    for (selector, series) in counted(arranged) {
        let drawn = drawn(arranged, selector, series, axis);
        match groups.iter_mut().find(|group| group[0].unit == drawn.unit) {
            Some(group) => group.push(drawn),
            None => groups.push(vec![drawn]),
        }
    }
    let thousands = thousands(arranged);
    Panels {
        groups,
        axis,
        columns: 3,
        width: arranged.space().width,
        tallest: PANEL * arranged.outline.spacing.height(),
        thousands,
    }
}

/// What sets thousands apart.
fn thousands(arranged: &Arranged<'_>) -> String {
    arranged.outline.document.text.integer(1000).replace(|c: char| c.is_ascii_digit(), "")
}

/// Series below each other, under the bands of a rating where one of them is one.
pub(super) fn rows(arranged: &Arranged<'_>) -> Rows {
    let axis = arranged.axis();
    let mut units: Vec<String> = Vec::new();
    let mut rows = Vec::new();
    for (selector, cells) in counted(arranged) {
        let series = drawn(arranged, selector, cells, axis);
        let group = units.iter().position(|unit| *unit == series.unit).unwrap_or(units.len());
        if group == units.len() {
            units.push(series.unit.clone());
        }
        let words = arranged.is_in_words(cells).then(|| figures(arranged, selector, cells));
        rows.push(Row { series: Series { asides: Vec::new(), ..series }, group, words });
    }
    let rated = arranged.series.iter().find(|(_, series)| is_rating(series));
    let tiers = rated.map(|(selector, series)| ratings::rated(arranged, selector, series));
    // Many rows are lower, so that together they are about as high as a few.
    let columns = rows.iter().filter(|row| row.words.is_none()).count();
    let crowded = columns.max(FEW_ROWS) as f64 / FEW_ROWS as f64;
    let space = arranged.space();
    let tallest = if space.is_full() { ROW / crowded } else { NARROW_ROW } * arranged.outline.spacing.height();
    Rows { rows, axis, width: space.width, tallest, tiers, thousands: thousands(arranged) }
}

/// The figures of a series in words, then what is drawn elsewhere.
fn figures(arranged: &Arranged<'_>, selector: &Selector, cells: &[&ReleasedCell]) -> Vec<Worded> {
    let remark = |text: String| Worded { text, ..Worded::default() };
    let listed = series_text::series(arranged, selector, cells).listed.into_iter().map(|figure| figure.worded);
    let twins = arranged.twins_of(selector).map(|twin| remark(points::twin(arranged.outline, twin)));
    let words: Vec<Worded> = listed.chain(twins).collect();
    if words.is_empty() {
        return vec![remark(arranged.outline.document.text.word("not_reported").to_owned())];
    }
    words
}

/// The figures of one period, each with all its readings.
pub(super) fn dumbbell(arranged: &Arranged<'_>) -> Dumbbell {
    let (outline, text) = (arranged.outline, arranged.outline.document.text);
    let measured = |(selector, cells): &(Selector, Vec<&ReleasedCell>)| {
        let (cell, indicator) = (cells.first()?, arranged.measured(selector));
        let reading = |(reading, (value, qualifier)): (Reading, (&Value, _))| Reading {
            text: outline.say(cell, value, qualifier),
            ..reading
        };
        let readings = point(outline, indicator, cell).readings.into_iter().zip(cell.readings());
        Some(Measured {
            name: outline.name(selector, &indicator.short),
            unit: text.unit(&indicator.unit, None).to_owned(),
            marks: cite(outline, &outline.marks(cell)),
            readings: readings.map(reading).collect(),
            state: text.word(cell.status.code()).to_owned(),
        })
    };
    let measures = arranged.series.iter().filter_map(measured).collect();
    let period = arranged.cells().next().map_or_else(String::new, |cell| text.dated(&cell.period));
    Dumbbell { measures, period, width: arranged.space().width }
}

/// Which years each series has a figure for, under the titles of their sections.
pub(super) fn matrix(arranged: &Arranged<'_>) -> Matrix {
    let axis = arranged.axis();
    let mut groups: Vec<Group> = Vec::new();
    for (selector, series) in &arranged.series {
        let Some(indicator) = arranged.outline.project.indicator(&selector.indicator) else { continue };
        let section = arranged.outline.project.sections.iter().find(|section| section.id == indicator.section);
        let head = section.map_or_else(String::new, |section| section.title.clone());
        let known = series.iter().filter(|cell| cell.value.is_some()).map(|cell| &cell.period);
        let years = years_known(known, indicator.is_stock());
        let row = matrix::Row {
            label: arranged.outline.name(selector, &indicator.title),
            points: series.iter().map(|cell| point(arranged.outline, indicator, cell)).collect(),
            known: arranged.outline.document.text.integer(i64::try_from(years).unwrap_or_default()),
        };
        match groups.iter_mut().find(|group| group.head == head) {
            Some(group) => group.rows.push(row),
            None => groups.push(Group { head, rows: vec![row] }),
        }
    }
    Matrix {
        groups,
        axis,
        known: arranged.outline.document.text.word("known").to_owned(),
        width: arranged.space().width,
    }
}

/// The dated facts.
pub(super) fn milestones(arranged: &Arranged<'_>) -> Milestones {
    let outline = arranged.outline;
    let events = arranged.events();
    let section = |id: &str| outline.project.sections.iter().find(|s| s.id == id).map_or("", |s| s.title.as_str());
    let years: Vec<i32> = events.iter().map(|event| chrono::Datelike::year(&event.dates[0].start())).collect();
    let axis =
        Axis { first: years.iter().copied().min().unwrap_or(2000), last: years.iter().copied().max().unwrap_or(2001) };
    let events = events.into_iter().map(|event| {
        let (at, to) = event.dates[0].decimal();
        Milestone {
            at,
            to: (to - at > 1.01).then_some(to),
            date: dates(outline, event),
            label: outline.fact(event).to_owned(),
            section: section(&event.section).to_owned(),
        }
    });
    Milestones { events: events.collect(), axis, width: arranged.space().width }
}

/// The strip of a key figure, from the year with which all strips begin.
pub(super) fn strip(arranged: &Arranged<'_>, first: i32) -> Strip {
    let axis = arranged.axis();
    // A series that ends before the strips begin has an empty strip of the same years.
    let last = arranged.outline.counts_to().filter(|_| arranged.cells().next().is_none()).unwrap_or(axis.last);
    let axis = Axis { first, last: axis.last.max(last) };
    let series = arranged.series.first().map(|(selector, series)| drawn(arranged, selector, series, axis));
    let series = Series { asides: Vec::new(), ..series.unwrap_or_default() };
    Strip { series, axis, width: QUARTER }
}

/// The strip of a row of the scoreboard.
pub(super) fn bare(arranged: &Arranged<'_>, axis: Axis, width: f64) -> Strip {
    let series = arranged.series.first().map(|(selector, series)| drawn(arranged, selector, series, axis));
    Strip { series: Series { asides: Vec::new(), ..series.unwrap_or_default() }, axis, width }
}

/// "source 2" or "sources 2, 13".
pub(super) fn cite(outline: &Outline<'_>, numbers: &[usize]) -> String {
    if numbers.is_empty() {
        return String::new();
    }
    let list: Vec<String> = numbers.iter().map(usize::to_string).collect();
    let key = if numbers.len() == 1 { "chart_source" } else { "chart_sources" };
    outline.document.text.phrase(key, &[("numbers", &list.join(", "))])
}
