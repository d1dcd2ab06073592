//! Margins that a source does not state, added up from its complete parts; nothing is ever derived by subtraction
//! (docs/data.md#how-rows-are-read, rule 2).

use std::collections::HashMap;
use std::rc::Rc;

use anyhow::Result;
use polars::prelude::DataFrame;

use super::Rule;
use super::entries::{Entries, FIRST, SOURCE, Terms, joined, sorted, with_totals};
use super::keyed::Keyed;
use super::sums::{Sums, Ways};
use crate::project::schema::REST;
use crate::tables::key::Key;
use crate::tables::parts::complete;

/// The entries of each source, and the margins that its complete parts give: of both only what is `asked` for, the margins in
/// every other dimension. Ten million rows have many more margins than anybody prints.
///
/// Parts with fewer margins are summed first, so that a sum may be a part of the next. Two complete breakdowns with
/// different sums derive nothing.
pub(super) fn derive<'d>(mut entries: Entries<'d>, asked: &[String]) -> Result<Entries<'d>> {
    let (key, dimensions) = (entries.terms.key.clone(), entries.terms.dimensions.len());
    let is_asked = |at: &usize| asked.iter().any(|name| name == entries.terms.dimensions[*at].0);
    let others: Vec<usize> = (0..dimensions).filter(|at| !is_asked(at)).collect();
    let mut all = beside(&entries.frame, &key, &others)?;
    let stated = all.height();
    let mut parts = with_totals(&entries.frame, 0)?;
    for totals in 1..=dimensions {
        let own = with_totals(&entries.frame, totals)?;
        let mut sums = Sums::beside(&own, &key)?;
        for dimension in (0..dimensions).filter(|_| parts.height() > 0) {
            let place = FIRST + dimension;
            let Some(mut judge) = Judge::of(&entries.terms, dimension) else { continue };
            let parts = key.whose(&parts, place, |code| code != 0)?;
            let keys = key.read(&parts)?;
            let ways = |rows: &[usize]| {
                let source = key.digit(&keys, SOURCE, rows[0]);
                judge.ways(source, rows.iter().map(|row| key.digit(&keys, place, *row)))
            };
            sums.add(&parts, &key.changed(&parts, place, |_| 0)?, &key, ways)?;
        }
        let derived = sums.agreed(&mut entries, Rule::Derived)?;
        let asked = beside(&derived, &key, &others)?;
        if asked.height() > 0 {
            all = all.vstack(&asked)?;
        }
        parts = joined(&own, &derived, &key)?;
    }
    let frame = if all.height() == stated { all } else { sorted(&all, &key)? };
    Ok(Entries { frame, ..entries })
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
