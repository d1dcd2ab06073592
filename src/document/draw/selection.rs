//! Which released series a chart shows, by its kind, and which a key figure's strip shows.

use std::cmp::Reverse;

use super::arranged::{Arranged, Twin};
use super::{breakdown, matrix, parts};
use crate::disclosure::protect::{ReleasedCell, Status};
use crate::document::outline::{Outline, ScoreRow};
use crate::project::indicator::{Chart, ChartKind, Indicator, Selector};

/// What the chart of an indicator shows, from the first year of its axis on.
pub(super) fn chart<'o>(outline: &'o Outline<'o>, indicator: &'o Indicator) -> Arranged<'o> {
    let chart = indicator.chart.as_ref();
    let series = chart.map_or_else(|| outline.shown(indicator), |chart| series(outline, indicator, chart));
    let from = chart.and_then(|chart| chart.from);
    let mut arranged = Arranged { outline, indicator, series, from, twins: Vec::new() };
    arranged.hold_to_axis();
    arranged.series.retain(|(_, cells)| !cells.is_empty());
    match chart.map(|chart| chart.kind) {
        Some(ChartKind::Matrix) => arranged.series.iter_mut().for_each(|(_, cells)| hold_to_a_cell_a_year(cells)),
        Some(ChartKind::Panels | ChartKind::Rows) => draw_twins_once(&mut arranged),
        Some(
            ChartKind::Tiers
            | ChartKind::Neighbours
            | ChartKind::Stack
            | ChartKind::Milestones
            | ChartKind::Flow
            | ChartKind::Provinces
            | ChartKind::Dumbbell
            | ChartKind::Bars,
        )
        | None => {}
    }
    // What stands in words stands below what is drawn.
    let mut series = std::mem::take(&mut arranged.series);
    series.sort_by_key(|(_, cells)| arranged.is_in_words(cells));
    arranged.series = series;
    arranged
}

/// The series of a kind of chart.
fn series<'o>(
    outline: &'o Outline<'o>,
    indicator: &'o Indicator,
    chart: &Chart,
) -> Vec<(Selector, Vec<&'o ReleasedCell>)> {
    match chart.kind {
        ChartKind::Neighbours => by_country(outline, indicator),
        ChartKind::Stack => parts::series(outline, indicator),
        ChartKind::Flow | ChartKind::Provinces | ChartKind::Bars => breakdown::series(outline, indicator, chart),
        ChartKind::Dumbbell => of_one_period(outline.shown(indicator)),
        ChartKind::Tiers | ChartKind::Panels | ChartKind::Rows | ChartKind::Matrix | ChartKind::Milestones => {
            outline.shown(indicator)
        }
    }
}

/// Of each series its figure of one period: the latest that sources contest, or the latest of all.
fn of_one_period(mut series: Vec<(Selector, Vec<&ReleasedCell>)>) -> Vec<(Selector, Vec<&ReleasedCell>)> {
    let cells = series.iter().flat_map(|(_, cells)| cells).filter(|cell| cell.status != Status::NotReported);
    let period = cells.max_by_key(|cell| (cell.contested, cell.period.end(), Reverse(&cell.period)));
    let period = period.map(|cell| cell.period.clone());
    series.iter_mut().for_each(|(_, cells)| cells.retain(|cell| Some(&cell.period) == period.as_ref()));
    series
}

/// Leaves out what is declared to be the same as a figure of an earlier series: two marks would look like two counts.
fn draw_twins_once(arranged: &mut Arranged<'_>) {
    let outline = arranged.outline;
    for same in &outline.document.country.same {
        let is_named = |cell: &ReleasedCell| same.figures.iter().any(|id| id.value == cell.id);
        let drawn = arranged.series.iter().position(|(_, cells)| cells.iter().any(|cell| is_named(cell)));
        let Some(drawn) = drawn else { continue };
        let (first, _) = &arranged.series[drawn];
        let name = outline.name(first, &arranged.measured(first).short);
        for (selector, cells) in arranged.series.iter_mut().skip(drawn + 1) {
            let twins = cells.extract_if(.., |cell| is_named(cell));
            let twin = |cell| Twin { selector: selector.clone(), cell, name: name.clone() };
            arranged.twins.extend(twins.map(twin));
        }
    }
}

/// Of the figures of a year or less that fall into one year, keeps the one that tells most: a matrix has one cell for a year.
fn hold_to_a_cell_a_year(cells: &mut Vec<&ReleasedCell>) {
    let year = |cell: &ReleasedCell| matrix::year(cell.period.decimal());
    let weight = |cell: &ReleasedCell| match cell.status {
        _ if cell.contested => 5,
        Status::Published | Status::Derived if cell.is_zero() => 3,
        Status::Published | Status::Derived => 4,
        Status::Withheld => 2,
        Status::NotApplicable => 1,
        Status::NotReported => 0,
    };
    let order = |cell: &ReleasedCell| (weight(cell), cell.period.whole_year().is_some(), Reverse(cell.id.clone()));
    let all = cells.clone();
    let is_outdone = |cell: &ReleasedCell| {
        let rival = |other: &&ReleasedCell| year(other) == year(cell) && order(other) > order(cell);
        year(cell).is_some() && all.iter().any(rival)
    };
    cells.retain(|cell| !is_outdone(cell));
}

/// The first year of all strips: that of the panels, but none before anything is known of a key figure.
pub(super) fn strips_begin(outline: &Outline<'_>) -> i32 {
    let panels = |other: &&Indicator| Some(other.chart.as_ref().filter(|c| c.kind == ChartKind::Panels)?.from);
    let declared = outline.charts.iter().find_map(panels).flatten();
    let series = outline
        .key_figures
        .iter()
        .flat_map(|(_, selector)| outline.released.series(&selector.indicator, &selector.codes));
    let known = series.map(|cell| chrono::Datelike::year(&cell.period.start())).min();
    declared.max(known).unwrap_or(2000)
}

fn by_country<'o>(outline: &'o Outline<'o>, indicator: &Indicator) -> Vec<(Selector, Vec<&'o ReleasedCell>)> {
    let Some(subject) = indicator.dimensions.first() else { return Vec::new() };
    let country = outline.document.country;
    let codes = std::iter::once(&country.iso3).chain(&country.neighbours);
    let series = codes.map(|code| {
        let codes = [(subject.clone(), code.clone())].into();
        let series = outline.released.series(&indicator.id, &codes);
        (Selector { indicator: indicator.id.clone(), codes }, series)
    });
    series.filter(|(_, series)| !series.is_empty()).collect()
}

/// What the strip of a row of the scoreboard shows, from the year with which all of them begin.
pub(super) fn row<'o>(
    outline: &'o Outline<'o>,
    indicator: &'o Indicator,
    row: &'o ScoreRow<'_>,
    first: i32,
) -> Arranged<'o> {
    let series = vec![(row.selector.clone(), row.series.clone())];
    let mut arranged = Arranged { outline, indicator, series, from: Some(first), twins: Vec::new() };
    arranged.hold_to_axis();
    arranged
}

/// What the strip of a key figure shows, from the year with which all strips begin.
pub(super) fn strip<'o>(outline: &'o Outline<'o>, indicator: &'o Indicator, selector: &Selector) -> Arranged<'o> {
    let series = outline.released.series(&selector.indicator, &selector.codes);
    let series = vec![(selector.clone(), series)];
    let from = Some(strips_begin(outline));
    let mut arranged = Arranged { outline, indicator, series, from, twins: Vec::new() };
    arranged.hold_to_axis();
    arranged
}
