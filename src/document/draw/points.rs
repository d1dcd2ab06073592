//! A released cell as a point on a time axis: its state, and what is written at it.

use super::chart::{Aside, Axis, Point, Qualifier, Reading, State};
use crate::disclosure::protect::{ReleasedCell, Status};
use crate::document::outline::Outline;
use crate::project::indicator::Indicator;
use crate::value;

/// Years without a figure at the end of a series before a remark says so.
const SILENCE: i32 = 3;

/// One cell as a point on a time axis.
pub(super) fn point(outline: &Outline<'_>, indicator: &Indicator, cell: &ReleasedCell) -> Point {
    let (from, to) = cell.period.decimal();
    let state = match cell.status {
        Status::Published | Status::Derived if cell.is_zero() && !cell.contested => State::Zero,
        Status::Published | Status::Derived => State::Value,
        Status::Withheld => State::Withheld,
        Status::NotReported => State::NotReported,
        Status::NotApplicable => State::NotApplicable,
    };
    let stock = indicator.is_stock() || cell.period.is_day();
    let several = to - from > 1.01 && !stock;
    let text = outline.edition.text;
    let readings = cell.readings().into_iter().enumerate().map(|(at, (value, qualifier))| {
        let mut said = outline.say(cell, value, qualifier);
        // Years are few: the rounded length of the period.
        #[allow(clippy::cast_possible_truncation)]
        let years = (to - from).round() as i64;
        if several && years > 1 {
            let number = text.integer(years);
            said = text.counted("in_years", years.unsigned_abs(), &[("value", &said), ("years", &number)]);
        }
        if at > 0 {
            said = format!("{} {said}", text.word("or"));
        }
        Reading { value: value.number().unwrap_or(1.0), text: said, qualifier: drawn_qualifier(qualifier) }
    });
    let second = outline.breaks(indicator).iter().any(|(at, _)| *at <= from);
    Point { from, to, state, readings: readings.collect(), stock, second }
}

fn drawn_qualifier(qualifier: value::Qualifier) -> Qualifier {
    match qualifier {
        value::Qualifier::Exact => Qualifier::Exact,
        value::Qualifier::Approximate => Qualifier::Approximate,
        value::Qualifier::AtLeast => Qualifier::AtLeast,
        value::Qualifier::AtMost => Qualifier::AtMost,
    }
}

/// A remark when a series falls silent before the axis ends.
pub(super) fn silence(outline: &Outline<'_>, series: &[&ReleasedCell], axis: Axis) -> Vec<Aside> {
    let known = series.iter().filter(|cell| cell.value.is_some());
    let last = known.map(|cell| chrono::Datelike::year(&cell.period.end())).max();
    let silent = last.filter(|last| axis.last - last >= SILENCE);
    let text = |last: i32| outline.edition.text.phrase("no_figure_after", &[("year", &last.to_string())]);
    silent.map(|last| Aside { at: None, text: text(last) }).into_iter().collect()
}
