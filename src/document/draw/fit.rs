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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_way_that_fits_is_taken() {
        let draw = |height: f64| Ok(Drawing { height, ..Drawing::default() });
        let drawn =
            |ways: &[f64]| fitting(220.0, ways.iter().copied(), draw).map(|drawing| drawing.height).unwrap_or_default();
        assert_eq!(drawn(&[300.0, 200.0, 100.0]), 200.0);
        assert_eq!(drawn(&[300.0, 250.0, 350.0]), 250.0);
    }
}
