//! Exact fractions of whole numbers. A result that does not fit is none, never rounded.

use std::cmp::Ordering;

/// A fraction in lowest terms with a denominator above zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rational {
    numerator: i128,
    denominator: i128,
}

impl Rational {
    /// Zero.
    pub const ZERO: Self = Self { numerator: 0, denominator: 1 };
    /// One.
    pub const ONE: Self = Self { numerator: 1, denominator: 1 };

    /// A whole number.
    #[must_use]
    pub fn whole(number: i128) -> Self {
        Self { numerator: number, denominator: 1 }
    }

    fn reduced(numerator: i128, denominator: i128) -> Option<Self> {
        let divisor = divisor(numerator, denominator);
        let sign = if denominator < 0 { -1 } else { 1 };
        let by = divisor.checked_mul(sign)?;
        Some(Self { numerator: numerator.checked_div(by)?, denominator: denominator.checked_div(by)? })
    }

    /// Numerator and denominator.
    #[must_use]
    pub fn parts(self) -> (i128, i128) {
        (self.numerator, self.denominator)
    }

    /// The nearest floating-point number.
    #[must_use]
    #[allow(clippy::cast_precision_loss, reason = "near is what is asked for")]
    pub fn near(self) -> f64 {
        self.numerator as f64 / self.denominator as f64
    }

    /// Whether it is zero.
    #[must_use]
    pub fn is_zero(self) -> bool {
        self.numerator == 0
    }

    /// Whether it is above zero.
    #[must_use]
    pub fn is_positive(self) -> bool {
        self.numerator > 0
    }

    /// The sum, if it fits.
    #[must_use]
    pub fn plus(self, other: Self) -> Option<Self> {
        if self.denominator == 1 && other.denominator == 1 {
            return Some(Self::whole(self.numerator.checked_add(other.numerator)?));
        }
        let left = self.numerator.checked_mul(other.denominator)?;
        let right = other.numerator.checked_mul(self.denominator)?;
        Self::reduced(left.checked_add(right)?, self.denominator.checked_mul(other.denominator)?)
    }

    /// The other sign.
    #[must_use]
    pub fn negated(self) -> Option<Self> {
        Some(Self { numerator: self.numerator.checked_neg()?, ..self })
    }

    /// The difference, if it fits.
    #[must_use]
    pub fn minus(self, other: Self) -> Option<Self> {
        self.plus(other.negated()?)
    }

    /// The product, if it fits.
    #[must_use]
    pub fn times(self, other: Self) -> Option<Self> {
        let numerator = self.numerator.checked_mul(other.numerator)?;
        if self.denominator == 1 && other.denominator == 1 {
            return Some(Self::whole(numerator));
        }
        Self::reduced(numerator, self.denominator.checked_mul(other.denominator)?)
    }

    /// The quotient, if it fits and there is one.
    #[must_use]
    pub fn over(self, other: Self) -> Option<Self> {
        if other.is_zero() {
            return None;
        }
        let numerator = self.numerator.checked_mul(other.denominator)?;
        Self::reduced(numerator, self.denominator.checked_mul(other.numerator)?)
    }

    /// Which is greater, if the products fit.
    #[must_use]
    pub fn against(self, other: Self) -> Option<Ordering> {
        if self.denominator == other.denominator {
            return Some(self.numerator.cmp(&other.numerator));
        }
        let left = self.numerator.checked_mul(other.denominator)?;
        Some(left.cmp(&other.numerator.checked_mul(self.denominator)?))
    }
}

/// The greatest common divisor (Euclid); at least 1.
fn divisor(one: i128, other: i128) -> i128 {
    let (mut a, mut b) = (one.unsigned_abs(), other.unsigned_abs());
    while b != 0 {
        (a, b) = (b, a % b);
    }
    i128::try_from(a.max(1)).unwrap_or(1)
}
