//! Margins that a source does not state, added up from its complete parts; nothing is ever derived by subtraction
//! (docs/data.md#how-rows-are-read, rule 2).

use std::collections::HashMap;
use std::rc::Rc;

use anyhow::Result;
use polars::prelude::DataFrame;

use super::Rule;
use super::entries::{ENTRY, Entries, FIRST, PERIOD, SOURCE, Terms, column, joined, numbers, sorted, with_totals};
use super::keyed::Keyed;
use super::lineage::Tree;
use super::sums::{Sums, Ways};
use crate::project::schema::REST;
use crate::tables::key::Key;
use crate::tables::parts::complete;

/// What one source states of one period is added up by itself, but as many of these together as have this many entries: a
/// table of ten million rows must not be held many times over. Tests put few together.
const TOGETHER: usize = if cfg!(test) { 4 } else { 1 << 17 };

/// The entries of each source, and the margins that its complete parts give: of both only what is `asked` for, the margins in
/// every other dimension. Ten million rows have many more margins than anybody prints.
pub(super) fn derive<'d>(entries: Entries<'d>, asked: &[String]) -> Result<Entries<'d>> {
    let Entries { frame, terms, mut tree } = entries;
    let is_asked = |at: &usize| asked.iter().any(|name| name == terms.dimensions[*at].0);
    let others: Vec<usize> = (0..terms.dimensions.len()).filter(|at| !is_asked(at)).collect();
    let mut judges: Vec<Option<Judge<'_>>> =
        (0..terms.dimensions.len()).map(|dimension| Judge::of(&terms, dimension)).collect();
    let mut all = beside(&frame, &terms.key, &others)?;
    let stated = all.height();
    for part in in_parts(&frame, &terms.key)? {
        let first = tree.len();
        let mut asked = margins(part, (&terms, &mut tree), &mut judges, &others)?;
        let entries = tree.keep(first, numbers(&asked, ENTRY)?);
        if asked.height() > 0 {
            asked.with_column(column(ENTRY, entries))?;
            all.vstack_mut(&asked)?;
        }
    }
    drop(judges);
    let frame = if all.height() == stated { all } else { sorted(&all, &terms.key)? };
    Ok(Entries { frame, terms, tree })
}

/// The entries in parts, none of which parts what one source states of one period.
fn in_parts(frame: &DataFrame, key: &Key) -> Result<Vec<DataFrame>> {
    let keys = key.read(frame)?;
    let of = |row: usize| [SOURCE, PERIOD].map(|place| key.digit(&keys, place, row));
    let (mut parts, mut start) = (Vec::new(), 0);
    while start < frame.height() {
        let last = frame.height().min(start + TOGETHER) - 1;
        let end = (last + 1..frame.height()).find(|row| of(*row) != of(last)).unwrap_or(frame.height());
        parts.push(frame.slice(i64::try_from(start)?, end - start));
        start = end;
    }
    Ok(parts)
}

/// The margins that follow from these entries, of them only those in `others`.
///
/// Parts with fewer margins are summed first, so that a sum may be a part of the next. Two complete breakdowns with
/// different sums derive nothing.
fn margins(
    entries: DataFrame,
    (terms, tree): (&Terms<'_>, &mut Tree),
    judges: &mut [Option<Judge<'_>>],
    others: &[usize],
) -> Result<DataFrame> {
    let key = &terms.key;
    let mut all = entries.head(Some(0));
    let mut parts = with_totals(&entries, 0)?;
    for totals in 1..=judges.len() {
        let own = with_totals(&entries, totals)?;
        let mut sums = Sums::beside(&own, key)?;
        for (dimension, judge) in judges.iter_mut().enumerate() {
            let Some(judge) = judge.as_mut().filter(|_| parts.height() > 0) else { continue };
            let place = FIRST + dimension;
            let parts = key.whose(&parts, place, |code| code != 0)?;
            let keys = key.read(&parts)?;
            let ways = |rows: &[usize]| {
                let source = key.digit(&keys, SOURCE, rows[0]);
                judge.ways(source, rows.iter().map(|row| key.digit(&keys, place, *row)))
            };
            sums.add(&parts, &key.changed(&parts, place, |_| 0)?, key, ways)?;
        }
        let derived = sums.agreed(terms, tree, Rule::Derived)?;
        all.vstack_mut(&beside(&derived, key, others)?)?;
        parts = joined(&own, &derived, key)?;
    }
    all.rechunk_mut();
    Ok(all)
}

/// The entries that are margins in these dimensions.
fn beside(frame: &DataFrame, key: &Key, dimensions: &[usize]) -> Result<DataFrame> {
    let margins = |frame: DataFrame, at: &usize| key.whose(&frame, FIRST + at, |code| code == 0);
    dimensions.iter().try_fold(frame.clone(), margins)
}

/// Knows which codes of a dimension make up a whole. Groups that hold the same codes are judged once.
struct Judge<'t> {
    codes: &'t [&'t str],
    /// Whether each source declares the dimension complete.
    declared: Vec<bool>,
    own: &'t str,
    /// The ways of codes that no source and that some source declares complete.
    known: [HashMap<Vec<u64>, Ways>; 2],
    group: Vec<u64>,
}

impl<'t> Judge<'t> {
    /// None where no choice of the codes makes up a whole: if not even all of them do, without a rest, no fewer do.
    fn of(terms: &'t Terms<'_>, dimension: usize) -> Option<Self> {
        let (name, codes) = &terms.dimensions[dimension];
        let declares = |complete: &&[String]| complete.iter().any(|declared| declared == name);
        let declared: Vec<bool> = terms.complete.iter().map(declares).collect();
        let may =
            declared.contains(&true) || codes.contains(&REST) || !complete(&codes[1..], false, terms.own).is_empty();
        may.then(|| Self { codes, declared, own: terms.own, known: <_>::default(), group: Vec::new() })
    }

    fn ways(&mut self, source: u64, group: impl Iterator<Item = u64>) -> Ways {
        self.group.clear();
        self.group.extend(group);
        let at = |digit: u64| usize::try_from(digit).unwrap_or(usize::MAX);
        let declared = self.declared.get(at(source)).copied().unwrap_or_default();
        let known = &mut self.known[usize::from(declared)];
        if let Some(ways) = known.get(&self.group) {
            return ways.clone();
        }
        let codes: Vec<&str> = self.group.iter().filter_map(|code| self.codes.get(at(*code)).copied()).collect();
        let ways = Rc::new(complete(&codes, declared, self.own));
        known.insert(self.group.clone(), ways.clone());
        ways
    }
}
