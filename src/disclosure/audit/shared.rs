//! Columns that some file leaves out: what its rows count of the others' codes.
//!
//! A file without `sex` counts both sexes, where `sex` has a total anywhere. Where it has none, the file's rows are read as
//! the total, unless the numbers say otherwise or the column is one of time; this only adds sums. A column with one code
//! everywhere distinguishes nothing.

use std::collections::BTreeSet;

use super::columns::{ABSENT, Columns};
use super::evidence::weigh;
use super::nesting::{Nest, may_nest};
use super::time::is_time;

/// Reads the rows of files without a column as its total, where that is sound. `sure` names columns that are declared.
pub(super) fn read_absent(columns: &mut Columns, sure: &[usize], scale: i128, assumptions: &mut Vec<String>) {
    let lacking = |columns: &Columns| {
        let lacks = |at: &usize| {
            let column = &columns.columns[*at];
            column.margin.is_none() && column.in_file.iter().any(|has| *has) && column.in_file.iter().any(|has| !has)
        };
        columns.live().into_iter().filter(lacks).collect::<Vec<usize>>()
    };
    let constant = |at: &usize| !sure.contains(at) && is_constant(columns, *at);
    for at in lacking(columns).into_iter().filter(constant).collect::<Vec<usize>>() {
        columns.columns[at].ignored = true;
        assumptions.push(format!("`{}` is left out: it is the same in every row", columns.columns[at].label));
    }
    let fits = |columns: &Columns, at: usize| {
        sure.contains(&at) || (!is_time(&columns.columns[at].label) && adds_up(columns, at, scale))
    };
    // One column's total may show that of another.
    while let Some(at) = lacking(columns).into_iter().find(|at| fits(columns, *at)) {
        columns.columns[at].absent_is_margin();
        assumptions.push(format!("a file without `{}` is read as the total over it", columns.columns[at].label));
    }
}

fn is_constant(columns: &Columns, at: usize) -> bool {
    let codes: BTreeSet<u32> = columns.columns[at].of_row.iter().copied().filter(|code| *code != ABSENT).collect();
    codes.len() < 2
}

/// Whether the rows that have the column fit into those that leave it out.
fn adds_up(columns: &Columns, at: usize, scale: i128) -> bool {
    let column = &columns.columns[at];
    let groups = weigh(columns, at, |_| true, |row| column.of_row[row] == ABSENT);
    let all = column.parts().count();
    let refuted = groups
        .iter()
        .filter(|group| group.sum_exceeds(scale) || (group.parts == all && group.falls_short(scale)))
        .count();
    // Where no rows can be compared, the column may still lie within one that both files have.
    let nests = || {
        let total = |parent: &usize| *parent != at && columns.columns[*parent].margin.is_some();
        columns.live().into_iter().filter(total).any(|parent| may_nest(columns, Nest { child: at, parent }))
    };
    if groups.is_empty() { nests() } else { refuted * 4 <= groups.len() }
}
