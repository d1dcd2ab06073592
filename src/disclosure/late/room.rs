//! What z may be: the range of each group, and the bounds of each figure. Groups and figures stand in an order of their own,
//! so that the order in which they were given changes nothing.

use std::collections::BTreeSet;

use super::search::{Range, Row};
use super::year::{ClosedYear, Rung, Unfit};

/// The greatest count of a group, so that no sum is too large.
const MOST: i64 = 1 << 32;

/// A closed year in its own order.
pub(super) struct Room<'y> {
    pub(super) year: &'y ClosedYear,
    /// The places of the groups, by name. All that follows counts groups by their place in this list.
    pub(super) order: Vec<usize>,
    /// The range of z of each group.
    pub(super) ranges: Vec<Range>,
    /// The groups of each former group, in the order of their first.
    pub(super) formers: Vec<Part>,
    /// Each figure once, with its number of dimensions.
    figures: Vec<(usize, Row)>,
}

/// A group of the last release, and the groups into which it divides.
pub(super) struct Part {
    pub(super) groups: Vec<usize>,
    /// The least that their z may sum to: what was used of them.
    pub(super) least: i64,
}

impl<'y> Room<'y> {
    pub(super) fn of(year: &'y ClosedYear) -> Result<Self, Unfit> {
        fit(year)?;
        let mut order: Vec<usize> = (0..year.groups.len()).collect();
        order.sort_by_key(|group| &year.groups[*group].name);
        let mut place = vec![0; order.len()];
        order.iter().enumerate().for_each(|(at, group)| place[*group] = at);
        let mut members = vec![Vec::new(); year.former.len()];
        order.iter().enumerate().for_each(|(at, group)| members[year.groups[*group].former].push(at));
        let base = year.terms.base();
        // A base that has been raised lifts what was used to its next multiple.
        let parts = members.into_iter().zip(&year.former).filter(|(groups, _)| !groups.is_empty());
        let mut formers: Vec<Part> =
            parts.map(|(groups, former)| Part { groups, least: (former.told + base - 1) / base }).collect();
        formers.sort_by_key(|part| part.groups.first().copied());
        let mut ranges = vec![(0, 0); order.len()];
        for part in &formers {
            let came: i64 = part.groups.iter().map(|group| year.groups[order[*group]].came()).sum();
            for group in &part.groups {
                let own = year.groups[order[*group]].came();
                let single = part.groups.len() == 1;
                ranges[*group] = if single { (part.least, part.least + own) } else { (0, part.least + came) };
            }
        }
        let figures: BTreeSet<(usize, Row)> = year
            .figures
            .iter()
            .map(|figure| {
                let mut terms: Vec<(usize, i64)> = figure.groups.iter().map(|group| (place[*group], 1)).collect();
                terms.sort_unstable();
                let growth: i64 = figure.groups.iter().map(|group| year.groups[*group].growth()).sum();
                (figure.dimensions, bounded(terms, growth, base))
            })
            .collect();
        Ok(Self { year, order, ranges, formers, figures: figures.into_iter().collect() })
    }

    /// The sums that a rung asks to be in bounds, and those that hold whatever is told.
    pub(super) fn rows(&self, rung: Rung) -> Vec<Row> {
        let divided = self.formers.iter().filter(|part| part.groups.len() > 1).map(|part| {
            let came: i64 = part.groups.iter().map(|group| self.year.groups[self.order[*group]].came()).sum();
            let terms = part.groups.iter().map(|group| (*group, 1)).collect();
            Row { terms, least: part.least, most: part.least + came, aim: None }
        });
        let figures = self.figures.iter().filter(|(dimensions, _)| rung.tells(*dimensions)).map(|(_, row)| row.clone());
        divided.chain(figures).collect()
    }

    /// Numbers of groups in the order in which the groups were given.
    pub(super) fn as_given(&self, table: &[i64]) -> Vec<i64> {
        let mut given = vec![0; table.len()];
        self.order.iter().zip(table).for_each(|(group, number)| given[*group] = *number);
        given
    }
}

/// The bounds of a figure: 0 says that it has grown by less than the base, any other number that it is nearer to its growth
/// than the base. That is one of the two multiples next to the growth (zero-restricted rounding: Cox, "A constructive procedure
/// for unbiased controlled rounding", JASA 82, 1987).
fn bounded(terms: Vec<(usize, i64)>, growth: i64, base: i64) -> Row {
    let grown = growth.max(0);
    Row { terms, least: grown / base, most: (grown + base - 1) / base, aim: Some((base, growth)) }
}

fn fit(year: &ClosedYear) -> Result<(), Unfit> {
    let (groups, base) = (&year.groups, year.terms.base());
    let small = |number: i64| (0..=MOST).contains(&number);
    let numbers = groups.iter().all(|group| small(group.closed) && small(group.before) && small(group.now));
    let formers = year.former.iter().all(|former| small(former.told));
    if !numbers || !formers || !small(base) || !small(year.passed) || groups.len() > 1 << 20 {
        return Err(Unfit::Number);
    }
    let mut used = vec![false; year.former.len()];
    for group in groups {
        *used.get_mut(group.former).ok_or(Unfit::Place)? = true;
    }
    // What has been told of a group that is nowhere today would be lost.
    if year.former.iter().zip(&used).any(|(former, used)| former.told > 0 && !used) {
        return Err(Unfit::Place);
    }
    for figure in &year.figures {
        let once: BTreeSet<usize> = figure.groups.iter().copied().collect();
        if once.len() != figure.groups.len() || once.last().is_some_and(|last| *last >= groups.len()) {
            return Err(Unfit::Place);
        }
    }
    let names: BTreeSet<&str> = groups.iter().map(|group| group.name.as_str()).collect();
    if names.len() == groups.len() { Ok(()) } else { Err(Unfit::Name) }
}
