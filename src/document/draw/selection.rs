//! Which released series a chart shows, by its kind, and which a key figure's strip shows.

use super::arranged::Arranged;
use super::{breakdown, parts};
use crate::disclosure::protect::ReleasedCell;
use crate::document::outline::{Outline, ScoreRow};
use crate::project::indicator::{ChartKind, Indicator, Selector};

/// What the chart of an indicator shows, from the first year of its axis on.
pub(super) fn chart<'o>(outline: &'o Outline<'o>, indicator: &'o Indicator) -> Arranged<'o> {
    let chart = indicator.chart.as_ref();
    let series = match chart.map(|chart| (chart.kind, chart)) {
        Some((ChartKind::Neighbours, _)) => by_country(outline, indicator),
        Some((ChartKind::Stack, _)) => parts::series(outline, indicator),
        Some((ChartKind::Flow | ChartKind::Provinces, chart)) => breakdown::series(outline, indicator, chart),
        _ => outline.shown(indicator),
    };
    let mut arranged = Arranged { outline, indicator, series, from: chart.and_then(|chart| chart.from) };
    arranged.hold_to_axis();
    arranged.series.retain(|(_, cells)| !cells.is_empty());
    arranged
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
    let mut arranged = Arranged { outline, indicator, series, from: Some(first) };
    arranged.hold_to_axis();
    arranged
}

/// What the strip of a key figure shows, from the year with which all strips begin.
pub(super) fn strip<'o>(outline: &'o Outline<'o>, indicator: &'o Indicator, selector: &Selector) -> Arranged<'o> {
    let series = outline.released.series(&selector.indicator, &selector.codes);
    let series = vec![(selector.clone(), series)];
    let mut arranged = Arranged { outline, indicator, series, from: Some(strips_begin(outline)) };
    arranged.hold_to_axis();
    arranged
}
