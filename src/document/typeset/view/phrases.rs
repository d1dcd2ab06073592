//! Changes, shares and other statements on two figures, as prose prints them.

use super::model::ProsePhrase;
use super::{certainty, marks};
use crate::disclosure::protect::{ReleasedCell, Status};
use crate::document::bind::{BoundPhrase, Form};
use crate::document::outline::Outline;
use crate::project::text::Text;

/// The ids of the figures that a phrase prints: what it computes, and those of its parts that it names.
pub(super) fn printed(bound: &BoundPhrase<'_>) -> Vec<String> {
    let named: &[&ReleasedCell] = match bound.form {
        Form::Change => &[],
        Form::Share => bound.parts.get(1..).unwrap_or_default(),
        Form::Range | Form::Trend => &bound.parts,
    };
    bound.derived.iter().map(|cell| cell.id.clone()).chain(named.iter().map(|cell| cell.id.clone())).collect()
}

/// What is printed: a state in words where one of the figures has no value.
pub(super) fn phrase(outline: &Outline<'_>, bound: &BoundPhrase<'_>) -> ProsePhrase {
    let text = outline.document.text;
    let words = match bound.missing {
        Some(status) => text.word(status.code()).to_owned(),
        None => statement(outline, bound),
    };
    let mut numbers: Vec<usize> = cited(bound).into_iter().flat_map(|cell| outline.marks(cell)).collect();
    numbers.sort_unstable();
    numbers.dedup();
    ProsePhrase { text: words, marks: marks(&numbers), note: note(outline, bound), figures: printed(bound) }
}

/// The figures whose sources are cited beside it; for a share, only sources that give both of its numbers.
fn cited<'b>(bound: &'b BoundPhrase<'_>) -> Vec<&'b ReleasedCell> {
    match (bound.form, &bound.derived) {
        (Form::Share, Some(share)) => vec![share],
        _ => bound.parts.clone(),
    }
}

fn statement(outline: &Outline<'_>, bound: &BoundPhrase<'_>) -> String {
    let text = outline.document.text;
    let first = |cell: &ReleasedCell| {
        let value = cell.value.as_ref();
        value.map_or_else(String::new, |value| outline.say(cell, value, cell.qualifier))
    };
    let computed = bound.derived.as_ref().map(first).unwrap_or_default();
    match (bound.form, bound.parts.as_slice()) {
        (Form::Share, _) => match &bound.whole {
            Some(whole) => text.phrase("share_of", &[("share", &computed), ("whole", &first(whole))]),
            None => computed,
        },
        (Form::Range, [least, most, ..]) => {
            let ends = [("from", first(least)), ("to", first(most))];
            let ends = ends.each_ref().map(|(name, value)| (*name, value.as_str()));
            let one = least.value == most.value && least.qualifier == most.qualifier;
            let range = if one { first(least) } else { text.phrase("period_range", &ends) };
            format!("{range}{}", left_out(text, &bound.left_out))
        }
        (Form::Trend, [before, now, ..]) => {
            let years = before.period.whole_year().is_some() && now.period.whole_year().is_some();
            let way = bound.direction.map_or("same", crate::document::bind::Direction::code);
            let key = format!("trend_{way}{}", if years { "" } else { "_periods" });
            let values = [
                ("before", first(before)),
                ("now", first(now)),
                ("then", text.dated(&before.period)),
                ("when", text.dated(&now.period)),
            ];
            text.phrase(&key, &values.each_ref().map(|(name, value)| (*name, value.as_str())))
        }
        _ => computed,
    }
}

/// The years that a range leaves out, state by state: " (withheld: 2019; not reported: 2021–22)".
fn left_out(text: &Text, years: &[(i32, Status)]) -> String {
    let mut states: Vec<(Status, Vec<(i32, i32)>)> = Vec::new();
    for (year, status) in years {
        let at = states.iter().position(|(known, _)| known == status).unwrap_or(states.len());
        if at == states.len() {
            states.push((*status, Vec::new()));
        }
        match states[at].1.last_mut() {
            Some((_, last)) if *last + 1 == *year => *last = *year,
            _ => states[at].1.push((*year, *year)),
        }
    }
    let state = |(status, runs): &(Status, Vec<(i32, i32)>)| {
        let runs: Vec<String> = runs.iter().map(|(first, last)| text.years(*first, *last)).collect();
        text.phrase("data_figure", &[("period", text.word(status.code())), ("value", &runs.join(", "))])
    };
    let states: Vec<String> = states.iter().map(state).collect();
    if states.is_empty() { String::new() } else { format!(" ({})", states.join(text.word("semicolon"))) }
}

/// What stands beside it: the other figures of a contested one, and a warning where a share rests on few.
fn note(outline: &Outline<'_>, bound: &BoundPhrase<'_>) -> Option<String> {
    let small = bound.derived.as_ref().is_some_and(|cell| cell.small_base && cell.value.is_some());
    let small = small.then(|| outline.document.text.word("small_base_note").to_owned());
    // The whole of a share is that of the part's source: the others stand beside it.
    let parts = bound.parts.iter().copied();
    let beside: Vec<&ReleasedCell> = match &bound.whole {
        Some(whole) => parts.take(1).chain([whole]).collect(),
        None => parts.collect(),
    };
    let contested: Vec<String> = beside.iter().filter_map(|part| certainty::contested(outline, part)).collect();
    let notes: Vec<String> = contested.into_iter().chain(small).collect();
    (!notes.is_empty()).then(|| notes.join(" "))
}
