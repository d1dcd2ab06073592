//! Rows to tables: groups rows by the columns that separate tables, and gives each table its dimensions.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use super::columns::Columns;
use super::dimension::Dimension;
use super::hierarchy::Axis;

/// Rows that no sum links to the rows of another table.
pub(super) struct Table {
    pub(super) rows: Vec<TableRow>,
    pub(super) dimensions: Vec<Arc<Dimension>>,
}

/// A row with a number or a mark.
pub(super) struct TableRow {
    /// Its code in every dimension.
    pub(super) codes: Vec<usize>,
    pub(super) least: i128,
    pub(super) most: Option<i128>,
    pub(super) marked: bool,
    /// Its number among all.
    pub(super) observation: usize,
}

/// The columns that separate tables: in no dimension, and not the same everywhere.
pub(super) fn separators(columns: &Columns, axes: &[Axis]) -> Vec<usize> {
    let held = |at: &usize| axes.iter().any(|axis| axis.columns.contains(at));
    let differs = |at: &usize| columns.columns[*at].of_row.windows(2).any(|pair| pair[0] != pair[1]);
    columns.live().into_iter().filter(|at| !held(at) && differs(at)).collect()
}

/// The rows in tables.
pub(super) fn tables(columns: &Columns, axes: &[Axis]) -> Vec<Table> {
    let separators = separators(columns, axes);
    let dimensions: Vec<Arc<Dimension>> = axes.iter().map(|axis| Arc::new(axis.dimension.clone())).collect();
    let outer: Vec<(usize, usize, HashMap<u32, BTreeSet<u32>>)> = axes
        .iter()
        .enumerate()
        .flat_map(|(at, axis)| axis.outer.iter().map(move |outer| (at, *outer, within(columns, axis, *outer))))
        .collect();
    let mut tables: BTreeMap<Vec<u32>, Table> = BTreeMap::new();
    for (number, observation) in columns.observations.iter().enumerate() {
        let key = separators.iter().map(|at| columns.columns[*at].of_row[number]).collect();
        let table = tables.entry(key).or_insert_with(|| {
            let mut dimensions = dimensions.clone();
            for (at, column, codes) in &outer {
                if let Some(codes) = codes.get(&columns.columns[*column].of_row[number]) {
                    dimensions[*at] = Arc::new(dimensions[*at].within(codes.iter().copied()));
                }
            }
            Table { rows: Vec::new(), dimensions }
        });
        table.rows.push(TableRow {
            codes: axes.iter().map(|axis| axis.of_row[number] as usize).collect(),
            least: observation.least,
            most: observation.most,
            marked: observation.marked,
            observation: number,
        });
    }
    tables.into_values().collect()
}

/// For each code of an outer column the codes of the dimension in its rows.
fn within(columns: &Columns, axis: &Axis, outer: usize) -> HashMap<u32, BTreeSet<u32>> {
    let mut found: HashMap<u32, BTreeSet<u32>> = HashMap::new();
    for (own, other) in axis.of_row.iter().zip(&columns.columns[outer].of_row) {
        if axis.total != Some(*own) {
            found.entry(*other).or_default().insert(*own);
        }
    }
    found
}
