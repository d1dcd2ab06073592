//! What leaves the basis of a programme, and what enters it.

use super::{Candidate, Enters, Leaving, OUTSIDE, PIVOT, Programme, Row, Stand};

/// Of how many broken sums it is measured how far prices turn with them.
const MEASURED: usize = 6;

impl Programme<'_> {
    /// Of the sums that are broken most, and the groups that are furthest outside their bounds, the one that is so most for how
    /// far prices turn with it (steepest edge: Forrest and Goldfarb, "Steepest-edge simplex algorithms for linear programming",
    /// Mathematical Programming 57, 1992).
    pub(super) fn worst(&self) -> Option<Leaving> {
        let mut broken: Vec<(f64, Leaving)> = Vec::new();
        let number = self.number();
        if !matches!(self.rows[number], Row::Held(_)) && self.width - self.sums[number] > OUTSIDE {
            broken.push((self.width - self.sums[number], Leaving::Row(number, 1.0)));
        }
        for row in self.touched.iter().copied().filter(|row| *row != number) {
            let sum = self.sums[row];
            let is_broken = match self.rows[row] {
                Row::Idle => sum.abs() > OUTSIDE,
                Row::Over => sum < -OUTSIDE,
                Row::Under => sum > OUTSIDE,
                Row::Held(_) => false,
            };
            if is_broken {
                broken.push((sum.abs(), Leaving::Row(row, if sum > 0.0 { -1.0 } else { 1.0 })));
            }
        }
        for (place, value) in self.values.iter().enumerate() {
            let group = self.kernel.groups[place];
            let (low, high) = self.bounds[group];
            let (low, high) =
                if matches!(self.stand[group], Stand::Rises(_)) { (low.max(0.0), high) } else { (low, high.min(0.0)) };
            if *value < low - OUTSIDE {
                broken.push((low - value, Leaving::Group(place, low, -1.0)));
            } else if *value > high + OUTSIDE {
                broken.push((value - high, Leaving::Group(place, high, 1.0)));
            }
        }
        let more = |one: &(f64, Leaving), other: &(f64, Leaving)| other.0.total_cmp(&one.0);
        if broken.len() > MEASURED {
            broken.select_nth_unstable_by(MEASURED - 1, more);
            broken.truncate(MEASURED);
        }
        let steep = |(excess, leaving): &(f64, Leaving)| excess * excess / self.length(*leaving);
        let best = broken.iter().max_by(|one, other| steep(one).total_cmp(&steep(other)));
        best.map(|(_, leaving)| *leaving)
    }

    /// How far prices turn with what leaves.
    fn length(&self, leaving: Leaving) -> f64 {
        let square = |prices: &[f64]| prices.iter().map(|price| price * price).sum::<f64>();
        match leaving {
            Leaving::Row(row, _) => square(&self.held(row)) + 1.0,
            Leaving::Group(place, ..) => square(self.kernel.row(place)),
        }
    }

    /// How the prices of held sums turn when a sum is priced, with the other sign.
    pub(super) fn held(&self, row: usize) -> Vec<f64> {
        let factors = self.kernel.groups.iter().map(|group| self.factor(row, *group)).enumerate();
        let factors: Vec<(usize, f64)> = factors.filter(|(_, factor)| *factor != 0.0).collect();
        self.kernel.price(&factors)
    }

    /// What may enter the basis when prices move in this way.
    pub(super) fn candidates(&self, sign: f64, own: Option<usize>, held: &[(usize, f64)]) -> Vec<Candidate> {
        let mut found = Vec::new();
        for group in self.turned.iter().copied() {
            let turn = self.turns[group];
            let Stand::At(at) = self.stand[group] else { continue };
            if turn.abs() <= PIVOT {
                continue;
            }
            let (little, (low, high), rises) = (self.little(group), self.bounds[group], sign * turn > 0.0);
            let (limit, other) = if rises { next(at, high, little) } else { next(-at, -low, little) };
            if limit.is_finite() {
                let worth = if rises { self.worth[group] } else { -self.worth[group] };
                let other = if rises { other } else { -other };
                let above = if rises { at >= 0.0 } else { at > 0.0 };
                let enters = Enters::Group { group, above, other, range: (other - at).abs() };
                found.push(Candidate { step: (limit - worth).max(0.0) / turn.abs(), pivot: turn, enters });
            }
        }
        for (row, turn) in own.map(|row| (row, 1.0)).iter().chain(held).filter(|(_, turn)| turn.abs() > PIVOT) {
            let up = sign * turn > 0.0;
            let limit = match (*row == self.number(), up) {
                (true, true) => f64::INFINITY,
                (true, false) => 0.0,
                (false, _) => self.price(*row),
            };
            if limit.is_finite() {
                let price = if up { self.prices[*row] } else { -self.prices[*row] };
                let enters = Enters::Row(*row, if up { Row::Under } else { Row::Over });
                found.push(Candidate { step: (limit - price).max(0.0) / turn.abs(), pivot: *turn, enters });
            }
        }
        found
    }
}

/// What a group that stands at `at` must be worth to rise, and the bound at which it would then stop.
fn next(at: f64, high: f64, little: f64) -> (f64, f64) {
    if at >= high {
        (f64::INFINITY, at)
    } else if at >= 0.0 {
        (little, high)
    } else {
        (-little, high.min(0.0))
    }
}

/// The candidate that enters, and the groups that go to another bound before: as long as the broken sum stays broken.
pub(super) fn chosen(candidates: &mut Vec<Candidate>, amount: f64) -> Option<(Candidate, Vec<(usize, f64)>)> {
    let (mut left, mut flipped) = (amount, Vec::new());
    loop {
        let order = |one: &&Candidate, other: &&Candidate| {
            one.step.total_cmp(&other.step).then(other.pivot.abs().total_cmp(&one.pivot.abs()))
        };
        let at = candidates.iter().enumerate().min_by(|(_, one), (_, other)| order(one, other))?.0;
        let first = candidates[at];
        let Enters::Group { group, other, range, .. } = first.enters else { return Some((first, flipped)) };
        left -= range * first.pivot.abs();
        if left <= 0.0 {
            return Some((first, flipped));
        }
        flipped.push((group, other));
        candidates.swap_remove(at);
    }
}
