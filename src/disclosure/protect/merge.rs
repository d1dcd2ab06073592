//! Publications and registers on the same cell: alternatives, ranked and never added
//! (docs/data.md#publications).

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::assemble::Codes;
use super::registers::Counted;
use crate::figures::{Lineage, Rule, SourceRecord, Statement, SummaryCell};
use crate::value::period::Period;
use crate::value::{Missing, Qualifier, Value};

/// A cell, with the register's count of it if there is one.
pub(super) struct Merged {
    pub(super) cell: SummaryCell,
    /// The count behind the register's statement among them.
    pub(super) counted: Option<Counted>,
}

type Precedence = (u32, Reverse<Option<chrono::NaiveDate>>, String);

/// Inserts the registers' counts among the publications' statements, by the precedence of their sources.
pub(super) fn merge(cells: Vec<SummaryCell>, counted: Vec<Counted>, sources: &[SourceRecord]) -> Vec<Merged> {
    let mut merged: Vec<Merged> = cells.into_iter().map(|cell| Merged { cell, counted: None }).collect();
    // A breakdown is taken whole from the first source that states any part of it.
    let mut leaders: BTreeMap<(Period, BTreeSet<String>), Precedence> = BTreeMap::new();
    let mut places: BTreeMap<(Period, Codes), usize> = BTreeMap::new();
    // Without a count there is nothing to merge.
    for (place, merged) in merged.iter().enumerate().filter(|_| !counted.is_empty()) {
        let SummaryCell { period, codes, statements } = &merged.cell;
        places.insert((period.clone(), codes.clone()), place);
        let best = statements.iter().filter(|one| !one.register).map(|one| precedence(&one.source, sources)).min();
        if let Some(best) = best.filter(|_| !codes.is_empty()) {
            let leader = leaders.entry((period.clone(), codes.keys().cloned().collect())).or_insert(best.clone());
            *leader = best.min(leader.clone());
        }
    }
    for counted in counted {
        let dimensions: BTreeSet<String> = counted.codes.keys().cloned().collect();
        let own = counted.sources.iter().map(|source| precedence(source, sources)).min();
        let other = leaders.get(&(counted.period.clone(), dimensions));
        let leads = other.is_none_or(|best| own.as_ref().is_some_and(|own| own < best));
        let place = match places.get(&(counted.period.clone(), counted.codes.clone())) {
            Some(place) => *place,
            None if leads => {
                let (period, codes) = (counted.period.clone(), counted.codes.clone());
                places.insert((period.clone(), codes.clone()), merged.len());
                merged.push(Merged { cell: SummaryCell { period, codes, statements: Vec::new() }, counted: None });
                merged.len() - 1
            }
            None => continue,
        };
        insert(&mut merged[place], counted, leads, sources);
    }
    merged.sort_by(|a, b| (&a.cell.period, &a.cell.codes).cmp(&(&b.cell.period, &b.cell.codes)));
    merged
}

/// Inserts a count at its rank; a withheld margin goes behind every source that gives a number.
fn insert(merged: &mut Merged, counted: Counted, leads: bool, sources: &[SourceRecord]) {
    let statements = &mut merged.cell.statements;
    statements.retain(|statement| !statement.register);
    let Some(source) = counted.sources.first().cloned() else { return };
    let own = precedence(&source, sources);
    let silent = counted.units.is_none() && (merged.cell.codes.is_empty() || !leads);
    let before = |other: &Statement| silent || precedence(&other.source, sources) < own;
    let at =
        if leads && !merged.cell.codes.is_empty() { 0 } else { statements.iter().take_while(|s| before(s)).count() };
    let statement = Statement {
        source,
        outcome: counted.units.map(Value::Count).ok_or(Missing::Withheld),
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

fn precedence(source: &str, sources: &[SourceRecord]) -> Precedence {
    let record = sources.iter().find(|record| record.id == source);
    record.map_or_else(|| (u32::MAX, Reverse(None), source.to_owned()), SourceRecord::precedence)
}
