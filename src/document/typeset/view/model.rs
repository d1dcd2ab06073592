//! What the templates read: the strings and lists of `view.json`, every string formatted. Nothing else in this wing serialises.

mod corrections;
mod record;

use std::collections::BTreeMap;

use serde::Serialize;

pub(super) use corrections::{
    ChangedFigure, CorrectedFigure, CorrectedReading, Correction, CorrectionTable, Corrections,
};

pub(super) use record::{
    BackMatter, Beside, Recorded, RecordedSeries, ScoreFigure, ScoreGroup, ScoreLine, Scoreboard, Source, SourceGroup,
    Year,
};

/// The whole of `view.json`; `templates/theme.typ` documents its use.
// Each of its truths is a question that a template asks.
#[allow(clippy::struct_excessive_bools)]
#[derive(Serialize)]
pub(in crate::document::typeset) struct View {
    pub(super) lang: String,
    pub(super) region: Option<String>,
    pub(super) title: String,
    pub(super) author: String,
    pub(super) keywords: Vec<String>,
    pub(super) date: (i32, u32, u32),
    pub(super) series: String,
    /// The line that dates the document: its issue, and the last year that is counted.
    #[serde(rename = "edition")]
    pub(super) issue: String,
    pub(super) running: String,
    pub(super) draft: Option<String>,
    /// The faces, the page's own first.
    pub(super) fonts: Vec<String>,
    /// Whether each word of a script without spaces is kept whole.
    pub(super) runs_on: bool,
    /// The default language, if texts of the document are still in it: its region, and these texts as a pattern.
    pub(super) other: Option<Other>,
    /// What separates two source numbers, so that they do not read as a decimal number.
    pub(super) mark_comma: &'static str,
    /// Whether its gaps are small.
    pub(super) close: bool,
    /// Whether the templates note where each figure is printed.
    pub(super) places: bool,
    pub(super) country: Country,
    /// Who signs it.
    pub(super) publisher: Publisher,
    /// The chart of its first page as a picture of its own.
    pub(super) picture: Option<Picture>,
    /// The colours, by what they are for.
    pub(super) theme: BTreeMap<String, String>,
    /// For whom a copy is made.
    pub(super) donor: Option<Donor>,
    pub(super) words: serde_json::Value,
    pub(super) tier: Option<Tier>,
    pub(super) scale: Option<Scale>,
    pub(super) key_figures: Vec<KeyFigure>,
    pub(super) key_legend: Vec<&'static str>,
    pub(super) front: Option<String>,
    /// The blocks of a text made of blocks that have something to show, each with the title of its section; none for another text.
    pub(super) questions: Option<BTreeMap<String, String>>,
    pub(super) milestones: Vec<Event>,
    pub(super) sections: Vec<Section>,
    pub(super) figures: BTreeMap<String, Chart>,
    pub(super) tables: BTreeMap<String, Table>,
    pub(super) values: BTreeMap<String, ProseFigure>,
    pub(super) phrases: BTreeMap<String, ProsePhrase>,
    pub(super) dates: BTreeMap<String, ProseDate>,
    pub(super) periods: BTreeMap<String, String>,
    pub(super) source_numbers: BTreeMap<String, String>,
    pub(super) changes: Vec<Change>,
    pub(super) corrections: Option<Corrections>,
    /// What corrections tell, the latest first.
    pub(super) corrected: Vec<Correction>,
    pub(super) chart_data: Vec<DataRow>,
    pub(super) data_notes: Vec<DataNote>,
    pub(super) methods: Vec<Method>,
    #[serde(flatten)]
    pub(super) back: BackMatter,
}

/// The default language, where it is not that of the document.
#[derive(Serialize)]
pub(super) struct Other {
    pub(super) lang: String,
    pub(super) region: String,
    pub(super) pattern: Option<String>,
}

/// A text that is set over a drawing, in millimetres and points.
#[derive(Serialize)]
pub(super) struct OverlaidText {
    pub(super) text: String,
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) size: f64,
    pub(super) weight: u16,
    pub(super) style: &'static str,
    pub(super) fill: String,
    pub(super) align: &'static str,
    pub(super) up: bool,
}

#[derive(Serialize)]
pub(super) struct Country {
    pub(super) name: String,
    pub(super) official: String,
}

/// The colophon.
#[derive(Serialize, Default)]
pub(super) struct Publisher {
    pub(super) name: String,
    pub(super) dated: String,
    pub(super) contact: Option<Link>,
    pub(super) address: Option<Link>,
    pub(super) licence: Option<String>,
    /// Numbers under which libraries keep the series.
    pub(super) numbers: Vec<String>,
    pub(super) cite: String,
    /// The same without an address, for the foot of each page.
    pub(super) foot: String,
    pub(super) logo: Option<String>,
    pub(super) logo_alt: String,
    /// The file of the code that a telephone reads.
    pub(super) code: Option<String>,
    pub(super) code_alt: String,
}

/// A chart as a picture of its own: which, its title, and whose numbers it shows.
#[derive(Serialize)]
pub(super) struct Picture {
    pub(super) figure: String,
    pub(super) title: String,
    pub(super) sources: String,
}

/// An address, and as it is printed.
#[derive(Serialize)]
pub(super) struct Link {
    pub(super) to: String,
    pub(super) text: String,
}

/// The line, note and logo in the copy of a donor.
#[derive(Serialize)]
pub(super) struct Donor {
    pub(super) line: String,
    pub(super) note: Option<String>,
    pub(super) logo: Option<String>,
    pub(super) logo_alt: String,
}

/// The rating on the cover.
#[derive(Serialize)]
pub(super) struct Tier {
    pub(super) label: String,
    pub(super) now: String,
    pub(super) before: String,
    pub(super) before_marks: Vec<String>,
    pub(super) marks: Vec<String>,
}

#[derive(Serialize)]
pub(super) struct Scale {
    pub(super) figure: String,
    pub(super) bands: Vec<Band>,
}

#[derive(Serialize)]
pub(super) struct Band {
    pub(super) name: String,
    pub(super) meaning: String,
    pub(super) fill: usize,
}

#[derive(Serialize, Default)]
pub(super) struct KeyFigure {
    pub(super) title: String,
    pub(super) method: String,
    pub(super) value: String,
    pub(super) or: Vec<String>,
    pub(super) state: Option<&'static str>,
    pub(super) state_text: Option<String>,
    /// In place of a number that is years old: how long there has been none, and what the last one was.
    pub(super) old: Option<String>,
    pub(super) last: Option<String>,
    pub(super) period: String,
    pub(super) unit: String,
    pub(super) marks: Vec<String>,
    pub(super) direction: Option<&'static str>,
    pub(super) change: Option<String>,
    pub(super) change_marks: Vec<String>,
    pub(super) strip: Option<String>,
    pub(super) texts: Vec<OverlaidText>,
    pub(super) alt: String,
    pub(super) caution: String,
    pub(super) contested: bool,
    pub(super) figures: Vec<String>,
}

#[derive(Serialize)]
pub(super) struct Section {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) narrative: Option<String>,
    pub(super) figures: Vec<String>,
    pub(super) tables: Vec<String>,
    pub(super) events: Vec<Event>,
    pub(super) chronology: bool,
}

#[derive(Serialize)]
pub(super) struct Event {
    pub(super) date: String,
    pub(super) inferred: bool,
    pub(super) or: String,
    pub(super) text: String,
    pub(super) marks: Vec<String>,
}

#[derive(Serialize)]
pub(super) struct Chart {
    pub(super) file: String,
    /// The width it is drawn for, in millimetres.
    pub(super) drawn: f64,
    pub(super) texts: Vec<OverlaidText>,
    pub(super) alt: String,
    pub(super) title: String,
    pub(super) subtitle: Option<String>,
    pub(super) legend: Vec<&'static str>,
    pub(super) sources: String,
    pub(super) method: String,
    pub(super) width: &'static str,
    pub(super) figures: Vec<String>,
}

#[derive(Serialize)]
pub(super) struct Table {
    pub(super) title: String,
    pub(super) subtitle: Option<String>,
    pub(super) columns: Vec<String>,
    pub(super) groups: Vec<TableGroup>,
    pub(super) legend: Vec<&'static str>,
    pub(super) notes: Option<String>,
    pub(super) method: String,
    pub(super) figures: Vec<String>,
}

#[derive(Serialize)]
pub(super) struct TableGroup {
    pub(super) title: Option<String>,
    pub(super) rows: Vec<TableRow>,
}

#[derive(Serialize)]
pub(super) struct TableRow {
    pub(super) label: String,
    pub(super) method: String,
    pub(super) indent: u8,
    pub(super) cells: Vec<TableCell>,
    pub(super) marks: Vec<String>,
}

#[derive(Serialize)]
pub(super) struct TableCell {
    pub(super) state: &'static str,
    pub(super) lines: Vec<String>,
}

/// All figures of one series that a chart draws.
#[derive(Serialize)]
pub(super) struct DataRow {
    pub(super) label: String,
    pub(super) text: String,
    pub(super) marks: Vec<String>,
}

/// A figure that prose prints.
#[derive(Serialize)]
pub(super) struct ProseFigure {
    pub(super) text: String,
    pub(super) words: String,
    pub(super) marks: Vec<String>,
    pub(super) note: Option<String>,
    pub(super) sure: Sure,
    pub(super) figures: Vec<String>,
}

/// A statement of prose on two figures: a change, a share, a range.
#[derive(Serialize)]
pub(super) struct ProsePhrase {
    pub(super) text: String,
    pub(super) marks: Vec<String>,
    pub(super) note: Option<String>,
    pub(super) figures: Vec<String>,
}

/// How one indicator's figures are made.
#[derive(Serialize)]
pub(super) struct Method {
    pub(super) cited: String,
    pub(super) id: String,
    pub(super) title: String,
    pub(super) text: String,
    pub(super) marks: Vec<String>,
}

#[derive(Serialize)]
pub(super) struct Sure {
    pub(super) dots: u8,
    pub(super) word: String,
    pub(super) why: String,
}

#[derive(Serialize)]
pub(super) struct ProseDate {
    pub(super) text: String,
    pub(super) marks: Vec<String>,
    pub(super) note: Option<String>,
}

#[derive(Serialize)]
pub(super) struct Change {
    pub(super) label: String,
    pub(super) indent: u8,
    pub(super) before: ChangeSide,
    pub(super) now: ChangeSide,
    pub(super) direction: Option<&'static str>,
    pub(super) reading: String,
    pub(super) marks: Vec<String>,
    pub(super) figures: Vec<String>,
}

#[derive(Serialize)]
pub(super) struct ChangeSide {
    pub(super) text: String,
    pub(super) or: Vec<String>,
    pub(super) year: String,
}

#[derive(Serialize)]
pub(super) struct DataNote {
    pub(super) title: String,
    pub(super) text: String,
}

impl View {
    /// Has it carry a checksum of what the document is made from.
    pub(in crate::document::typeset) fn carry(&mut self, fingerprint: &str) {
        self.keywords.push(format!("sha256:{fingerprint}"));
    }

    /// Whether the chart of its first page is a picture of its own.
    pub(in crate::document::typeset) fn has_picture(&self) -> bool {
        self.picture.is_some()
    }

    /// The same, with which the templates note where each figure is printed.
    pub(in crate::document::typeset) fn noting_places(self) -> Self {
        Self { places: true, ..self }
    }
}
