//! Summaries to a release in which no cell discloses. **polars** has ended; a [`Release`] is made here and nowhere else.
//!
//! Publications are public already and pass. Of a confidential register nothing passes yet: every number that rests on
//! register rows is withheld, its breakdowns are left out, and no row of it is named. A number may be let through only
//! with a proof that the whole system of printed numbers pins down nobody, and that proof is not built.

mod derived;
mod release;

use crate::indicator::{Indicator, Measure};
use crate::summarise::{Cell, Rule, Statement, Summaries};
use crate::value::{Missing, agree};

pub use crate::summarise::{Event, SourceRecord, Yielding};
pub use derived::{Incomparable, SMALL_BASE, change, share, whole};
pub use release::{Alternative, CountryRelease, Lookup, Relation, Release, ReleasedCell, Status};

/// Lets through what is public, withholds the rest, and forgets the originals.
#[must_use]
pub fn protect(summaries: Vec<Summaries>, indicators: &[Indicator]) -> Release {
    let mut release = Release::empty();
    for country in summaries {
        let (iso3, sources, events, summaries) = country.into_parts();
        let mut released = CountryRelease::new(iso3, sources, events);
        for summary in summaries {
            let Some(indicator) = indicators.iter().find(|indicator| indicator.id == summary.indicator) else {
                continue;
            };
            let cells = summary.cells.into_iter().filter_map(|cell| protected(cell, indicator, &released));
            let cells = cells.collect();
            released.insert(indicator, cells);
        }
        for indicator in indicators.iter().filter(|indicator| matches!(indicator.measure, Measure::Ratio(_))) {
            let cells = derived::ratio(&released, indicator);
            released.insert(indicator, cells);
        }
        release.insert(released);
    }
    release
}

fn protected(cell: Cell, indicator: &Indicator, country: &CountryRelease) -> Option<ReleasedCell> {
    let id = figure_id(&cell, indicator, country.iso3());
    let Cell { period, codes, statements } = cell;
    let (register, mut public): (Vec<Statement>, Vec<Statement>) = statements.into_iter().partition(|s| s.register);
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
    let mut sources = vec![first.source.clone()];
    sources.extend(public.iter().filter(|other| same(other)).map(|other| other.source.clone()));
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
    let status = match (&first.outcome, first.rule) {
        (Ok(_), Rule::Stated) => Status::Published,
        (Ok(_), Rule::Derived | Rule::Tiled) => Status::Derived,
        (Err(Missing::Withheld), _) => Status::Withheld,
        (Err(Missing::NotReported), _) => Status::NotReported,
        (Err(Missing::NotApplicable), _) => Status::NotApplicable,
    };
    Some(ReleasedCell {
        id,
        indicator: indicator.id.clone(),
        period,
        codes,
        value: first.outcome.ok(),
        qualifier: first.qualifier,
        status,
        rule: first.rule.name(),
        sources,
        contested,
        alternatives,
        rows: first.rows,
        agreeing,
        as_reported,
        register: false,
        relation: Relation::Own,
        small_base: false,
    })
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
