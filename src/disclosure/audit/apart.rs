//! Columns that separate a withheld value from sums that it may belong to: columns without a total, and columns that a file
//! lacks.
//!
//! A column without a total separates tables. For years that is right, since without them rows would contradict each other.
//! A warning is due if the rows are distinct without the column and it separates a withheld value from a total or a part
//! beside it, or if a file lacks a column by which the other files are separated.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::columns::{ABSENT, Columns};
use super::notes::tells_apart;

/// Withheld rows that one column keeps apart from others.
pub(super) struct Apart {
    pub(super) column: usize,
    /// A file that lacks the column, if that is what keeps them apart.
    pub(super) file: Option<usize>,
    pub(super) rows: Vec<usize>,
}

/// All that is kept apart, by column.
pub(super) fn apart(columns: &mut Columns, separators: &[usize]) -> Vec<Apart> {
    if columns.observations.iter().all(|observation| !observation.marked) {
        return Vec::new();
    }
    let mut found = Vec::new();
    for column in separators.iter().copied() {
        let lacking = (0..columns.files).find(|file| !columns.columns[column].in_file[*file]);
        if let Some(file) = lacking {
            let rows = mixed(columns, column, true);
            found.push(Apart { column, file: Some(file), rows });
        }
        columns.columns[column].ignored = true;
        let superfluous = tells_apart(columns, true);
        columns.columns[column].ignored = false;
        if superfluous {
            found.push(Apart { column, file: None, rows: mixed(columns, column, false) });
        }
    }
    found.retain(|apart| !apart.rows.is_empty());
    found
}

/// The withheld rows beside a total, a part or another part of the same total that differs from them in this column, too;
/// with `absent` only where one of them lacks it.
fn mixed(columns: &Columns, separator: usize, absent: bool) -> Vec<usize> {
    let others: Vec<usize> = columns.live().into_iter().filter(|at| *at != separator).collect();
    let totals: Vec<usize> = others.iter().copied().filter(|at| columns.columns[*at].margin.is_some()).collect();
    let mut found: HashSet<usize> = HashSet::new();
    for over in totals.iter().copied().map(Some).chain(absent.then_some(None)) {
        let rest: Vec<usize> = others.iter().copied().filter(|at| Some(*at) != over).collect();
        let mut groups: HashMap<u64, Group> = HashMap::new();
        for row in 0..columns.observations.len() {
            let group = groups.entry(columns.key(&rest, row)).or_default();
            let code = columns.columns[separator].of_row[row];
            let column = over.map(|over| &columns.columns[over]);
            group.whole |= column.is_none_or(|column| column.margin == Some(column.of_row[row]));
            group.absent |= code == ABSENT;
            group.differs |= *group.first.get_or_insert(code) != code;
            if columns.observations[row].marked {
                group.marked.push(row);
            }
        }
        let apart = |group: &&Group| group.whole && group.differs && (group.absent == absent);
        found.extend(groups.values().filter(apart).flat_map(|group| group.marked.iter().copied()));
    }
    let mut found: Vec<usize> = found.into_iter().collect();
    found.sort_unstable();
    found
}

/// Rows that are alike but in one dimension.
#[derive(Default)]
struct Group {
    first: Option<u32>,
    differs: bool,
    whole: bool,
    absent: bool,
    marked: Vec<usize>,
}

/// Rows by their file, in order.
pub(super) fn by_file(columns: &Columns, rows: &[usize]) -> BTreeMap<usize, Vec<usize>> {
    let mut found: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    rows.iter().for_each(|row| found.entry(columns.observations[*row].file).or_default().push(*row));
    found
}
