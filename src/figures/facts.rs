//! The tables that are not counted: sources, and dated facts with their alternatives.

use std::cmp::{Ordering, Reverse};
use std::collections::BTreeMap;

use anyhow::Result;
use polars::prelude::{ChunkCompareEq, DataFrame};

use crate::tables::validate::{COUNTRY, Dataset};
use crate::value::period::Period;

/// A publication or register that figures come from.
#[derive(Debug, Clone)]
pub struct SourceRecord {
    /// Its id in the tables.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Who published it.
    pub publisher: String,
    /// When, as a period; empty for a register.
    pub published: String,
    /// Its address.
    pub url: String,
    /// When its address was last opened, as a period; empty where nobody noted it.
    pub accessed: String,
    /// Lower is printed first; the greatest number where none is given.
    pub rank: u32,
    /// Whether it is a register.
    pub register: bool,
    /// The period that a register covers; empty for a publication.
    pub covers: String,
    /// The source it repeats or was computed from; empty for none.
    pub origin: String,
    /// The dimensions whose parts are complete.
    pub complete: Vec<String>,
}

impl SourceRecord {
    /// Why this source ranks behind another that gives another value for the same cell
    /// (docs/data.md#how-rows-are-read, rule 4).
    #[must_use]
    pub fn yields_to(&self, first: &Self) -> Yielding {
        let published = |source: &Self| Period::parse(&source.published).ok().map(|period| period.end());
        match (self.rank.cmp(&first.rank), published(self).cmp(&published(first))) {
            (Ordering::Greater, _) => Yielding::Rank,
            (Ordering::Equal, Ordering::Less) => Yielding::Date,
            _ => Yielding::Order,
        }
    }

    /// The precedence of the source: rank, then later publication, then id.
    #[must_use]
    pub fn precedence(&self) -> (u32, Reverse<Option<chrono::NaiveDate>>, String) {
        let published = Period::parse(&self.published).ok().map(|period| period.end());
        (self.rank, Reverse(published), self.id.clone())
    }
}

/// Why one source ranks behind another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Yielding {
    /// Its rank is lower.
    Rank,
    /// Of the same rank, it is the older publication.
    Date,
    /// Rank and date are equal; stated values precede derived ones, then ids decide.
    Order,
}

/// A dated fact.
#[derive(Debug, Clone)]
pub struct Event {
    /// Its id.
    pub id: String,
    /// The section it is printed in.
    pub section: String,
    /// What happened, in the default language.
    pub text: String,
    /// When; more than one where the sources cannot all be right, the first-ranked first. Of dates that agree only
    /// the most precise is kept.
    pub dates: Vec<Period>,
    /// The sources of those dates.
    pub sources: Vec<String>,
    /// The rows: path and line.
    pub rows: Vec<String>,
}

pub(super) fn sources(dataset: &Dataset, country: &str) -> Result<Vec<SourceRecord>> {
    let Some(frame) = of_country(dataset, "sources", country)? else { return Ok(Vec::new()) };
    let cell = Cells { frame: &frame };
    let mut sources = Vec::new();
    for row in 0..frame.height() {
        let complete = cell.text("complete", row)?;
        sources.push(SourceRecord {
            id: cell.text("id", row)?,
            title: cell.text("title", row)?,
            publisher: cell.text("publisher", row)?,
            published: cell.text("published", row)?,
            url: cell.text("url", row)?,
            accessed: cell.text("accessed", row)?,
            rank: cell.text("rank", row)?.parse().unwrap_or(u32::MAX),
            register: cell.text("role", row)? == "register",
            covers: cell.text("covers", row)?,
            origin: cell.text("origin", row)?,
            complete: complete.split([';', ' ', ',']).filter(|d| !d.is_empty()).map(str::to_owned).collect(),
        });
    }
    Ok(sources)
}

/// The events by date; rows that share an id become one event with alternative dates.
pub(super) fn events(dataset: &Dataset, country: &str, sources: &[SourceRecord]) -> Result<Vec<Event>> {
    let Some(frame) = of_country(dataset, "events", country)? else { return Ok(Vec::new()) };
    let cell = Cells { frame: &frame };
    let mut stated: BTreeMap<String, Vec<(usize, Period)>> = BTreeMap::new();
    for row in 0..frame.height() {
        if let Ok(period) = Period::parse(&cell.text("date", row)?) {
            stated.entry(cell.text("id", row)?).or_default().push((row, period));
        }
    }
    let mut events = Vec::new();
    for (id, mut rows) in stated {
        let source_of = |row: usize| cell.text("source", row).unwrap_or_default();
        rows.sort_by_cached_key(|(row, _)| {
            let record = sources.iter().find(|source| source.id == source_of(*row));
            record.map(SourceRecord::precedence)
        });
        let first = rows[0].0;
        let mut event = Event {
            id,
            section: cell.text("section", first)?,
            text: cell.text("text", first)?,
            dates: Vec::new(),
            sources: Vec::new(),
            rows: Vec::new(),
        };
        let stated: Vec<Period> = rows.iter().map(|(_, period)| period.clone()).collect();
        event.dates = apart(&stated);
        for (row, _) in rows {
            event.sources.push(source_of(row));
            event.rows.push(cell.lineage(dataset, row)?);
        }
        events.push(event);
    }
    events.sort_by(|a, b| (&a.dates[0], &a.id).cmp(&(&b.dates[0], &b.id)));
    Ok(events)
}

/// The dates that cannot all be true, in the order in which they are stated: a coarser one gives its place to a finer one
/// that agrees with it.
fn apart(stated: &[Period]) -> Vec<Period> {
    let finest = |date: &Period| !stated.iter().any(|other| date.is_coarser_than(other));
    let mut dates: Vec<Period> = Vec::new();
    for date in stated {
        let finer = stated.iter().find(|other| date.is_coarser_than(other) && finest(other)).unwrap_or(date);
        if !dates.contains(finer) {
            dates.push(finer.clone());
        }
    }
    dates
}

fn of_country(dataset: &Dataset, table: &str, country: &str) -> Result<Option<DataFrame>> {
    let Some(frame) = dataset.table(table) else { return Ok(None) };
    Ok(Some(frame.filter(&frame.column(COUNTRY)?.str()?.equal(country))?))
}

/// Reads single cells of a collected frame.
pub(super) struct Cells<'f> {
    pub(super) frame: &'f DataFrame,
}

impl Cells<'_> {
    pub(super) fn text(&self, column: &str, row: usize) -> Result<String> {
        Ok(self.frame.column(column)?.str()?.get(row).unwrap_or_default().to_owned())
    }

    /// `path:line` of the row.
    pub(super) fn lineage(&self, dataset: &Dataset, row: usize) -> Result<String> {
        let file = self.frame.column(crate::tables::validate::FILE)?.u32()?.get(row).unwrap_or_default();
        let line = self.frame.column(crate::tables::validate::LINE)?.u32()?.get(row).unwrap_or_default();
        Ok(format!("{}:{line}", dataset.file(file)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dates(stated: &[&str]) -> Vec<String> {
        let read = |text: &&str| Period::parse(text).expect("a date");
        apart(&stated.iter().map(read).collect::<Vec<_>>()).iter().map(|date| date.text().to_owned()).collect()
    }

    #[test]
    fn only_dates_that_cannot_both_be_true_stand_apart() {
        assert_eq!(dates(&["2003-09", "2003"]), ["2003-09"]);
        assert_eq!(dates(&["2003", "2003-09", "2003-09-25"]), ["2003-09-25"]);
        assert_eq!(dates(&["2003", "2003-09", "2003-05"]), ["2003-09", "2003-05"]);
        assert_eq!(dates(&["2003", "2004", "2003-09"]), ["2003-09", "2004"], "the first-ranked word stays first");
        assert_eq!(dates(&["2005", "2006"]), ["2005", "2006"]);
        assert_eq!(dates(&["2017/2020", "2016/2020"]), ["2017/2020", "2016/2020"]);
    }
}
