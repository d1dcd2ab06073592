//! Which way a figure went, as far as its readings bear it out: only numbers of one source are counted alike for certain, and
//! a bound says nothing beyond itself.

use std::collections::BTreeSet;

use super::certainty::independent;
use crate::bind;
use crate::outline::Outline;
use crate::protect::ReleasedCell;
use crate::text::Text;
use crate::value::{Qualifier, Value, satisfying};

/// A value with who gives it.
#[derive(Clone, Copy)]
struct Reading<'c> {
    value: &'c Value,
    qualifier: Qualifier,
    sources: &'c [String],
}

/// Up, down or the same by the first-ranked values; none where they leave it open.
pub(super) fn direction(outline: &Outline<'_>, before: &ReleasedCell, now: &ReleasedCell) -> Option<&'static str> {
    if let (Some(Value::Code(_)), Some(Value::Code(_))) = (&before.value, &now.value) {
        return bind::direction(outline.project, before, now).map(bind::Direction::code);
    }
    way(first(before)?, first(now)?)
}

/// What is read where sources differ on one of the two figures: only what one source says of both is compared, and a
/// direction of every count is one that each of them has from its own source.
pub(super) fn contested(text: &Text, before: &ReleasedCell, now: &ReleasedCell) -> (Option<&'static str>, String) {
    let earlier = said(before);
    let from = |now: &Reading<'_>| {
        let own = earlier.iter().filter(|before| one_source(**before, *now));
        own.map(|before| way(*before, *now)).collect::<Vec<_>>()
    };
    let each: Vec<Vec<Option<&'static str>>> = said(now).iter().map(from).collect();
    let ways: BTreeSet<Option<&'static str>> = each.iter().flatten().copied().collect();
    let ways: Vec<Option<&'static str>> = ways.into_iter().collect();
    let whole = each.iter().all(|own| !own.is_empty());
    let word = |key: &str| text.word(key).to_owned();
    // What is open stands first.
    match ways[..] {
        [] => (None, word("read_apart")),
        [None] => (None, word("read_not_exact")),
        [Some("up")] if whole => (Some("up"), word("read_up_on_all")),
        [Some("down")] if whole => (Some("down"), word("read_down_on_all")),
        [Some(way)] => (Some(way), text.phrase("read_shared", &[("direction", named(text, way))])),
        [None, Some(way)] => (Some(way), text.phrase("read_open", &[("direction", named(text, way))])),
        _ => (None, word("read_disagree")),
    }
}

/// What is read of two figures on which nobody differs: who bears the direction out, and who leaves it open.
pub(super) fn agreed(outline: &Outline<'_>, before: &ReleasedCell, now: &ReleasedCell, direction: &str) -> String {
    let text = outline.edition.text;
    let way_of = |before, now| way(before, now) == Some(direction);
    let ends = first(before).zip(first(now));
    let open = ends.is_some_and(|(earlier, later)| {
        others(now).any(|other| !way_of(earlier, other)) || others(before).any(|other| !way_of(other, later))
    });
    let (agreeing, named) = (independent(outline, now), named(text, direction));
    let number = text.integer(i64::try_from(agreeing).unwrap_or(i64::MAX));
    match agreeing {
        _ if open => text.phrase("read_open", &[("direction", named)]),
        _ if !ends.is_some_and(|(earlier, later)| one_source(earlier, later)) => {
            text.phrase("read_across", &[("direction", named)])
        }
        2.. => text.counted("read_agree", agreeing as u64, &[("direction", named), ("n", &number)]),
        _ => text.phrase("read_one", &[("direction", named)]),
    }
}

fn named<'t>(text: &'t Text, way: &str) -> &'t str {
    match way {
        "up" => text.word("read_up"),
        "down" => text.word("read_down"),
        _ => text.word("read_same"),
    }
}

fn first(cell: &ReleasedCell) -> Option<Reading<'_>> {
    Some(Reading { value: cell.value.as_ref()?, qualifier: cell.qualifier, sources: &cell.sources })
}

fn others(cell: &ReleasedCell) -> impl Iterator<Item = Reading<'_>> {
    cell.alternatives.iter().map(|other| Reading {
        value: &other.value,
        qualifier: other.qualifier,
        sources: &other.sources,
    })
}

/// Every value that somebody gives.
fn said(cell: &ReleasedCell) -> Vec<Reading<'_>> {
    first(cell).into_iter().chain(others(cell)).collect()
}

fn one_source(before: Reading<'_>, now: Reading<'_>) -> bool {
    before.sources.iter().any(|source| now.sources.contains(source))
}

/// The way from one value to another, where every number that the two allow goes it.
fn way(before: Reading<'_>, now: Reading<'_>) -> Option<&'static str> {
    let exact = before.qualifier == Qualifier::Exact && now.qualifier == Qualifier::Exact;
    let (before, now) = (bounds(before)?, bounds(now)?);
    if now.0 > before.1 {
        Some("up")
    } else if now.1 < before.0 {
        Some("down")
    } else {
        exact.then_some("same")
    }
}

/// The least and the greatest number that a value allows.
fn bounds(reading: Reading<'_>) -> Option<(f64, f64)> {
    if let Some(count) = reading.value.count() {
        let (least, most) = satisfying(count, reading.qualifier);
        return Some((least as f64, most as f64));
    }
    let number = reading.value.number()?;
    Some(match reading.qualifier {
        Qualifier::AtLeast => (number, f64::INFINITY),
        Qualifier::AtMost => (f64::NEG_INFINITY, number),
        Qualifier::Exact | Qualifier::Approximate => (number, number),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from_to(before: (i64, Qualifier), now: (i64, Qualifier)) -> Option<&'static str> {
        let [one, other] = [before.0, now.0].map(Value::Count);
        let reading = |value, qualifier| Reading { value, qualifier, sources: &[] };
        way(reading(&one, before.1), reading(&other, now.1))
    }

    #[test]
    fn a_bound_leaves_open_what_lies_beyond_it() {
        use Qualifier::{Approximate, AtLeast, AtMost, Exact};
        assert_eq!(from_to((16, Exact), (40, Exact)), Some("up"));
        assert_eq!(from_to((16, Exact), (12, AtLeast)), None);
        assert_eq!(from_to((16, Exact), (17, AtLeast)), Some("up"));
        assert_eq!(from_to((16, AtLeast), (40, Exact)), None);
        assert_eq!(from_to((16, AtLeast), (12, Exact)), Some("down"));
        assert_eq!(from_to((16, AtMost), (40, Exact)), Some("up"));
        assert_eq!(from_to((100, Approximate), (120, Exact)), None);
        assert_eq!(from_to((100, Approximate), (200, Exact)), Some("up"));
        assert_eq!(from_to((16, Exact), (16, Exact)), Some("same"));
        assert_eq!(from_to((16, AtLeast), (16, AtLeast)), None);
    }
}
