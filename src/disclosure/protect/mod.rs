//! Summaries to a release in which no cell discloses. **polars** is not used from here on; a [`Release`] is made here and
//! nowhere else.
//!
//! Publications are public already and pass unchanged, unless the policy asks to protect what they themselves withhold
//! (`publications`). A number of a confidential register passes only with a proof: all printed numbers of one table, measure
//! and year are sums of the atoms of one system; `suppress` chooses which cells of it to withhold, and the pattern is used
//! only if `witness` confirms that it protects every sensitive number. Without a proof more is withheld; there is no other
//! way to a printed number.

mod answer;
mod asked;
mod assemble;
mod cell;
mod choice;
mod chooser;
mod closed;
mod compose;
mod cost;
mod counted;
mod derived;
mod exposure;
mod finest;
mod given_away;
mod groups;
mod mark;
mod merge;
mod part;
pub mod pattern;
mod programme;
mod promises;
mod publications;
mod questions;
mod quotient;
mod reach;
mod reasons;
mod reckoned;
mod registers;
mod release;
mod renew;
mod repeated;
mod seal;
mod sealing;
mod share;
mod sheet;
pub mod suppress;
pub mod system;
mod table;
mod told;
mod trial;
mod united;
mod whole;
mod why;
pub mod witness;
mod world;
mod years;

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::Diagnostics;
use crate::diagnostic::bug::{Stage, point};
use crate::figures::{Summaries, Summary, SummaryCell};
use crate::project::custody::Custody;
use crate::project::indicator::{Indicator, Measure};
use crate::project::ledger::Ledger;
use crate::project::policy::Policy;
use crate::value::period::Period;

pub use crate::figures::{Event, SourceKind, SourceRecord, Yielding};
use assemble::Codes;
use compose::compose;
use counted::Counted;
use merge::merge;
use registers::{at_hand, from_ledger, registers};
use world::World;

pub use cell::{Alternative, Relation, ReleasedCell, Status};
pub use cost::{Band, Cost};
pub use derived::change;
pub use exposure::exposed;
pub use mark::{ClosedAs, Mark};
pub use promises::broken_promises;
pub use publications::{Asked, Reckonable};
pub use quotient::{Incomparable, SMALL_BASE};
pub use reasons::{Reason, Sum, Untold};
pub use release::{CountryRelease, Lookup, Release};
pub use sealing::{Sealed, Sealing, seal};
pub use share::{NoBase, share, whole};
pub use trial::{Change, Trial, tried};
pub use why::why;
pub use years::{State, Year};

/// Something that is already public, or about to be, and discloses: its name, never its values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Discloses {
    /// Published totals of these indicators, `<ISO3>/<indicator>`.
    Public(BTreeSet<String>),
    /// Output files with a numeral that no released figure accounts for.
    Artefacts(BTreeSet<String>),
}

impl std::fmt::Display for Discloses {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (Self::Public(names) | Self::Artefacts(names)) = self;
        let names = names.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
        match self {
            Self::Public(_) => write!(f, "published totals already reveal register counts in {names}"),
            Self::Artefacts(_) => write!(f, "{names} contains a numeral that belongs to no released figure"),
        }
    }
}

impl std::error::Error for Discloses {}

/// What is known beside the tables.
#[derive(Clone, Copy)]
pub struct Known<'k> {
    /// The earlier releases.
    pub ledger: &'k Ledger,
    /// What the custodian keeps of closed years.
    pub custody: &'k Custody,
    /// Closed years that are counted anew, for a correction: `XXA/victims:2023`.
    pub reopened: &'k BTreeSet<String>,
    /// What authors ask for.
    pub asked: &'k Asked,
}

/// What was summarised, before anything is withheld: for the custodian's own questions, whose answers are never published.
#[derive(Clone, Copy)]
pub struct Unprotected<'u> {
    /// The summaries of all countries.
    pub summaries: &'u [Summaries],
    /// The indicators.
    pub indicators: &'u [Indicator],
    /// The policy.
    pub policy: &'u Policy,
    /// What is known beside the tables.
    pub known: Known<'u>,
}

/// Protects every country. Publications pass, less what the policy withholds of them (of several choices one that keeps what
/// authors ask for); of registers only what is proved passes. The originals are dropped. A country is left out if published
/// totals already disclose its register, since withholding more could not help, or if a bug shows in it.
#[must_use]
pub fn protect(
    summaries: Vec<Summaries>,
    indicators: &[Indicator],
    policy: &Policy,
    known: Known<'_>,
    diagnostics: &mut Diagnostics,
) -> Release {
    let mut release = Release::empty();
    for country in summaries {
        let iso3 = country.iso3().to_owned();
        let protected = diagnostics.guard(&iso3, |_| in_country(country, indicators, policy, known));
        match protected {
            None => {}
            Some(Err(figures)) => release.disclose(iso3, figures),
            Some(Ok(country)) => release.insert(country),
        }
    }
    release
}

/// The release of one country.
///
/// # Errors
/// The figures whose published totals already disclose.
fn in_country(
    country: Summaries,
    indicators: &[Indicator],
    policy: &Policy,
    Known { ledger, custody, reopened, asked }: Known<'_>,
) -> Result<CountryRelease, BTreeSet<String>> {
    point(Stage::Protect, country.iso3());
    let mut counted = registers(&World::of(&country, indicators, policy, (ledger, custody, reopened)));
    for (indicator, cells) in kept_in_ledger(&country, indicators, ledger) {
        counted.cells.entry(indicator).or_default().extend(cells);
    }
    let (iso3, sources, events, mut summaries) = country.into_parts();
    if !counted.disclosed.is_empty() {
        return Err(counted.disclosed.iter().map(|indicator| format!("{iso3}/{indicator}")).collect());
    }
    let beside = publications::Beside { sources: &sources, own: &iso3, asked };
    let found = publications::publications(&mut summaries, indicators, beside, policy.publications);
    let reckonable: Vec<_> = (0..summaries.len()).map(|at| reckonable(&summaries[at], at, &found)).collect();
    publications::in_order(&mut summaries);
    let cost = Cost::of(&counted, &iso3);
    let mut released = CountryRelease::new(iso3, sources, events, cost, *policy);
    released.closed(std::mem::take(&mut counted.years), std::mem::take(&mut counted.contradicting));
    let mut late = Vec::new();
    released.reckonable(found.reckonable, found.not_least);
    for (summary, reckonable) in summaries.into_iter().zip(reckonable) {
        let Some(indicator) = indicators.iter().find(|indicator| indicator.id == summary.indicator) else {
            continue;
        };
        let own = counted.cells.remove(&indicator.id).unwrap_or_default();
        let merged = merge(unanswered(summary.cells, &own), own, released.sources());
        // A cell is large, and moved once.
        let mut cells = Vec::with_capacity(merged.len());
        for (cell, with_late) in merged.into_iter().filter_map(|merged| compose(merged, indicator, &released)) {
            cells.push(cell);
            late.extend(with_late);
        }
        for cell in cells.iter_mut().filter(|cell| cell.status == Status::Withheld) {
            cell.reckonable = reckonable.contains(&(cell.period.clone(), cell.codes.clone()));
        }
        released.insert(indicator, cells);
    }
    released.with_late(late);
    insert_ratios(&mut released, indicators);
    Ok(released)
}

/// The cells without what a register states of a year that it answers by a day of it, as for a stock.
fn unanswered(mut cells: Vec<SummaryCell>, own: &[Counted]) -> Vec<SummaryCell> {
    let days: Vec<&Period> = own.iter().map(|counted| &counted.period).filter(|period| period.is_day()).collect();
    for cell in cells.iter_mut().filter(|cell| days.iter().any(|day| **day != cell.period && cell.period.contains(day)))
    {
        cell.statements.retain(|statement| !statement.register);
    }
    cells.retain(|cell| !cell.statements.is_empty());
    cells
}

/// The closed years of which no register is at hand, by indicator.
fn kept_in_ledger(country: &Summaries, indicators: &[Indicator], ledger: &Ledger) -> BTreeMap<String, Vec<Counted>> {
    let open = country.open_lists();
    let kept = |summary: &Summary| {
        let indicator = indicators.iter().find(|indicator| indicator.id == summary.indicator)?;
        let years = at_hand(&summary.cells);
        Some((indicator.id.clone(), from_ledger(country, indicator, (ledger, &open), |year| years.contains(year))))
    };
    country.summaries().iter().filter_map(kept).collect()
}

/// The withheld cells of a summary that follow from what is printed.
fn reckonable(summary: &Summary, at: usize, found: &publications::Found) -> BTreeSet<(Period, Codes)> {
    let cells = summary.cells.iter().enumerate().filter(|(cell, _)| found.cells.contains(&(at, *cell)));
    cells.map(|(_, cell)| (cell.period.clone(), cell.codes.clone())).collect()
}

/// Adds the ratios, which are computed from released figures only.
fn insert_ratios(released: &mut CountryRelease, indicators: &[Indicator]) {
    for indicator in indicators.iter().filter(|indicator| matches!(indicator.measure, Measure::Ratio(_))) {
        let cells = derived::ratio(released, indicator);
        released.insert(indicator, cells);
    }
}

/// `<ISO3>/<indicator>:<period>[:<dimension>=<code>,…]`, dimensions in the indicator's order.
fn figure_id(cell: &SummaryCell, indicator: &Indicator, iso3: &str) -> String {
    id_of(indicator, iso3, (&cell.period, &cell.codes))
}

/// The id of the figure of a period and codes.
fn id_of(indicator: &Indicator, iso3: &str, (period, codes): (&Period, &Codes)) -> String {
    let mut id = [iso3, "/", &indicator.id, ":", period.text()].concat();
    let mut before = ":";
    for (dimension, code) in indicator.dimensions.iter().filter_map(|name| Some((name, codes.get(name)?))) {
        id.extend([before, dimension, "=", code]);
        before = ",";
    }
    id
}
