//! The view of a document: everything that the templates read, put into the words of its language.

mod blocks;
mod certainty;
mod changes;
mod chart_data;
mod corrected;
mod corrections;
mod document;
mod events;
mod expected_numerals;
mod key_figures;
mod languages;
mod methods;
mod model;
mod parts;
mod phrases;
mod protection;
pub(super) mod publisher;
mod readings;
mod record;
mod scoreboard;
mod source_list;
mod summary;
mod tables;
mod ways;

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;

use super::expected::ExpectedText;
use super::summary::{Summary, SummedCorrection};
use crate::document::draw::{self, Figure};
use crate::document::outline::{Changes, Outline};
use crate::snapshots::record as published;
use languages::unbroken;

pub(super) use model::View;

/// A document in the words of its language.
pub(super) struct Viewed {
    /// What the templates read.
    pub view: View,
    /// The ids of the figures that it prints.
    pub printed: BTreeSet<String>,
    /// Every text that may hold a numeral.
    pub expected: ExpectedText,
    /// What it says first.
    pub summary: Option<Summary>,
}

/// The view of one document, the ids of the figures that it prints, and every text that may hold a numeral.
pub(super) fn view(outline: &Outline<'_>, figures: &[Figure]) -> Result<Viewed> {
    let mut printed: BTreeSet<String> = figures.iter().flat_map(|figure| figure.figures.iter().cloned()).collect();
    printed.extend(outline.bindings.figures.values().filter_map(|bound| bound.cell).map(|cell| cell.id.clone()));
    printed.extend(outline.bindings.phrases.values().flat_map(phrases::printed));
    printed.extend(outline.changes.iter().flat_map(Changes::printed).map(|figure| figure.id.clone()));
    printed.extend(corrected::printed(outline));
    printed.extend(changes::printed(outline));
    printed.extend(key_figures::printed(outline));
    printed.extend(scoreboard::printed(outline));
    let tables = tables::tables(outline, &mut printed);
    let mut view = document::view(outline, figures, tables, &printed);
    printed.extend(record::printed(&view.back.record));
    chart_data::remark_inferred(outline, figures, &mut view);
    let summary = summary::summary(outline, &view);
    view.picture = summary.as_ref().and_then(|summary| summary::picture(outline, figures, summary));
    if let Some(words) = view.words.as_object_mut() {
        words.insert("chart_glyphs".to_owned(), glyphs(outline, figures)?);
    }
    let expected = expected_numerals::of(outline, &view, figures, &printed)?;
    Ok(Viewed { view, printed, expected, summary })
}

/// What a document tells of corrections, for the page on the web.
pub(super) fn summed(view: &View) -> Vec<SummedCorrection> {
    corrected::summed(&view.corrected)
}

/// A figure in a line of the document's language, as it was printed, if that may be printed again, and as it is now.
pub(super) fn change_line(
    outline: &Outline<'_>,
    before: Option<&published::Figure>,
    now: &published::Figure,
) -> String {
    let told = corrected::told(outline, before, now);
    unbroken(&format!("{}, {}: {}", told.label, told.period, told.change))
}

/// The marks of the legends as SVG, drawn by what draws the charts.
fn glyphs(outline: &Outline<'_>, figures: &[Figure]) -> Result<serde_json::Value> {
    let mut glyphs = draw::glyphs(&outline.project.report.theme)?;
    glyphs.retain(|name, _| figures.iter().any(|figure| figure.legend.contains(name)));
    Ok(serde_json::to_value(glyphs)?)
}

/// The ids of the figures that a document prints, by each form in which it may print them.
pub(super) fn by_form(outline: &Outline<'_>, printed: &BTreeSet<String>) -> BTreeMap<String, BTreeSet<String>> {
    expected_numerals::by_form(outline, printed)
}

/// Source numbers as the templates print them.
fn marks(numbers: &[usize]) -> Vec<String> {
    numbers.iter().map(usize::to_string).collect()
}
