//! A calendar year made of shorter periods: only entries of one source that tile it without gap or overlap are added
//! (docs/data.md#how-rows-are-read, rule 6).

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use anyhow::Result;

use super::Rule;
use super::entries::{Entries, PERIOD, joined};
use super::keyed::Keyed;
use super::sums::{Sums, Ways};
use crate::value::period::Period;

/// The most ways to tile a year that are tried: as many as there are to choose days or the month twelve times. A source with
/// more gives no year.
const MOST: usize = 1 << 12;

/// Adds the years that shorter periods of one source tile and that it does not state.
pub(super) fn years(mut entries: Entries<'_>) -> Result<Entries<'_>> {
    let (key, periods) = (entries.terms.key.clone(), entries.terms.periods.clone());
    let years: Vec<Option<u64>> = periods.iter().map(|period| year_of(period, &periods)).collect();
    let year = |period: u64| usize::try_from(period).ok().and_then(|period| *years.get(period)?);
    if (0..).zip(&years).all(|(period, year)| year.is_none_or(|year| year == period)) {
        return Ok(entries);
    }
    let within = key.whose(&entries.frame, PERIOD, |period| year(period).is_some())?;
    let mut sums = Sums::beside(&within.head(Some(0)), &key)?;
    let (keys, mut known) = (key.read(&within)?, HashMap::<Vec<u64>, Ways>::new());
    let ways = |rows: &[usize]| {
        let tiles: Vec<u64> = rows.iter().map(|row| key.digit(&keys, PERIOD, *row)).collect();
        known.get(&tiles).cloned().unwrap_or_else(|| {
            let ways = Rc::new(tilings(&tiles, year(tiles[0]).unwrap_or(0), &periods));
            known.insert(tiles, ways.clone());
            ways
        })
    };
    sums.add(&within, &key.changed(&within, PERIOD, |period| year(period).unwrap_or(period))?, &key, ways)?;
    let tiled = sums.agreed(&entries.terms, &mut entries.tree, Rule::Tiled)?;
    Ok(Entries { frame: joined(&entries.frame, &tiled, &key)?, ..entries })
}

/// The number of the calendar year that a period lies in.
fn year_of(period: &Period, periods: &[Period]) -> Option<u64> {
    let year = Period::year(chrono::Datelike::year(&period.start())).ok().filter(|year| year.contains(period))?;
    periods.binary_search(&year).ok().map(|year| year as u64)
}

/// The chains of periods that follow one another from the year's first day to its last; none if the year itself is among
/// them.
fn tilings(tiles: &[u64], year: u64, periods: &[Period]) -> Vec<Vec<usize>> {
    let at = |digit: u64| usize::try_from(digit).ok().and_then(|digit| periods.get(digit));
    let tiles: Vec<&Period> = tiles.iter().filter_map(|tile| at(*tile)).collect();
    let Some(year) = at(year).filter(|year| !tiles.contains(year)) else { return Vec::new() };
    let leading = leading(&tiles, year);
    let mut chains = Vec::new();
    follow(&tiles, &leading, year, &mut Vec::new(), &mut chains);
    if chains.len() > MOST { Vec::new() } else { chains }
}

/// The tiles from which a chain leads to the year's last day.
fn leading(tiles: &[&Period], year: &Period) -> Vec<usize> {
    let mut latest: Vec<usize> = (0..tiles.len()).collect();
    latest.sort_by_key(|tile| std::cmp::Reverse(tiles[*tile].start()));
    let (mut days, mut leading) = (HashSet::new(), Vec::new());
    for tile in latest {
        let after = tiles[tile].end().succ_opt();
        if tiles[tile].end() == year.end() || after.is_some_and(|after| days.contains(&after)) {
            days.insert(tiles[tile].start());
            leading.push(tile);
        }
    }
    leading.sort_unstable();
    leading
}

fn follow(tiles: &[&Period], leading: &[usize], year: &Period, chain: &mut Vec<usize>, chains: &mut Vec<Vec<usize>>) {
    let last = chain.last().map(|last| tiles[*last]);
    if chains.len() > MOST || last.is_some_and(|last| last.end() == year.end()) {
        chains.push(chain.clone());
        return;
    }
    let follows = |next: &Period| match last {
        None => next.start() == year.start(),
        Some(last) => last.meets(next),
    };
    for next in leading.iter().copied().filter(|next| follows(tiles[*next])) {
        chain.push(next);
        follow(tiles, leading, year, chain, chains);
        chain.pop();
    }
}
