//! Several measures below each other on one time axis, their names at the left; on top, if wanted, the rating bands. A measure
//! with one or two figures stands below them in words.

use anyhow::Result;

use super::axis::{self, Time};
use super::bands::{Block, Ground, Size};
use super::canvas::{Anchor, Canvas};
use super::chart::{Axis, Series};
use super::columns::{self, Plan};
use super::drawing::Drawing;
use super::fit::{fitting, grown};
use super::marks::Scale;
use super::style::{self, HAIR, HEAD, RULE, Type, UNIT, YEAR};
use super::tiers::Tiers;
use super::worded::{self, Worded, WordedRow};

/// Width of the names at the left, and the space between them and the columns.
const NAMES: (f64, f64) = (34.0, 2.0);
/// Space between a name above its row and the highest thing in it.
const UNDER_HEAD: f64 = 2.0;
/// The last line of the names stands this far above the baseline.
const FOOT: f64 = 0.3;
/// Space between the baseline of one row and the highest thing in the next: usually, and where rows are close.
const BETWEEN: (f64, f64) = (3.2, 2.2);
/// Space between two blocks of rows side by side.
const GUTTER: f64 = 6.0;
/// The least width of two blocks side by side.
const TWO_BLOCKS: f64 = 150.0;
/// Ways to draw rows, the most generous first: how many blocks side by side, the share of the usual height, and whether
/// unit and sources share a line.
const WAYS: [(usize, f64, bool); 9] = [
    (1, 1.0, false),
    (1, 0.75, false),
    (1, 0.5, true),
    (1, 0.33, true),
    (1, 0.22, true),
    (2, 0.75, false),
    (2, 0.5, true),
    (2, 0.33, true),
    (2, 0.22, true),
];
/// Space between the rating bands and the first row.
const UNDER_BANDS: f64 = 5.0;
/// Space between the years and the first row in words.
const OVER_WORDS: f64 = 2.0;

/// One measure of the chart.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Its figures and words.
    pub series: Series,
    /// Rows of one group share a scale; rows of different units never do.
    pub group: usize,
    /// Its figures in words, where they are too few to be drawn.
    pub words: Option<Vec<Worded>>,
}

/// What a chart in rows needs.
#[derive(Clone, Debug, PartialEq)]
pub struct Rows {
    /// The measures from top to bottom, those in words last.
    pub rows: Vec<Row>,
    /// The years of all rows.
    pub axis: Axis,
    /// Width in millimetres.
    pub width: f64,
    /// Height of the tallest column of each group, in millimetres.
    pub tallest: f64,
    /// Rating bands on the same years; their own axis, width and ground are not used.
    pub tiers: Option<Tiers>,
    /// What sets thousands apart in the numbers of grid lines.
    pub thousands: String,
}

/// How rows are drawn: the share of their usual height, whether unit and sources share a line, whether each row has a grid line
/// with its number, since not all are on one scale, and whether the names stand above, as where a chart is narrow.
#[derive(Clone, Copy)]
struct Way {
    share: f64,
    close: bool,
    numbered: bool,
    above: bool,
}

/// Draws a chart in rows; where all are in words, with large figures; higher in a question block, lower and in two blocks where it would be higher than `tallest`.
///
/// # Errors
/// When Plotters cannot.
pub fn rows(rows: &Rows, tallest: f64) -> Result<Drawing> {
    if let Some(drawing) = rows.in_words(tallest)? {
        return Ok(drawing);
    }
    let ways = WAYS.into_iter().filter(|(blocks, ..)| *blocks == 1 || rows.width >= TWO_BLOCKS && rows.tiers.is_none());
    let drawn = rows.rows.iter().filter(|row| row.words.is_none());
    let numbered = drawn.clone().zip(drawn.skip(1)).any(|(one, other)| one.group != other.group);
    let above = rows.width < TWO_BLOCKS && rows.tiers.is_none();
    if let Some(drawing) = grown(tallest, |share| rows.draw(1, Way { share, close: false, numbered, above }))? {
        return Ok(drawing);
    }
    fitting(tallest, ways, |(blocks, share, close)| rows.draw(blocks, Way { share, close, numbered, above }))
}

impl Rows {
    /// The rows with large figures, where none is drawn.
    fn in_words(&self, tallest: f64) -> Result<Option<Drawing>> {
        let rows: Option<Vec<WordedRow<'_>>> =
            self.rows.iter().map(|row| Some((&row.series, row.words.as_deref()?))).collect();
        rows.filter(|_| self.tiers.is_none()).map_or(Ok(None), |rows| worded::large(&rows, self.width, tallest))
    }

    fn draw(&self, blocks: usize, way: Way) -> Result<Drawing> {
        let mut canvas = Canvas::new(self.width)?;
        let wide = (self.width - GUTTER * (blocks - 1) as f64) / blocks as f64;
        let (drawn, worded): (Vec<&Row>, Vec<&Row>) = self.rows.iter().partition(|row| row.words.is_none());
        let mut bottom: f64 = 0.0;
        for (block, rows) in drawn.chunks(drawn.len().div_ceil(blocks).max(1)).enumerate() {
            let left = block as f64 * (wide + GUTTER);
            bottom = bottom.max(self.draw_block(&mut canvas, rows, (left, left + wide), way));
        }
        // Bands need the years under them, too, and so does a chart without anything.
        if drawn.is_empty() && (self.tiers.is_some() || worded.is_empty()) {
            bottom = self.draw_block(&mut canvas, &[], (0.0, wide), way);
        }
        if bottom > 0.0 {
            bottom += axis::years_height() + if worded.is_empty() { 0.0 } else { OVER_WORDS };
        }
        for row in worded {
            bottom =
                worded::line(&mut canvas, &row.series, row.words.as_deref().unwrap_or_default(), bottom, self.width);
        }
        canvas.finish(bottom)
    }

    /// Draws rows between two edges, with the years under them, and returns where they end.
    fn draw_block(&self, canvas: &mut Canvas, rows: &[&Row], (left, right): (f64, f64), way: Way) -> f64 {
        let time = Time::new(self.axis, if way.above { left } else { left + NAMES.0 + NAMES.1 }, right);
        let mut top = self.draw_bands(canvas, time);
        let mut last = top - UNDER_BANDS.min(top);
        for row in rows {
            let (plan, grid) = self.plan(row, &time, way);
            let reach = grid.iter().map(|(_, label)| -label.area().top).fold(plan.height(), f64::max);
            let baseline = if way.above {
                write_head(canvas, &row.series, (left, right), top) + reach
            } else {
                let names = names(&row.series, way.close);
                let baseline = top + reach.max(names_height(&names) + FOOT);
                write_names(canvas, &names, (left, baseline - FOOT));
                baseline
            };
            if let Some((height, label)) = &grid {
                for (from, to) in plan.level(*height) {
                    canvas.line((from, baseline - height), (to, baseline - height), RULE, HAIR);
                }
                label.draw(canvas, baseline);
            }
            plan.draw(canvas, baseline);
            last = baseline + Plan::depth(&plan);
            top = last + if way.close { BETWEEN.1 } else { BETWEEN.0 };
        }
        time.write_years(canvas, last);
        last
    }

    /// The marks and words of a row, and its grid line with its number.
    fn plan(&self, row: &Row, time: &Time, way: Way) -> (Plan, Option<(f64, super::labels::Label)>) {
        let scale = self.scale(row.group, way.share);
        let plan = |taken| columns::plan(&row.series, time, scale, taken);
        let value = axis::grid(row.series.height()).last().copied().filter(|_| way.numbered);
        let numbered = value.and_then(|value| {
            let height = value * scale.one;
            Some((height, plan(Vec::new()).number(height, &axis::grouped(value, &self.thousands))?))
        });
        (plan(numbered.iter().map(|(_, label)| label.area()).collect()), numbered)
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

    fn scale(&self, group: usize, share: f64) -> Scale {
        let same = self.rows.iter().filter(|row| row.group == group && row.words.is_none());
        Scale::of(same.flat_map(|row| &row.series.points), self.tallest * share)
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

/// Writes the name of a row, its unit and its sources in a line above it, in more where they need them, and returns where the
/// highest mark may begin.
fn write_head(canvas: &mut Canvas, series: &Series, (left, right): (f64, f64), top: f64) -> f64 {
    let (mut x, mut y) = (left, top + style::cap(HEAD) + 0.5);
    for (style, text) in [(HEAD, &series.head), (UNIT, &series.unit), (YEAR, &series.marks)] {
        if x > left && x + style::width(text, style) > right {
            (x, y) = (left, y + style::leading(style));
        }
        for (at, line) in style::wrap(text, style, right - x).into_iter().enumerate() {
            y += if at > 0 { style::leading(style) } else { 0.0 };
            canvas.text((x, y), Anchor::Left, style, &line);
            x = left.max(if at > 0 { left } else { x }) + style::width(&line, style);
        }
        x += 2.0;
    }
    y + UNDER_HEAD
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
    use super::super::proof;
    use super::*;

    fn row(value: f64, group: usize) -> Row {
        let readings = vec![Reading { value, text: value.to_string(), ..Reading::default() }];
        let point = Point { from: 2001.0, to: 2002.0, state: State::Value, readings, stock: false, second: false };
        Row { series: Series { points: vec![point], ..Series::default() }, group, words: None }
    }

    fn chart(rows: Vec<Row>) -> Rows {
        let axis = Axis { first: 2001, last: 2005 };
        Rows { rows, axis, width: 116.0, tallest: 20.0, tiers: None, thousands: ",".into() }
    }

    #[test]
    fn each_group_has_its_own_scale() {
        let rows = chart(vec![row(100.0, 0), row(50.0, 0), row(4.0, 1)]);
        assert_eq!((rows.scale(0, 1.0).one, rows.scale(1, 1.0).one), (0.2, 5.0));
    }

    #[test]
    fn rows_on_unlike_scales_have_a_number_each_and_others_none() {
        let words = |rows: Vec<Row>| proof::words(&super::rows(&chart(rows), 220.0).unwrap_or_default().svg);
        let unlike = words(vec![row(110.0, 0), row(4.4, 1)]);
        assert!(unlike.contains(&"100".to_owned()) && unlike.contains(&"4".to_owned()), "{unlike:?}");
        let alike = words(vec![row(110.0, 0), row(44.0, 0)]);
        assert!(!alike.contains(&"100".to_owned()), "{alike:?}");
    }

    #[test]
    fn a_row_in_words_has_its_figures_unit_and_sources_and_no_column() {
        let series = Series {
            head: "Returned, from Myanmar".into(),
            unit: "persons".into(),
            marks: "source 65".into(),
            ..row(10.0, 0).series
        };
        let figure = Worded { value: "10".into(), period: "2022".into(), text: "2022: 10".into() };
        let worded = Row { series, group: 0, words: Some(vec![figure]) };
        let drawing = super::rows(&chart(vec![worded]), 220.0).unwrap_or_default();
        assert_eq!(proof::words(&drawing.svg), ["Returned, from Myanmar", "2022: 10", "persons", "source 65"]);
        assert!(drawing.signs.is_empty() && drawing.height < 8.0, "{}", drawing.height);
    }
}
