//! One table: its cells, its system, and what an attack on it says of its rows.

use std::collections::BTreeSet;

use super::cells::{Printed, Sets};
use super::dimension::Dimension;
use super::lattice::{impossible, lattice};
use super::read::Row;
use crate::attack::{Verdict, attack_system};

/// What was found out about a table.
pub(super) struct Answer {
    /// For each marked row, by its number.
    pub(super) verdicts: Vec<(usize, Verdict)>,
    /// Rows that cannot all be true.
    pub(super) clashes: Vec<Vec<usize>>,
}

/// Attacks every marked row of a table.
pub(super) fn solve(rows: &[Row], dimensions: &[Dimension], width: i128) -> Answer {
    let mut sets: Vec<Sets> = dimensions.iter().map(Sets::of).collect();
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
    let found = attack_system(&system, &targets, width);
    let verdict = |row: &usize| {
        let at = targets.binary_search(&printed.of_row[*row]);
        (*row, at.map_or(Verdict::Undecided, |at| found.verdicts[at]))
    };
    for clash in found.clashes {
        let rows = clash.iter().filter_map(|count| printed.rows.get(*count)).flatten().copied();
        clashes.insert(rows.collect::<BTreeSet<_>>().into_iter().collect());
    }
    Answer { verdicts: marked.iter().map(verdict).collect(), clashes: clashes.into_iter().collect() }
}
