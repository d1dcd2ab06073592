//! A released cell as a point on a time axis: its state, and what is written at it.

use std::collections::BTreeSet;

use chrono::Datelike;

use super::arranged::{Twin, readings};
use super::chart::{Aside, Axis, Point, Qualifier, Reading, State};
use crate::disclosure::protect::{ReleasedCell, Status};
use crate::document::outline::Outline;
use crate::project::indicator::Indicator;
use crate::project::text::Text;
use crate::value;
use crate::value::period::Period;

/// A series gets a remark once this many years at its end have no figure.
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
    let text = outline.document.text;
    let readings = cell.readings().into_iter().enumerate().map(|(at, (value, qualifier))| {
        let mut printed = outline.say(cell, value, qualifier);
        if several {
            printed = over_years(text, &cell.period, &printed);
        }
        if at > 0 {
            printed = format!("{} {printed}", text.word("or"));
        }
        Reading { value: value.number().unwrap_or(1.0), text: printed, qualifier: drawn_qualifier(qualifier) }
    });
    let second = outline.breaks(indicator).iter().any(|(at, _)| *at <= from);
    Point { from, to, state, readings: readings.collect(), stock, second }
}

/// The readings of a figure whose period is printed beside them: "95", "or 119".
pub(super) fn bare_readings(outline: &Outline<'_>, cell: &ReleasedCell, readings: Vec<Reading>) -> Vec<Reading> {
    let or = outline.document.text.word("or");
    let bare = |(at, (reading, (value, qualifier))): (usize, (Reading, (&value::Value, _)))| {
        let printed = outline.say(cell, value, qualifier);
        Reading { text: if at > 0 { format!("{or} {printed}") } else { printed }, ..reading }
    };
    readings.into_iter().zip(cell.readings()).enumerate().map(bare).collect()
}

/// A figure that is drawn in another series: "128: see Investigated".
pub(super) fn twin(outline: &Outline<'_>, twin: &Twin<'_>) -> String {
    let value = readings(outline, twin.cell);
    outline.document.text.phrase("drawn_once", &[("value", &value), ("name", &twin.name)])
}

/// A number with how long it was counted: so many years, or the period itself where that is no whole number of them.
fn over_years(text: &Text, period: &Period, value: &str) -> String {
    match period.whole_years() {
        Some(years) => {
            let number = text.integer(i64::from(years));
            text.counted("in_years", u64::from(years), &[("value", value), ("years", &number)])
        }
        None => text.phrase("in_period", &[("value", value), ("period", &text.column(period))]),
    }
}

/// The years of which each has a figure of its own: one of just that year, or of what stood on a day in it. A part of a year,
/// or several years in one number, leave what is asked of each year open.
pub(super) fn years_known<'p>(known: impl Iterator<Item = &'p Period>, stock: bool) -> usize {
    let year = |period: &Period| {
        let (start, end) = (period.start().year(), period.end().year());
        period.whole_year().or((stock && start == end).then_some(start))
    };
    known.filter_map(year).collect::<BTreeSet<i32>>().len()
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
    let last = known.map(|cell| cell.period.end().year()).max();
    let silent = last.filter(|last| axis.last - last >= SILENCE);
    let text = |last: i32| outline.document.text.phrase("no_figure_after", &[("year", &last.to_string())]);
    silent.map(|last| Aside { at: None, text: text(last) }).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_year_is_known_by_a_figure_of_its_own() {
        let known = |stock: bool, periods: &[&str]| {
            let periods: Vec<Period> = periods.iter().map(|text| Period::parse(text).expect("a period")).collect();
            years_known(periods.iter(), stock)
        };
        assert_eq!(known(false, &["2007", "2012", "2012-01/2012-12"]), 2);
        assert_eq!(known(false, &["2008/2012", "2022-06/2023-01-10", "2017-01/2017-05", "2018-04/2019-03"]), 0);
        assert_eq!(known(false, &["2020-06-30"]), 0, "what happened on a day is not what happened in its year");
        assert_eq!(known(true, &["2020-06-30", "2020-12-31", "2021-03"]), 2);
    }
}
