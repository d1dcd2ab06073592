//! The attack: which bounds an outsider can calculate for a withheld count from everything that is printed.
//!
//! The feasibility interval of a withheld count is the range of its values over all tables that agree with the printed
//! numbers; its ends are two linear programmes (Fischetti and Salazar, "Models and algorithms for optimizing cell suppression
//! in tabular data with linear constraints", JASA 95, 2000), solved over the reals. First the bounds are narrowed equation by
//! equation (`narrowing`). The remaining unknowns fall into independent blocks (`parts`), each searched in floating point
//! (`search`, `guide`). No verdict is given without a proof in whole numbers (`certificate`): a bound needs a combination of
//! printed numbers, freedom needs two tables.

mod certificate;
mod exact;
mod factor;
mod guide;
mod interior;
mod narrowing;
mod parts;
mod proof;
mod rational;
mod rounding;
mod search;
mod simplex;
mod sum;
mod sums;
mod system;

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use narrowing::Narrowing;
use parts::Part;

pub use sum::Sum;
pub use sums::{Findings, Reach, attack, reach, table};
pub use system::{Bounds, Equation, System};

/// The verdict on a withheld count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Exact disclosure: it can be one number only.
    Exact,
    /// Its interval is narrower than required.
    Narrow,
    /// Its interval is as wide as required.
    Free,
    /// Nothing was proved within the work allowance.
    Undecided,
}

/// The answer to an attack on a system.
#[derive(Debug, Default)]
pub struct Outcome {
    /// For each target the verdict.
    pub verdicts: Vec<Verdict>,
    /// Groups of counts whose printed numbers contradict each other.
    pub clashes: Vec<Vec<usize>>,
}

/// The work allowance of one attack, after which the rest stays undecided: under a minute on two cores.
pub const WORK: u64 = 15_000_000_000;
/// The most for one block, which runs on one core.
const MOST_WORK: u64 = 9_000_000_000;
/// The least for one block.
const LEAST_WORK: u64 = 50_000_000;

/// Attacks the `targets`, which are counts of the system; `width` is the required width of an interval.
#[must_use]
pub fn attack_system(system: &System, targets: &[usize], width: i128, work: u64) -> Outcome {
    let (parts, mut clashes) = parts::parts(system, targets);
    let all: u64 = parts.iter().map(|part| part.counts.len() as u64).sum();
    let share = |part: &Part| (work / all.max(1) * part.counts.len() as u64).max(LEAST_WORK);
    let found: Vec<(Vec<Verdict>, Vec<Vec<usize>>)> =
        parts.par_iter().map(|part| part_of(part, width, share(part))).collect();
    let mut of_count = BTreeMap::new();
    for (part, (verdicts, more)) in parts.iter().zip(found) {
        of_count.extend(part.targets.iter().map(|target| part.counts[*target]).zip(verdicts));
        let named = |clash: Vec<usize>| clash.into_iter().map(|count| part.counts[count]).collect::<Vec<_>>();
        clashes.extend(more.into_iter().map(named));
    }
    // Beside contradictory numbers no verdict holds.
    let disputed: BTreeSet<usize> = clashes.iter().flatten().copied().collect();
    for part in parts.iter().filter(|part| part.counts.iter().any(|count| disputed.contains(count))) {
        part.targets.iter().for_each(|target| {
            of_count.remove(&part.counts[*target]);
        });
    }
    let verdict = |target: &usize| match (system::only(system.bounds[*target]), of_count.get(target)) {
        (Some(_), _) if disputed.contains(target) => Verdict::Undecided,
        (Some(_), _) => Verdict::Exact,
        (None, Some(Verdict::Free | Verdict::Narrow)) if system.partial => Verdict::Undecided,
        (None, found) => found.copied().unwrap_or(Verdict::Undecided),
    };
    Outcome { verdicts: targets.iter().map(verdict).collect(), clashes }
}

/// Attacks one part of a system, which is independent of the others.
fn part_of(part: &Part, width: i128, work: u64) -> (Vec<Verdict>, Vec<Vec<usize>>) {
    let mut verdicts = vec![Verdict::Undecided; part.targets.len()];
    if part.broken {
        return (verdicts, Vec::new());
    }
    let mut narrowing = Narrowing::of(&part.equations, part.bounds.clone());
    if let Err(clash) = narrowing.run() {
        return (verdicts, vec![clash]);
    }
    let proved = certificate::proved(&part.equations, &part.bounds, &narrowing.steps);
    let Some(known) = proved.filter(|proved| *proved == narrowing.bounds) else { return (verdicts, Vec::new()) };
    for (verdict, target) in verdicts.iter_mut().zip(&part.targets) {
        if system::only(known[*target]).is_some() {
            *verdict = Verdict::Exact;
        }
    }
    let blocks = part.blocks(&known);
    let sizes: usize = blocks.iter().map(|piece| piece.counts.len()).sum();
    let found: Vec<_> = blocks
        .par_iter()
        .map(|piece| {
            if piece.asked.is_empty() {
                return search::search(&piece.block, &[], width, LEAST_WORK);
            }
            let work = (work / sizes.max(1) as u64 * piece.counts.len() as u64).clamp(LEAST_WORK, MOST_WORK);
            search::search(&piece.block, &piece.asked, width, work)
        })
        .collect();
    let mut clashes = Vec::new();
    for (piece, found) in blocks.iter().zip(found) {
        piece.targets.iter().zip(found.verdicts).for_each(|(target, verdict)| verdicts[*target] = verdict);
        if !found.clash.is_empty() {
            clashes.push(narrowing.reasons(part.ends(&piece.equations, &found.clash)));
        }
    }
    (verdicts, clashes)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The greatest number that an atom holds in the tables that are enumerated.
    const MOST: i128 = 4;

    /// Attacks sums as a system of counts, and the same as sums alone: both say the same.
    fn attack(atoms: usize, sums: &[Sum], own: &[usize], width: i128) -> Outcome {
        let mut system = System { bounds: vec![(0, None); atoms], ..System::default() };
        for sum in sums {
            let whole = system.count((sum.least, sum.most));
            let terms = sum.atoms.iter().map(|atom| (*atom, -1)).chain([(whole, 1)]).collect();
            system.equations.push(Equation { terms, implied: false });
        }
        let targets: Vec<usize> = own.iter().map(|target| atoms + target).collect();
        let mut found = attack_system(&system, &targets, width, WORK);
        for clash in &mut found.clashes {
            *clash = clash.iter().filter_map(|count| count.checked_sub(atoms)).collect();
        }
        let alone = super::attack(atoms, sums, own, width);
        assert_eq!((&found.verdicts, found.clashes.is_empty()), (&alone.verdicts, alone.clash.is_empty()));
        found
    }

    fn printed(atoms: &[usize], number: i128) -> Sum {
        Sum { atoms: atoms.to_vec(), least: number, most: Some(number) }
    }

    fn withheld(atoms: &[usize]) -> Sum {
        Sum { atoms: atoms.to_vec(), least: 0, most: None }
    }

    #[test]
    fn one_withheld_part_follows_by_subtraction() {
        let sums = [printed(&[0, 1], 20), printed(&[0], 12), withheld(&[1])];
        assert_eq!(attack(2, &sums, &[2], 1).verdicts, [Verdict::Exact]);
    }

    #[test]
    fn four_corners_are_as_free_as_their_least_margin() {
        let sums = [
            printed(&[0, 1], 9),
            printed(&[2, 3], 30),
            printed(&[0, 2], 10),
            printed(&[1, 3], 29),
            withheld(&[0]),
            withheld(&[3]),
        ];
        assert_eq!(attack(4, &sums, &[4, 5], 9).verdicts, [Verdict::Free, Verdict::Free]);
        assert_eq!(attack(4, &sums, &[4, 5], 10).verdicts, [Verdict::Narrow, Verdict::Narrow]);
    }

    #[test]
    fn a_third_that_no_whole_number_allows_is_narrow() {
        // Three pairs whose sums are 1, 1 and 1: only a half each.
        let sums = [printed(&[0, 1], 1), printed(&[1, 2], 1), printed(&[0, 2], 1), withheld(&[0])];
        assert_eq!(attack(3, &sums, &[3], 1).verdicts, [Verdict::Exact]);
    }

    #[test]
    fn rows_that_cannot_all_be_true_are_named() {
        let sums = [printed(&[0, 1, 2], 5), printed(&[0], 4), printed(&[1], 3), withheld(&[2])];
        let found = attack(3, &sums, &[3], 1);
        assert_eq!(found.verdicts, [Verdict::Undecided]);
        assert_eq!(found.clashes, [[0, 1, 2]]);
    }

    /// Every table of `atoms` numbers up to [`MOST`].
    fn tables(atoms: usize) -> Vec<Vec<i128>> {
        let longer = |tables: Vec<Vec<i128>>, _| {
            let extend = |table: Vec<i128>| (0..=MOST).map(move |next| [table.clone(), vec![next]].concat());
            tables.into_iter().flat_map(extend).collect()
        };
        (0..atoms).fold(vec![Vec::new()], longer)
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

        /// Every verdict holds among all whole-number tables that agree with the printed numbers.
        #[test]
        fn no_verdict_is_contradicted_by_enumeration(
            table in prop::collection::vec(0..=MOST, 5),
            subsets in prop::collection::vec((1_usize..32, prop::bool::weighted(0.6)), 3..8),
            width in 1_i128..4,
        ) {
            let total = |table: &[i128], atoms: &[usize]| atoms.iter().map(|atom| table[*atom]).sum::<i128>();
            let of = |bits: usize| (0..5).filter(|atom| bits >> atom & 1 == 1).collect::<Vec<usize>>();
            // The whole is printed, so that no number is out of the reach of the enumeration.
            let mut sums = vec![printed(&[0, 1, 2, 3, 4], total(&table, &[0, 1, 2, 3, 4]).min(MOST))];
            let table: Vec<i128> = table.iter().scan(MOST, |rest, n| { let n = (*n).min(*rest); *rest -= n; Some(n) }).collect();
            sums[0] = printed(&[0, 1, 2, 3, 4], total(&table, &[0, 1, 2, 3, 4]));
            for (bits, shown) in subsets {
                let atoms = of(bits);
                sums.push(if shown { printed(&atoms, total(&table, &atoms)) } else { withheld(&atoms) });
            }
            let targets: Vec<usize> = (0..sums.len()).filter(|at| sums[*at].most.is_none()).collect();
            let found = attack(5, &sums, &targets, width);
            prop_assert!(found.clashes.is_empty());
            let agrees = |other: &Vec<i128>| sums.iter().all(|sum| sum.most.is_none_or(|most| total(other, &sum.atoms) == most));
            let possible: Vec<Vec<i128>> = tables(5).into_iter().filter(agrees).collect();
            for (target, verdict) in targets.iter().zip(found.verdicts) {
                let values: Vec<i128> = possible.iter().map(|other| total(other, &sums[*target].atoms)).collect();
                let spread = values.iter().max().expect("the table itself") - values.iter().min().expect("the table itself");
                let holds = match verdict {
                    Verdict::Exact => spread == 0,
                    Verdict::Narrow => spread < width,
                    // Over the reals an interval may be wider than in whole numbers.
                    Verdict::Free => true,
                    Verdict::Undecided => false,
                };
                prop_assert!(holds, "{verdict:?} of a sum that spreads over {spread}");
            }
        }
    }
}
