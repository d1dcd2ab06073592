//! `data/ledger/<release>.json`: the released numbers; only the custodian's command `release` writes it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::own_file::write_new;
use crate::disclosure::protect::{CountryRelease, Relation, Release, ReleasedCell};
use crate::project::Project;
use crate::project::indicator::{Indicator, Measure};
use crate::project::ledger::{Definition, Ledger, PrintedNumber, RegisterRelease};
use crate::project::schema::{Field, REST, UNKNOWN};
use crate::value::Value;

/// The result of a release.
#[derive(Debug, Default)]
pub struct Released {
    /// What blocks it; then nothing was written.
    pub refused: Vec<String>,
    /// Figures that changed by fewer than the threshold, which a correction exposes.
    pub exposed: Vec<String>,
    /// The ledger's new file.
    pub path: Option<PathBuf>,
}

/// The register numbers that a release holds, as the ledger keeps them.
#[must_use]
pub fn register_release(name: &str, corrects: bool, release: &Release, project: &Project) -> RegisterRelease {
    let number = project.ledger.releases().iter().map(|earlier| earlier.number).max().unwrap_or(0) + 1;
    let (mut definitions, mut figures) = (Vec::new(), Vec::new());
    for released in project.countries.iter().filter_map(|country| release.country(&country.iso3)) {
        for indicator in &project.indicators {
            let cells = released.cells(&indicator.id).iter().filter(|cell| cell.relation == Relation::Own);
            let cells: Vec<&ReleasedCell> = cells.filter(|cell| !registers(cell, released).is_empty()).collect();
            definitions.extend(definition(&cells, indicator, released, project));
            figures.extend(cells.iter().filter_map(|cell| entry(cell, released)));
        }
    }
    RegisterRelease { name: name.to_owned(), number, corrects, definitions, figures }
}

/// The registers among the sources of a cell.
fn registers(cell: &ReleasedCell, released: &CountryRelease) -> Vec<String> {
    let others = cell.alternatives.iter().flat_map(|other| &other.sources);
    let register = |id: &&String| released.source(id).is_some_and(|source| source.register);
    cell.sources.iter().chain(others).filter(register).cloned().collect()
}

fn definition(
    cells: &[&ReleasedCell],
    indicator: &Indicator,
    released: &CountryRelease,
    project: &Project,
) -> Option<Definition> {
    let Measure::Observed { table, code, .. } = &indicator.measure else { return None };
    let sources: BTreeSet<String> = cells.iter().flat_map(|cell| registers(cell, released)).collect();
    let mut dimensions = BTreeMap::<String, BTreeSet<String>>::new();
    for (dimension, code) in cells.iter().flat_map(|cell| &cell.codes).filter(|(_, code)| *code != UNKNOWN) {
        let codes = dimensions.entry(dimension.clone()).or_default();
        codes.insert(code.clone());
        // If there is a rest, `unknown` has another meaning, whether or not a number of the rest is printed.
        if project.schema(table).and_then(|schema| schema.field(dimension)).is_some_and(Field::is_open) {
            codes.insert(REST.to_owned());
        }
    }
    let periods: BTreeSet<String> = cells.iter().map(|cell| cell.period.text().to_owned()).collect();
    Some(Definition {
        country: released.iso3().to_owned(),
        indicator: indicator.id.clone(),
        table: table.clone(),
        measure: code.clone(),
        conditions: indicator.conditions.clone(),
        dimensions: dimensions.into_iter().map(|(name, codes)| (name, codes.into_iter().collect())).collect(),
        periods: periods.into_iter().collect(),
        sources: sources.into_iter().collect(),
    })
    .filter(|definition| !definition.sources.is_empty())
}

/// The value that a register gives for a cell, if it is printed.
fn entry(cell: &ReleasedCell, released: &CountryRelease) -> Option<PrintedNumber> {
    let register = |id: &String| released.source(id).is_some_and(|source| source.register);
    let first = cell.value.as_ref().filter(|_| cell.sources.iter().any(register));
    let others = cell.alternatives.iter().filter(|other| other.sources.iter().any(register)).map(|other| &other.value);
    Some(PrintedNumber {
        id: cell.id.clone(),
        country: released.iso3().to_owned(),
        indicator: cell.indicator.clone(),
        period: cell.period.text().to_owned(),
        dimensions: cell.codes.clone(),
        value: first.into_iter().chain(others).find_map(Value::count)?,
    })
}

/// Writes the release unless a check blocks it.
///
/// # Errors
/// When there is no manifest in `output/`, or writing fails.
pub fn release(root: &Path, ledger: &Ledger, register: &RegisterRelease) -> Result<Released> {
    let mut refused = super::manifest::differences(root)?;
    if refused.is_empty() {
        let unlike = unlike(root, register)?;
        refused.extend(unlike.into_iter().map(|path| format!("{path}: prints numbers that differ from the register")));
    }
    let known = ledger.releases().iter().find(|known| known.name == register.name);
    match known {
        Some(known) if known.figures == register.figures && known.definitions == register.definitions => {
            return Ok(Released { refused, ..Released::default() });
        }
        Some(known) => refused.push(format!("the release `{}` already exists, with other numbers", known.name)),
        None if register.figures.is_empty() => refused.push("there are no numbers of a register to release".to_owned()),
        None => {}
    }
    let path = if refused.is_empty() { Some(write(root, register)?) } else { None };
    Ok(Released { refused, exposed: Vec::new(), path })
}

/// Lists what a correction of earlier releases exposes, and writes it only if that is accepted.
///
/// # Errors
/// When writing fails.
pub fn correct(
    root: &Path,
    ledger: &Ledger,
    register: &RegisterRelease,
    threshold: i64,
    accepted: bool,
) -> Result<Released> {
    let exposed = exposed(register, ledger, threshold);
    let name = &register.name;
    if ledger.releases().iter().any(|known| known.name == *name) {
        let refused = vec![format!("the release `{name}` already exists; give the correction another name")];
        return Ok(Released { refused, exposed, path: None });
    }
    if !accepted {
        let refused =
            vec![format!("nothing is written yet; to write it, run `tipbrief release {name} --correct --yes`")];
        return Ok(Released { refused, exposed, path: None });
    }
    Ok(Released { refused: Vec::new(), exposed, path: Some(write(root, register)?) })
}

/// The ids of the figures whose released number changes by fewer than the threshold: such a change reveals few persons.
fn exposed(register: &RegisterRelease, ledger: &Ledger, threshold: i64) -> Vec<String> {
    let mut exposed = BTreeSet::new();
    let by_id: BTreeMap<&str, &PrintedNumber> =
        register.figures.iter().rev().map(|now| (now.id.as_str(), now)).collect();
    for before in ledger.binding().iter().flat_map(|earlier| &earlier.figures) {
        let now = by_id.get(before.id.as_str());
        if now.is_some_and(|now| now.value != before.value && (now.value - before.value).abs() < threshold) {
            exposed.insert(before.id.clone());
        }
    }
    exposed.into_iter().collect()
}

/// The countries whose `figures.json` in `output/` does not print the numbers of the release.
fn unlike(root: &Path, register: &RegisterRelease) -> Result<Vec<String>> {
    let countries: BTreeSet<&str> = register.figures.iter().map(|entry| entry.country.as_str()).collect();
    let mut unlike = Vec::new();
    for country in countries {
        let path = format!("output/{country}/figures.json");
        let bytes = fs::read(root.join(&path)).with_context(|| format!("cannot read `{path}`"))?;
        let printed: serde_json::Value = serde_json::from_slice(&bytes).with_context(|| format!("`{path}`"))?;
        let printed: BTreeMap<&str, Vec<Option<i64>>> = printed["figures"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|figure| {
                let others = figure["alternatives"].as_array().into_iter().flatten();
                let values = std::iter::once(figure).chain(others).map(|one| one["value"].as_i64()).collect();
                Some((figure["id"].as_str()?, values))
            })
            .collect();
        let own = register.figures.iter().filter(|entry| entry.country == country);
        let agrees = |entry: &PrintedNumber| {
            printed.get(entry.id.as_str()).is_some_and(|values| values.contains(&Some(entry.value)))
        };
        if !own.into_iter().all(agrees) {
            unlike.push(path);
        }
    }
    Ok(unlike)
}

/// Writes the release, whole or not at all; returns its path from the root.
fn write(root: &Path, register: &RegisterRelease) -> Result<PathBuf> {
    let folder = root.join("data/ledger");
    fs::create_dir_all(&folder).with_context(|| format!("cannot create `{}`", folder.display()))?;
    let mut json = serde_json::to_vec_pretty(register)?;
    json.push(b'\n');
    let (fresh, path) = (folder.join(".release.json"), folder.join(format!("{}.json", register.name)));
    write_new(&fresh, &json).with_context(|| format!("cannot write `{}`", fresh.display()))?;
    fs::rename(&fresh, &path).with_context(|| format!("cannot replace `{}`", path.display()))?;
    Ok(path)
}
