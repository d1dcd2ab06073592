//! The strip of tiny columns under a key figure: the current figure dark, earlier ones light, nothing labelled but the
//! ends of the axis.

use anyhow::Result;

use super::axis::{self, Time};
use super::canvas::Canvas;
use super::chart::{Axis, Point, Series, State};
use super::columns;
use super::drawing::Drawing;
use super::style::{MIST, SLATE};

/// Height of the tallest column and of what stands above the baseline, in millimetres.
const TALLEST: (f64, f64) = (8.6, 9.4);

/// What a strip needs.
#[derive(Clone, Debug, PartialEq)]
pub struct Strip {
    /// The figures; heads, units and asides are not drawn.
    pub series: Series,
    /// The years from edge to edge.
    pub axis: Axis,
    /// Width in millimetres.
    pub width: f64,
}

/// Draws a strip.
///
/// # Errors
/// When Plotters cannot.
pub fn strip(strip: &Strip) -> Result<Drawing> {
    let mut canvas = Canvas::new(strip.width)?;
    let time = Time::new(strip.axis, 0.0, strip.width);
    let current = latest(&strip.series.points);
    let fill = |point: &Point| {
        if (point.from - current).abs() < 0.001 { SLATE } else { MIST }
    };
    let plan = |tallest: f64| columns::bare(&strip.series, &time, tallest / strip.series.height().max(1.0), fill);
    // What stands below the columns takes their room: page one has none for a higher strip.
    let depth = plan(TALLEST.0).depth();
    let (plan, baseline) = (plan(TALLEST.0 - depth), TALLEST.1 - depth);
    plan.draw(&mut canvas, baseline);
    time.write_ends(&mut canvas, TALLEST.1);
    canvas.finish(TALLEST.1 + axis::years_height() + 0.3)
}

/// The start of the last reported period.
fn latest(points: &[Point]) -> f64 {
    let reported = points.iter().filter(|point| matches!(point.state, State::Value | State::Zero));
    reported.map(|point| point.from).fold(f64::NEG_INFINITY, f64::max)
}
