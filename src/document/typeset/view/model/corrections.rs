//! What the templates read of the page “Changes and corrections”, and of the corrections that are told on other pages.

use serde::Serialize;

/// The page on what changed since the previous snapshot.
#[derive(Serialize)]
pub(in crate::document::typeset::view) struct Corrections {
    pub(in crate::document::typeset::view) heading: String,
    pub(in crate::document::typeset::view) headline: String,
    pub(in crate::document::typeset::view) lead: String,
    pub(in crate::document::typeset::view) tables: Vec<CorrectionTable>,
    pub(in crate::document::typeset::view) notes: Vec<String>,
}

#[derive(Serialize)]
pub(in crate::document::typeset::view) struct CorrectionTable {
    pub(in crate::document::typeset::view) title: String,
    /// Which columns it has beside measure and period.
    pub(in crate::document::typeset::view) before: bool,
    pub(in crate::document::typeset::view) now: bool,
    pub(in crate::document::typeset::view) why: bool,
    pub(in crate::document::typeset::view) rows: Vec<ChangedFigure>,
}

#[derive(Serialize)]
pub(in crate::document::typeset::view) struct ChangedFigure {
    pub(in crate::document::typeset::view) label: String,
    pub(in crate::document::typeset::view) period: String,
    pub(in crate::document::typeset::view) before: Option<CorrectedReading>,
    pub(in crate::document::typeset::view) now: Vec<CorrectedReading>,
    pub(in crate::document::typeset::view) why: String,
    pub(in crate::document::typeset::view) marks: Vec<String>,
}

#[derive(Serialize)]
pub(in crate::document::typeset::view) struct CorrectedReading {
    /// Which part it is, where a row holds several.
    pub(in crate::document::typeset::view) part: String,
    pub(in crate::document::typeset::view) text: String,
    pub(in crate::document::typeset::view) or: Vec<String>,
    pub(in crate::document::typeset::view) stated: bool,
}

/// What was corrected on one day for one reason.
#[derive(Serialize)]
pub(in crate::document::typeset) struct Correction {
    pub(in crate::document::typeset) date: String,
    pub(in crate::document::typeset) why: String,
    pub(in crate::document::typeset) figures: Vec<CorrectedFigure>,
}

#[derive(Serialize)]
pub(in crate::document::typeset) struct CorrectedFigure {
    pub(in crate::document::typeset) label: String,
    pub(in crate::document::typeset) period: String,
    /// As it was printed and as it is now.
    pub(in crate::document::typeset) change: String,
}
