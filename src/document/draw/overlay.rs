//! Texts that the typesetter sets over a drawing: those whose letters must be shaped, which left inside the SVG would come apart
//! in the PDF; and those that carry the ids of their figures, which an SVG would lose.

use super::drawing::{Drawing, DrawnText};
use crate::project::text::runs_on;

/// The SVG without the texts that must be shaped, and those texts.
pub(super) fn apart(drawing: &Drawing) -> (String, Vec<DrawnText>) {
    let mut elements = drawing.svg.split("<text");
    let mut bare = elements.next().unwrap_or_default().to_owned();
    let mut overlay = Vec::new();
    // Each text of the drawing is one element, in the same order.
    for (element, drawn) in elements.zip(&drawing.texts) {
        let after = element
            .split_once("</text>")
            .map(|(_, after)| after)
            .filter(|_| runs_on(&drawn.text) || drawn.identified.is_some());
        if let Some(after) = after {
            overlay.push(drawn.clone());
            bare.push_str(after.trim_start_matches('\n'));
        } else {
            bare.push_str("<text");
            bare.push_str(element);
        }
    }
    (bare, overlay)
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
        let (bare, overlay) = apart(&canvas.finish(10.0).unwrap_or_default());
        assert!(bare.contains("23 in 2007") && !bare.contains('ຜ'), "{bare}");
        let [text] = overlay.as_slice() else { unreachable!("one is left to the typesetter: {overlay:?}") };
        assert_eq!((text.text.as_str(), text.align, text.bold), ("ຜູ້ຖືກຈັບ 23", "right", true));
        assert!(
            (text.x - 20.0).abs() < 0.05 && (text.y - 8.0).abs() < 0.05 && (text.size - 8.0).abs() < 0.1,
            "{text:?}"
        );
        assert!(text.fill.starts_with('#'), "{text:?}");
    }
}
