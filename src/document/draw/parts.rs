//! How a whole is split for a stack: each year by the first way of splitting that its sources complete.

use std::collections::BTreeSet;

use super::FULL;
use super::arrange::Arranged;
use super::chart::{Axis, State};
use super::points::point;
use super::segments::Segment;
use super::stack::{Column, Stack};
use crate::disclosure::protect::{Lookup, ReleasedCell, Status};
use crate::document::outline::Outline;
use crate::project::indicator::{Indicator, Selector, Split};
use crate::value::Qualifier;
use crate::value::period::Period;

/// Height of the tallest column, in millimetres.
const TALLEST: f64 = 42.0;

/// The whole and every part that any split names.
pub(super) fn series<'o>(outline: &'o Outline<'o>, indicator: &'o Indicator) -> Vec<(Selector, Vec<&'o ReleasedCell>)> {
    let whole = Selector { indicator: indicator.id.clone(), codes: <_>::default() };
    let splits = indicator.chart.iter().flat_map(|chart| &chart.splits);
    let parts = splits.flat_map(|split| &split.cells).filter_map(|codes| selector(indicator, &codes.value));
    let all = std::iter::once(whole).chain(parts);
    let series = all.map(|selector| {
        let cells = outline.released.series(&selector.indicator, &selector.codes);
        (selector, cells)
    });
    series.filter(|(_, cells)| !cells.is_empty()).collect()
}

/// The stack of one indicator: its calendar years and parts of years, each as far as it is broken down.
pub(super) fn stack(arranged: &Arranged<'_>) -> Stack {
    let splits = arranged.indicator.chart.as_ref().map_or(&[][..], |chart| chart.splits.as_slice());
    let mut kinds: Vec<String> =
        splits.iter().flat_map(|split| split.labels.iter().map(|label| label.value.clone())).collect();
    kinds.push(arranged.outline.edition.text.word("not_broken_down").to_owned());
    let axis = arranged.axis();
    let columns = periods(arranged, axis).iter().map(|period| column(arranged, splits, period)).collect();
    Stack { kinds, columns, asides: Vec::new(), axis, width: FULL, tallest: TALLEST * arranged.outline.makeup.height() }
}

/// The periods that have a column: calendar years, then what is shorter and stands in none of them, the longer first.
fn periods(arranged: &Arranged<'_>, axis: Axis) -> BTreeSet<Period> {
    let length = |period: &Period| period.decimal().1 - period.decimal().0;
    let mut known: Vec<&Period> = arranged.cells().map(|cell| &cell.period).collect();
    known.retain(|period| length(period) < 1.01 && period.decimal().0 >= f64::from(axis.first) && !period.is_day());
    known.sort_by(|one, other| {
        let order = other.whole_year().is_some().cmp(&one.whole_year().is_some());
        order.then(length(other).total_cmp(&length(one))).then(one.cmp(other))
    });
    let mut chosen: BTreeSet<Period> = BTreeSet::new();
    for period in known {
        if !chosen.iter().any(|other| other.overlaps(period)) {
            chosen.insert(period.clone());
        }
    }
    chosen
}

fn column(arranged: &Arranged<'_>, splits: &[Split], period: &Period) -> Column {
    let outline = arranged.outline;
    let (from, to) = period.decimal();
    let whole = found(arranged, period, &<_>::default());
    let total = whole.filter(|cell| cell.value.is_some()).map(|cell| {
        let readings: Vec<String> = cell.readings().into_iter().map(|(value, q)| outline.say(cell, value, q)).collect();
        outline.edition.text.any_of(&readings)
    });
    let sources = whole.map_or(&[][..], |cell| cell.sources.as_slice());
    let mut first_kind = 0;
    let mut best: Option<((bool, bool, i64), Vec<Segment>)> = None;
    for split in splits {
        let parts: Vec<_> = split.cells.iter().map(|codes| part(arranged, period, &codes.value)).collect();
        let known = parts.iter().flatten().filter(|cell| cell.value.is_some());
        let complete = known.clone().count() == split.cells.len();
        let of = |source: &String| known.clone().all(|cell| cell.sources.contains(source));
        let same = sources.iter().any(of);
        let sum = known.clone().filter_map(|cell| cell.value.as_ref()?.count()).fold(0, i64::saturating_add);
        let segments = segments(arranged, &parts, first_kind);
        let order = (complete, same, if complete { i64::MAX } else { sum });
        // Parts of another source's count are no parts of this column: its total stands undivided.
        let own = same || total.is_none();
        if own && !segments.is_empty() && best.as_ref().is_none_or(|(other, _)| order > *other) {
            best = Some((order, segments));
        }
        first_kind += split.labels.len();
    }
    // A total that nobody breaks down is one part, of a kind of its own; the total above it is its number.
    let undivided = || whole.and_then(|cell| cell.value.as_ref()?.number()).filter(|number| *number > 0.0);
    let contested = whole.is_some_and(|cell| cell.contested);
    let undivided =
        |kind| undivided().map(|value| Segment { kind, value, contested, undivided: true, ..<_>::default() });
    let mut segments = best.map_or_else(|| undivided(first_kind).into_iter().collect(), |(_, segments)| segments);
    let named = splits.iter().flat_map(|split| &split.cells);
    let mut parts = named.filter_map(|codes| part(arranged, period, &codes.value));
    let partly_withheld = parts.any(|cell| cell.status == Status::Withheld);
    if !partly_withheld {
        segments.extend(rest(whole, &segments, first_kind));
    }
    let state = whole.map_or(State::Value, |cell| point(outline, arranged.indicator, cell).state);
    Column { from, to, state, segments, total, contested, partly_withheld }
}

/// What its source leaves undivided of an exact total, of several the first-ranked. It is not drawn where a part is
/// withheld, whose size it would show.
fn rest(whole: Option<&ReleasedCell>, segments: &[Segment], kind: usize) -> Option<Segment> {
    let exact = whole.filter(|cell| cell.qualifier == Qualifier::Exact);
    let contested = exact?.contested;
    let number = exact?.value.as_ref()?.number()?;
    let value = number - segments.iter().map(|segment| segment.value).sum::<f64>();
    (value > 0.0 && !segments.is_empty()).then(|| Segment { kind, value, contested, undivided: true, ..<_>::default() })
}

fn segments(arranged: &Arranged<'_>, parts: &[Option<&ReleasedCell>], first_kind: usize) -> Vec<Segment> {
    let segment = |(at, cell): (usize, Option<&ReleasedCell>)| {
        let cell = cell?;
        let value = cell.value.as_ref()?;
        let number = value.number().filter(|number| *number > 0.0)?;
        Some(Segment {
            kind: first_kind + at,
            value: number,
            text: arranged.outline.say(cell, value, cell.qualifier),
            ..<_>::default()
        })
    };
    parts.iter().copied().enumerate().filter_map(segment).collect()
}

fn part<'o>(arranged: &Arranged<'o>, period: &Period, codes: &str) -> Option<&'o ReleasedCell> {
    found(arranged, period, &selector(arranged.indicator, codes)?.codes)
}

fn found<'o>(
    arranged: &Arranged<'o>,
    period: &Period,
    codes: &std::collections::BTreeMap<String, String>,
) -> Option<&'o ReleasedCell> {
    match arranged.outline.released.lookup(&arranged.indicator.id, period, codes) {
        Lookup::Found(cell) => Some(cell),
        Lookup::Touching(_) | Lookup::Nothing => None,
    }
}

fn selector(indicator: &Indicator, codes: &str) -> Option<Selector> {
    Selector::parse(&format!("{}:{codes}", indicator.id))
}
