//! Words that a drawing leaves to the typesetter, since their letters must be shaped: what a drawing of its own sets letter
//! by letter would come apart in the PDF.

use super::canvas::UNITS;
use crate::project::text::runs_on;

/// A text and its place, in millimetres from the left upper corner of the drawing.
#[derive(Debug, Clone, PartialEq)]
pub struct Laid {
    /// The text.
    pub text: String,
    /// Where it begins, is centred or ends.
    pub x: f64,
    /// Its baseline.
    pub y: f64,
    /// Size in points.
    pub size: f64,
    /// Whether it is bold.
    pub bold: bool,
    /// Whether it is italic.
    pub italic: bool,
    /// Its colour, `#15212B`.
    pub fill: String,
    /// `left`, `center` or `right`.
    pub align: &'static str,
    /// Whether it reads upwards.
    pub up: bool,
}

/// How far below its place a text's baseline stands, as a share of its size: see `canvas`.
const HANG: f64 = 0.76;

/// The width of a drawing, in millimetres.
pub(super) fn width(svg: &str) -> f64 {
    attribute(svg, "width").and_then(|width| width.parse::<f64>().ok()).unwrap_or_default() / UNITS
}

/// A drawing without its words that must be shaped, and these.
pub(super) fn apart(svg: &str) -> (String, Vec<Laid>) {
    let mut parts = svg.split("<text");
    let mut bare = parts.next().unwrap_or_default().to_owned();
    let mut laid = Vec::new();
    for part in parts {
        let read = part.split_once("</text>").and_then(|(element, rest)| Some((read(element)?, rest)));
        match read {
            Some((text, rest)) => {
                laid.push(text);
                bare.push_str(rest.trim_start_matches('\n'));
            }
            None => bare.push_str(&format!("<text{part}")),
        }
    }
    (bare, laid)
}

/// A text that must be shaped; none where it need not.
fn read(element: &str) -> Option<Laid> {
    let (tag, text) = element.split_once('>')?;
    if !runs_on(text) {
        return None;
    }
    let number = |name: &str| attribute(tag, name)?.parse::<f64>().ok();
    let (x, y, size) = (number(" x")? / UNITS, number(" y")? / UNITS, number("font-size")? / UNITS);
    let up = tag.contains("rotate");
    let (x, y) = if up { (x + HANG * size, y) } else { (x, y + HANG * size) };
    Some(Laid {
        text: super::plain(text),
        x,
        y,
        size: size * 72.0 / 25.4,
        bold: tag.contains("font-weight=\"bold\""),
        italic: tag.contains("font-style=\"italic\""),
        fill: attribute(tag, "fill")?.to_owned(),
        align: match attribute(tag, "text-anchor") {
            Some("end") => "right",
            Some("middle") => "center",
            _ => "left",
        },
        up,
    })
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    tag.split_once(&format!("{name}=\""))?.1.split('"').next()
}

#[cfg(test)]
mod tests {
    use super::super::canvas::{Anchor, Canvas};
    use super::super::style::VALUE;
    use super::*;

    #[test]
    fn only_what_must_be_shaped_is_left_out() {
        let Ok(mut canvas) = Canvas::new(40.0) else { unreachable!("there are faces") };
        canvas.text((2.0, 8.0), Anchor::Left, VALUE, "23 in 2007");
        canvas.text((20.0, 8.0), Anchor::Right, VALUE.bold(), "ຜູ້ຖືກຈັບ 23");
        let (bare, laid) = apart(&canvas.finish(10.0).unwrap_or_default());
        assert!(bare.contains("23 in 2007") && !bare.contains('ຜ'), "{bare}");
        let [text] = laid.as_slice() else { unreachable!("one is left to the typesetter: {laid:?}") };
        assert_eq!((text.text.as_str(), text.align, text.bold), ("ຜູ້ຖືກຈັບ 23", "right", true));
        assert!(
            (text.x - 20.0).abs() < 0.05 && (text.y - 8.0).abs() < 0.05 && (text.size - 8.0).abs() < 0.1,
            "{text:?}"
        );
        assert!(text.fill.starts_with('#'), "{text:?}");
    }
}
