//! Released figures to SVG with alternative text: one module per chart kind, over a canvas in millimetres.
//! **plotters** lives here. What is drawn is chosen in `layout`; how it is drawn, in the module of its kind.

// Millimetres and years are small numbers: a cast between them and an index loses nothing.
#![allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    clippy::float_cmp
)]

mod alt;
mod area;
mod axis;
mod bands;
mod breakdown;
mod calendar;
mod canvas;
mod chart;
mod columns;
mod fit;
mod flow;
mod labels;
mod layout;
mod lettering;
mod marks;
mod matrix;
mod milestones;
mod neighbours;
mod nested;
mod overlay;
mod panels;
mod parts;
mod points;
#[doc(hidden)]
pub mod proof;
mod provinces;
mod rows;
mod segments;
mod series_text;
mod stack;
mod strip;
mod style;
mod tiers;

use anyhow::Result;

use crate::diagnostic::bug::{Stage, point};
use crate::document::outline::Outline;
use crate::project::indicator::{ChartKind, Indicator};

pub use fit::TALLEST;
pub use overlay::Laid;
pub use series_text::{Run, Said};
pub use style::FAMILY as FACE;

/// A drawn chart.
pub struct Figure {
    /// The indicator that hosts it; a key figure's strip adds `-strip`.
    pub id: String,
    /// The drawing, 20 units to the millimetre.
    pub svg: String,
    /// Its width in millimetres.
    pub width: f64,
    /// What it shows, in words, gaps named.
    pub alt: String,
    /// The states that occur in it, for its legend.
    pub legend: Vec<&'static str>,
    /// The numbers of its sources.
    pub marks: Vec<usize>,
    /// Whether further sources, of single years, are named in the data table only.
    pub partly_cited: bool,
    /// The ids of the figures drawn.
    pub figures: Vec<String>,
    /// Its height in millimetres.
    pub height: f64,
    /// The first of its words with a letter that the face lacks, and that letter.
    pub unlettered: Option<(String, char)>,
    /// Its figures in words, series by series; none for what stands in words already.
    pub data: Vec<Said>,
}

impl Figure {
    /// The words that are drawn, text by text.
    #[must_use]
    pub fn words(&self) -> Vec<String> {
        words(&self.svg)
    }

    /// The drawing without the words that the typesetter sets over it, and these.
    #[must_use]
    pub fn apart(&self) -> (String, Vec<Laid>) {
        overlay::apart(&self.svg)
    }
}

fn words(svg: &str) -> Vec<String> {
    let elements = svg.split("<text").skip(1).filter_map(|element| element.split_once('>'));
    let texts = elements.filter_map(|(_, rest)| Some(rest.split_once("</text>")?.0));
    texts.map(plain).collect()
}

fn plain(text: &str) -> String {
    text.trim().replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}

/// The first words with a letter that the face lacks.
fn unlettered(svg: &str) -> Option<(String, char)> {
    words(svg).into_iter().find_map(|words| style::unlettered(&words).map(|letter| (words, letter)))
}

/// Width of the page's live area, of its text, and of a key figure, in millimetres.
const FULL: f64 = 176.0;
const TEXT: f64 = 116.0;
const QUARTER: f64 = 41.0;

/// Draws every chart of one document.
///
/// # Errors
/// When a chart cannot be drawn: a failure of ours, never of the data.
pub fn draw(outline: &Outline<'_>) -> Result<Vec<Figure>> {
    let face = outline.document.text.face.as_ref();
    style::beside(face, || {
        point(Stage::Draw, &outline.document.country.iso3);
        let charts = outline.charts.iter().map(|indicator| chart(outline, indicator));
        let strips =
            outline.key_figures.iter().map(|(indicator, selector)| layout::strip(outline, indicator, selector));
        charts.chain(strips).collect()
    })
}

fn chart(outline: &Outline<'_>, indicator: &Indicator) -> Result<Figure> {
    let kind = indicator.chart.as_ref().map_or(ChartKind::Rows, |chart| chart.kind);
    let mut arranged = layout::Arranged::new(outline, indicator);
    series_text::hold_to_the_axis(&mut arranged);
    let svg = match kind {
        ChartKind::Tiers => tiers::tiers(&arranged.tiers())?,
        ChartKind::Neighbours => neighbours::neighbours(&arranged.neighbours())?,
        ChartKind::Panels => panels::panels(&arranged.panels())?,
        ChartKind::Rows => rows::rows(&arranged.rows())?,
        ChartKind::Stack => stack::stack(&parts::stack(&arranged))?,
        ChartKind::Matrix => matrix::matrix(&arranged.matrix())?,
        ChartKind::Milestones => milestones::milestones(&arranged.milestones())?,
        ChartKind::Flow => flow::flow(&breakdown::flow(&arranged))?,
        ChartKind::Provinces => provinces::provinces(&breakdown::provinces(&arranged))?,
    };
    Ok(Figure {
        id: indicator.id.clone(),
        width: overlay::width(&svg),
        height: fit::height(&svg),
        unlettered: unlettered(&svg),
        svg,
        alt: alt::text(&arranged, kind),
        legend: series_text::legend(&arranged, kind),
        marks: arranged.marks(),
        partly_cited: arranged.partly_cited() || outline.leaves_sources_out(arranged.cells()),
        figures: arranged.cells().map(|cell| cell.id.clone()).collect(),
        data: series_text::said(&arranged),
    })
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn only_the_texts_of_a_drawing_are_read() {
        assert_eq!(words("<rect x=\"7\"/><text x=\"3\">41</text><text>a 5</text>"), ["41", "a 5"]);
    }
}
