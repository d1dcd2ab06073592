//! Whether a figure rose or fell, as far as its readings show it: only numbers of one source are surely counted alike, and a
//! bound leaves open how far beyond it the number lies.

use std::collections::BTreeSet;

use super::certainty::independent;
use crate::disclosure::protect::ReleasedCell;
use crate::document::bind;
use crate::document::outline::Outline;
use crate::project::text::Text;
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

/// The direction and what is read of it where sources differ on one of the two figures.
pub(super) fn contested(text: &Text, before: &ReleasedCell, now: &ReleasedCell) -> (Option<&'static str>, String) {
    let (way, key) = within_sources(&all(before), &all(now));
    (way, text.phrase(key, &[("direction", named(text, way.unwrap_or_default()))]))
}

/// Compares only numbers of one source. A direction holds on all counts only if each of the later numbers has it, compared with
/// an earlier number of its own source.
fn within_sources(earlier: &[Reading<'_>], later: &[Reading<'_>]) -> (Option<&'static str>, &'static str) {
    let from = |now: &Reading<'_>| {
        let own = earlier.iter().filter(|before| one_source(**before, *now));
        own.map(|before| way(*before, *now)).collect::<Vec<_>>()
    };
    let each: Vec<Vec<Option<&'static str>>> = later.iter().map(from).collect();
    let ways: BTreeSet<Option<&'static str>> = each.iter().flatten().copied().collect();
    let whole = each.iter().all(|own| !own.is_empty());
    // What is open stands first.
    match ways.into_iter().collect::<Vec<_>>()[..] {
        [] => (None, "read_apart"),
        [None] => (None, "read_not_exact"),
        [Some("up")] if whole => (Some("up"), "read_up_on_all"),
        [Some("down")] if whole => (Some("down"), "read_down_on_all"),
        [way @ Some(_)] => (way, "read_shared"),
        [None, way @ Some(_)] => (way, "read_open"),
        _ => (None, "read_disagree"),
    }
}

/// What is read of two figures on which nobody differs: who bears the direction out, and who leaves it open.
pub(super) fn agreed(outline: &Outline<'_>, before: &ReleasedCell, now: &ReleasedCell, direction: &str) -> String {
    let text = outline.document.text;
    let (agreeing, named) = (independent(outline, now), named(text, direction));
    let number = text.integer(i64::try_from(agreeing).unwrap_or(i64::MAX));
    let key = borne_out(&all(before), &all(now), direction).unwrap_or(match agreeing {
        2.. => "read_agree",
        _ => "read_one",
    });
    text.counted(key, agreeing as u64, &[("direction", named), ("n", &number)])
}

/// What stands beside a direction that another value leaves open, or for which no source gives both ends.
fn borne_out(earlier: &[Reading<'_>], later: &[Reading<'_>], direction: &str) -> Option<&'static str> {
    let (before, now) = (*earlier.first()?, *later.first()?);
    let goes = |before, now| way(before, now) == Some(direction);
    let all = later.iter().all(|now| goes(before, *now)) && earlier.iter().all(|before| goes(*before, now));
    if !all {
        return Some("read_open");
    }
    (!one_source(before, now)).then_some("read_across")
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

/// Every value that a source gives.
fn all(cell: &ReleasedCell) -> Vec<Reading<'_>> {
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
        return Value::Count(least).number().zip(Value::Count(most).number());
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
    use Qualifier::{Approximate, AtLeast, AtMost, Exact};

    /// A value with its sources.
    type Stated<'s> = (&'s Value, Qualifier, &'s [String]);

    fn readings<'s>(stated: &[Stated<'s>]) -> Vec<Reading<'s>> {
        stated.iter().map(|(value, qualifier, sources)| Reading { value, qualifier: *qualifier, sources }).collect()
    }

    fn from_to(before: (i64, Qualifier), now: (i64, Qualifier)) -> Option<&'static str> {
        let [one, other] = [before.0, now.0].map(Value::Count);
        way(readings(&[(&one, before.1, &[])])[0], readings(&[(&other, now.1, &[])])[0])
    }

    #[test]
    fn a_bound_leaves_open_what_lies_beyond_it() {
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

    #[test]
    fn every_count_is_every_count_from_its_own_source() {
        let (a, b) = (vec!["a".to_owned()], vec!["b".to_owned()]);
        let both = [a.clone(), b.clone()].concat();
        let [few, some, many] = [85, 107, 110].map(Value::Count);
        let read = |before: &[Stated<'_>], now: &[Stated<'_>]| within_sources(&readings(before), &readings(now));
        let later = [(&few, Exact, &a[..]), (&some, Exact, &b[..])];
        assert_eq!(read(&[(&many, Exact, &[])], &later), (None, "read_apart"));
        assert_eq!(read(&[(&many, Exact, &a)], &later), (Some("down"), "read_shared"));
        assert_eq!(read(&[(&many, Exact, &both)], &later), (Some("down"), "read_down_on_all"));
        assert_eq!(read(&[(&many, Exact, &a), (&few, Exact, &b)], &later), (None, "read_disagree"));
        assert_eq!(read(&[(&few, AtLeast, &a)], &later), (None, "read_not_exact"));
        assert_eq!(read(&[(&many, Exact, &a), (&few, AtLeast, &b)], &later), (Some("down"), "read_open"));
    }

    #[test]
    fn a_value_that_leaves_the_direction_open_is_mentioned() {
        let (a, b) = (vec!["a".to_owned()], vec!["b".to_owned()]);
        let [few, some, many] = [12, 16, 40].map(Value::Count);
        let read = |before: &[Stated<'_>], now: &[Stated<'_>]| borne_out(&readings(before), &readings(now), "up");
        let before = [(&some, Exact, &a[..])];
        assert_eq!(read(&before, &[(&many, Exact, &a), (&few, AtLeast, &b)]), Some("read_open"));
        assert_eq!(read(&before, &[(&many, Exact, &a), (&many, AtLeast, &b)]), None);
        assert_eq!(read(&[(&some, Exact, &a), (&few, AtLeast, &b)], &[(&many, Exact, &a)]), Some("read_open"));
        assert_eq!(read(&before, &[(&many, Exact, &b)]), Some("read_across"));
        assert_eq!(read(&before, &[(&many, Exact, &a)]), None);
    }
}
