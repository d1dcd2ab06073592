//! Rows whose figures are too few to be drawn: they stand in words. A chart of nothing else in a question block sets its
//! figures large, so that they fill it.

use anyhow::Result;

use super::canvas::{Anchor, Canvas};
use super::chart::Series;
use super::drawing::Drawing;
use super::fit::PAGE;
use super::style::{self, FOG, HAIR, HEAD, Type, UNIT, VALUE, YEAR};

/// A figure in words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Worded {
    /// Its value; empty for a remark.
    pub value: String,
    /// Its period.
    pub period: String,
    /// Both in one line, or the remark: "2011: 195".
    pub text: String,
}

/// A row, and its figures.
pub type WordedRow<'r> = (&'r Series, &'r [Worded]);

/// Of a row in one line: the share of the width that names take, and the space over and under its lines.
const LINE: (f64, f64) = (0.46, 1.0);
/// The share that names take of a row with large figures: the least, and the most.
const LARGE: (f64, f64) = (0.4, 0.5);
/// Ways to set large figures, the most generous first: their size in points, whether the period stands beside them, and the type
/// of the names.
const WAYS: [(f64, bool, Type); 7] = [
    (22.0, false, HEAD),
    (18.0, false, HEAD),
    (15.0, false, HEAD),
    (12.0, false, HEAD),
    (14.0, true, HEAD),
    (11.0, true, HEAD),
    (11.0, true, HEAD.at(8.0)),
];
/// Space between words beside each other.
const BESIDE: f64 = 2.0;
/// A row is no looser than so many times its least height.
const LOOSE: f64 = 1.6;
/// Space over a row's words; between a figure and the period under it, and under that.
const OVER: f64 = 1.2;
const UNDER: (f64, f64) = (1.2, 0.8);
/// A row is no higher than this, however much room there is.
const HIGHEST: f64 = 21.0;

/// Draws a row in one line, its name at the left, its figures with their unit and its sources at the right, under a hairline,
/// and returns where it ends.
pub fn line(canvas: &mut Canvas, series: &Series, worded: &[Worded], top: f64, width: f64) -> f64 {
    let left = (width * LINE.0).round();
    let names = style::wrap(&series.head, VALUE.bold(), left - 2.0);
    let joined = worded.iter().map(|figure| figure.text.as_str()).collect::<Vec<_>>().join(" · ");
    let words = style::wrap(&joined, VALUE, width - left);
    let first = top + LINE.1 + style::cap(VALUE) + 0.5;
    canvas.line((0.0, top), (width, top), FOG, HAIR);
    write_lines(canvas, &names, (0.0, first), VALUE.bold());
    write_lines(canvas, &words, (left, first), VALUE);
    let mut lines = words.len().max(1);
    let mut x = left + words.last().map_or(0.0, |line| style::width(line, VALUE) + 1.5);
    for (style, text) in [(UNIT, &series.unit), (YEAR, &series.marks)] {
        let wide = style::width(text, style);
        if x + wide > width && x > left {
            (x, lines) = (left, lines + 1);
        }
        canvas.text((x, first + (lines - 1) as f64 * style::leading(VALUE)), Anchor::Left, style, text);
        x += wide + if text.is_empty() { 0.0 } else { 2.5 };
    }
    first + (lines.max(names.len()) - 1) as f64 * style::leading(VALUE) + LINE.1
}

/// Draws rows with large figures, as high as their space allows; none on a page, and where they do not fit.
///
/// # Errors
/// When Plotters cannot.
pub fn large(rows: &[WordedRow<'_>], width: f64, tallest: f64) -> Result<Option<Drawing>> {
    if tallest >= PAGE || rows.is_empty() {
        return Ok(None);
    }
    let Some(sheet) = WAYS.into_iter().find_map(|way| Sheet::set(rows, width, tallest, way)) else {
        return Ok(None);
    };
    let mut canvas = Canvas::new(width)?;
    for (at, row) in rows.iter().enumerate() {
        sheet.draw_row(&mut canvas, row, at as f64 * sheet.high);
    }
    canvas.finish(sheet.high * rows.len() as f64).map(Some)
}

/// Where things stand in rows with large figures.
struct Sheet {
    /// The type of the figures.
    figure: Type,
    /// The type of the names.
    name: Type,
    /// Whether a period stands beside its figure and the sources under the name, or all under the figure.
    beside: bool,
    /// Where the figures begin.
    left: f64,
    width: f64,
    /// From row to row.
    high: f64,
}

impl Sheet {
    /// The sheet in this type; none where a row does not hold its words, or all together are too high.
    fn set(rows: &[WordedRow<'_>], width: f64, tallest: f64, (pt, beside, name): (f64, bool, Type)) -> Option<Self> {
        let figure = VALUE.at(pt);
        let widest = rows.iter().map(|(series, _)| style::width(&series.head, name) + BESIDE).fold(0.0, f64::max);
        let left = widest.clamp(width * LARGE.0, width * LARGE.1).round();
        let figures = style::cap(figure) + if beside { 0.0 } else { UNDER.0 + style::leading(YEAR) };
        let least = OVER + figures.max(style::cap(name) + style::leading(name)) + UNDER.1;
        let high = (tallest / rows.len() as f64).min(HIGHEST).min(least * LOOSE);
        let sheet = Self { figure, name, beside, left, width, high };
        (high >= least && rows.iter().all(|row| sheet.holds(row))).then_some(sheet)
    }

    /// Where each figure of a row and its period begin, and where the sources do.
    fn places(&self, figures: &[Worded]) -> (Vec<(f64, f64)>, f64) {
        let room = (self.width - self.left) / figures.len().max(1) as f64;
        let place = |(at, figure): (usize, &Worded)| {
            let x = self.left + at as f64 * room;
            (x, if self.beside { x + style::width(&figure.value, self.figure) + BESIDE } else { x })
        };
        let places: Vec<(f64, f64)> = figures.iter().enumerate().map(place).collect();
        let last = places.last().zip(figures.last());
        (places.clone(), last.map_or(self.left, |((_, x), figure)| x + style::width(&figure.period, YEAR) + BESIDE))
    }

    /// Where the sources begin: behind the last period, or under the name behind the unit.
    fn sources(&self, series: &Series, behind: f64) -> f64 {
        let unit = style::width(&series.unit, UNIT);
        if !self.beside {
            behind
        } else if unit > 0.0 {
            unit + BESIDE
        } else {
            0.0
        }
    }

    /// Whether every word of a row has room.
    fn holds(&self, (series, figures): &WordedRow<'_>) -> bool {
        let lines = style::wrap(&series.head, self.name, self.left - BESIDE).len() as f64 * style::leading(self.name);
        let (places, behind) = self.places(figures);
        let ends = places.iter().skip(1).map(|(x, _)| x - BESIDE).chain([self.width]);
        let apart = places.iter().zip(*figures).zip(ends).all(|(((value, period), figure), end)| {
            let reach = value + style::width(&figure.value, self.figure);
            !figure.value.is_empty() && reach.max(period + style::width(&figure.period, YEAR)) <= end
        });
        let sources = self.sources(series, behind) + style::width(&series.marks, YEAR);
        let end = if self.beside { self.left - BESIDE } else { self.width };
        OVER + lines + style::leading(UNIT) <= self.high && apart && sources <= end
    }

    /// Draws a row: name and unit at the left, then each figure with its period, and the sources.
    fn draw_row(&self, canvas: &mut Canvas, (series, figures): &WordedRow<'_>, top: f64) {
        canvas.line((0.0, top), (self.width, top), FOG, HAIR);
        let baseline = top + OVER + style::cap(self.figure);
        let first = top + OVER + style::cap(self.name);
        let names = style::wrap(&series.head, self.name, self.left - BESIDE);
        write_lines(canvas, &names, (0.0, first), self.name);
        let unit = first + names.len() as f64 * style::leading(self.name);
        canvas.text((0.0, unit), Anchor::Left, UNIT, &series.unit);
        let under = baseline + UNDER.0 + style::cap(YEAR) + 0.5;
        let (places, behind) = self.places(figures);
        for ((value, period), figure) in places.into_iter().zip(*figures) {
            canvas.text((value, baseline), Anchor::Left, self.figure, &figure.value);
            canvas.text((period, if self.beside { baseline } else { under }), Anchor::Left, YEAR, &figure.period);
        }
        let at = (self.sources(series, behind), if self.beside { unit } else { under });
        canvas.text(at, Anchor::Left, YEAR, &series.marks);
    }
}

/// Writes lines below each other.
fn write_lines(canvas: &mut Canvas, lines: &[String], (left, first): (f64, f64), style: Type) {
    for (at, line) in lines.iter().enumerate() {
        canvas.text((left, first + at as f64 * style::leading(style)), Anchor::Left, style, line);
    }
}

#[cfg(test)]
mod tests {
    use super::super::proof;
    use super::*;

    fn figure(value: &str, period: &str) -> Worded {
        Worded { value: value.into(), period: period.into(), text: format!("{period}: {value}") }
    }

    fn drawn(rows: usize, figures: &[Worded], tallest: f64) -> Option<Drawing> {
        let series =
            Series { head: "Sites shut".into(), unit: "sites".into(), marks: "source 7".into(), ..Series::default() };
        large(&vec![(&series, figures); rows], 116.0, tallest).ok().flatten()
    }

    #[test]
    fn few_rows_fill_their_block_and_many_stand_in_it() {
        let figures = [figure("about 10,000", "July 2025–March 2026")];
        for rows in [1, 2, 4, 8] {
            let drawing = drawn(rows, &figures, 78.0).unwrap_or_default();
            let shown = ["Sites shut", "about 10,000", "July 2025–March 2026", "sites", "source 7"];
            assert_eq!(proof::words(&drawing.svg).len(), rows * shown.len(), "{rows}");
            assert!(shown.iter().all(|word| proof::words(&drawing.svg).contains(&(*word).to_owned())), "{rows}");
            assert!(
                drawing.height <= 78.0 && drawing.height >= (18.0 * rows as f64).min(48.0),
                "{rows}: {}",
                drawing.height
            );
            assert_eq!(proof::faults(&drawing.svg, None), Vec::<String>::new(), "{rows}");
        }
        assert!(drawn(40, &figures, 78.0).is_none(), "too many");
        assert!(drawn(2, &figures, 250.0).is_none(), "a page");
    }

    #[test]
    fn figures_that_would_meet_or_are_remarks_stand_in_lines() {
        let wide = figure("between 10,000 and 12,000 people", "from July 2025 to March 2026");
        assert!(drawn(2, &[wide.clone(), wide.clone(), wide], 78.0).is_none());
        assert!(drawn(2, &[Worded { text: "not reported".into(), ..Worded::default() }], 78.0).is_none());
    }
}
