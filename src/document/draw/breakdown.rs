//! What the charts of one breakdown show: a figure for each code of a dimension, by country or by province.

use std::collections::{BTreeMap, BTreeSet};

use super::arranged::Arranged;
use super::bars::{Bar, Bars};
use super::chart::{Point, State};
use super::flow::{Flow, Stream};
use super::layout::cite;
use super::points::{bare_readings, point};
use super::provinces::{Province, Provinces};
use crate::disclosure::protect::{ReleasedCell, Status};
use crate::document::outline::Outline;
use crate::project::indicator::{Chart, ChartKind, Indicator, Selector};
use crate::project::schema::REST;
use crate::value::period::Period;

/// A period longer than this, in years, gives a figure no size.
const YEAR: f64 = 1.01;

/// The cells drawn, code by code: in a flow the latest of each, of provinces those of the latest period, of bars those of the
/// period for which most are known.
pub(super) fn series<'o>(
    outline: &'o Outline<'o>,
    indicator: &'o Indicator,
    chart: &Chart,
) -> Vec<(Selector, Vec<&'o ReleasedCell>)> {
    let mut series = outline.broken_down(indicator);
    let shown = |cell: &&ReleasedCell| {
        chart.from.is_none_or(|from| cell.period.decimal().1 > f64::from(from)) && cell.status != Status::NotReported
    };
    series.iter_mut().for_each(|(_, cells)| cells.retain(shown));
    let cells = || series.iter().flat_map(|(_, cells)| cells.iter().copied());
    let period = match chart.kind {
        ChartKind::Provinces => latest(cells()).map(|cell| cell.period.clone()),
        ChartKind::Bars => fullest(cells()).cloned(),
        ChartKind::Flow
        | ChartKind::Tiers
        | ChartKind::Neighbours
        | ChartKind::Panels
        | ChartKind::Rows
        | ChartKind::Stack
        | ChartKind::Matrix
        | ChartKind::Milestones
        | ChartKind::Dumbbell => {
            series.iter_mut().for_each(|(_, cells)| *cells = latest(cells.iter().copied()).into_iter().collect());
            return series.into_iter().filter(|(_, cells)| !cells.is_empty()).collect();
        }
    };
    series.iter_mut().for_each(|(_, cells)| cells.retain(|cell| Some(&cell.period) == period.as_ref()));
    series.into_iter().filter(|(_, cells)| !cells.is_empty()).collect()
}

/// The latest figure, of those of a year at most if there are any.
fn latest<'o>(cells: impl Iterator<Item = &'o ReleasedCell>) -> Option<&'o ReleasedCell> {
    let short = |cell: &ReleasedCell| {
        let (from, to) = cell.period.decimal();
        to - from <= YEAR
    };
    cells.max_by(|one, other| {
        short(one).cmp(&short(other)).then(one.period.end().cmp(&other.period.end())).then(one.id.cmp(&other.id))
    })
}

/// The period of a year at most for which most figures are known; of equals the latest.
fn fullest<'o>(cells: impl Iterator<Item = &'o ReleasedCell>) -> Option<&'o Period> {
    let mut known: BTreeMap<&Period, usize> = BTreeMap::new();
    for cell in cells.filter(|cell| cell.value.is_some() && cell.period.decimal().1 - cell.period.decimal().0 <= YEAR) {
        *known.entry(&cell.period).or_default() += 1;
    }
    known.into_iter().max_by_key(|(period, count)| (*count, period.end())).map(|(period, _)| period)
}

/// The bars, the country's own first, then its neighbours as it lists them.
pub(super) fn bars(arranged: &Arranged<'_>) -> Bars {
    let (outline, text) = (arranged.outline, arranged.outline.document.text);
    let by = arranged.by();
    let bar = |(selector, cells): &(Selector, Vec<&ReleasedCell>)| {
        let (cell, indicator) = (cells.first()?, outline.project.indicator(&selector.indicator)?);
        let mut rest = selector.clone();
        let code = rest.codes.remove(by)?;
        let point = point(outline, indicator, cell);
        let readings = bare_readings(outline, cell, point.readings);
        Some(Bar {
            name: outline.name(&rest, &outline.label(indicator, by, &code)),
            own: code == outline.document.country.iso3,
            point: Point { readings, ..point },
            state: text.word(cell.status.code()).to_owned(),
        })
    };
    let bars = arranged.series.iter().filter_map(bar).collect();
    let period = period(arranged).map_or_else(String::new, |period| text.dated(period));
    Bars { bars, period, width: arranged.space().width }
}

/// The streams of a flow chart, in the order in which the country lists its neighbours.
pub(super) fn flow(arranged: &Arranged<'_>) -> Flow {
    let (outline, text) = (arranged.outline, arranged.outline.document.text);
    let by = arranged.by();
    let stream = |(selector, cells): &(Selector, Vec<&ReleasedCell>)| {
        let cell = cells.first()?;
        let indicator = outline.project.indicator(&selector.indicator)?;
        let mut rest = selector.clone();
        let code = rest.codes.remove(by)?;
        let origin = outline.label(indicator, by, &code);
        let point = point(outline, indicator, cell);
        let readings = bare_readings(outline, cell, point.readings);
        Some(Stream {
            name: outline.name(&rest, &origin),
            point: Point { readings, ..point },
            state: text.word(cell.status.code()).to_owned(),
            period: text.dated(&cell.period),
            marks: cite(outline, &outline.marks(cell)),
        })
    };
    let streams = arranged.series.iter().filter_map(stream).collect();
    Flow { streams, to: outline.document.country.name.clone(), width: arranged.space().width }
}

/// Whether the counts of a flow are all of one period, so that their bands can be compared.
pub(super) fn one_period(arranged: &Arranged<'_>) -> bool {
    arranged.cells().map(|cell| &cell.period).collect::<BTreeSet<_>>().len() < 2
}

/// The provinces by code: those that the country declares, then those of which only a figure is known.
pub(super) fn provinces(arranged: &Arranged<'_>) -> Provinces {
    let (outline, text) = (arranged.outline, arranged.outline.document.text);
    let by = arranged.by();
    let declared = &outline.document.country.provinces;
    let known = arranged.series.iter().filter_map(|(selector, _)| selector.codes.get(by).map(String::as_str));
    let mut codes: Vec<&str> = declared.iter().map(|province| province.code.as_str()).collect();
    codes.sort_unstable();
    let mut further: Vec<&str> = known.filter(|code| !codes.contains(code)).collect();
    further.sort_unstable();
    let province = |code: &str| {
        let found = arranged.series.iter().find(|(selector, _)| selector.codes.get(by).is_some_and(|c| c == code));
        let cell = found.and_then(|(selector, cells)| Some((selector, *cells.first()?)));
        let indicator = cell.and_then(|(selector, _)| outline.project.indicator(&selector.indicator));
        let indicator = indicator.unwrap_or(arranged.indicator);
        let place = declared.iter().find(|province| province.code == code).map(|province| province.place);
        let point = cell.map_or_else(|| without(arranged), |(_, cell)| point(outline, indicator, cell));
        Province { name: outline.label(indicator, by, code), place, point }
    };
    let provinces = codes.into_iter().chain(further).map(province).collect();
    let period = period(arranged).map_or_else(String::new, |period| text.dated(period));
    let [of_tiles, of_bars] = ["tiles_of", "bars_of"].map(|key| text.phrase(key, &[("period", &period)]));
    Provinces { provinces, of_tiles, of_bars, width: arranged.space().width }
}

/// The period of a chart of provinces.
pub(super) fn period<'o>(arranged: &Arranged<'o>) -> Option<&'o Period> {
    let periods: BTreeSet<&Period> = arranged.cells().map(|cell| &cell.period).collect();
    periods.into_iter().next_back()
}

/// How a declared province without a figure is shown. A register names only provinces with many persons, and withholds
/// whether another has a few or none, unless it prints that the remaining provinces have none.
pub(super) fn state_without(arranged: &Arranged<'_>) -> State {
    match rest(arranged) {
        Some(rest) if rest.is_zero() => State::Zero,
        _ if arranged.cells().any(|cell| cell.register) => State::Withheld,
        _ => State::NotReported,
    }
}

/// The figure of all that a register does not name, in the period of the chart.
fn rest<'o>(arranged: &'o Arranged<'_>) -> Option<&'o ReleasedCell> {
    let (period, by) = (period(arranged)?, arranged.by());
    let is_rest = |cell: &&ReleasedCell| {
        cell.codes.len() == 1 && cell.codes.get(by).is_some_and(|code| code == REST) && &cell.period == period
    };
    arranged.outline.released.cells(&arranged.indicator.id).iter().find(is_rest)
}

/// Declared provinces without a figure, by name.
pub(super) fn missing(arranged: &Arranged<'_>) -> Vec<String> {
    let by = arranged.by();
    let known: BTreeSet<&String> = arranged.series.iter().filter_map(|(selector, _)| selector.codes.get(by)).collect();
    let declared = arranged.outline.document.country.provinces.iter();
    declared.filter(|province| !known.contains(&province.code)).map(|province| province.name.clone()).collect()
}

fn without(arranged: &Arranged<'_>) -> Point {
    let state = state_without(arranged);
    if let Some(rest) = rest(arranged).filter(|_| state == State::Zero) {
        return point(arranged.outline, arranged.indicator, rest);
    }
    Point { from: 0.0, to: 1.0, state, readings: Vec::new(), stock: false, second: false }
}
