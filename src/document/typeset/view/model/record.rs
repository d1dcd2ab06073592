//! What the templates read of the scoreboard and of the record behind the documents.

use serde::Serialize;

use super::{OverlaidText, Sure};

/// What stands at the end: the scoreboard, the record and the sources.
#[derive(Serialize)]
pub(in crate::document::typeset::view) struct BackMatter {
    pub sources: Vec<Source>,
    /// The sources by kind.
    pub source_groups: Vec<SourceGroup>,
    /// The rows of the scoreboard, if the document shows it.
    pub scoreboard: Option<Scoreboard>,
    /// Whether a record is made of the country, which may be this document.
    pub has_record: bool,
    /// Every figure by measure, and the dated facts by year: only in the record.
    pub record: Vec<Recorded>,
    pub years: Vec<Year>,
}

/// The scoreboard: a row for each series.
#[derive(Serialize)]
pub(in crate::document::typeset::view) struct Scoreboard {
    pub title: String,
    pub subtitle: Option<String>,
    /// The first and the last year of each strip.
    pub years: [String; 2],
    pub groups: Vec<ScoreGroup>,
    pub legend: Vec<&'static str>,
    pub notes: Option<String>,
}

/// The rows of one section.
#[derive(Serialize)]
pub(in crate::document::typeset::view) struct ScoreGroup {
    pub title: String,
    pub rows: Vec<ScoreLine>,
}

#[derive(Serialize)]
pub(in crate::document::typeset::view) struct ScoreLine {
    pub label: String,
    pub unit: String,
    pub method: String,
    pub strip: String,
    pub texts: Vec<OverlaidText>,
    pub alt: String,
    pub now: ScoreFigure,
    /// Whether the latest figure is of the last years, so that it may stand out.
    pub fresh: bool,
    pub before: Option<ScoreFigure>,
    pub direction: Option<&'static str>,
    /// The neighbours by value, the same values together.
    pub beside: Vec<Beside>,
    pub sure: Sure,
    pub marks: Vec<String>,
    pub figures: Vec<String>,
}

#[derive(Serialize)]
pub(in crate::document::typeset::view) struct ScoreFigure {
    pub text: String,
    pub or: Vec<String>,
    pub year: String,
    pub state: &'static str,
}

#[derive(Serialize)]
pub(in crate::document::typeset::view) struct Beside {
    pub value: String,
    pub names: String,
}

/// All figures of one indicator, with its definition.
#[derive(Serialize)]
pub(in crate::document::typeset::view) struct Recorded {
    pub id: String,
    pub title: String,
    pub unit: String,
    pub text: String,
    /// What the ids of its figures begin with.
    pub address: String,
    pub series: Vec<RecordedSeries>,
    /// Said where further breakdowns stand in the tables only.
    pub rest: Option<String>,
}

#[derive(Serialize)]
pub(in crate::document::typeset::view) struct RecordedSeries {
    /// Which part it is; empty for the total.
    pub label: String,
    /// What the ids of its figures end with.
    pub codes: String,
    pub text: String,
    /// Where its figures are from, in words.
    pub sources: String,
    pub figures: Vec<String>,
}

/// The dated facts of one year.
#[derive(Serialize)]
pub(in crate::document::typeset::view) struct Year {
    pub year: String,
    pub events: Vec<super::Event>,
}

/// The sources of one kind.
#[derive(Serialize)]
pub(in crate::document::typeset::view) struct SourceGroup {
    pub title: Option<String>,
    /// Where its sources stand among all.
    pub from: usize,
    pub to: usize,
}

#[derive(Serialize)]
pub(in crate::document::typeset::view) struct Source {
    pub number: String,
    pub publisher: String,
    pub title: String,
    pub published: String,
    /// Where a link leads: to the archived copy if the address is gone, nowhere if there is none.
    pub url: String,
    /// The address as it is printed, with places to break after its separators.
    pub address: String,
    /// That the address is gone, in words, and whether the printed one is that of a copy.
    pub gone: String,
    /// Where it is kept, in words, if it has no address.
    pub held_at: String,
    pub accessed: String,
    /// Where it was read, in words.
    pub via: String,
    pub short: String,
}
