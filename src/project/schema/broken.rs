//! The constraint of a field that a value of its type breaks.

use super::field::{Bound, Constraints, Field};
use super::logical::Logical;

/// A constraint that a cell breaks.
pub enum Broken<'f> {
    /// It is not among the values allowed.
    Unlisted,
    /// It is below a lower bound.
    Below(&'f Bound),
    /// It is above an upper bound.
    Above(&'f Bound),
    /// It has fewer characters or items than it must have.
    Short(usize, &'static str),
    /// It has more of them than it may have.
    Long(usize, &'static str),
    /// It does not match the pattern.
    Pattern,
    /// It has the shape of a country's code and is none.
    Country,
}

impl Field {
    /// The first constraint that a cell of the right type breaks.
    #[must_use]
    pub fn broken(&self, value: &str) -> Option<Broken<'_>> {
        let limits = &self.constraints;
        if !self.allows(value) {
            return Some(Broken::Unlisted);
        }
        let of_value = if limits.is_open() { None } else { outside(&self.read(value)?, limits) };
        let misshapen = || limits.pattern.as_ref().filter(|pattern| !pattern.is_match(value)).map(|_| Broken::Pattern);
        let nowhere = || self.names_no_country(value).then_some(Broken::Country);
        of_value.or_else(misshapen).or_else(nowhere)
    }

    /// Whether a text can be a cell of this field: a value of its type within its constraints, a state of an observation,
    /// or nothing where nothing is due.
    #[must_use]
    pub fn holds(&self, text: &str) -> bool {
        if text.is_empty() {
            return !self.constraints.required;
        }
        if self.observed && self.missing.contains_key(text) {
            return true;
        }
        let plain = !(self.observed && self.kind == super::Kind::Number && text.contains(['e', 'E']));
        plain && self.accepts(text) && self.broken(text).is_none()
    }
}

/// The bound or the length that a value breaks.
fn outside<'f>(value: &Logical, limits: &'f Constraints) -> Option<Broken<'f>> {
    if let Some(least) = limits.minimum.iter().find(|least| least.is_above(value)) {
        return Some(Broken::Below(least));
    }
    if let Some(most) = limits.maximum.iter().find(|most| most.is_below(value)) {
        return Some(Broken::Above(most));
    }
    let unit = if matches!(value, Logical::List(_)) { "items" } else { "characters" };
    match value.length()? {
        length if limits.min_length.is_some_and(|least| length < least) => Some(Broken::Short(length, unit)),
        length if limits.max_length.is_some_and(|most| length > most) => Some(Broken::Long(length, unit)),
        _ => None,
    }
}
