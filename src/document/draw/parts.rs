//! How a whole is split for a stack. All columns are split in one way: the one for which most of them have every part. A column
//! without them is a total that is not broken down; parts without their whole and their fellows are no column. The cells that
//! stand behind the marks are chosen once, by `columns`; the drawing, its list and its alternative text all follow from them.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::arranged::{Arranged, readings};
use super::chart::State;
use super::points::point;
use super::segments::Segment;
use super::stack::{Column, Stack};
use crate::disclosure::protect::{Lookup, ReleasedCell, Status};
use crate::document::outline::Outline;
use crate::project::indicator::{Indicator, Selector, Split};
use crate::value::period::Period;
use crate::value::{Qualifier, Value};

/// Height of the tallest column, in millimetres.
const TALLEST: f64 = 42.0;

/// The whole and the parts that are drawn, each once, with those of their cells that are drawn.
pub(super) fn series<'o>(outline: &'o Outline<'o>, indicator: &'o Indicator) -> Vec<(Selector, Vec<&'o ReleasedCell>)> {
    let split = split(outline, indicator);
    let columns = columns(outline, indicator, split);
    let drawn: BTreeSet<&str> = columns.iter().flat_map(Chosen::cells).map(|cell| cell.id.as_str()).collect();
    let whole = Selector { indicator: indicator.id.clone(), codes: <_>::default() };
    let mut series: Vec<(Selector, Vec<&ReleasedCell>)> = Vec::new();
    for selector in std::iter::once(whole).chain(selectors(indicator, split)) {
        let mut cells = outline.released.series(&selector.indicator, &selector.codes);
        cells.retain(|cell| drawn.contains(cell.id.as_str()));
        if !cells.is_empty() {
            series.push((selector, cells));
        }
    }
    series
}

/// The stack of one indicator: its calendar years and parts of years, each as far as it is broken down.
pub(super) fn stack(arranged: &Arranged<'_>) -> Stack {
    let (outline, indicator) = (arranged.outline, arranged.indicator);
    let split = split(outline, indicator);
    let labels = split.iter().flat_map(|split| split.labels.iter().map(|label| label.value.clone()));
    let kinds: Vec<String> = labels.chain([outline.document.text.word("not_broken_down").to_owned()]).collect();
    let columns = columns(outline, indicator, split);
    let columns = columns.iter().map(|chosen| column(arranged, chosen, kinds.len() - 1)).collect();
    let (axis, width) = (arranged.axis(), arranged.space().width);
    let breaks = outline.breaks(indicator);
    Stack { kinds, columns, asides: Vec::new(), breaks, axis, width, tallest: TALLEST * outline.spacing.height() }
}

/// The split of the chart: the one that most columns have; of equals the one that the latest column has, then the first.
fn split<'o>(outline: &'o Outline<'o>, indicator: &'o Indicator) -> Option<&'o Split> {
    let splits = indicator.chart.as_ref().map_or(&[][..], |chart| chart.splits.as_slice());
    let weight = |at: usize, split: &'o Split| {
        let mut whole = columns(outline, indicator, Some(split));
        whole.retain(|chosen| !chosen.parts.is_empty());
        (whole.len(), whole.iter().map(|chosen| chosen.period.end()).max(), Reverse(at))
    };
    splits.iter().enumerate().max_by_key(|(at, split)| weight(*at, split)).map(|(_, split)| split)
}

fn selectors<'o>(indicator: &'o Indicator, split: Option<&'o Split>) -> impl Iterator<Item = Selector> + 'o {
    split.into_iter().flat_map(|split| &split.cells).filter_map(|codes| selector(indicator, &codes.value))
}

/// The columns: calendar years, then what is shorter and stands in none of them, the longer first.
fn columns<'o>(outline: &'o Outline<'o>, indicator: &'o Indicator, split: Option<&'o Split>) -> Vec<Chosen<'o>> {
    let length = |period: &Period| period.decimal().1 - period.decimal().0;
    let codes = std::iter::once(<_>::default()).chain(selectors(indicator, split).map(|selector| selector.codes));
    let cells: Vec<&ReleasedCell> = codes.flat_map(|codes| outline.released.series(&indicator.id, &codes)).collect();
    let from = indicator.chart.as_ref().and_then(|chart| chart.from);
    let begins = |period: &Period| from.is_none_or(|from| period.decimal().1 > f64::from(from));
    let periods: BTreeSet<&Period> = cells.into_iter().map(|cell| &cell.period).collect();
    let mut known: Vec<Chosen<'o>> = periods
        .into_iter()
        .filter(|period| length(period) < 1.01 && begins(period) && !period.is_day())
        .map(|period| chosen(outline, indicator, split, period))
        .filter(|chosen| chosen.cells().next().is_some())
        .collect();
    known.sort_by(|one, other| {
        let (one, other) = (one.period, other.period);
        let order = other.whole_year().is_some().cmp(&one.whole_year().is_some());
        order.then(length(other).total_cmp(&length(one))).then(one.cmp(other))
    });
    let mut columns: Vec<Chosen<'o>> = Vec::new();
    for chosen in known {
        if !columns.iter().any(|other| other.period.overlaps(chosen.period)) {
            columns.push(chosen);
        }
    }
    columns.sort_by_key(|chosen| chosen.period);
    columns
}

/// The cells behind one column.
struct Chosen<'o> {
    period: &'o Period,
    whole: Option<&'o ReleasedCell>,
    /// Every part of the split, or none.
    parts: Vec<&'o ReleasedCell>,
    /// The parts that are withheld: one crossed square stands for them.
    withheld: Vec<&'o ReleasedCell>,
}

impl<'o> Chosen<'o> {
    fn cells(&self) -> impl Iterator<Item = &'o ReleasedCell> {
        self.whole.into_iter().chain(self.parts.iter().copied()).chain(self.withheld.iter().copied())
    }
}

/// Finds what is known of one period. A part that is contested or not exact has no height of its own, and parts of another
/// source's count are no parts of this column: its total stands undivided.
fn chosen<'o>(
    outline: &'o Outline<'o>,
    indicator: &'o Indicator,
    split: Option<&'o Split>,
    period: &'o Period,
) -> Chosen<'o> {
    let whole = found(outline, indicator, period, &<_>::default());
    let parts: Vec<&ReleasedCell> =
        selectors(indicator, split).filter_map(|part| found(outline, indicator, period, &part.codes)).collect();
    let withheld = parts.iter().copied().filter(|cell| cell.status == Status::Withheld).collect();
    let plain = |cell: &ReleasedCell| cell.value.is_some() && !cell.contested && cell.qualifier == Qualifier::Exact;
    let total = whole.filter(|cell| cell.value.is_some());
    let same = |total: &ReleasedCell| {
        total.sources.iter().any(|source| parts.iter().all(|part| part.sources.contains(source)))
    };
    let all = split.is_some_and(|split| parts.len() == split.cells.len()) && parts.iter().all(|part| plain(part));
    let split = all
        && parts.iter().any(|part| size(part) > 0.0)
        && total.is_none_or(|total| plain(total) && same(total) && size(total) > 0.0);
    Chosen { period, whole, parts: if split { parts } else { Vec::new() }, withheld }
}

fn column(arranged: &Arranged<'_>, chosen: &Chosen<'_>, undivided: usize) -> Column {
    let outline = arranged.outline;
    let (from, to) = chosen.period.decimal();
    let whole = chosen.whole.map(|cell| point(outline, arranged.indicator, cell));
    let mut column = Column {
        from,
        to,
        state: whole.as_ref().map_or(State::Value, |point| point.state),
        segments: segments(outline, &chosen.parts),
        total: None,
        readings: Vec::new(),
        partly_withheld: !chosen.withheld.is_empty(),
    };
    let Some((cell, point)) = chosen.whole.zip(whole).filter(|(cell, _)| cell.value.is_some()) else { return column };
    if cell.contested || cell.qualifier != Qualifier::Exact || column.state == State::Zero {
        column.readings = point.readings;
        return column;
    }
    column.total = Some(readings(outline, cell));
    // A total that nobody breaks down is one part, of a kind of its own; the total above it is its number. So is what its
    // source leaves undivided.
    let value = size(cell) - column.segments.iter().map(|segment| segment.value).sum::<f64>();
    if value > 0.0 {
        column.segments.push(Segment { kind: undivided, value, undivided: true, ..<_>::default() });
    }
    column
}

/// The number that is printed first; 0 where there is none.
fn size(cell: &ReleasedCell) -> f64 {
    cell.value.as_ref().and_then(Value::number).unwrap_or_default()
}

fn segments(outline: &Outline<'_>, parts: &[&ReleasedCell]) -> Vec<Segment> {
    let drawn = parts.iter().enumerate().filter(|(_, cell)| size(cell) > 0.0);
    let segment = |(kind, cell): (usize, &&ReleasedCell)| Segment {
        kind,
        value: size(cell),
        text: readings(outline, cell),
        ..<_>::default()
    };
    drawn.map(segment).collect()
}

fn found<'o>(
    outline: &'o Outline<'o>,
    indicator: &Indicator,
    period: &Period,
    codes: &BTreeMap<String, String>,
) -> Option<&'o ReleasedCell> {
    match outline.released.lookup(&indicator.id, period, codes) {
        Lookup::Found(cell) => Some(cell),
        Lookup::Touching(_) | Lookup::Nothing => None,
    }
}

fn selector(indicator: &Indicator, codes: &str) -> Option<Selector> {
    Selector::parse(&format!("{}:{codes}", indicator.id))
}
