//! Several measures below each other on one time axis, their names at the left; on top, if wanted, the rating bands.

use anyhow::Result;

use super::axis::{self, Time};
use super::bands::{Block, Ground, Size};
use super::canvas::{Anchor, Canvas};
use super::chart::{Axis, Series};
use super::columns::{self, Plan};
use super::drawing::Drawing;
use super::fit::fitting;
use super::style::{self, HEAD, Type, UNIT, YEAR};
use super::tiers::Tiers;

/// Width of the names at the left, and the space between them and the columns.
const NAMES: (f64, f64) = (34.0, 2.0);
/// The last line of the names stands this far above the baseline.
const FOOT: f64 = 0.3;
/// Space between the baseline of one row and the highest thing in the next.
const BETWEEN: f64 = 3.2;
/// Space between two blocks of rows side by side.
const GUTTER: f64 = 6.0;
/// The least width of two blocks side by side.
const TWO_BLOCKS: f64 = 150.0;
/// Ways to draw rows, the most generous first: how many blocks side by side, the share of the usual height, and whether
/// unit and sources share a line.
const WAYS: [(usize, f64, bool); 7] = [
    (1, 1.0, false),
    (1, 0.75, false),
    (1, 0.5, true),
    (1, 0.33, true),
    (2, 0.75, false),
    (2, 0.5, true),
    (2, 0.33, true),
];
/// Space between the rating bands and the first row.
const UNDER_BANDS: f64 = 5.0;

/// One measure of the chart.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Its figures and words.
    pub series: Series,
    /// Rows of one group share a scale; rows of different units never do.
    pub group: usize,
}

/// What a chart in rows needs.
#[derive(Clone, Debug, PartialEq)]
pub struct Rows {
    /// The measures from top to bottom.
    pub rows: Vec<Row>,
    /// The years of all rows.
    pub axis: Axis,
    /// Width in millimetres.
    pub width: f64,
    /// Height of the tallest column of each group, in millimetres.
    pub tallest: f64,
    /// Rating bands on the same years; their own axis, width and ground are not used.
    pub tiers: Option<Tiers>,
}

/// Draws a chart in rows, lower and in two blocks where it would be higher than `tallest`.
///
/// # Errors
/// When Plotters cannot.
pub fn rows(rows: &Rows, tallest: f64) -> Result<Drawing> {
    let ways = WAYS.into_iter().filter(|(blocks, ..)| *blocks == 1 || rows.width >= TWO_BLOCKS && rows.tiers.is_none());
    fitting(tallest, ways, |(blocks, share, close)| rows.draw(blocks, share, close))
}

impl Rows {
    fn draw(&self, blocks: usize, share: f64, close: bool) -> Result<Drawing> {
        let mut canvas = Canvas::new(self.width)?;
        let wide = (self.width - GUTTER * (blocks - 1) as f64) / blocks as f64;
        let mut bottom: f64 = 0.0;
        for (block, rows) in self.rows.chunks(self.rows.len().div_ceil(blocks).max(1)).enumerate() {
            let left = block as f64 * (wide + GUTTER);
            bottom = bottom.max(self.draw_block(&mut canvas, rows, (left, left + wide), share, close));
        }
        if self.rows.is_empty() {
            bottom = self.draw_block(&mut canvas, &[], (0.0, wide), share, close);
        }
        canvas.finish(bottom + axis::years_height())
    }

    /// Draws rows between two edges, with the years under them, and returns where they end.
    fn draw_block(&self, canvas: &mut Canvas, rows: &[Row], (left, right): (f64, f64), share: f64, close: bool) -> f64 {
        let time = Time::new(self.axis, left + NAMES.0 + NAMES.1, right);
        let mut top = self.draw_bands(canvas, time);
        let mut last = top - UNDER_BANDS.min(top);
        for row in rows {
            let plan = columns::plan(&row.series, &time, self.scale(row.group) * share, Vec::new());
            let names = names(&row.series, close);
            let baseline = top + plan.height().max(names_height(&names) + FOOT);
            write_names(canvas, &names, (left, baseline - FOOT));
            plan.draw(canvas, baseline);
            last = baseline + Plan::depth(&plan);
            top = last + BETWEEN;
        }
        time.write_years(canvas, last);
        last
    }

    /// Draws the rating bands, if there are any, and returns where the rows begin.
    fn draw_bands(&self, canvas: &mut Canvas, time: Time) -> f64 {
        let Some(tiers) = &self.tiers else { return 0.0 };
        let bands = Block {
            bands: &tiers.bands,
            ratings: &tiers.ratings,
            never: &[],
            time,
            top: 0.0,
            size: Size::Compact,
            ground: Ground::Paper,
        };
        bands.draw(canvas) + UNDER_BANDS
    }

    fn scale(&self, group: usize) -> f64 {
        let same = self.rows.iter().filter(|row| row.group == group);
        self.tallest / same.map(|row| row.series.height()).fold(1.0, f64::max)
    }
}

/// The lines of a row's name; `close`, its unit and sources share one where they fit.
fn names(series: &Series, close: bool) -> Vec<(Type, String)> {
    let joined = format!("{}, {}", series.unit, series.marks);
    let one_line = close && !series.unit.is_empty() && style::width(&joined, UNIT) <= NAMES.0;
    let (unit, marks) = if one_line { (&joined, "") } else { (&series.unit, series.marks.as_str()) };
    let parts = [(HEAD, series.head.as_str()), (UNIT, unit.as_str()), (YEAR, marks)];
    let lines = parts.map(|(style, text)| style::wrap(text, style, NAMES.0).into_iter().map(move |line| (style, line)));
    lines.into_iter().flatten().collect()
}

fn names_height(names: &[(Type, String)]) -> f64 {
    names.iter().map(|(style, _)| style::leading(*style)).sum::<f64>() - 0.5
}

/// Writes the lines upwards from the last one.
fn write_names(canvas: &mut Canvas, names: &[(Type, String)], (left, last): (f64, f64)) {
    let mut y = last;
    for (style, line) in names.iter().rev() {
        canvas.text((left, y), Anchor::Left, *style, line);
        y -= style::leading(*style) + if style.pt < HEAD.pt { 0.1 } else { 0.0 };
    }
}

#[cfg(test)]
mod tests {
    use super::super::chart::{Point, Reading, State};
    use super::*;

    fn row(value: f64, group: usize) -> Row {
        let readings = vec![Reading { value, ..Reading::default() }];
        let point = Point { from: 2001.0, to: 2002.0, state: State::Value, readings, stock: false, second: false };
        Row { series: Series { points: vec![point], ..Series::default() }, group }
    }

    #[test]
    fn each_group_has_its_own_scale() {
        let axis = Axis { first: 2001, last: 2005 };
        let rows = vec![row(100.0, 0), row(50.0, 0), row(4.0, 1)];
        let rows = Rows { rows, axis, width: 116.0, tallest: 20.0, tiers: None };
        assert_eq!((rows.scale(0), rows.scale(1)), (0.2, 5.0));
        assert!(super::rows(&rows, 220.0).is_ok());
    }
}
