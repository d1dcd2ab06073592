//! Shares of a part in the whole that its own source gives. Another source's total may count other people, so it is never
//! the denominator
//! (docs/data.md#how-rows-are-read, rule 7).

use super::cell::{Alternative, Relation, ReleasedCell, Status};
use super::quotient::{Incomparable, Pairs, is_small, of_two, quotient};
use super::release::CountryRelease;
use crate::figures::Lineage;
use crate::project::schema::{TOTAL, UNKNOWN};
use crate::value::Value;

/// Why a part has no share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoBase {
    /// Its source gives no total.
    NoTotal,
    /// Its source counts some persons as unknown, and its known parts are not complete.
    Unknown,
}

/// The share of a part in the whole of its own source, in whole per cent, halves up.
///
/// # Errors
/// When the two have no share.
pub fn share(part: &ReleasedCell, whole: &ReleasedCell, dimension: &str) -> Result<ReleasedCell, Incomparable> {
    let id = format!("{}:share={dimension}", part.id);
    let percent = |part: &Value, whole: &Value| quotient(part.count()?, whole.count()?, 100, 0);
    let share = of_two(id, (Relation::Share, "share of"), (part, whole), Pairs::OfOneSource, percent)?;
    Ok(ReleasedCell { small_base: is_small(whole), ..share })
}

/// The denominator of a part's share, as its own source gives it: the total or, where some persons are recorded as unknown,
/// the sum of the known parts. Persons recorded as unknown are never in a denominator, and the known parts are never found by
/// subtraction.
///
/// # Errors
/// When no source of the part gives its whole.
pub fn whole(country: &CountryRelease, part: &ReleasedCell, dimension: &str) -> Result<ReleasedCell, NoBase> {
    let mut why = NoBase::NoTotal;
    for source in &part.sources {
        match whole_of(country, part, dimension, source) {
            Ok(whole) => return Ok(whole),
            Err(NoBase::Unknown) => why = NoBase::Unknown,
            Err(NoBase::NoTotal) => {}
        }
    }
    Err(why)
}

fn whole_of(
    country: &CountryRelease,
    part: &ReleasedCell,
    dimension: &str,
    source: &str,
) -> Result<ReleasedCell, NoBase> {
    let mut codes = part.codes.clone();
    codes.remove(dimension);
    let alike = || country.cells(&part.indicator).iter().filter(|cell| cell.period == part.period);
    let beside = |cell: &&ReleasedCell| {
        let same = |(d, code): (&String, &String)| d == dimension || codes.get(d) == Some(code);
        cell.codes.contains_key(dimension) && cell.codes.len() == codes.len() + 1 && cell.codes.iter().all(same)
    };
    let parts: Vec<ReleasedCell> = alike().filter(beside).filter_map(|cell| as_given(country, cell, source)).collect();
    if parts.iter().any(|cell| code(cell, dimension) == UNKNOWN && !cell.is_zero()) {
        return known_parts(country, &parts, dimension, source).ok_or(NoBase::Unknown);
    }
    let total = alike().find(|cell| cell.codes == codes).and_then(|cell| as_given(country, cell, source));
    total.ok_or(NoBase::NoTotal)
}

/// The sum of a source's known parts, if they are complete.
fn known_parts(
    country: &CountryRelease,
    parts: &[ReleasedCell],
    dimension: &str,
    source: &str,
) -> Option<ReleasedCell> {
    let declared = country.source(source).is_some_and(|record| record.complete.iter().any(|known| known == dimension));
    let codes: Vec<&str> = parts.iter().map(|cell| code(cell, dimension)).collect();
    let covers = crate::tables::parts::complete(&codes, declared, country.iso3());
    let known = covers.first()?.iter().map(|at| &parts[*at]);
    sum(&known.filter(|cell| code(cell, dimension) != UNKNOWN).collect::<Vec<_>>())
}

/// A cell with one source's reading put first; none where the source gives none.
pub(super) fn as_given(country: &CountryRelease, cell: &ReleasedCell, source: &str) -> Option<ReleasedCell> {
    let gives = |sources: &[String]| sources.iter().any(|known| known == source);
    if gives(&cell.sources) {
        return Some(cell.clone());
    }
    let at = cell.alternatives.iter().position(|other| gives(&other.sources))?;
    let mut given = cell.clone();
    let own = given.alternatives.remove(at);
    let first = cell.value.clone().map(|value| Alternative {
        value,
        qualifier: cell.qualifier,
        status: cell.status,
        sources: cell.sources.clone(),
        rows: cell.rows.clone(),
        yields: own.yields,
    });
    given.alternatives.splice(0..0, first);
    let register = country.source(source).is_some_and(|record| record.register);
    let Alternative { value, qualifier, status, sources, rows, .. } = own;
    let (value, agreeing) = (Some(value), Lineage::default());
    Some(ReleasedCell { value, qualifier, status, sources, rows, agreeing, register, ..given })
}

fn code<'c>(cell: &'c ReleasedCell, dimension: &str) -> &'c str {
    cell.codes.get(dimension).map_or(TOTAL, String::as_str)
}

/// The sum of cells of one period and source; without a value if one of them has none. None where their qualifiers do not
/// combine.
fn sum(cells: &[&ReleasedCell]) -> Option<ReleasedCell> {
    let first = *cells.first()?;
    let mut sum =
        ReleasedCell { contested: false, alternatives: Vec::new(), agreeing: Lineage::default(), ..first.clone() };
    if let Some(missing) = cells.iter().find(|cell| cell.value.is_none()) {
        return Some(ReleasedCell { value: None, below: None, status: missing.status, ..sum });
    }
    let mut total = 0_i64;
    sum.rows = Lineage::default();
    for (at, cell) in cells.iter().enumerate() {
        total = total.checked_add(cell.value.as_ref()?.count()?)?;
        sum.rows = sum.rows.and(&cell.rows);
        sum.sources.retain(|source| cell.sources.contains(source));
        if at > 0 {
            sum.qualifier = sum.qualifier.plus(cell.qualifier)?;
        }
    }
    let derived = if sum.status == Status::Published { Status::Derived } else { sum.status };
    Some(ReleasedCell { value: Some(Value::Count(total)), status: derived, ..sum })
}
