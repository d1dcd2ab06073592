//! The marks of figures over a baseline: what a number, a zero, a bound, a stock and a withheld figure look like.
//! Millimetres; the baseline is at zero and heights are negative.

use super::area::Area;
use super::axis::Time;
use super::canvas::Canvas;
use super::chart::{Point, Qualifier, Reading, State};
use super::sign::Sign;
use super::style::{Colour, HEAVY, INK, LINE, PAPER, RUST};

/// Space left free at each side of a column, inside its period.
const INSET: f64 = 0.2;
/// The least width and height of a column, so that a figure never vanishes.
const LEAST: (f64, f64) = (0.7, 0.35);
/// Radius and stroke of a ring.
const RING: (f64, f64) = (0.95, 0.35);
/// From the centre of a ring to the tip of its arrow.
const ARROW: f64 = 3.6;
/// Half the width and the length of an arrow's head.
const BARB: (f64, f64) = (0.75, 0.95);
/// Side of the square of a withheld figure, and how far under the baseline its centre stands.
pub const CROSSED: (f64, f64) = (1.7, 1.5);
/// From one stem to the next when a stock is contested.
const STEMS: f64 = 2.2;

/// A number is cut off if it is so many times the highest of the first-ranked, and then drawn so much higher than the scale.
pub const FAR: f64 = 1.5;
pub const OVER: f64 = 1.2;
/// How far under the top of what is cut off its gap begins, how wide that is, and how much lower its left end is.
const GAP: (f64, f64, f64) = (1.2, 0.8, 0.7);

/// How high numbers are drawn, in millimetres: of one, and at most. First-ranked numbers make the scale.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    /// Height of one.
    pub one: f64,
    /// The greatest height of a mark.
    pub most: f64,
}

impl Scale {
    /// The scale on which the highest number is so tall: the highest of the first-ranked, or another not far above it.
    #[must_use]
    pub fn of<'p>(points: impl Iterator<Item = &'p Point> + Clone, tallest: f64) -> Self {
        let first = points.clone().map(Point::height).fold(1.0, f64::max);
        let drawn = points.filter(|point| point.height() > 0.0 || point.contested() && !point.several_years());
        let near = drawn.flat_map(|point| &point.readings).map(|reading| reading.value);
        Self::to(near.filter(|value| *value <= first * FAR).fold(first, f64::max), tallest)
    }

    /// The scale on which this number is so tall.
    #[must_use]
    pub fn to(highest: f64, tallest: f64) -> Self {
        Self { one: tallest / highest.max(1.0), most: tallest * OVER }
    }
}

/// One mark.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Mark {
    /// A number.
    Column(Area, Colour),
    /// An approximate number.
    Open(Area, Colour),
    /// A contested number.
    Hatched(Area),
    /// A contested number that is cut off.
    Clipped(Area),
    /// A reported zero.
    Ring(f64, Colour),
    /// At least (`true`) or at most (`false`) a number: where, and how high.
    Bound((f64, f64), bool, Colour),
    /// A stock on one day; open when approximate.
    Stem((f64, f64), bool, Colour),
    /// A withheld figure.
    Crossed(f64),
}

/// The marks of a point, one for each of its readings; a withheld figure has one, a figure over several years none.
#[must_use]
pub fn marks(point: &Point, time: &Time, scale: Scale, fill: Colour) -> Vec<Mark> {
    let middle = f64::midpoint(time.x(point.from), time.x(point.to));
    match point.state {
        State::NotReported | State::NotApplicable => Vec::new(),
        State::Withheld => vec![Mark::Crossed(middle)],
        _ if point.several_years() => Vec::new(),
        State::Zero if point.readings.len() < 2 => vec![Mark::Ring(middle, INK)],
        State::Value | State::Zero => {
            let readings = point.readings.iter().enumerate();
            readings.map(|(index, reading)| mark(point, index, reading, time, scale, fill)).collect()
        }
    }
}

fn mark(point: &Point, index: usize, reading: &Reading, time: &Time, scale: Scale, fill: Colour) -> Mark {
    let slot = slot(point, index, time);
    let middle = f64::midpoint(slot.0, slot.1);
    let height = (reading.value * scale.one).max(LEAST.1).min(scale.most);
    let area = Area::new(slot.0, -height, slot.1, 0.0);
    let colour = if point.contested() { RUST } else { fill };
    let approximate = reading.qualifier == Qualifier::Approximate;
    match reading.qualifier {
        _ if reading.value * scale.one > scale.most + 0.01 => Mark::Clipped(area),
        _ if point.stock => Mark::Stem((stem(point, index, time), -height), approximate, colour),
        _ if reading.value <= 0.0 => Mark::Ring(middle, if point.contested() { RUST } else { INK }),
        Qualifier::AtLeast => Mark::Bound((middle, -height), true, colour),
        Qualifier::AtMost => Mark::Bound((middle, -height), false, colour),
        Qualifier::Approximate => Mark::Open(area, colour),
        Qualifier::Exact if point.contested() => Mark::Hatched(area),
        Qualifier::Exact => Mark::Column(area, colour),
    }
}

/// The left and right edge of a reading's share of its period: contested readings stand side by side.
fn slot(point: &Point, index: usize, time: &Time) -> (f64, f64) {
    let (left, right) = (time.x(point.from) + INSET, time.x(point.to) - INSET);
    let wide = (right - left).max(LEAST.0) / point.readings.len().max(1) as f64;
    (left + wide * index as f64, left + wide * (index + 1) as f64)
}

fn stem(point: &Point, index: usize, time: &Time) -> f64 {
    let middle = (point.readings.len().saturating_sub(1)) as f64 / 2.0;
    let low = time.left + RING.0 + (middle * STEMS);
    let high = time.right - RING.0 - (middle * STEMS);
    time.x(point.from).clamp(low.min(high), high.max(low)) + (index as f64 - middle) * STEMS
}

impl Mark {
    /// The space the mark takes.
    #[must_use]
    pub fn area(&self) -> Area {
        let round = |(x, y): (f64, f64)| Area::new(x - RING.0, y - RING.0, x + RING.0, y + RING.0);
        match *self {
            Self::Column(area, _) | Self::Open(area, _) | Self::Hatched(area) | Self::Clipped(area) => area,
            Self::Ring(x, _) => round((x, 0.0)),
            Self::Bound(at, true, _) => Area { top: at.1 - ARROW, ..round(at) },
            Self::Bound(at, false, _) => Area { bottom: (at.1 + ARROW).min(0.0), ..round(at) },
            Self::Stem(at, ..) => Area { bottom: 0.0, ..round(at) },
            Self::Crossed(x) => round((x, CROSSED.1)),
        }
    }

    /// What it means, and whether it is contested.
    fn signs(&self) -> [Option<Sign>; 2] {
        let contested = |colour: Colour| (colour == RUST).then_some(Sign::Contested);
        match *self {
            Self::Column(..) => [Some(Sign::Value), None],
            Self::Open(_, colour) => [Some(Sign::Approximate), contested(colour)],
            Self::Hatched(_) => [None, Some(Sign::Contested)],
            Self::Clipped(_) => [Some(Sign::Clipped), Some(Sign::Contested)],
            Self::Ring(_, colour) => [Some(Sign::Zero), contested(colour)],
            Self::Bound(_, up, colour) => [Some(if up { Sign::AtLeast } else { Sign::AtMost }), contested(colour)],
            Self::Stem(_, open, colour) => [Some(Sign::Stock), open.then_some(Sign::Approximate).or(contested(colour))],
            Self::Crossed(_) => [Some(Sign::Withheld), None],
        }
    }

    /// Draws the mark over a baseline at `y`.
    pub fn draw(&self, canvas: &mut Canvas, y: f64) {
        self.signs().into_iter().flatten().for_each(|sign| canvas.sign(sign));
        match *self {
            Self::Column(area, fill) => canvas.rect(area.down(y), fill),
            Self::Open(area, colour) => canvas.outlined(area.down(y), colour, HEAVY),
            Self::Hatched(area) => {
                canvas.outlined(area.down(y), RUST, HEAVY);
                canvas.hatch(area.down(y).inset(HEAVY), RUST);
            }
            Self::Clipped(area) => draw_clipped(canvas, area.down(y)),
            Self::Ring(x, colour) => canvas.ring((x, y), RING.0, colour, RING.1),
            Self::Bound(at, up, colour) => draw_bound(canvas, (at.0, at.1 + y), up, y, colour),
            Self::Stem((x, top), open, colour) => {
                canvas.line((x, y), (x, top + y), colour, HEAVY);
                if open {
                    canvas.ring((x, top + y), RING.0, colour, RING.1);
                } else {
                    canvas.disc((x, top + y), RING.0, colour);
                }
            }
            Self::Crossed(x) => canvas.crossed((x, y + CROSSED.1), CROSSED.0, INK),
        }
    }
}

/// A hatched column with a gap under its top, through which it goes on.
fn draw_clipped(canvas: &mut Canvas, area: Area) {
    Mark::Hatched(area).draw(canvas, 0.0);
    let (left, right) = (area.left - 0.4, area.right + 0.4);
    let top = area.top + GAP.0.min((area.bottom - area.top) / 3.0);
    let (upper, lower) = ([(left, top + GAP.2), (right, top)], [(right, top + GAP.1), (left, top + GAP.1 + GAP.2)]);
    canvas.polygon(&[upper, lower].concat(), PAPER);
    canvas.path(&upper, RUST, LINE);
    canvas.path(&lower, RUST, LINE);
}

/// A ring with an open arrow away from zero, or towards it as far as the baseline.
fn draw_bound(canvas: &mut Canvas, (x, y): (f64, f64), up: bool, baseline: f64, colour: Colour) {
    let way = if up { -1.0 } else { 1.0 };
    let tip = if up { y - ARROW } else { (y + ARROW).min(baseline - 0.3) };
    if (tip - y) * way > RING.0 + BARB.1 {
        canvas.line((x, y), (x, tip - way * 0.1), colour, LINE);
        let barb = tip - way * BARB.1;
        canvas.path(&[(x - BARB.0, barb), (x, tip), (x + BARB.0, barb)], colour, LINE);
    }
    canvas.ring((x, y), RING.0, colour, RING.1);
}

#[cfg(test)]
mod tests {
    use super::super::chart::Axis;
    use super::super::style::SLATE;
    use super::*;

    fn drawn(state: State, from: f64, to: f64, values: &[f64]) -> Vec<Mark> {
        let reading = |value: &f64| Reading { value: *value, ..Reading::default() };
        let readings = values.iter().map(reading).collect();
        let point = Point { from, to, state, readings, stock: false, second: false };
        marks(&point, &Time::new(Axis { first: 2000, last: 2009 }, 0.0, 100.0), Scale::to(10.0, 10.0), SLATE)
    }

    #[test]
    fn contested_columns_stand_side_by_side() {
        let marks = drawn(State::Value, 2001.0, 2002.0, &[5.0, 7.0]);
        let edges: Vec<_> = marks.iter().map(|mark| (mark.area().left, mark.area().right)).collect();
        assert_eq!(edges, [(10.2, 15.0), (15.0, 19.8)]);
        assert!(marks.iter().all(|mark| matches!(mark, Mark::Hatched(_))));
    }

    #[test]
    fn a_number_far_above_the_scale_is_cut_off_and_its_neighbour_is_not() {
        let marks = drawn(State::Value, 2001.0, 2002.0, &[9.0, 10.0, 400.0]);
        let heights: Vec<f64> = marks.iter().map(|mark| -mark.area().top).collect();
        assert_eq!(heights, [9.0, 10.0, 10.0 * OVER]);
        let reading = |value: f64| Reading { value, ..Reading::default() };
        let readings = [95.0, 122.0, 269.0].map(reading).into();
        let point = Point { from: 0.0, to: 1.0, state: State::Value, readings, stock: false, second: false };
        assert_eq!(Scale::of(std::iter::once(&point), 122.0).one, 1.0, "122 is near enough to be drawn whole");
        assert!(matches!(marks[..], [Mark::Hatched(_), Mark::Hatched(_), Mark::Clipped(_)]));
    }

    #[test]
    fn states_differ_in_form() {
        assert!(matches!(drawn(State::Zero, 2001.0, 2002.0, &[0.0])[..], [Mark::Ring(..)]));
        assert!(matches!(drawn(State::Withheld, 2001.0, 2002.0, &[])[..], [Mark::Crossed(_)]));
        assert!(drawn(State::NotReported, 2001.0, 2002.0, &[]).is_empty());
        assert!(drawn(State::Value, 2001.0, 2006.0, &[9.0]).is_empty());
    }
}
