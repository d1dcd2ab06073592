//! Released figures to SVG with alternative text: one module per chart kind, over a canvas in millimetres.
//! **plotters** lives here. `selection` chooses the series of a chart,
//! `layout`, `ratings`, `parts` and `breakdown` turn them into what a drawing is given, and the module of its kind draws it.

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
mod arranged;
mod axis;
mod bands;
mod bars;
mod breakdown;
mod calendar;
mod canvas;
mod chart;
mod columns;
mod drawing;
mod dumbbell;
mod edges;
mod fit;
mod flow;
mod glyphs;
mod labels;
mod layout;
mod lettering;
mod marks;
mod matrix;
mod milestones;
mod neighbours;
mod nested;
mod overlay;
mod palette;
mod panels;
mod parts;
mod points;
#[doc(hidden)]
pub mod proof;
mod provinces;
mod ratings;
mod rows;
mod segments;
mod selection;
mod series_text;
mod sign;
mod stack;
mod strip;
mod style;
mod tiers;
mod worded;

use std::collections::BTreeMap;

use anyhow::{Context, Result};

use crate::diagnostic::bug::{Stage, point};
use crate::document::outline::{Outline, ScoreRow};
use crate::project::face::Family;
use crate::project::indicator::{ChartKind, Indicator, Selector};
use crate::project::theme::Theme;

use arranged::Arranged;

pub use drawing::{Drawing, DrawnText};
pub use series_text::{SeriesFigure, SeriesText};
pub use style::FAMILY as FACE;

/// A drawn chart.
pub struct Figure {
    /// The indicator that hosts it; a key figure's strip adds `-strip`.
    pub id: String,
    /// The drawing.
    pub drawing: Drawing,
    /// The first of its texts with a letter that the face lacks, and that letter.
    pub missing_letter: Option<(String, char)>,
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
    /// Its figures in words, series by series; none for what stands in words already.
    pub data: Vec<SeriesText>,
}

impl Figure {
    /// Every text that is drawn.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.drawing.texts.iter().map(|drawn| drawn.text.as_str())
    }

    /// The SVG without the texts that the typesetter sets over it, and those texts.
    #[must_use]
    pub fn apart(&self) -> (String, Vec<DrawnText>) {
        overlay::apart(&self.drawing)
    }
}

/// Width of a key figure, in millimetres.
const QUARTER: f64 = 41.0;
/// Width of a strip in a row of the scoreboard.
const ROW: f64 = 30.0;

/// Draws every chart of one document.
///
/// # Errors
/// When a chart cannot be drawn: a failure of ours, never of the data.
pub fn draw(outline: &Outline<'_>) -> Result<Vec<Figure>> {
    drawn_beside(outline, outline.document.text.face.as_ref())
}

/// The same, measured as if the page's own face had every letter: no font of a machine changes it.
///
/// # Errors
/// As for [`draw`].
pub fn draw_in_own_face(outline: &Outline<'_>) -> Result<Vec<Figure>> {
    drawn_beside(outline, None)
}

fn drawn_beside(outline: &Outline<'_>, face: Option<&Family>) -> Result<Vec<Figure>> {
    let drawn = || {
        point(Stage::Draw, &outline.document.country.iso3);
        let charts = outline.charts.iter().map(|indicator| chart(outline, indicator));
        let strips = outline.key_figures.iter().map(|(indicator, selector)| strip(outline, indicator, selector));
        let rows = outline.scoreboard.iter().enumerate().map(|(at, row)| score(outline, at, row));
        charts.chain(strips).chain(rows).collect()
    };
    palette::coloured(&outline.project.report.theme, || style::beside(face, drawn))
}

/// The names of all marks, in the order of a legend.
pub fn legend_names() -> impl Iterator<Item = &'static str> {
    sign::names()
}

/// The marks of a legend as SVG, by the names of their words, in the colours of a series.
///
/// # Errors
/// When a mark cannot be drawn: a failure of ours.
pub fn glyphs(theme: &Theme) -> Result<BTreeMap<&'static str, String>> {
    palette::coloured(theme, glyphs::glyphs)
}

fn chart(outline: &Outline<'_>, indicator: &Indicator) -> Result<Figure> {
    let kind = indicator.chart.as_ref().map_or(ChartKind::Rows, |chart| chart.kind);
    let arranged = selection::chart(outline, indicator);
    let tallest = outline.space(indicator).tallest;
    let drawing = match kind {
        ChartKind::Tiers => tiers::tiers(&ratings::tiers(&arranged)),
        ChartKind::Neighbours => neighbours::neighbours(&ratings::neighbours(&arranged), tallest),
        ChartKind::Panels => panels::panels(&layout::panels(&arranged), tallest),
        ChartKind::Rows => rows::rows(&layout::rows(&arranged), tallest),
        ChartKind::Stack => stack::stack(&parts::stack(&arranged), tallest),
        ChartKind::Matrix => matrix::matrix(&layout::matrix(&arranged), tallest),
        ChartKind::Milestones => milestones::milestones(&layout::milestones(&arranged), tallest),
        ChartKind::Flow => flow::flow(&breakdown::flow(&arranged), tallest),
        ChartKind::Bars => bars::bars(&breakdown::bars(&arranged), tallest),
        ChartKind::Dumbbell => dumbbell::dumbbell(&layout::dumbbell(&arranged), tallest),
        ChartKind::Provinces => provinces::provinces(&breakdown::provinces(&arranged), tallest),
    }?;
    Ok(Figure {
        alt: alt::text(&arranged, kind),
        partly_cited: arranged.partly_cited() || outline.leaves_sources_out(arranged.cells()),
        ..figure(indicator.id.clone(), drawing, &arranged)
    })
}

/// The strip of a key figure.
fn strip(outline: &Outline<'_>, indicator: &Indicator, selector: &Selector) -> Result<Figure> {
    let arranged = selection::strip(outline, indicator, selector);
    let drawing = strip::strip(&layout::strip(&arranged, selection::strips_begin(outline)))?;
    Ok(Figure { alt: alt::strip(&arranged), ..figure(format!("{}-strip", indicator.id), drawing, &arranged) })
}

/// The strip of a row of the scoreboard.
fn score(outline: &Outline<'_>, at: usize, row: &ScoreRow<'_>) -> Result<Figure> {
    let indicator = outline.project.indicator(&row.selector.indicator).context("a row of no indicator")?;
    let (first, last) = outline.scoreboard_years();
    let arranged = selection::row(outline, indicator, row, first);
    let axis = chart::Axis { first, last };
    let rated = layout::is_rating(&row.series);
    let drawing = match arranged.series.first().filter(|_| rated) {
        Some((selector, series)) => strip::squares(&ratings::rated(&arranged, selector, series).ratings, axis, ROW),
        None => strip::low(&layout::bare(&arranged, axis, ROW)),
    }?;
    Ok(Figure {
        alt: if rated { alt::squares(&arranged) } else { alt::strip(&arranged) },
        ..figure(row.strip_id(at), drawing, &arranged)
    })
}

/// What a figure of any kind has; its alternative text is still to come.
fn figure(id: String, drawing: Drawing, arranged: &Arranged<'_>) -> Figure {
    Figure {
        id,
        missing_letter: drawing.missing_letter(),
        legend: drawing.legend(),
        drawing,
        alt: String::new(),
        marks: arranged.marks(),
        partly_cited: false,
        figures: arranged.cells().map(|cell| cell.id.clone()).collect(),
        data: series_text::all(arranged),
    }
}
