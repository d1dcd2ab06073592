//! Several measures below each other on one time axis, their names at the left; on top, if wanted, the rating bands.

use anyhow::Result;

use super::axis::{self, Time};
use super::bands::{Block, Ground, Size};
use super::canvas::{Anchor, Canvas};
use super::chart::{Axis, Series};
use super::columns::{self, Plan};
use super::style::{self, HEAD, Type, UNIT, YEAR};
use super::tiers::Tiers;

/// Width of the names at the left, and the space between them and the columns.
const NAMES: (f64, f64) = (34.0, 2.0);
/// The last line of the names stands this far above the baseline.
const FOOT: f64 = 0.3;
/// Space between the baseline of one row and the highest thing in the next.
const BETWEEN: f64 = 3.2;
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

/// Draws a chart in rows.
///
/// # Errors
/// When Plotters cannot.
pub fn rows(rows: &Rows) -> Result<String> {
    let mut canvas = Canvas::new(rows.width)?;
    let time = Time::new(rows.axis, NAMES.0 + NAMES.1, rows.width);
    let mut top = 0.0;
    if let Some(tiers) = &rows.tiers {
        let bands = Block {
            bands: &tiers.bands,
            ratings: &tiers.ratings,
            never: &[],
            time,
            top,
            size: Size::Compact,
            ground: Ground::Paper,
        };
        top = bands.draw(&mut canvas) + UNDER_BANDS;
    }
    let mut depth = 0.0;
    for row in &rows.rows {
        let plan = columns::plan(&row.series, &time, rows.scale(row.group), Vec::new());
        let names = names(&row.series);
        let baseline = top + plan.height().max(names_height(&names) + FOOT);
        write_names(&mut canvas, &names, baseline - FOOT);
        plan.draw(&mut canvas, baseline);
        depth = Plan::depth(&plan);
        top = baseline + depth + BETWEEN;
    }
    let last = top - BETWEEN - depth;
    time.write_years(&mut canvas, last + depth);
    canvas.finish(last + depth + axis::years_height())
}

impl Rows {
    fn scale(&self, group: usize) -> f64 {
        let same = self.rows.iter().filter(|row| row.group == group);
        self.tallest / same.map(|row| row.series.height()).fold(1.0, f64::max)
    }
}

fn names(series: &Series) -> Vec<(Type, String)> {
    let parts = [(HEAD, &series.head), (UNIT, &series.unit), (YEAR, &series.marks)];
    let lines = parts.map(|(style, text)| style::wrap(text, style, NAMES.0).into_iter().map(move |line| (style, line)));
    lines.into_iter().flatten().collect()
}

fn names_height(names: &[(Type, String)]) -> f64 {
    names.iter().map(|(style, _)| style::leading(*style)).sum::<f64>() - 0.5
}

/// Writes the lines upwards from the last one.
fn write_names(canvas: &mut Canvas, names: &[(Type, String)], last: f64) {
    let mut y = last;
    for (style, line) in names.iter().rev() {
        canvas.text((0.0, y), Anchor::Left, *style, line);
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
        assert!(super::rows(&rows).is_ok());
    }
}
