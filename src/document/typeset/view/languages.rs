//! What a document needs to know of languages: which of its texts are in another than its own, and how its script is set.

use super::model::{Other, OverlaidText};
use crate::document::bind::EVENTS;
use crate::document::draw::Figure;
use crate::document::outline::Outline;
use crate::project::text::Text;

/// Pieces of a phrase with fewer letters cannot be recognised among other words.
const LEAST: usize = 3;

/// The default language, where it is not the document's, and a pattern of the texts that are printed in it for want of a
/// translation.
pub(super) fn other(outline: &Outline<'_>) -> Option<Other> {
    let (text, default) = (outline.document.text, outline.document.default);
    if default.language == text.language {
        return None;
    }
    let translated = |id: &str| text.get(&[EVENTS, &outline.document.country.iso3, id]).is_some();
    let facts =
        outline.released.events().iter().filter(|event| !translated(&event.id)).map(|event| event.text.as_str());
    let mut pieces: Vec<String> =
        text.foreign.iter().map(String::as_str).chain(facts).flat_map(pieces).map(escaped).collect();
    // Of texts that begin alike the longer one is meant.
    pieces.sort_by(|one, other| other.len().cmp(&one.len()).then_with(|| one.cmp(other)));
    pieces.dedup();
    let pattern = (!pieces.is_empty()).then(|| pieces.join("|"));
    Some(Other { lang: default.language.clone(), region: default.region.clone(), pattern })
}

/// What stands between the placeholders of a phrase.
fn pieces(phrase: &str) -> impl Iterator<Item = &str> {
    let plain = phrase.split(['{', '}']).step_by(2).map(str::trim);
    plain.filter(|piece| piece.chars().filter(|letter| letter.is_alphabetic()).count() >= LEAST)
}

/// A text as a pattern of itself, as whole words.
fn escaped(text: &str) -> String {
    let mut pattern = String::from(if text.starts_with(char::is_alphanumeric) { r"\b" } else { "" });
    for letter in text.chars() {
        // No other letter means anything in a pattern, and an escape of one is a fault there.
        if letter.is_ascii_punctuation() {
            pattern.push('\\');
        }
        pattern.push(letter);
    }
    pattern.push_str(if text.ends_with(char::is_alphanumeric) { r"\b" } else { "" });
    pattern
}

/// What parts two source numbers: where a comma sets decimals apart, or thousands of so many sources, a space belongs to it.
pub(super) fn mark_comma(text: &Text, sources: usize) -> &'static str {
    if text.marks().decimal == "," || sources > 99 { ",\u{202f}" } else { "," }
}

/// The texts of a drawing that the page sets over it.
pub(super) fn overlay(figure: &Figure) -> Vec<OverlaidText> {
    let texts = figure.apart().1.into_iter().map(|drawn| OverlaidText {
        text: drawn.identified.unwrap_or(drawn.text),
        x: drawn.x,
        y: drawn.y,
        size: drawn.size,
        weight: if drawn.bold { 700 } else { 400 },
        style: if drawn.italic { "italic" } else { "normal" },
        fill: drawn.fill,
        align: drawn.align,
        up: drawn.up,
    });
    texts.collect()
}

/// A text that is read aloud or shown outside of a page, where no line breaks.
pub(super) fn unbroken(text: &str) -> String {
    text.replace('\u{200b}', "")
}
