//! Tables to figures: one summary per country and indicator, with lineage. **polars** is queried here and nowhere later.
//!
//! * Takes: a dataset, and the indicators.
//! * Gives: [`Summaries`], in which every cell keeps the rows and sources that it comes from.
//!
//! No number of a summary may be printed before `disclosure` has passed it. Pure: no disk, no clock, no language.

mod atoms;
mod facts;
mod margins;
mod observe;
mod rank;
mod tile;

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;

use crate::diagnostic::Diagnostics;
use crate::diagnostic::bug::{Stage, point};
use crate::project::indicator::{Indicator, Measure};
use crate::project::schema::{Schema, TOTAL};
use crate::tables::validate::Dataset;
use crate::value::period::Period;
use crate::value::{Missing, Qualifier, Value};

pub use atoms::Atom;
pub use facts::{Event, SourceRecord, Yielding};
use margins::PlacedStatement;

/// Everything summarised of one country.
pub struct Summaries {
    country: String,
    sources: Vec<SourceRecord>,
    events: Vec<Event>,
    summaries: Vec<Summary>,
    atoms: Vec<Atom>,
    declared: BTreeMap<(String, String), Vec<String>>,
}

impl Summaries {
    /// The registers' counts, for `protect` alone.
    #[must_use]
    pub fn atoms(&self) -> &[Atom] {
        &self.atoms
    }

    /// The country's code.
    #[must_use]
    pub fn iso3(&self) -> &str {
        &self.country
    }

    /// Its sources.
    #[must_use]
    pub fn sources(&self) -> &[SourceRecord] {
        &self.sources
    }

    /// Its summaries, one an indicator.
    #[must_use]
    pub fn summaries(&self) -> &[Summary] {
        &self.summaries
    }

    /// The codes that a table's schema lists for a dimension; none where the list is open.
    #[must_use]
    pub fn declared(&self, table: &str, dimension: &str) -> &[String] {
        self.declared.get(&(table.to_owned(), dimension.to_owned())).map_or(&[], Vec::as_slice)
    }

    /// The tables and dimensions whose codes no schema lists.
    #[must_use]
    pub fn open_lists(&self) -> BTreeSet<(String, String)> {
        self.declared.iter().filter(|(_, codes)| codes.is_empty()).map(|(key, _)| key.clone()).collect()
    }

    /// Takes it apart, for `protect`: country, sources, events, summaries.
    #[must_use]
    pub fn into_parts(self) -> (String, Vec<SourceRecord>, Vec<Event>, Vec<Summary>) {
        (self.country, self.sources, self.events, self.summaries)
    }
}

/// One indicator in one country.
pub struct Summary {
    /// The indicator's id.
    pub indicator: String,
    /// Its cells, by period and codes.
    pub cells: Vec<SummaryCell>,
}

/// All statements on one combination of period and codes.
pub struct SummaryCell {
    /// When.
    pub period: Period,
    /// Codes by dimension; `total` is left out.
    pub codes: BTreeMap<String, String>,
    /// The sources' statements, the first-ranked first; never empty.
    pub statements: Vec<Statement>,
}

/// One source's statement on a cell.
#[derive(Clone)]
pub struct Statement {
    /// The id of the source.
    pub source: String,
    /// A value, or why there is none.
    pub outcome: Result<Value, Missing>,
    /// The limit that a source gives for a withheld number: 5 for `<5`.
    pub below: Option<i64>,
    /// Whether the number is exact, a bound or an approximation.
    pub qualifier: Qualifier,
    /// How it was obtained.
    pub rule: Rule,
    /// The rows it came from: path and line, carried unread.
    pub rows: Vec<String>,
    /// Whether it comes from a confidential register.
    pub register: bool,
    /// The source's words where they differ from the code.
    pub as_reported: String,
}

/// How a statement was obtained.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rule {
    /// Its source states it.
    Stated,
    /// The sum of complete parts.
    Derived,
    /// The sum of rows that tile a year.
    Tiled,
    /// Withheld so that no withheld number follows from printed ones.
    Protected,
}

impl Rule {
    /// Its name in `figures.json`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Stated => "stated",
            Self::Derived => "derived from parts",
            Self::Tiled => "derived from periods",
            Self::Protected => "withheld, because a number that its source withholds would follow from it",
        }
    }
}

/// Summarises every indicator in every country that passed; a bug in one of them stops that one.
///
/// # Errors
/// When a Polars query fails.
pub fn summarise(
    dataset: &Dataset,
    indicators: &[Indicator],
    schemas: &[Schema],
    diagnostics: &mut Diagnostics,
) -> Result<Vec<Summaries>> {
    let declared: BTreeMap<(String, String), Vec<String>> = schemas.iter().flat_map(listed).collect();
    let one = |country: &String| {
        point(Stage::Summarise, country);
        let sources = facts::sources(dataset, country)?;
        let events = facts::events(dataset, country, &sources)?;
        let mut summaries = Vec::new();
        for indicator in indicators {
            if let Some(schema) = observed_schema(indicator, schemas) {
                summaries.push(summary(dataset, country, indicator, schema, &sources)?);
            }
        }
        let atoms = atoms::atoms(dataset, country, indicators, schemas);
        Ok(Summaries { country: country.clone(), sources, events, summaries, atoms, declared: declared.clone() })
    };
    dataset.countries().iter().filter_map(|country| diagnostics.guard(country, |_| one(country))).collect()
}

/// The codes that a schema lists for each dimension.
fn listed(schema: &Schema) -> Vec<((String, String), Vec<String>)> {
    let dimensions = schema.observations.iter().flat_map(|observations| &observations.dimensions);
    let codes = |dimension: &String| schema.field(dimension).map(|field| field.constraints.allowed.clone());
    let named = |dimension: &String| Some(((schema.name.clone(), dimension.clone()), codes(dimension)?));
    dimensions.filter_map(named).collect()
}

fn observed_schema<'s>(indicator: &Indicator, schemas: &'s [Schema]) -> Option<&'s Schema> {
    let Measure::Observed { table, .. } = &indicator.measure else { return None };
    schemas.iter().find(|schema| &schema.name == table && schema.observations.is_some())
}

fn summary(
    dataset: &Dataset,
    country: &str,
    indicator: &Indicator,
    schema: &Schema,
    sources: &[SourceRecord],
) -> Result<Summary> {
    let observations = observe::rows(dataset, country, indicator, schema, sources)?;
    let mut by_source: BTreeMap<String, Vec<PlacedStatement>> = BTreeMap::new();
    for (source, entry) in observations {
        by_source.entry(source).or_default().push(entry);
    }
    let mut stated = Vec::new();
    for (source, entries) in by_source {
        let record = sources.iter().find(|record| record.id == source);
        let mut entries = margins::derive(entries, record, country);
        if !indicator.is_stock() {
            entries.extend(tile::years(&entries));
        }
        let asked = entries.into_iter().filter_map(|entry| project(entry, indicator));
        stated.extend(asked.map(|entry| (source.clone(), entry)));
    }
    let subject = schema.observations.as_ref().and_then(|observations| observations.subject.as_deref());
    Ok(Summary { indicator: indicator.id.clone(), cells: rank::cells(stated, sources, subject) })
}

/// Keeps an entry that is a margin in every dimension the indicator does not ask for.
fn project(entry: PlacedStatement, indicator: &Indicator) -> Option<PlacedStatement> {
    let asked = |dimension: &String| indicator.dimensions.contains(dimension);
    let margin = entry.codes.iter().all(|(dimension, code)| asked(dimension) || code == TOTAL);
    margin.then(|| PlacedStatement {
        codes: entry.codes.into_iter().filter(|(dimension, code)| asked(dimension) && code != TOTAL).collect(),
        ..entry
    })
}
