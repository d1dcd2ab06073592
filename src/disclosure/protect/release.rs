//! What may be printed: cells with their status, and how to look one up.

use std::collections::{BTreeMap, BTreeSet};

use super::Discloses;
use super::cost::Cost;
use super::publications::Reckonable;

use crate::figures::{Event, SourceRecord, Yielding};
use crate::project::indicator::Indicator;
use crate::project::policy::Policy;
use crate::value::period::Period;
use crate::value::{Qualifier, Value};

/// The rule of a register's cell that is not printed.
pub(super) const WITHHELD: &str = "withheld";

/// Everything that may be printed, of all countries together.
///
/// Whoever holds one may read it:
///
/// ```
/// use tipbrief::disclosure::protect::{CountryRelease, Release};
///
/// fn read(release: &Release) -> Option<&CountryRelease> {
///     release.country("XXA")
/// }
/// ```
///
/// Nobody but `protect` can make one, neither empty
///
/// ```compile_fail,E0624
/// use tipbrief::disclosure::protect::{CountryRelease, Release};
///
/// fn made() -> Release {
///     Release::empty()
/// }
/// ```
///
/// nor of what somebody wishes to print:
///
/// ```compile_fail,E0451
/// use tipbrief::disclosure::protect::{CountryRelease, Release};
///
/// fn made(countries: Vec<CountryRelease>) -> Release {
///     Release { countries, disclosing: Default::default() }
/// }
/// ```
pub struct Release {
    countries: Vec<CountryRelease>,
    /// The countries that are left out because published totals already disclose, each with the figures concerned.
    disclosing: BTreeMap<String, BTreeSet<String>>,
}

/// What may be printed of one country.
pub struct CountryRelease {
    iso3: String,
    sources: Vec<SourceRecord>,
    events: Vec<Event>,
    indicators: BTreeMap<String, (bool, Vec<ReleasedCell>)>,
    cost: Cost,
    policy: Policy,
    reckonable: Vec<Reckonable>,
    not_least: bool,
}

/// One cell as it may be printed. It holds no number that is withheld.
// Each is a fact of its own, and none follows from the others.
#[allow(clippy::struct_excessive_bools)]
#[derive(Debug, Clone)]
pub struct ReleasedCell {
    /// The figure id.
    pub id: String,
    /// The indicator's id.
    pub indicator: String,
    /// When.
    pub period: Period,
    /// Codes by dimension, `total` left out.
    pub codes: BTreeMap<String, String>,
    /// The first-ranked value; none unless published or derived.
    pub value: Option<Value>,
    /// The limit that a publication gives for a withheld value: 5 where it prints `<5`.
    pub below: Option<i64>,
    /// Whether it is exact, a bound or an approximation.
    pub qualifier: Qualifier,
    /// Its status; a zero is a value.
    pub status: Status,
    /// How it was obtained.
    pub rule: &'static str,
    /// The sources that state it, the first-ranked first.
    pub sources: Vec<String>,
    /// Whether no one number satisfies all sources.
    pub contested: bool,
    /// What other sources give instead.
    pub alternatives: Vec<Alternative>,
    /// The rows it came from, `path:line`; none for a register.
    pub rows: Vec<String>,
    /// The rows of the other sources that give the same value.
    pub agreeing: Vec<String>,
    /// The sources' own words where they differ from the code: source, words, and the value that they were coded as.
    pub as_reported: Vec<(String, String, Value)>,
    /// Whether it comes from a register.
    pub register: bool,
    /// Whether it holds a number of a register that is in no release yet.
    pub unreleased: bool,
    /// Set where a number of a register is reprinted from an earlier release.
    pub reprint: Option<Reprint>,
    /// Whether it is a figure of its own, or one that compares two others.
    pub relation: Relation,
    /// Whether its denominator is so small that one person moves the share by several points.
    pub small_base: bool,
    /// Whether it is withheld and can still be calculated from other numbers of its publication.
    pub reckonable: bool,
}

/// A number of a register that is copied from an earlier release instead of counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reprint {
    /// The release that printed it.
    pub release: String,
    /// Whether the register, if it is available, holds another number now. The difference itself is never shown.
    pub differs: bool,
}

/// Whether a figure compares two others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// What its indicator measures.
    Own,
    /// The change since another period, in the indicator's unit.
    Change,
    /// The share of a whole, in per cent.
    Share,
}

/// Another source's value for the same cell.
#[derive(Debug, Clone)]
pub struct Alternative {
    /// The value.
    pub value: Value,
    /// Whether it is exact, a bound or an approximation.
    pub qualifier: Qualifier,
    /// Whether its source states it, or it is derived from what that states.
    pub status: Status,
    /// The sources that give it.
    pub sources: Vec<String>,
    /// The rows it came from, `path:line`.
    pub rows: Vec<String>,
    /// Why it ranks behind the first.
    pub yields: Yielding,
}

/// The state of a released cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// A source states it.
    Published,
    /// Summed from complete parts.
    Derived,
    /// A figure exists and is not shown.
    Withheld,
    /// No figure was found.
    NotReported,
    /// The question does not arise.
    NotApplicable,
}

impl Status {
    /// The state of that name in a file; none where it names none.
    #[must_use]
    pub fn read(code: &str) -> Option<Self> {
        let all = [Self::Published, Self::Derived, Self::Withheld, Self::NotReported, Self::NotApplicable];
        all.into_iter().find(|status| status.code() == code)
    }

    /// Its name in files, legends and catalogues.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Published => "published",
            Self::Derived => "derived",
            Self::Withheld => "withheld",
            Self::NotReported => "not_reported",
            Self::NotApplicable => "not_applicable",
        }
    }
}

/// The result of looking up one cell.
pub enum Lookup<'r> {
    /// The cell of exactly that period.
    Found(&'r ReleasedCell),
    /// No cell of that period, but cells of periods that overlap it.
    Touching(Vec<&'r ReleasedCell>),
    /// No figure was found.
    Nothing,
}

impl ReleasedCell {
    pub(super) fn withheld(id: String, indicator: String, period: Period, source: String) -> Self {
        Self {
            id,
            indicator,
            period,
            codes: BTreeMap::new(),
            value: None,
            below: None,
            qualifier: Qualifier::Exact,
            status: Status::Withheld,
            rule: WITHHELD,
            sources: vec![source],
            contested: false,
            alternatives: Vec::new(),
            rows: Vec::new(),
            agreeing: Vec::new(),
            as_reported: Vec::new(),
            register: true,
            unreleased: false,
            reprint: None,
            relation: Relation::Own,
            small_base: false,
            reckonable: false,
        }
    }

    /// Whether it is a reported zero.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        self.value == Some(Value::Count(0))
    }

    /// The values of a contested cell, the first-ranked first; otherwise the one value.
    #[must_use]
    pub fn readings(&self) -> Vec<(&Value, Qualifier)> {
        let others = self.alternatives.iter().filter(|_| self.contested).map(|other| (&other.value, other.qualifier));
        self.value.iter().map(|value| (value, self.qualifier)).chain(others).collect()
    }

    /// Every source of what is printed of it.
    #[must_use]
    pub fn cited(&self) -> Vec<&str> {
        let others = self.alternatives.iter().filter(|_| self.contested).flat_map(|other| &other.sources);
        self.sources.iter().chain(others).map(String::as_str).collect()
    }
}

impl Release {
    pub(super) fn empty() -> Self {
        Self { countries: Vec::new(), disclosing: BTreeMap::new() }
    }

    /// Leaves a country out.
    pub(super) fn disclose(&mut self, iso3: String, figures: BTreeSet<String>) {
        self.disclosing.insert(iso3, figures);
    }

    /// The countries that are left out, and the published totals that already disclose; none where no country is.
    #[must_use]
    pub fn disclosing(&self) -> Option<(Vec<&str>, Discloses)> {
        let figures = self.disclosing.values().flatten().cloned().collect();
        let countries = self.disclosing.keys().map(String::as_str).collect();
        (!self.disclosing.is_empty()).then_some((countries, Discloses::Public(figures)))
    }

    /// For commands that must not leave a country out.
    ///
    /// # Errors
    /// The published totals that disclose.
    pub fn conclude(&self) -> Result<(), Discloses> {
        self.disclosing().map_or(Ok(()), |(_, discloses)| Err(discloses))
    }

    pub(super) fn insert(&mut self, country: CountryRelease) {
        self.countries.push(country);
    }

    /// Every cell of every country.
    pub fn all(&self) -> impl Iterator<Item = &ReleasedCell> {
        self.countries.iter().flat_map(CountryRelease::all)
    }

    /// The withheld numbers that can be calculated from other numbers of their publications.
    pub fn reckonable(&self) -> impl Iterator<Item = &Reckonable> {
        self.countries.iter().flat_map(|country| &country.reckonable)
    }

    /// Countries where a smaller suppression might exist: there were too many choices to try them all.
    pub fn not_least(&self) -> impl Iterator<Item = &str> {
        self.countries.iter().filter(|country| country.not_least).map(|country| country.iso3.as_str())
    }

    /// What may be printed of a country; none where its data has errors.
    #[must_use]
    pub fn country(&self, iso3: &str) -> Option<&CountryRelease> {
        self.countries.iter().find(|country| country.iso3 == iso3)
    }
}

impl CountryRelease {
    pub(super) fn new(
        iso3: String,
        sources: Vec<SourceRecord>,
        events: Vec<Event>,
        cost: Cost,
        policy: Policy,
    ) -> Self {
        let (indicators, reckonable) = (BTreeMap::new(), Vec::new());
        Self { iso3, sources, events, indicators, cost, policy, reckonable, not_least: false }
    }

    pub(super) fn reckonable(&mut self, reckonable: Vec<Reckonable>, not_least: bool) {
        (self.reckonable, self.not_least) = (reckonable, not_least);
    }

    /// What the protection of its registers costs; none where it has no registers.
    #[must_use]
    pub fn cost(&self) -> Option<Cost> {
        Some(self.cost).filter(|cost| cost.cells > 0)
    }

    /// The policy under which it was protected.
    #[must_use]
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    pub(super) fn insert(&mut self, indicator: &Indicator, cells: Vec<ReleasedCell>) {
        self.indicators.insert(indicator.id.clone(), (indicator.is_stock(), cells));
    }

    /// The country's code.
    #[must_use]
    pub fn iso3(&self) -> &str {
        &self.iso3
    }

    /// Its sources.
    #[must_use]
    pub fn sources(&self) -> &[SourceRecord] {
        &self.sources
    }

    /// The source of that id.
    #[must_use]
    pub fn source(&self, id: &str) -> Option<&SourceRecord> {
        self.sources.iter().find(|source| source.id == id)
    }

    /// Its dated facts, by date.
    #[must_use]
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// The cells of an indicator, by period and codes.
    #[must_use]
    pub fn cells(&self, indicator: &str) -> &[ReleasedCell] {
        self.indicators.get(indicator).map_or(&[], |(_, cells)| cells)
    }

    /// Every cell of every indicator.
    pub fn all(&self) -> impl Iterator<Item = &ReleasedCell> {
        self.indicators.values().flat_map(|(_, cells)| cells)
    }

    /// Whether it holds a number that is in no release yet: a document that prints it is a draft.
    #[must_use]
    pub fn is_draft(&self) -> bool {
        self.all().any(|cell| cell.unreleased)
    }

    /// The cells of one combination of codes, by period.
    #[must_use]
    pub fn series(&self, indicator: &str, codes: &BTreeMap<String, String>) -> Vec<&ReleasedCell> {
        self.cells(indicator).iter().filter(|cell| &cell.codes == codes).collect()
    }

    /// The cell of a period. For a stock, a year is answered by its latest date.
    #[must_use]
    pub fn lookup(&self, indicator: &str, period: &Period, codes: &BTreeMap<String, String>) -> Lookup<'_> {
        let series = self.series(indicator, codes);
        if let Some(cell) = series.iter().copied().find(|cell| &cell.period == period) {
            return Lookup::Found(cell);
        }
        let stock = self.indicators.get(indicator).is_some_and(|(stock, _)| *stock);
        let inside = series.iter().copied().filter(|cell| period.contains(&cell.period));
        if let Some(latest) = inside.max_by_key(|cell| cell.period.end()).filter(|_| stock) {
            return Lookup::Found(latest);
        }
        let touching: Vec<_> = series.into_iter().filter(|cell| cell.period.overlaps(period)).collect();
        if touching.is_empty() { Lookup::Nothing } else { Lookup::Touching(touching) }
    }
}
