//! Floating-point numbers of the guide to the fractions that they approximate.

use super::rational::Rational;

/// The largest denominator tried.
const FINEST: f64 = 30_000.0;
/// The largest difference between a number and its fraction.
const NEAR: f64 = 2e-10;
/// Whole numbers from here on are not exact in floating point.
const LARGE: f64 = 4e12;

/// The fractions that these numbers are near to.
pub(super) fn rounded(values: &[f64]) -> Option<Vec<Rational>> {
    values.iter().map(|value| fraction(*value)).collect()
}

/// Fractions as parts of one denominator.
pub(super) fn parts(fractions: &[Rational]) -> Option<(Vec<i128>, i128)> {
    let mut all = Rational::ONE;
    for fraction in fractions {
        let (_, denominator) = fraction.parts();
        let (_, missing) = all.over(Rational::whole(denominator))?.parts();
        all = all.times(Rational::whole(missing))?;
    }
    let part = |fraction: &Rational| Some(fraction.times(all)?.parts().0);
    Some((fractions.iter().map(part).collect::<Option<_>>()?, all.parts().0))
}

/// The fraction with the least denominator that a number is near to, by its continued fraction.
fn fraction(value: f64) -> Option<Rational> {
    if value.abs() > LARGE {
        return None;
    }
    let near = NEAR.max(value.abs() * 1e-13);
    let ((mut part, mut before), (mut whole, mut under)) = ((value.floor(), 1.0), (1.0, 0.0));
    let mut rest = value - part;
    while (value - part / whole).abs() > near {
        let next = 1.0 / rest;
        let times = next.floor();
        rest = next - times;
        ((part, before), (whole, under)) = ((times * part + before, part), (times * whole + under, whole));
        if whole > FINEST || !whole.is_finite() {
            return None;
        }
    }
    #[allow(clippy::cast_possible_truncation, reason = "both are whole and small enough")]
    Rational::whole(part as i128).over(Rational::whole(whole as i128))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_taken_for_the_fractions_they_are_near_to() {
        let parts = |values: &[f64]| rounded(values).and_then(|fractions| parts(&fractions));
        assert_eq!(parts(&[3.0, -2.000_000_000_1, 0.0]), Some((vec![3, -2, 0], 1)));
        assert_eq!(parts(&[0.5, 1.0 / 3.0, -1.25]), Some((vec![6, 4, -15], 12)));
        assert_eq!(parts(&[64_428.333_333_333_333]), Some((vec![193_285], 3)));
        assert_eq!(parts(&[std::f64::consts::PI]), None);
        assert_eq!(parts(&[0.999_999_999_99]), Some((vec![1], 1)));
    }
}
