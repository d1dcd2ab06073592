//! The private view model: what the templates read, every string formatted. It is the only thing here that serialises.

mod certainty;
mod changes;
mod chart_data;
mod corrections;
mod document;
mod expected_numerals;
mod key_figures;
mod languages;
mod methods;
mod parts;
mod phrases;
mod protection;
mod tables;
mod ways;

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use serde::Serialize;

use super::Told;
use crate::document::draw::Figure;
use crate::document::outline::{Changes, Outline};

/// The whole of `view.json`; `templates/theme.typ` documents its use.
#[derive(Serialize)]
pub(super) struct View {
    lang: String,
    region: Option<String>,
    title: String,
    author: String,
    keywords: Vec<String>,
    date: (i32, u32, u32),
    series: String,
    /// The line that dates the document: its issue, and the last year that is counted.
    #[serde(rename = "edition")]
    issue: String,
    running: String,
    draft: Option<String>,
    /// The faces, the page's own first.
    fonts: Vec<String>,
    /// Whether each word of a script without spaces is kept whole.
    runs_on: bool,
    /// What stands in another language than the document: that language, its region, and which texts, as a pattern.
    other: Option<Other>,
    /// What parts two source numbers, which are no decimal number.
    mark_comma: &'static str,
    /// Whether its gaps are small.
    close: bool,
    /// Whether the templates note where each figure is printed.
    places: bool,
    country: Country,
    /// For whom a copy is made.
    donor: Option<Donor>,
    words: serde_json::Value,
    tier: Option<Tier>,
    scale: Option<Scale>,
    key_figures: Vec<KeyFigure>,
    key_legend: Vec<&'static str>,
    front: Option<String>,
    sections: Vec<Section>,
    figures: BTreeMap<String, Chart>,
    tables: BTreeMap<String, Table>,
    values: BTreeMap<String, Entry>,
    phrases: BTreeMap<String, Phrase>,
    dates: BTreeMap<String, DateEntry>,
    periods: BTreeMap<String, String>,
    source_numbers: BTreeMap<String, String>,
    changes: Vec<Change>,
    corrections: Option<Corrections>,
    chart_data: Vec<DataRow>,
    data_notes: Vec<Note>,
    methods: Vec<Method>,
    sources: Vec<Source>,
}

/// The default language, where it is not that of the document.
#[derive(Serialize)]
struct Other {
    lang: String,
    region: String,
    pattern: Option<String>,
}

/// A text that is set over a drawing, in millimetres and points.
#[derive(Serialize)]
struct Laid {
    text: String,
    x: f64,
    y: f64,
    size: f64,
    weight: u16,
    style: &'static str,
    fill: String,
    align: &'static str,
    up: bool,
}

#[derive(Serialize)]
struct Country {
    name: String,
    official: String,
}

/// What a copy says of the donor that it is for.
#[derive(Serialize)]
struct Donor {
    line: String,
    note: Option<String>,
    logo: Option<String>,
    logo_alt: String,
}

/// The rating on the cover.
#[derive(Serialize)]
struct Tier {
    label: String,
    now: String,
    before: String,
    before_marks: Vec<String>,
    marks: Vec<String>,
}

#[derive(Serialize)]
struct Scale {
    figure: String,
    bands: Vec<Band>,
}

#[derive(Serialize)]
struct Band {
    name: String,
    meaning: String,
    fill: usize,
}

#[derive(Serialize, Default)]
struct KeyFigure {
    title: String,
    method: String,
    value: String,
    or: Vec<String>,
    state: Option<&'static str>,
    state_text: Option<String>,
    period: String,
    unit: String,
    marks: Vec<String>,
    direction: Option<&'static str>,
    change: Option<String>,
    change_marks: Vec<String>,
    strip: Option<String>,
    texts: Vec<Laid>,
    alt: String,
    caution: String,
    contested: bool,
    figures: Vec<String>,
}

#[derive(Serialize)]
struct Section {
    id: String,
    title: String,
    narrative: Option<String>,
    figures: Vec<String>,
    tables: Vec<String>,
    events: Vec<Event>,
    chronology: bool,
}

#[derive(Serialize)]
struct Event {
    date: String,
    or: String,
    text: String,
    marks: Vec<String>,
}

#[derive(Serialize)]
struct Chart {
    file: String,
    /// The width it is drawn for, in millimetres.
    drawn: f64,
    texts: Vec<Laid>,
    alt: String,
    title: String,
    subtitle: Option<String>,
    legend: Vec<&'static str>,
    sources: String,
    method: String,
    width: &'static str,
    figures: Vec<String>,
}

#[derive(Serialize)]
struct Table {
    title: String,
    subtitle: Option<String>,
    columns: Vec<String>,
    groups: Vec<Group>,
    legend: Vec<&'static str>,
    notes: Option<String>,
    method: String,
    figures: Vec<String>,
}

#[derive(Serialize)]
struct Group {
    title: Option<String>,
    rows: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    label: String,
    method: String,
    indent: u8,
    cells: Vec<TableCell>,
    marks: Vec<String>,
}

#[derive(Serialize)]
struct TableCell {
    state: &'static str,
    lines: Vec<String>,
}

/// All figures of one series that a chart draws.
#[derive(Serialize)]
struct DataRow {
    label: String,
    text: String,
    marks: Vec<String>,
}

/// A figure that prose prints.
#[derive(Serialize)]
struct Entry {
    text: String,
    words: String,
    marks: Vec<String>,
    note: Option<String>,
    sure: Sure,
    figures: Vec<String>,
}

/// What prose says of two figures together.
#[derive(Serialize)]
struct Phrase {
    text: String,
    marks: Vec<String>,
    note: Option<String>,
    figures: Vec<String>,
}

/// How one indicator's figures are made.
#[derive(Serialize)]
struct Method {
    cited: String,
    id: String,
    title: String,
    text: String,
    marks: Vec<String>,
}

#[derive(Serialize)]
struct Sure {
    dots: u8,
    word: String,
    why: String,
}

#[derive(Serialize)]
struct DateEntry {
    text: String,
    marks: Vec<String>,
    note: Option<String>,
}

#[derive(Serialize)]
struct Change {
    label: String,
    indent: u8,
    before: Side,
    now: Side,
    direction: Option<&'static str>,
    reading: String,
    marks: Vec<String>,
    figures: Vec<String>,
}

#[derive(Serialize)]
struct Side {
    text: String,
    or: Vec<String>,
    year: String,
}

/// The page on what changed since the previous snapshot.
#[derive(Serialize)]
struct Corrections {
    heading: String,
    headline: String,
    lead: String,
    tables: Vec<CorrectionTable>,
    notes: Vec<String>,
}

#[derive(Serialize)]
struct CorrectionTable {
    title: String,
    /// Which columns it has beside measure and period.
    before: bool,
    now: bool,
    why: bool,
    rows: Vec<ChangedFigure>,
}

#[derive(Serialize)]
struct ChangedFigure {
    label: String,
    period: String,
    before: Option<Reading>,
    now: Vec<Reading>,
    why: String,
    marks: Vec<String>,
}

#[derive(Serialize)]
struct Reading {
    /// Which part it is, where a row holds several.
    part: String,
    text: String,
    or: Vec<String>,
    stated: bool,
}

#[derive(Serialize)]
struct Note {
    title: String,
    text: String,
}

#[derive(Serialize)]
struct Source {
    number: String,
    publisher: String,
    title: String,
    published: String,
    url: String,
    /// The address to read: without what says nothing, and with places to break after its separators.
    address: String,
    accessed: String,
    short: String,
}

/// The view of one document, the ids of the figures it prints, and all that it may say.
pub(super) fn view(outline: &Outline<'_>, figures: &[Figure]) -> Result<(View, BTreeSet<String>, Told)> {
    let mut printed: BTreeSet<String> = figures.iter().flat_map(|figure| figure.figures.iter().cloned()).collect();
    printed.extend(outline.bindings.figures.values().filter_map(|bound| bound.cell).map(|cell| cell.id.clone()));
    printed.extend(outline.bindings.phrases.values().flat_map(phrases::printed));
    printed.extend(outline.changes.iter().flat_map(Changes::printed).map(|figure| figure.id.clone()));
    printed.extend(changes::printed(outline));
    let tables = tables::tables(outline, &mut printed);
    let mut view = document::view(outline, figures, tables, &printed);
    chart_data::remark_inferred(outline, figures, &mut view);
    let told = Told {
        figures: expected_numerals::said(outline, &printed),
        ..expected_numerals::told(outline, &view, figures)?
    };
    Ok((view, printed, told))
}

impl View {
    /// Has it carry a checksum of what the document is made from.
    pub(super) fn carry(&mut self, fingerprint: &str) {
        self.keywords.push(format!("sha256:{fingerprint}"));
    }

    /// The same, with which the templates note where each figure is printed.
    pub(super) fn noting_places(self) -> Self {
        Self { places: true, ..self }
    }
}

/// Source numbers as the templates print them.
fn marks(numbers: &[usize]) -> Vec<String> {
    numbers.iter().map(usize::to_string).collect()
}
