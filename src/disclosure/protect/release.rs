//! What may be printed: cells with their status, and how to look one up.

use std::collections::{BTreeMap, BTreeSet};

use super::Discloses;
use super::cell::ReleasedCell;
use super::cost::Cost;
use super::publications::Reckonable;
use super::years::Year;
use crate::figures::{Event, SourceRecord};
use crate::project::indicator::Indicator;
use crate::project::policy::Policy;
use crate::value::period::Period;

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
    /// Where each source is, by its id.
    source_at: BTreeMap<String, usize>,
    events: Vec<Event>,
    event_ids: BTreeSet<String>,
    indicators: BTreeMap<String, Cells>,
    /// The figures whose period is inferred.
    inferred: BTreeSet<String>,
    cost: Cost,
    policy: Policy,
    reckonable: Vec<Reckonable>,
    not_least: bool,
    /// Closed numbers with late cases, by indicator: no chart, no share and no change is made of them.
    late: BTreeMap<String, Vec<ReleasedCell>>,
    told: Vec<ReleasedCell>,
    years: Vec<Year>,
    contradicting: BTreeSet<String>,
}

/// The cells of one indicator.
struct Cells {
    stock: bool,
    all: Vec<ReleasedCell>,
    /// Where the cells of each combination of codes are, by period.
    series: BTreeMap<BTreeMap<String, String>, Vec<usize>>,
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

    /// The rows of publications that repeat a register and contradict a closed number of it.
    pub fn contradicting(&self) -> impl Iterator<Item = &str> {
        self.countries.iter().flat_map(|country| &country.contradicting).map(String::as_str)
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
        let event_ids = events.iter().map(|event| event.id.clone()).collect();
        let (indicators, inferred, reckonable) = (BTreeMap::new(), BTreeSet::new(), Vec::new());
        // Of two sources with one id the first counts.
        let source_at = sources.iter().enumerate().rev().map(|(at, source)| (source.id.clone(), at)).collect();
        let (late, told, years, contradicting) = (BTreeMap::new(), Vec::new(), Vec::new(), BTreeSet::new());
        let not_least = false;
        Self {
            iso3,
            sources,
            source_at,
            events,
            event_ids,
            indicators,
            inferred,
            cost,
            policy,
            reckonable,
            not_least,
            late,
            told,
            years,
            contradicting,
        }
    }

    pub(super) fn closed(&mut self, years: Vec<Year>, contradicting: BTreeSet<String>) {
        (self.years, self.contradicting) = (years, contradicting);
    }

    /// Keeps the closed numbers with late cases. What only the release that closed a year told of it is left out until there
    /// is something new to release, so that a release is printed as it was.
    pub(super) fn with_late(&mut self, late: Vec<ReleasedCell>) {
        let draft = self.is_draft() || late.iter().any(|cell| cell.unreleased);
        let tells = |cell: &ReleasedCell| draft || cell.late.as_ref().is_some_and(|mark| !mark.at_closing);
        for cell in late.iter().filter(|cell| tells(cell)) {
            self.late.entry(cell.indicator.clone()).or_default().push(cell.clone());
        }
        self.told = late;
    }

    /// Every closed number with late cases, also those that are left out.
    pub(super) fn told(&self) -> &[ReleasedCell] {
        &self.told
    }

    /// The closed numbers of an indicator with late cases.
    #[must_use]
    pub fn late(&self, indicator: &str) -> &[ReleasedCell] {
        self.late.get(indicator).map_or(&[], Vec::as_slice)
    }

    /// All closed numbers with late cases.
    pub fn all_late(&self) -> impl Iterator<Item = &ReleasedCell> {
        self.late.values().flatten()
    }

    /// A closed number with late cases.
    #[must_use]
    pub fn with_late_cases(&self, cell: &ReleasedCell) -> Option<&ReleasedCell> {
        self.late(&cell.indicator).iter().find(|late| late.period == cell.period && late.codes == cell.codes)
    }

    /// The closed years, and those that the next release closes.
    #[must_use]
    pub fn years(&self) -> &[Year] {
        &self.years
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
        let mut series: BTreeMap<BTreeMap<String, String>, Vec<usize>> = BTreeMap::new();
        for (at, cell) in cells.iter().enumerate() {
            match series.get_mut(&cell.codes) {
                Some(series) => series.push(at),
                None => drop(series.insert(cell.codes.clone(), vec![at])),
            }
        }
        let inferred = cells.iter().filter(|cell| cell.period.inferred());
        self.inferred.extend(inferred.map(|cell| cell.id.clone()));
        self.indicators.insert(indicator.id.clone(), Cells { stock: indicator.is_stock(), all: cells, series });
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
        self.sources.get(*self.source_at.get(id)?)
    }

    /// Its dated facts, by date.
    #[must_use]
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// Whether it has an event of that id.
    #[must_use]
    pub fn has_event(&self, id: &str) -> bool {
        self.event_ids.contains(id)
    }

    /// The cells of an indicator, by period and codes.
    #[must_use]
    pub fn cells(&self, indicator: &str) -> &[ReleasedCell] {
        self.indicators.get(indicator).map_or(&[], |cells| &cells.all)
    }

    /// Every cell of every indicator.
    pub fn all(&self) -> impl Iterator<Item = &ReleasedCell> {
        self.indicators.values().flat_map(|cells| &cells.all)
    }

    /// Whether the period of a figure is inferred rather than stated by its source.
    #[must_use]
    pub fn is_inferred(&self, figure: &str) -> bool {
        self.inferred.contains(figure)
    }

    /// Whether it holds a number that is in no release yet: a document that prints it is a draft.
    #[must_use]
    pub fn is_draft(&self) -> bool {
        self.all().chain(self.late.values().flatten()).any(|cell| cell.unreleased)
    }

    /// The cells of one combination of codes, by period.
    #[must_use]
    pub fn series(&self, indicator: &str, codes: &BTreeMap<String, String>) -> Vec<&ReleasedCell> {
        let Some(cells) = self.indicators.get(indicator) else { return Vec::new() };
        cells.series.get(codes).into_iter().flatten().map(|at| &cells.all[*at]).collect()
    }

    /// The cell of a period. For a stock, a year is answered by its latest date.
    #[must_use]
    pub fn lookup(&self, indicator: &str, period: &Period, codes: &BTreeMap<String, String>) -> Lookup<'_> {
        let series = self.series(indicator, codes);
        if let Some(cell) = series.iter().copied().find(|cell| &cell.period == period) {
            return Lookup::Found(cell);
        }
        let stock = self.indicators.get(indicator).is_some_and(|cells| cells.stock);
        let inside = series.iter().copied().filter(|cell| period.contains(&cell.period));
        if let Some(latest) = inside.max_by_key(|cell| cell.period.end()).filter(|_| stock) {
            return Lookup::Found(latest);
        }
        let touching: Vec<_> = series.into_iter().filter(|cell| cell.period.overlaps(period)).collect();
        if touching.is_empty() { Lookup::Nothing } else { Lookup::Touching(touching) }
    }
}
