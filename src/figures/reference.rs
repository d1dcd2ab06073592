//! The slow reference of the property test: the rules of docs/data.md#how-rows-are-read, rules 2, 4, 5 and 6, row by row over
//! maps, as they are given there.

use std::collections::{BTreeMap, BTreeSet};

use super::Rule;
use super::facts::SourceRecord;
use super::observe::Question;
use crate::project::indicator::Measure;
use crate::project::schema::{OWN, TOTAL};
use crate::tables::parts::complete;
use crate::tables::validate::Table;
use crate::value::period::Period;
use crate::value::{Missing, Qualifier, Value};

/// One source's statement on a cell, with its rows.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Content {
    pub(super) source: String,
    pub(super) outcome: Result<Value, Missing>,
    pub(super) below: Option<i64>,
    pub(super) qualifier: Qualifier,
    pub(super) rule: Rule,
    pub(super) rows: Vec<usize>,
    pub(super) register: bool,
    pub(super) as_reported: String,
}

type Codes = BTreeMap<String, String>;

/// A statement with its period and its codes, one for every dimension of the table that is still free.
#[derive(Clone)]
struct Placed {
    period: Period,
    codes: Codes,
    content: Content,
}

/// The cells: period, codes, and the statements by rank.
pub(super) fn cells(
    question: Question<'_>,
    table: &Table,
    withheld: &[(&str, Period)],
) -> Vec<(Period, Codes, Vec<Content>)> {
    let mut by_source: BTreeMap<String, Vec<Placed>> = BTreeMap::new();
    for placed in stated(question, table, withheld) {
        by_source.entry(placed.content.source.clone()).or_default().push(placed);
    }
    let mut all = Vec::new();
    for (source, entries) in by_source {
        let record = question.sources.iter().find(|record| record.id == source);
        let mut entries = derive(entries, record, question.country);
        if !question.indicator.is_stock() {
            entries.extend(years(&entries));
        }
        all.extend(entries.into_iter().filter_map(|entry| project(entry, &question.indicator.dimensions)));
    }
    ranked(all, question.sources, question.observations.subject.as_deref())
}

/// The rows that the question asks for, and the years that registers withhold: by period, then by codes, `total` first.
fn stated(question: Question<'_>, table: &Table, withheld: &[(&str, Period)]) -> Vec<Placed> {
    let observations = question.observations;
    let conditions = &question.indicator.conditions;
    let free = || observations.dimensions.iter().filter(|dimension| !conditions.contains_key(*dimension));
    let asked = |row: &usize| {
        let own = |code: &String| if code == OWN { question.country.to_owned() } else { code.clone() };
        let is =
            |(field, codes): (&String, &Vec<String>)| codes.iter().any(|code| own(code) == table.cell(field, *row));
        let measure = match (&question.indicator.measure, &observations.measure) {
            (Measure::Observed { code: Some(code), .. }, Some(field)) => table.cell(field, *row) == code,
            _ => true,
        };
        measure && conditions.iter().all(is)
    };
    let placed = |row: usize| {
        let value = table.words(&observations.value).iter().position(|w| w == table.cell(&observations.value, row));
        let given = &table.given()[value.expect("a word of the table")];
        let content = Content {
            source: table.cell("source", row).to_owned(),
            outcome: given.outcome.clone(),
            below: given.below,
            qualifier: Qualifier::read(table.cell("qualifier", row)),
            rule: Rule::Stated,
            rows: vec![row],
            register: false,
            as_reported: table.cell("as_reported", row).to_owned(),
        };
        let codes = free().map(|dimension| (dimension.clone(), table.cell(dimension, row).to_owned())).collect();
        Placed { period: Period::parse(table.cell(&observations.period, row)).expect("a period"), codes, content }
    };
    let of_register = |(source, period): &(&str, Period)| Placed {
        period: period.clone(),
        codes: free().map(|dimension| (dimension.clone(), TOTAL.to_owned())).collect(),
        content: Content {
            source: (*source).to_owned(),
            outcome: Err(Missing::Withheld),
            below: None,
            qualifier: Qualifier::Exact,
            rule: Rule::Stated,
            rows: Vec::new(),
            register: true,
            as_reported: String::new(),
        },
    };
    let rows = (0..table.rows()).filter(asked).map(placed);
    let mut all: Vec<Placed> = rows.chain(withheld.iter().map(of_register)).collect();
    let order = |one: &Placed| {
        let codes: Vec<_> = one.codes.values().map(|code| (code != TOTAL, code.clone())).collect();
        (one.period.clone(), codes)
    };
    all.sort_by_cached_key(order);
    all
}

/// Adds to one source's entries the margins that its complete parts give, those with fewer totals first.
fn derive(stated: Vec<Placed>, source: Option<&SourceRecord>, own: &str) -> Vec<Placed> {
    let periods: BTreeSet<Period> = stated.iter().map(|entry| entry.period.clone()).collect();
    let mut all = Vec::new();
    for period in periods {
        let mut entries: Vec<Placed> = stated.iter().filter(|entry| entry.period == period).cloned().collect();
        for margins in 1..=entries[0].codes.len() {
            for target in targets(&entries, margins) {
                entries.extend(sum(&entries, &target, source, own));
            }
        }
        all.extend(entries);
    }
    all
}

/// The combinations with so many totals that are not stated and that some entry is a part of.
fn targets(entries: &[Placed], margins: usize) -> BTreeSet<Vec<(String, (bool, String))>> {
    let mut targets = BTreeSet::new();
    for entry in entries {
        for dimension in entry.codes.keys().filter(|dimension| entry.codes[*dimension] != TOTAL) {
            let mut codes = entry.codes.clone();
            codes.insert(dimension.clone(), TOTAL.to_owned());
            let totals = codes.values().filter(|code| *code == TOTAL).count();
            let stated = entries.iter().any(|other| other.codes == codes);
            if totals == margins && !stated {
                targets.insert(codes.into_iter().map(|(name, code)| (name, (code != TOTAL, code))).collect());
            }
        }
    }
    targets
}

fn sum(
    entries: &[Placed],
    target: &[(String, (bool, String))],
    source: Option<&SourceRecord>,
    own: &str,
) -> Option<Placed> {
    let target: Codes = target.iter().map(|(name, (_, code))| (name.clone(), code.clone())).collect();
    let mut sums: Vec<Placed> = Vec::new();
    for dimension in target.keys().filter(|dimension| target[*dimension] == TOTAL) {
        let part = |entry: &&Placed| {
            entry.codes[dimension] != TOTAL && entry.codes.iter().all(|(d, code)| d == dimension || &target[d] == code)
        };
        let mut parts: Vec<&Placed> = entries.iter().filter(part).collect();
        parts.sort_by_key(|part| &part.codes[dimension]);
        let codes: Vec<&str> = parts.iter().map(|entry| entry.codes[dimension].as_str()).collect();
        let declared = source.is_some_and(|source| source.complete.contains(dimension));
        for cover in complete(&codes, declared, own) {
            let chosen: Vec<&Placed> = cover.iter().map(|at| parts[*at]).collect();
            sums.extend(add(&chosen, Rule::Derived).map(|content| Placed {
                period: chosen[0].period.clone(),
                codes: target.clone(),
                content,
            }));
        }
    }
    let agree = sums.windows(2).all(|pair| pair[0].content.outcome == pair[1].content.outcome);
    sums.into_iter().next().filter(|_| agree)
}

/// The sum of whole counts, or nothing where one is missing, their qualifiers do not mix, or it is too large.
fn add(parts: &[&Placed], rule: Rule) -> Option<Content> {
    let first = &parts.first()?.content;
    let mut sum = Content { rule, rows: Vec::new(), as_reported: String::new(), ..first.clone() };
    let mut total: i64 = 0;
    for part in parts {
        total = total.checked_add(part.content.outcome.as_ref().ok()?.count()?)?;
        sum.qualifier = sum.qualifier.plus(part.content.qualifier)?;
        sum.rows.extend(&part.content.rows);
    }
    sum.outcome = Ok(Value::Count(total));
    Some(sum)
}

/// The years that one source's entries tile and that it does not state.
fn years(entries: &[Placed]) -> Vec<Placed> {
    let mut by_codes: BTreeMap<&Codes, Vec<&Placed>> = BTreeMap::new();
    for entry in entries {
        by_codes.entry(&entry.codes).or_default().push(entry);
    }
    let mut years = Vec::new();
    for entries in by_codes.into_values() {
        let starts: BTreeSet<i32> = entries.iter().map(|one| chrono::Datelike::year(&one.period.start())).collect();
        for year in starts.into_iter().filter_map(|year| Period::year(year).ok()) {
            if entries.iter().any(|entry| entry.period == year) {
                continue;
            }
            let inside: Vec<&Placed> = entries.iter().copied().filter(|entry| year.contains(&entry.period)).collect();
            let mut tilings = Vec::new();
            chains(&inside, &year, &mut Vec::new(), &mut tilings);
            let sums: Vec<_> = tilings.iter().filter_map(|tiles| add(tiles, Rule::Tiled)).collect();
            let agree = sums.windows(2).all(|pair| pair[0].outcome == pair[1].outcome);
            if let Some(content) = sums.into_iter().next().filter(|_| agree) {
                years.push(Placed { period: year, codes: entries[0].codes.clone(), content });
            }
        }
    }
    years
}

/// Every chain of entries that follow one another from the year's first day to its last.
fn chains<'e>(inside: &[&'e Placed], year: &Period, chain: &mut Vec<&'e Placed>, tilings: &mut Vec<Vec<&'e Placed>>) {
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

/// Keeps an entry that is a margin in every dimension that is not asked for.
fn project(entry: Placed, asked: &[String]) -> Option<Placed> {
    let margin = entry.codes.iter().all(|(dimension, code)| asked.contains(dimension) || code == TOTAL);
    margin.then(|| Placed { codes: entry.codes.into_iter().filter(|(_, code)| code != TOTAL).collect(), ..entry })
}

type Precedence = (u32, std::cmp::Reverse<Option<chrono::NaiveDate>>, Rule, String);

fn ranked(all: Vec<Placed>, sources: &[SourceRecord], subject: Option<&str>) -> Vec<(Period, Codes, Vec<Content>)> {
    let precedence = |content: &Content| -> Precedence {
        let record = sources.iter().find(|record| record.id == content.source);
        let (rank, published, id) = record
            .map_or_else(|| (u32::MAX, std::cmp::Reverse(None), content.source.clone()), SourceRecord::precedence);
        (rank, published, content.rule, id)
    };
    let breakdown = |codes: &Codes| -> BTreeSet<String> {
        codes.keys().filter(|dimension| Some(dimension.as_str()) != subject).cloned().collect()
    };
    let mut grouped: BTreeMap<(Period, Codes), Vec<Content>> = BTreeMap::new();
    let mut leaders: BTreeMap<(Period, BTreeSet<String>), Precedence> = BTreeMap::new();
    for Placed { period, codes, content } in all {
        let order = precedence(&content);
        let leader = leaders.entry((period.clone(), breakdown(&codes))).or_insert(order.clone());
        *leader = leader.clone().min(order);
        grouped.entry((period, codes)).or_default().push(content);
    }
    let mut cells = Vec::new();
    for ((period, codes), mut statements) in grouped {
        let dimensions = breakdown(&codes);
        let silent = |content: &Content| dimensions.is_empty() && content.outcome.is_err();
        statements.sort_by_cached_key(|content| (silent(content), precedence(content)));
        let leader = &leaders[&(period.clone(), dimensions.clone())].3;
        if dimensions.is_empty() || statements.iter().any(|content| content.source == *leader) {
            cells.push((period, codes, statements));
        }
    }
    cells
}
