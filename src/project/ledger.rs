//! The earlier releases of register numbers: their definitions and the numbers that were printed, never those withheld.
//!
//! Each release names the one before it and that one's checksum, and repeats all that it prints.

mod chain;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::diagnostic::Source;

pub use chain::{ClosedYear, Copy, LateNumber, Predecessor, Told, name};

/// Every release, in order.
#[derive(Debug, Default)]
pub struct Ledger {
    releases: Vec<RegisterRelease>,
    /// Of each release what belongs to each indicator of each country.
    of: Vec<BTreeMap<Counted, Entries>>,
    /// The checksum of the last release's file.
    head_sum: Option<String>,
    /// The file of each release, by its name.
    files: BTreeMap<String, Arc<Source>>,
}

/// A country and an indicator.
type Counted = (String, String);

/// The places of definitions and of figures.
#[derive(Debug, Default)]
struct Entries {
    definitions: Vec<usize>,
    figures: Vec<usize>,
}

/// The register numbers of one release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegisterRelease {
    /// Its name, the stem of its file. The key still has the old name.
    #[serde(rename = "edition")]
    pub name: String,
    /// Its place among the releases, from 1.
    pub number: u32,
    /// Whether its numbers replace earlier ones, even if the difference discloses something.
    pub corrects: bool,
    /// The release before it; none for the first, and for releases from before years closed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous: Option<Predecessor>,
    /// The closed years, those that this release closes included; none in releases from before years closed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub systems: Vec<ClosedYear>,
    /// The counts that were taken from the registers.
    pub definitions: Vec<Definition>,
    /// The numbers that were printed.
    pub figures: Vec<PrintedNumber>,
    /// The numbers that were printed with late cases.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub late: Vec<LateNumber>,
}

/// The count that an indicator took from a country's registers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Definition {
    /// ISO 3166-1 alpha-3.
    pub country: String,
    /// The indicator.
    pub indicator: String,
    /// The table whose rows it counts.
    pub table: String,
    /// The code of its measure; none for a table with one measure.
    pub measure: Option<String>,
    /// The codes that a row must have.
    #[serde(rename = "where")]
    pub conditions: BTreeMap<String, Vec<String>>,
    /// The codes counted, by dimension.
    pub dimensions: BTreeMap<String, Vec<String>>,
    /// The periods.
    pub periods: Vec<String>,
    /// The registers.
    pub sources: Vec<String>,
}

/// A printed number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrintedNumber {
    /// The figure's id.
    pub id: String,
    /// ISO 3166-1 alpha-3.
    pub country: String,
    /// The indicator.
    pub indicator: String,
    /// The period.
    pub period: String,
    /// Codes by dimension, `total` left out.
    pub dimensions: BTreeMap<String, String>,
    /// The number.
    pub value: i64,
}

impl RegisterRelease {
    /// Every number that it printed, by the figure's id: those with late cases are the closed number and what came later.
    #[must_use]
    pub fn printed(&self) -> Vec<(&str, i64)> {
        let closed: BTreeMap<&str, i64> = self.figures.iter().map(|entry| (entry.id.as_str(), entry.value)).collect();
        let late = self.late.iter().filter_map(|number| {
            let (of, _) = number.id.split_once(":late=")?;
            Some((number.id.as_str(), closed.get(of)? + number.cases))
        });
        closed.iter().map(|(id, value)| (*id, *value)).chain(late).collect()
    }
}

impl PrintedNumber {
    /// The year that it is about: that of the day for a stock.
    #[must_use]
    pub fn year(&self) -> &str {
        self.period.split('-').next().unwrap_or_default()
    }
}

impl Ledger {
    /// The releases in the order of their numbers.
    #[must_use]
    pub fn new(mut releases: Vec<RegisterRelease>) -> Self {
        releases.sort_by(|a, b| (a.number, &a.name).cmp(&(b.number, &b.name)));
        let of = releases.iter().map(entries).collect();
        Self { releases, of, head_sum: None, files: BTreeMap::new() }
    }

    /// With the checksum of the last release's file.
    #[must_use]
    pub fn ending_with(self, sum: Option<String>) -> Self {
        Self { head_sum: sum, ..self }
    }

    /// With the files of the releases, by their names.
    #[must_use]
    pub fn in_files(self, files: BTreeMap<String, Arc<Source>>) -> Self {
        Self { files, ..self }
    }

    /// The file of a release.
    #[must_use]
    pub fn file(&self, release: &str) -> Option<&Arc<Source>> {
        self.files.get(release)
    }

    /// What the next release names as the one before it.
    #[must_use]
    pub fn predecessor(&self) -> Option<Predecessor> {
        let last = self.releases.last()?;
        Some(Predecessor { release: last.name.clone(), sha256: self.head_sum.clone()? })
    }

    /// The closed years, as the last release has them.
    #[must_use]
    pub fn closed_years(&self) -> &[ClosedYear] {
        self.releases.last().map_or(&[], |last| &last.systems)
    }

    /// The last numbers with late cases.
    #[must_use]
    pub fn late(&self) -> &[LateNumber] {
        self.releases.last().map_or(&[], |last| &last.late)
    }

    /// The greatest base of any closed year: a base is never lowered. None where no year has closed.
    #[must_use]
    pub fn base(&self) -> Option<(&str, i64)> {
        let last = self.releases.last()?;
        let of = |closed: &ClosedYear| closed.base.max(closed.told.as_ref().map_or(0, |told| told.base));
        Some((last.name.as_str(), last.systems.iter().map(of).max()?))
    }

    /// The releases whose numbers bind a closed year: from its closing on. A year of releases from before years closed is
    /// bound by all of them since the last correction.
    #[must_use]
    pub fn binding_of(&self, closed: Option<&ClosedYear>) -> &[RegisterRelease] {
        let at = closed.and_then(|closed| self.releases.iter().position(|release| release.name == closed.release));
        match at.filter(|at| !self.releases[*at].systems.is_empty()) {
            Some(at) => &self.releases[at..],
            None => self.binding(),
        }
    }

    /// The releases, in order.
    #[must_use]
    pub fn releases(&self) -> &[RegisterRelease] {
        &self.releases
    }

    /// The releases that a new one must be consistent with: those since the last correction.
    #[must_use]
    pub fn binding(&self) -> &[RegisterRelease] {
        let from = self.releases.iter().rposition(|release| release.corrects).unwrap_or(0);
        &self.releases[from..]
    }

    /// The last release that counted an indicator in a country's registers, with its definition.
    #[must_use]
    pub fn last(&self, country: &str, indicator: &str) -> Option<(&RegisterRelease, &Definition)> {
        let key = (country.to_owned(), indicator.to_owned());
        let counted = self.releases.iter().zip(&self.of).rev();
        let mut found = counted.filter_map(|(release, of)| Some((release, *of.get(&key)?.definitions.first()?)));
        found.next().map(|(release, at)| (release, &release.definitions[at]))
    }

    /// The years in which a release that binds counted an indicator in a country.
    #[must_use]
    pub fn years_of(&self, country: &str, indicator: &str) -> BTreeSet<&str> {
        let key = (country.to_owned(), indicator.to_owned());
        let counted = self.releases.iter().zip(&self.of);
        let definitions = counted
            .filter_map(|(release, of)| Some(of.get(&key)?.definitions.iter().map(|at| &release.definitions[*at])));
        definitions.flatten().flat_map(|definition| &definition.periods).map(String::as_str).collect()
    }

    /// The registers of the last release that counted an indicator in a country.
    #[must_use]
    pub fn sources_of(&self, country: &str, indicator: &str) -> Vec<String> {
        self.last(country, indicator).map(|(_, definition)| definition.sources.clone()).unwrap_or_default()
    }

    /// What a release defined in a country, in its order.
    #[must_use]
    pub fn definitions<'l>(&'l self, release: &'l RegisterRelease, country: &str) -> Vec<&'l Definition> {
        let from = self.of(release).into_iter().flat_map(|of| of.range((country.to_owned(), String::new())..));
        let own = from.take_while(|((other, _), _)| other == country);
        let mut places: Vec<usize> = own.flat_map(|(_, entries)| entries.definitions.iter().copied()).collect();
        places.sort_unstable();
        places.into_iter().map(|at| &release.definitions[at]).collect()
    }

    /// The numbers that a release printed of an indicator in a country, in its order.
    pub fn figures<'l>(
        &'l self,
        release: &'l RegisterRelease,
        country: &str,
        indicator: &str,
    ) -> impl Iterator<Item = &'l PrintedNumber> {
        let entries = self.of(release).and_then(|of| of.get(&(country.to_owned(), indicator.to_owned())));
        entries.into_iter().flat_map(|entries| &entries.figures).map(|at| &release.figures[*at])
    }

    fn of(&self, release: &RegisterRelease) -> Option<&BTreeMap<Counted, Entries>> {
        let at = self.releases.iter().position(|known| std::ptr::eq(known, release))?;
        self.of.get(at)
    }
}

fn entries(release: &RegisterRelease) -> BTreeMap<Counted, Entries> {
    let mut of: BTreeMap<Counted, Entries> = BTreeMap::new();
    for (at, Definition { country, indicator, .. }) in release.definitions.iter().enumerate() {
        of.entry((country.clone(), indicator.clone())).or_default().definitions.push(at);
    }
    for (at, PrintedNumber { country, indicator, .. }) in release.figures.iter().enumerate() {
        of.entry((country.clone(), indicator.clone())).or_default().figures.push(at);
    }
    of
}
