//! What a reader must know of the protection of persons: whether registers are counted, what the mark means, what it costs.

use std::collections::BTreeSet;

use super::model::DataNote;
use crate::disclosure::protect::Band;
use crate::document::outline::Outline;
use crate::project::text::Text;

/// The notes on protection; a document that prints no register number states that.
pub(super) fn notes(outline: &Outline<'_>) -> Vec<DataNote> {
    let (text, released) = (outline.document.text, outline.released);
    let note = |title: &str, text: String| DataNote { title: title.to_owned(), text };
    let published = as_published(outline).map(|periods| {
        note(text.word("note_as_published"), text.phrase("note_as_published_text", &[("periods", &periods)]))
    });
    let title = text.word("note_register");
    let Some(cost) = released.cost().filter(|_| released.all().any(|cell| cell.register && cell.value.is_some()))
    else {
        return std::iter::once(note(title, text.word("note_register_text").to_owned())).chain(published).collect();
    };
    let threshold = released.policy().threshold.to_string();
    let share = (cost.withheld * 100).div_ceil(cost.cells).to_string();
    let mut notes = vec![
        note(title, text.phrase("note_counted_text", &[("threshold", &threshold)])),
        note(
            text.word("note_cost"),
            text.phrase("note_cost_text", &[("share", &share), ("band", band(cost.persons(), text))]),
        ),
    ];
    if released.policy().is_lowered() {
        let lowered = text.phrase("note_lowered_text", &[("threshold", &threshold)]);
        notes.push(note(text.word("note_lowered"), lowered));
    }
    notes.extend(published);
    notes
}

/// The periods, in words, of which the document prints figures from which one that is withheld follows; none without such.
fn as_published(outline: &Outline<'_>) -> Option<String> {
    let drawn = outline.charts.iter().chain(&outline.tables);
    let mut printed: BTreeSet<String> = drawn
        .flat_map(|indicator| {
            std::iter::once(indicator.id.clone()).chain(indicator.shown().into_iter().map(|s| s.indicator))
        })
        .collect();
    printed.extend(outline.key_figures.iter().map(|(indicator, _)| indicator.id.clone()));
    printed.extend(outline.bindings.figures.values().map(|figure| figure.indicator.clone()));
    let follows = outline.released.all().filter(|cell| cell.reckonable && printed.contains(&cell.indicator));
    let periods: BTreeSet<_> = follows.map(|cell| &cell.period).collect();
    let periods: Vec<String> = periods.into_iter().map(|period| outline.document.text.period(period)).collect();
    (!periods.is_empty()).then(|| outline.document.text.all_of(&periods))
}

fn band(band: Band, text: &Text) -> &str {
    text.word(match band {
        Band::Under1 => "band_under_1",
        Band::From1To5 => "band_1_to_5",
        Band::From5To20 => "band_5_to_20",
        Band::Over20 => "band_over_20",
    })
}
