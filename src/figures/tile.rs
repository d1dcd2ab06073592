//! A calendar year made of shorter periods: only rows of one source that tile it without gap or overlap are added.

use std::collections::BTreeMap;

use super::Rule;
use super::margins::{PlacedStatement, add};
use crate::value::period::Period;

/// The years that one source's entries tile and that it does not state.
pub(super) fn years(entries: &[PlacedStatement]) -> Vec<PlacedStatement> {
    let mut by_codes: BTreeMap<&BTreeMap<String, String>, Vec<&PlacedStatement>> = BTreeMap::new();
    for entry in entries {
        by_codes.entry(&entry.codes).or_default().push(entry);
    }
    by_codes.into_values().flat_map(|entries| tiled(&entries)).collect()
}

fn tiled(entries: &[&PlacedStatement]) -> Vec<PlacedStatement> {
    let starts = entries.iter().map(|entry| chrono::Datelike::year(&entry.period.start()));
    let candidates: std::collections::BTreeSet<i32> = starts.collect();
    let mut years = Vec::new();
    for year in candidates.into_iter().filter_map(|year| Period::year(year).ok()) {
        if entries.iter().any(|entry| entry.period == year) {
            continue;
        }
        let inside: Vec<&PlacedStatement> =
            entries.iter().copied().filter(|entry| year.contains(&entry.period)).collect();
        let mut tilings = Vec::new();
        chains(&inside, &year, &mut Vec::new(), &mut tilings);
        let sums: Vec<_> = tilings.iter().filter_map(|tiles| add(tiles, Rule::Tiled)).collect();
        let agree = sums.windows(2).all(|pair| pair[0].outcome == pair[1].outcome);
        if let Some(statement) = sums.into_iter().next().filter(|_| agree) {
            years.push(PlacedStatement { period: year, codes: entries[0].codes.clone(), statement });
        }
    }
    years
}

/// Every chain of entries that follow one another from the year's first day to its last.
fn chains<'e>(
    inside: &[&'e PlacedStatement],
    year: &Period,
    chain: &mut Vec<&'e PlacedStatement>,
    tilings: &mut Vec<Vec<&'e PlacedStatement>>,
) {
    if chain.last().is_some_and(|last| last.period.end() == year.end()) {
        tilings.push(chain.clone());
        return;
    }
    for next in inside {
        let follows = match chain.last() {
            None => next.period.start() == year.start(),
            Some(last) => last.period.meets(&next.period),
        };
        if follows {
            chain.push(next);
            chains(inside, year, chain, tilings);
            chain.pop();
        }
    }
}
