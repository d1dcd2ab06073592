//! Two counts of one thing: a line for each measure, a dot for each number that sources give, the first-ranked filled.

use anyhow::Result;

use super::area::Area;
use super::canvas::{Anchor, Canvas};
use super::chart::{Qualifier, Reading};
use super::drawing::Drawing;
use super::fit::fitting;
use super::labels::{self, Label, Room};
use super::sign::Sign;
use super::style::{self, ASIDE, CONTESTED, HAIR, HEAVY, INK, LINE, ROW, RULE, RUST, SLATE, Type, UNIT, VALUE, YEAR};

/// Share of the width that names take, and the space at either end of the lines.
const NAMES: f64 = 0.38;
const ENDS: f64 = 4.0;
/// Radius of a dot and stroke of a ring.
const DOT: (f64, f64) = (1.15, 0.4);
/// From the middle of a dot to the tip of the arrow of a bound, and the arrow's head.
const ARROW: f64 = 4.2;
const BARB: (f64, f64) = (0.95, 0.75);
/// Ways to draw: space between two rows.
const BETWEEN: [f64; 3] = [4.0, 2.4, 1.2];
/// How far words may be lifted from their dot.
const HIGHEST: f64 = 8.0;

/// One measure.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Measured {
    /// Its name, its unit and its sources.
    pub name: String,
    /// What is counted.
    pub unit: String,
    /// Its sources: "sources 2, 13".
    pub marks: String,
    /// The numbers, first-ranked first; those of one unit share a scale.
    pub readings: Vec<Reading>,
    /// The state in words, where there is no number.
    pub state: String,
}

/// What a chart of two counts needs.
#[derive(Clone, Debug, PartialEq)]
pub struct Dumbbell {
    /// The measures from top to bottom.
    pub measures: Vec<Measured>,
    /// The period of all numbers, as it is printed.
    pub period: String,
    /// Width in millimetres.
    pub width: f64,
}

/// Draws the chart, its rows closer where it would be higher than `tallest`.
///
/// # Errors
/// When Plotters cannot.
pub fn dumbbell(chart: &Dumbbell, tallest: f64) -> Result<Drawing> {
    fitting(tallest, BETWEEN, |between| chart.draw(between))
}

/// The words at the left of a row.
fn names(measured: &Measured, room: f64) -> Vec<(Type, String)> {
    let parts = [(ROW, &measured.name), (UNIT, &measured.unit), (YEAR, &measured.marks)];
    let lines = parts.map(|(style, text)| style::wrap(text, style, room).into_iter().map(move |line| (style, line)));
    lines.into_iter().flatten().collect()
}

impl Dumbbell {
    fn draw(&self, between: f64) -> Result<Drawing> {
        let mut canvas = Canvas::new(self.width)?;
        let left = (self.width * NAMES).round();
        let mut top = 0.0;
        for measured in &self.measures {
            let names = names(measured, left - 2.0);
            let labels = self.labels(measured, left);
            let over = labels.iter().map(|label| -label.area().top).fold(2.0 * DOT.0, f64::max);
            let words: f64 = names.iter().map(|(style, _)| style::leading(*style)).sum();
            // The line stands beside the last line of the words, or higher where these need less than the dots.
            let line = top + over.max(words - DOT.0);
            let mut y = line - words + DOT.0;
            for (style, text) in &names {
                y += style::leading(*style);
                canvas.text((0.0, y), Anchor::Left, *style, text);
            }
            self.draw_row(&mut canvas, measured, (left, line));
            labels.iter().for_each(|label| label.draw(&mut canvas, line));
            top = line + 2.0 * DOT.0 + between;
        }
        let foot = top - between + style::leading(ASIDE);
        canvas.text((left, foot), Anchor::Left, ASIDE, &self.period);
        canvas.finish(foot + 1.0)
    }

    /// Where a number stands on the scale of its unit.
    fn x(&self, measured: &Measured, left: f64, value: f64) -> f64 {
        let same = self.measures.iter().filter(|other| other.unit == measured.unit);
        let highest = same.flat_map(|other| &other.readings).fold(1.0, |most: f64, reading| most.max(reading.value));
        left + ENDS + value / highest * (self.width - left - 2.0 * ENDS)
    }

    fn dots(&self, measured: &Measured, left: f64) -> Vec<Area> {
        let dot = |reading: &Reading| {
            let x = self.x(measured, left, reading.value);
            Area::new(x - DOT.0, -2.0 * DOT.0, x + DOT.0, 0.0)
        };
        measured.readings.iter().map(dot).collect()
    }

    /// The number over each dot, or beside it; the state where there is none.
    fn labels(&self, measured: &Measured, left: f64) -> Vec<Label> {
        let dots = self.dots(measured, left);
        let mut room = Room { left, right: self.width, taken: dots.clone() };
        let zero = left + ENDS;
        room.taken.push(Area::new(left, -DOT.0, self.width, -DOT.0));
        room.taken.push(Area::new(zero, -DOT.0 - 0.8, zero, -DOT.0 + 0.8));
        let style = if dots.len() > 1 { CONTESTED } else { VALUE.bold() };
        let mut placed = Vec::new();
        for (dot, reading) in dots.iter().zip(&measured.readings) {
            let places = labels::around(*dot, *dot, style, &reading.text);
            let found = room.first_free(places.clone()).or_else(|| room.least_lifted(&places, HIGHEST));
            let found = found.or_else(|| places.first().map(|label| room.lift_clear(label)));
            placed.extend(found.map(|label| room.take(label)));
        }
        if dots.is_empty() {
            placed.push(Label::new((left + ENDS, -labels::ABOVE), Anchor::Left, YEAR, &measured.state));
        }
        labels::unjoin_struck(&mut placed);
        placed
    }

    fn draw_row(&self, canvas: &mut Canvas, measured: &Measured, (left, line): (f64, f64)) {
        let y = line - DOT.0;
        canvas.line((left, y), (self.width, y), RULE, HAIR);
        canvas.line((left + ENDS, y - 0.8), (left + ENDS, y + 0.8), INK, LINE);
        let places: Vec<f64> = measured.readings.iter().map(|reading| self.x(measured, left, reading.value)).collect();
        let contested = places.len() > 1;
        let (low, high) = places.iter().fold((f64::MAX, f64::MIN), |(low, high), x| (low.min(*x), high.max(*x)));
        if contested {
            canvas.line((low, y), (high, y), RUST, HEAVY);
        }
        // The first-ranked stands before the others.
        for (at, (x, reading)) in places.iter().zip(&measured.readings).enumerate().rev() {
            draw_bound(canvas, reading.qualifier, (*x, y), contested);
            draw_dot(canvas, (*x, y), at == 0, contested);
        }
    }
}

/// A dot for a number: filled for the first-ranked.
pub(super) fn draw_dot(canvas: &mut Canvas, at: (f64, f64), first: bool, contested: bool) {
    let colour = if contested { RUST } else { SLATE };
    if contested {
        canvas.sign(if first { Sign::First } else { Sign::Other });
    }
    if first {
        canvas.disc(at, DOT.0, colour);
    } else {
        canvas.ring(at, DOT.0, colour, DOT.1);
    }
}

/// An open arrow from a dot towards more or less.
fn draw_bound(canvas: &mut Canvas, qualifier: Qualifier, (x, y): (f64, f64), contested: bool) {
    let way = match qualifier {
        Qualifier::AtLeast => 1.0,
        Qualifier::AtMost => -1.0,
        Qualifier::Exact | Qualifier::Approximate => return,
    };
    let colour = if contested { RUST } else { SLATE };
    let (tip, barb) = (x + way * ARROW, x + way * (ARROW - BARB.0));
    canvas.line((x, y), (tip, y), colour, HEAVY);
    canvas.path(&[(barb, y - BARB.1), (tip, y), (barb, y + BARB.1)], colour, HEAVY);
}

#[cfg(test)]
mod tests {
    use super::super::proof;
    use super::*;

    fn measured(values: &[f64], unit: &str) -> Measured {
        let reading = |value: &f64| Reading { value: *value, text: value.to_string(), ..Reading::default() };
        let [name, marks] = ["Arrested", "sources 2, 13"].map(String::from);
        Measured { name, unit: unit.into(), marks, readings: values.iter().map(reading).collect(), ..<_>::default() }
    }

    #[test]
    fn each_number_has_a_dot_and_its_words_and_the_first_is_filled() {
        let measures = vec![measured(&[95.0, 119.0], "persons"), measured(&[85.0], "persons")];
        let drawing = dumbbell(&Dumbbell { measures, period: "2024".into(), width: 116.0 }, 82.0).unwrap_or_default();
        let words = proof::words(&drawing.svg);
        assert!(["95", "119", "85", "2024"].iter().all(|text| words.contains(&(*text).to_owned())), "{words:?}");
        assert!(drawing.signs.iter().eq([Sign::Contested, Sign::First, Sign::Other].iter()), "{:?}", drawing.signs);
    }

    #[test]
    fn words_of_near_dots_never_overlap_and_units_have_scales_of_their_own() {
        for gap in 0..40 {
            let near = measured(&[100.0, 100.0 + f64::from(gap), 100.0 + 2.0 * f64::from(gap)], "persons");
            let measures = vec![near.clone(), measured(&[9.0, 2.0], "cases"), near];
            let chart = Dumbbell { measures, period: "2024".into(), width: 116.0 };
            assert_eq!(chart.x(&chart.measures[1], 44.0, 9.0), 112.0);
            let svg = dumbbell(&chart, 220.0).unwrap_or_default().svg;
            assert_eq!(proof::faults(&svg, None), Vec::<String>::new(), "{gap}");
        }
    }
}
