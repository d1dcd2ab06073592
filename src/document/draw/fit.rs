//! Drawings kept within a page: of several ways to draw a chart, the first that is not too high.

use anyhow::Result;

/// The highest drawing that a page holds beside its title, legend and foot, in millimetres.
pub const TALLEST: f64 = 220.0;

/// The first way of drawing that a page holds; where none does, the lowest.
///
/// # Errors
/// When Plotters cannot draw, or there is no way at all.
pub fn fitting<W>(ways: impl IntoIterator<Item = W>, draw: impl Fn(W) -> Result<String>) -> Result<String> {
    let mut lowest: Option<String> = None;
    for way in ways {
        let svg = draw(way)?;
        if height(&svg) <= TALLEST {
            return Ok(svg);
        }
        if lowest.as_ref().is_none_or(|other| height(&svg) < height(other)) {
            lowest = Some(svg);
        }
    }
    lowest.ok_or_else(|| anyhow::anyhow!("a chart has no way to be drawn"))
}

/// Height of a drawing in millimetres.
#[must_use]
pub fn height(svg: &str) -> f64 {
    let written = svg.split_once("height=\"").and_then(|(_, rest)| rest.split('"').next());
    written.and_then(|height| height.parse::<f64>().ok()).unwrap_or_default() / super::canvas::UNITS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_way_that_fits_is_taken() {
        let draw = |height: i32| Ok(format!("<svg width=\"9\" height=\"{height}\">"));
        let drawn = |ways: &[i32]| fitting(ways.iter().copied(), draw).map(|svg| height(&svg)).unwrap_or_default();
        assert_eq!(drawn(&[6000, 4000, 2000]), 200.0);
        assert_eq!(drawn(&[6000, 5000, 7000]), 250.0);
    }
}
