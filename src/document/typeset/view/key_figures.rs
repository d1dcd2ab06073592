//! The key figures of page one: the latest calendar year of each, its change, and one caution. A number that is years old is
//! not set large: there the page says how long there has been none.

use std::collections::BTreeSet;

use chrono::Datelike;

use super::changes::comparable;
use super::model::KeyFigure;
use super::readings::readings;
use super::ways::arrow;
use super::{certainty, languages, marks};
use crate::disclosure::protect::ReleasedCell;
use crate::document::bind::direction::share_a_source;
use crate::document::draw::{self, Figure};
use crate::document::outline::{Outline, newest};
use crate::project::indicator::{Indicator, Selector};

/// A number is set large if its period ends in one of this many years, of which the last is that of the issue.
const FRESH: i32 = 3;

/// The key figures, and the states that occur in their strips.
pub(super) fn key_figures(outline: &Outline<'_>, figures: &[Figure]) -> (Vec<KeyFigure>, Vec<&'static str>) {
    let drawn = |indicator: &Indicator| figures.iter().find(|figure| figure.id == format!("{}-strip", indicator.id));
    let mut states: BTreeSet<&'static str> = BTreeSet::new();
    let mut list = Vec::new();
    for (indicator, selector) in &outline.key_figures {
        let strip = drawn(indicator);
        states.extend(strip.iter().flat_map(|figure| figure.legend.iter().copied()));
        list.extend(key_figure(outline, indicator, selector, strip));
    }
    (list, draw::legend_names().filter(|state| states.contains(state)).collect())
}

fn key_figure(
    outline: &Outline<'_>,
    indicator: &Indicator,
    selector: &Selector,
    strip: Option<&Figure>,
) -> Option<KeyFigure> {
    let text = outline.document.text;
    let series = outline.released.series(&selector.indicator, &selector.codes);
    let (now, before) = compared_pair(outline, &series)?;
    let mut others = readings(outline, now);
    let all = text.any_of(&others);
    let value = others.remove(0);
    let state = now.value.is_none().then_some(now.status.code());
    let old = is_old(outline, now).then(|| text.phrase("key_old", &[("period", &text.period(&now.period))]));
    let direction = before.and_then(|before| arrow(outline, before, now));
    let change = before.map(|before| {
        let (value, period) = (&readings(outline, before)[0], &text.dated(&before.period));
        match direction {
            Some(_) => text.phrase("change_from", &[("value", value), ("year", period)]),
            // Where no arrow may be drawn, the words speak of no change either.
            None => text.phrase("data_figure", &[("value", value), ("period", period)]),
        }
    });
    let own_marks = outline.marks(now);
    let change_marks = before.map(|before| outline.marks(before)).unwrap_or_default();
    let change_marks: Vec<usize> = change_marks.into_iter().filter(|mark| !own_marks.contains(mark)).collect();
    let title = if selector.codes.is_empty() { &indicator.title } else { &indicator.short };
    Some(KeyFigure {
        title: outline.name(selector, title),
        method: indicator.id.clone(),
        state_text: state.map(|state| text.word(state).to_owned()),
        state,
        last: old.as_ref().map(|_| text.phrase("key_last", &[("value", &all), ("period", &text.dated(&now.period))])),
        or: if old.is_some() { Vec::new() } else { others },
        old,
        value,
        period: text.dated(&now.period),
        unit: text.unit(&indicator.unit, now.value.as_ref().and_then(crate::value::Value::count)).to_owned(),
        marks: marks(&own_marks),
        direction,
        change,
        change_marks: marks(&change_marks),
        strip: strip.map(|figure| format!("/figures/{}.svg", figure.id)),
        texts: strip.map(languages::overlay).unwrap_or_default(),
        alt: strip.map_or_else(String::new, |figure| languages::unbroken(&figure.alt)),
        caution: caution(outline, indicator, &series, now),
        contested: now.contested,
        figures: with_own(strip, now, before),
    })
}

/// Whether a number is too old to be read at a glance as that of today.
fn is_old(outline: &Outline<'_>, now: &ReleasedCell) -> bool {
    let (issue, end) = (outline.project.report.issue.end().year(), now.period.end().year());
    now.value.is_some() && end + FRESH <= issue
}

/// The figure of a series, and the earlier one that it is compared with.
fn compared_pair<'c>(
    outline: &Outline<'_>,
    series: &[&'c ReleasedCell],
) -> Option<(&'c ReleasedCell, Option<&'c ReleasedCell>)> {
    let (now, before) = newest(series)?;
    let shown = |before: &&ReleasedCell| !is_old(outline, now) && compared(outline, before, now);
    Some((now, before.filter(shown)))
}

/// The ids of the figures in the words of the key figures, which their strips may not show.
pub(super) fn printed(outline: &Outline<'_>) -> Vec<String> {
    let series = |selector: &Selector| outline.released.series(&selector.indicator, &selector.codes);
    let pairs = outline.key_figures.iter().filter_map(|(_, selector)| compared_pair(outline, &series(selector)));
    pairs.flat_map(|(now, before)| std::iter::once(now).chain(before)).map(|cell| cell.id.clone()).collect()
}

/// The figures of a strip, with those in words that it does not show.
fn with_own(strip: Option<&Figure>, now: &ReleasedCell, before: Option<&ReleasedCell>) -> Vec<String> {
    let mut figures = strip.map(|figure| figure.figures.clone()).unwrap_or_default();
    for cell in std::iter::once(now).chain(before) {
        if !figures.contains(&cell.id) {
            figures.push(cell.id.clone());
        }
    }
    figures
}

/// A change between contested figures is read only where one source gives both years.
fn compared(outline: &Outline<'_>, before: &ReleasedCell, now: &ReleasedCell) -> bool {
    comparable(outline, before, now) && (!now.contested || share_a_source(before, now))
}

/// What a reader must know beside the number: what the country counts, other figures, years without any.
fn caution(outline: &Outline<'_>, indicator: &Indicator, series: &[&ReleasedCell], now: &ReleasedCell) -> String {
    let text = outline.document.text;
    let scope = Some(outline.document.country.scope(&indicator.id).to_owned()).filter(|scope| !scope.is_empty());
    if now.contested {
        let others: Vec<String> =
            now.alternatives.iter().map(|other| outline.say(now, &other.value, other.qualifier)).collect();
        let contested = text.phrase("caution_contested", &[("others", &text.any_of(&others))]);
        return scope.into_iter().chain([contested]).collect::<Vec<_>>().join(" ");
    }
    // How long there has been no number stands in its place.
    let whole = now.period.whole_year().filter(|_| !is_old(outline, now));
    let last = outline.counts_to().zip(whole).filter(|(last, year)| last > year);
    let later = |cell: &&ReleasedCell| cell.value.is_some() && cell.period.end() > now.period.end();
    let parts = series.iter().any(later).then(|| text.word("caution_parts").to_owned());
    let silent = last.filter(|_| parts.is_none());
    let silent = silent.map(|(last, year)| (year + 1..=last).map(|year| year.to_string()).collect::<Vec<_>>());
    let silent = silent.map(|years| match years.as_slice() {
        [first, .., last] if years.len() > 2 => text.phrase("period_range", &[("from", first), ("to", last)]),
        _ => text.any_of(&years),
    });
    let inferred = outline.released.is_inferred(&now.id);
    let zero = if inferred { "caution_zero_inferred" } else { "caution_zero" };
    let zero = now.is_zero().then(|| text.word(zero).to_owned());
    let silent = silent.map(|years| text.phrase("caution_silent", &[("years", &years)]));
    let before = series.iter().any(|cell| cell.contested && cell.period.end() < now.period.start());
    let before = before.then(|| text.word("caution_before").to_owned());
    let cautions: Vec<String> = scope.into_iter().chain(zero).chain(silent).chain(parts).collect();
    if !cautions.is_empty() {
        return cautions.join(" ");
    }
    std::iter::once(certainty::sure(outline, Some(now)).why).chain(before).collect::<Vec<_>>().join(" ")
}
