//! The direction of a change, and the words of the table for how far its sources bear it out.

use std::collections::BTreeSet;

use super::certainty::independent;
use crate::disclosure::protect::ReleasedCell;
use crate::document::bind::direction::{self, Direction, Weakness, WithinSources, sourced_values};
use crate::document::outline::Outline;
use crate::project::text::Text;
use crate::value::Value;

/// Up, down or the same by the first-ranked values; none where they leave it open.
pub(super) fn direction(outline: &Outline<'_>, before: &ReleasedCell, now: &ReleasedCell) -> Option<&'static str> {
    direction::direction(outline.project, before, now).map(Direction::code)
}

/// The direction that an arrow may show, which a glance takes for a fact: one source, or of ratings one body, gives both figures,
/// and the earlier one is that of the period just before, so that nothing withheld and no year without a figure lies between.
pub(super) fn arrow(outline: &Outline<'_>, before: &ReleasedCell, now: &ReleasedCell) -> Option<&'static str> {
    let bodies = |cell: &ReleasedCell| -> BTreeSet<String> {
        let records = cell.sources.iter().filter_map(|source| outline.released.source(source));
        records.map(|record| record.publisher.clone()).collect()
    };
    let rated = matches!(now.value, Some(Value::Code(_)));
    let of_one = direction::share_a_source(before, now) || rated && !bodies(before).is_disjoint(&bodies(now));
    let proven = direction::proven(outline.project, before, now).ok()?;
    (of_one && before.period.precedes(&now.period)).then(|| proven.code())
}

/// The direction and its words where sources differ on one of the two figures.
pub(super) fn contested(text: &Text, before: &ReleasedCell, now: &ReleasedCell) -> (Option<&'static str>, String) {
    let (way, key) = match direction::within_sources(&sourced_values(before), &sourced_values(now)) {
        WithinSources::All(way @ Direction::Up) => (Some(way), "read_up_on_all"),
        WithinSources::All(way @ Direction::Down) => (Some(way), "read_down_on_all"),
        WithinSources::All(way) | WithinSources::Shared(way) => (Some(way), "read_shared"),
        WithinSources::Open(way) => (Some(way), "read_open"),
        WithinSources::NotExact => (None, "read_not_exact"),
        WithinSources::Apart => (None, "read_apart"),
        WithinSources::Disagree => (None, "read_disagree"),
    };
    let way = way.map(Direction::code);
    (way, text.phrase(key, &[("direction", named(text, way.unwrap_or_default()))]))
}

/// The words for a direction between uncontested figures: how many sources agree, or which doubt is left.
pub(super) fn agreed(outline: &Outline<'_>, before: &ReleasedCell, now: &ReleasedCell, direction: &str) -> String {
    let text = outline.document.text;
    let (agreeing, named) = (independent(outline, now), named(text, direction));
    let number = text.integer(i64::try_from(agreeing).unwrap_or(i64::MAX));
    let way = direction::direction(outline.project, before, now);
    let weakness = way.and_then(|way| direction::weakness(&sourced_values(before), &sourced_values(now), way));
    let key = match weakness {
        Some(Weakness::Open) => "read_open",
        Some(Weakness::Across) => "read_across",
        None if agreeing > 1 => "read_agree",
        None => "read_one",
    };
    text.counted(key, agreeing as u64, &[("direction", named), ("n", &number)])
}

fn named<'t>(text: &'t Text, way: &str) -> &'t str {
    match way {
        "up" => text.word("read_up"),
        "down" => text.word("read_down"),
        _ => text.word("read_same"),
    }
}
