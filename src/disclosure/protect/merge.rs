//! Publications and registers on the same cell: alternatives, ranked and never added
//! (docs/data.md#publications).

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::assemble::Codes;
use super::counted::Counted;
use crate::figures::{Lineage, Rule, SourceRecord, Statement, SummaryCell};
use crate::value::period::Period;
use crate::value::{Qualifier, Value};

/// A cell, with the register's count of it if there is one.
pub(super) struct Merged {
    pub(super) cell: SummaryCell,
    /// The count behind the register's statement among them.
    pub(super) counted: Option<Counted>,
}

/// The precedence of each source, by its id.
type Ranks<'s> = BTreeMap<&'s str, Precedence>;

type Precedence = (u32, Reverse<Option<chrono::NaiveDate>>, String);

/// Inserts the registers' counts among the publications' statements, by the precedence of their sources.
pub(super) fn merge(cells: Vec<SummaryCell>, counted: Vec<Counted>, sources: &[SourceRecord]) -> Vec<Merged> {
    let mut merged: Vec<Merged> = cells.into_iter().map(|cell| Merged { cell, counted: None }).collect();
    if counted.is_empty() {
        return sorted(merged);
    }
    let ranks: Ranks<'_> = sources.iter().rev().map(|source| (source.id.as_str(), source.precedence())).collect();
    // A breakdown is taken whole from the first source that states any part of it.
    let mut leaders: BTreeMap<(Period, BTreeSet<String>), Precedence> = BTreeMap::new();
    for cell in merged.iter().map(|merged| &merged.cell).filter(|cell| !cell.codes.is_empty()) {
        let best = cell.statements.iter().filter(|one| !one.register).map(|one| precedence(&one.source, &ranks)).min();
        let Some(best) = best else { continue };
        let leader = leaders.entry((cell.period.clone(), cell.codes.keys().cloned().collect()));
        let leader = leader.or_insert_with(|| best.clone());
        *leader = best.min(leader.clone());
    }
    let mut places: BTreeMap<(Period, Codes), usize> = BTreeMap::new();
    for (at, Merged { cell, .. }) in merged.iter().enumerate().rev() {
        places.insert((cell.period.clone(), cell.codes.clone()), at);
    }
    for counted in counted {
        let dimensions: BTreeSet<String> = counted.codes.keys().cloned().collect();
        let own = counted.sources.iter().map(|source| precedence(source, &ranks)).min();
        let leader = leaders.get(&(counted.period.clone(), dimensions));
        let leads = leader.is_none_or(|best| own.as_ref().is_some_and(|own| own < best));
        let key = (counted.period.clone(), counted.codes.clone());
        let place = match places.get(&key) {
            Some(place) => *place,
            None if leads => {
                let (period, codes) = key.clone();
                merged.push(Merged { cell: SummaryCell { period, codes, statements: Vec::new() }, counted: None });
                places.insert(key, merged.len() - 1);
                merged.len() - 1
            }
            None => continue,
        };
        insert(&mut merged[place], counted, leads, &ranks);
    }
    sorted(merged)
}

fn sorted(mut merged: Vec<Merged>) -> Vec<Merged> {
    merged.sort_by(|a, b| (&a.cell.period, &a.cell.codes).cmp(&(&b.cell.period, &b.cell.codes)));
    merged
}

/// Inserts a count at its rank; a withheld margin goes behind every source that gives a number.
fn insert(merged: &mut Merged, counted: Counted, leads: bool, ranks: &Ranks<'_>) {
    let statements = &mut merged.cell.statements;
    statements.retain(|statement| !statement.register);
    let Some(source) = counted.sources.first().cloned() else { return };
    let own = precedence(&source, ranks);
    let silent = counted.units.is_none() && (merged.cell.codes.is_empty() || !leads);
    let before = |other: &Statement| silent || precedence(&other.source, ranks) < own;
    let at =
        if leads && !merged.cell.codes.is_empty() { 0 } else { statements.iter().take_while(|s| before(s)).count() };
    let statement = Statement {
        source,
        outcome: counted.units.map(Value::Count).ok_or(counted.missing),
        below: None,
        qualifier: Qualifier::Exact,
        rule: Rule::Stated,
        rows: Lineage::default(),
        register: true,
        as_reported: String::new(),
    };
    if silent && !statements.is_empty() {
        return;
    }
    statements.insert(at, statement);
    merged.counted = Some(counted);
}

fn precedence(source: &str, ranks: &Ranks<'_>) -> Precedence {
    ranks.get(source).cloned().unwrap_or_else(|| (u32::MAX, Reverse(None), source.to_owned()))
}
