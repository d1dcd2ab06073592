//! The tables that are not counted: sources, and dated facts with their alternatives.

use std::cmp::{Ordering, Reverse};
use std::collections::{BTreeMap, HashMap};

use crate::tables::validate::{Dataset, Table};
use crate::value::period::Period;

/// What kind of body speaks in a source, in the order of a list of sources.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum SourceKind {
    /// A government or its agency.
    Official,
    /// The United Nations and what belongs to them.
    Un,
    /// A newspaper, an agency, a broadcaster.
    Press,
    /// Anybody else, and every source whose kind is not given.
    #[default]
    Other,
}

impl SourceKind {
    /// Its code in the tables.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Official => "official",
            Self::Un => "un",
            Self::Press => "press",
            Self::Other => "other",
        }
    }

    fn read(code: &str) -> Self {
        [Self::Official, Self::Un, Self::Press].into_iter().find(|kind| kind.code() == code).unwrap_or_default()
    }
}

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
    /// Its address; empty for a register, and for a publication that is not on the web.
    pub url: String,
    /// The address of an archived copy; empty where none is known.
    pub archived: String,
    /// Where a publication without an address is kept; empty for any other source.
    pub held_at: String,
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
    /// What kind of body speaks in it.
    pub kind: SourceKind,
    /// Where it was read, if not at its publisher's; empty for there.
    pub via: String,
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

pub(super) fn sources(dataset: &Dataset, country: &str) -> Vec<SourceRecord> {
    let Some(table) = dataset.table(country, "sources") else { return Vec::new() };
    let source = |row: usize| {
        let cell = |field: &str| table.cell(field, row).to_owned();
        let complete = table.cell("complete", row).split([';', ' ', ',']);
        let (register, url) = (table.cell("role", row) == "register", cell("url"));
        // Nobody needs to know where a confidential register is kept.
        let held_at = if register || !url.is_empty() { String::new() } else { cell("held_at") };
        SourceRecord {
            id: cell("id"),
            title: cell("title"),
            publisher: cell("publisher"),
            published: cell("published"),
            url,
            archived: if register { String::new() } else { cell("archived") },
            held_at,
            accessed: cell("accessed"),
            rank: table.cell("rank", row).parse().unwrap_or(u32::MAX),
            register,
            covers: cell("covers"),
            origin: cell("origin"),
            complete: complete.filter(|dimension| !dimension.is_empty()).map(str::to_owned).collect(),
            kind: SourceKind::read(table.cell("kind", row)),
            via: cell("via"),
        }
    };
    (0..table.rows()).map(source).collect()
}

/// The events by date; rows that share an id become one event with alternative dates.
pub(super) fn events(dataset: &Dataset, country: &str, sources: &[SourceRecord]) -> Vec<Event> {
    let Some(table) = dataset.table(country, "events") else { return Vec::new() };
    let mut stated: BTreeMap<&str, Vec<(usize, Period)>> = BTreeMap::new();
    for row in 0..table.rows() {
        if let Ok(period) = Period::parse(table.cell("date", row)) {
            stated.entry(table.cell("id", row)).or_default().push((row, period));
        }
    }
    let precedence: HashMap<&str, _> =
        sources.iter().rev().map(|source| (source.id.as_str(), source.precedence())).collect();
    let mut events: Vec<Event> = stated.into_iter().map(|(id, rows)| event(id, rows, table, &precedence)).collect();
    events.sort_by(|a, b| (&a.dates[0], &a.id).cmp(&(&b.dates[0], &b.id)));
    events
}

/// One fact, of the rows that share its id.
fn event(
    id: &str,
    mut rows: Vec<(usize, Period)>,
    table: &Table,
    precedence: &HashMap<&str, impl Ord + Clone>,
) -> Event {
    rows.sort_by_cached_key(|(row, _)| precedence.get(table.cell("source", *row)).cloned());
    let (first, dates) = (rows[0].0, apart(&rows.iter().map(|(_, period)| period.clone()).collect::<Vec<_>>()));
    Event {
        id: id.to_owned(),
        section: table.cell("section", first).to_owned(),
        text: table.cell("text", first).to_owned(),
        dates,
        sources: rows.iter().map(|(row, _)| table.cell("source", *row).to_owned()).collect(),
        rows: rows.iter().flat_map(|(row, _)| table.places().of(*row)).collect(),
    }
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
