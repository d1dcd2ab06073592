//! Margins that a source does not state, added up from its complete parts; nothing is ever derived by subtraction.

use std::collections::BTreeMap;

use super::facts::SourceRecord;
use super::{Rule, Statement};
use crate::project::schema::TOTAL;
use crate::tables::parts::complete;
use crate::value::Value;
use crate::value::period::Period;

/// A statement with its period and its codes, one for every dimension of the table that is still free.
#[derive(Clone)]
pub(super) struct PlacedStatement {
    pub(super) period: Period,
    pub(super) codes: BTreeMap<String, String>,
    pub(super) statement: Statement,
}

/// Adds to one source's entries the margins that its complete parts give.
///
/// Parts with fewer margins are summed first, so that a sum may be a part of the next. Two complete breakdowns with
/// different sums derive nothing.
pub(super) fn derive(stated: Vec<PlacedStatement>, source: Option<&SourceRecord>, own: &str) -> Vec<PlacedStatement> {
    let mut periods: Vec<Period> = stated.iter().map(|entry| entry.period.clone()).collect();
    periods.sort();
    periods.dedup();
    let mut all = Vec::new();
    for period in periods {
        let mut entries: Vec<PlacedStatement> = stated.iter().filter(|entry| entry.period == period).cloned().collect();
        let dimensions: Vec<String> = entries.first().map_or_else(Vec::new, |e| e.codes.keys().cloned().collect());
        for margins in 1..=dimensions.len() {
            for target in targets(&entries, &dimensions, margins) {
                entries.extend(sum(&entries, &target, source, own));
            }
        }
        all.extend(entries);
    }
    all
}

/// The combinations with `margins` totals that are not stated and that some entry is a part of.
fn targets(entries: &[PlacedStatement], dimensions: &[String], margins: usize) -> Vec<BTreeMap<String, String>> {
    let mut targets: Vec<BTreeMap<String, String>> = Vec::new();
    for entry in entries {
        for dimension in dimensions.iter().filter(|dimension| entry.codes[*dimension] != TOTAL) {
            let mut codes = entry.codes.clone();
            codes.insert(dimension.clone(), TOTAL.to_owned());
            let totals = codes.values().filter(|code| *code == TOTAL).count();
            let stated = entries.iter().any(|other| other.codes == codes);
            if totals == margins && !stated && !targets.contains(&codes) {
                targets.push(codes);
            }
        }
    }
    targets
}

fn sum(
    entries: &[PlacedStatement],
    target: &BTreeMap<String, String>,
    source: Option<&SourceRecord>,
    own: &str,
) -> Option<PlacedStatement> {
    let mut sums: Vec<PlacedStatement> = Vec::new();
    for dimension in target.keys().filter(|dimension| target[*dimension] == TOTAL) {
        let part = |entry: &&PlacedStatement| {
            entry.codes[dimension] != TOTAL && entry.codes.iter().all(|(d, code)| d == dimension || &target[d] == code)
        };
        let parts: Vec<&PlacedStatement> = entries.iter().filter(part).collect();
        let codes: Vec<&str> = parts.iter().map(|entry| entry.codes[dimension].as_str()).collect();
        let declared = source.is_some_and(|source| source.complete.contains(dimension));
        for cover in complete(&codes, declared, own) {
            let chosen: Vec<&PlacedStatement> = cover.iter().map(|at| parts[*at]).collect();
            sums.extend(add(&chosen, Rule::Derived).map(|statement| PlacedStatement {
                period: chosen[0].period.clone(),
                codes: target.clone(),
                statement,
            }));
        }
    }
    let agree = sums.windows(2).all(|pair| pair[0].statement.outcome == pair[1].statement.outcome);
    sums.into_iter().next().filter(|_| agree)
}

/// The sum of whole counts, or nothing where one is missing or their qualifiers do not mix.
pub(super) fn add(parts: &[&PlacedStatement], rule: Rule) -> Option<Statement> {
    let first = &parts.first()?.statement;
    let mut sum = Statement { rule, rows: Vec::new(), as_reported: String::new(), ..first.clone() };
    let mut total: i64 = 0;
    for part in parts {
        total = total.checked_add(part.statement.outcome.as_ref().ok()?.count()?)?;
        sum.qualifier = sum.qualifier.plus(part.statement.qualifier)?;
        sum.rows.extend(part.statement.rows.iter().cloned());
    }
    sum.outcome = Ok(Value::Count(total));
    Some(sum)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Qualifier;

    fn entry(sex: &str, age: &str, count: i64) -> PlacedStatement {
        let codes = [("age_group", age), ("sex", sex)].map(|(d, c)| (d.to_owned(), c.to_owned()));
        let statement = Statement {
            source: "s".into(),
            outcome: Ok(Value::Count(count)),
            below: None,
            qualifier: Qualifier::Exact,
            rule: Rule::Stated,
            rows: vec![format!("{sex}{age}")],
            register: false,
            as_reported: String::new(),
        };
        PlacedStatement { period: Period::year(2021).expect("a year"), codes: codes.into(), statement }
    }

    fn margin(entries: &[PlacedStatement], sex: &str, age: &str) -> Option<i64> {
        let found = entries.iter().find(|e| e.codes["sex"] == sex && e.codes["age_group"] == age)?;
        found.statement.outcome.as_ref().ok()?.count()
    }

    #[test]
    fn four_parts_give_every_margin() {
        let parts = [("female", "18+", 30), ("female", "0-17", 62), ("male", "18+", 5), ("male", "0-17", 13)];
        let all = derive(parts.map(|(sex, age, count)| entry(sex, age, count)).to_vec(), None, "LAO");
        assert_eq!(margin(&all, "female", TOTAL), Some(92));
        assert_eq!(margin(&all, TOTAL, "0-17"), Some(75));
        assert_eq!(margin(&all, TOTAL, TOTAL), Some(110));
    }

    #[test]
    fn breakdowns_that_disagree_derive_nothing() {
        let parts = [("female", TOTAL, 10), ("male", TOTAL, 5), (TOTAL, "0-17", 9), (TOTAL, "18+", 9)];
        let all = derive(parts.map(|(sex, age, count)| entry(sex, age, count)).to_vec(), None, "LAO");
        assert_eq!(margin(&all, TOTAL, TOTAL), None);
    }

    #[test]
    fn a_missing_part_is_never_found_by_subtraction() {
        let all = derive(vec![entry(TOTAL, TOTAL, 20), entry("female", TOTAL, 15)], None, "LAO");
        assert_eq!(margin(&all, "male", TOTAL), None);
    }
}
