//! Summaries to a release in which no cell discloses. **polars** has ended; a [`Release`] is made here and nowhere else.
//!
//! Publications are public already and pass, but for what the policy protects of what they themselves withhold
//! (`publications`). Of a confidential register only what is proved passes: all its numbers that
//! anything prints are sums of the atoms of one system, what is withheld of a system is chosen by moves (`suppress`), and a
//! pattern is printed when the audit by witnesses holds it (`witness`). Where a proof is missing, more is withheld; there is
//! no other way through.

mod assemble;
mod choice;
mod cost;
mod derived;
mod division;
mod earlier;
pub mod growth;
mod merge;
mod moves;
pub mod past;
pub mod pattern;
mod publications;
mod quotient;
mod reckoned;
mod registers;
mod release;
mod share;
pub mod suppress;
pub mod system;
pub mod witness;

use std::collections::BTreeSet;

use crate::diagnostic::Diagnostics;
use crate::diagnostic::bug::{Stage, point};
use crate::figures::{Cell, Rule, Statement, Summaries};
use crate::project::indicator::{Indicator, Measure};
use crate::project::ledger::Ledger;
use crate::project::policy::Policy;
use crate::value::{Missing, agree};

pub use crate::figures::{Event, SourceRecord, Yielding};
use merge::{Merged, merge};
use registers::{at_hand, from_ledger, registers};

pub use cost::{Band, Cost};
pub use derived::change;
pub use publications::{Asked, Reckonable};
pub use quotient::{Incomparable, SMALL_BASE};
pub use release::{Again, Alternative, CountryRelease, Lookup, Relation, Release, ReleasedCell, Status};
pub use share::{NoBase, share, whole};

/// How a register's number came about.
const COUNTED: &str = "counted in a register";
/// How it came about that there is none.
const WITHHELD: &str = "withheld";

/// Something discloses that cannot be withheld any more; what it is, never the values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Discloses {
    /// What is already public of these indicators, `<ISO3>/<indicator>`.
    Public(BTreeSet<String>),
    /// Artefacts with a numeral that nothing released backs.
    Artefacts(BTreeSet<String>),
}

impl std::fmt::Display for Discloses {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (Self::Public(names) | Self::Artefacts(names)) = self;
        let names = names.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
        match self {
            Self::Public(_) => write!(f, "published totals already reveal register counts in {names}"),
            Self::Artefacts(_) => write!(f, "a numeral that no released figure backs stands in {names}"),
        }
    }
}

impl std::error::Error for Discloses {}

/// Lets through what is public or proved, of publications rather what authors ask for, withholds the rest, and forgets the originals. Of a country of which what is
/// already public discloses, so that nothing that is withheld could help, nothing is let through, nor of one in which a bug shows.
#[must_use]
pub fn protect(
    summaries: Vec<Summaries>,
    indicators: &[Indicator],
    policy: &Policy,
    (ledger, asked): (&Ledger, &Asked),
    diagnostics: &mut Diagnostics,
) -> Release {
    let mut release = Release::empty();
    for country in summaries {
        let iso3 = country.iso3().to_owned();
        let protected = diagnostics.guard(&iso3, |_| in_country(country, indicators, policy, (ledger, asked)));
        let released = match protected {
            None => continue,
            Some(Err(figures)) => {
                release.disclose(iso3, figures);
                continue;
            }
            Some(Ok(released)) => released,
        };
        release.insert(released);
    }
    release
}

/// The release of one country.
///
/// # Errors
/// The figures of which what is already public discloses.
fn in_country(
    country: Summaries,
    indicators: &[Indicator],
    policy: &Policy,
    (ledger, asked): (&Ledger, &Asked),
) -> Result<CountryRelease, BTreeSet<String>> {
    point(Stage::Protect, country.iso3());
    let mut counted = registers(&country, indicators, policy, ledger);
    let open = country.open_lists();
    let (iso3, sources, events, mut summaries) = country.into_parts();
    if !counted.disclosed.is_empty() {
        return Err(counted.disclosed.iter().map(|indicator| format!("{iso3}/{indicator}")).collect());
    }
    let beside = publications::Beside { sources: &sources, own: &iso3, asked };
    let found = publications::publications(&mut summaries, indicators, beside, policy.publications);
    let reckonable = |at: usize| {
        let cells = summaries[at].cells.iter().enumerate().filter(|(cell, _)| found.cells.contains(&(at, *cell)));
        cells.map(|(_, cell)| (cell.period.clone(), cell.codes.clone())).collect::<BTreeSet<_>>()
    };
    let told: Vec<BTreeSet<_>> = (0..summaries.len()).map(reckonable).collect();
    publications::in_order(&mut summaries);
    let mut released = CountryRelease::new(iso3, sources, events, counted.cost, *policy);
    released.reckonable(found.reckonable, found.not_least);
    for (summary, told) in summaries.into_iter().zip(told) {
        let Some(indicator) = indicators.iter().find(|indicator| indicator.id == summary.indicator) else {
            continue;
        };
        let own = match counted.cells.remove(&indicator.id) {
            Some(own) => own,
            None if at_hand(&summary.cells) => Vec::new(),
            None => from_ledger(released.iso3(), indicator, ledger, &open),
        };
        let cells = merge(summary.cells, own, released.sources());
        let cells = cells.into_iter().filter_map(|merged| protected(merged, indicator, &released));
        let follows = |cell: &ReleasedCell| {
            cell.status == Status::Withheld && told.contains(&(cell.period.clone(), cell.codes.clone()))
        };
        let cells = cells.map(|cell| ReleasedCell { reckonable: follows(&cell), ..cell }).collect();
        released.insert(indicator, cells);
    }
    for indicator in indicators.iter().filter(|indicator| matches!(indicator.measure, Measure::Ratio(_))) {
        let cells = derived::ratio(&released, indicator);
        released.insert(indicator, cells);
    }
    Ok(released)
}

fn protected(merged: Merged, indicator: &Indicator, country: &CountryRelease) -> Option<ReleasedCell> {
    let Merged { cell, counted } = merged;
    let id = figure_id(&cell, indicator, country.iso3());
    let Cell { period, codes, statements } = cell;
    let may_speak = |said: &Statement| !said.register || counted.is_some();
    let (mut public, register): (Vec<Statement>, Vec<Statement>) = statements.into_iter().partition(may_speak);
    if public.is_empty() {
        // Which combinations a register holds tells of persons too: only its margin is named, and withheld.
        let source = register.into_iter().next().filter(|_| codes.is_empty())?.source;
        return Some(ReleasedCell::withheld(id, indicator.id.clone(), period, source));
    }
    let first = public.remove(0);
    let equal = |other: &Statement| match (&first.outcome, &other.outcome) {
        (Ok(one), Ok(other)) => one.equals(other),
        (one, other) => one == other,
    };
    let same = |other: &Statement| equal(other) && other.qualifier == first.qualifier;
    let said = std::iter::once(&first).chain(&public);
    let contested = first.outcome.is_ok() && !agree(said.filter_map(|s| Some((s.outcome.as_ref().ok()?, s.qualifier))));
    let of = |said: &Statement| match &counted {
        Some(counted) if said.register => counted.sources.clone(),
        _ => vec![said.source.clone()],
    };
    let mut sources = of(&first);
    sources.extend(public.iter().filter(|other| same(other)).flat_map(of));
    let mut alternatives: Vec<Alternative> = Vec::new();
    for other in public.iter().filter(|other| !same(other)) {
        let Ok(value) = &other.outcome else { continue };
        match alternatives.iter_mut().find(|a| &a.value == value && a.qualifier == other.qualifier) {
            Some(alternative) => {
                alternative.sources.push(other.source.clone());
                alternative.rows.extend(other.rows.iter().cloned());
            }
            None => alternatives.push(Alternative {
                value: value.clone(),
                qualifier: other.qualifier,
                status: stated(other.rule),
                sources: vec![other.source.clone()],
                rows: other.rows.clone(),
                yields: yields(&first, other, country),
            }),
        }
    }
    let agreeing = public.iter().filter(|other| same(other)).flat_map(|other| other.rows.iter().cloned()).collect();
    let reported = std::iter::once(&first).chain(&public).filter(|statement| !statement.as_reported.is_empty());
    let reported = reported.filter_map(|statement| Some((statement, statement.outcome.as_ref().ok()?.clone())));
    let as_reported = reported.map(|(s, value)| (s.source.clone(), s.as_reported.clone(), value)).collect();
    let register = first.register;
    let unreleased = counted.as_ref().is_some_and(|counted| !counted.released && counted.units.is_some());
    let again = counted.as_ref().and_then(|counted| counted.again.clone()).filter(|_| register);
    let rule = match &first.outcome {
        Ok(_) if register => COUNTED,
        Err(_) if register => WITHHELD,
        _ => first.rule.name(),
    };
    let status = match (&first.outcome, first.rule) {
        (Ok(_), rule) => stated(rule),
        (Err(Missing::Withheld), _) => Status::Withheld,
        (Err(Missing::NotReported), _) => Status::NotReported,
        (Err(Missing::NotApplicable), _) => Status::NotApplicable,
    };
    Some(ReleasedCell {
        id,
        indicator: indicator.id.clone(),
        period,
        codes,
        below: first.below.filter(|_| status == Status::Withheld && !register),
        value: first.outcome.ok(),
        qualifier: first.qualifier,
        status,
        rule,
        sources,
        contested,
        alternatives,
        rows: first.rows,
        agreeing,
        as_reported,
        register,
        unreleased,
        again,
        relation: Relation::Own,
        small_base: false,
        reckonable: false,
    })
}

/// The state of a number by how it came about.
fn stated(rule: Rule) -> Status {
    match rule {
        Rule::Stated => Status::Published,
        Rule::Derived | Rule::Tiled => Status::Derived,
        Rule::Protected => Status::Withheld,
    }
}

/// Why a statement stands behind the first.
fn yields(first: &Statement, other: &Statement, country: &CountryRelease) -> Yielding {
    let sources = country.source(&first.source).zip(country.source(&other.source));
    sources.map_or(Yielding::Order, |(first, other)| other.yields_to(first))
}

/// `<ISO3>/<indicator>:<period>[:<dimension>=<code>,…]`, dimensions in the indicator's order.
fn figure_id(cell: &Cell, indicator: &Indicator, iso3: &str) -> String {
    let code = |dimension: &String| cell.codes.get(dimension).map(|code| format!("{dimension}={code}"));
    let codes: Vec<String> = indicator.dimensions.iter().filter_map(code).collect();
    let codes = if codes.is_empty() { String::new() } else { format!(":{}", codes.join(",")) };
    format!("{iso3}/{}:{}{codes}", indicator.id, cell.period.text())
}
