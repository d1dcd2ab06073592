//! The content of a cell: a number with its qualifier, a code, or a state such as "not reported".

/// A value as its source gives it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A count of units.
    Count(i64),
    /// A decimal number, with its digits as written: `6.50`.
    Decimal(String),
    /// A code of an ordinal scale: `2WL`.
    Code(String),
}

/// How exact a number is, as its source states.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Qualifier {
    /// The number itself.
    Exact,
    /// About the number.
    Approximate,
    /// The number or more.
    AtLeast,
    /// The number or less.
    AtMost,
}

/// The kinds of missing values, which are printed differently. A reported zero is a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    /// No figure was found.
    NotReported,
    /// The question does not apply.
    NotApplicable,
    /// A figure exists and is not shown.
    Withheld,
}

impl Value {
    /// The number, for drawing; none for a code.
    #[must_use]
    pub fn number(&self) -> Option<f64> {
        match self {
            // Only a count above nine quadrillion loses precision as a float.
            #[allow(clippy::cast_precision_loss)]
            Self::Count(count) => Some(*count as f64),
            Self::Decimal(written) => written.parse().ok(),
            Self::Code(_) => None,
        }
    }

    /// Whether both are the same value: digits are compared as numbers, so 6.5 is 6.50.
    #[must_use]
    pub fn equals(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Code(one), Self::Code(other)) => one == other,
            (one, other) => one.number().zip(other.number()).is_some_and(|(a, b)| (a - b).abs() < f64::EPSILON),
        }
    }

    /// The whole number, if it is one.
    #[must_use]
    pub fn count(&self) -> Option<i64> {
        match self {
            Self::Count(count) => Some(*count),
            _ => None,
        }
    }

    /// The value in JSON: a count and a decimal as numbers, a tier as text.
    #[must_use]
    pub fn json(&self) -> serde_json::Value {
        match self {
            Self::Count(count) => (*count).into(),
            Self::Decimal(written) => written.parse::<f64>().map_or_else(|_| written.clone().into(), Into::into),
            Self::Code(code) => code.clone().into(),
        }
    }

    /// The value in data files: digits or the code.
    #[must_use]
    pub fn plain(&self) -> String {
        match self {
            Self::Count(count) => count.to_string(),
            Self::Decimal(text) | Self::Code(text) => text.clone(),
        }
    }
}

impl Qualifier {
    /// Reads a code of the `qualifier` column. An unknown code counts as exact, since `validate` rejects it anyway.
    #[must_use]
    pub fn read(code: &str) -> Self {
        match code {
            "approximate" => Self::Approximate,
            "at_least" => Self::AtLeast,
            "at_most" => Self::AtMost,
            _ => Self::Exact,
        }
    }

    /// Its code in tables and catalogues.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Approximate => "approximate",
            Self::AtLeast => "at_least",
            Self::AtMost => "at_most",
        }
    }

    /// The qualifier of a sum; none if the two cannot be combined, such as a minimum and a maximum.
    #[must_use]
    pub fn plus(self, other: Self) -> Option<Self> {
        match (self, other) {
            (one, same) if one == same => Some(one),
            (Self::Exact, one) | (one, Self::Exact) => Some(one),
            _ => None,
        }
    }

    /// The qualifier of a difference or a quotient of two numbers; none if nothing is known about the result.
    #[must_use]
    pub fn against(self, base: Self) -> Option<Self> {
        match (self, base) {
            (one, Self::Exact) => Some(one),
            (Self::Exact | Self::AtMost, Self::AtLeast) => Some(Self::AtMost),
            (Self::Exact | Self::AtLeast, Self::AtMost) => Some(Self::AtLeast),
            (Self::Exact | Self::Approximate, Self::Approximate) => Some(Self::Approximate),
            _ => None,
        }
    }
}

impl Missing {
    /// Reads the label of a missing value. An unknown label counts as not reported.
    #[must_use]
    pub fn read(label: &str) -> Self {
        match label.replace(' ', "_").as_str() {
            "not_applicable" => Self::NotApplicable,
            "withheld" => Self::Withheld,
            _ => Self::NotReported,
        }
    }

    /// Its code in tables, legends and catalogues.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::NotReported => "not_reported",
            Self::NotApplicable => "not_applicable",
            Self::Withheld => "withheld",
        }
    }
}

/// The true numbers that are consistent with a stated one, as an inclusive interval.
///
/// An approximate number is consistent with whatever rounds to it at the precision it is written with: "about 100" with 50
/// to 149, "about 1,680" with 1,675 to 1,684. (Significant digits: ISO 80000-1, annex B.)
#[must_use]
pub fn satisfying(count: i64, qualifier: Qualifier) -> (i64, i64) {
    match qualifier {
        Qualifier::Exact => (count, count),
        Qualifier::AtLeast => (count, i64::MAX),
        Qualifier::AtMost => (0, count),
        Qualifier::Approximate => {
            let mut step = 1;
            while count != 0 && step < i64::MAX / 10 && count % (step * 10) == 0 {
                step *= 10;
            }
            (count - step / 2, count.saturating_add((step - 1) / 2))
        }
    }
}

/// Whether sources agree: some value is consistent with all their statements.
#[must_use]
pub fn agree<'v>(statements: impl Iterator<Item = (&'v Value, Qualifier)> + Clone) -> bool {
    let counts: Option<Vec<(i64, i64)>> =
        statements.clone().map(|(value, qualifier)| value.count().map(|count| satisfying(count, qualifier))).collect();
    if let Some(intervals) = counts {
        let least = intervals.iter().map(|(least, _)| *least).max();
        let most = intervals.iter().map(|(_, most)| *most).min();
        return least <= most;
    }
    let mut values = statements.map(|(value, _)| value);
    let Some(first) = values.next() else { return true };
    values.all(|other| first.equals(other))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_keep_what_is_known() {
        use Qualifier::{Approximate, AtLeast, AtMost, Exact};
        assert_eq!(Exact.plus(AtLeast), Some(AtLeast));
        assert_eq!(Exact.plus(AtMost), Some(AtMost));
        assert_eq!(Approximate.plus(Exact), Some(Approximate));
        assert_eq!(AtLeast.plus(AtMost), None);
        assert_eq!(AtLeast.plus(Approximate), None);
    }

    #[test]
    fn approximate_numbers_have_the_width_of_their_last_digit() {
        assert_eq!(satisfying(100, Qualifier::Approximate), (50, 149));
        assert_eq!(satisfying(1680, Qualifier::Approximate), (1675, 1684));
        assert_eq!(satisfying(12, Qualifier::Approximate), (12, 12));
    }
}
