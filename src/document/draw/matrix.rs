//! What is known for which year: a row for each measure, a mark for each state.

use anyhow::Result;

use super::area::Area;
use super::axis::Time;
use super::canvas::{Anchor, Canvas};
use super::chart::{Axis, Point, Qualifier, State};
use super::drawing::Drawing;
use super::fit::fitting;
use super::sign::Sign;
use super::style::{
    self, FOG, HAIR, HEAVY, INK, LINE, MID, MIST, PAPER, ROW, RUST, SLATE, TEXT_2, THIN, Type, VALUE, YEAR,
};
use crate::project::text::runs_on;

/// Width of the count at the right.
const KNOWN: f64 = 12.0;
/// Ways to draw: width of the names at the left, and from row to row.
const PITCHES: [(f64, f64); 3] = [(58.0, 4.2), (50.0, 4.2), (58.0, 3.5)];
/// How much further it is to the next row for names in a script with marks over and under its letters.
const TALLER: f64 = 0.6;
/// From the middle of a head to its rule, and from there to the middle of the first row.
const HEADS: (f64, f64) = (1.9, 2.3);
/// From the middle of a group's last row to the middle of the next head.
const BETWEEN: f64 = 5.8;
/// The largest side of a mark, and the space left free beside it.
const SIDE: (f64, f64) = (2.9, 1.1);
/// Head of a group of measures.
const GROUP: Type = Type { pt: 9.0, face: style::Face::Bold, colour: INK };

/// One measure.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Row {
    /// Its name.
    pub label: String,
    /// What is known; years without a point are not reported.
    pub points: Vec<Point>,
    /// How many years are known, as it is printed.
    pub known: String,
}

/// Measures of one kind.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Group {
    /// What they have in common.
    pub head: String,
    /// The measures.
    pub rows: Vec<Row>,
}

/// What a matrix of what is known needs.
#[derive(Clone, Debug, PartialEq)]
pub struct Matrix {
    /// The measures by group.
    pub groups: Vec<Group>,
    /// The years.
    pub axis: Axis,
    /// Head of the last column: "known".
    pub known: String,
    /// Width in millimetres.
    pub width: f64,
}

/// Draws the matrix, its rows closer where it would be higher than `tallest`.
///
/// # Errors
/// When Plotters cannot.
pub fn matrix(matrix: &Matrix, tallest: f64) -> Result<Drawing> {
    fitting(tallest, PITCHES, |(names, pitch)| draw(matrix, names, pitch))
}

fn draw(matrix: &Matrix, names: f64, pitch: f64) -> Result<Drawing> {
    let mut canvas = Canvas::new(matrix.width)?;
    let time = Time::whole(matrix.axis, names, matrix.width - KNOWN);
    let mut y = 2.0;
    for (year, x) in time.labels() {
        canvas.text((x, y + style::cap(YEAR) / 2.0), Anchor::Middle, YEAR, &year.to_string());
    }
    canvas.text((matrix.width, y + style::cap(YEAR) / 2.0), Anchor::Right, YEAR, &matrix.known);
    for group in &matrix.groups {
        canvas.text((0.0, y + style::cap(GROUP) / 2.0), Anchor::Left, GROUP, &group.head);
        let rule = y + HEADS.0;
        canvas.line((0.0, rule), (matrix.width, rule), INK, THIN);
        y = rule + HEADS.1;
        for row in &group.rows {
            y = draw_row(&mut canvas, row, &time, y, (matrix.width, pitch));
        }
        y += BETWEEN - pitch;
    }
    canvas.finish(y - BETWEEN + pitch / 2.0 + 0.3)
}

/// Draws a row whose first line has its middle at `y`, and returns the middle of the next.
fn draw_row(canvas: &mut Canvas, row: &Row, time: &Time, y: f64, (width, pitch): (f64, f64)) -> f64 {
    let lines = style::wrap(&row.label, ROW, time.left - 2.0);
    let extra = (lines.len().max(1) - 1) as f64 * style::leading(ROW);
    for (index, line) in lines.iter().enumerate() {
        let baseline = y + style::cap(ROW) / 2.0 + index as f64 * style::leading(ROW);
        canvas.text((0.0, baseline), Anchor::Left, ROW, line);
    }
    let pitch = if runs_on(&row.label) { pitch + TALLER } else { pitch };
    let middle = y + extra / 2.0;
    let under = y + extra + pitch / 2.0;
    canvas.line((time.left, under), (width, under), FOG, HAIR);
    draw_cells(canvas, row, time, middle);
    canvas.text((width, middle + style::cap(VALUE) / 2.0), Anchor::Right, VALUE, &row.known);
    y + extra + pitch
}

fn draw_cells(canvas: &mut Canvas, row: &Row, time: &Time, y: f64) {
    let side = SIDE.0.min(time.year() - SIDE.1).max(1.2);
    let shown: Vec<&Point> = row
        .points
        .iter()
        .filter(|point| point.state != State::NotReported && time.shows(point.from, point.to.max(point.from + 0.001)))
        .collect();
    for year in (time.axis.first..=time.axis.last).filter(|year| !shown.iter().any(|point| covers(point, *year))) {
        canvas.disc((time.middle(year), y), 0.2, MID);
        canvas.sign(Sign::NotReported);
    }
    for point in shown {
        if point.several_years() {
            let ends = (time.x(point.from) + 0.4, time.x(point.to) - 0.4);
            draw_bar(canvas, point, ends, time.cuts(point.from, point.to), (y, side));
        } else {
            let year = year((point.from, if point.stock { point.from } else { point.to }));
            draw_mark(canvas, point, (time.middle(year.unwrap_or_default()), y), side);
        }
    }
}

/// The year in whose cell a figure stands: the one that holds the middle of its period, which lasts a year at most.
#[must_use]
pub fn year((from, to): (f64, f64)) -> Option<i32> {
    (to - from <= 1.01).then(|| (f64::midpoint(from, to) - 0.001).max(from).floor() as i32)
}

/// Whether the mark of a point stands in the place of a year's dot.
fn covers(point: &Point, year: i32) -> bool {
    if !point.several_years() {
        return self::year((point.from, if point.stock { point.from } else { point.to })) == Some(year);
    }
    let year = f64::from(year);
    point.from < year + 0.8 && point.to > year + 0.2
}

pub(super) fn draw_mark(canvas: &mut Canvas, point: &Point, (x, y): (f64, f64), side: f64) {
    let half = side / 2.0;
    let square = Area::new(x - half, y - half, x + half, y + half);
    let fill = if point.second { MID } else { SLATE };
    let approximate = point.readings.first().is_some_and(|reading| reading.qualifier == Qualifier::Approximate);
    if let Some(sign) = sign(point, approximate) {
        canvas.sign(sign);
    }
    match point.state {
        State::Withheld => canvas.crossed((x, y), side, INK),
        State::NotApplicable => canvas.line((x - 1.0, y), (x + 1.0, y), TEXT_2, LINE),
        State::NotReported => {}
        State::Zero if !point.contested() => canvas.ring((x, y), half - 0.15, INK, 0.35),
        _ if point.contested() => {
            canvas.outlined(square, RUST, HEAVY);
            let (low, high) = ((square.left, square.bottom), (square.right, square.top));
            canvas.polygon(&[low, high, (square.right, square.bottom)], RUST);
        }
        _ if approximate => canvas.outlined(square, fill, HEAVY),
        _ => canvas.rect(square, fill),
    }
}

/// What a square means.
fn sign(point: &Point, approximate: bool) -> Option<Sign> {
    match point.state {
        State::NotReported => None,
        State::NotApplicable => Some(Sign::NotApplicable),
        State::Withheld => Some(Sign::Withheld),
        _ if point.contested() => Some(Sign::ContestedCell),
        State::Zero => Some(Sign::Zero),
        State::Value if approximate => Some(Sign::Approximate),
        State::Value if point.second => Some(Sign::AfterBreak),
        State::Value => Some(Sign::Value),
    }
}

/// A bar over the years of one figure, with upright ends, or an open arrow where the axis cuts it; in rust and half filled when
/// contested.
pub(super) fn draw_bar(
    canvas: &mut Canvas,
    point: &Point,
    (left, right): (f64, f64),
    cut: [bool; 2],
    (y, side): (f64, f64),
) {
    let (half, thin) = (side / 2.0, side / 4.0);
    let (fill, ends) = if point.contested() { (PAPER, RUST) } else { (MIST, SLATE) };
    let bar = Area::new(left, y - thin, right, y + thin);
    canvas.rect(bar, ends);
    let inside = Area { left: bar.left + 0.1, right: bar.right - 0.1, ..bar };
    match point.state {
        State::Withheld => canvas.rect(bar.inset(0.2), PAPER),
        _ if point.contested() => {
            canvas.rect(bar.inset(0.2), fill);
            canvas.rect(Area { top: y, ..bar }, RUST);
        }
        _ => canvas.rect(inside, fill),
    }
    canvas.sign(if point.contested() { Sign::ContestedCell } else { Sign::TotalCell });
    for ((x, inwards), cut) in [(left, 1.0), (right, -1.0)].into_iter().zip(cut) {
        if cut {
            canvas.path(&[(x + inwards, y - half), (x, y), (x + inwards, y + half)], ends, LINE);
            canvas.sign(Sign::Beyond);
        } else {
            canvas.line((x, y - half), (x, y + half), ends, LINE);
        }
    }
    if point.state == State::Withheld {
        canvas.crossed((f64::midpoint(left, right), y), side, INK);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_takes_the_place_of_a_dot() {
        let point =
            |from, to| Point { from, to, state: State::Value, readings: Vec::new(), stock: false, second: false };
        assert!(covers(&point(2010.0, 2011.0), 2010));
        assert!(!covers(&point(2010.0, 2011.0), 2011) && !covers(&point(2010.0, 2011.0), 2009));
        assert!(covers(&point(2010.25, 2011.25), 2010) && !covers(&point(2010.25, 2011.25), 2011));
        assert!(covers(&point(2010.75, 2011.75), 2011) && covers(&point(2010.5, 2011.5), 2010));
        assert!((2008..=2012).all(|year| covers(&point(2008.0, 2013.0), year)));
    }
}
