//! Margins that a source does not state, added up from its complete parts; nothing is ever derived by subtraction
//! (docs/data.md#how-rows-are-read, rule 2).

use std::collections::HashMap;
use std::rc::Rc;

use anyhow::Result;

use super::Rule;
use super::entries::{Entries, FIRST, SOURCE, Terms, joined, sorted, with_totals};
use super::keyed::Keyed;
use super::sums::{Sums, Ways};
use crate::project::schema::REST;
use crate::tables::parts::complete;

/// Adds to each source's entries the margins that its complete parts give.
///
/// Parts with fewer margins are summed first, so that a sum may be a part of the next. Two complete breakdowns with
/// different sums derive nothing.
pub(super) fn derive(mut entries: Entries<'_>) -> Result<Entries<'_>> {
    let (key, dimensions) = (entries.terms.key.clone(), entries.terms.dimensions.len());
    let mut all = entries.frame.clone();
    let mut parts = with_totals(&all, 0)?;
    for totals in 1..=dimensions {
        let stated = with_totals(&entries.frame, totals)?;
        let mut sums = Sums::beside(&stated, &key)?;
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
        all = all.vstack(&derived)?;
        parts = joined(&stated, &derived, &key)?;
    }
    let frame = if all.height() == entries.frame.height() { all } else { sorted(&all, &key)? };
    Ok(Entries { frame, ..entries })
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
