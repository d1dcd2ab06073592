//! The prose of a document: which narratives it prints, and where they are staged.

use std::sync::Arc;

use crate::diagnostic::{Source, Span};
use crate::document::outline::Outline;
use crate::project::country::Narrative;

/// Path of a narrative in the staging folder.
pub(super) fn staged(narrative: &Narrative) -> String {
    format!("narrative/{}.typ", narrative.place)
}

/// The narratives of this document.
pub(super) fn narratives<'o>(outline: &'o Outline<'_>) -> impl Iterator<Item = &'o Narrative> {
    outline.front.into_iter().chain(outline.sections.iter().filter_map(|part| part.narrative))
}

/// Where the prose of this document belongs, for a document that has none.
pub(super) fn missing_prose(outline: &Outline<'_>) -> Span {
    let (country, language) = (&outline.document.country.iso3, &outline.document.text.language);
    let path = format!("data/countries/{country}/narrative/{language}/{}.typ", outline.document.kind.id);
    Span::start_of(&Arc::new(Source::new(path, Vec::new()).of_country(Some(country))))
}
