//! Figures computed from released ones: changes, shares and ratios. Nothing else is read here, so that they can tell nothing
//! that the release does not tell already (3.3).

use super::release::{Alternative, CountryRelease, Relation, ReleasedCell, Status};
use crate::indicator::{Indicator, Measure, Ratio, Selector};
use crate::schema::{TOTAL, UNKNOWN};
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
    of_two(id, Relation::Change, "change since", now, before, difference)
}

/// The share of a part in its whole, in whole per cent, halves up.
///
/// # Errors
/// When the two have no share.
pub fn share(part: &ReleasedCell, whole: &ReleasedCell, dimension: &str) -> Result<ReleasedCell, Incomparable> {
    let id = format!("{}:share={dimension}", part.id);
    let percent = |part: &Value, whole: &Value| quotient(part.count()?, whole.count()?, 100, 0);
    let share = of_two(id, Relation::Share, "share of", part, whole, percent)?;
    Ok(ReleasedCell { small_base: is_small(whole), ..share })
}

/// What a part is a share of: the total, or, where some are recorded as unknown, the known parts alone. An unknown is never
/// in a denominator (3.2.7), and nothing is taken from the total to find the others.
#[must_use]
pub fn whole(country: &CountryRelease, part: &ReleasedCell, dimension: &str) -> Option<ReleasedCell> {
    let mut codes = part.codes.clone();
    codes.remove(dimension);
    let alike: Vec<&ReleasedCell> = country.cells(&part.indicator).iter().filter(|c| c.period == part.period).collect();
    let total = alike.iter().copied().find(|cell| cell.codes == codes);
    let beside = |cell: &&&ReleasedCell| {
        let same = |(d, code): (&String, &String)| d == dimension || codes.get(d) == Some(code);
        cell.codes.contains_key(dimension) && cell.codes.len() == codes.len() + 1 && cell.codes.iter().all(same)
    };
    let parts: Vec<&ReleasedCell> = alike.iter().filter(beside).copied().collect();
    let unknown = parts.iter().any(|cell| code(cell, dimension) == UNKNOWN && !cell.is_zero());
    if !unknown {
        return total.cloned();
    }
    let declared = |cell: &ReleasedCell| {
        let source = cell.sources.first().and_then(|id| country.source(id));
        source.is_some_and(|source| source.complete.iter().any(|known| known == dimension))
    };
    let codes: Vec<&str> = parts.iter().map(|cell| code(cell, dimension)).collect();
    let covers = crate::parts::complete(&codes, parts.iter().all(|cell| declared(cell)), country.iso3());
    let known: Vec<&ReleasedCell> =
        covers.first()?.iter().map(|at| parts[*at]).filter(|cell| code(cell, dimension) != UNKNOWN).collect();
    sum(&known)
}

fn code<'c>(cell: &'c ReleasedCell, dimension: &str) -> &'c str {
    cell.codes.get(dimension).map_or(TOTAL, String::as_str)
}

/// The sum of cells of one period, none where one has no number or the qualifiers do not mix.
fn sum(cells: &[&ReleasedCell]) -> Option<ReleasedCell> {
    let mut sum = (*cells.first()?).clone();
    let mut total = 0_i64;
    sum.rows.clear();
    for (at, cell) in cells.iter().enumerate() {
        total = total.checked_add(cell.value.as_ref().filter(|_| !cell.contested)?.count()?)?;
        sum.rows.extend(cell.rows.iter().cloned());
        if at > 0 {
            sum.qualifier = sum.qualifier.plus(cell.qualifier)?;
        }
    }
    sum.value = Some(Value::Count(total));
    Some(sum)
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
    let cell = of_two(id, Relation::Own, "ratio of", of, to, of_values).ok()?;
    let (indicator, codes) = (indicator.id.clone(), std::collections::BTreeMap::new());
    Some(ReleasedCell { indicator, codes, small_base: is_small(to), ..cell })
}

fn is_small(base: &ReleasedCell) -> bool {
    base.value.as_ref().and_then(Value::count).is_some_and(|count| count < SMALL_BASE)
}

/// A figure of two others, every reading of each against every reading of the other; missing where one of them is.
fn of_two(
    id: String,
    relation: Relation,
    rule: &'static str,
    one: &ReleasedCell,
    other: &ReleasedCell,
    compute: impl Fn(&Value, &Value) -> Option<Value>,
) -> Result<ReleasedCell, Incomparable> {
    let merged = |mut list: Vec<String>, more: &[String]| {
        more.iter().for_each(|item| {
            if !list.contains(item) {
                list.push(item.clone());
            }
        });
        list
    };
    let mut cell = ReleasedCell {
        id,
        relation,
        rule,
        value: None,
        qualifier: Qualifier::Exact,
        status: missing(one, other).unwrap_or(Status::Derived),
        sources: merged(one.sources.clone(), &other.sources),
        rows: merged(one.rows.clone(), &other.rows),
        agreeing: Vec::new(),
        alternatives: Vec::new(),
        contested: one.contested || other.contested,
        as_reported: Vec::new(),
        register: one.register || other.register,
        unreleased: one.unreleased || other.unreleased,
        ..one.clone()
    };
    if cell.status != Status::Derived {
        cell.contested = false;
        return Ok(cell);
    }
    for reading in read(one) {
        for base in read(other).into_iter().filter(|base| comparable(one, other, &reading, base)) {
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

/// One reading of a figure, with who gives it.
struct Reading<'c> {
    value: &'c Value,
    qualifier: Qualifier,
    sources: &'c [String],
    rows: &'c [String],
    first: bool,
}

/// The readings of a figure, the first-ranked first.
fn read(cell: &ReleasedCell) -> Vec<Reading<'_>> {
    let ReleasedCell { qualifier, sources, rows, .. } = cell;
    let own = cell.value.iter().map(|value| Reading { value, qualifier: *qualifier, sources, rows, first: true });
    let others = cell.alternatives.iter().filter(|_| cell.contested).map(|other| {
        let Alternative { value, qualifier, sources, rows, .. } = other;
        Reading { value, qualifier: *qualifier, sources, rows, first: false }
    });
    own.chain(others).collect()
}

/// The first readings are compared whoever gives them. Others only with what the same source gives, or with what no source
/// contests: what two sources say of different people is no reading of anybody's.
fn comparable(one: &ReleasedCell, other: &ReleasedCell, reading: &Reading<'_>, base: &Reading<'_>) -> bool {
    let shared = reading.sources.iter().any(|source| base.sources.contains(source));
    reading.first && base.first || shared || !(one.contested && other.contested)
}

/// The first reading is the value; others that differ stand beside it.
fn take(cell: &mut ReleasedCell, value: Value, qualifier: Qualifier, sources: Vec<String>, rows: Vec<String>) {
    match &cell.value {
        None => (cell.value, cell.qualifier) = (Some(value), qualifier),
        Some(first) if first.equals(&value) || cell.alternatives.iter().any(|other| other.value.equals(&value)) => {}
        Some(_) => {
            let yields = super::Yielding::Order;
            cell.alternatives.push(Alternative { value, qualifier, sources, rows, yields });
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
fn quotient(part: i64, whole: i64, per: i64, places: u32) -> Option<Value> {
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
