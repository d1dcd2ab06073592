//! A checked register: its columns as codes. Its rows can be counted in groups, but never read one by one.

use std::collections::{BTreeSet, HashMap, HashSet};

use rayon::prelude::*;

use crate::project::schema::{Observations, Schema};
use crate::tables::ingest::{Codes, Column, Label, RawTable};

/// A register's table of one kind.
pub struct Register {
    country: String,
    table: String,
    rows: usize,
    columns: Vec<(String, Column)>,
    /// The number of each distinct count.
    units: Vec<i64>,
    count: Option<usize>,
    /// The registers in the table, each with the measures it has rows of.
    held: BTreeSet<(String, String)>,
}

/// How the distinct values of a field are sorted into groups.
pub struct Sorting<'f> {
    /// The field.
    pub field: &'f str,
    /// For each of its distinct values the number of its group.
    pub groups: Vec<usize>,
    /// How many groups there are; at least 1.
    pub size: usize,
}

/// Up to this many combinations of groups are counted in an array, more in a map of those that occur.
const DENSE: usize = 1 << 20;
/// Rows counted at a time.
const CHUNK: usize = 1 << 16;

/// The registers in a table, each with the measures it has rows of.
fn held(labels: &[Label], columns: &[Column], rows: usize, observations: &Observations) -> BTreeSet<(String, String)> {
    let column = |name: &str| labels.iter().position(|label| label.text == name).map(|at| &columns[at]);
    let by: Vec<&Column> = ["source"].into_iter().chain(observations.measure.as_deref()).filter_map(column).collect();
    let each = |column: &&'_ Column| (0..column.values().len()).collect::<Vec<usize>>();
    let sorted = by
        .iter()
        .map(|column| (*column, Sorting { field: "", groups: each(column), size: column.values().len().max(1) }));
    let found = occurring(rows, &sorted.collect::<Vec<_>>());
    let value = |at: usize, groups: &[usize]| {
        groups.get(at).and_then(|group| by[at].values().get(*group)).cloned().unwrap_or_default()
    };
    found.into_iter().map(|groups| (value(0, &groups), value(1, &groups))).collect()
}

/// The combinations of groups that occur, in the order of `by`, also in rows that count 0.
pub(super) fn occurring(rows: usize, by: &[(&Column, Sorting<'_>)]) -> BTreeSet<Vec<usize>> {
    let used: Vec<(&Column, &Sorting<'_>)> = by.iter().map(|(column, sorting)| (*column, sorting)).collect();
    let chunks: Vec<usize> = (0..rows).step_by(CHUNK).collect();
    let sizes: Vec<usize> = by.iter().map(|(_, sorting)| sorting.size).collect();
    // For few combinations an array of flags is faster than a set.
    let all = sizes.iter().try_fold(1_usize, |all, size| all.checked_mul(*size)).filter(|all| *all <= CHUNK);
    let add = |mut known: HashSet<usize>, first: &usize| {
        let keys = keys(rows, &used, None, *first).into_iter().map(|(key, _)| key);
        match all {
            Some(all) => {
                let mut occurs = vec![false; all];
                keys.for_each(|key| occurs[key] = true);
                known.extend(occurs.into_iter().enumerate().filter_map(|(key, occurs)| occurs.then_some(key)));
            }
            None => known.extend(keys),
        }
        known
    };
    let join = |mut one: HashSet<usize>, other: HashSet<usize>| {
        one.extend(other);
        one
    };
    let found = chunks.par_iter().fold(HashSet::new, add).reduce(HashSet::new, join);
    found.into_iter().map(|key| apart(key, &sizes)).collect()
}

/// The groups in a combination's number.
fn apart(mut key: usize, sizes: &[usize]) -> Vec<usize> {
    let mut groups: Vec<usize> = sizes
        .iter()
        .rev()
        .map(|size| {
            let group = key % size;
            key /= size;
            group
        })
        .collect();
    groups.reverse();
    groups
}

/// For each row of a chunk the number of its combination, and its units: 1 where no column counts them.
fn keys(
    rows: usize,
    used: &[(&Column, &Sorting<'_>)],
    count: Option<(&Column, &[i64])>,
    first: usize,
) -> Vec<(usize, i64)> {
    let mut keys = vec![(0, 1); (rows - first).min(CHUNK)];
    for (column, sorting) in used {
        place(&mut keys, column, first, |key, code| key.0 = key.0 * sorting.size + sorting.groups[code]);
    }
    if let Some((column, units)) = count {
        place(&mut keys, column, first, |key, code| key.1 = units[code]);
    }
    keys
}

impl Register {
    /// Keeps a table of counts without errors; none if the table counts nothing.
    pub(super) fn of(table: RawTable, schema: &Schema) -> Option<Self> {
        let observations = schema.observations.as_ref()?;
        let field = schema.field(&observations.value)?;
        let RawTable { table: name, country, labels, columns, rows, .. } = table;
        let held = held(&labels, &columns, rows, observations);
        let labelled = labels.into_iter().map(|label| label.text).zip(columns);
        let columns: Vec<_> = labelled.filter(|(_, column)| column.coded()).collect();
        let count = columns.iter().position(|(label, _)| *label == observations.value);
        let values = count.map_or(&[][..], |at| columns[at].1.values());
        let units = values.iter().map(|value| field.integer(value).unwrap_or(0)).collect();
        Some(Self { country, table: name, rows, columns, units, count, held })
    }

    /// The country in whose folder it is kept.
    #[must_use]
    pub fn country(&self) -> &str {
        &self.country
    }

    /// The kind of table.
    #[must_use]
    pub fn table(&self) -> &str {
        &self.table
    }

    /// The distinct values of a field; none where the file leaves it out.
    #[must_use]
    pub fn values(&self, field: &str) -> Option<&[String]> {
        self.column(field).map(Column::values)
    }

    fn column(&self, field: &str) -> Option<&Column> {
        self.columns.iter().find(|(label, _)| label == field).map(|(_, column)| column)
    }

    /// The units counted in each combination of groups that occurs, by the groups' numbers in the order of `by`.
    #[must_use]
    pub fn tally(&self, by: &[Sorting<'_>]) -> Vec<(Vec<usize>, i64)> {
        let used: Vec<(&Column, &Sorting<'_>)> =
            by.iter().filter_map(|sorting| Some((self.column(sorting.field)?, sorting))).collect();
        let cells = used.iter().try_fold(1_usize, |cells, (_, sorting)| cells.checked_mul(sorting.size));
        let chunks: Vec<usize> = (0..self.rows).step_by(CHUNK).collect();
        let mut counted: Vec<(usize, i64)> = match cells {
            Some(cells) if cells <= DENSE => {
                let add = |mut counts: Vec<i64>, first: &usize| {
                    self.keys(&used, *first).into_iter().for_each(|(key, units)| counts[key] += units);
                    counts
                };
                let sum = |one: Vec<i64>, other: Vec<i64>| one.iter().zip(other).map(|(a, b)| a + b).collect();
                let counts = chunks.par_iter().fold(|| vec![0; cells], add).reduce(|| vec![0; cells], sum);
                counts.into_iter().enumerate().filter(|(_, units)| *units != 0).collect()
            }
            _ => {
                let add = |mut counts: HashMap<usize, i64>, first: &usize| {
                    self.keys(&used, *first)
                        .into_iter()
                        .for_each(|(key, units)| *counts.entry(key).or_default() += units);
                    counts
                };
                let sum = |mut one: HashMap<usize, i64>, other: HashMap<usize, i64>| {
                    other.into_iter().for_each(|(key, units)| *one.entry(key).or_default() += units);
                    one
                };
                chunks.par_iter().fold(HashMap::new, add).reduce(HashMap::new, sum).into_iter().collect()
            }
        };
        counted.sort_unstable();
        counted.into_iter().map(|(key, units)| (groups(key, by, &used), units)).collect()
    }

    /// For each row of a chunk the number of its combination, and its units.
    fn keys(&self, used: &[(&Column, &Sorting<'_>)], first: usize) -> Vec<(usize, i64)> {
        let count = self.count.map(|count| (&self.columns[count].1, self.units.as_slice()));
        keys(self.rows, used, count, first)
    }

    /// Whether a register has a row of a measure, or of any where none is named, in any year.
    #[must_use]
    pub fn holds(&self, source: &str, measure: Option<&str>) -> bool {
        self.held.iter().any(|(id, code)| id == source && measure.is_none_or(|measure| measure == code))
    }
}

fn place(keys: &mut [(usize, i64)], column: &Column, first: usize, mut set: impl FnMut(&mut (usize, i64), usize)) {
    match column.codes() {
        Codes::Narrow(codes) => keys.iter_mut().zip(&codes[first..]).for_each(|(key, code)| set(key, (*code).into())),
        Codes::Middle(codes) => keys.iter_mut().zip(&codes[first..]).for_each(|(key, code)| set(key, (*code).into())),
        Codes::Wide(codes) => keys.iter_mut().zip(&codes[first..]).for_each(|(key, code)| set(key, *code as usize)),
        Codes::Hashes(_) => {}
    }
}

/// The groups in a combination's number; a field that the file lacks is in its first group.
fn groups(mut key: usize, by: &[Sorting<'_>], used: &[(&Column, &Sorting<'_>)]) -> Vec<usize> {
    let mut groups = vec![0; by.len()];
    for (at, sorting) in by.iter().enumerate().rev() {
        if used.iter().any(|(_, other)| std::ptr::eq(*other, sorting)) {
            groups[at] = key % sorting.size;
            key /= sorting.size;
        }
    }
    groups
}
