//! Time from left to right and numbers from the baseline up: where a year stands, which years are labelled, and which
//! grid lines a scale gets.

use super::area::Area;
use super::canvas::{Anchor, Canvas};
use super::chart::Axis;
use super::style::{self, YEAR};

/// The least space between two year labels, in millimetres.
const APART: f64 = 1.2;
/// The widest that a year is drawn, in millimetres: few years make no broad blocks.
const WIDEST: f64 = 14.0;
/// From a baseline to the top of the year labels under it.
const BELOW: f64 = 1.2;

/// A time axis laid over a stretch of the page.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Time {
    /// The years.
    pub axis: Axis,
    /// Where the first year begins, in millimetres.
    pub left: f64,
    /// Where the last year ends.
    pub right: f64,
    /// Where the stretch ends: words and grid lines may run on to here.
    pub edge: f64,
}

impl Time {
    /// Lays the years of an axis from `left` to `edge`, or less far where they are few.
    #[must_use]
    pub fn new(axis: Axis, left: f64, edge: f64) -> Self {
        let whole = Self::whole(axis, left, edge);
        Self { right: edge.min(left + WIDEST * whole.count()), ..whole }
    }

    /// Lays the years of an axis from `left` to `right`, however few they are.
    #[must_use]
    pub fn whole(axis: Axis, left: f64, right: f64) -> Self {
        Self { axis, left, right, edge: right }
    }

    /// How many years there are, at least one.
    #[must_use]
    pub fn count(&self) -> f64 {
        f64::from((self.axis.last - self.axis.first + 1).max(1))
    }

    /// Width of a year.
    #[must_use]
    pub fn year(&self) -> f64 {
        (self.right - self.left) / self.count()
    }

    /// Where a moment stands, kept inside the axis.
    #[must_use]
    pub fn x(&self, moment: f64) -> f64 {
        let place = self.left + (moment - f64::from(self.axis.first)) * self.year();
        place.clamp(self.left, self.right)
    }

    /// Where the middle of a year stands.
    #[must_use]
    pub fn middle(&self, year: i32) -> f64 {
        self.x(f64::from(year) + 0.5)
    }

    /// Whether any of a period lies on the axis.
    #[must_use]
    pub fn shows(&self, from: f64, to: f64) -> bool {
        to > f64::from(self.axis.first) && from < f64::from(self.axis.last + 1)
    }

    /// Whether a period goes on before the axis begins, and after it ends.
    #[must_use]
    pub fn cuts(&self, from: f64, to: f64) -> [bool; 2] {
        [from < f64::from(self.axis.first), to > f64::from(self.axis.last + 1)]
    }

    /// The years to label, each with the place of its middle: the first, the last, and as many round ones as fit.
    #[must_use]
    pub fn labels(&self) -> Vec<(i32, f64)> {
        let steps: &[i32] = if self.count() <= 8.0 { &[1, 2, 5, 10] } else { &[5, 10, 20, 50] };
        let fitting = steps.iter().map(|&step| self.every(step)).find(|years| self.apart(years));
        fitting.unwrap_or_else(|| self.every(i32::MAX)).into_iter().map(|year| (year, self.label_at(year))).collect()
    }

    /// Writes the labelled years, their tops a little under `baseline`.
    pub fn write_years(&self, canvas: &mut Canvas, baseline: f64) {
        for (year, x) in self.labels() {
            let at = (x, baseline + BELOW + style::cap(YEAR));
            canvas.text(at, Anchor::Middle, YEAR, &year.to_string());
        }
    }

    /// Writes the first and the last year only.
    pub fn write_ends(&self, canvas: &mut Canvas, baseline: f64) {
        for year in self.every(i32::MAX) {
            canvas.text(
                (self.label_at(year), baseline + BELOW + style::cap(YEAR)),
                Anchor::Middle,
                YEAR,
                &year.to_string(),
            );
        }
    }

    fn every(&self, step: i32) -> Vec<i32> {
        let Axis { first, last } = self.axis;
        let clear = |year: i32, end: i32| (self.label_at(year) - self.label_at(end)).abs() >= wide(year) + APART;
        let between = (first + 1..last).filter(|year| year % step == 0 && clear(*year, first) && clear(*year, last));
        let ends = if last > first { vec![last] } else { Vec::new() };
        std::iter::once(first).chain(between).chain(ends).collect()
    }

    fn apart(&self, years: &[i32]) -> bool {
        years.windows(2).all(|pair| self.label_at(pair[1]) - self.label_at(pair[0]) >= wide(pair[1]) + APART)
    }

    fn label_at(&self, year: i32) -> f64 {
        let half = wide(year) / 2.0;
        let (low, high) = (self.left + half, self.right - half);
        if low > high { f64::midpoint(low, high) } else { self.middle(year).clamp(low, high) }
    }
}

fn wide(year: i32) -> f64 {
    style::width(&year.to_string(), YEAR)
}

/// Height of the year labels under a baseline, including the space above them.
#[must_use]
pub fn years_height() -> f64 {
    BELOW + style::cap(YEAR) + 0.6
}

/// The values of at most two grid lines under `top`: round numbers, evenly spaced from zero.
#[must_use]
pub fn grid(top: f64) -> Vec<f64> {
    let magnitude = 10_f64.powf((top.max(1.0) / 3.0).log10().floor());
    let steps = [1.0, 2.0, 5.0, 10.0].map(|factor| (factor * magnitude).max(1.0));
    let step = steps.into_iter().find(|step| top / step < 3.0).unwrap_or(magnitude * 10.0);
    (1..=2).map(|index| f64::from(index) * step).filter(|value| *value <= top).collect()
}

/// A whole number with its thousands set apart.
#[must_use]
pub fn grouped(value: f64, separator: &str) -> String {
    let digits = format!("{value:.0}");
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push_str(separator);
        }
        text.push(digit);
    }
    text
}

/// A level line from `left` to `right` that leaves out what stands in its way.
#[must_use]
pub fn broken(y: f64, left: f64, right: f64, in_the_way: &[Area]) -> Vec<(f64, f64)> {
    let mut gaps: Vec<(f64, f64)> =
        in_the_way.iter().filter(|area| area.top < y && y < area.bottom).map(|area| (area.left, area.right)).collect();
    gaps.sort_by(|one, other| one.0.total_cmp(&other.0));
    let mut parts = Vec::new();
    let mut start = left;
    for (from, to) in gaps {
        if from > start {
            parts.push((start, from));
        }
        start = start.max(to);
    }
    if start < right {
        parts.push((start, right));
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(first: i32, last: i32, wide: f64) -> Time {
        Time::new(Axis { first, last }, 0.0, wide)
    }

    fn labelled(first: i32, last: i32, wide: f64) -> Vec<i32> {
        time(first, last, wide).labels().into_iter().map(|(year, _)| year).collect()
    }

    #[test]
    fn years_are_labelled_as_far_as_they_fit() {
        assert!(style::register().is_ok());
        assert_eq!(labelled(2007, 2024, 56.0), [2007, 2010, 2015, 2020, 2024]);
        assert_eq!(labelled(2001, 2025, 146.0), [2001, 2005, 2010, 2015, 2020, 2025]);
        assert_eq!(labelled(2007, 2024, 12.0), [2007, 2024]);
        assert_eq!(labelled(2020, 2024, 56.0), [2020, 2021, 2022, 2023, 2024]);
        assert_eq!(labelled(2024, 2024, 56.0), [2024]);
    }

    #[test]
    fn a_reporting_year_stands_where_it_lasts() {
        let time = time(2000, 2009, 100.0);
        assert_eq!((time.x(2007.25), time.x(2008.25)), (72.5, 82.5));
        assert_eq!((time.x(1990.0), time.x(2020.0)), (0.0, 100.0));
        assert!(time.shows(2009.5, 2010.5) && !time.shows(2010.0, 2011.0));
    }

    #[test]
    fn few_years_make_no_broad_blocks() {
        let time = time(2024, 2024, 100.0);
        assert_eq!((time.right, time.edge), (14.0, 100.0));
    }

    #[test]
    fn grids_are_round_and_short() {
        assert_eq!(grid(119.0), [50.0, 100.0]);
        assert_eq!(grid(280.0), [100.0, 200.0]);
        assert_eq!(grid(56.0), [20.0, 40.0]);
        assert_eq!(grid(2.0), [1.0, 2.0]);
        assert!(grid(0.0).is_empty());
        assert!((1..2000).all(|top| (1..=2).contains(&grid(f64::from(top)).len())));
    }

    #[test]
    fn thousands_are_set_apart() {
        assert_eq!(grouped(17000.0, ","), "17,000");
        assert_eq!(grouped(100.0, ","), "100");
    }

    #[test]
    fn lines_leave_out_labels() {
        let label = Area::new(10.0, -1.0, 14.0, 1.0);
        assert_eq!(broken(0.0, 0.0, 50.0, &[label]), [(0.0, 10.0), (14.0, 50.0)]);
        assert_eq!(broken(5.0, 0.0, 50.0, &[label]), [(0.0, 50.0)]);
    }
}
