//! The marks of figures over a baseline: what a number, a zero, a bound, a stock and a withheld figure look like.
//! Millimetres; the baseline is at zero and heights are negative.

use super::area::Area;
use super::axis::Time;
use super::canvas::Canvas;
use super::chart::{Point, Qualifier, Reading, State};
use super::style::{Colour, HEAVY, INK, LINE, RUST};

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

/// One mark.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Mark {
    /// A number.
    Column(Area, Colour),
    /// An approximate number.
    Open(Area, Colour),
    /// A contested number.
    Hatched(Area),
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
pub fn marks(point: &Point, time: &Time, scale: f64, fill: Colour) -> Vec<Mark> {
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

fn mark(point: &Point, index: usize, reading: &Reading, time: &Time, scale: f64, fill: Colour) -> Mark {
    let slot = slot(point, index, time);
    let middle = f64::midpoint(slot.0, slot.1);
    let height = (reading.value * scale).max(LEAST.1);
    let area = Area::new(slot.0, -height, slot.1, 0.0);
    let colour = if point.contested() { RUST } else { fill };
    let approximate = reading.qualifier == Qualifier::Approximate;
    match reading.qualifier {
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
            Self::Column(area, _) | Self::Open(area, _) | Self::Hatched(area) => area,
            Self::Ring(x, _) => round((x, 0.0)),
            Self::Bound(at, true, _) => Area { top: at.1 - ARROW, ..round(at) },
            Self::Bound(at, false, _) => Area { bottom: (at.1 + ARROW).min(0.0), ..round(at) },
            Self::Stem(at, ..) => Area { bottom: 0.0, ..round(at) },
            Self::Crossed(x) => round((x, CROSSED.1)),
        }
    }

    /// Draws the mark over a baseline at `y`.
    pub fn draw(&self, canvas: &mut Canvas, y: f64) {
        match *self {
            Self::Column(area, fill) => canvas.rect(area.down(y), fill),
            Self::Open(area, colour) => canvas.outlined(area.down(y), colour, HEAVY),
            Self::Hatched(area) => {
                canvas.outlined(area.down(y), RUST, HEAVY);
                canvas.hatch(area.down(y).inset(HEAVY), RUST);
            }
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
        marks(&point, &Time::new(Axis { first: 2000, last: 2009 }, 0.0, 100.0), 1.0, SLATE)
    }

    #[test]
    fn contested_columns_stand_side_by_side() {
        let marks = drawn(State::Value, 2001.0, 2002.0, &[5.0, 7.0]);
        let edges: Vec<_> = marks.iter().map(|mark| (mark.area().left, mark.area().right)).collect();
        assert_eq!(edges, [(10.2, 15.0), (15.0, 19.8)]);
        assert!(marks.iter().all(|mark| matches!(mark, Mark::Hatched(_))));
    }

    #[test]
    fn states_differ_in_form() {
        assert!(matches!(drawn(State::Zero, 2001.0, 2002.0, &[0.0])[..], [Mark::Ring(..)]));
        assert!(matches!(drawn(State::Withheld, 2001.0, 2002.0, &[])[..], [Mark::Crossed(_)]));
        assert!(drawn(State::NotReported, 2001.0, 2002.0, &[]).is_empty());
        assert!(drawn(State::Value, 2001.0, 2006.0, &[9.0]).is_empty());
    }
}
