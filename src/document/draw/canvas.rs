//! A sheet measured in millimetres. The only place that touches Plotters' backend: everything drawn is recorded, then
//! handed over at once as whole-number coordinates, twenty to the millimetre.

use std::collections::BTreeSet;

use anyhow::{Result, anyhow};
use plotters::prelude::{DrawingBackend, IntoFont, RGBColor, SVGBackend, ShapeStyle, TextStyle};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, FontTransform};

use super::area::{Area, hatching};
use super::drawing::{Drawing, DrawnText};
use super::palette::rgb;
use super::sign::Sign;
use super::style::{self, Colour, FAMILY, MID, PAPER, RUST, Type};
use crate::document::outline::unidentified;

/// SVG units in a millimetre.
pub const UNITS: f64 = 20.0;
/// What Plotters divides a text's size by before it writes it.
const SIZE_RATIO: f64 = 1.24;
/// How far below its position Plotters sets the baseline of a text hung from its top, as a share of its size.
const HANG: f64 = 0.76;
/// From dot to dot of a dotted line, and the radius of a dot.
const DOTS: (f64, f64) = (1.05, 0.15);
/// From line to line of a hatching, along the edge of the column, and its stroke.
const HATCH: (f64, f64) = (0.9, 0.1);

/// Which end of a text stands at its position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// It begins there.
    Left,
    /// It is centred there.
    Middle,
    /// It ends there.
    Right,
}

type Spot = (i32, i32);

enum Shape {
    Rect(Spot, Spot, Colour),
    Path(Vec<Spot>, Colour, u32),
    Polygon(Vec<Spot>, Colour),
    Circle(Spot, u32, Colour, Option<u32>),
    Text(Spot, Anchor, Type, String, bool),
}

/// A chart being drawn.
pub struct Canvas {
    width: f64,
    shapes: Vec<Shape>,
    signs: BTreeSet<Sign>,
}

fn units(mm: f64) -> i32 {
    (mm * UNITS).round() as i32
}

fn length(mm: f64) -> u32 {
    units(mm).max(1).unsigned_abs()
}

fn spot(x: f64, y: f64) -> Spot {
    (units(x), units(y))
}

impl Canvas {
    /// An empty sheet of a given width; its height is settled last.
    ///
    /// # Errors
    /// When the faces are not at hand.
    pub fn new(width: f64) -> Result<Self> {
        style::register()?;
        Ok(Self { width, shapes: Vec::new(), signs: BTreeSet::new() })
    }

    /// Tells what a mark means that was drawn.
    pub fn sign(&mut self, sign: Sign) {
        self.signs.insert(sign);
    }

    /// A filled rectangle.
    pub fn rect(&mut self, area: Area, fill: Colour) {
        self.shapes.push(Shape::Rect(spot(area.left, area.top), spot(area.right, area.bottom), fill));
    }

    /// A rectangle with an outline inside its edges, filled white.
    pub fn outlined(&mut self, area: Area, colour: Colour, stroke: f64) {
        self.rect(area, colour);
        self.rect(area.inset(stroke), PAPER);
    }

    /// A line.
    pub fn line(&mut self, from: (f64, f64), to: (f64, f64), colour: Colour, stroke: f64) {
        self.path(&[from, to], colour, stroke);
    }

    /// A line through several points.
    pub fn path(&mut self, points: &[(f64, f64)], colour: Colour, stroke: f64) {
        let points = points.iter().map(|&(x, y)| spot(x, y)).collect();
        self.shapes.push(Shape::Path(points, colour, length(stroke)));
    }

    /// A level dotted line: no figure was found. One too short for a dot says nothing.
    pub fn not_reported(&mut self, from: (f64, f64), to: (f64, f64)) {
        if (to.0 - from.0).hypot(to.1 - from.1) >= DOTS.0 {
            self.sign(Sign::NotReported);
        }
        self.dotted(from, to, MID);
    }

    /// A level or upright dotted line, its dots clear of both ends.
    pub fn dotted(&mut self, from: (f64, f64), to: (f64, f64), colour: Colour) {
        let (step, radius) = DOTS;
        let long = (to.0 - from.0).hypot(to.1 - from.1);
        let count = (long / step).floor();
        for index in 0..count as usize {
            let share = (index as f64 + 0.5) / count;
            let centre = (from.0 + (to.0 - from.0) * share, from.1 + (to.1 - from.1) * share);
            self.disc(centre, radius, colour);
        }
    }

    /// A filled polygon.
    pub fn polygon(&mut self, points: &[(f64, f64)], fill: Colour) {
        self.shapes.push(Shape::Polygon(points.iter().map(|&(x, y)| spot(x, y)).collect(), fill));
    }

    /// A filled circle.
    pub fn disc(&mut self, centre: (f64, f64), radius: f64, fill: Colour) {
        self.shapes.push(Shape::Circle(spot(centre.0, centre.1), length(radius), fill, None));
    }

    /// A circle filled white.
    pub fn ring(&mut self, centre: (f64, f64), radius: f64, colour: Colour, stroke: f64) {
        self.disc(centre, radius, PAPER);
        self.shapes.push(Shape::Circle(spot(centre.0, centre.1), length(radius), colour, Some(length(stroke))));
    }

    /// Slanting hairlines inside a rectangle, each cut at its edges.
    pub fn hatch(&mut self, area: Area, colour: Colour) {
        for (from, to) in hatching(area, HATCH.0) {
            self.line(from, to, colour, HATCH.1);
        }
    }

    /// A crossed square: a withheld figure.
    pub fn crossed(&mut self, centre: (f64, f64), side: f64, colour: Colour) {
        self.sign(Sign::Withheld);
        let half = side / 2.0;
        let square = Area::new(centre.0 - half, centre.1 - half, centre.0 + half, centre.1 + half);
        self.outlined(square, colour, THIN_EDGE);
        let inner = square.inset(THIN_EDGE / 2.0);
        self.line((inner.left, inner.top), (inner.right, inner.bottom), colour, THIN_EDGE);
        self.line((inner.left, inner.bottom), (inner.right, inner.top), colour, THIN_EDGE);
    }

    /// A text whose baseline stands at `at`.
    pub fn text(&mut self, at: (f64, f64), anchor: Anchor, style: Type, text: &str) {
        if !text.is_empty() {
            self.contest(style);
            self.shapes.push(Shape::Text(spot(at.0, at.1), anchor, style::upright(style), plain(text), false));
        }
    }

    /// A text read upwards, beginning at `at`; its baseline is the upright through `at`.
    pub fn text_up(&mut self, at: (f64, f64), style: Type, text: &str) {
        self.contest(style);
        self.shapes.push(Shape::Text(spot(at.0, at.1), Anchor::Left, style::upright(style), plain(text), true));
    }

    /// Only what is contested is written in its colour.
    fn contest(&mut self, style: Type) {
        if style.colour == RUST {
            self.sign(Sign::Contested);
        }
    }

    /// The finished drawing, `height` millimetres high.
    ///
    /// # Errors
    /// When Plotters cannot write it.
    pub fn finish(self, height: f64) -> Result<Drawing> {
        let (width, height) = (length(self.width), length(height));
        let mut svg = String::new();
        let mut backend = SVGBackend::with_string(&mut svg, (width, height));
        for shape in &self.shapes {
            shape.draw(&mut backend)?;
        }
        backend.present().map_err(|error| anyhow!("a chart cannot be drawn: {error}"))?;
        drop(backend);
        let texts = self.shapes.iter().filter_map(Shape::text).collect();
        let (width, height) = (f64::from(width) / UNITS, f64::from(height) / UNITS);
        Ok(Drawing { svg: tidy(&svg), width, height, texts, signs: self.signs })
    }
}

/// A text as it is drawn: in one line, which breaks nowhere.
fn plain(text: &str) -> String {
    text.replace(style::BREAK, "")
}

/// A text as it is drawn, and the same with the ids that its figures carry, if they do.
fn as_seen(text: &str) -> (String, Option<String>) {
    let seen = unidentified(text);
    (seen.trim().to_owned(), (seen != text).then(|| text.trim().to_owned()))
}

/// Stroke of a crossed square.
const THIN_EDGE: f64 = 0.2;

impl Shape {
    fn text(&self) -> Option<DrawnText> {
        let Self::Text(at, anchor, style, text, up) = self else { return None };
        let [red, green, blue] = rgb(style.colour);
        let (seen, identified) = as_seen(text);
        Some(DrawnText {
            text: seen,
            identified,
            x: f64::from(at.0) / UNITS,
            y: f64::from(at.1) / UNITS,
            size: font_size(*style) / UNITS * 72.0 / 25.4,
            bold: style.face == style::Face::Bold,
            italic: style.face == style::Face::Italic,
            fill: format!("#{red:02X}{green:02X}{blue:02X}"),
            align: match anchor {
                Anchor::Left => "left",
                Anchor::Middle => "center",
                Anchor::Right => "right",
            },
            up: *up,
        })
    }

    fn draw(&self, backend: &mut SVGBackend) -> Result<()> {
        match self {
            Self::Rect(from, to, fill) => backend.draw_rect(*from, *to, &paint(*fill, 1), true),
            Self::Path(points, colour, stroke) => match points.as_slice() {
                [from, to] => backend.draw_line(*from, *to, &paint(*colour, *stroke)),
                _ => backend.draw_path(points.iter().copied(), &paint(*colour, *stroke)),
            },
            Self::Polygon(points, fill) => backend.fill_polygon(points.iter().copied(), &paint(*fill, 1)),
            Self::Circle(centre, radius, colour, stroke) => {
                backend.draw_circle(*centre, *radius, &paint(*colour, stroke.unwrap_or(1)), stroke.is_none())
            }
            Self::Text(at, anchor, style, text, upwards) => {
                return write(backend, *at, *anchor, *style, text, *upwards);
            }
        }
        .map_err(|error| anyhow!("a chart cannot be drawn: {error}"))
    }
}

fn paint(colour: Colour, stroke: u32) -> ShapeStyle {
    let [red, green, blue] = rgb(colour);
    RGBColor(red, green, blue).stroke_width(stroke)
}

/// Size of a text in whole units.
fn font_size(style: Type) -> f64 {
    (style::em(style) * UNITS).round()
}

/// Writes a text. It hangs from its top: the other two positions of Plotters depend on how a viewer reads `ex`.
fn write(backend: &mut SVGBackend, at: Spot, anchor: Anchor, style: Type, text: &str, upwards: bool) -> Result<()> {
    let size = font_size(style);
    let hang = (size * HANG).round() as i32;
    let (spot, turn) = if upwards {
        ((at.0 - hang, at.1), FontTransform::Rotate270)
    } else {
        ((at.0, at.1 - hang), FontTransform::None)
    };
    let [red, green, blue] = rgb(style.colour);
    let font = (FAMILY, size * SIZE_RATIO).into_font().style(style::plotters_style(style.face)).transform(turn);
    let horizontal = match anchor {
        Anchor::Left => HPos::Left,
        Anchor::Middle => HPos::Center,
        Anchor::Right => HPos::Right,
    };
    let colour = RGBColor(red, green, blue);
    let style = TextStyle::from(font).color(&colour).pos(Pos::new(horizontal, VPos::Top));
    backend.draw_text(&unidentified(text), &style, spot).map_err(|error| anyhow!("a text cannot be drawn: {error}"))
}

/// Drops attributes and line breaks that have no effect, and rounds type sizes.
fn tidy(svg: &str) -> String {
    let bare = svg.replace(" opacity=\"1\"", "").replace("\">\n", "\">").replace("\n</text>", "</text>");
    let mut parts = bare.split("font-size=\"");
    let mut tidied = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (size, rest) = part.split_once('"').unwrap_or((part, ""));
        let whole = size.parse::<f64>().map_or_else(|_| size.to_owned(), |size| size.round().to_string());
        tidied.push_str(&format!("font-size=\"{whole}\"{rest}"));
    }
    tidied
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_escaped_and_closed() {
        let Ok(mut canvas) = Canvas::new(20.0) else {
            return;
        };
        canvas.text((1.0, 5.0), Anchor::Left, style::VALUE, "<5 & \"more\"");
        let Drawing { svg, texts, width, height, .. } = canvas.finish(10.0).unwrap_or_default();
        assert_eq!((width, height, texts[0].text.as_str()), (20.0, 10.0, "<5 & \"more\""));
        assert!(svg.contains(">&lt;5 &amp; &quot;more&quot;</text>"), "{svg}");
        assert!(svg.contains("font-size=\"56\""), "{svg}");
        assert!(svg.contains("viewBox=\"0 0 400 200\""), "{svg}");
    }
}
