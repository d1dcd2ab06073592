//! Some of a country's figures on their own, kept to be compared with what they become: the same file format as that of all.

use std::collections::BTreeSet;

use anyhow::{Result, anyhow};
use serde_json::Value as Json;

use super::published::{Written, WrittenAlternative};
use super::released::figure;
use super::{Figure, Record, published};
use crate::disclosure::protect::ReleasedCell;
use crate::project::Project;
use crate::value::Value;

impl Record {
    /// The record of these figures of a country; those of indicators that are not declared are left out.
    #[must_use]
    pub fn of_cells<'c>(project: &Project, country: &str, cells: impl Iterator<Item = &'c ReleasedCell>) -> Self {
        let figures =
            cells.filter_map(|cell| Some((cell.id.clone(), figure(cell, project.indicator(&cell.indicator)?))));
        Self { country: country.to_owned(), figures: figures.collect(), with_prose: true, ..Self::default() }
    }

    /// The same with these figures alone.
    #[must_use]
    pub fn only(&self, ids: &BTreeSet<String>) -> Self {
        let own = self.figures.iter().filter(|(id, _)| ids.contains(*id));
        let figures = own.map(|(id, figure)| (id.clone(), figure.clone())).collect();
        Self { country: self.country.clone(), figures, with_prose: self.with_prose, ..Self::default() }
    }

    /// Its figures, a JSON object each, as `figures.json` has them. They hold no place of a row.
    ///
    /// # Errors
    /// When one cannot be written as JSON.
    pub fn written(&self) -> Result<Vec<Json>> {
        self.figures.values().map(|figure| Ok(serde_json::to_value(written(figure))?)).collect()
    }

    /// The record in a file that holds a country's figures.
    ///
    /// # Errors
    /// When no such file was written.
    pub fn read(figures: &[u8]) -> Result<Self> {
        published::record(figures, None).map_err(|wrong| anyhow!("{}", wrong.why))
    }
}

fn written(figure: &Figure) -> Written {
    let value = |value: &Value| value.json();
    let alternatives = figure.alternatives.iter().map(|other| WrittenAlternative {
        value: value(&other.value),
        qualifier: other.qualifier.code().to_owned(),
        sources: other.sources.clone(),
        rows: Vec::new(),
    });
    Written {
        id: figure.id.clone(),
        indicator: figure.indicator.clone(),
        period: figure.period.text().to_owned(),
        dimensions: figure.codes.clone(),
        value: figure.value.as_ref().map_or(Json::Null, value),
        unit: figure.unit.clone(),
        qualifier: figure.qualifier.code().to_owned(),
        status: figure.status.code().to_owned(),
        rule: figure.rule.clone(),
        sources: figure.sources.clone(),
        contested: figure.contested,
        alternatives: alternatives.collect(),
        // A figure of a register is told by having none.
        rows: (!figure.register).then(Vec::new),
    }
}

impl Figure {
    /// What a reader sees of it, as one line: its values or its state, and what is counted.
    #[must_use]
    pub fn seen(&self) -> String {
        let readings = self.readings();
        let values: Vec<String> =
            readings.iter().map(|(value, how)| format!("{} {}", how.code(), value.plain())).collect();
        format!("{}: {} {} [{}]", self.id, self.status.code(), values.join(" or "), self.unit)
    }
}
