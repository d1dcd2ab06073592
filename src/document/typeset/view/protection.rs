//! What a reader must know of the protection of persons: whether registers are counted, what the mark means, what it costs.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::model::DataNote;
use crate::disclosure::protect::Band;
use crate::document::outline::Outline;
use crate::project::text::Text;
use crate::value::period::Period;

/// The notes on protection; a document that prints no register number states that.
pub(super) fn notes(outline: &Outline<'_>) -> Vec<DataNote> {
    let (text, released) = (outline.document.text, outline.released);
    let note = |title: &str, text: String| DataNote { title: title.to_owned(), text };
    let published = prints_reckonable(outline)
        .then(|| note(text.word("note_as_published"), text.word("note_as_published_text").to_owned()));
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
    notes.extend(closed(outline).map(|text_of| note(text.word("note_closed"), text_of)));
    if released.policy().is_lowered() {
        let lowered = text.phrase("note_lowered_text", &[("threshold", &threshold)]);
        notes.push(note(text.word("note_lowered"), lowered));
    }
    notes.extend(published);
    notes
}

/// Which years have closed, and how late cases are told of them; none where no year has closed.
fn closed(outline: &Outline<'_>) -> Option<String> {
    let (text, released) = (outline.document.text, outline.released);
    let mut years: BTreeMap<NaiveDate, BTreeSet<Period>> = BTreeMap::new();
    for cell in released.all() {
        let Some((date, year)) = cell.closed.as_ref().and_then(|closed| closed.date).zip(year_of(&cell.period)) else {
            continue;
        };
        years.entry(date).or_default().insert(year);
    }
    let closing = |(date, years): (&NaiveDate, &BTreeSet<Period>)| {
        let years: Vec<String> = years.iter().map(|year| text.period(year)).collect();
        let date = Period::parse(&date.to_string()).map(|day| text.period(&day)).unwrap_or_default();
        text.phrase("note_closed_on", &[("years", &text.all_of(&years)), ("date", &date)])
    };
    let closings: Vec<String> = years.iter().map(closing).collect();
    if closings.is_empty() {
        return None;
    }
    let bases: BTreeSet<i64> = released.all_late().filter_map(|cell| Some(cell.late.as_ref()?.base)).collect();
    let bases: Vec<String> = bases.into_iter().map(|base| text.integer(base)).collect();
    let late = (!bases.is_empty()).then(|| text.phrase("note_closed_late", &[("base", &text.any_of(&bases))]));
    let never = text.word("note_closed_text").to_owned();
    Some(std::iter::once(never).chain(closings).chain(late).collect::<Vec<_>>().join(" "))
}

fn year_of(period: &Period) -> Option<Period> {
    Period::year(chrono::Datelike::year(&period.start())).ok()
}

/// Whether the document prints figures from which one that is withheld follows. Of which years is not printed: that would show
/// where to look.
fn prints_reckonable(outline: &Outline<'_>) -> bool {
    let drawn = outline.charts.iter().chain(&outline.tables);
    let mut printed: BTreeSet<String> = drawn
        .flat_map(|indicator| {
            std::iter::once(indicator.id.clone()).chain(indicator.shown().into_iter().map(|s| s.indicator))
        })
        .collect();
    printed.extend(outline.key_figures.iter().map(|(indicator, _)| indicator.id.clone()));
    printed.extend(outline.bindings.figures.values().map(|figure| figure.indicator.clone()));
    outline.released.all().any(|cell| cell.reckonable && printed.contains(&cell.indicator))
}

fn band(band: Band, text: &Text) -> &str {
    text.word(match band {
        Band::Under1 => "band_under_1",
        Band::From1To5 => "band_1_to_5",
        Band::From5To20 => "band_5_to_20",
        Band::Over20 => "band_over_20",
    })
}
