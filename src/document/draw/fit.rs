//! Drawings kept within their space: of several ways to draw a chart, the first that is not too high.

use anyhow::Result;

use super::drawing::Drawing;

/// The first way of drawing that is no higher than `tallest`; where there is none, the lowest.
///
/// # Errors
/// When Plotters cannot draw, or there is no way at all.
pub fn fitting<W>(
    tallest: f64,
    ways: impl IntoIterator<Item = W>,
    draw: impl Fn(W) -> Result<Drawing>,
) -> Result<Drawing> {
    let mut lowest: Option<Drawing> = None;
    for way in ways {
        let drawing = draw(way)?;
        if drawing.height <= tallest {
            return Ok(drawing);
        }
        if lowest.as_ref().is_none_or(|other| drawing.height < other.height) {
            lowest = Some(drawing);
        }
    }
    lowest.ok_or_else(|| anyhow::anyhow!("no layout of the chart could be drawn"))
}

/// Shares of the usual height by which a drawing may grow in a space lower than a page, which else stays white.
const GROWN: [f64; 8] = [3.6, 3.1, 2.7, 2.3, 2.0, 1.7, 1.4, 1.2];
/// A page is at least so high, in millimetres.
pub const PAGE: f64 = 200.0;

/// The most that a drawing can grow in its space; none where it cannot.
///
/// # Errors
/// When Plotters cannot draw.
pub fn grown(tallest: f64, draw: impl Fn(f64) -> Result<Drawing>) -> Result<Option<Drawing>> {
    for share in GROWN.into_iter().filter(|_| tallest < PAGE) {
        let drawing = draw(share)?;
        if drawing.height <= tallest {
            return Ok(Some(drawing));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drawing_grows_in_a_block_and_on_no_page() {
        let draw = |share: f64| Ok(Drawing { height: 40.0 * share, ..Drawing::default() });
        let height = |tallest: f64| grown(tallest, draw).ok().flatten().map(|drawing| drawing.height);
        assert_eq!((height(82.0), height(220.0), height(45.0)), (Some(80.0), None, None));
    }

    #[test]
    fn the_first_way_that_fits_is_taken() {
        let draw = |height: f64| Ok(Drawing { height, ..Drawing::default() });
        let drawn =
            |ways: &[f64]| fitting(220.0, ways.iter().copied(), draw).map(|drawing| drawing.height).unwrap_or_default();
        assert_eq!(drawn(&[300.0, 200.0, 100.0]), 200.0);
        assert_eq!(drawn(&[300.0, 250.0, 350.0]), 250.0);
    }
}
