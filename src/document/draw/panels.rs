//! A grid of panels, all on one scale from zero: one measure in each, one unit in each row of panels.

use anyhow::Result;

use super::axis::{self, Time};
use super::canvas::{Anchor, Canvas};
use super::chart::{Axis, Series};
use super::columns::{self, Plan};
use super::drawing::Drawing;
use super::fit::{fitting, grown};
use super::labels::Label;
use super::marks::Scale;
use super::style::{self, HAIR, HEAD, RULE, UNIT, YEAR};

/// Space between panels side by side, and between rows of them.
const GUTTER: (f64, f64) = (4.0, 5.0);
/// From the top of a panel to the baselines of its head and of its unit.
const HEADS: (f64, f64) = (2.5, 6.2);
/// The least space between the words at the top and the highest label.
const UNDER_HEAD: f64 = 2.6;
/// The least height of the columns' space.
const LEAST: f64 = 12.0;
/// Grid lines reach this much above the tallest column of a row.
const REACH: f64 = 1.1;

/// What a grid of panels needs.
#[derive(Clone, Debug, PartialEq)]
pub struct Panels {
    /// The measures: each inner list begins a new row, so that persons and cases are kept apart.
    pub groups: Vec<Vec<Series>>,
    /// The years of every panel.
    pub axis: Axis,
    /// Panels side by side.
    pub columns: usize,
    /// Width of the grid in millimetres.
    pub width: f64,
    /// Height of the tallest column in millimetres.
    pub tallest: f64,
    /// What sets thousands apart in the numbers of grid lines.
    pub thousands: String,
}

/// A panel before it is drawn: where it stands and what is in it.
struct Panel<'a> {
    series: &'a Series,
    left: f64,
    plan: Plan,
    units: Vec<String>,
    /// Its sources, in lines where they do not fit beside the head.
    marks: Vec<String>,
    grid: Vec<(f64, Label)>,
}

/// Ways to draw panels: the share of the usual height, and how many more stand side by side.
const WAYS: [(f64, usize); 7] = [(1.0, 0), (0.75, 0), (0.6, 0), (0.5, 0), (0.35, 0), (0.35, 1), (0.25, 1)];

/// Draws a grid of panels, lower and narrower where it would be higher than `tallest`.
///
/// # Errors
/// When Plotters cannot.
pub fn panels(panels: &Panels, tallest: f64) -> Result<Drawing> {
    let drawn = |(share, more): (f64, usize)| {
        let (tallest, columns) = (panels.tallest * share, panels.columns + more);
        grid(&Panels { columns, tallest, ..panels.clone() }, LEAST * share)
    };
    grown(tallest, |share| drawn((share, 0)))?.map_or_else(|| fitting(tallest, WAYS, drawn), Ok)
}

fn grid(panels: &Panels, least: f64) -> Result<Drawing> {
    let mut canvas = Canvas::new(panels.width)?;
    let highest = panels.groups.iter().flatten().map(Series::height).fold(0.0, f64::max);
    let points = panels.groups.iter().flatten().flat_map(|series| &series.points);
    let scale = Scale::of(points, panels.tallest);
    let lines: Vec<(f64, String)> =
        axis::grid(highest).into_iter().map(|value| (value, axis::grouped(value, &panels.thousands))).collect();
    let mut top = 0.0;
    for row in panels.groups.iter().flat_map(|group| group.chunks(panels.columns.max(1))) {
        let reach = row.iter().map(Series::height).fold(0.0, f64::max) * REACH;
        let shown: Vec<_> = lines.iter().filter(|(value, _)| *value <= reach).cloned().collect();
        let row: Vec<Panel> =
            row.iter().enumerate().map(|(place, series)| panel(series, panels, place, scale, &shown)).collect();
        top = draw_row(&mut canvas, &row, top, (panels, least)) + GUTTER.1;
    }
    canvas.finish((top - GUTTER.1).max(1.0))
}

impl Panels {
    fn panel_width(&self) -> f64 {
        let columns = self.columns.max(1) as f64;
        (self.width - GUTTER.0 * (columns - 1.0)) / columns
    }
}

fn panel<'a>(series: &'a Series, panels: &Panels, place: usize, scale: Scale, lines: &[(f64, String)]) -> Panel<'a> {
    let wide = panels.panel_width();
    let left = place as f64 * (wide + GUTTER.0);
    let time = Time::new(panels.axis, left, left + wide);
    let marks = columns::plan(series, &time, scale, Vec::new());
    let number = |(value, text): &(f64, String)| Some((value * scale.one, marks.number(value * scale.one, text)?));
    let grid: Vec<(f64, Label)> = lines.iter().filter_map(number).collect();
    let taken = grid.iter().map(|(_, label)| label.area()).collect();
    let plan = columns::plan(series, &time, scale, taken);
    let [units, marks] =
        [(&series.unit, UNIT), (&series.marks, YEAR)].map(|(text, style)| style::wrap(text, style, wide));
    Panel { series, left, plan, units, marks, grid }
}

/// Draws one row and returns where it ends.
fn draw_row(canvas: &mut Canvas, row: &[Panel], top: f64, (panels, least): (&Panels, f64)) -> f64 {
    let wide = panels.panel_width();
    let heads = row.iter().map(|panel| head_height(panel, wide)).fold(0.0, f64::max);
    let highest = row.iter().map(|panel| reach(panel)).fold(least, f64::max);
    let depth = row.iter().map(|panel| panel.plan.depth()).fold(0.0, f64::max);
    let baseline = top + heads + UNDER_HEAD + highest;
    for panel in row {
        draw_head(canvas, panel, top, wide);
        for (height, label) in &panel.grid {
            for (from, to) in panel.plan.level(*height) {
                canvas.line((from, baseline - height), (to, baseline - height), RULE, HAIR);
            }
            label.draw(canvas, baseline);
        }
        panel.plan.draw(canvas, baseline);
        Time::new(panels.axis, panel.left, panel.left + wide).write_years(canvas, baseline + depth);
    }
    baseline + depth + axis::years_height()
}

fn reach(panel: &Panel) -> f64 {
    panel.grid.iter().map(|(_, label)| -label.area().top).fold(panel.plan.height(), f64::max)
}

/// Whether the sources fit beside the head.
fn beside(panel: &Panel, wide: f64) -> bool {
    style::width(&panel.series.head, HEAD) + style::width(&panel.series.marks, YEAR) + 2.0 <= wide
}

fn head_height(panel: &Panel, wide: f64) -> f64 {
    let heads = style::wrap(&panel.series.head, HEAD, wide).len().max(1) - 1;
    let sources = if beside(panel, wide) { 0 } else { panel.marks.len() };
    let units = panel.units.len().max(1) - 1;
    HEADS.1 + heads as f64 * style::leading(HEAD) + (units + sources) as f64 * style::leading(UNIT)
}

fn draw_head(canvas: &mut Canvas, panel: &Panel, top: f64, wide: f64) {
    let mut y = top + HEADS.0;
    for line in style::wrap(&panel.series.head, HEAD, wide) {
        canvas.text((panel.left, y), Anchor::Left, HEAD, &line);
        y += style::leading(HEAD);
    }
    y += HEADS.1 - HEADS.0 - style::leading(HEAD);
    for line in &panel.units {
        canvas.text((panel.left, y), Anchor::Left, UNIT, line);
        y += style::leading(UNIT);
    }
    if beside(panel, wide) {
        canvas.text((panel.left + wide, top + HEADS.0), Anchor::Right, YEAR, &panel.series.marks);
    } else {
        for line in &panel.marks {
            canvas.text((panel.left, y), Anchor::Left, YEAR, line);
            y += style::leading(UNIT);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_panels_fill_the_page() {
        let axis = Axis { first: 2007, last: 2024 };
        let panels =
            Panels { groups: Vec::new(), axis, columns: 3, width: 176.0, tallest: 39.0, thousands: ",".into() };
        assert!((panels.panel_width() - 56.0).abs() < 1e-9);
        assert!(super::panels(&panels, 220.0).is_ok());
    }
}
