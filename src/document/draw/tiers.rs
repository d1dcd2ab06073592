//! The rating of a country over the report years: ordinal bands, best on top, one block for each run of years.

use anyhow::Result;

use super::axis::{self, Time};
use super::bands::{Block, Ground, Size};
use super::canvas::Canvas;
use super::chart::{Axis, Bands, Rating};
use super::drawing::Drawing;
use super::style::{self, VALUE};

/// Width of the names at the left, at full size: at the least, and at the most.
const NAMES: (f64, f64) = (30.0, 48.0);
/// From the names to the bands.
const BESIDE: f64 = 1.6;

/// What a rating over time needs.
#[derive(Clone, Debug, PartialEq)]
pub struct Tiers {
    /// The bands, best first, four at most.
    pub bands: Bands,
    /// One rating for each report year that has one.
    pub ratings: Vec<Rating>,
    /// Written in a band when the country was never in it, best band first: "Never on Tier 1". Empty: nothing.
    pub never: Vec<String>,
    /// The report years.
    pub axis: Axis,
    /// Width in millimetres.
    pub width: f64,
    /// What it stands on.
    pub ground: Ground,
}

/// How wide the names are, each in bold as it may have to be.
fn names(bands: &Bands) -> f64 {
    let wide = bands.labels.iter().map(|name| style::width(name, VALUE.bold()) + BESIDE);
    wide.fold(NAMES.0, f64::max).min(NAMES.1)
}

/// Draws the timeline.
///
/// # Errors
/// When Plotters cannot.
pub fn tiers(tiers: &Tiers) -> Result<Drawing> {
    let mut canvas = Canvas::new(tiers.width)?;
    let time = Time::whole(tiers.axis, names(&tiers.bands), tiers.width);
    let block = Block {
        bands: &tiers.bands,
        ratings: &tiers.ratings,
        never: &tiers.never,
        time,
        top: 0.0,
        size: Size::Full,
        ground: tiers.ground,
    };
    let bottom = block.draw(&mut canvas);
    time.write_years(&mut canvas, bottom + 0.8);
    canvas.finish(bottom + 0.8 + axis::years_height())
}
