//! The corrections that a document tells: for each day and reason the figures, as they were printed and as they are now.

use std::collections::BTreeSet;

use super::corrections::{label, reading};
use super::languages::unbroken;
use super::model::{CorrectedFigure, CorrectedReading, Correction};
use crate::document::outline::Outline;
use crate::document::typeset::summary::SummedCorrection;
use crate::snapshots::correction::Corrected;
use crate::snapshots::record::Figure;

/// The corrections, the latest first.
pub(super) fn corrected(outline: &Outline<'_>) -> Vec<Correction> {
    let alike = |one: &&Corrected, other: &&Corrected| one.date == other.date && one.reasons == other.reasons;
    outline.corrected.chunk_by(alike).map(|together| correction(outline, together)).collect()
}

/// The ids of the figures that they print with their numbers of now.
pub(super) fn printed(outline: &Outline<'_>) -> BTreeSet<String> {
    let standing = outline.corrected.iter().filter(|corrected| corrected.stands && corrected.now.value.is_some());
    standing.map(|corrected| corrected.now.id.clone()).collect()
}

fn correction(outline: &Outline<'_>, together: &[&Corrected]) -> Correction {
    let document = &outline.document;
    let reasons = together.first().map(|first| &first.reasons);
    let given = |language: &str| reasons.and_then(|reasons| reasons.get(language));
    Correction {
        date: together.first().map_or_else(String::new, |first| document.text.period(&first.date)),
        why: given(&document.text.language).or_else(|| given(&document.default.language)).cloned().unwrap_or_default(),
        figures: together.iter().rev().map(|corrected| figure(outline, corrected)).collect(),
    }
}

fn figure(outline: &Outline<'_>, corrected: &Corrected) -> CorrectedFigure {
    told(outline, corrected.before.as_ref(), &corrected.now)
}

/// A figure as it was printed, if that may be printed again, and as it is now.
pub(super) fn told(outline: &Outline<'_>, before: Option<&Figure>, now: &Figure) -> CorrectedFigure {
    let text = outline.document.text;
    let (label, period) = (label(outline, now), text.period(&now.period));
    let now = whole(outline, &reading(outline, now, false));
    let change = match before {
        Some(before) => {
            let before = whole(outline, &reading(outline, before, false));
            text.phrase("correction_change", &[("before", &before), ("now", &now)])
        }
        None => text.phrase("correction_hidden", &[("now", &now)]),
    };
    CorrectedFigure { label, period, change }
}

/// Every reading of a figure in one line.
fn whole(outline: &Outline<'_>, reading: &CorrectedReading) -> String {
    let all: Vec<String> = std::iter::once(&reading.text).chain(&reading.or).cloned().collect();
    outline.document.text.any_of(&all)
}

/// The same for the page on the web.
pub(super) fn summed(corrected: &[Correction]) -> Vec<SummedCorrection> {
    let figure = |figure: &CorrectedFigure| {
        (unbroken(&format!("{}, {}", figure.label, figure.period)), unbroken(&figure.change))
    };
    let one = |correction: &Correction| SummedCorrection {
        date: correction.date.clone(),
        figures: correction.figures.iter().map(figure).collect(),
        why: unbroken(&correction.why),
    };
    corrected.iter().map(one).collect()
}
