//! The sources that a document lists, in the order of their numbers, and the kinds under which they stand.

use super::model::{Source, SourceGroup};
use crate::disclosure::protect::{self, SourceKind};
use crate::document::outline::Outline;
use crate::value::period::Period;

/// Every source with its number.
pub(super) fn sources(outline: &Outline<'_>) -> Vec<Source> {
    let source = |(at, source): (usize, &&protect::SourceRecord)| {
        let published = Period::parse(&source.published);
        let published = published.map_or_else(|_| String::new(), |period| outline.document.text.period(&period));
        Source {
            number: (at + 1).to_string(),
            publisher: source.publisher.clone(),
            title: source.title.clone(),
            short: format!("{}, {}", source.publisher, published),
            published,
            url: source.url.clone(),
            address: address(&source.url),
            held_at: placed(outline, "held_at", &source.held_at),
            accessed: accessed(outline, source),
            via: placed(outline, "read_via", &source.via),
        }
    };
    outline.sources().iter().enumerate().map(source).collect()
}

/// The sources by kind, each kind under its name where any source has one.
pub(super) fn groups(outline: &Outline<'_>) -> Vec<SourceGroup> {
    let text = outline.document.text;
    let sources = outline.sources();
    let named = sources.iter().any(|source| source.kind != SourceKind::Other);
    let mut groups: Vec<(SourceKind, SourceGroup)> = Vec::new();
    for (at, source) in sources.iter().enumerate() {
        if let Some((_, group)) = groups.last_mut().filter(|(kind, _)| *kind == source.kind) {
            group.to = at + 1;
        } else {
            let title = named.then(|| text.word(&format!("source_kind_{}", source.kind.code())).to_owned());
            groups.push((source.kind, SourceGroup { title, from: at, to: at + 1 }));
        }
    }
    groups.into_iter().map(|(_, group)| group).collect()
}

/// The phrase about a place; empty if no place is given.
fn placed(outline: &Outline<'_>, phrase: &str, place: &str) -> String {
    if place.is_empty() { String::new() } else { outline.document.text.phrase(phrase, &[("place", place)]) }
}

/// An address as it is printed: without scheme and `www.`, and with places to break after its separators.
fn address(url: &str) -> String {
    let bare = url.trim_start_matches("https://").trim_start_matches("http://").trim_start_matches("www.");
    let plain = bare.trim_end_matches('/').replace("%3A", ":").replace("%2C", ",");
    let broken = |c: char| if "/.?&=_:,-".contains(c) { format!("{c}\u{200b}") } else { c.to_string() };
    plain.chars().map(broken).collect()
}

/// When a source's address was last opened, where that was noted.
fn accessed(outline: &Outline<'_>, source: &protect::SourceRecord) -> String {
    let text = outline.document.text;
    let day = Period::parse(&source.accessed).ok();
    day.map_or_else(String::new, |day| text.phrase("accessed", &[("date", &text.period(&day))]))
}
