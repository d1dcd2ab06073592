//! Publications and registers on the same cell: alternatives, ranked and never added
//! (docs/data.md#publications).

use std::cmp::Reverse;
use std::collections::BTreeSet;

use super::registers::Counted;
use crate::figures::{Rule, SourceRecord, Statement, SummaryCell};
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
    let mut leaders: Vec<(Period, BTreeSet<String>, Precedence)> = Vec::new();
    for cell in merged.iter().map(|merged| &merged.cell).filter(|cell| !cell.codes.is_empty()) {
        let best = cell.statements.iter().filter(|one| !one.register).map(|one| precedence(&one.source, sources)).min();
        leaders.extend(best.map(|best| (cell.period.clone(), cell.codes.keys().cloned().collect(), best)));
    }
    for counted in counted {
        let dimensions: BTreeSet<String> = counted.codes.keys().cloned().collect();
        let own = counted.sources.iter().map(|source| precedence(source, sources)).min();
        let mut others = leaders.iter().filter(|(period, by, _)| *period == counted.period && *by == dimensions);
        let leads = others.all(|(.., best)| own.as_ref().is_some_and(|own| own < best));
        let place = merged.iter().position(|m| m.cell.period == counted.period && m.cell.codes == counted.codes);
        let place = match place {
            Some(place) => place,
            None if leads => {
                let (period, codes) = (counted.period.clone(), counted.codes.clone());
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
        rows: Vec::new(),
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
