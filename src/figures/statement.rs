//! Entries as statements: what a row of the frame says, in the words of its table.

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::Result;
use polars::prelude::{DataFrame, Int64Chunked};

use super::entries::{COUNT, ENTRY, FIRST, PERIOD, QUALIFIER, QUALIFIERS, RULE, SOURCE, SPELLING, Terms, numbers};
use super::keyed::Keyed;
use super::lineage::{Lineage, Tree};
use super::{Rule, Statement};
use crate::value::period::Period;
use crate::value::{Missing, Qualifier, Value};

/// Reads the entries of a frame.
pub(super) struct Reader<'e, 'd> {
    terms: &'e Terms<'d>,
    tree: Arc<Tree>,
    keys: Vec<&'e [u64]>,
    counts: &'e Int64Chunked,
    entries: &'e [u32],
    qualifiers: &'e [u32],
    spellings: &'e [u32],
    rules: &'e [u32],
    value: &'e str,
}

impl<'e, 'd> Reader<'e, 'd> {
    /// A reader of entries whose values are in this field of their table.
    pub(super) fn of(terms: &'e Terms<'d>, tree: Tree, frame: &'e DataFrame, value: &'e str) -> Result<Self> {
        Ok(Self {
            terms,
            tree: Arc::new(tree),
            keys: terms.key.read(frame)?,
            counts: frame.column(COUNT)?.i64()?,
            entries: numbers(frame, ENTRY)?,
            qualifiers: numbers(frame, QUALIFIER)?,
            spellings: numbers(frame, SPELLING)?,
            rules: numbers(frame, RULE)?,
            value,
        })
    }

    pub(super) fn rows(&self) -> std::ops::Range<usize> {
        0..self.entries.len()
    }

    pub(super) fn source(&self, row: usize) -> usize {
        usize::try_from(self.digit(row, SOURCE)).unwrap_or(0)
    }

    pub(super) fn digit(&self, row: usize, place: usize) -> u64 {
        self.terms.key.digit(&self.keys, place, row)
    }

    pub(super) fn rule(&self, row: usize) -> Rule {
        Rule::OF_SUMMARIES.get(self.rules[row] as usize).copied().unwrap_or(Rule::Stated)
    }

    /// The number by which an entry comes after the entries that it was made of.
    pub(super) fn number(&self, row: usize) -> u32 {
        self.entries[row]
    }

    /// The period as the entry's row writes it; a year that was tiled as a year.
    pub(super) fn period(&self, row: usize) -> Period {
        let known = &self.terms.periods[usize::try_from(self.digit(row, PERIOD)).unwrap_or(0)];
        let year = || Period::year(chrono::Datelike::year(&known.start())).ok();
        let written = || self.terms.spellings.get(self.spellings[row] as usize).cloned();
        let period = if self.rule(row) == Rule::Tiled { year() } else { written() };
        period.unwrap_or_else(|| known.clone())
    }

    /// The codes by dimension, `total` left out.
    pub(super) fn codes(&self, row: usize) -> BTreeMap<String, String> {
        let code = |(at, (name, codes)): (usize, &(&str, Vec<&str>))| {
            let digit = usize::try_from(self.digit(row, FIRST + at)).ok().filter(|digit| *digit != 0)?;
            Some(((*name).to_owned(), (*codes.get(digit)?).to_owned()))
        };
        self.terms.dimensions.iter().enumerate().filter_map(code).collect()
    }

    /// The value, or why there is none, and the number that a withheld one is below.
    fn outcome(&self, row: usize) -> (Result<Value, Missing>, Option<i64>) {
        if self.rule(row) != Rule::Stated {
            return (self.counts.get(row).map(Value::Count).ok_or(Missing::NotReported), None);
        }
        let given = self.tree.row(self.entries[row]).zip(self.terms.table).and_then(|(row, table)| {
            let code = table.codes(self.value).ok()?.get(row)?;
            table.given().get(code as usize)
        });
        given.map_or((Err(Missing::Withheld), None), |given| (given.outcome.clone(), given.below))
    }

    /// Whether the entry gives no value.
    pub(super) fn is_missing(&self, row: usize) -> bool {
        self.counts.get(row).is_none() && self.outcome(row).0.is_err()
    }

    /// What the entry states.
    pub(super) fn statement(&self, row: usize) -> Statement {
        let (entry, rule) = (self.entries[row], self.rule(row));
        let (outcome, below) = self.outcome(row);
        let of_table = self.tree.row(entry).zip(self.terms.table);
        Statement {
            source: self.terms.sources.get(self.source(row)).copied().unwrap_or_default().to_owned(),
            outcome,
            below,
            qualifier: QUALIFIERS.get(self.qualifiers[row] as usize).copied().unwrap_or(Qualifier::Exact),
            rule,
            rows: Lineage::of(&self.tree, entry),
            register: rule == Rule::Stated && of_table.is_none(),
            as_reported: of_table.map_or("", |(row, table)| table.cell("as_reported", row)).to_owned(),
        }
    }
}
