//! Composes the cell to print from a merged cell: its first-ranked value, with what other sources give.

use super::cell::{Alternative, Relation, ReleasedCell, Status, WITHHELD};
use super::counted::Counted;
use super::figure_id;
use super::merge::Merged;
use super::release::CountryRelease;
use crate::figures::{Lineage, Rule, Statement, SummaryCell, Yielding};
use crate::project::indicator::Indicator;
use crate::value::{Missing, agree};

/// The rule of a number that a register counts.
const COUNTED: &str = "counted in a register";

/// A cell, and the same with late cases, where they are told.
pub(super) type Composed = (ReleasedCell, Option<ReleasedCell>);

/// The cell to print; none where only a register has it and even its existence would tell of persons.
pub(super) fn compose(merged: Merged, indicator: &Indicator, country: &CountryRelease) -> Option<Composed> {
    let Merged { cell, counted } = merged;
    let id = figure_id(&cell, indicator, country.iso3());
    let SummaryCell { period, codes, statements } = cell;
    // What a register holds may be printed only where it was counted and protected.
    let is_usable = |statement: &Statement| !statement.register || counted.is_some();
    let (mut usable, hidden): (Vec<Statement>, Vec<Statement>) = statements.into_iter().partition(is_usable);
    if usable.is_empty() {
        // Which combinations a register holds tells of persons, too: only its margin is named, and withheld.
        let source = hidden.into_iter().next().filter(|_| codes.is_empty())?.source;
        return Some((ReleasedCell::withheld(id, indicator.id.clone(), period, source), None));
    }
    let first = usable.remove(0);
    let statements = Statements { first: &first, others: &usable, counted: counted.as_ref() };
    let (register, status) = (first.register, status(&first));
    let cell = ReleasedCell {
        id,
        indicator: indicator.id.clone(),
        period,
        codes,
        below: first.below.filter(|_| status == Status::Withheld && !register),
        value: first.outcome.clone().ok(),
        qualifier: first.qualifier,
        status,
        rule: rule(&first),
        sources: statements.sources(),
        contested: statements.is_contested(),
        alternatives: statements.alternatives(country),
        rows: first.rows.clone(),
        agreeing: statements.agreeing().fold(Lineage::default(), |all, other| all.and(&other.rows)),
        as_reported: statements.as_reported(),
        register,
        unreleased: counted.as_ref().is_some_and(|counted| !counted.released && counted.units.is_some()),
        closed: counted.as_ref().and_then(|counted| counted.closed.clone()).filter(|_| register),
        late: None,
        relation: Relation::Own,
        small_base: false,
        reckonable: false,
    };
    let late = counted.and_then(|counted| {
        let sources = counted.sources.clone();
        let own = ReleasedCell { closed: counted.closed, sources, ..cell.clone() };
        own.with_late(counted.units?, &counted.late?)
    });
    Some((cell, late))
}

/// The usable statements on one cell.
struct Statements<'s> {
    first: &'s Statement,
    others: &'s [Statement],
    /// The register's count, where one of the statements is a register's.
    counted: Option<&'s Counted>,
}

impl<'s> Statements<'s> {
    fn all(&self) -> impl Iterator<Item = &'s Statement> + Clone {
        std::iter::once(self.first).chain(self.others)
    }

    /// The further statements that give the first value.
    fn agreeing(&self) -> impl Iterator<Item = &'s Statement> {
        self.others.iter().filter(|other| self.agrees(other))
    }

    fn agrees(&self, other: &Statement) -> bool {
        let equal = match (&self.first.outcome, &other.outcome) {
            (Ok(one), Ok(other)) => one.equals(other),
            (one, other) => one == other,
        };
        equal && other.qualifier == self.first.qualifier
    }

    fn is_contested(&self) -> bool {
        let values = self.all().filter_map(|statement| Some((statement.outcome.as_ref().ok()?, statement.qualifier)));
        self.first.outcome.is_ok() && !agree(values)
    }

    /// The sources that give the first value; a register's number may come from several registers.
    fn sources(&self) -> Vec<String> {
        let of = |statement: &Statement| match self.counted {
            Some(counted) if statement.register => counted.sources.clone(),
            _ => vec![statement.source.clone()],
        };
        std::iter::once(self.first).chain(self.agreeing()).flat_map(of).collect()
    }

    /// Other values, each with all sources that give it.
    fn alternatives(&self, country: &CountryRelease) -> Vec<Alternative> {
        let mut alternatives: Vec<Alternative> = Vec::new();
        for other in self.others.iter().filter(|other| !self.agrees(other)) {
            let Ok(value) = &other.outcome else { continue };
            match alternatives.iter_mut().find(|a| &a.value == value && a.qualifier == other.qualifier) {
                Some(alternative) => {
                    alternative.sources.push(other.source.clone());
                    alternative.rows = std::mem::take(&mut alternative.rows).and(&other.rows);
                }
                None => alternatives.push(Alternative {
                    value: value.clone(),
                    qualifier: other.qualifier,
                    status: stated(other.rule),
                    sources: vec![other.source.clone()],
                    rows: other.rows.clone(),
                    yields: yields(self.first, other, country),
                }),
            }
        }
        alternatives
    }

    /// The sources' own words: source, words, and the value that they were coded as.
    fn as_reported(&self) -> Vec<(String, String, crate::value::Value)> {
        let reported = self.all().filter(|statement| !statement.as_reported.is_empty());
        let coded = reported.filter_map(|statement| Some((statement, statement.outcome.as_ref().ok()?.clone())));
        coded.map(|(statement, value)| (statement.source.clone(), statement.as_reported.clone(), value)).collect()
    }
}

fn status(first: &Statement) -> Status {
    match first.outcome {
        Ok(_) => stated(first.rule),
        Err(Missing::Withheld) => Status::Withheld,
        Err(Missing::NotReported) => Status::NotReported,
        Err(Missing::NotApplicable) => Status::NotApplicable,
    }
}

/// The status of a number by its rule.
fn stated(rule: Rule) -> Status {
    match rule {
        Rule::Stated => Status::Published,
        Rule::Derived | Rule::Tiled => Status::Derived,
        Rule::Protected => Status::Withheld,
    }
}

fn rule(first: &Statement) -> &'static str {
    match first.outcome {
        Ok(_) if first.register => COUNTED,
        Err(_) if first.register => WITHHELD,
        _ => first.rule.name(),
    }
}

/// Why a statement ranks behind the first.
fn yields(first: &Statement, other: &Statement, country: &CountryRelease) -> Yielding {
    let sources = country.source(&first.source).zip(country.source(&other.source));
    sources.map_or(Yielding::Order, |(first, other)| other.yields_to(first))
}
