//! What sources state, and what follows from it, as rows of a frame: one row for each number, or missing number, of one
//! source on one period and one combination of codes.

use std::sync::Arc;

use anyhow::Result;
use polars::prelude::{
    ChunkCompareEq, Column, DataFrame, Int64Chunked, IntoColumn, NewChunkedArray, SortMultipleOptions, UInt32Chunked,
    UInt64Chunked,
};

use super::keyed::Keyed;
use super::lineage::Tree;
use crate::tables::key::Key;
use crate::tables::validate::Table;
use crate::value::Qualifier;
use crate::value::period::Period;

/// The digit of the source in a key.
pub(super) const SOURCE: usize = 0;
/// The digit of the period.
pub(super) const PERIOD: usize = 1;
/// The digit of the first dimension; 0 there is `total`.
pub(super) const FIRST: usize = 2;

/// The number of an entry: those that rows state come first.
pub(super) const ENTRY: &str = "entry";
/// How many of its codes are `total`.
pub(super) const TOTALS: &str = "totals";
/// The count; null where there is none to add.
pub(super) const COUNT: &str = "count";
/// Its qualifier, as its number in [`QUALIFIERS`].
pub(super) const QUALIFIER: &str = "qualifier";
/// The period as its row writes it, as its number among the spellings.
pub(super) const SPELLING: &str = "spelling";
/// How it was obtained, as its number in [`super::Rule`].
pub(super) const RULE: &str = "rule";

/// The qualifiers by their numbers.
pub(super) const QUALIFIERS: [Qualifier; 4] =
    [Qualifier::Exact, Qualifier::Approximate, Qualifier::AtLeast, Qualifier::AtMost];

/// The entries of one indicator in one country.
pub(super) struct Entries<'d> {
    pub(super) frame: DataFrame,
    pub(super) terms: Terms<'d>,
    pub(super) tree: Tree,
}

/// What the digits of keys stand for.
pub(super) struct Terms<'d> {
    pub(super) table: Option<&'d Table>,
    /// The country's code.
    pub(super) own: &'d str,
    pub(super) key: Arc<Key>,
    pub(super) sources: Vec<&'d str>,
    /// Which dimensions each source declares complete.
    pub(super) complete: Vec<&'d [String]>,
    pub(super) periods: Vec<Period>,
    pub(super) spellings: Vec<Period>,
    /// The dimensions that are free, by name, each with its codes; the first is `total`.
    pub(super) dimensions: Vec<(&'d str, Vec<&'d str>)>,
}

impl Terms<'_> {
    /// How many codes of an entry are `total`.
    pub(super) fn totals(&self, keys: &[&[u64]], row: usize) -> u32 {
        (0..self.dimensions.len()).map(|at| u32::from(self.key.digit(keys, FIRST + at, row) == 0)).sum()
    }
}

/// Entries by column, before they are a frame.
#[derive(Default)]
pub(super) struct Rows {
    pub(super) keys: Vec<Vec<u64>>,
    pub(super) entries: Vec<u32>,
    pub(super) totals: Vec<u32>,
    pub(super) counts: Vec<Option<i64>>,
    pub(super) qualifiers: Vec<u32>,
    pub(super) spellings: Vec<u32>,
    pub(super) rules: Vec<u32>,
}

impl Rows {
    /// No rows yet, and room for so many.
    pub(super) fn with_capacity(rows: usize, key: &Key) -> Self {
        let numbers = || Vec::with_capacity(rows);
        Self {
            keys: (0..key.columns()).map(|_| Vec::with_capacity(rows)).collect(),
            entries: numbers(),
            totals: numbers(),
            counts: Vec::with_capacity(rows),
            qualifiers: numbers(),
            spellings: numbers(),
            rules: numbers(),
        }
    }

    /// The frame of these entries.
    pub(super) fn frame(self, key: &Key) -> Result<DataFrame> {
        let rows = self.entries.len();
        let keys = key.names().into_iter().zip(self.keys);
        let mut columns: Vec<Column> =
            keys.map(|(name, keys)| UInt64Chunked::from_vec(name, keys).into_column()).collect();
        columns.extend([
            column(ENTRY, self.entries),
            column(TOTALS, self.totals),
            Int64Chunked::from_iter_options(COUNT.into(), self.counts.into_iter()).into_column(),
            column(QUALIFIER, self.qualifiers),
            column(SPELLING, self.spellings),
            column(RULE, self.rules),
        ]);
        Ok(DataFrame::new(rows, columns)?)
    }
}

/// The entries by key; of those with one key the earlier first.
pub(super) fn sorted(frame: &DataFrame, key: &Key) -> Result<DataFrame> {
    let stable = SortMultipleOptions::default().with_maintain_order(true);
    let mut sorted = frame.sort(key.names(), stable)?;
    sorted.rechunk_mut();
    Ok(sorted)
}

/// The entries of two frames by key; of those with one key the first frame's first.
pub(super) fn joined(one: &DataFrame, other: &DataFrame, key: &Key) -> Result<DataFrame> {
    if other.height() == 0 {
        return Ok(one.clone());
    }
    sorted(&one.vstack(other)?, key)
}

/// The entries of which so many codes are `total`.
pub(super) fn with_totals(frame: &DataFrame, totals: usize) -> Result<DataFrame> {
    let wanted = u32::try_from(totals)?;
    if numbers(frame, TOTALS)?.iter().all(|totals| *totals == wanted) {
        return Ok(frame.clone());
    }
    let mut kept = frame.filter(&frame.column(TOTALS)?.u32()?.equal(wanted))?;
    kept.rechunk_mut();
    Ok(kept)
}

/// A column of these numbers.
pub(super) fn column(name: &str, numbers: Vec<u32>) -> Column {
    UInt32Chunked::from_vec(name.into(), numbers).into_column()
}

/// The numbers in a column.
pub(super) fn numbers<'f>(frame: &'f DataFrame, name: &str) -> Result<&'f [u32]> {
    Ok(frame.column(name)?.u32()?.cont_slice()?)
}
