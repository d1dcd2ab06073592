//! Several sources on the same cell: alternatives, ranked by a sort within each cell, never averaged and never added
//! (docs/data.md#how-rows-are-read, rules 4 and 5).

use std::cmp::Reverse;
use std::collections::HashMap;

use anyhow::Result;
use polars::prelude::{DataFrame, IntoColumn, PlSmallStr, UInt64Chunked};

use super::SummaryCell;
use super::entries::{ENTRY, Entries, FIRST, PERIOD, SOURCE, Terms, column, numbers};
use super::facts::SourceRecord;
use super::keyed::{Keyed, members};
use super::statement::Reader;
use crate::project::schema::Observations;
use crate::value::Missing;

/// Whether an entry gives no number for a margin, so that it ranks behind those that do.
const SILENT: &str = "silent";
/// The place of an entry by the precedence of its source and its rule.
const STANDING: &str = "standing";
/// The dimensions that an entry is broken down by, as bits.
const BROKEN_DOWN: &str = "broken down";
/// The period of an entry.
const TIME: &str = "time";
/// The row of an entry before the sort.
const ROW: &str = "row";
/// How many rules there are.
const RULES: u64 = 3;

/// The cells of an indicator, and what is withheld in others.
#[derive(Default)]
pub(super) struct Ranked {
    pub(super) cells: Vec<SummaryCell>,
    pub(super) left_out: Vec<SummaryCell>,
}

/// The cells of an indicator that asks for these dimensions, from the entries of all sources, which are margins in every other
/// dimension; the subject dimension does not count as a breakdown.
pub(super) fn ranked(
    entries: Entries<'_>,
    asked: &[String],
    observations: &Observations,
    sources: &[SourceRecord],
) -> Result<Ranked> {
    let Entries { frame, terms, tree } = entries;
    if frame.height() == 0 {
        return Ok(Ranked::default());
    }
    let reader = Reader::of(&terms, tree, &frame, &observations.value)?;
    let counts =
        |(name, _): &(&str, Vec<&str>)| asked_for(name, asked) && Some(*name) != observations.subject.as_deref();
    let dimensions = &terms.dimensions;
    let breakdown: Vec<usize> = (0..dimensions.len()).filter(|at| counts(&dimensions[*at])).collect();
    let ranked = sorted(&terms, &frame, &reader, &breakdown, sources)?;
    let leaders = leaders(&ranked, terms.sources.len())?;
    let (rows, by) = (numbers(&ranked, ROW)?, ranked.column(BROKEN_DOWN)?.u64()?.cont_slice()?);
    let key = terms.key.read(&ranked)?;
    let order: Vec<usize> = (0..rows.len()).collect();
    let of = |cell: &[usize]| {
        let rows: Vec<usize> = cell.iter().map(|at| rows[*at] as usize).collect();
        let first = rows.iter().copied().min_by_key(|row| (reader.source(*row), reader.number(*row)));
        let first = first.unwrap_or_default();
        let statements = rows.iter().map(|row| reader.statement(*row)).collect();
        SummaryCell { period: reader.period(first), codes: reader.codes(first), statements }
    };
    let mut found = Ranked::default();
    for cell in order.chunk_by(|one, other| key.iter().all(|word| word[*one] == word[*other])) {
        // A breakdown is taken whole from the first source that states any part of it, even where that gives no number; a
        // margin may be another source's.
        let source = |at: usize| reader.source(rows[at] as usize);
        if by[cell[0]] != 0 && !cell.iter().any(|at| source(*at) == leaders[*at]) {
            let mut cell = of(cell);
            cell.statements.retain(|statement| statement.outcome == Err(Missing::Withheld));
            found.left_out.extend(Some(cell).filter(|cell| !cell.statements.is_empty()));
        } else {
            found.cells.push(of(cell));
        }
    }
    for cells in [&mut found.cells, &mut found.left_out] {
        cells.sort_by(|one, other| (&one.period, &one.codes).cmp(&(&other.period, &other.codes)));
    }
    Ok(found)
}

fn asked_for(dimension: &str, asked: &[String]) -> bool {
    asked.iter().any(|name| name == dimension)
}

/// The entries by cell, those of one cell by rank.
fn sorted(
    terms: &Terms<'_>,
    frame: &DataFrame,
    reader: &Reader<'_, '_>,
    breakdown: &[usize],
    sources: &[SourceRecord],
) -> Result<DataFrame> {
    let standing = standings(&terms.sources, sources);
    let all = terms.sources.len() as u64;
    let bit = |row: usize, (bit, at): (usize, &usize)| u64::from(reader.digit(row, FIRST + at) != 0) << bit.min(63);
    let by = |row: usize| breakdown.iter().enumerate().fold(0, |bits, place| bits | bit(row, place));
    let wide = |name: &str, of: &dyn Fn(usize) -> u64| {
        UInt64Chunked::from_vec(name.into(), reader.rows().map(of).collect()).into_column()
    };
    let standing = |row: usize| {
        let source = reader.source(row);
        ((standing[source] * RULES) + reader.rule(row) as u64) * all + source as u64
    };
    let mut ranked = terms.key.changed(frame, SOURCE, |_| 0)?;
    for column in [
        column(SILENT, reader.rows().map(|row| u32::from(by(row) == 0 && reader.is_missing(row))).collect()),
        wide(STANDING, &standing),
        column(ENTRY, reader.rows().map(|row| reader.number(row)).collect()),
        wide(BROKEN_DOWN, &by),
        wide(TIME, &|row| reader.digit(row, PERIOD)),
        column(ROW, (0..u32::try_from(frame.height())?).collect()),
    ] {
        ranked.with_column(column)?;
    }
    let mut by = terms.key.names();
    by.extend([SILENT, STANDING, ENTRY].map(PlSmallStr::from));
    let mut ranked = ranked.sort(by, <_>::default())?;
    ranked.rechunk_mut();
    Ok(ranked)
}

/// The place of each source by rank and date; those that are equal in both share one.
fn standings(ids: &[&str], sources: &[SourceRecord]) -> Vec<u64> {
    let records: HashMap<&str, &SourceRecord> =
        sources.iter().rev().map(|source| (source.id.as_str(), source)).collect();
    let precedence = |id: &&str| {
        let (rank, published, _) = records.get(id).map(|source| source.precedence())?;
        Some((rank, published))
    };
    let precedences: Vec<_> = ids.iter().map(|id| precedence(id).unwrap_or((u32::MAX, Reverse(None)))).collect();
    let mut distinct: Vec<_> = precedences.iter().collect();
    distinct.sort_unstable();
    distinct.dedup();
    precedences.iter().map(|one| distinct.partition_point(|other| *other < one) as u64).collect()
}

/// For each entry the source that comes first among all entries of its period and breakdown.
fn leaders(ranked: &DataFrame, sources: usize) -> Result<Vec<usize>> {
    let standings = ranked.column(STANDING)?.u64()?.cont_slice()?;
    let mut leaders = vec![0; ranked.height()];
    for group in ranked.group_by([TIME, BROKEN_DOWN])?.get_groups().iter() {
        let rows = members(&group);
        let first = rows.clone().map(|row| standings[row]).min().unwrap_or_default();
        let source = usize::try_from(first % sources.max(1) as u64)?;
        rows.for_each(|row| leaders[row] = source);
    }
    Ok(leaders)
}
