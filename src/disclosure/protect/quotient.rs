//! A figure computed from two released ones, reading by reading: a quotient, or whatever else a caller computes.

use super::cell::{Alternative, Relation, ReleasedCell, Status};
use crate::figures::Lineage;
use crate::value::{Qualifier, Value};

/// With a smaller denominator, one unit moves a share by more than five points.
pub const SMALL_BASE: i64 = 20;

/// Why no figure can be computed from two others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Incomparable {
    /// One of them is a code of a scale.
    NoNumber,
    /// Their qualifiers do not combine: the quotient of two minima is not a minimum.
    Qualifiers,
}

/// Whether a figure counts so few that a share of it moves much with each of them.
pub(super) fn is_small(base: &ReleasedCell) -> bool {
    base.value.as_ref().and_then(Value::count).is_some_and(|count| count < SMALL_BASE)
}

/// Which readings of two figures are combined.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Pairs {
    /// The first readings of both, whoever gives them; further readings where one source gives both.
    Comparable,
    /// Only readings that one source gives of both.
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
        rows: own_rows(one, other, pairs).and(&own_rows(other, one, pairs)),
        agreeing: Lineage::default(),
        alternatives: Vec::new(),
        contested: one.contested || other.contested,
        as_reported: Vec::new(),
        reckonable: false,
        register: one.register || other.register,
        unreleased: one.unreleased || other.unreleased,
        closed: [one, other].iter().find_map(|cell| cell.closed.clone()),
        late: None,
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
            let rows = reading.rows.clone().and(base.rows);
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

/// The sources of the first readings of two figures; for a share, those that give both.
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
fn own_rows(cell: &ReleasedCell, other: &ReleasedCell, pairs: Pairs) -> Lineage {
    let gives_both = cell.sources.first().is_some_and(|first| other.sources.contains(first));
    let rows = cell.rows.clone();
    if gives_both || pairs == Pairs::Comparable { rows } else { rows.and(&cell.agreeing) }
}

/// One reading of a figure, with its sources and rows.
struct Reading<'c> {
    value: &'c Value,
    qualifier: Qualifier,
    sources: &'c [String],
    rows: &'c Lineage,
    first: bool,
}

/// The readings of a figure, the first-ranked first; without `all` only that one.
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
    /// Whether two readings may be combined: if one source gives both, if both are first readings, or if one of the figures
    /// is uncontested. Otherwise two sources may have counted different people, and nobody ever gave the combination.
    fn fit(self, one: &ReleasedCell, other: &ReleasedCell, reading: &Reading<'_>, base: &Reading<'_>) -> bool {
        let shared = reading.sources.iter().any(|source| base.sources.contains(source));
        let uncontested = !(one.contested && other.contested);
        shared || self == Self::Comparable && (reading.first && base.first || uncontested)
    }
}

/// Takes the first reading as the value, and others that differ as alternatives.
fn take(cell: &mut ReleasedCell, value: Value, qualifier: Qualifier, sources: Vec<String>, rows: Lineage) {
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

/// The status of a figure one of whose parts has no value; withheld comes first.
fn missing(one: &ReleasedCell, other: &ReleasedCell) -> Option<Status> {
    let states = [one, other].map(|cell| cell.status);
    let first = |state: Status| states.contains(&state).then_some(state);
    first(Status::Withheld).or_else(|| first(Status::NotApplicable)).or_else(|| first(Status::NotReported))
}

/// `part × per / whole` to so many decimal places, halves up; none for a whole of nothing.
pub(super) fn quotient(part: i64, whole: i64, per: i64, places: u32) -> Option<Value> {
    let scale = i128::from(per) * i128::from(10_i64.pow(places));
    let (part, whole) = (i128::from(part), i128::from(whole));
    let rounded = (2 * part * scale + whole).checked_div_euclid(2 * whole)?;
    Some(decimal(i64::try_from(rounded).ok()?, places))
}

/// A whole number of so many decimal places.
pub(super) fn decimal(number: i64, places: u32) -> Value {
    let places = places as usize;
    if places == 0 {
        return Value::Count(number);
    }
    let digits = format!("{:0>width$}", number.unsigned_abs(), width = places + 1);
    let (whole, fraction) = digits.split_at(digits.len() - places);
    Value::Decimal(format!("{}{whole}.{fraction}", if number < 0 { "-" } else { "" }))
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
}
