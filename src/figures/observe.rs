//! The entries that the rows of one country state on an indicator, filtered with Polars. Of a register only what it covers is
//! read.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use anyhow::Result;
use chrono::Datelike;
use polars::prelude::{
    BooleanChunked, ChunkCompareEq, ChunkFilter, ChunkFull, Column, DataFrame, IdxCa, Int64Chunked, IntoColumn,
    NewChunkedArray, UInt64Chunked,
};

use super::Rule;
use super::entries::{COUNT, ENTRY, Entries, QUALIFIER, RULE, SPELLING, TOTALS, Terms, column, numbers, sorted};
use super::facts::SourceRecord;
use super::keyed::Keyed;
use super::lineage::{NO_ROW, Tree};
use crate::project::indicator::{Indicator, Measure};
use crate::project::schema::{OWN, Observations, Schema, TOTAL};
use crate::tables::key::Key;
use crate::tables::validate::{Dataset, Given, Register, Table};
use crate::value::period::Period;
use crate::value::{Qualifier, Value};

/// What one indicator asks of one country.
#[derive(Clone, Copy)]
pub(super) struct Question<'d> {
    pub(super) country: &'d str,
    pub(super) indicator: &'d Indicator,
    pub(super) schema: &'d Schema,
    pub(super) observations: &'d Observations,
    pub(super) sources: &'d [SourceRecord],
}

/// The entries that answer a question, by source, period and codes.
pub(super) fn entries<'d>(dataset: &'d Dataset, question: Question<'d>) -> Result<Entries<'d>> {
    let table = dataset.table(question.country, &question.schema.name);
    stated(question, table, &question.withheld_years(dataset.registers()))
}

impl<'d> Question<'d> {
    /// The years of the registers that hold this measure in any year; a register reports nothing on a measure that it never
    /// holds. Nothing else of a year is stated, so that nothing of its rows is revealed.
    fn withheld_years(&self, registers: &'d [Register]) -> Vec<(&'d str, Period)> {
        let kept = |register: &&Register| register.country() == self.country && register.table() == self.schema.name;
        let measure = match &self.indicator.measure {
            Measure::Observed { code: Some(code), .. } if self.observations.measure.is_some() => Some(code.as_str()),
            _ => None,
        };
        let of = |register: &'d Register| {
            let ids = register.values("source").unwrap_or_default().iter();
            ids.filter(move |id| register.holds(id, measure)).map(String::as_str)
        };
        let ids: BTreeSet<&str> = registers.iter().filter(kept).flat_map(of).collect();
        let covers = |id: &str| self.sources.iter().find(|source| source.id == id).map(|source| source.covers.as_str());
        let years = |id: &'d str| covers(id).map(years).unwrap_or_default().into_iter().map(move |year| (id, year));
        ids.into_iter().flat_map(years).collect()
    }

    /// The rows of the table that the indicator asks for.
    fn rows(&self, table: &Table) -> Result<Vec<u32>> {
        let is = |field: &str, word: &str| -> Result<BooleanChunked> {
            let code = table.words(field).binary_search_by(|known| known.as_str().cmp(word)).ok();
            Ok(match code.and_then(|code| u32::try_from(code).ok()) {
                Some(code) => table.codes(field)?.equal(code),
                None => BooleanChunked::full("".into(), false, table.rows()),
            })
        };
        let mut asked = BooleanChunked::full("".into(), true, table.rows());
        if let (Measure::Observed { code: Some(code), .. }, Some(measure)) =
            (&self.indicator.measure, &self.observations.measure)
        {
            asked = asked & is(measure, code)?;
        }
        for (dimension, codes) in &self.indicator.conditions {
            let mut any = BooleanChunked::full("".into(), codes.is_empty(), table.rows());
            for code in codes {
                any = any | is(dimension, if code == OWN { self.country } else { code })?;
            }
            asked = asked & any;
        }
        let rows = IdxCa::from_vec("".into(), (0..u32::try_from(table.rows())?).collect()).filter(&asked)?;
        Ok(rows.into_no_null_iter().collect())
    }

    /// The dimensions that no condition fixes, by name.
    fn free(&self) -> BTreeSet<&'d str> {
        let conditions = &self.indicator.conditions;
        let free = self.observations.dimensions.iter().filter(|dimension| !conditions.contains_key(*dimension));
        free.map(String::as_str).collect()
    }
}

/// The calendar years that lie in a period, as it is written.
fn years(covers: &str) -> Vec<Period> {
    let Ok(covers) = Period::parse(covers) else { return Vec::new() };
    let years = (covers.start().year()..=covers.end().year()).filter_map(|year| Period::year(year).ok());
    years.filter(|year| covers.contains(year)).collect()
}

/// The entries of these rows, and of the years that registers withhold, in their order and numbered in it.
pub(super) fn stated<'d>(
    question: Question<'d>,
    table: Option<&'d Table>,
    withheld: &[(&'d str, Period)],
) -> Result<Entries<'d>> {
    let rows = table.map_or_else(|| Ok(Vec::new()), |table| question.rows(table))?;
    let (terms, places) = terms(question, table, withheld)?;
    let years: Vec<[u32; 3]> = withheld.iter().map(|year| terms.digits(year)).collect::<Result<_>>()?;
    // Of ten million rows only the keys are held twice, unsorted and sorted.
    let mut frame = ordered(&rows, table, &places, (&terms, &years))?;
    let order = numbers(&frame, ENTRY)?.to_vec();
    let row = |at: u32| rows.get(at as usize).copied();
    let codes = |field: &str| codes(table, field);
    let (values, periods) = (codes(&question.observations.value)?, codes(&question.observations.period)?);
    let words = table.map(|table| table.words("qualifier")).unwrap_or_default();
    let qualifiers: Vec<u32> = words.iter().map(|word| Qualifier::read(word) as u32).collect();
    let qualifier = codes("qualifier")?;
    let count = |given: &Given| given.outcome.as_ref().ok().and_then(Value::count);
    let counts: Vec<Option<i64>> = table.map(Table::given).unwrap_or_default().iter().map(count).collect();
    let count = |at: &u32| row(*at).and_then(|row| counts[values[row as usize] as usize]);
    let counts = Int64Chunked::from_iter_options(COUNT.into(), order.iter().map(count)).into_column();
    let qualifier =
        |at: &u32| row(*at).map_or(Qualifier::Exact as u32, |row| qualifiers[qualifier[row as usize] as usize]);
    let spelling =
        |at: &u32| row(*at).map_or_else(|| years[*at as usize - rows.len()][SPELT], |row| periods[row as usize]);
    let keys = terms.key.read(&frame)?;
    let totals = (0..order.len()).map(|row| terms.totals(&keys, row)).collect();
    for column in [
        column(ENTRY, (0..u32::try_from(order.len())?).collect()),
        column(TOTALS, totals),
        counts,
        column(QUALIFIER, order.iter().map(qualifier).collect()),
        column(SPELLING, order.iter().map(spelling).collect()),
        column(RULE, vec![Rule::Stated as u32; order.len()]),
    ] {
        frame.with_column(column)?;
    }
    let places = table.map(|table| table.places().clone());
    let tree = Tree::new(places, order.iter().map(|at| row(*at).unwrap_or(NO_ROW)).collect());
    Ok(Entries { frame, terms, tree })
}

/// The place of the spelling among the digits of a withheld year, after those of its source and its period.
const SPELT: usize = 2;

impl Terms<'_> {
    /// The numbers of the source, of the period and of its spelling of a year that a register withholds.
    fn digits(&self, (source, year): &(&str, Period)) -> Result<[u32; 3]> {
        let source = self.sources.binary_search(source).unwrap_or(0);
        let period = self.periods.binary_search(year).unwrap_or(0);
        let spelling = self.spellings.iter().rposition(|spelling| spelling == year).unwrap_or(0);
        Ok([u32::try_from(source)?, u32::try_from(period)?, u32::try_from(spelling)?])
    }
}

/// The codes of a field; none without a table.
fn codes<'d>(table: Option<&'d Table>, field: &str) -> Result<&'d [u32]> {
    table.map_or(Ok(&[]), |table| Ok(table.codes(field)?.cont_slice()?))
}

/// The keys of these rows and then of the years, sorted, and which of them each belongs to.
fn ordered(
    rows: &[u32],
    table: Option<&Table>,
    places: &Digits<'_>,
    (terms, years): (&Terms<'_>, &[[u32; 3]]),
) -> Result<DataFrame> {
    let (key, all) = (&terms.key, rows.len() + years.len());
    let mut keys = key.zeros(all);
    for (place, (field, digits)) in places.iter().enumerate() {
        let codes = codes(table, field)?;
        let of_rows = rows.iter().map(|row| digits[codes[*row as usize] as usize]);
        let of_years = years.iter().map(|year| if place < SPELT { year[place].into() } else { 0 });
        key.set(&mut keys, place, of_rows.chain(of_years));
    }
    let keys = key.names().into_iter().zip(keys);
    let mut columns: Vec<Column> = keys.map(|(name, keys)| UInt64Chunked::from_vec(name, keys).into_column()).collect();
    columns.push(column(ENTRY, (0..u32::try_from(all)?).collect()));
    sorted(&DataFrame::new(all, columns)?, key)
}

/// The field behind each digit of a key, and the digit of each of its words.
type Digits<'d> = Vec<(&'d str, Vec<u64>)>;

/// What the digits of the keys stand for.
fn terms<'d>(
    question: Question<'d>,
    table: Option<&'d Table>,
    withheld: &[(&'d str, Period)],
) -> Result<(Terms<'d>, Digits<'d>)> {
    let words = |field: &str| table.map(|table| table.words(field)).unwrap_or_default();
    let sources: BTreeSet<&str> =
        words("source").iter().map(String::as_str).chain(withheld.iter().map(|(id, _)| *id)).collect();
    let sources: Vec<&str> = sources.into_iter().collect();
    let mut spellings = Vec::new();
    for word in words(&question.observations.period) {
        // Every period was checked, so this fails only if a check is wrong.
        spellings.push(Period::parse(word).map_err(anyhow::Error::msg)?);
    }
    let stated = spellings.len();
    spellings.extend(withheld.iter().map(|(_, year)| year.clone()));
    let years = spellings.iter().filter_map(|period| Period::year(period.start().year()).ok());
    let periods: BTreeSet<Period> = spellings.iter().cloned().chain(years).collect();
    let periods: Vec<Period> = periods.into_iter().collect();
    let at = |found: Result<usize, usize>| found.unwrap_or(0) as u64;
    let mut digits: Digits<'d> = vec![
        ("source", words("source").iter().map(|id| at(sources.binary_search(&id.as_str()))).collect()),
        (&question.observations.period, spellings[..stated].iter().map(|one| at(periods.binary_search(one))).collect()),
    ];
    let (mut dimensions, mut sizes) = (Vec::new(), vec![sources.len(), periods.len()]);
    for name in question.free() {
        let mut codes = vec![TOTAL];
        let mut digit =
            |word: &'d String| (word != TOTAL).then(|| codes.push(word)).map_or(0, |()| codes.len() as u64 - 1);
        digits.push((name, words(name).iter().map(&mut digit).collect()));
        sizes.push(codes.len());
        dimensions.push((name, codes));
    }
    let record: BTreeMap<&str, &SourceRecord> =
        question.sources.iter().rev().map(|source| (source.id.as_str(), source)).collect();
    let complete = |id: &&str| record.get(id).map_or(&[][..], |source| source.complete.as_slice());
    let complete = sources.iter().map(complete).collect();
    let (key, own) = (Arc::new(Key::of(&sizes)), question.country);
    Ok((Terms { table, own, key, sources, complete, periods, spellings, dimensions }, digits))
}
