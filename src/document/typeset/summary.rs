//! What a document says first, for the page on the web: its deck, rating, key figures, requests and chart, and how to cite it.

use serde::{Deserialize, Serialize};

/// The summary of a document, every string formatted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// The sentence that survives alone.
    pub deck: String,
    /// The rating: what it is, and as it is now.
    pub tier: Option<(String, String)>,
    /// The key figures.
    pub figures: Vec<SummedFigure>,
    /// The requests.
    pub requests: Vec<SummedRequest>,
    /// The chart of its first page.
    pub chart: Option<SummedChart>,
    /// How it is cited.
    pub cite: String,
    /// Who publishes it, and on what terms.
    pub signed: Vec<String>,
}

/// A key figure.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SummedFigure {
    /// What is counted.
    pub title: String,
    /// The number; where it is too old to be read as that of today, how long there has been none.
    pub value: String,
    /// The other values of a contested figure, after the word "or".
    pub or: String,
    /// Its period and unit.
    pub about: String,
    /// Its change, or its last value where it is old.
    pub change: String,
    /// Whether its value is a sentence in place of a number.
    pub in_words: bool,
}

/// A request.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SummedRequest {
    /// What is asked.
    pub asked: String,
    /// Of whom, and by when.
    pub of: String,
    /// The test by which it is met.
    pub met: String,
}

/// A chart.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SummedChart {
    /// The indicator that hosts it.
    pub id: String,
    /// Its title, a sentence.
    pub title: String,
    /// What it shows, in words.
    pub alt: String,
}

/// What was corrected on one day for one reason.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SummedCorrection {
    /// The day.
    pub date: String,
    /// The figures: the name of each with its period, and how it was printed and is now.
    pub figures: Vec<(String, String)>,
    /// The reason.
    pub why: String,
}
