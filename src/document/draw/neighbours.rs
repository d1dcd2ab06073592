//! The ratings of several countries as small panels on the same years, the country of the brief first.

use anyhow::Result;

use super::axis::{self, Time};
use super::bands::{Block, Ground, Size};
use super::canvas::{Anchor, Canvas};
use super::chart::{Axis, Bands, Rating};
use super::drawing::Drawing;
use super::fit::{PAGE, fitting};
use super::style::{self, HAIR, HEAD, INK, LINE, RULE, Type, VALUE, YEAR};

/// Space between panels side by side, and below each other.
const GUTTER: (f64, f64) = (4.0, 3.6);
/// From the rule over a panel to the baseline of its name, and to its bands.
const HEADS: (f64, f64) = (3.7, 5.2);

/// One country.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Country {
    /// Its name.
    pub name: String,
    /// Its present rating in words: "Tier 3", "no rating in 2025".
    pub now: String,
    /// Its ratings; a missing year stays empty.
    pub ratings: Vec<Rating>,
    /// Whether it is the country of the brief.
    pub own: bool,
}

/// What small panels of ratings need.
#[derive(Clone, Debug, PartialEq)]
pub struct Neighbours {
    /// The countries in the order to show; the country of the brief is moved to the front.
    pub countries: Vec<Country>,
    /// The bands, with their short names.
    pub bands: Bands,
    /// The report years of every panel.
    pub axis: Axis,
    /// Panels side by side, one or two.
    pub columns: usize,
    /// Width in millimetres.
    pub width: f64,
}

/// Draws the panels, as high as its space allows: lower, then one more side by side, where they would be higher than `tallest`.
///
/// # Errors
/// When Plotters cannot.
pub fn neighbours(chart: &Neighbours, tallest: f64) -> Result<Drawing> {
    let grown = [Size::Large, Size::Medium].into_iter().filter(|_| tallest < PAGE).map(|size| (chart.columns, size));
    let ways = grown.chain([(chart.columns, Size::Small), (chart.columns + 1, Size::Small)]);
    fitting(tallest, ways, |(columns, size)| draw(&Neighbours { columns, ..chart.clone() }, size))
}

fn draw(chart: &Neighbours, size: Size) -> Result<Drawing> {
    let mut canvas = Canvas::new(chart.width)?;
    let columns = chart.columns.max(1);
    let wide = (chart.width - GUTTER.0 * (columns - 1) as f64) / columns as f64;
    let mut countries: Vec<&Country> = chart.countries.iter().collect();
    countries.sort_by_key(|country| !country.own);
    let mut top = LINE;
    let rows = countries.len().div_ceil(columns);
    for (row, countries) in countries.chunks(columns).enumerate() {
        let mut bottom = top;
        let heads = countries.iter().map(|country| country.heads(wide)).fold(0.0, f64::max);
        for (place, country) in countries.iter().enumerate() {
            let left = place as f64 * (wide + GUTTER.0);
            bottom = draw_country(&mut canvas, chart, country, (left, top), (wide, heads, size));
        }
        if row + 1 == rows {
            write_years(&mut canvas, chart, wide, bottom);
        }
        top = bottom + GUTTER.1;
    }
    canvas.finish(top - GUTTER.1 + 0.8 + axis::years_height())
}

impl Country {
    fn types(&self) -> (Type, Type) {
        if self.own { (HEAD, VALUE.bold()) } else { (HEAD_OF_OTHERS, VALUE) }
    }

    /// The lines of its name, and whether the present rating stands beside the last of them.
    fn name(&self, wide: f64) -> (Vec<String>, bool) {
        let (name, now) = self.types();
        let lines = style::wrap(&self.name, name, wide);
        let last = lines.last().map_or(0.0, |line| style::width(line, name));
        (lines, last + 2.0 + style::width(&self.now, now) <= wide)
    }

    /// From the rule over its panel to its bands.
    fn heads(&self, wide: f64) -> f64 {
        let (lines, beside) = self.name(wide);
        HEADS.1 + (lines.len().max(1) - 1 + usize::from(!beside)) as f64 * style::leading(HEAD)
    }
}

/// Draws one panel, its bands `heads` below its rule, and returns its lower edge.
fn draw_country(
    canvas: &mut Canvas,
    chart: &Neighbours,
    country: &Country,
    (left, top): (f64, f64),
    (wide, heads, size): (f64, f64, Size),
) -> f64 {
    let (rule, stroke) = if country.own { (INK, HEAVY_RULE) } else { (RULE, HAIR) };
    canvas.line((left, top), (left + wide, top), rule, stroke);
    let ((name, now), (lines, beside)) = (country.types(), country.name(wide));
    let mut y = top + HEADS.0;
    for line in &lines {
        canvas.text((left, y), Anchor::Left, name, line);
        y += style::leading(HEAD);
    }
    let (x, anchor) = if beside { (left + wide, Anchor::Right) } else { (left, Anchor::Left) };
    canvas.text((x, if beside { y - style::leading(HEAD) } else { y }), anchor, now, &country.now);
    let time = chart.time(left, wide);
    let block = Block {
        bands: &chart.bands,
        ratings: &country.ratings,
        never: &[],
        time,
        top: top + heads,
        size,
        ground: Ground::Paper,
    };
    block.draw(canvas)
}

/// The names of other countries are not bold.
const HEAD_OF_OTHERS: Type = Type { face: style::Face::Regular, ..HEAD };
/// Stroke of the rule over the country of the brief.
const HEAVY_RULE: f64 = 0.3;

fn write_years(canvas: &mut Canvas, chart: &Neighbours, wide: f64, bottom: f64) {
    for place in 0..chart.columns.max(1).min(chart.countries.len()) {
        chart.time(place as f64 * (wide + GUTTER.0), wide).write_years(canvas, bottom + 0.8);
    }
}

impl Neighbours {
    /// The years of a panel, to the right of the short names of the bands.
    fn time(&self, left: f64, wide: f64) -> Time {
        let bold = YEAR.bold();
        let names = self.bands.short.iter().map(|name| style::width(name, bold)).fold(0.0, f64::max);
        Time::whole(self.axis, left + names + 1.2, left + wide)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_country_comes_first() {
        let country = |name: &str, own| Country { name: name.into(), own, ..Country::default() };
        let countries = vec![country("China", false), country("Laos", true)];
        let bands = Bands::default();
        let axis = Axis { first: 2001, last: 2025 };
        let svg =
            neighbours(&Neighbours { countries, bands, axis, columns: 2, width: 176.0 }, 220.0).unwrap_or_default().svg;
        assert!(svg.find("Laos") < svg.find("China"));
        assert!(svg.contains("Laos"));
    }
}
