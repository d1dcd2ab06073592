//! The strip of tiny columns under a key figure: the current figure dark, earlier ones light, nothing labelled but the
//! ends of the axis.

use anyhow::Result;

use super::area::Area;
use super::axis::{self, Time};
use super::canvas::Canvas;
use super::chart::{Axis, Point, Rating, Series, State};
use super::columns;
use super::drawing::Drawing;
use super::marks::{FAR, OVER, Scale};
use super::style::{BANDS, INK, MID, MIST, SLATE, THIN};

/// Height of the tallest column and of what stands above the baseline, in millimetres.
const TALLEST: (f64, f64) = (8.6, 9.4);
/// The same in a row of a table.
const LOW: (f64, f64) = (4.6, 5.4);
/// How many times columns are drawn lower for what stands over them.
const LOWER: i32 = 12;
/// What is left free below the baseline of a low strip.
const GROUND: f64 = 0.5;
/// Half the space between two squares.
const BETWEEN: f64 = 0.12;

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
    let time = columns(&mut canvas, strip, TALLEST);
    time.write_ends(&mut canvas, TALLEST.1);
    canvas.finish(TALLEST.1 + axis::years_height() + 0.3)
}

/// Draws a strip as low as a row of a table, whose head names the years.
///
/// # Errors
/// When Plotters cannot.
pub fn low(strip: &Strip) -> Result<Drawing> {
    let mut canvas = Canvas::new(strip.width)?;
    columns(&mut canvas, strip, LOW);
    canvas.finish(LOW.1 + GROUND)
}

fn columns(canvas: &mut Canvas, strip: &Strip, (highest, foot): (f64, f64)) -> Time {
    let time = Time::whole(strip.axis, 0.0, strip.width);
    let time = if foot > LOW.1 { Time::new(strip.axis, 0.0, strip.width) } else { time };
    let current = latest(&strip.series.points);
    let fill = |point: &Point| {
        if (point.from - current).abs() < 0.001 { SLATE } else { MIST }
    };
    let top = strip.series.height();
    let drawn = strip.series.points.iter().filter(|point| !point.several_years()).flat_map(|point| &point.readings);
    let over = if drawn.fold(0.0, |most: f64, reading| most.max(reading.value)) > top * FAR { OVER } else { 1.0 };
    let plan =
        |tallest: f64| columns::bare(&strip.series, &time, Scale::of(strip.series.points.iter(), tallest / over), fill);
    // What stands below the columns takes their room, and so does what a mark has over its height: there is none for a higher
    // strip.
    let depth = plan(highest).depth();
    let room = foot - depth;
    let tries = (0..LOWER).map(|step| plan((highest - depth) * 0.92_f64.powi(step)));
    let fitting = tries.into_iter().find(|plan| plan.height() <= room);
    fitting.unwrap_or_else(|| plan((highest - depth) * 0.92_f64.powi(LOWER))).draw(canvas, room);
    time
}

/// Draws a square for each year with a rating, the darker the lower the rating.
///
/// # Errors
/// When Plotters cannot.
pub fn squares(ratings: &[Rating], axis: Axis, width: f64) -> Result<Drawing> {
    let mut canvas = Canvas::new(width)?;
    let time = Time::whole(axis, 0.0, width);
    for rating in ratings.iter().filter(|rating| (axis.first..=axis.last).contains(&rating.year)) {
        let (middle, side) = (time.middle(rating.year), time.year() - 2.0 * BETWEEN);
        let square = Area::new(middle - side / 2.0, LOW.1 - side, middle + side / 2.0, LOW.1);
        canvas.rect(square, MID);
        let fill = BANDS.get(rating.band).copied().unwrap_or(INK);
        canvas.rect(square.inset(THIN), fill);
    }
    canvas.finish(LOW.1 + GROUND)
}

/// The start of the last reported period.
fn latest(points: &[Point]) -> f64 {
    let reported = points.iter().filter(|point| matches!(point.state, State::Value | State::Zero));
    reported.map(|point| point.from).fold(f64::NEG_INFINITY, f64::max)
}
