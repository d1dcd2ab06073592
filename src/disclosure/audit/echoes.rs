//! Totals with the name of the group that they total: `North` beside `North`, `Total North` among its districts.
//!
//! Such a code is read as the total of its column where every parent has one beside other codes, and no number printed
//! beside it is greater. This is listed as an assumption.

use std::collections::{BTreeMap, BTreeSet};

use super::columns::{ABSENT, Columns};
use super::evidence::weigh;
use super::margins::words;

/// Reads codes that echo those of another column as the total.
pub(super) fn find(columns: &mut Columns, sure: &[usize], assumptions: &mut Vec<String>) {
    for child in columns.live() {
        let mut outer = columns.live().into_iter().filter(|parent| *parent != child);
        let Some((parent, codes)) = outer.find_map(|parent| Some((parent, echoes(columns, child, parent)?))) else {
            continue;
        };
        let is_echo = |row: usize| codes.contains(&columns.columns[child].of_row[row]);
        let groups = weigh(columns, child, |_| true, is_echo);
        let exceeded = groups.iter().filter(|group| group.part_exceeds()).count();
        if (groups.is_empty() || exceeded > 0) && !sure.contains(&child) {
            continue;
        }
        let [own, other] = [child, parent].map(|at| &columns.columns[at]);
        let example = codes.iter().next().map_or("", |code| own.name(*code));
        assumptions.push(format!(
            "`{example}` and similar codes are read as totals of `{}`, because they are named like codes of `{}`",
            own.label, other.label
        ));
        let column = &mut columns.columns[child];
        codes.into_iter().for_each(|code| column.add_margin(code));
        column.spread_margin();
    }
}

/// The codes of a column that have the name of the only code of another column in their rows, if every code there has one.
fn echoes(columns: &Columns, child: usize, parent: usize) -> Option<BTreeSet<u32>> {
    let [own, other] = [child, parent].map(|at| &columns.columns[at]);
    let named: BTreeMap<Vec<String>, u32> = other.parts().map(|code| (words(other.name(code)), code)).collect();
    let echoed: BTreeMap<u32, u32> =
        own.parts().filter_map(|code| Some((code, *named.get(&words(own.name(code)))?))).collect();
    if echoed.len() < 2 {
        return None;
    }
    let (mut with_others, mut with_echo) = (BTreeSet::new(), BTreeSet::new());
    for row in 0..columns.observations.len() {
        let (one, above) = (own.of_row[row], other.of_row[row]);
        if one == ABSENT || above == ABSENT || other.is_margin(above) {
            continue;
        }
        match echoed.get(&one) {
            // It is called as another's total.
            Some(parent) if *parent != above => return None,
            Some(_) => {
                with_echo.insert(above);
            }
            None if own.is_margin(one) => return None,
            None => {
                with_others.insert(above);
            }
        }
    }
    (with_others.len() > 1 && with_others.is_subset(&with_echo)).then(|| echoed.into_keys().collect())
}
