//! What changed: the latest figure of a measure against the one before it, read by rule.

use std::collections::BTreeMap;

use super::marks;
use super::model::{Change, ChangeSide};
use super::readings::{fits, readings};
use super::ways::{self, direction};
use crate::disclosure::protect::ReleasedCell;
use crate::document::bind::direction::{band, share_a_source};
use crate::document::outline::{Outline, latest};
use crate::project::indicator::Selector;
use crate::value::Value;

/// Whether two figures of one measure can be compared: there is no break between them, and one source gives both if the earlier
/// one is contested.
pub(super) fn comparable(outline: &Outline<'_>, before: &ReleasedCell, now: &ReleasedCell) -> bool {
    let start = |cell: &ReleasedCell| cell.period.decimal().0;
    let breaks = outline.project.indicator(&now.indicator).map(|i| outline.breaks(i)).unwrap_or_default();
    let broken = breaks.iter().any(|(at, _)| start(before) < *at && *at <= start(now));
    !broken && (!before.contested || share_a_source(before, now))
}

/// The rows of the table of changes: the rating, then each key figure with its named parts.
pub(super) fn changes(outline: &Outline<'_>) -> Vec<Change> {
    rows(outline).into_iter().filter_map(|(selector, indent)| change(outline, &selector, indent)).collect()
}

/// The ids of the figures that the table prints, where prose places it.
pub(super) fn printed(outline: &Outline<'_>) -> Vec<String> {
    let rows = if outline.bindings.changes { rows(outline) } else { Vec::new() };
    let series = |selector: &Selector| outline.released.series(&selector.indicator, &selector.codes);
    let pairs = rows.into_iter().filter_map(|(selector, _)| latest(&series(&selector)));
    pairs.flat_map(|(now, before)| std::iter::once(now).chain(before)).map(|cell| cell.id.clone()).collect()
}

fn rows(outline: &Outline<'_>) -> Vec<(Selector, u8)> {
    let mut rows: Vec<(Selector, u8)> = Vec::new();
    if let Some(scale) = outline.scale() {
        rows.push((Selector { indicator: scale.id.clone(), codes: BTreeMap::new() }, 0));
    }
    for (indicator, selector) in &outline.key_figures {
        rows.push((selector.clone(), 0));
        let parts =
            indicator.of_whom.iter().filter_map(|codes| Selector::parse(&format!("{}:{}", indicator.id, codes.value)));
        // What stands below its total stands directly below it.
        let mut parts: Vec<(Selector, u8)> = parts
            .map(|part| {
                let indent = u8::from(is_below(outline, &part, selector));
                (part, indent)
            })
            .collect();
        parts.sort_by_key(|(_, indent)| std::cmp::Reverse(*indent));
        rows.extend(parts);
    }
    rows
}

/// Whether a part is printed below its total: each of its figures that the row prints fits under the one above it.
fn is_below(outline: &Outline<'_>, part: &Selector, total: &Selector) -> bool {
    let row = |selector: &Selector| latest(&outline.released.series(&selector.indicator, &selector.codes));
    let (Some((now, before)), Some((total, total_before))) = (row(part), row(total)) else { return false };
    fits(now, Some(total)) && before.is_none_or(|before| fits(before, total_before))
}

fn change(outline: &Outline<'_>, selector: &Selector, indent: u8) -> Option<Change> {
    let text = outline.document.text;
    let series = outline.released.series(&selector.indicator, &selector.codes);
    let (now, before) = latest(&series)?;
    let indicator = outline.project.indicator(&selector.indicator)?;
    let unit = text.unit(&indicator.unit, None);
    let label = match indent {
        0 if unit.is_empty() => outline.name(selector, &indicator.short),
        0 => text.phrase("change_label", &[("name", &outline.name(selector, &indicator.short)), ("unit", unit)]),
        _ => outline.name(selector, "").trim_start_matches(", ").to_owned(),
    };
    let compared = before.filter(|before| comparable(outline, before, now));
    let (direction, reading) = match (before, compared) {
        (None, _) => (None, text.word("read_first").to_owned()),
        (_, None) => (None, text.word("read_otherwise").to_owned()),
        (_, Some(before)) => reading(outline, before, now),
    };
    let side = |cell: &ReleasedCell| {
        let mut readings = readings(outline, cell);
        let first = readings.remove(0);
        ChangeSide { text: first, or: readings, year: text.period(&cell.period) }
    };
    let missing = ChangeSide { text: text.word("not_reported").to_owned(), or: Vec::new(), year: String::new() };
    let mut numbers = outline.marks(now);
    numbers.extend(before.into_iter().flat_map(|before| outline.marks(before)));
    numbers.sort_unstable();
    numbers.dedup();
    Some(Change {
        label,
        indent,
        before: before.map_or(missing, side),
        now: side(now),
        direction,
        reading,
        marks: marks(&numbers),
        figures: std::iter::once(now).chain(before).map(|cell| cell.id.clone()).collect(),
    })
}

/// The direction of a change, and in a few words how sure it is.
fn reading(outline: &Outline<'_>, before: &ReleasedCell, now: &ReleasedCell) -> (Option<&'static str>, String) {
    let text = outline.document.text;
    if let (Some(Value::Code(one)), Some(Value::Code(other))) = (&before.value, &now.value) {
        let direction = direction(outline, before, now);
        let band = |cell, code| band(outline.project, cell, code);
        let steps = band(before, one).zip(band(now, other)).map_or(0, |(one, other)| one.abs_diff(other));
        let key = if steps > 1 { "read_steps" } else { "read_step" };
        let number = text.integer(i64::try_from(steps).unwrap_or(i64::MAX));
        let reading = match direction {
            None => text.word("read_otherwise").to_owned(),
            Some("same") => text.word("read_same").to_owned(),
            Some(way) => text.counted(key, steps as u64, &[("n", &number), ("direction", text.word(way))]),
        };
        return (direction, reading);
    }
    if now.contested || before.contested {
        return ways::contested(text, before, now);
    }
    match direction(outline, before, now) {
        None => (None, text.word("read_not_exact").to_owned()),
        Some(way) if now.is_zero() => (Some(way), text.word("read_zero").to_owned()),
        Some(way) => (Some(way), ways::agreed(outline, before, now, way)),
    }
}
