//! The segments of a stacked column: their fills, what fits into them, and the places for words beside them.

use super::area::Area;
use super::canvas::{Anchor, Canvas};
use super::labels::Label;
use super::style::{self, BANDS, Colour, FOG, HEAVY, INK, MIST, PAPER, SLATE, Type, YEAR};

/// The fills and the colours of figures on them, one for each part: they differ in lightness, and none is hatched.
const FILLS: [(Colour, Colour); 6] =
    [(SLATE, PAPER), (MIST, INK), (INK, PAPER), (PAPER, INK), (BANDS[2], PAPER), (BANDS[1], INK)];
/// Of a whole that is not broken down, outlined to be seen on paper.
const UNDIVIDED: (Colour, Colour) = (FOG, INK);
/// The fill that is outlined, since paper is no fill.
const OUTLINED: usize = 3;
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
    if segment.undivided { UNDIVIDED } else { FILLS[segment.kind % FILLS.len()] }
}

/// Draws a segment over a baseline.
pub fn draw_part(canvas: &mut Canvas, part: &Part, baseline: f64) {
    let area = part.area.down(baseline);
    let area = Area { top: area.top + SEAM.min((area.bottom - area.top) / 2.0), ..area };
    if part.segment.undivided {
        canvas.rect(area, SLATE);
        canvas.rect(area.inset(HEAVY), UNDIVIDED.0);
    } else if part.segment.kind % FILLS.len() == OUTLINED {
        canvas.outlined(area, SLATE, HEAVY);
    } else {
        canvas.rect(area, fill(part.segment).0);
    }
}
