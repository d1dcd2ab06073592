//! What the ledgers promise, checked by themselves, without register, key or copies: every closed year is in every later
//! release, closed numbers stay, and late numbers are multiples of a base above the threshold, never fall, and are the sums of
//! some whole numbers of late cases (docs/disclosure.md#who-checks-it).

use std::collections::BTreeMap;

use super::finest::Finest;
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::disclosure::late::{Fault, PrintedFigure, PrintedLate, PrintedYear, Terms, What, faults_of_ledgers};
use crate::project::ledger::{ClosedYear, LateNumber, Ledger, PrintedNumber, RegisterRelease};

/// A closed year in one release: its numbers, and those with late cases.
struct Printed<'l> {
    release: &'l RegisterRelease,
    terms: Terms,
    figures: Vec<(&'l PrintedNumber, Option<&'l LateNumber>)>,
}

/// A closed year since it closed.
struct Story<'l> {
    ledger: &'l Ledger,
    name: String,
    record: &'l ClosedYear,
    releases: Vec<Printed<'l>>,
}

/// Every promise that the ledgers break, at its place.
#[must_use]
pub fn broken_promises(ledger: &Ledger) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut stories: BTreeMap<(String, &str), Story<'_>> = BTreeMap::new();
    for (at, release) in ledger.releases().iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| ledger.releases().get(at));
        let missing = before.into_iter().flat_map(|before| &before.systems).map(ClosedYear::name);
        for name in missing.filter(|name| !release.systems.iter().any(|closed| closed.name() == *name)) {
            let message =
                format!("the closed year `{name}` is missing; every release repeats the closed years of the last one");
            found.extend(fault(ledger, release, None, message));
        }
        for record in &release.systems {
            // A year that a correction opened closes again, and its story begins anew.
            let key = (record.name(), record.release.as_str());
            let name = key.0.clone();
            let story = stories.entry(key).or_insert_with(|| Story { ledger, name, record, releases: Vec::new() });
            found.extend(story.add(release, record));
        }
    }
    found.extend(stories.values().flat_map(Story::faults));
    found
}

/// An error in the file of a release, at a figure where it is about one.
fn fault(ledger: &Ledger, release: &RegisterRelease, figure: Option<&str>, message: String) -> Option<Diagnostic> {
    let hint = "only `tipbrief release` writes this file: restore it as it was released";
    Some(Diagnostic::error(Code::LedgerError, place(ledger, &release.name, figure)?, message).hint(hint))
}

/// Where a figure stands in the file of a release, else the start of the file.
fn place(ledger: &Ledger, release: &str, figure: Option<&str>) -> Option<Span> {
    let source = ledger.file(release)?;
    let quoted = figure.map(|id| format!("\"{id}\""));
    let at = quoted.and_then(|quoted| {
        let at = memchr::memmem::find(&source.bytes, quoted.as_bytes())?;
        Some(Span::new(source, at..at + quoted.len()))
    });
    Some(at.unwrap_or_else(|| Span::start_of(source)))
}

impl<'l> Story<'l> {
    /// Adds what a release prints of the year; an error if its terms protect nobody.
    fn add(&mut self, release: &'l RegisterRelease, record: &'l ClosedYear) -> Option<Diagnostic> {
        let told = record.told.as_ref().map(|told| (told.threshold, told.base));
        let (threshold, base) = told.unwrap_or((record.threshold, record.base));
        let own = i64::try_from(threshold).ok().and_then(|threshold| Terms::new(threshold, base).ok());
        // Where nothing is told any more, the terms are those under which it was told last.
        let last = self.releases.last().map(|last| last.terms).filter(|_| told.is_none());
        let Some(terms) = last.or(own) else {
            let message = format!(
                "late cases of `{}` are told in steps of {base} with a threshold of {threshold}; at least {} is expected",
                self.name,
                threshold.saturating_add(1)
            );
            return fault(self.ledger, release, None, message);
        };
        let figures = self.figures(release, record);
        self.releases.push(Printed { release, terms, figures });
        None
    }

    fn figures(
        &self,
        release: &'l RegisterRelease,
        record: &ClosedYear,
    ) -> Vec<(&'l PrintedNumber, Option<&'l LateNumber>)> {
        let late: BTreeMap<_, &LateNumber> = release
            .late
            .iter()
            .filter(|number| number.country == record.country)
            .map(|number| ((number.indicator.as_str(), number.period.as_str(), &number.dimensions), number))
            .collect();
        let indicators = self.definitions(release).map(|definition| definition.indicator.as_str());
        let numbers = indicators.flat_map(|indicator| self.ledger.figures(release, &record.country, indicator));
        let own = numbers.filter(|number| number.year() == record.year);
        own.map(|number| {
            let key = (number.indicator.as_str(), number.period.as_str(), &number.dimensions);
            (number, late.get(&key).copied())
        })
        .collect()
    }

    /// What a release asked of the year.
    fn definitions(
        &self,
        release: &'l RegisterRelease,
    ) -> impl Iterator<Item = &'l crate::project::ledger::Definition> {
        let (table, measure, year) = (&self.record.table, &self.record.measure, &self.record.year);
        let own = self.ledger.definitions(release, &self.record.country).into_iter();
        own.filter(move |one| one.table == *table && one.measure == *measure && one.periods.contains(year))
    }

    /// The promises that the year's numbers break.
    fn faults(&self) -> Vec<Diagnostic> {
        let asked = self.releases.iter().flat_map(|printed| {
            let of = move |number: &PrintedNumber| {
                self.definitions(printed.release).find(|one| one.indicator == number.indicator)
            };
            printed.figures.iter().filter_map(move |(number, _)| Some((of(number)?, &number.dimensions)))
        });
        let Some(finest) = Finest::of(asked, &self.record.country) else {
            return self.undecided().into_iter().collect();
        };
        let years: Vec<PrintedYear> = self.releases.iter().map(|printed| Self::year(printed, &finest)).collect();
        faults_of_ledgers(&years).iter().filter_map(|found| self.fault(found, &years)).collect()
    }

    /// A release as the checker takes it. Two figures that count the same are one, however many codes each names; so what is
    /// told is taken as little broken down, and what is not told as much.
    fn year(printed: &Printed<'l>, finest: &Finest) -> PrintedYear {
        let mut depths: BTreeMap<&[usize], (usize, usize)> = BTreeMap::new();
        let groups = |number: &PrintedNumber| finest.groups(&number.indicator, &number.dimensions);
        for (number, _) in &printed.figures {
            let depth = number.dimensions.len();
            let known = depths.entry(groups(number)).or_insert((depth, depth));
            *known = (known.0.min(depth), known.1.max(depth));
        }
        let figure = |(number, late): &(&PrintedNumber, Option<&LateNumber>)| {
            let groups = groups(number);
            let late = late.map(|late| PrintedLate { cases: late.cases, release: late.release.clone() });
            let told = late.as_ref().is_some_and(|late| late.release == printed.release.name);
            let (least, most) = depths.get(groups).copied().unwrap_or_default();
            let dimensions = if told { least } else { most };
            PrintedFigure { groups: groups.to_vec(), dimensions, closed: number.value, late }
        };
        PrintedYear {
            release: printed.release.name.clone(),
            predecessor: printed.release.previous.as_ref().map(|previous| previous.release.clone()),
            terms: printed.terms,
            figures: printed.figures.iter().map(figure).collect(),
        }
    }

    /// A broken promise in words, at its place.
    fn fault(&self, found: &Fault, years: &[PrintedYear]) -> Option<Diagnostic> {
        let at = self.releases.iter().position(|printed| printed.release.name == found.release)?;
        let (name, printed) = (&self.name, &self.releases[at]);
        let base = printed.terms.base();
        let before = at.checked_sub(1).map(|at| &self.releases[at]);
        let other = before.map_or("", |before| before.release.name.as_str());
        let Some((number, late)) = found.figure.and_then(|figure| printed.figures.get(figure)) else {
            let message = match found.what {
                What::Chain => {
                    format!("the closed year `{name}` does not continue that of the release before this one")
                }
                What::Base => format!(
                    "late cases of `{name}` are told in steps of {base}, and in `{other}` in steps of {}; a base is never lowered",
                    before.map_or(0, |before| before.terms.base())
                ),
                What::Undecided => return self.undecided(),
                _ => format!("no late cases whatever give all late numbers of `{name}` up to this release"),
            };
            return fault(self.ledger, printed.release, None, message);
        };
        let earlier = || {
            let figure = found.figure.and_then(|figure| years.get(at)?.figures.get(figure))?;
            let same = |year: &&PrintedYear| year.figures.iter().any(|one| one.groups == figure.groups);
            let year = years.get(..at)?.iter().rev().find(same)?;
            Some((year, year.figures.iter().find(|one| one.groups == figure.groups)?))
        };
        let cases = late.map_or(0, |late| late.cases);
        let message = match (found.what, earlier()) {
            (What::Closed, Some((year, one))) => {
                format!(
                    "the closed number is {}, and was {} in `{}`; it never changes",
                    number.value, one.closed, year.release
                )
            }
            (What::Closed, None) => "two figures of this release count the same and differ".to_owned(),
            (What::Multiple, _) => format!("{cases} late cases are told; a multiple of {base}, or 0, is expected"),
            (What::Fallen, _) => {
                format!("{cases} late cases are told, fewer than in an earlier release; they never fall")
            }
            (What::Rung, _) => {
                "no late cases are told of this number, although they are of others that are broken down as far"
                    .to_owned()
            }
            _ => format!(
                "the late cases that `{}` told are repeated, but it did not tell {cases}",
                late.map_or("", |late| late.release.as_str())
            ),
        };
        let told = late.filter(|_| !matches!(found.what, What::Closed | What::Rung)).map(|late| late.id.as_str());
        fault(self.ledger, printed.release, told.or(Some(&number.id)), message)
    }

    /// A warning that nothing was proved either way.
    fn undecided(&self) -> Option<Diagnostic> {
        let place = place(self.ledger, &self.releases.last()?.release.name, None)?;
        let message =
            format!("whether some late cases give all late numbers of `{}` could not be worked out", self.name);
        let hint = "its figures are told apart by too many codes; what is printed was checked when it was released";
        Some(Diagnostic::warning(Code::LedgerError, place, message).hint(hint))
    }
}
