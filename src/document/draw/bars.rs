//! One figure of one period for each code of a dimension, as bars on one scale: a rate here beside those of the neighbours.

use anyhow::Result;

use super::area::Area;
use super::canvas::{Anchor, Canvas};
use super::chart::{Point, Qualifier, State};
use super::drawing::Drawing;
use super::fit::fitting;
use super::sign::Sign;
use super::style::{self, ASIDE, CONTESTED, Colour, HEAVY, INK, LINE, MID, ROW, RUST, SLATE, Type, VALUE, YEAR, ZERO};

/// Share of the width that names take, and that is left for numbers at the ends of bars.
const NAMES: f64 = 0.3;
const NUMBERS: f64 = 0.22;
/// Ways to draw: from bar to bar.
const PITCHES: [f64; 3] = [7.0, 5.4, 4.4];
/// Height of a bar, and the least length of one.
const BAR: f64 = 3.4;
const LEAST: f64 = 0.35;
/// Space between a bar and its number.
const BESIDE: f64 = 1.2;

/// One bar.
#[derive(Clone, Debug, PartialEq)]
pub struct Bar {
    /// Its name.
    pub name: String,
    /// Whether it is the country of the document.
    pub own: bool,
    /// What is known.
    pub point: Point,
    /// The state in words, where there is no number.
    pub state: String,
}

/// What a chart of bars needs.
#[derive(Clone, Debug, PartialEq)]
pub struct Bars {
    /// The bars from top to bottom.
    pub bars: Vec<Bar>,
    /// The period of all of them, as it is printed.
    pub period: String,
    /// Width in millimetres.
    pub width: f64,
}

/// Draws the bars, closer where they would be higher than `tallest`.
///
/// # Errors
/// When Plotters cannot.
pub fn bars(chart: &Bars, tallest: f64) -> Result<Drawing> {
    fitting(tallest, PITCHES, |pitch| chart.draw(pitch))
}

impl Bar {
    /// Its number, or its state in words.
    fn figure(&self) -> (Type, String) {
        let words: Vec<&str> = self.point.readings.iter().map(|reading| reading.text.as_str()).collect();
        match self.point.state {
            State::Zero => (ZERO, words.join(" ")),
            State::Value if self.point.contested() => (CONTESTED, words.join(" ")),
            State::Value if self.own => (VALUE.bold(), words.join(" ")),
            State::Value => (VALUE, words.join(" ")),
            _ => (YEAR, self.state.clone()),
        }
    }

    /// The part of its height that each of its readings has.
    fn share(&self) -> f64 {
        BAR / self.point.readings.len().max(1) as f64
    }

    fn draw(&self, canvas: &mut Canvas, (left, middle): (f64, f64), scale: f64) {
        let share = self.share();
        let mut right = left;
        if self.point.state == State::Value {
            for (at, reading) in self.point.readings.iter().enumerate() {
                let top = middle - BAR / 2.0 + share * at as f64;
                let area = Area::new(left, top, left + (reading.value * scale).max(LEAST), top + share);
                right = right.max(area.right);
                draw_bar(canvas, area, (reading.qualifier, self.point.contested()), if self.own { SLATE } else { MID });
            }
        }
        let (style, figure) = self.figure();
        canvas.text((right + BESIDE, middle + style::cap(style) / 2.0), Anchor::Left, style, &figure);
    }
}

fn draw_bar(canvas: &mut Canvas, area: Area, (qualifier, contested): (Qualifier, bool), fill: Colour) {
    match qualifier {
        _ if contested => {
            canvas.outlined(area, RUST, LINE.min((area.bottom - area.top) / 3.0));
            canvas.hatch(area.inset(LINE), RUST);
            canvas.sign(Sign::Contested);
        }
        Qualifier::Exact => canvas.rect(area, fill),
        // Bounds are written in words.
        _ => {
            canvas.outlined(area, fill, HEAVY);
            canvas.sign(Sign::Approximate);
        }
    }
}

impl Bars {
    fn draw(&self, pitch: f64) -> Result<Drawing> {
        let mut canvas = Canvas::new(self.width)?;
        let left = (self.width * NAMES).round();
        let readings =
            self.bars.iter().filter(|bar| bar.point.state == State::Value).flat_map(|bar| &bar.point.readings);
        let highest = readings.map(|reading| reading.value).fold(0.0, f64::max);
        let widest = self.bars.iter().map(Bar::figure).map(|(style, text)| style::width(&text, style));
        let room = self.width - left - widest.fold(self.width * NUMBERS, f64::max) - BESIDE;
        let scale = if highest > 0.0 { room / highest } else { 0.0 };
        let mut y = pitch / 2.0;
        for bar in &self.bars {
            let style = if bar.own { Type { face: style::Face::Bold, ..ROW } } else { ROW };
            let lines = style::wrap(&bar.name, style, left - 2.0);
            let extra = (lines.len().max(1) - 1) as f64 * style::leading(style);
            for (at, line) in lines.iter().enumerate() {
                let baseline = y + style::cap(style) / 2.0 + at as f64 * style::leading(style);
                canvas.text((0.0, baseline), Anchor::Left, style, line);
            }
            bar.draw(&mut canvas, (left, y + extra / 2.0), scale);
            y += extra + pitch;
        }
        let foot = y - pitch / 2.0;
        canvas.line((left, 0.0), (left, foot), INK, LINE);
        let period = foot + 1.2 + style::cap(ASIDE);
        canvas.text((left, period), Anchor::Left, ASIDE, &self.period);
        canvas.finish(period + 1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::super::chart::Reading;
    use super::super::proof;
    use super::*;

    fn bar(state: State, values: &[f64]) -> Bar {
        let reading = |value: &f64| Reading { value: *value, text: value.to_string(), ..Reading::default() };
        let readings = values.iter().map(reading).collect();
        let point = Point { from: 2023.0, to: 2024.0, state, readings, stock: false, second: false };
        Bar { name: "Lake and Hills".into(), own: false, point, state: "withheld".into() }
    }

    #[test]
    fn every_bar_has_its_number_and_a_state_its_words() {
        let own = Bar { own: true, ..bar(State::Value, &[8.5]) };
        let bars = vec![own, bar(State::Value, &[7.0, 6.0]), bar(State::Zero, &[0.0]), bar(State::Withheld, &[])];
        let drawing = super::bars(&Bars { bars, period: "2023".into(), width: 116.0 }, 82.0).unwrap_or_default();
        let words = proof::words(&drawing.svg);
        assert!(
            ["8.5", "7 6", "0", "withheld", "2023"].iter().all(|text| words.contains(&(*text).to_owned())),
            "{words:?}"
        );
        assert_eq!(proof::faults(&drawing.svg, None), Vec::<String>::new());
        assert!(drawing.signs.iter().eq([Sign::Contested].iter()), "{:?}", drawing.signs);
    }
}
