//! How sure a figure is, by rule: what its sources are and whether they agree.

use std::collections::BTreeSet;

use super::model::Sure;
use crate::disclosure::protect::{ReleasedCell, Status};
use crate::document::bind::direction::share_a_source;
use crate::document::outline::Outline;
use crate::project::indicator::Selector;
use crate::value::{Qualifier, Value};

/// The degrees, as dots and as a key of the catalogue.
const LOW: (u8, &str) = (1, "sure_low");
const MODERATE: (u8, &str) = (2, "sure_moderate");
const HIGH: (u8, &str) = (3, "sure_high");

/// High: two sources that do not repeat one another state the same exact number of a stated period. Low: sources
/// contradict each other, or there is no figure. Moderate: everything between.
pub(super) fn sure(outline: &Outline<'_>, cell: Option<&ReleasedCell>) -> Sure {
    let text = outline.document.text;
    let Some(cell) = cell.filter(|cell| cell.value.is_some()) else {
        return degree(outline, LOW, text.word("why_nothing").to_owned());
    };
    if cell.contested {
        let different = cell.readings().len();
        let why = text.counted("why_contested", different as u64, &[("n", &different.to_string())]);
        return degree(outline, LOW, why);
    }
    let independent = independent(outline, cell);
    let exact = cell.qualifier == Qualifier::Exact && cell.status == Status::Published && !cell.period.inferred();
    let agree = || text.counted("why_agree", independent as u64, &[("n", &independent.to_string())]);
    if independent > 1 && !read_itself(outline, cell) {
        let why = text.counted("why_reported", independent as u64, &[("n", &independent.to_string())]);
        return degree(outline, MODERATE, why);
    }
    match (independent, exact) {
        (2.., true) => degree(outline, HIGH, agree()),
        (2.., false) => degree(outline, MODERATE, agree()),
        (_, true) => degree(outline, MODERATE, text.word("why_one").to_owned()),
        (_, false) => {
            let key = if cell.status == Status::Derived {
                "why_derived"
            } else if cell.qualifier == Qualifier::Exact {
                "why_inferred"
            } else {
                "why_qualified"
            };
            degree(outline, MODERATE, text.word(key).to_owned())
        }
    }
}

/// Whether a rating is stated by one of those sources that rank first among all that give ratings of its series: the rating is
/// one body's judgement, and reports of it bear out no more than that it was reported. A count is always taken as stated.
fn read_itself(outline: &Outline<'_>, cell: &ReleasedCell) -> bool {
    let rank = |cell: &ReleasedCell| {
        cell.sources.iter().filter_map(|id| outline.released.source(id)).map(|source| source.rank).min()
    };
    let series = outline.released.series(&cell.indicator, &cell.codes);
    let first = series.into_iter().filter_map(rank).min();
    !matches!(cell.value, Some(Value::Code(_))) || rank(cell) == first
}

/// How many sources state the value without repeating one another; all registers count as one source.
pub(super) fn independent(outline: &Outline<'_>, cell: &ReleasedCell) -> usize {
    let stating: BTreeSet<&str> = cell.sources.iter().map(String::as_str).collect();
    let repeats = |id: &&&str| {
        let origin = outline.released.source(id).map_or("", |source| source.origin.as_str());
        stating.contains(origin)
    };
    let register = |id: &&&str| outline.released.source(id).is_some_and(|source| source.register);
    let (registers, others): (Vec<&&str>, Vec<&&str>) =
        stating.iter().filter(|id| !repeats(id)).partition(|id| register(id));
    others.len() + usize::from(!registers.is_empty())
}

/// The note beside a contested figure: the other values and who gives them.
pub(super) fn contested(outline: &Outline<'_>, cell: &ReleasedCell) -> Option<String> {
    if !cell.contested {
        return None;
    }
    let text = outline.document.text;
    let others: Vec<String> = cell
        .alternatives
        .iter()
        .map(|other| {
            let source = other.sources.first().and_then(|id| outline.released.source(id));
            let publisher = source.map_or("", |source| source.publisher.as_str());
            let value = outline.say(cell, &other.value, other.qualifier);
            text.phrase("contested_other", &[("source", publisher), ("value", &value)])
        })
        .collect();
    let (name, period) = (name(outline, cell), text.dated(&cell.period));
    let filled = [("name", name.as_str()), ("period", &period), ("others", &text.all_of(&others))];
    Some(text.phrase("contested_note", &filled))
}

/// The note beside two compared figures of which no source gives both.
pub(super) fn across(outline: &Outline<'_>, before: &ReleasedCell, now: &ReleasedCell) -> Option<String> {
    if share_a_source(before, now) || matches!(now.value, None | Some(Value::Code(_))) {
        return None;
    }
    let text = outline.document.text;
    let (name, then, when) = (name(outline, now), text.dated(&before.period), text.dated(&now.period));
    Some(text.phrase("across_note", &[("name", name.as_str()), ("then", &then), ("when", &when)]))
}

/// What a figure counts, with its codes: "Persons arrested, female".
fn name(outline: &Outline<'_>, cell: &ReleasedCell) -> String {
    let codes = Selector { indicator: cell.indicator.clone(), codes: cell.codes.clone() };
    let title = outline.project.indicator(&cell.indicator).map_or("", |indicator| indicator.title.as_str());
    outline.name(&codes, title)
}

fn degree(outline: &Outline<'_>, (dots, word): (u8, &str), why: String) -> Sure {
    Sure { dots, word: outline.document.text.word(word).to_owned(), why }
}
