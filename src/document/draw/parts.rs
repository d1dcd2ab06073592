//! How a whole is split for a stack: each year by the first way of splitting that its sources complete. The cells that stand
//! behind the marks are chosen once, by `chosen`; the drawing, its list and its alternative text all follow from them.

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
    let splits = splits(indicator);
    let drawn: BTreeSet<&str> = periods(outline, indicator)
        .iter()
        .map(|period| chosen(outline, indicator, period))
        .flat_map(|chosen| chosen.cells().map(|cell| cell.id.as_str()).collect::<Vec<_>>())
        .collect();
    let whole = Selector { indicator: indicator.id.clone(), codes: <_>::default() };
    let parts = splits.iter().flat_map(|split| &split.cells).filter_map(|codes| selector(indicator, &codes.value));
    let mut series: Vec<(Selector, Vec<&ReleasedCell>)> = Vec::new();
    for selector in std::iter::once(whole).chain(parts) {
        let mut cells = outline.released.series(&selector.indicator, &selector.codes);
        cells.retain(|cell| drawn.contains(cell.id.as_str()));
        // Two ways of splitting may share a part: "18 and over".
        if !cells.is_empty() && series.iter().all(|(other, _)| other.codes != selector.codes) {
            series.push((selector, cells));
        }
    }
    series
}

fn splits(indicator: &Indicator) -> &[Split] {
    indicator.chart.as_ref().map_or(&[][..], |chart| chart.splits.as_slice())
}

/// The stack of one indicator: its calendar years and parts of years, each as far as it is broken down.
pub(super) fn stack(arranged: &Arranged<'_>) -> Stack {
    let (outline, indicator) = (arranged.outline, arranged.indicator);
    let mut kinds: Vec<String> =
        splits(indicator).iter().flat_map(|split| split.labels.iter().map(|label| label.value.clone())).collect();
    kinds.push(outline.document.text.word("not_broken_down").to_owned());
    let undivided = kinds.len() - 1;
    let periods = periods(outline, indicator);
    let columns = periods.iter().map(|period| column(arranged, &chosen(outline, indicator, period), period, undivided));
    let (columns, asides, axis) = (columns.collect(), Vec::new(), arranged.axis());
    let width = arranged.space().width;
    Stack { kinds, columns, asides, axis, width, tallest: TALLEST * outline.spacing.height() }
}

/// The periods that have a column: calendar years, then what is shorter and stands in none of them, the longer first.
fn periods(outline: &Outline<'_>, indicator: &Indicator) -> BTreeSet<Period> {
    let length = |period: &Period| period.decimal().1 - period.decimal().0;
    let named = splits(indicator).iter().flat_map(|split| &split.cells);
    let codes = named.filter_map(|codes| Some(selector(indicator, &codes.value)?.codes));
    let cells = std::iter::once(<_>::default()).chain(codes);
    let cells: Vec<&ReleasedCell> = cells.flat_map(|codes| outline.released.series(&indicator.id, &codes)).collect();
    let from = indicator.chart.as_ref().and_then(|chart| chart.from);
    let mut known: Vec<&Period> = cells.into_iter().map(|cell| &cell.period).collect();
    let begins = |period: &Period| from.is_none_or(|from| period.decimal().0 >= f64::from(from));
    known.retain(|period| length(period) < 1.01 && begins(period) && !period.is_day());
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

/// A part and its kind, an index into the names of the kinds.
type Kinded<'o> = (usize, &'o ReleasedCell);

/// The cells behind one column.
struct Chosen<'o> {
    whole: Option<&'o ReleasedCell>,
    /// The parts of the split that is drawn.
    parts: Vec<Kinded<'o>>,
    /// The parts of any split that are withheld: one crossed square stands for them.
    withheld: Vec<&'o ReleasedCell>,
}

impl<'o> Chosen<'o> {
    fn cells(&self) -> impl Iterator<Item = &'o ReleasedCell> {
        self.whole.into_iter().chain(self.parts.iter().map(|(_, cell)| *cell)).chain(self.withheld.iter().copied())
    }
}

/// Chooses the split of one column: a complete one first, then one of the total's own source, then the fullest.
fn chosen<'o>(outline: &'o Outline<'o>, indicator: &Indicator, period: &Period) -> Chosen<'o> {
    let whole = found(outline, indicator, period, &<_>::default());
    let total = whole.is_some_and(|cell| cell.value.is_some());
    let sources = whole.map_or(&[][..], |cell| cell.sources.as_slice());
    let (mut first_kind, mut withheld) = (0, Vec::new());
    let mut best: Option<((bool, bool, i64), Vec<Kinded<'o>>)> = None;
    for split in splits(indicator) {
        let found = |codes: &str| found(outline, indicator, period, &selector(indicator, codes)?.codes);
        let parts = split.cells.iter().enumerate();
        let parts = parts.filter_map(|(at, codes)| Some((first_kind + at, found(&codes.value)?)));
        let (known, others): (Vec<_>, Vec<_>) = parts.partition(|(_, cell)| cell.value.is_some());
        withheld.extend(others.into_iter().map(|(_, cell)| cell).filter(|cell| cell.status == Status::Withheld));
        let complete = known.len() == split.cells.len();
        let same = sources.iter().any(|source| known.iter().all(|(_, cell)| cell.sources.contains(source)));
        let sum = known.iter().filter_map(|(_, cell)| cell.value.as_ref()?.count()).fold(0, i64::saturating_add);
        let order = (complete, same, if complete { i64::MAX } else { sum });
        // Parts of another source's count are no parts of this column: its total stands undivided.
        let own = (same || !total) && known.iter().any(|(_, cell)| size(cell) > 0.0);
        if own && best.as_ref().is_none_or(|(other, _)| order > *other) {
            best = Some((order, known));
        }
        first_kind += split.labels.len();
    }
    Chosen { whole, parts: best.map(|(_, parts)| parts).unwrap_or_default(), withheld }
}

fn column(arranged: &Arranged<'_>, chosen: &Chosen<'_>, period: &Period, undivided: usize) -> Column {
    let outline = arranged.outline;
    let (from, to) = period.decimal();
    let whole = chosen.whole;
    let total = whole.filter(|cell| cell.value.is_some()).map(|cell| readings(outline, cell));
    let contested = whole.is_some_and(|cell| cell.contested);
    let mut segments = segments(outline, &chosen.parts);
    // A total that nobody breaks down is one part, of a kind of its own; the total above it is its number.
    if let Some(value) = whole.map(size).filter(|number| *number > 0.0 && segments.is_empty()) {
        segments.push(Segment { kind: undivided, value, contested, undivided: true, ..<_>::default() });
    }
    let partly_withheld = !chosen.withheld.is_empty();
    if !partly_withheld {
        segments.extend(rest(whole, &segments, undivided));
    }
    let state = whole.map_or(State::Value, |cell| point(outline, arranged.indicator, cell).state);
    Column { from, to, state, segments, total, contested, partly_withheld }
}

/// The number that is printed first; 0 where there is none.
fn size(cell: &ReleasedCell) -> f64 {
    cell.value.as_ref().and_then(Value::number).unwrap_or_default()
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

fn segments(outline: &Outline<'_>, parts: &[(usize, &ReleasedCell)]) -> Vec<Segment> {
    let drawn = parts.iter().filter(|(_, cell)| size(cell) > 0.0);
    let segment = |(kind, cell): &(usize, &ReleasedCell)| Segment {
        kind: *kind,
        value: size(cell),
        text: readings(outline, cell),
        contested: cell.contested,
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
