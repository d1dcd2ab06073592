//! The checker of an answer. It shares no code with the search that chose it: an answer that fails is never printed.

use super::year::{ClosedYear, Layer};

/// What is wrong with an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Broken {
    /// There are not as many numbers as groups or figures, or places that are not there.
    Shape,
    /// The base is not above the threshold.
    Base,
    /// The z of a group is negative.
    Negative {
        /// Its place.
        group: usize,
    },
    /// The base × z of a group of the last release has fallen, or has changed although no case came.
    Changed {
        /// Its place among the former groups.
        former: usize,
    },
    /// A figure is told that its rung does not tell, or is not told although its rung is.
    Rung {
        /// Its place.
        figure: usize,
    },
    /// A late figure is not base × the sum of its groups.
    Sum {
        /// Its place.
        figure: usize,
    },
    /// A late figure is as far from the truth as the base, or further.
    Far {
        /// Its place.
        figure: usize,
    },
}

/// Whether an answer keeps every promise: z is whole, not negative, and base × z has not fallen; every late figure is base × the
/// sum of z over its groups; 0 is told of a growth below the base, any other number of a growth that is nearer than the base.
///
/// # Errors
/// The first promise that it breaks.
pub fn verify(year: &ClosedYear, layer: &Layer) -> Result<(), Broken> {
    let (base, groups) = (year.terms.base(), &year.groups);
    if layer.z.len() != groups.len() || layer.late.len() != year.figures.len() {
        return Err(Broken::Shape);
    }
    if base <= year.terms.threshold() {
        return Err(Broken::Base);
    }
    if let Some(group) = layer.z.iter().position(|z| *z < 0) {
        return Err(Broken::Negative { group });
    }
    let mut now = vec![(0_i128, false); year.former.len()];
    for (group, z) in groups.iter().zip(&layer.z) {
        let (sum, grown) = now.get_mut(group.former).ok_or(Broken::Shape)?;
        *sum += i128::from(base) * i128::from(*z);
        *grown |= group.now > group.before.max(group.closed);
    }
    for (former, (told, (now, grown))) in year.former.iter().zip(now).enumerate() {
        // Without a case that came it is the same, or its next multiple where the base has been raised.
        let more = now - i128::from(told.told);
        if more < 0 || (!grown && more >= i128::from(base)) {
            return Err(Broken::Changed { former });
        }
    }
    (0..year.figures.len()).try_for_each(|figure| told(year, layer, figure))
}

fn told(year: &ClosedYear, layer: &Layer, number: usize) -> Result<(), Broken> {
    let (base, figure) = (i128::from(year.terms.base()), &year.figures[number]);
    let late = match (layer.late[number], layer.rung.tells(figure.dimensions)) {
        (Some(late), true) => i128::from(late),
        (None, false) => return Ok(()),
        _ => return Err(Broken::Rung { figure: number }),
    };
    let (mut sum, mut growth) = (0, 0);
    for place in &figure.groups {
        let (Some(group), Some(z)) = (year.groups.get(*place), layer.z.get(*place)) else { return Err(Broken::Shape) };
        sum += base * i128::from(*z);
        growth += i128::from(group.now) - i128::from(group.closed);
    }
    if late != sum {
        return Err(Broken::Sum { figure: number });
    }
    let near = if late == 0 { growth < base } else { (growth - late).abs() < base };
    if near { Ok(()) } else { Err(Broken::Far { figure: number }) }
}
