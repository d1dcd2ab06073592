//! The attack on one block of linked equations: the guide searches for tables and bounds, which are then rounded and proved.

use std::cmp::Ordering;
use std::collections::HashMap;

use super::Verdict;
use super::certificate::{Block, agrees, most};
use super::exact::{Terms, solve};
use super::guide::{Constraint, End, Guide};
use super::interior::Interior;
use super::rational::Rational;
use super::rounding::{parts, rounded};

/// How much further than required the guide goes, since rounding may lose a little.
const FURTHER: f64 = 1e-3;
/// The work charged for each row that is solved in fractions.
const EXACT: usize = 400;
/// Steps of the guide between two tables recorded.
const STRIDE: usize = 40;
/// The joint search ends after so many tables that decide nothing.
const VAIN: usize = 4;
/// The search ends after so many tables in a row whose fractions do not fit.
const UNWRITTEN: usize = 40;
/// How often all open targets are pushed together.
const ROUNDS: u64 = 60;

/// The result for a block.
pub(super) struct Found {
    pub(super) verdicts: Vec<Verdict>,
    /// Multipliers of rows that prove that no table agrees with all.
    pub(super) clash: Vec<(usize, i128)>,
}

/// Which way a count is pushed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Push {
    Up,
    Down,
}

struct Target {
    count: usize,
    /// The least and greatest value in the tables found.
    seen: Option<(Rational, Rational)>,
    verdict: Verdict,
}

struct Search<'b> {
    block: &'b Block,
    /// The bounds searched within; where a count has no upper bound, one beyond what is needed.
    limits: Vec<(i128, i128)>,
    guide: Guide,
    width: Rational,
    targets: Vec<Target>,
    interior: Interior,
    /// Whether fractions occurred that do not fit.
    long: bool,
    /// How many tables in a row had fractions that do not fit.
    unwritten: usize,
}

/// Attacks the `targets`, which are counts of the block.
pub(super) fn search(block: &Block, targets: &[usize], width: i128, work: u64) -> Found {
    let rows = block.rows.iter().map(|(terms, sum)| Constraint {
        terms: terms.iter().map(|(count, factor)| (index(*count), float(*factor))).collect(),
        sum: float(*sum),
    });
    let limits = limits(block, width);
    let bounds: Vec<(f64, f64)> = limits.iter().map(|(least, most)| (float(*least), float(*most))).collect();
    let target = |count: &usize| Target { count: *count, seen: None, verdict: Verdict::Undecided };
    let mut search = Search {
        block,
        limits,
        guide: Guide::new(rows.collect(), &bounds, work),
        width: Rational::whole(width.max(0)),
        targets: targets.iter().map(target).collect(),
        interior: Interior::new(block.bounds.len()),
        long: false,
        unwritten: 0,
    };
    let mut clash = Vec::new();
    if search.guide.settle() == End::Best {
        match search.guide.lost() {
            Some(prices) => clash = search.contradiction(&prices).unwrap_or_default(),
            None => search.attack(),
        }
    }
    Found { verdicts: search.targets.iter().map(|target| target.verdict).collect(), clash }
}

impl Search<'_> {
    /// Multipliers of rows that no values within their bounds can satisfy.
    fn contradiction(&self, prices: &[f64]) -> Option<Vec<(usize, i128)>> {
        let (factors, _) = parts(&rounded(prices)?)?;
        let factors = sparse(&factors);
        (most(self.block, &[], &factors, 1)? < 0).then_some(factors)
    }

    fn attack(&mut self) {
        self.look();
        for round in 0..ROUNDS {
            let before = self.left();
            self.push_together(round);
            // Once the joint search decides little, single targets are quicker.
            if round > 4 && before - self.left() <= before / 50 {
                break;
            }
        }
        for at in 0..self.targets.len() {
            if self.unwritten > UNWRITTEN || (self.open(at) && self.push_alone(at).is_none()) {
                break;
            }
        }
    }

    fn open(&self, at: usize) -> bool {
        self.targets[at].verdict == Verdict::Undecided
    }

    /// How many targets are open.
    fn left(&self) -> usize {
        (0..self.targets.len()).filter(|at| self.open(*at)).count()
    }

    /// Records the guide's current point, if it is a table.
    fn look(&mut self) -> Option<usize> {
        let stands = self.guide.table();
        self.interior.meet(&stands);
        self.guide.spend(10 * stands.len());
        let mut table = rounded(&stands).filter(|table| agrees(self.block, table));
        if table.is_none() && !self.long {
            table = self.exact_table().filter(|table| agrees(self.block, table));
            self.long = table.is_none();
        }
        if table.is_none() {
            self.guide.spend(100 * stands.len());
            table = self.interior.near(self.block, &stands);
        }
        self.unwritten = if table.is_some() { 0 } else { self.unwritten + 1 };
        let table = table?;
        let mut decided = 0;
        for target in self.targets.iter_mut().filter(|target| target.verdict == Verdict::Undecided) {
            let value = table[target.count];
            let (low, high) = target.seen.unwrap_or((value, value));
            let low = if value.against(low)? == Ordering::Less { value } else { low };
            let high = if value.against(high)? == Ordering::Greater { value } else { high };
            target.seen = Some((low, high));
            let room = high.minus(low)?;
            if room.is_positive() && room.against(self.width)? != Ordering::Less {
                target.verdict = Verdict::Free;
                decided += 1;
            }
        }
        Some(decided)
    }

    /// The guide's current point, in fractions.
    fn exact_table(&mut self) -> Option<Vec<Rational>> {
        let (block, limits) = (self.block, &self.limits);
        self.guide.spend(EXACT * self.block.rows.len());
        let (basic, order) = self.guide.basis();
        let place = places(basic);
        let mut rows: Vec<Terms> = Vec::new();
        let mut right: Vec<Rational> = Vec::new();
        let value = |count: usize, guide: &Guide| {
            let (least, most) = limits[count];
            guide.stands(count).map(|upper| if upper { most } else { least })
        };
        let place = |count: usize| place.get(&count).copied();
        for (number, (terms, sum)) in block.rows.iter().enumerate() {
            let own = place(block.bounds.len() + number).map(|place| (place, Rational::ONE));
            let here = terms.iter().filter_map(|(count, factor)| Some((place(*count)?, Rational::whole(*factor))));
            rows.push(here.chain(own).collect());
            let known = terms.iter().filter_map(|(count, factor)| Some(factor * value(*count, &self.guide)?));
            right.push(Rational::whole(sum - known.sum::<i128>()));
        }
        let solved = solve(rows, right, &order)?;
        let whole = |count| value(count, &self.guide).map(Rational::whole);
        (0..block.bounds.len()).map(|count| whole(count).or_else(|| Some(solved[place(count)?]))).collect()
    }

    /// The multipliers of rows that price a count, in fractions.
    fn exact_prices(&mut self, count: usize, sign: i128) -> Option<Vec<Rational>> {
        let counts = self.block.bounds.len();
        self.guide.spend(EXACT * self.block.rows.len());
        let (basic, order) = self.guide.basis();
        let place = places(basic);
        let right = basic.iter().map(|variable| Rational::whole(if *variable == count { sign } else { 0 })).collect();
        let mut columns: Vec<Terms> = vec![Vec::new(); basic.len()];
        for (row, (terms, _)) in self.block.rows.iter().enumerate() {
            for (variable, factor) in terms.iter().copied().chain([(counts + row, 1)]) {
                if let Some(place) = place.get(&variable) {
                    columns[*place].push((row, Rational::whole(factor)));
                }
            }
        }
        let order: Vec<(usize, usize)> = order.into_iter().map(|(row, place)| (place, row)).collect();
        solve(columns, right, &order)
    }

    /// Pushes all open targets at once: up, then down, then each in its own direction.
    fn push_together(&mut self, round: u64) {
        let sign = |at: usize| match round {
            0 => 1.0,
            1 => -1.0,
            _ if (at as u64 ^ 0x5bd1)
                .wrapping_mul(0x9E37_79B9_7F4A_7C15)
                .rotate_left(7 * u32::try_from(round).unwrap_or(0))
                & 1
                == 0 =>
            {
                1.0
            }
            _ => -1.0,
        };
        let mut vain = 0;
        while vain < VAIN {
            let mut cost = vec![0.0; self.block.bounds.len()];
            for at in (0..self.targets.len()).filter(|at| self.open(*at)) {
                cost[self.targets[at].count] = sign(at);
            }
            if cost.iter().all(|cost| *cost == 0.0) {
                return;
            }
            let end = self.guide.raise(&cost, STRIDE, |_| false);
            if end == End::GivenUp {
                return;
            }
            vain = if self.look().unwrap_or(0) > 0 { 0 } else { vain + 1 };
            if end == End::Best {
                return;
            }
        }
    }

    /// Pushes one count as far up and down as it goes; none where the guide gives up.
    fn push_alone(&mut self, at: usize) -> Option<()> {
        let mut bounds = [None; 2];
        for (bound, push) in bounds.iter_mut().zip([Push::Up, Push::Down]) {
            let sign = if push == Push::Up { 1.0 } else { -1.0 };
            let count = self.targets[at].count;
            let mut cost = vec![0.0; self.block.bounds.len()];
            cost[count] = sign;
            let enough = self.enough(at, push);
            let end = self.guide.raise(&cost, usize::MAX, |guide| sign * guide.value(count) >= sign * enough);
            if end == End::GivenUp {
                return None;
            }
            self.look();
            if !self.open(at) {
                return Some(());
            }
            if end == End::Best {
                *bound = self.bound(count, push);
            }
        }
        self.judge(at, bounds);
        Some(())
    }

    /// The value at which a count is far enough from those found.
    fn enough(&self, at: usize, push: Push) -> f64 {
        let needed = if self.width.is_zero() { 1.0 } else { self.width.near() };
        match (self.targets[at].seen, push) {
            (Some((low, _)), Push::Up) => low.near() + needed + FURTHER,
            (Some((_, high)), Push::Down) => high.near() - needed - FURTHER,
            (None, Push::Up) => f64::INFINITY,
            (None, Push::Down) => f64::NEG_INFINITY,
        }
    }

    /// Proves the extreme that the guide has reached.
    fn bound(&mut self, count: usize, push: Push) -> Option<Rational> {
        let sign = if push == Push::Up { 1 } else { -1 };
        let prices = self.guide.prices(|variable| if variable == count { float(sign) } else { 0.0 });
        let fractions = rounded(&prices).or_else(|| self.exact_prices(count, sign))?;
        let (factors, of) = parts(&fractions)?;
        let most = most(self.block, &[(count, sign)], &sparse(&factors), of)?;
        Rational::whole(most.checked_mul(sign)?).over(Rational::whole(of))
    }

    fn judge(&mut self, at: usize, bounds: [Option<Rational>; 2]) -> Option<()> {
        let (most, least) = (bounds[0]?, bounds[1]?);
        let width = most.minus(least)?;
        let target = &mut self.targets[at];
        if width.is_zero() {
            target.verdict = Verdict::Exact;
            return Some(());
        }
        let (low, high) = target.seen?;
        // Two tables show that it is not exact, the bounds that it is narrow.
        if high.minus(low)?.is_positive() && width.against(self.width)? == Ordering::Less {
            target.verdict = Verdict::Narrow;
        }
        Some(())
    }
}

/// Finite bounds, wide enough for everything asked about.
fn limits(block: &Block, width: i128) -> Vec<(i128, i128)> {
    let sums: i128 = block.rows.iter().map(|(_, sum)| sum.abs()).sum();
    let printed: i128 = block.bounds.iter().map(|(least, most)| most.unwrap_or(0).max(*least)).sum();
    let far = sums + printed + 2 * width.max(0) + 100;
    block.bounds.iter().map(|(least, most)| (*least, most.unwrap_or(far))).collect()
}

fn places(basic: &[usize]) -> HashMap<usize, usize> {
    basic.iter().copied().zip(0..).collect()
}

fn index(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[allow(clippy::cast_precision_loss, reason = "a guide, whose answers are proved")]
fn float(number: i128) -> f64 {
    number as f64
}

fn sparse(factors: &[i128]) -> Vec<(usize, i128)> {
    factors.iter().enumerate().filter(|(_, factor)| **factor != 0).map(|(row, factor)| (row, *factor)).collect()
}
