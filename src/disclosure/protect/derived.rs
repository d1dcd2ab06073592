//! Figures computed from released ones: changes and ratios here, shares in `share`. Nothing else is read, so that they can
//! tell nothing that the release does not tell already (docs/disclosure.md#what-is-decided-and-how).

use super::release::{Alternative, CountryRelease, Relation, ReleasedCell, Status};
use super::share::{as_given, whole};
use crate::project::indicator::{Indicator, Measure, Ratio, Selector};
use crate::value::{Qualifier, Value};

/// Under so many units in a denominator one unit moves a share by more than five points.
pub const SMALL_BASE: i64 = 20;

/// Why two figures give no third.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Incomparable {
    /// A code of a scale has no difference and no share.
    NoNumber,
    /// Their qualifiers do not mix: a minimum of a minimum tells nothing.
    Qualifiers,
}

/// The change from one period to another: later less earlier.
///
/// # Errors
/// When the two have no difference.
pub fn change(before: &ReleasedCell, now: &ReleasedCell) -> Result<ReleasedCell, Incomparable> {
    let id = format!("{}:change={}", now.id, before.period.text());
    let difference = |now: &Value, before: &Value| subtract(now, before);
    of_two(id, (Relation::Change, "change since"), (now, before), Pairs::Comparable, difference)
}

/// The cells of a ratio: one for each period in which both of its parts have one.
pub(super) fn ratio(country: &CountryRelease, indicator: &Indicator) -> Vec<ReleasedCell> {
    let Measure::Ratio(ratio) = &indicator.measure else { return Vec::new() };
    let series = |selector: &Selector| country.series(&selector.indicator, &selector.codes);
    let below = series(&ratio.to.value);
    let pair = |of: &ReleasedCell| Some((below.iter().find(|to| to.period == of.period)?, of.clone()));
    let pairs = series(&ratio.of.value).into_iter().filter_map(pair);
    pairs.filter_map(|(to, of)| of_ratio(country, indicator, ratio, &of, to)).collect()
}

fn of_ratio(
    country: &CountryRelease,
    indicator: &Indicator,
    ratio: &Ratio,
    of: &ReleasedCell,
    to: &ReleasedCell,
) -> Option<ReleasedCell> {
    let id = format!("{}/{}:{}", country.iso3(), indicator.id, of.period.text());
    let of_values = |of: &Value, to: &Value| quotient(of.count()?, to.count()?, ratio.per, 1);
    let base = base(country, of, to)?;
    let pairs = if is_part(of, to) { Pairs::OfOneSource } else { Pairs::Comparable };
    let cell = of_two(id, (Relation::Own, "ratio of"), (of, &base), pairs, of_values).ok()?;
    let (indicator, codes) = (indicator.id.clone(), std::collections::BTreeMap::new());
    Some(ReleasedCell { indicator, codes, small_base: is_small(&base), ..cell })
}

/// Whether one figure of an indicator is a part of the other: the ratio of the two is a share.
fn is_part(of: &ReleasedCell, to: &ReleasedCell) -> bool {
    let inside = to.codes.iter().all(|(dimension, code)| of.codes.get(dimension) == Some(code));
    of.indicator == to.indicator && inside && of.codes.len() > to.codes.len()
}

/// What is below the line: of a share the whole as the part's own source gives it, none where it gives none.
fn base(country: &CountryRelease, of: &ReleasedCell, to: &ReleasedCell) -> Option<ReleasedCell> {
    if !is_part(of, to) || of.value.is_none() {
        return Some(to.clone());
    }
    let mut further = of.codes.keys().filter(|dimension| !to.codes.contains_key(*dimension));
    match (further.next(), further.next()) {
        (Some(dimension), None) => whole(country, of, dimension).ok(),
        _ => of.sources.iter().find_map(|source| as_given(country, to, source)),
    }
}

pub(super) fn is_small(base: &ReleasedCell) -> bool {
    base.value.as_ref().and_then(Value::count).is_some_and(|count| count < SMALL_BASE)
}

/// Which readings of two figures are set against each other.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Pairs {
    /// The first readings whoever gives them, others where that is some source's own reading.
    Comparable,
    /// Only what one source says of both.
    OfOneSource,
}

/// A figure of two others, every reading of each against every reading of the other; missing where one of them is.
pub(super) fn of_two(
    id: String,
    (relation, rule): (Relation, &'static str),
    (one, other): (&ReleasedCell, &ReleasedCell),
    pairs: Pairs,
    compute: impl Fn(&Value, &Value) -> Option<Value>,
) -> Result<ReleasedCell, Incomparable> {
    let mut cell = ReleasedCell {
        id,
        relation,
        rule,
        value: None,
        below: None,
        qualifier: Qualifier::Exact,
        status: missing(one, other).unwrap_or(Status::Derived),
        sources: behind(one, other, pairs),
        rows: merged(own_rows(one, other, pairs), &own_rows(other, one, pairs)),
        agreeing: Vec::new(),
        alternatives: Vec::new(),
        contested: one.contested || other.contested,
        as_reported: Vec::new(),
        reckonable: false,
        register: one.register || other.register,
        unreleased: one.unreleased || other.unreleased,
        again: [one, other].iter().filter_map(|cell| cell.again.clone()).max_by_key(|again| again.differs),
        ..one.clone()
    };
    if cell.status != Status::Derived {
        cell.contested = false;
        return Ok(cell);
    }
    let all = pairs == Pairs::OfOneSource;
    for reading in read(one, one.contested) {
        for base in read(other, other.contested || all).into_iter().filter(|base| pairs.fit(one, other, &reading, base))
        {
            let qualifier = reading.qualifier.against(base.qualifier).ok_or(Incomparable::Qualifiers)?;
            let Some(value) = compute(reading.value, base.value) else {
                if base.value.count() == Some(0) && reading.value.count().is_some() {
                    return Ok(ReleasedCell { status: Status::NotApplicable, contested: false, value: None, ..cell });
                }
                return Err(Incomparable::NoNumber);
            };
            let sources = merged(reading.sources.to_vec(), base.sources);
            let rows = merged(reading.rows.to_vec(), base.rows);
            take(&mut cell, value, qualifier, sources, rows);
        }
    }
    cell.contested &= !cell.alternatives.is_empty();
    Ok(cell)
}

fn merged(mut list: Vec<String>, more: &[String]) -> Vec<String> {
    for item in more {
        if !list.contains(item) {
            list.push(item.clone());
        }
    }
    list
}

/// The sources that stand behind the first readings of two figures: of a share those that give both.
fn behind(one: &ReleasedCell, other: &ReleasedCell, pairs: Pairs) -> Vec<String> {
    match pairs {
        Pairs::Comparable => merged(one.sources.clone(), &other.sources),
        Pairs::OfOneSource => {
            let both: Vec<String> = one.sources.iter().filter(|id| other.sources.contains(id)).cloned().collect();
            // A missing figure has no reading that a source shares.
            if both.is_empty() { merged(one.sources.clone(), &other.sources) } else { both }
        }
    }
}

/// The rows behind a first reading; where its first source gives only one of the two, those of the sources that agree as well.
fn own_rows(cell: &ReleasedCell, other: &ReleasedCell, pairs: Pairs) -> Vec<String> {
    let gives_both = cell.sources.first().is_some_and(|first| other.sources.contains(first));
    let agreeing = if gives_both || pairs == Pairs::Comparable { &[][..] } else { cell.agreeing.as_slice() };
    merged(cell.rows.clone(), agreeing)
}

/// One reading of a figure, with who gives it.
struct Reading<'c> {
    value: &'c Value,
    qualifier: Qualifier,
    sources: &'c [String],
    rows: &'c [String],
    first: bool,
}

/// The readings of a figure, the first-ranked first; that one alone unless all are wanted.
fn read(cell: &ReleasedCell, all: bool) -> Vec<Reading<'_>> {
    let ReleasedCell { qualifier, sources, rows, .. } = cell;
    let own = cell.value.iter().map(|value| Reading { value, qualifier: *qualifier, sources, rows, first: true });
    let others = cell.alternatives.iter().filter(|_| all).map(|other| {
        let Alternative { value, qualifier, sources, rows, .. } = other;
        Reading { value, qualifier: *qualifier, sources, rows, first: false }
    });
    own.chain(others).collect()
}

impl Pairs {
    /// Whether two readings are set against each other. Where first readings are compared whoever gives them, others are only
    /// with what the same source gives, or with what no source contests: what two sources say of different people is no
    /// reading of anybody's.
    fn fit(self, one: &ReleasedCell, other: &ReleasedCell, reading: &Reading<'_>, base: &Reading<'_>) -> bool {
        let shared = reading.sources.iter().any(|source| base.sources.contains(source));
        let uncontested = !(one.contested && other.contested);
        shared || self == Self::Comparable && (reading.first && base.first || uncontested)
    }
}

/// The first reading is the value; others that differ stand beside it.
fn take(cell: &mut ReleasedCell, value: Value, qualifier: Qualifier, sources: Vec<String>, rows: Vec<String>) {
    match &cell.value {
        None => (cell.value, cell.qualifier) = (Some(value), qualifier),
        Some(first) if first.equals(&value) || cell.alternatives.iter().any(|other| other.value.equals(&value)) => {}
        Some(_) => {
            let yields = super::Yielding::Order;
            let status = Status::Derived;
            cell.alternatives.push(Alternative { value, qualifier, status, sources, rows, yields });
        }
    }
}

/// The state in which a figure is because one of its parts is; what is withheld comes first.
fn missing(one: &ReleasedCell, other: &ReleasedCell) -> Option<Status> {
    let states = [one, other].map(|cell| cell.status);
    let first = |state: Status| states.contains(&state).then_some(state);
    first(Status::Withheld).or_else(|| first(Status::NotApplicable)).or_else(|| first(Status::NotReported))
}

/// The difference in the digits of the finer of the two.
fn subtract(now: &Value, before: &Value) -> Option<Value> {
    if let (Some(now), Some(before)) = (now.count(), before.count()) {
        return Some(Value::Count(now.checked_sub(before)?));
    }
    let ((now, one), (before, other)) = (scaled(now)?, scaled(before)?);
    let places = one.max(other);
    let raised = |number: i64, from: u32| number.checked_mul(10_i64.checked_pow(places - from)?);
    Some(decimal(raised(now, one)?.checked_sub(raised(before, other)?)?, places))
}

/// A written number as a whole one and its number of decimal places.
fn scaled(value: &Value) -> Option<(i64, u32)> {
    let written = value.plain();
    let places = written.split_once('.').map_or(0, |(_, fraction)| fraction.len());
    let digits = match value {
        Value::Code(_) => None,
        _ => written.replace('.', "").parse().ok(),
    };
    Some((digits?, u32::try_from(places).ok()?))
}

fn decimal(number: i64, places: u32) -> Value {
    let places = places as usize;
    if places == 0 {
        return Value::Count(number);
    }
    let digits = format!("{:0>width$}", number.unsigned_abs(), width = places + 1);
    let (whole, fraction) = digits.split_at(digits.len() - places);
    Value::Decimal(format!("{}{whole}.{fraction}", if number < 0 { "-" } else { "" }))
}

/// `part × per / whole` to so many decimal places, halves up; none for a whole of nothing.
pub(super) fn quotient(part: i64, whole: i64, per: i64, places: u32) -> Option<Value> {
    let scale = i128::from(per) * i128::from(10_i64.pow(places));
    let (part, whole) = (i128::from(part), i128::from(whole));
    let rounded = (2 * part * scale + whole).checked_div_euclid(2 * whole)?;
    Some(decimal(i64::try_from(rounded).ok()?, places))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotients_round_halves_up() {
        assert_eq!(quotient(12, 41, 100, 0), Some(Value::Count(29)));
        assert_eq!(quotient(1, 8, 100, 0), Some(Value::Count(13)));
        assert_eq!(quotient(2, 3, 100, 1), Some(Value::Decimal("66.7".into())));
        assert_eq!(quotient(0, 3, 100, 1), Some(Value::Decimal("0.0".into())));
        assert_eq!(quotient(3, 0, 100, 0), None);
    }

    #[test]
    fn differences_keep_the_finer_digits() {
        let decimal = |text: &str| Value::Decimal(text.into());
        assert_eq!(subtract(&decimal("7.25"), &decimal("6.5")), Some(decimal("0.75")));
        assert_eq!(subtract(&Value::Count(6), &decimal("6.5")), Some(decimal("-0.5")));
        assert_eq!(subtract(&Value::Count(30), &Value::Count(41)), Some(Value::Count(-11)));
        assert_eq!(subtract(&Value::Code("2".into()), &Value::Code("3".into())), None);
    }
}
