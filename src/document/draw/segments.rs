//! The segments of a stacked column: their fills, what fits into them, and the places for words beside them.

use super::area::Area;
use super::canvas::{Anchor, Canvas};
use super::labels::Label;
use super::style::{self, BANDS, Colour, FOG, HEAVY, INK, MIST, PAPER, RUST, SLATE, Type, YEAR};

/// How many fills there are: for three ways of splitting in two to four parts.
const FILLS: usize = 8;
/// Of a whole that is not broken down, outlined to be seen on paper.
const UNDIVIDED: (Colour, Colour) = (FOG, INK);
/// Fills by lines, distinguished by their direction: rising, level, both.
const RISING: usize = 4;
const LEVEL: usize = 6;
const BOTH: usize = 7;
/// From line to line of a level fill, and its stroke.
const LINES: (f64, f64) = (0.9, 0.1);
/// White between two segments.
const SEAM: f64 = 0.15;
/// Least space over and under a figure inside its segment.
const PADDING: f64 = 0.45;
/// One part of a column.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Segment {
    /// Index into the kinds.
    pub kind: usize,
    /// Its number, for the height only.
    pub value: f64,
    /// Its number as it is printed.
    pub text: String,
    /// Whether it belongs to a whole that its sources contest.
    pub contested: bool,
    /// Whether it is what nobody broke down.
    pub undivided: bool,
}

/// A segment with its place over a baseline at zero.
pub struct Part<'a> {
    /// What it stands for.
    pub segment: &'a Segment,
    /// Its place.
    pub area: Area,
    /// Index of its column.
    pub column: usize,
}

/// Whether a figure fits into its segment.
#[must_use]
pub fn inside(part: &Part) -> bool {
    let (wide, high) = (part.area.right - part.area.left, part.area.bottom - part.area.top);
    high >= style::cap(YEAR) + 2.0 * PADDING && wide >= style::width(&part.segment.text, YEAR) + 0.4
}

/// To the right or left of a segment, at its middle or a little higher or lower.
#[must_use]
pub fn sides(part: &Part, style: Type, text: &str) -> Vec<Label> {
    let middle = f64::midpoint(part.area.top, part.area.bottom) + style::cap(style) / 2.0;
    let ends = [(part.area.right + 0.8, Anchor::Left), (part.area.left - 0.8, Anchor::Right)];
    let shifts = [0.0, -0.5, 0.5, -1.0, 1.0, -1.6, 1.6, -2.2, 2.2, -2.8, 2.8, -3.4, 3.4, -4.2];
    let places = ends.into_iter().flat_map(|(x, anchor)| shifts.map(|shift| (x, anchor, middle + shift)));
    places.map(|(x, anchor, y)| Label::new((x, y.min(-0.2)), anchor, style, text)).collect()
}

/// Fill of a segment and the colour of a figure on it.
#[must_use]
pub fn fill(segment: &Segment) -> (Colour, Colour) {
    const FILL: [(Colour, Colour); FILLS] = [
        (SLATE, PAPER),
        (MIST, INK),
        (INK, PAPER),
        (PAPER, INK),
        (PAPER, INK),
        (BANDS[2], PAPER),
        (PAPER, INK),
        (PAPER, INK),
    ];
    if segment.undivided { UNDIVIDED } else { FILL[segment.kind % FILLS] }
}

/// Draws a segment over a baseline.
pub fn draw_part(canvas: &mut Canvas, part: &Part, baseline: f64) {
    let area = part.area.down(baseline);
    let area = Area { top: area.top + SEAM.min((area.bottom - area.top) / 2.0), ..area };
    match part.segment.kind % FILLS {
        _ if part.segment.undivided && part.segment.contested => {
            canvas.outlined(area, RUST, HEAVY);
            canvas.hatch(area.inset(HEAVY), RUST);
        }
        _ if part.segment.undivided => {
            canvas.rect(area, SLATE);
            canvas.rect(area.inset(HEAVY), UNDIVIDED.0);
        }
        3 => canvas.outlined(area, SLATE, HEAVY),
        kind @ (RISING | LEVEL | BOTH) => {
            canvas.outlined(area, SLATE, HEAVY);
            if kind != LEVEL {
                canvas.hatch(area.inset(HEAVY), SLATE);
            }
            if kind != RISING {
                draw_levels(canvas, area.inset(HEAVY));
            }
            draw_ground(canvas, part, area);
        }
        _ => canvas.rect(area, fill(part.segment).0),
    }
}

/// Level lines inside a rectangle.
fn draw_levels(canvas: &mut Canvas, area: Area) {
    let mut y = area.top + LINES.0;
    while y < area.bottom {
        canvas.line((area.left, y), (area.right, y), SLATE, LINES.1);
        y += LINES.0;
    }
}

/// White behind a figure that stands on lines.
fn draw_ground(canvas: &mut Canvas, part: &Part, area: Area) {
    if inside(part) {
        let half = style::width(&part.segment.text, YEAR) / 2.0 + 0.4;
        let (x, y) = (f64::midpoint(area.left, area.right), f64::midpoint(area.top, area.bottom));
        canvas.rect(Area::new(x - half, y - 1.3, x + half, y + 1.3), PAPER);
    }
}
