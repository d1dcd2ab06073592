//! A finished drawing with what its makers know of it, so that nobody needs to read it out of the SVG again.

use std::collections::BTreeSet;

use super::sign::Sign;
use super::style;

/// A chart as it is drawn.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Drawing {
    /// The SVG, 20 units to the millimetre.
    pub svg: String,
    /// Width in millimetres.
    pub width: f64,
    /// Height in millimetres.
    pub height: f64,
    /// Its texts, in the order in which the SVG has them.
    pub texts: Vec<DrawnText>,
    /// What its marks mean.
    pub(super) signs: BTreeSet<Sign>,
}

/// A text and its place, in millimetres from the left upper corner of the drawing.
#[derive(Debug, Clone, PartialEq)]
pub struct DrawnText {
    /// The text.
    pub text: String,
    /// The same with the ids of the figures in it, where they carry these.
    pub identified: Option<String>,
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

impl Drawing {
    /// The names of its marks, in the order of a legend.
    pub(super) fn legend(&self) -> Vec<&'static str> {
        self.signs.iter().map(|sign| sign.word()).collect()
    }

    /// The first text with a letter that no face at hand has, and that letter.
    #[must_use]
    pub fn missing_letter(&self) -> Option<(String, char)> {
        self.texts.iter().find_map(|drawn| Some((drawn.text.clone(), style::unlettered(&drawn.text)?)))
    }
}
