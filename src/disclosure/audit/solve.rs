//! Attacks one table: rows to cells, cells to equations, verdicts back to rows.

use std::borrow::Borrow;
use std::collections::BTreeSet;

use super::arrange::TableRow;
use super::cells::{Printed, Sets};
use super::dimension::Dimension;
use super::lattice::{impossible, lattice};
use super::relations::Relations;
use crate::disclosure::attack::{Verdict, attack_system};

/// The result for a table.
pub(super) struct Answer {
    /// For each marked row, by its number.
    pub(super) verdicts: Vec<(usize, Verdict)>,
    /// Groups of rows that contradict each other.
    pub(super) clashes: Vec<Vec<usize>>,
    /// Marked rows that belong to no sum.
    pub(super) unlinked: Vec<usize>,
    /// Marked rows that would follow if the combinations without a row were 0, each with the codes of one such combination.
    pub(super) open: Vec<(usize, Vec<usize>)>,
}

/// Attacks every marked row of a table.
pub(super) fn solve<D: Borrow<Dimension>>(rows: &[TableRow], dimensions: &[D], width: i128, work: u64) -> Answer {
    let mut sets: Vec<Sets> = dimensions.iter().map(|dimension| Sets::of(dimension.borrow())).collect();
    let printed = Printed::of(rows, &sets);
    let mut system = lattice(&printed, &mut sets);
    let mut clashes = BTreeSet::new();
    for (cell, bounds) in printed.bounds.iter().enumerate().filter(|(_, bounds)| impossible(**bounds)) {
        clashes.insert(printed.rows[cell].clone());
        system.broken.push(cell);
        system.bounds[cell] = (bounds.0.max(0), None);
    }
    let marked: Vec<usize> = (0..rows.len()).filter(|row| rows[*row].marked).collect();
    let targets: BTreeSet<usize> = marked.iter().map(|row| printed.of_row[*row]).collect();
    let targets: Vec<usize> = targets.into_iter().collect();
    let relations = Relations::of(&printed, &sets, &targets);
    let found = attack_system(&system, &targets, width, work);
    let verdict = |row: &usize| {
        let at = targets.binary_search(&printed.of_row[*row]);
        (*row, at.map_or(Verdict::Undecided, |at| found.verdicts[at]))
    };
    for clash in found.clashes {
        let rows = clash.iter().filter_map(|count| printed.rows.get(*count)).flatten().copied();
        clashes.insert(rows.collect::<BTreeSet<_>>().into_iter().collect());
    }
    let verdicts: Vec<(usize, Verdict)> = marked.iter().map(verdict).collect();
    let free = |row: &usize| verdict(row).1 == Verdict::Free;
    let unlinked = |row: &usize| verdict(row).1 != Verdict::Exact && relations.unlinked.contains(&printed.of_row[*row]);
    let open = marked.iter().filter(|row| free(row)).filter_map(|row| {
        let missing = relations.open.get(&printed.of_row[*row])?;
        Some((*row, missing.iter().zip(&sets).map(|(set, sets)| sets.code_of(*set)).collect()))
    });
    Answer {
        open: open.collect(),
        unlinked: marked.iter().copied().filter(|row| unlinked(row)).collect(),
        verdicts,
        clashes: clashes.into_iter().collect(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::disclosure::attack::{Sum, WORK, attack};

    const CODES: [&[&str]; 4] = [
        &["total", "f", "m"],
        &["0-17", "total", "0-8", "18+", "9-24"],
        &["p", "q", "total", "r"],
        &["total", "u", "v"],
    ];

    /// The number of the total.
    fn total(codes: &[&str]) -> Option<u32> {
        (0..).zip(codes).find(|(_, code)| **code == "total").map(|(at, _)| at)
    }

    /// Every combination of the finest groups.
    fn atoms(dimensions: &[Dimension]) -> Vec<Vec<u32>> {
        dimensions.iter().fold(vec![Vec::new()], |all, dimension| {
            let groups = 0..u32::try_from(dimension.size()).expect("few groups");
            let longer =
                |atom: &Vec<u32>| groups.clone().map(|group| [atom.clone(), vec![group]].concat()).collect::<Vec<_>>();
            all.iter().flat_map(longer).collect()
        })
    }

    /// The answer of an attack on sums of all finest groups for every marked row.
    fn by_atoms(rows: &[TableRow], dimensions: &[Dimension], width: i128) -> Vec<(usize, Verdict)> {
        let atoms = atoms(dimensions);
        let holds = |row: &TableRow, atom: &Vec<u32>| {
            dimensions
                .iter()
                .zip(&row.codes)
                .zip(atom)
                .all(|((dimension, code), group)| dimension.groups(*code).contains(group))
        };
        let sum = |row: &TableRow| Sum {
            atoms: (0..atoms.len()).filter(|atom| holds(row, &atoms[*atom])).collect(),
            least: row.least,
            most: row.most,
        };
        let sums: Vec<Sum> = rows.iter().map(sum).collect();
        let marked: Vec<usize> = (0..rows.len()).filter(|row| rows[*row].marked).collect();
        marked.iter().copied().zip(attack(atoms.len(), &sums, &marked, width).verdicts).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

        /// Short equations give the same answer for every row as the finest groups.
        #[test]
        fn short_equations_say_what_the_atoms_say(
            persons in prop::collection::vec(prop_oneof![2 => Just(0_i128), 3 => 0_i128..6], 96),
            asked in prop::collection::vec((0_usize..4, 0_usize..3, prop::collection::vec(any::<prop::sample::Index>(), 4)), 4..40),
            marks in prop::collection::vec(0_u8..5, 40),
            width in 1_i128..4,
        ) {
            let dimensions: Vec<Dimension> = CODES
                .iter()
                .map(|codes| Dimension::of(&codes.iter().map(|code| (*code).to_owned()).collect::<Vec<_>>(), |code| Some(code) == total(codes)))
                .collect();
            let atoms = atoms(&dimensions);
            let mut rows: Vec<TableRow> = Vec::new();
            for (number, (one, more, codes)) in asked.into_iter().enumerate() {
                // A row breaks down by some dimensions only, as those of linked files do.
                let broken: Vec<usize> = (0..=more).map(|next| (one + next) % 4).collect();
                let code = |at: usize| {
                    let codes_of = CODES[at];
                    if broken.contains(&at) { codes[at].index(codes_of.len()) } else { codes_of.iter().position(|code| *code == "total").expect("a total") }
                };
                let codes: Vec<usize> = (0..4).map(code).collect();
                let holds = |atom: &&Vec<u32>| dimensions.iter().zip(&codes).zip(*atom).all(|((dimension, code), group)| dimension.groups(*code).contains(group));
                let sum: i128 = atoms.iter().zip(persons.iter().cycle()).filter(|(atom, _)| holds(atom)).map(|(_, persons)| persons).sum();
                let (least, most, marked) = match marks[number] {
                    0 => (0, None, true),
                    1 => (sum.min(2), Some(sum + 2), true),
                    2 if sum < 5 => (0, Some(4), true),
                    _ => (sum, Some(sum), false),
                };
                rows.push(TableRow { codes, least, most, marked, observation: number });
            }
            let found = solve(&rows, &dimensions, width, WORK);
            prop_assert!(found.clashes.is_empty(), "one table is the true one: {:?}", found.clashes);
            prop_assert_eq!(found.verdicts, by_atoms(&rows, &dimensions, width));
        }
    }
}
