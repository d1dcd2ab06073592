//! Tables to figures: one summary per country and indicator, with lineage. **polars** is queried here and nowhere later.
//!
//! * Takes: a dataset, and the indicators.
//! * Gives: [`Summaries`], in which every cell keeps the rows and sources that it comes from.
//!
//! No number of a summary may be printed before `disclosure` has passed it. Pure: no disk, no clock, no language.

mod atoms;
mod entries;
mod facts;
mod keyed;
mod lineage;
mod margins;
mod observe;
mod rank;
mod statement;
mod sums;
mod tile;

#[cfg(test)]
mod property;
#[cfg(test)]
mod reference;

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;

use crate::diagnostic::Diagnostics;
use crate::diagnostic::bug::{Stage, point};
use crate::project::indicator::{Indicator, Measure};
use crate::project::schema::{Observations, Schema};
use crate::tables::validate::Dataset;
use crate::value::period::Period;
use crate::value::{Missing, Qualifier, Value};

pub use atoms::{Atom, counts};
use entries::Entries;
pub use facts::{Event, SourceKind, SourceRecord, Yielding};
pub use lineage::Lineage;
use observe::Question;
use rank::Ranked;

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
    /// What sources withhold in cells that are not among these, because another source leads their breakdown. It is printed
    /// nowhere, and must not follow from what is.
    pub left_out: Vec<SummaryCell>,
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
    /// The rows it came from, carried unread.
    pub rows: Lineage,
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
    /// The rules of summaries, by their numbers.
    const OF_SUMMARIES: [Self; 3] = [Self::Stated, Self::Derived, Self::Tiled];

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
        let sources = facts::sources(dataset, country);
        let events = facts::events(dataset, country, &sources);
        let question = |indicator| {
            let (schema, observations) = observed(indicator, schemas)?;
            Some(Question { country, indicator, schema, observations, sources: &sources })
        };
        let summary = |question| summary(dataset, question);
        let summaries = indicators.iter().filter_map(question).map(summary).collect::<Result<_>>()?;
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

/// The schema of the table that an indicator observes.
fn observed<'s>(indicator: &Indicator, schemas: &'s [Schema]) -> Option<(&'s Schema, &'s Observations)> {
    let Measure::Observed { table, .. } = &indicator.measure else { return None };
    let schema = schemas.iter().find(|schema| &schema.name == table)?;
    Some((schema, schema.observations.as_ref()?))
}

/// The cells of one indicator.
fn summary(dataset: &Dataset, question: Question<'_>) -> Result<Summary> {
    let Ranked { cells, left_out } = ranked(observe::entries(dataset, question)?, question)?;
    Ok(Summary { indicator: question.indicator.id.clone(), cells, left_out })
}

/// To what is stated the margins of complete parts, and the years of shorter periods; then the sources by rank.
fn ranked(stated: Entries<'_>, question: Question<'_>) -> Result<Ranked> {
    let Question { indicator, observations, sources, .. } = question;
    let derived = margins::derive(stated, &indicator.dimensions)?;
    let entries = if indicator.is_stock() { derived } else { tile::years(derived)? };
    rank::ranked(entries, &indicator.dimensions, observations, sources)
}
