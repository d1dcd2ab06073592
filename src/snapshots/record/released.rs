//! A record taken from a release: the same figures that a build would publish, and the definitions behind them.

use std::collections::BTreeMap;

use super::{Alternative, Definition, Figure, PublicRows, Record};
use crate::disclosure::protect::{self, CountryRelease, Relation, ReleasedCell};
use crate::project::Project;
use crate::project::indicator::{Indicator, Measure, Selector};
use crate::tables::ingest::is_line_of_mapping;

/// The unit of a share.
const PER_CENT: &str = "percent";

/// What a release holds of a country, with its rows where they are at hand.
#[must_use]
pub fn released(project: &Project, country: &CountryRelease, rows: Option<PublicRows>) -> Record {
    let mut record = Record { country: country.iso3().to_owned(), rows, ..Record::default() };
    for indicator in &project.indicators {
        let cells = country.cells(&indicator.id);
        if !cells.is_empty() {
            record.definitions.insert(indicator.id.clone(), definition(indicator));
        }
        let late = country.late(&indicator.id);
        record.figures.extend(cells.iter().chain(late).map(|cell| (cell.id.clone(), figure(cell, indicator))));
    }
    record
}

/// Gives a record that was read from published files the definitions of the project, which say from which table an indicator is.
pub fn define(record: &mut Record, project: &Project) {
    for indicator in &project.indicators {
        if record.definitions.contains_key(&indicator.id) {
            record.definitions.insert(indicator.id.clone(), definition(indicator));
        }
    }
}

fn definition(indicator: &Indicator) -> Definition {
    let mut keys = BTreeMap::from([
        ("description", indicator.description.clone()),
        ("unit", indicator.unit.clone()),
        ("dimensions", indicator.dimensions.join(", ")),
    ]);
    let conditions = indicator.conditions.iter().map(|(field, codes)| format!("{field} = {}", codes.join(" or ")));
    keys.insert("where", conditions.collect::<Vec<_>>().join(", "));
    if let Measure::Observed { table, code, .. } = &indicator.measure {
        keys.insert("table", table.clone());
        keys.insert("measure", code.clone().unwrap_or_default());
    }
    if let Measure::Ratio(ratio) = &indicator.measure {
        let part = |selector: &Selector| {
            let codes = selector.codes.iter().map(|(dimension, code)| format!(":{dimension}={code}"));
            codes.fold(selector.indicator.clone(), |name, code| name + &code)
        };
        keys.insert("ratio", format!("{} to {} per {}", part(&ratio.of.value), part(&ratio.to.value), ratio.per));
    }
    Definition { title: indicator.title.clone(), keys }
}

pub(super) fn figure(cell: &ReleasedCell, indicator: &Indicator) -> Figure {
    let alternative = |other: &protect::Alternative| Alternative {
        value: other.value.clone(),
        qualifier: other.qualifier,
        sources: other.sources.clone(),
    };
    Figure {
        id: cell.id.clone(),
        indicator: cell.indicator.clone(),
        period: cell.period.clone(),
        codes: cell.codes.clone(),
        value: cell.value.clone(),
        unit: if cell.relation == Relation::Share { PER_CENT.to_owned() } else { indicator.unit.clone() },
        qualifier: cell.qualifier,
        status: cell.status,
        rule: cell.rule.to_owned(),
        sources: cell.sources.clone(),
        contested: cell.contested,
        alternatives: cell.alternatives.iter().map(alternative).collect(),
        relative: matches!(cell.relation, Relation::Change | Relation::Share),
        rows: cell
            .alternatives
            .iter()
            .fold(cell.rows.clone().and(&cell.agreeing), |all, other| all.and(&other.rows))
            .places()
            .into_iter()
            .filter(|place| !is_line_of_mapping(place))
            .collect(),
        register: cell.register,
    }
}
