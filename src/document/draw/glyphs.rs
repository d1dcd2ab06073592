//! The glyphs of legends, each drawn by what draws the mark in a chart, so that both look alike.

use std::collections::BTreeMap;

use anyhow::Result;

use super::area::Area;
use super::canvas::Canvas;
use super::chart::{Point, Qualifier, Reading, State};
use super::columns::{self, Bracket};
use super::marks::Mark;
use super::sign::{ALL, Sign};
use super::style::{INK, SLATE};
use super::{dumbbell, matrix};

/// Width of the glyph of a column and of a stretch of time, their height, and where their baseline is.
const COLUMN: f64 = 3.0;
const STRETCH: f64 = 6.0;
const HIGH: f64 = 3.4;
/// The height of one with an arrow.
const ARROWED: f64 = 5.8;
const FOOT: f64 = 3.0;
/// Height of a column in a glyph.
const TALL: f64 = 2.6;

impl Sign {
    fn width(self) -> f64 {
        match self {
            Self::NotReported | Self::NoBaseline | Self::Total | Self::TotalCell | Self::Beyond => STRETCH,
            Self::Value
            | Self::AfterBreak
            | Self::Within
            | Self::Zero
            | Self::NotApplicable
            | Self::Withheld
            | Self::Contested
            | Self::ContestedCell
            | Self::Clipped
            | Self::First
            | Self::Other
            | Self::Stock
            | Self::Approximate
            | Self::AtLeast
            | Self::AtMost => COLUMN,
        }
    }

    /// An arrow needs more room; the page sets all glyphs equally high.
    fn height(self) -> f64 {
        if matches!(self, Self::AtLeast | Self::AtMost) { ARROWED } else { HIGH }
    }

    fn draw(self, canvas: &mut Canvas) {
        let (middle, high) = (self.width() / 2.0, TALL);
        let column = Area::new(0.2, -high, COLUMN - 0.2, 0.0);
        let ends = (0.4, STRETCH - 0.4);
        let cell = |state, readings: usize, qualifier, second| {
            let reading = Reading { value: 1.0, qualifier, ..Reading::default() };
            Point { from: 0.0, to: 1.0, state, readings: vec![reading; readings], stock: false, second }
        };
        let of_matrix = |canvas: &mut Canvas, point: &Point| {
            matrix::draw_mark(canvas, point, (middle, FOOT - high / 2.0), high);
        };
        let mark = match self {
            Self::Value => Mark::Column(column, SLATE),
            Self::Zero => Mark::Ring(middle, INK),
            Self::Withheld => Mark::Crossed(middle),
            Self::Contested => Mark::Hatched(column),
            Self::Clipped => Mark::Clipped(column),
            Self::Stock => Mark::Stem((middle, -high + 0.6), false, SLATE),
            Self::Approximate => Mark::Open(column, SLATE),
            Self::AtLeast => Mark::Bound((middle, 0.0), true, SLATE),
            Self::AtMost => Mark::Bound((middle, -3.7), false, SLATE),
            Self::AfterBreak => return of_matrix(canvas, &cell(State::Value, 1, Qualifier::Exact, true)),
            Self::ContestedCell => return of_matrix(canvas, &cell(State::Value, 2, Qualifier::Exact, false)),
            Self::NotApplicable => return of_matrix(canvas, &cell(State::NotApplicable, 0, Qualifier::Exact, false)),
            Self::Within => return columns::draw_within(canvas, (middle, FOOT)),
            Self::NotReported => return canvas.not_reported((0.3, FOOT - 1.0), (STRETCH - 0.3, FOOT - 1.0)),
            Self::NoBaseline => return columns::draw_gap(canvas, (0.0, STRETCH), FOOT - 1.0),
            Self::First => return dumbbell::draw_dot(canvas, (middle, FOOT - high / 2.0), true, true),
            Self::Other => return dumbbell::draw_dot(canvas, (middle, FOOT - high / 2.0), false, true),
            Self::Total => return Bracket::glyph([false; 2], ends).draw(canvas, FOOT + 1.0),
            Self::Beyond => return Bracket::glyph([true, false], ends).draw(canvas, FOOT + 1.0),
            Self::TotalCell => {
                let bar = Point { to: 2.0, ..cell(State::Value, 1, Qualifier::Exact, false) };
                return matrix::draw_bar(canvas, &bar, ends, [false; 2], (FOOT - high / 2.0, high));
            }
        };
        let baseline = match mark {
            Mark::Crossed(_) => 0.3,
            Mark::Ring(..) => HIGH / 2.0,
            Mark::Bound(..) => self.height() - 1.2,
            _ => FOOT,
        };
        mark.draw(canvas, baseline);
    }
}

/// The glyphs of a legend as SVG, by the name of their words.
///
/// # Errors
/// When Plotters cannot draw.
pub(super) fn glyphs() -> Result<BTreeMap<&'static str, String>> {
    let glyph = |(sign, word): (Sign, &'static str)| {
        let mut canvas = Canvas::new(sign.width())?;
        sign.draw(&mut canvas);
        Ok((word, canvas.finish(sign.height())?.svg))
    };
    ALL.iter().copied().map(glyph).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sign_is_named_and_its_glyph_is_drawn_by_what_draws_the_mark() {
        for (sign, word) in ALL.iter().copied() {
            assert_eq!(sign.word(), word);
            let Ok(mut canvas) = Canvas::new(sign.width()) else { unreachable!("there are faces") };
            sign.draw(&mut canvas);
            let drawing = canvas.finish(sign.height()).unwrap_or_default();
            assert!(sign == Sign::NoBaseline || drawing.signs.contains(&sign), "{sign:?}: {:?}", drawing.signs);
            assert!(drawing.svg.matches('<').count() > 2, "{sign:?} is drawn: {}", drawing.svg);
        }
        assert!(ALL.windows(2).all(|pair| pair[0].0 < pair[1].0), "in the order of a legend");
    }
}
