//! The letters of languages: every letter that is printed must be in a font. A language is refused if the page cannot be set
//! in its direction of writing.

use std::sync::Arc;

use super::Project;
use super::filled::own_or_carried;
use super::links::followed;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Source, Span};
use crate::project::declaration::Located;
use crate::project::face::{CARRIED, lacking};
use crate::project::text::{Text, is_leftwards, unset_direction};

/// The fault of a language whose direction of writing the page cannot be set in.
pub(super) fn unset(language: &Located<String>) -> Option<Diagnostic> {
    let (tag, direction) = (&language.value, unset_direction(&language.value)?);
    let message = format!("`{tag}` is written {direction}, which the page cannot set yet");
    let fault = Diagnostic::error(Code::InvalidValue, language.span.clone(), message);
    Some(fault.hint("remove it from `languages`"))
}

/// Reports letters in titles, names and labels of the declarations that no font of the default language can print.
pub(super) fn defined(project: &Project, diagnostics: &mut Diagnostics) {
    let Some(default) = project.texts.first() else { return };
    for (key, text) in project.to_translate() {
        let own: Vec<&str> = key.iter().map(String::as_str).collect();
        // Texts of the catalogue itself are checked with the catalogue.
        let Some(letter) = lacking(&text, default.face.as_ref()).filter(|_| default.place(&own).is_none()) else {
            continue;
        };
        let found = written_in(project, &own).into_iter().find_map(|(path, country)| {
            let there = project.root.join(&path).exists();
            followed(&project.root, &path).ok().filter(|_| there).or((!there).then_some(false))?;
            let source = Source::new(&path, own_or_carried(&project.root, &path).ok()?).of_country(country);
            let written = source.text().into_owned();
            let at = written.find(&text).or_else(|| written.find(letter))?;
            Some((Arc::new(source), at))
        });
        if let Some((source, at)) = found {
            let at = at + source.text().get(at..).and_then(|rest| rest.find(letter)).unwrap_or_default();
            let span = Span::new(&source, at..at + letter.len_utf8());
            diagnostics.push(fault(letter, span, &default.language));
        }
    }
}

/// The files that may define the text of a key, and the country that they belong to.
fn written_in<'k>(project: &Project, key: &[&'k str]) -> Vec<(String, Option<&'k str>)> {
    let shared = |path: String| vec![(path, None)];
    match *key {
        ["sections", id, ..] => shared(format!("data/indicators/{id}/section.toml")),
        ["indicators", id, ..] => {
            project.indicator(id).map(|found| (found.span.path().to_owned(), None)).into_iter().collect()
        }
        ["codes", ..] => {
            project.schemas.iter().map(|schema| (format!("data/schemas/{}.json", schema.name), None)).collect()
        }
        ["country" | "countries", code, ..] => vec![(format!("data/countries/{code}/country.toml"), Some(code))],
        _ => shared("data/report.toml".to_owned()),
    }
}

/// Reports the first letter of each catalogue and of each file of prose that no font can print.
pub(super) fn letters(project: &Project, diagnostics: &mut Diagnostics) {
    for text in &project.texts {
        if let Some((letter, span)) = text.lacking() {
            diagnostics.push(fault(letter, span, &text.language));
        }
        let narratives = project.countries.iter().flat_map(|country| &country.narratives);
        for narrative in narratives.filter(|narrative| narrative.language == text.language) {
            let prose = narrative.source.text();
            if is_leftwards(&spoken(&prose)) {
                diagnostics.push(leftwards(&Span::start_of(&narrative.source)));
                continue;
            }
            let at = lacking(&prose, text.face.as_ref()).and_then(|letter| Some((letter, prose.find(letter)?)));
            if let Some((letter, at)) = at {
                let span = Span::new(&narrative.source, at..at + letter.len_utf8());
                diagnostics.push(fault(letter, span, &text.language));
            }
        }
    }
}

/// Prose without its calls: their names are English in every language.
fn spoken(prose: &str) -> String {
    let mut parts = prose.split('#');
    let mut spoken = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let rest = part.trim_start_matches(|letter: char| letter.is_ascii_alphanumeric() || "-_.".contains(letter));
        spoken.push_str(rest.strip_prefix('(').and_then(|call| call.split_once(')')).map_or(rest, |(_, rest)| rest));
    }
    spoken
}

/// The fault of prose in a direction of writing that the page cannot be set in.
fn leftwards(at: &Span) -> Diagnostic {
    let message = "this prose is written from right to left, which the page cannot set yet";
    Diagnostic::error(Code::InvalidValue, at.clone(), message)
        .hint("translate it, or remove its language from `languages`")
}

/// The fault of the first letter of a text that no font of a language can print.
pub(super) fn unprintable(words: &str, at: &Span, text: &Text) -> Option<Diagnostic> {
    Some(fault(lacking(words, text.face.as_ref())?, at.clone(), &text.language))
}

fn fault(letter: char, span: Span, language: &str) -> Diagnostic {
    let (message, hint) = missing(letter, language);
    Diagnostic::error(Code::MissingFace, span, message).hint(hint)
}

/// The message and the hint for a letter that no font of a language can print.
pub(super) fn missing(letter: char, language: &str) -> (String, String) {
    let message = format!("no available font has the letter `{letter}` (U+{:04X})", u32::from(letter));
    let hint = format!(
        "write it in other letters, or name a font that has it in `data/text/{language}.toml`: `[font]` with `family`, and \
         `folder` unless it is `{CARRIED}`"
    );
    (message, hint)
}
