//! What a document made of blocks needs of its own: which blocks have something to show, and the dated facts in their order.

use std::collections::BTreeMap;

use super::events::dated;
use super::model::Event;
use crate::document::outline::Outline;

/// The blocks that have something to show, each with the title of its section; none for a text without blocks.
pub(super) fn questions(outline: &Outline<'_>) -> Option<BTreeMap<String, String>> {
    let title = |id: &String| {
        let section = &outline.project.indicator(id)?.section;
        let title = outline.project.sections.iter().find(|known| known.id == *section)?.title.clone();
        Some((id.clone(), title))
    };
    outline.bindings.framed.then(|| outline.bindings.questions.iter().filter_map(title).collect())
}

/// The dated facts of the frame, the earliest first.
pub(super) fn milestones(outline: &Outline<'_>) -> Vec<Event> {
    let mut events = if outline.bindings.dated { outline.milestones() } else { Vec::new() };
    events.sort_by_key(|event| (event.dates[0].start(), event.dates[0].end()));
    events.into_iter().map(|event| dated(outline, event)).collect()
}
