//! A record read from published files: an output folder, or a snapshot, which is a kept copy of one.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use serde::{Deserialize, Serialize};

use super::{Alternative, Definition, Figure, Record};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Source, Span};
use crate::disclosure::protect::Status;
use crate::project::ledger::RegisterRelease;
use crate::project::{Project, SNAPSHOTS, follow, holds_old_snapshots, unsafe_path};
use crate::tables::ingest::is_line_of_mapping;
use crate::value::period::Period;
use crate::value::{Qualifier, Value};

const FIGURES: &str = "figures.json";
const PACKAGE: &str = "tables/datapackage.json";

/// What a snapshot holds of a country.
pub const FILES: [&str; 2] = [FIGURES, PACKAGE];

/// What the id of a change or of a share holds.
const RELATIVE: [&str; 2] = [":change=", ":share="];

#[derive(Deserialize)]
struct File {
    country: String,
    figures: Vec<Written>,
}

/// A figure as it is written in a file.
#[derive(Serialize, Deserialize)]
pub(super) struct Written {
    pub(super) id: String,
    pub(super) indicator: String,
    pub(super) period: String,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) dimensions: BTreeMap<String, String>,
    pub(super) value: serde_json::Value,
    pub(super) unit: String,
    pub(super) qualifier: String,
    pub(super) status: String,
    pub(super) rule: String,
    pub(super) sources: Vec<String>,
    pub(super) contested: bool,
    pub(super) alternatives: Vec<WrittenAlternative>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) rows: Option<Vec<String>>,
}

/// Another value of it.
#[derive(Serialize, Deserialize)]
pub(super) struct WrittenAlternative {
    pub(super) value: serde_json::Value,
    pub(super) qualifier: String,
    pub(super) sources: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) rows: Vec<String>,
}

#[derive(Deserialize)]
struct Package {
    resources: Vec<Resource>,
}

#[derive(Deserialize)]
struct Resource {
    name: String,
    title: String,
    #[serde(default)]
    description: String,
    schema: Fields,
}

#[derive(Deserialize)]
struct Fields {
    fields: Vec<Field>,
}

#[derive(Deserialize)]
struct Field {
    name: String,
}

/// What an output folder holds, country by country.
///
/// # Errors
/// When it holds no country's `figures.json`, or one that cannot be read.
pub fn published(folder: &Path) -> Result<Vec<Record>> {
    let context = || format!("cannot read the folder `{}`", folder.display());
    let mut countries = Vec::new();
    for entry in fs::read_dir(folder).with_context(context)? {
        let path = entry.with_context(context)?.path();
        if path.join(FIGURES).is_file() {
            countries.push(path);
        }
    }
    countries.sort();
    ensure!(
        !countries.is_empty(),
        "no `<country>/{FIGURES}` stands in `{}`; name an output folder that a build wrote",
        folder.display()
    );
    countries.iter().map(|country| on_disk(country)).collect()
}

fn on_disk(country: &Path) -> Result<Record> {
    let read = |name: &str| {
        let path = country.join(name);
        fs::read(&path).with_context(|| format!("cannot read `{}`", path.display()))
    };
    let figures = read(FIGURES)?;
    let package = if country.join(PACKAGE).is_file() { Some(read(PACKAGE)?) } else { None };
    let record = record(&figures, package.as_deref());
    record.map_err(|wrong| anyhow::anyhow!("`{}`: {}", country.join(wrong.file).display(), wrong.why))
}

/// The record in a text of the shape of `figures.json`.
///
/// # Errors
/// Why no build wrote it.
pub fn read(figures: &[u8]) -> Result<Record, String> {
    record(figures, None).map_err(|wrong| wrong.why)
}

/// The previous snapshot that the project declares, for the countries that it holds: `data/snapshots/<name>/<country>/`, whose
/// files are an output folder's. They are under `data/`, and so among the inputs whose checksums a build records.
///
/// # Errors
/// When a file cannot be read; a fault of the declaration or of a file is in `diagnostics`.
pub fn previous(project: &Project, diagnostics: &mut Diagnostics) -> Result<Vec<Record>> {
    let Some(name) = &project.report.previous else { return Ok(Vec::new()) };
    let base = format!("{SNAPSHOTS}/{}", name.value);
    if name.value.is_empty() || !project.root.join(&base).is_dir() {
        if holds_old_snapshots(&project.root) {
            return Ok(Vec::new());
        }
        let message = format!("the previous snapshot `{}` has no folder `{base}`", name.value);
        let fault = Diagnostic::error(Code::UnknownName, name.span.clone(), message);
        diagnostics.push(fault.hint(format!("`tipbrief keep {}` copies `output/` there", name.value)));
        return Ok(Vec::new());
    }
    let mut records = Vec::new();
    for country in &project.countries {
        let folder = format!("{base}/{}", country.iso3);
        if !project.root.join(&folder).is_dir() {
            continue;
        }
        if is_refused(&project.root, &folder, diagnostics) {
            continue;
        }
        let figures = kept(project, &country.iso3, &format!("{folder}/{FIGURES}"))?;
        let package = kept(project, &country.iso3, &format!("{folder}/{PACKAGE}"))?;
        match record(&figures.bytes, Some(&package.bytes[..]).filter(|bytes| !bytes.is_empty())) {
            Ok(record) if record.country == country.iso3 => {
                drafts(&record, &figures, project, diagnostics);
                records.push(record);
            }
            Ok(record) => {
                let message = format!("these are figures of `{}`, not of `{}`", record.country, country.iso3);
                diagnostics.push(Diagnostic::error(Code::NameMismatch, Span::start_of(&figures), message));
            }
            Err(wrong) => {
                let source = if wrong.file == FIGURES { &figures } else { &package };
                diagnostics.push(wrong.fault(source));
            }
        }
    }
    Ok(records)
}

/// Whether a country's folder in `output/` holds a number of a register that is in no release.
///
/// # Errors
/// When it cannot be read.
pub fn holds_unreleased(project: &Project, country: &Path) -> Result<bool> {
    Ok(!unreleased(&on_disk(country)?, project).is_empty())
}

/// The figures with a number of a register that is in no release.
fn unreleased<'r>(record: &'r Record, project: &Project) -> Vec<&'r Figure> {
    let releases = project.ledger.releases().iter();
    let entries: BTreeSet<(&str, i64)> = releases.flat_map(RegisterRelease::printed).collect();
    let released = |figure: &&Figure| {
        let value = figure.value.as_ref().and_then(Value::count);
        value.is_none_or(|value| entries.contains(&(figure.id.as_str(), value)))
    };
    let own = record.figures.values().filter(|figure| figure.register && !figure.relative);
    own.filter(|figure| !released(figure)).collect()
}

/// Reports numbers of a register that are in a snapshot but in no release: the snapshot is of a draft.
fn drafts(record: &Record, file: &Arc<Source>, project: &Project, diagnostics: &mut Diagnostics) {
    for figure in unreleased(record, project) {
        let why = format!("`{}` of a register was not released", figure.id);
        let place = place_of(&file.bytes, &format!("\"{}\"", figure.id));
        let wrong = Wrong { file: FIGURES, why, place };
        diagnostics.push(wrong.unfit(file, "keep a snapshot after `tipbrief release`, not of a draft"));
    }
}

/// Whether a link keeps the files of a snapshot's country from being read, which is reported. A file may be missing.
fn is_refused(root: &Path, folder: &str, diagnostics: &mut Diagnostics) -> bool {
    let paths = [folder.to_owned(), format!("{folder}/{FIGURES}"), format!("{folder}/{PACKAGE}")];
    let there = paths.into_iter().filter(|path| root.join(path).symlink_metadata().is_ok());
    let refused = there.into_iter().find_map(|path| follow(root, &path).err().map(|why| (path, why)));
    if let Some((path, why)) = &refused {
        unsafe_path(root, path, why, diagnostics);
    }
    refused.is_some()
}

/// A file of the previous snapshot; empty if missing.
fn kept(project: &Project, country: &str, path: &str) -> Result<Arc<Source>> {
    let place = project.root.join(path);
    let bytes =
        if place.is_file() { fs::read(&place).with_context(|| format!("cannot read `{path}`"))? } else { Vec::new() };
    Ok(Arc::new(Source::new(path, bytes).of_country(Some(country))))
}

/// What is wrong with a file, and where in it.
pub(super) struct Wrong {
    file: &'static str,
    pub(super) why: String,
    place: (usize, usize),
}

impl Wrong {
    fn json(file: &'static str, error: serde_json::Error) -> Self {
        Self { file, place: (error.line(), error.column()), why: format!("no build wrote this file: {error}") }
    }

    fn fault(self, source: &Arc<Source>) -> Diagnostic {
        self.unfit(source, "copy the file unchanged from the output folder of that build")
    }

    fn unfit(self, source: &Arc<Source>, hint: &str) -> Diagnostic {
        let (line, column) = self.place;
        let before = source.bytes.split_inclusive(|byte| *byte == b'\n').take(line.saturating_sub(1));
        let at = before.map(<[u8]>::len).sum::<usize>() + column.saturating_sub(1);
        let fault = Diagnostic::error(Code::SyntaxError, Span::new(source, at..at + 1), self.why);
        fault.hint(hint)
    }
}

pub(super) fn record(figures: &[u8], package: Option<&[u8]>) -> Result<Record, Wrong> {
    let file: File = serde_json::from_slice(figures).map_err(|error| Wrong::json(FIGURES, error))?;
    let mut record = Record { country: file.country, with_prose: true, ..Record::default() };
    let mut units = BTreeMap::new();
    for written in file.figures {
        let id = written.id.clone();
        let figure = figure(written).map_err(|why| Wrong {
            file: FIGURES,
            why: format!("`{id}` is not a figure that tipbrief writes: {why}"),
            place: place_of(figures, &id),
        })?;
        if !figure.relative {
            units.insert(figure.indicator.clone(), figure.unit.clone());
        }
        record.figures.insert(id, figure);
    }
    let package: Option<Package> =
        package.map(serde_json::from_slice).transpose().map_err(|error| Wrong::json(PACKAGE, error))?;
    record.definitions =
        package.into_iter().flat_map(|package| package.resources).map(|r| definition(r, &units)).collect();
    Ok(record)
}

/// Line and column of the words in a file.
fn place_of(bytes: &[u8], words: &str) -> (usize, usize) {
    let at = memchr::memmem::find(bytes, words.as_bytes()).unwrap_or(0);
    let start = memchr::memrchr(b'\n', &bytes[..at]).map_or(0, |end| end + 1);
    (memchr::memchr_iter(b'\n', &bytes[..at]).count() + 1, at - start + 1)
}

fn definition(resource: Resource, units: &BTreeMap<String, String>) -> (String, Definition) {
    let fields = resource.schema.fields.into_iter().map(|field| field.name);
    // The dimensions stand between the period and the value.
    let dimensions: Vec<String> = fields.skip(1).take_while(|name| name != "value").collect();
    let mut keys = BTreeMap::from([("description", resource.description), ("dimensions", dimensions.join(", "))]);
    keys.extend(units.get(&resource.name).map(|unit| ("unit", unit.clone())));
    (resource.name, Definition { title: resource.title, keys })
}

fn figure(written: Written) -> Result<Figure, String> {
    let value = if written.value.is_null() { None } else { Some(value(&written.value)?) };
    let mut rows = written.rows.clone().unwrap_or_default();
    let mut alternatives = Vec::new();
    for other in written.alternatives {
        rows.extend(other.rows);
        let (value, qualifier) = (self::value(&other.value)?, Qualifier::read(&other.qualifier));
        alternatives.push(Alternative { value, qualifier, sources: other.sources });
    }
    rows.retain(|row| !is_line_of_mapping(row));
    Ok(Figure {
        period: Period::parse(&written.period)?,
        status: Status::read(&written.status).ok_or_else(|| format!("`{}` is not a status", written.status))?,
        qualifier: Qualifier::read(&written.qualifier),
        register: written.rows.is_none(),
        relative: RELATIVE.iter().any(|mark| written.id.contains(mark)),
        id: written.id,
        indicator: written.indicator,
        codes: written.dimensions,
        value,
        unit: written.unit,
        rule: written.rule,
        sources: written.sources,
        contested: written.contested,
        alternatives,
        rows,
    })
}

fn value(json: &serde_json::Value) -> Result<Value, String> {
    match (json, json.as_i64()) {
        (_, Some(count)) => Ok(Value::Count(count)),
        (serde_json::Value::Number(number), None) => Ok(Value::Decimal(number.to_string())),
        (serde_json::Value::String(code), None) => Ok(Value::Code(code.clone())),
        _ => Err(format!("`{json}` is not a value")),
    }
}
