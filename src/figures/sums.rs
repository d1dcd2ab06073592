//! Entries added up: groups of parts, of which some make up a whole; each whole is a grouped sum.
//!
//! A whole can often be made up in several ways, by sex and by age. If two of them give different numbers, none is taken.

use std::rc::Rc;

use anyhow::Result;
use polars::prelude::{ChunkTake, DataFrame, GroupBy, GroupsType, IdxCa, Int64Chunked, IntoColumn, UInt32Chunked};

use super::Rule;
use super::entries::{COUNT, ENTRY, QUALIFIER, QUALIFIERS, Rows, SPELLING, Terms, numbers};
use super::keyed::{Keyed, members};
use super::lineage::Tree;
use crate::tables::key::Key;
use crate::value::Qualifier;

/// The ways in which the parts of one group make up their whole, each as their numbers in the group.
pub(super) type Ways = Rc<Vec<Vec<usize>>>;

/// Sums found so far, by the key of the whole. The first of a whole is the one that is taken.
pub(super) struct Sums {
    /// The keys of the wholes, and the number of each sum.
    frame: DataFrame,
    found: Vec<Sum>,
    /// The entries that are the parts of the sums, one sum after the other.
    parts: Vec<u32>,
}

/// One sum of parts.
struct Sum {
    total: i64,
    /// Whether it is too large for a number.
    too_large: bool,
    qualifier: Qualifier,
    /// How its first part writes the period.
    spelling: u32,
    /// Where its parts end.
    end: usize,
}

impl Sum {
    fn total(&self) -> Option<i64> {
        (!self.too_large).then_some(self.total)
    }
}

/// The number of a whole that is stated, so that no sum of it is taken.
const STATED: u32 = u32::MAX;
/// The column of the number of a sum.
const SUM: &str = "sum";
/// Counts are added in two halves, so that no sum of fewer than 2³¹ of them wraps.
const HALF: i64 = 1 << 32;
const HIGH: &str = "high";
const LOW: &str = "low";

impl Sums {
    /// No sum yet, and the wholes that are stated.
    pub(super) fn beside(stated: &DataFrame, key: &Key) -> Result<Self> {
        let frame = numbered(stated, key, vec![STATED; stated.height()])?;
        Ok(Self { frame, found: Vec::new(), parts: Vec::new() })
    }

    /// Adds up `parts` in groups of one key in `wholes`. `ways` is given the rows of a group.
    pub(super) fn add(
        &mut self,
        parts: &DataFrame,
        wholes: &DataFrame,
        key: &Key,
        mut ways: impl FnMut(&[usize]) -> Ways,
    ) -> Result<()> {
        if parts.height() == 0 {
            return Ok(());
        }
        let of = |name| numbers(parts, name);
        let (entries, qualifiers, spellings) = (of(ENTRY)?, of(QUALIFIER)?, of(SPELLING)?);
        let counts = parts.column(COUNT)?.i64()?;
        let is_count: Vec<bool> = counts.iter().map(|count| count.is_some()).collect();
        let (first, mut chosen, mut groups, mut rows) = (self.found.len(), Vec::new(), Vec::new(), Vec::new());
        let wholes_by_key = wholes.group_by(key.names())?;
        // Of ten million parts no vector should be twice as long as it must.
        self.found.reserve_exact(wholes_by_key.get_groups().len());
        self.parts.reserve_exact(parts.height());
        for group in wholes_by_key.get_groups().iter() {
            rows.clear();
            rows.extend(members(&group));
            for way in ways(&rows).iter().filter(|way| way.iter().all(|part| is_count[rows[*part]])) {
                let Some(qualifier) = mixed(way.iter().map(|part| qualifiers[rows[*part]])) else { continue };
                groups.push([u32::try_from(chosen.len())?, u32::try_from(way.len())?]);
                let spelling = spellings[rows[way[0]]];
                self.parts.extend(way.iter().map(|part| entries[rows[*part]]));
                self.found.push(Sum { total: 0, too_large: true, qualifier, spelling, end: self.parts.len() });
                chosen.extend(way.iter().filter_map(|part| u32::try_from(rows[*part]).ok()));
            }
        }
        drop(wholes_by_key);
        let of_wholes = groups.iter().map(|[start, _]| chosen[*start as usize]).collect();
        let totals = totals(&counts.take(&IdxCa::from_vec("".into(), chosen))?, groups)?;
        for (sum, total) in self.found[first..].iter_mut().zip(totals) {
            (sum.total, sum.too_large) = (total.unwrap_or_default(), total.is_none());
        }
        let sums = (u32::try_from(first)?..u32::try_from(self.found.len())?).collect();
        self.frame.vstack_mut(&numbered(&wholes.take(&IdxCa::from_vec("".into(), of_wholes))?, key, sums)?)?;
        Ok(())
    }

    /// The wholes on which all their sums agree, entered in the tree as entries of their own.
    pub(super) fn agreed(mut self, terms: &Terms<'_>, tree: &mut Tree, rule: Rule) -> Result<DataFrame> {
        let key = &terms.key;
        if self.found.is_empty() {
            return Rows { keys: key.zeros(0), ..Rows::default() }.frame(key);
        }
        self.frame.rechunk_mut();
        let (keys, sums) = (key.read(&self.frame)?, numbers(&self.frame, SUM)?);
        let (mut agreed, mut rows) = (Vec::new(), Vec::new());
        for group in self.frame.group_by(key.names())?.get_groups().iter() {
            rows.clear();
            rows.extend(members(&group));
            if let Some(sum) = self.one(rows.iter().map(|row| sums[*row])) {
                agreed.push((u32::try_from(rows[0])?, sum));
            }
        }
        let whole = |row: u32| keys.iter().map(move |column| column[row as usize]);
        agreed.sort_unstable_by(|(one, _), (other, _)| whole(*one).cmp(whole(*other)));
        let mut rows = Rows::with_capacity(agreed.len(), key);
        for (row, number) in agreed {
            let number = number as usize;
            let start = number.checked_sub(1).map_or(0, |before| self.found[before].end);
            let sum = &self.found[number];
            rows.entries.push(tree.enter(self.parts[start..sum.end].iter().copied()));
            rows.totals.push(terms.totals(&keys, row as usize));
            rows.counts.push(sum.total());
            rows.qualifiers.push(sum.qualifier as u32);
            rows.spellings.push(sum.spelling);
            rows.rules.push(rule as u32);
            rows.keys.iter_mut().zip(whole(row)).for_each(|(column, word)| column.push(word));
        }
        rows.frame(key)
    }

    /// The first of the sums of one whole, if all are the same and it is not stated.
    fn one(&self, sums: impl Iterator<Item = u32> + Clone) -> Option<u32> {
        if sums.clone().any(|sum| sum == STATED) {
            return None;
        }
        let total = |sum: u32| self.found[sum as usize].total();
        let mut given = sums.filter(|sum| total(*sum).is_some());
        let first = given.next()?;
        given.all(|other| total(other) == total(first)).then_some(first)
    }
}

/// The keys of a frame, numbered.
fn numbered(frame: &DataFrame, key: &Key, numbers: Vec<u32>) -> Result<DataFrame> {
    let mut keys = frame.select(key.names())?;
    keys.with_column(UInt32Chunked::from_vec(SUM.into(), numbers).into_column())?;
    Ok(keys)
}

/// The qualifier of a sum of parts; none if theirs do not mix, or if there is no part.
fn mixed(mut qualifiers: impl Iterator<Item = u32>) -> Option<Qualifier> {
    let first = qualifiers.next()?;
    qualifiers.try_fold(QUALIFIERS[first as usize], |sum, next| sum.plus(QUALIFIERS[next as usize]))
}

/// The sum of each group of counts; none where it is too large for a number.
fn totals(counts: &Int64Chunked, groups: Vec<[u32; 2]>) -> Result<Vec<Option<i64>>> {
    let high = (counts / HALF).with_name(HIGH.into());
    let low = (counts - &(&high * HALF)).with_name(LOW.into());
    let halves = DataFrame::new(counts.len(), vec![high.into_column(), low.into_column()])?;
    let groups = GroupsType::new_slice(groups, false, true).into_sliceable();
    // What would be used instead is the lazy engine, which is not built here.
    #[allow(deprecated)]
    let sums = GroupBy::new(&halves, Vec::new(), groups, None).select([HIGH, LOW]).sum()?;
    let [high, low] = [0, 1].map(|at| sums.columns()[at].i64().cloned());
    let whole = |(high, low): (Option<i64>, Option<i64>)| {
        i64::try_from(i128::from(high?) * i128::from(HALF) + i128::from(low?)).ok()
    };
    Ok(high?.iter().zip(low?.iter()).map(whole).collect())
}
