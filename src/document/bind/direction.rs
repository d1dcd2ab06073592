//! Which way a figure went, as far as its values bear it out. Two numbers certainly count alike only where one source gives
//! both, and a bound says nothing about what lies beyond it. The tables of changes and the prose follow the same rule.

use std::collections::BTreeSet;

use crate::disclosure::protect::ReleasedCell;
use crate::project::Project;
use crate::value::{Qualifier, Value, satisfying};

/// Which way a figure went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Direction {
    /// More, or a better rating.
    Up,
    /// Fewer, or a worse rating.
    Down,
    /// As before.
    Same,
}

impl Direction {
    /// Its name in catalogues and templates.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Up => "up",
            Self::Down => "down",
            Self::Same => "same",
        }
    }
}

/// A value with the sources that give it.
#[derive(Clone, Copy)]
pub(crate) struct SourcedValue<'c> {
    value: &'c Value,
    qualifier: Qualifier,
    sources: &'c [String],
}

/// What the sources together say of a direction where they differ on one of the two figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum WithinSources {
    /// Every source of the later figure gives the earlier one, too, and each goes this way.
    All(Direction),
    /// Every source that gives both figures goes this way; others give only the later one.
    Shared(Direction),
    /// One source goes this way; the bounds of another leave it open.
    Open(Direction),
    /// The bounds of every source leave it open.
    NotExact,
    /// No source gives both figures.
    Apart,
    /// One source goes up where another goes down.
    Disagree,
}

/// What weakens a direction that the first-ranked values bear out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Weakness {
    /// A bound that another source gives would allow another direction.
    Open,
    /// The two values come from different sources.
    Across,
}

/// Why prose may not name a direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unproven {
    /// A bound or a rough number leaves it open.
    NotExact,
    /// The sources differ on it.
    Disagree,
    /// Sources differ on one of the figures, and none gives both of the numbers that would be printed.
    Apart,
    /// A code has no place on the scale.
    OffScale,
}

/// Every value that a source gives for a cell, the first-ranked first.
pub(crate) fn sourced_values(cell: &ReleasedCell) -> Vec<SourcedValue<'_>> {
    let others = cell.alternatives.iter().map(|other| SourcedValue {
        value: &other.value,
        qualifier: other.qualifier,
        sources: &other.sources,
    });
    first(cell).into_iter().chain(others).collect()
}

fn first(cell: &ReleasedCell) -> Option<SourcedValue<'_>> {
    Some(SourcedValue { value: cell.value.as_ref()?, qualifier: cell.qualifier, sources: &cell.sources })
}

/// The direction between the first-ranked values; none where they leave it open.
pub(crate) fn direction(project: &Project, before: &ReleasedCell, now: &ReleasedCell) -> Option<Direction> {
    let (earlier, later) = (first(before)?, first(now)?);
    match (earlier.value, later.value) {
        (Value::Code(_), Value::Code(_)) => on_scale(project, now, earlier.value, later.value),
        _ => between(earlier, later),
    }
}

/// The direction that prose may name beside the two first-ranked values.
///
/// # Errors
/// [`Unproven`], where what the sources give does not bear a direction out.
pub(crate) fn proven(project: &Project, before: &ReleasedCell, now: &ReleasedCell) -> Result<Direction, Unproven> {
    let (earlier, later) = (sourced_values(before), sourced_values(now));
    if let Some(Value::Code(_)) = now.value {
        return proven_on_scale(project, before, now);
    }
    if !before.contested && !now.contested {
        return direction(project, before, now).ok_or(Unproven::NotExact);
    }
    if !share_a_source(before, now) {
        return Err(Unproven::Apart);
    }
    match within_sources(&earlier, &later) {
        WithinSources::All(way) => Ok(way),
        // What the other sources give may go another way from the number that is printed.
        WithinSources::Shared(way) if all_go(&earlier, &later, way) => Ok(way),
        WithinSources::Shared(_) | WithinSources::Disagree => Err(Unproven::Disagree),
        WithinSources::Open(_) | WithinSources::NotExact => Err(Unproven::NotExact),
        WithinSources::Apart => Err(Unproven::Apart),
    }
}

/// A rating is not a count: those of two sources are compared, and every pair of contested ones must go the same way.
fn proven_on_scale(project: &Project, before: &ReleasedCell, now: &ReleasedCell) -> Result<Direction, Unproven> {
    let mut ways = BTreeSet::new();
    for (earlier, _) in before.readings() {
        for (later, _) in now.readings() {
            let way = if earlier == later { Some(Direction::Same) } else { on_scale(project, now, earlier, later) };
            ways.insert(way.ok_or(Unproven::OffScale)?);
        }
    }
    match ways.into_iter().collect::<Vec<_>>()[..] {
        [way] => Ok(way),
        _ => Err(Unproven::Disagree),
    }
}

/// Whether a source gives the first-ranked value of both figures.
pub(crate) fn share_a_source(before: &ReleasedCell, now: &ReleasedCell) -> bool {
    before.sources.iter().any(|source| now.sources.contains(source))
}

/// What the sources say together. Only two values of one source are compared.
pub(crate) fn within_sources(earlier: &[SourcedValue<'_>], later: &[SourcedValue<'_>]) -> WithinSources {
    let from = |now: &SourcedValue<'_>| {
        let own = earlier.iter().filter(|before| one_source(**before, *now));
        own.map(|before| between(*before, *now)).collect::<Vec<_>>()
    };
    let each: Vec<Vec<Option<Direction>>> = later.iter().map(from).collect();
    let ways: BTreeSet<Option<Direction>> = each.iter().flatten().copied().collect();
    let whole = each.iter().all(|own| !own.is_empty());
    // `None`, a direction left open, sorts first.
    match ways.into_iter().collect::<Vec<_>>()[..] {
        [] => WithinSources::Apart,
        [None] => WithinSources::NotExact,
        [Some(way)] if whole => WithinSources::All(way),
        [Some(way)] => WithinSources::Shared(way),
        [None, Some(way)] => WithinSources::Open(way),
        _ => WithinSources::Disagree,
    }
}

/// What weakens a direction between two uncontested figures.
pub(crate) fn weakness(
    earlier: &[SourcedValue<'_>],
    later: &[SourcedValue<'_>],
    direction: Direction,
) -> Option<Weakness> {
    let (before, now) = (*earlier.first()?, *later.first()?);
    let goes = |before, now| between(before, now) == Some(direction);
    let all = later.iter().all(|now| goes(before, *now)) && earlier.iter().all(|before| goes(*before, now));
    if !all {
        return Some(Weakness::Open);
    }
    (!one_source(before, now)).then_some(Weakness::Across)
}

fn all_go(earlier: &[SourcedValue<'_>], later: &[SourcedValue<'_>], direction: Direction) -> bool {
    earlier.iter().all(|before| later.iter().all(|now| between(*before, *now) == Some(direction)))
}

fn one_source(before: SourcedValue<'_>, now: SourcedValue<'_>) -> bool {
    before.sources.iter().any(|source| now.sources.contains(source))
}

/// The direction from one value to another, where every number that the two allow goes that way.
fn between(before: SourcedValue<'_>, now: SourcedValue<'_>) -> Option<Direction> {
    let exact = before.qualifier == Qualifier::Exact && now.qualifier == Qualifier::Exact;
    let (before, now) = (limits(before.value, before.qualifier)?, limits(now.value, now.qualifier)?);
    if now.0 > before.1 {
        Some(Direction::Up)
    } else if now.1 < before.0 {
        Some(Direction::Down)
    } else {
        exact.then_some(Direction::Same)
    }
}

/// The least and the greatest number that a value allows.
pub(super) fn limits(value: &Value, qualifier: Qualifier) -> Option<(f64, f64)> {
    if let Some(count) = value.count() {
        let (least, most) = satisfying(count, qualifier);
        return Value::Count(least).number().zip(Value::Count(most).number());
    }
    let number = value.number()?;
    Some(match qualifier {
        Qualifier::AtLeast => (number, f64::INFINITY),
        Qualifier::AtMost => (f64::NEG_INFINITY, number),
        Qualifier::Exact | Qualifier::Approximate => (number, number),
    })
}

/// The direction between two codes of a scale; the better code is listed first, so that a later one is a step down.
fn on_scale(project: &Project, cell: &ReleasedCell, before: &Value, now: &Value) -> Option<Direction> {
    let (before, now) = (order(project, cell, before)?, order(project, cell, now)?);
    Some(if now > before {
        Direction::Up
    } else if now < before {
        Direction::Down
    } else {
        Direction::Same
    })
}

/// The place of a code on the ordinal scale of its indicator, the best first.
pub(crate) fn band(project: &Project, cell: &ReleasedCell, code: &str) -> Option<usize> {
    let indicator = project.indicator(&cell.indicator)?;
    project.scale(indicator).iter().position(|known| known == code)
}

/// A number to sort values by; of two codes on a scale the better one has the greater.
pub(super) fn order(project: &Project, cell: &ReleasedCell, value: &Value) -> Option<f64> {
    match value {
        Value::Code(code) => band(project, cell, code).and_then(|at| u32::try_from(at).ok()).map(|at| -f64::from(at)),
        value => value.number(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Direction::{Down, Same, Up};
    use Qualifier::{Approximate, AtLeast, AtMost, Exact};

    /// A value with its sources.
    type Stated<'s> = (&'s Value, Qualifier, &'s [String]);

    fn values<'s>(stated: &[Stated<'s>]) -> Vec<SourcedValue<'s>> {
        stated
            .iter()
            .map(|(value, qualifier, sources)| SourcedValue { value, qualifier: *qualifier, sources })
            .collect()
    }

    fn from_to(before: (i64, Qualifier), now: (i64, Qualifier)) -> Option<Direction> {
        let [one, other] = [before.0, now.0].map(Value::Count);
        between(values(&[(&one, before.1, &[])])[0], values(&[(&other, now.1, &[])])[0])
    }

    #[test]
    fn a_bound_leaves_open_what_lies_beyond_it() {
        assert_eq!(from_to((16, Exact), (40, Exact)), Some(Up));
        assert_eq!(from_to((16, Exact), (12, AtLeast)), None);
        assert_eq!(from_to((16, Exact), (17, AtLeast)), Some(Up));
        assert_eq!(from_to((16, AtLeast), (40, Exact)), None);
        assert_eq!(from_to((16, AtLeast), (12, Exact)), Some(Down));
        assert_eq!(from_to((16, AtMost), (40, Exact)), Some(Up));
        assert_eq!(from_to((100, Approximate), (120, Exact)), None);
        assert_eq!(from_to((100, Approximate), (200, Exact)), Some(Up));
        assert_eq!(from_to((16, Exact), (16, Exact)), Some(Same));
        assert_eq!(from_to((16, AtLeast), (16, AtLeast)), None);
    }

    #[test]
    fn every_count_is_every_count_from_its_own_source() {
        let (a, b) = (vec!["a".to_owned()], vec!["b".to_owned()]);
        let both = [a.clone(), b.clone()].concat();
        let [few, some, many] = [85, 107, 110].map(Value::Count);
        let compare = |before: &[Stated<'_>], now: &[Stated<'_>]| within_sources(&values(before), &values(now));
        let later = [(&few, Exact, &a[..]), (&some, Exact, &b[..])];
        assert_eq!(compare(&[(&many, Exact, &[])], &later), WithinSources::Apart);
        assert_eq!(compare(&[(&many, Exact, &a)], &later), WithinSources::Shared(Down));
        assert_eq!(compare(&[(&many, Exact, &both)], &later), WithinSources::All(Down));
        assert_eq!(compare(&[(&many, Exact, &a), (&few, Exact, &b)], &later), WithinSources::Disagree);
        assert_eq!(compare(&[(&few, AtLeast, &a)], &later), WithinSources::NotExact);
        assert_eq!(compare(&[(&many, Exact, &a), (&few, AtLeast, &b)], &later), WithinSources::Open(Down));
    }

    #[test]
    fn a_source_that_leaves_an_agreed_direction_open_weakens_it() {
        let (a, b) = (vec!["a".to_owned()], vec!["b".to_owned()]);
        let [few, some, many] = [12, 16, 40].map(Value::Count);
        let weak = |before: &[Stated<'_>], now: &[Stated<'_>]| weakness(&values(before), &values(now), Up);
        let before = [(&some, Exact, &a[..])];
        assert_eq!(weak(&before, &[(&many, Exact, &a), (&few, AtLeast, &b)]), Some(Weakness::Open));
        assert_eq!(weak(&before, &[(&many, Exact, &a), (&many, AtLeast, &b)]), None);
        let with_bound = [(&some, Exact, &a[..]), (&few, AtLeast, &b[..])];
        assert_eq!(weak(&with_bound, &[(&many, Exact, &a)]), Some(Weakness::Open));
        assert_eq!(weak(&before, &[(&many, Exact, &b)]), Some(Weakness::Across));
        assert_eq!(weak(&before, &[(&many, Exact, &a)]), None);
    }
}
