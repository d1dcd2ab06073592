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
        let found = found(outline, source);
        Source {
            number: (at + 1).to_string(),
            publisher: source.publisher.clone(),
            title: source.title.clone(),
            short: format!("{}, {}", source.publisher, published),
            published,
            url: found.link.to_owned(),
            address: address(found.address),
            gone: found.gone,
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

/// Where a reader finds a source on the web.
struct Found<'s> {
    /// Where a link leads; empty for nowhere.
    link: &'s str,
    /// What is printed.
    address: &'s str,
    /// That the address is gone, in words.
    gone: String,
}

/// The address of a source, or that of its copy if the address is gone.
fn found<'s>(outline: &Outline<'_>, source: &'s protect::SourceRecord) -> Found<'s> {
    let visits = &outline.project.visits;
    let Some(visit) = visits.dead(&source.url) else {
        return Found { link: &source.url, address: &source.url, gone: String::new() };
    };
    let text = outline.document.text;
    let day = Period::parse(&visit.opened.to_string()).map(|day| text.period(&day)).unwrap_or_default();
    let date = [("date", day.as_str())];
    if source.archived.is_empty() || visits.dead(&source.archived).is_some() {
        return Found { link: "", address: &source.url, gone: text.phrase("link_gone", &date) };
    }
    Found { link: &source.archived, address: &source.archived, gone: text.phrase("link_archived", &date) }
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
