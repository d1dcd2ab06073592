//! The view of the whole document: title, sections, charts, sources, and the figures that prose prints.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate};

use super::model::{
    BackMatter, Band, Chart, Country, DataNote, Donor, ProseDate, ProseFigure, ProsePhrase, Scale, Section, Table,
    Tier, View,
};
use super::{
    blocks, certainty, changes, chart_data, corrected, corrections, events::dated, key_figures, languages, marks,
    methods, phrases, publisher, readings::reading, record, scoreboard, source_list,
};
use crate::disclosure::protect::ReleasedCell;
use crate::document::bind::BoundFigure;
use crate::document::draw::Figure;
use crate::document::outline::{Outline, Part};
use crate::document::typeset::prose;
use crate::project::indicator::Indicator;
use crate::project::iso3166::is_country;
use crate::project::text::writes_no_spaces;
use crate::value::Value;
use crate::value::period::Period;

pub(super) fn view(
    outline: &Outline<'_>,
    figures: &[Figure],
    tables: BTreeMap<String, Table>,
    printed: &BTreeSet<String>,
) -> View {
    let (text, report) = (outline.document.text, &outline.project.report);
    let country = outline.document.country;
    let issue = text.period(&report.issue);
    let kind = &outline.document.kind.title;
    let names = [("country", country.name.as_str()), ("series", &report.title), ("kind", kind), ("issue", &issue)];
    let (key_figures, key_legend) = key_figures::key_figures(outline, figures);
    View {
        lang: text.language.clone(),
        region: Some(text.region.clone()),
        title: languages::unbroken(&text.phrase("document_title", &names)),
        author: report.author.clone(),
        keywords: vec![report.title.clone(), country.name.clone()],
        date: day(report.issue.end()),
        series: text.phrase("series", &names),
        issue: issue_line(outline, &issue),
        running: text.phrase("running", &names),
        draft: draft(outline),
        fonts: fonts(outline),
        runs_on: runs_on(outline),
        other: languages::other(outline),
        mark_comma: languages::mark_comma(text, outline.sources().len()),
        close: outline.spacing.is_close(),
        places: false,
        country: Country { name: country.name.clone(), official: country.official.clone() },
        publisher: publisher::publisher(outline),
        picture: None,
        theme: report.theme.named().collect(),
        donor: donor(outline),
        words: words(outline),
        tier: tier(outline),
        scale: scale(outline),
        key_figures,
        key_legend,
        front: outline.front.map(|narrative| format!("/{}", prose::staged(narrative))),
        questions: blocks::questions(outline),
        milestones: blocks::milestones(outline),
        sections: outline.sections.iter().map(|part| section(outline, part)).collect(),
        figures: charts(outline, figures),
        tables,
        values: outline.bindings.figures.iter().map(|(key, bound)| (key.clone(), entry(outline, bound))).collect(),
        phrases: phrases(outline),
        dates: dates(outline),
        periods: outline.bindings.periods.iter().map(|(name, period)| (name.clone(), text.period(period))).collect(),
        source_numbers: source_numbers(outline),
        changes: changes::changes(outline),
        corrections: corrections::corrections(outline),
        corrected: corrected::corrected(outline),
        chart_data: chart_data::rows(outline, figures),
        data_notes: data_notes(outline),
        methods: methods::methods(outline, printed),
        back: back(outline, figures),
    }
}

fn back(outline: &Outline<'_>, figures: &[Figure]) -> BackMatter {
    BackMatter {
        sources: source_list::sources(outline),
        source_groups: source_list::groups(outline),
        scoreboard: scoreboard::scoreboard(outline, figures),
        has_record: outline.project.report.documents.iter().any(|kind| kind.record),
        record: record::record(outline),
        years: record::years(outline),
    }
}

fn day(date: NaiveDate) -> (i32, u32, u32) {
    (date.year(), date.month(), date.day())
}

/// The line that dates the document: its issue, and the last year that is counted, or the month in which the counts end.
fn issue_line(outline: &Outline<'_>, issue: &str) -> String {
    let text = outline.document.text;
    let month = |end: &chrono::NaiveDate| {
        end.format(if (end.month(), end.day()) == (12, 31) { "%Y" } else { "%Y-%m" }).to_string()
    };
    let counts_to = outline.counted_until().and_then(|end| Period::parse(&month(&end)).ok());
    match counts_to.map(|period| text.period(&period)) {
        Some(year) => text.phrase("edition_counts", &[("issue", issue), ("year", &year)]),
        None => text.phrase("edition", &[("issue", issue)]),
    }
}

fn source_numbers(outline: &Outline<'_>) -> BTreeMap<String, String> {
    let sources = outline.sources().iter().enumerate();
    sources.map(|(at, source)| (source.id.clone(), (at + 1).to_string())).collect()
}

/// Whether its script has no spaces between words, by its catalogue or, where that has few texts yet, by its prose.
fn runs_on(outline: &Outline<'_>) -> bool {
    let text = outline.document.text;
    let narratives = outline.front.into_iter().chain(outline.sections.iter().filter_map(|part| part.narrative));
    let mut own = narratives.filter(|narrative| narrative.language == text.language);
    text.runs_on() || own.any(|narrative| writes_no_spaces(&narrative.source.text()))
}

/// The remark on every page of a draft: its figures are not released, or what else makes it one.
fn draft(outline: &Outline<'_>) -> Option<String> {
    let text = outline.document.text;
    let unreleased = outline.released.is_draft().then(|| text.word("draft").to_owned());
    let reasons = outline.document.draft_reasons().into_iter().map(|reason| text.word(reason.word()).to_owned());
    let remarks: Vec<String> = unreleased.into_iter().chain(reasons).collect();
    (!remarks.is_empty()).then(|| remarks.join(" · "))
}

/// For whom a copy is made, with the logo as it is staged.
fn donor(outline: &Outline<'_>) -> Option<Donor> {
    let (donor, text) = (outline.document.donor?, outline.document.text);
    let name = [("donor", donor.name.as_str())];
    Some(Donor {
        line: text.breakable(&text.phrase("prepared_for", &name)),
        note: donor.note.as_ref().map(|note| text.breakable(&note.value)),
        logo: donor.picture.as_ref().map(|picture| format!("/{}", picture.file)),
        logo_alt: languages::unbroken(&text.phrase("logo_of", &name)),
    })
}

fn fonts(outline: &Outline<'_>) -> Vec<String> {
    let further = outline.document.text.face.iter().map(|face| face.name.clone());
    std::iter::once(crate::project::face::OWN.to_owned()).chain(further).collect()
}

/// The words of the page on the web, which no document prints.
const WEB: &str = "web_";

/// The words of the templates; `chart_legend.value` becomes an entry of a table `chart_legend`.
fn words(outline: &Outline<'_>) -> serde_json::Value {
    let mut words = serde_json::Map::new();
    for (key, word) in outline.document.text.words().iter().filter(|(key, _)| !key.starts_with(WEB)) {
        match key.split_once('.') {
            None => drop(words.insert(key.clone(), word.clone().into())),
            Some((table, key)) => {
                let table = words.entry(table).or_insert_with(|| serde_json::Map::new().into());
                if let Some(table) = table.as_object_mut() {
                    table.insert(key.to_owned(), word.clone().into());
                }
            }
        }
    }
    words.into()
}

/// The rating of the latest year, and the one before.
fn tier(outline: &Outline<'_>) -> Option<Tier> {
    let text = outline.document.text;
    let indicator = outline.scale()?;
    let series = outline.released.series(&indicator.id, &BTreeMap::new());
    let mut latest = series.iter().rev().filter(|cell| cell.value.is_some());
    let now = latest.next()?;
    let before = latest.next();
    let earlier = |cell: &ReleasedCell| {
        text.phrase("tier_before", &[("year", &text.period(&cell.period)), ("tier", &reading(outline, cell))])
    };
    // A rating stands until the next; where that is due by the issue and was not found, the page says so.
    let latest = outline.project.report.issue.end().year() > now.period.end().year();
    Some(Tier {
        label: text
            .phrase(if latest { "tier_label_latest" } else { "tier_label" }, &[("year", &text.period(&now.period))]),
        now: reading(outline, now),
        before: before.map_or_else(String::new, |cell| earlier(cell)),
        before_marks: before.map(|cell| marks(&outline.marks(cell))).unwrap_or_default(),
        marks: marks(&outline.marks(now)),
    })
}

fn scale(outline: &Outline<'_>) -> Option<Scale> {
    let kind = outline.document.kind;
    let indicator = outline.scale().filter(|_| (kind.sections && !kind.record) || outline.bindings.framed)?;
    let (project, text) = (outline.project, outline.document.text);
    let bands = project.scale(indicator).iter().enumerate().map(|(fill, code)| Band {
        name: project.value_label(indicator, code, text),
        meaning: text.word(&format!("meaning_{code}")).to_owned(),
        fill,
    });
    Some(Scale { figure: indicator.id.clone(), bands: bands.collect() })
}

fn section(outline: &Outline<'_>, part: &Part<'_>) -> Section {
    let ids = |indicators: &[&Indicator]| indicators.iter().map(|indicator| indicator.id.clone()).collect();
    Section {
        id: part.section.id.clone(),
        title: part.section.title.clone(),
        narrative: part.narrative.map(|narrative| format!("/{}", prose::staged(narrative))),
        figures: ids(&part.charts),
        tables: ids(&part.tables),
        events: part.events.iter().map(|event| dated(outline, event)).collect(),
        chronology: part.chronology,
    }
}

fn charts(outline: &Outline<'_>, figures: &[Figure]) -> BTreeMap<String, Chart> {
    let text = outline.document.text;
    let chart = |figure: &Figure| {
        let indicator = outline.project.indicator(&figure.id)?;
        let chart = indicator.chart.as_ref()?;
        let numbers = marks(&figure.marks).join(", ");
        let key = match (figure.partly_cited, figure.marks.len()) {
            (true, _) if outline.leans_on_record() => "caption_record",
            (true, _) => "caption_rating",
            (false, 1) => "caption_source",
            (false, _) => "caption_sources",
        };
        let left_out = if outline.leaves_out(indicator) { text.word("rows_left_out") } else { "" };
        let sources = text.phrase(key, &[("numbers", &numbers), ("table", &indicator.title)]);
        let entry = Chart {
            file: format!("/figures/{}.svg", figure.id),
            drawn: figure.drawing.width,
            texts: languages::overlay(figure),
            alt: languages::unbroken(&figure.alt),
            title: chart.title.clone(),
            subtitle: Some(chart.subtitle.clone()).filter(|subtitle| !subtitle.is_empty()),
            legend: figure.legend.clone(),
            sources: format!("{sources} {left_out}").trim_end().to_owned(),
            method: methods::of_host(outline, indicator),
            width: if chart.narrow { "text" } else { "full" },
            figures: figure.figures.clone(),
        };
        Some((figure.id.clone(), entry))
    };
    figures.iter().filter_map(chart).collect()
}

/// What prose prints for a figure: the first-ranked value, or its state in words.
fn entry(outline: &Outline<'_>, bound: &BoundFigure<'_>) -> ProseFigure {
    let text = outline.document.text;
    let sure = certainty::sure(outline, bound.cell);
    let Some(cell) = bound.cell else {
        let state = text.word("not_reported").to_owned();
        return ProseFigure {
            words: state.clone(),
            text: state,
            marks: Vec::new(),
            note: None,
            sure,
            figures: Vec::new(),
        };
    };
    let (printed, words) = match (&cell.value, cell.below) {
        (Some(value), _) => {
            let words = text.in_words(value, cell.qualifier);
            (outline.say(cell, value, cell.qualifier), outline.known_as(cell, words))
        }
        (None, Some(bound)) => {
            let fewer = outline.known_as(cell, text.fewer_than(bound));
            (fewer.clone(), fewer)
        }
        (None, None) => (text.word(cell.status.code()).to_owned(), text.word(cell.status.code()).to_owned()),
    };
    let small = cell.small_base.then(|| text.word("small_base_note").to_owned());
    let note = certainty::contested(outline, cell).or(small).or_else(|| late_note(outline, cell));
    let figures = vec![cell.id.clone()];
    ProseFigure { text: printed, words, marks: marks(&outline.marks(cell)), note, sure, figures }
}

/// What stands beside a number with late cases: the closed number, when it closed, and how exactly the late cases are told.
fn late_note(outline: &Outline<'_>, cell: &ReleasedCell) -> Option<String> {
    let (text, late) = (outline.document.text, cell.late.as_ref()?);
    let closed = cell.value.as_ref().and_then(Value::count)? - late.cases;
    let date = cell.closed.as_ref()?.date.and_then(|date| Period::parse(&date.to_string()).ok());
    let date = date.map(|day| text.period(&day)).unwrap_or_default();
    let values = [("value", text.integer(closed)), ("date", date.clone()), ("base", text.integer(late.base))];
    let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    Some(text.phrase(if date.is_empty() { "late_note_undated" } else { "late_note" }, &values))
}

fn phrases(outline: &Outline<'_>) -> BTreeMap<String, ProsePhrase> {
    let bound = outline.bindings.phrases.iter();
    bound.map(|(key, bound)| (key.clone(), phrases::phrase(outline, bound))).collect()
}

fn dates(outline: &Outline<'_>) -> BTreeMap<String, ProseDate> {
    let text = outline.document.text;
    let events = outline.released.events().iter().filter(|event| outline.bindings.dates.contains(&event.id));
    events
        .map(|event| {
            let others: Vec<String> = event.dates[1..].iter().map(|date| text.period(date)).collect();
            let note = (!others.is_empty()).then(|| text.phrase("date_note", &[("dates", &text.any_of(&others))]));
            let numbers = outline.numbers(event.sources.iter().map(String::as_str));
            (event.id.clone(), ProseDate { text: text.period(&event.dates[0]), marks: marks(&numbers), note })
        })
        .collect()
}

/// What a reader must know of the data: identities, and words of sources that the tables do not follow.
fn data_notes(outline: &Outline<'_>) -> Vec<DataNote> {
    if !outline.document.kind.sections {
        return Vec::new();
    }
    let text = outline.document.text;
    let mut notes: Vec<DataNote> = Vec::new();
    let same: Vec<&str> = outline.document.country.same.iter().map(|same| same.reason.as_str()).collect();
    if !same.is_empty() {
        notes.push(DataNote { title: text.word("note_same").to_owned(), text: same.join(" ") });
    }
    let mut known: BTreeSet<String> = BTreeSet::new();
    let own = |cell: &&ReleasedCell| {
        cell.codes.values().all(|code| *code == outline.document.country.iso3 || !is_country(code))
    };
    for cell in outline.released.all().filter(own) {
        for (source, words, value) in &cell.as_reported {
            let publisher = outline.released.source(source).map_or("", |source| source.publisher.as_str());
            let values = [
                ("source", publisher),
                ("words", words),
                ("period", &text.period(&cell.period)),
                ("value", &outline.say(cell, value, cell.qualifier)),
            ];
            let title = text.word("note_as_reported").to_owned();
            let note = text.phrase("note_as_reported_text", &values);
            // The same row may stand behind two indicators.
            if known.insert(note.clone()) {
                notes.push(DataNote { title, text: note });
            }
        }
    }
    notes.push(DataNote { title: text.word("note_states").to_owned(), text: text.word("note_states_text").to_owned() });
    notes.extend(super::protection::notes(outline));
    notes
}
