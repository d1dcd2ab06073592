//! What nobody can make grow less, to hold the stages against on this machine: texts of the size of ids, as many as a project
//! has figures, kept in order, found again in another order, copied, and freed. Memory grows slower with its size, and sorted
//! maps deeper.

use std::collections::BTreeMap;

/// How many figures the smaller project has, about.
const FIGURES: usize = 12_500;
/// A prime, so that steps of its size meet every figure.
const STEP: usize = 7_919;

/// The work on so many times the figures; what it found, so that nothing is left out as unused.
pub fn control(times: usize) -> usize {
    let figures = FIGURES * times;
    let id = |at: usize| format!("LAO/indicator_{}:{}:{}", at % 60, 1990 + at % 35, at);
    let kept: BTreeMap<String, Vec<String>> = (0..figures).map(|at| (id(at), vec![id(at / 2), id(at / 3)])).collect();
    let found = (0..figures).filter_map(|at| kept.get(&id(at * STEP % figures)));
    let copies: Vec<Vec<String>> = found.cloned().collect();
    copies.iter().flatten().map(String::len).sum()
}
