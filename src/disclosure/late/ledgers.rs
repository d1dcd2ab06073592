//! The checker that sees the printed numbers only: what anybody can check who has the ledgers.
//!
//! That some whole z fits every late figure of every release is all that the proof needs. Whatever table it is, the figures
//! agree with it, and with as many persons more as the threshold says in any one group.

use std::collections::BTreeMap;
use std::fmt;

use super::fits::Answer;
use super::linked::{Told, fit_all};
use super::year::{Rung, Terms};

/// One closed year as one ledger prints it.
#[derive(Debug, Clone)]
pub struct PrintedYear {
    /// The release.
    pub release: String,
    /// The release before it; none for the first that prints the year.
    pub predecessor: Option<String>,
    /// Its terms.
    pub terms: Terms,
    /// The figures that it prints.
    pub figures: Vec<PrintedFigure>,
}

/// A closed number, and the late figure beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrintedFigure {
    /// Its groups, by numbers that are the same at every release; the same groups are the same figure.
    pub groups: Vec<usize>,
    /// By how many dimensions it is broken down.
    pub dimensions: usize,
    /// The closed number.
    pub closed: i64,
    /// The late figure, if there is one.
    pub late: Option<PrintedLate>,
}

/// A late figure as it is printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrintedLate {
    /// The number.
    pub cases: i64,
    /// The release that told it: this one, or an earlier one whose number is repeated.
    pub release: String,
}

/// What does not hold, and in which release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The release.
    pub release: String,
    /// The place of the figure among those of that release, where it is one figure's.
    pub figure: Option<usize>,
    /// What does not hold.
    pub what: What,
}

/// What can be wrong with printed numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// It does not name the release before it, or its own name was used before.
    Chain,
    /// Its base is lower than that of the release before.
    Base,
    /// The closed number is not that of an earlier release.
    Closed,
    /// The late figure is negative, or no multiple of the base.
    Multiple,
    /// The late figure is lower than at an earlier release.
    Fallen,
    /// The late figure is not what the release told that it names.
    Repeated,
    /// The figure has no late figure of this release, although other figures of its rung have one.
    Rung,
    /// No table of whole numbers that never falls fits all late figures.
    NoTable,
    /// Neither a table was found nor a proof that there is none.
    Undecided,
}

/// A figure by its groups, and what it stands at: its closed number, and the last late figure with its release.
type Known<'y> = BTreeMap<Vec<usize>, (i64, Option<&'y PrintedLate>)>;

/// Checks all releases of a year, in their order: the chain is whole, closed numbers are equal, late figures are multiples of a
/// base above the threshold and never fall, all of a rung are told or none, and some table of whole numbers that never falls
/// fits all of them.
///
/// # Errors
/// The first thing that does not hold.
pub fn check(releases: &[PrintedYear]) -> Result<(), Fault> {
    faults(releases).into_iter().next().map_or(Ok(()), Err)
}

/// Everything that does not hold, in the order of the releases. Whether a table fits is looked for where all else holds.
#[must_use]
pub fn faults(releases: &[PrintedYear]) -> Vec<Fault> {
    let (mut known, mut found) = (Known::new(), Vec::new());
    for (at, year) in releases.iter().enumerate() {
        let fault = |figure, what| Fault { release: year.release.clone(), figure, what };
        let before = at.checked_sub(1).and_then(|at| releases.get(at));
        let again = releases.iter().take(at).any(|other| other.release == year.release);
        if before.is_some_and(|before| year.predecessor.as_ref() != Some(&before.release)) || again {
            found.push(fault(None, What::Chain));
            return found;
        }
        if before.is_some_and(|before| year.terms.base() < before.terms.base()) {
            found.push(fault(None, What::Base));
        }
        // The highest rung of which this release tells anything.
        let anew = year.figures.iter().filter(|figure| told(year, figure).is_some());
        let rung = anew.map(|figure| figure.dimensions).max().map_or(Rung::Nothing, rung);
        let wrong =
            year.figures.iter().enumerate().filter_map(|(number, figure)| {
                wrong(year, figure, rung, &mut known).map(|what| fault(Some(number), what))
            });
        found.extend(wrong);
    }
    if found.is_empty() { without_a_table(releases).into_iter().collect() } else { found }
}

/// That no table fits, or that none was found.
fn without_a_table(releases: &[PrintedYear]) -> Option<Fault> {
    let told = |year: &PrintedYear| {
        let figures = year.figures.iter().filter_map(|figure| Some((sorted(&figure.groups), told(year, figure)?)));
        Told { base: year.terms.base(), figures: figures.collect() }
    };
    let what = match fit_all(releases.iter().map(told).collect()) {
        Answer::Fits(_) => return None,
        Answer::Contradiction => What::NoTable,
        Answer::Undecided => What::Undecided,
    };
    Some(Fault { release: releases.last().map_or_else(String::new, |year| year.release.clone()), figure: None, what })
}

/// The lowest rung that tells a figure of so many dimensions.
fn rung(dimensions: usize) -> Rung {
    match dimensions {
        0 => Rung::Totals,
        1 => Rung::One,
        2 => Rung::Two,
        _ => Rung::All,
    }
}

/// What this release itself tells of a figure.
fn told(year: &PrintedYear, figure: &PrintedFigure) -> Option<i64> {
    figure.late.as_ref().filter(|late| late.release == year.release).map(|late| late.cases)
}

/// What is wrong with one figure; then what is known of it is brought up to date.
fn wrong<'y>(year: &PrintedYear, figure: &'y PrintedFigure, rung: Rung, known: &mut Known<'y>) -> Option<What> {
    let base = year.terms.base();
    let (closed, last) = known.entry(sorted(&figure.groups)).or_insert((figure.closed, None));
    if *closed != figure.closed {
        return Some(What::Closed);
    }
    match (told(year, figure), &figure.late) {
        (Some(cases), _) if cases < 0 || cases % base != 0 => return Some(What::Multiple),
        (Some(cases), _) if last.is_some_and(|last| cases < last.cases) => return Some(What::Fallen),
        (None, _) if rung.tells(figure.dimensions) => return Some(What::Rung),
        (None, Some(repeated)) if *last != Some(repeated) => return Some(What::Repeated),
        _ => {}
    }
    if figure.late.is_some() {
        *last = figure.late.as_ref();
    }
    None
}

fn sorted(groups: &[usize]) -> Vec<usize> {
    let mut groups = groups.to_vec();
    groups.sort_unstable();
    groups
}

impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Chain => "it does not continue the release before it",
            Self::Base => "its base is lower than that of the release before it",
            Self::Closed => "its closed number is not that of an earlier release",
            Self::Multiple => "its late figure is no multiple of the base",
            Self::Fallen => "its late figure is lower than at an earlier release",
            Self::Repeated => "its late figure is not what the release told that it names",
            Self::Rung => "it has no late figure, although others of its kind have one",
            Self::NoTable => "no table of whole numbers fits its late figures and those of the releases before it",
            Self::Undecided => "no table of whole numbers was found that fits its late figures and those before it",
        })
    }
}
