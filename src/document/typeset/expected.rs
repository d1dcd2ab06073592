//! The numerals that a document is expected to print, each with where it comes from: `trace` compares the PDF with them.

use serde::{Deserialize, Serialize};

use crate::project::text::Marks;

/// Where a numeral comes from that is not a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// An article of law, a title, an address, a definition.
    Literal,
    /// A day or a period.
    Date,
    /// The number of a source.
    Mark,
    /// A number at a grid line.
    Axis,
    /// The number of a chart or a table, or a count of sources, readings or steps.
    Number,
}

impl Kind {
    /// Its name in `figures.json`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Literal => "literal",
            Self::Date => "date",
            Self::Mark => "mark",
            Self::Axis => "axis",
            Self::Number => "number",
        }
    }
}

/// Every text of a document that may hold a numeral.
#[derive(Clone)]
pub struct ExpectedText {
    /// Texts with numerals that are not figures, by kind.
    pub strings: Vec<(Kind, String)>,
    /// Figures as they are printed.
    pub figures: Vec<String>,
    /// What groups their digits and separates decimals.
    pub marks: Marks,
}

impl ExpectedText {
    /// All of it as one text, for a checksum.
    #[must_use]
    pub fn joined(&self) -> String {
        let strings = self.strings.iter().map(|(kind, text)| format!("{} {text}\0", kind.name()));
        strings.chain(self.figures.iter().map(|text| format!("{text}\0"))).collect()
    }
}
