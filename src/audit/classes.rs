//! The unknowns of a table: the finest groups that its rows tell apart.
//!
//! Two combinations of codes that stand in the same rows' sums cannot be told apart by anything printed, so that their sum
//! is one unknown as good as both (the "atoms" of Dobra and Fienberg's bounds, "Bounds for cell entries in contingency
//! tables given marginal totals", PNAS 97, 2000).

use std::collections::BTreeSet;

use super::dimension::Dimension;
use super::read::Row;

/// A table with more unknowns is not attacked.
const MOST: usize = 2_000_000;

/// For each unknown the rows that count it; nothing where there are too many.
pub(super) fn classes(rows: &[Row], dimensions: &[Dimension]) -> Option<Vec<Vec<u32>>> {
    let all: Vec<u32> = (0..u32::try_from(rows.len()).ok()?).collect();
    let mut found = BTreeSet::new();
    divide(rows, dimensions, 0, all, &mut found).then(|| found.into_iter().collect())
}

/// Divides the rows by the groups of one dimension after another.
fn divide(
    rows: &[Row],
    dimensions: &[Dimension],
    depth: usize,
    among: Vec<u32>,
    found: &mut BTreeSet<Vec<u32>>,
) -> bool {
    let Some(dimension) = dimensions.get(depth) else {
        found.insert(among);
        return found.len() <= MOST;
    };
    let code = |row: &u32| rows[*row as usize].codes[depth];
    let (whole, parts): (Vec<u32>, Vec<u32>) = among.into_iter().partition(|row| dimension.is_whole(code(row)));
    let mut of_group = std::collections::BTreeMap::<u32, Vec<u32>>::new();
    for row in &parts {
        for group in dimension.groups(code(row)) {
            of_group.entry(*group).or_default().push(*row);
        }
    }
    // The groups that no row names are one.
    if of_group.len() < dimension.size()
        && !whole.is_empty()
        && !divide(rows, dimensions, depth + 1, whole.clone(), found)
    {
        return false;
    }
    of_group.into_values().all(|mut named| {
        named.extend(&whole);
        named.sort_unstable();
        divide(rows, dimensions, depth + 1, named, found)
    })
}
