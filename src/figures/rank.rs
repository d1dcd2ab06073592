//! Several sources on the same cell: alternatives, ranked, never averaged and never added
//! (docs/data.md#how-rows-are-read, rules 4 and 5).

use std::collections::{BTreeMap, BTreeSet};

use super::facts::SourceRecord;
use super::margins::PlacedStatement;
use super::{Rule, Statement, SummaryCell};
use crate::value::period::Period;

type Codes = BTreeMap<String, String>;
type Precedence = (u32, std::cmp::Reverse<Option<chrono::NaiveDate>>, Rule, String);

/// The cells of an indicator from the statements of all sources; the `subject` dimension does not count as a breakdown.
pub(super) fn cells(
    stated: Vec<(String, PlacedStatement)>,
    sources: &[SourceRecord],
    subject: Option<&str>,
) -> Vec<SummaryCell> {
    let precedence = |source: &str, rule: Rule| -> Precedence {
        let record = sources.iter().find(|record| record.id == source);
        let (rank, published, id) =
            record.map_or_else(|| (u32::MAX, std::cmp::Reverse(None), source.to_owned()), SourceRecord::precedence);
        (rank, published, rule, id)
    };
    let mut grouped: BTreeMap<(Period, Codes), Vec<Statement>> = BTreeMap::new();
    let mut leaders: BTreeMap<(Period, BTreeSet<String>), Precedence> = BTreeMap::new();
    for (source, entry) in stated {
        let order = precedence(&source, entry.statement.rule);
        let leader = leaders.entry((entry.period.clone(), breakdown(&entry.codes, subject))).or_insert(order.clone());
        if order < *leader {
            *leader = order;
        }
        grouped.entry((entry.period, entry.codes)).or_default().push(entry.statement);
    }
    let mut cells = Vec::new();
    for ((period, codes), mut statements) in grouped {
        let dimensions = breakdown(&codes, subject);
        // A breakdown is the first source's even where it gives no number; a margin may be another source's.
        let silent = |statement: &Statement| dimensions.is_empty() && statement.outcome.is_err();
        statements.sort_by_cached_key(|statement| (silent(statement), precedence(&statement.source, statement.rule)));
        // A breakdown is taken whole from the first source that states any part of it.
        let leader = leaders.get(&(period.clone(), dimensions.clone())).map(|(.., id)| id.as_str());
        let led = dimensions.is_empty() || statements.iter().any(|statement| Some(statement.source.as_str()) == leader);
        if led {
            cells.push(SummaryCell { period, codes, statements });
        }
    }
    cells
}

/// The dimensions that a cell is broken down by.
fn breakdown(codes: &Codes, subject: Option<&str>) -> BTreeSet<String> {
    codes.keys().filter(|dimension| Some(dimension.as_str()) != subject).cloned().collect()
}
