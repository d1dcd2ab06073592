//! Changes and ratios, computed from released figures only, so that they reveal nothing that the release does not already
//! (shares: `share`)
//! (docs/disclosure.md#what-is-decided-and-how).

use super::cell::{RATIO, Relation, ReleasedCell};
use super::quotient::{Incomparable, Pairs, decimal, is_small, of_two, quotient};
use super::release::CountryRelease;
use super::share::{as_given, whole};
use crate::project::indicator::{Indicator, Measure, Ratio, Selector};
use crate::value::Value;

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
    let cell = of_two(id, (Relation::Own, RATIO), (of, &base), pairs, of_values).ok()?;
    let (indicator, codes) = (indicator.id.clone(), std::collections::BTreeMap::new());
    Some(ReleasedCell { indicator, codes, small_base: is_small(&base), ..cell })
}

/// Whether one figure of an indicator is a part of the other: the ratio of the two is a share.
fn is_part(of: &ReleasedCell, to: &ReleasedCell) -> bool {
    let inside = to.codes.iter().all(|(dimension, code)| of.codes.get(dimension) == Some(code));
    of.indicator == to.indicator && inside && of.codes.len() > to.codes.len()
}

/// The denominator: for a share, the whole as the part's own source gives it; none where it gives none.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_keep_the_finer_digits() {
        let decimal = |text: &str| Value::Decimal(text.into());
        assert_eq!(subtract(&decimal("7.25"), &decimal("6.5")), Some(decimal("0.75")));
        assert_eq!(subtract(&Value::Count(6), &decimal("6.5")), Some(decimal("-0.5")));
        assert_eq!(subtract(&Value::Count(30), &Value::Count(41)), Some(Value::Count(-11)));
        assert_eq!(subtract(&Value::Code("2".into()), &Value::Code("3".into())), None);
    }
}
