//! Walks `data/` and `templates/` and reads what stands there; what stands in the wrong place is a fault.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result};

use super::faces::{defined, letters, unset, with_face};
use super::links::{followed, judge_templates, unsafe_path};
use super::printed;
use super::relate::{breaks, relate};
use super::report::is_name;
use super::table_files::{stem, table_file, twice_kept};
use super::unwritten::{is_unwritten, unwritten};
use super::{Project, Report, Section};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Source, Span};
use crate::project::country::{Country, Narrative};
use crate::project::declaration::Declaration;
use crate::project::indicator::Indicator;
use crate::project::iso3166;
use crate::project::schema::{self, Schema, StandsFor};
use crate::project::text::Text;

pub(super) fn project(root: &Path, diagnostics: &mut Diagnostics) -> Result<Project> {
    let walk = Walk { root };
    anyhow::ensure!(root.join("data").is_dir(), "there is no folder `data` in `{}`", root.display());
    let report = walk.report(diagnostics)?;
    judge_templates(root, diagnostics).context("cannot read `templates/`")?;
    super::moved::report(root, diagnostics);
    let mut schemas = walk.schemas(diagnostics)?;
    let (sections, indicators) = walk.indicators(&schemas, diagnostics)?;
    for field in schemas
        .iter_mut()
        .flat_map(|schema| &mut schema.fields)
        .filter(|field| field.stands_for == Some(StandsFor::Section))
    {
        field.constraints.allowed = sections.iter().map(|section| section.id.clone()).collect();
    }
    relate(&indicators, &schemas, diagnostics);
    let texts = walk.texts(&report, diagnostics)?;
    super::named::catalogues(&texts, diagnostics);
    let sectioned = sections.iter().map(|section| section.id.as_str()).collect();
    let documents = report.documents.iter().map(|document| document.id.as_str()).collect();
    let places = Places { sections: sectioned, documents };
    let countries = walk.countries(&schemas, &places, diagnostics)?;
    countries.iter().for_each(|country| breaks(country, &indicators, diagnostics));
    let known = Arc::new(printed::known(&texts, &countries));
    printed::neighbours(&countries, &known, diagnostics);
    printed::tell(&mut schemas, &texts, &known);
    let ledger = super::ledger::read(root, diagnostics)?;
    let (root, tongues) = (root.to_owned(), Vec::new());
    let mut project = Project { root, report, schemas, sections, indicators, countries, texts, tongues, ledger };
    super::tongues::translate(&mut project, diagnostics);
    super::donors::relate(&mut project, diagnostics);
    letters(&project, diagnostics);
    defined(&project, diagnostics);
    Ok(project)
}

struct Walk<'r> {
    root: &'r Path,
}

/// What a file of prose may be named after.
struct Places<'p> {
    sections: Vec<&'p str>,
    documents: Vec<&'p str>,
}

impl<'p> Places<'p> {
    fn all(&self) -> impl Iterator<Item = &'p str> {
        self.sections.iter().chain(&self.documents).copied()
    }
}

/// A folder's entry: its name, and whether it is a folder.
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) folder: bool,
}

impl Walk<'_> {
    fn report(&self, diagnostics: &mut Diagnostics) -> Result<Report> {
        let source = self.read_or_missing("data/report.toml", None, diagnostics)?;
        let report = Report::parse(&source, diagnostics);
        let report = report.map_or_else(|| diagnostics.conclude(None), |report| Ok(Some(report)))?;
        let report = report.context("data/report.toml cannot be read")?;
        for document in report.documents.iter().filter(|document| is_name(&document.id)) {
            let template = format!("templates/{}.typ", document.id);
            if !self.root.join(&template).is_file() {
                let message = format!("the document `{}` has no template `{template}`", document.id);
                diagnostics.push(Diagnostic::error(Code::UnknownName, document.span.clone(), message));
            }
        }
        Ok(report)
    }

    fn schemas(&self, diagnostics: &mut Diagnostics) -> Result<Vec<Schema>> {
        let mut schemas = Vec::new();
        for entry in self.list("data/schemas", diagnostics)? {
            let path = format!("data/schemas/{}", entry.name);
            match entry.name.strip_suffix(".json") {
                Some(name) if !entry.folder => {
                    let source = self.read(&path, None, diagnostics)?;
                    schemas.push(Schema::parse(name, &source, diagnostics));
                }
                _ => misplaced(&path, None, "a schema `<table>.json`", diagnostics),
            }
        }
        schema::relate(&schemas, diagnostics);
        Ok(schemas)
    }

    fn indicators(&self, schemas: &[Schema], diagnostics: &mut Diagnostics) -> Result<(Vec<Section>, Vec<Indicator>)> {
        let (mut sections, mut indicators) = (Vec::new(), Vec::<Indicator>::new());
        for folder in self.list("data/indicators", diagnostics)? {
            let base = format!("data/indicators/{}", folder.name);
            if !folder.folder {
                misplaced(&base, None, "a section's folder", diagnostics);
                continue;
            }
            sections.push(self.section(&folder.name, diagnostics)?);
            for file in self.list(&base, diagnostics)?.into_iter().filter(|file| file.name != "section.toml") {
                let path = format!("{base}/{}", file.name);
                let Some(id) = file.name.strip_suffix(".toml") else {
                    misplaced(&path, None, "an indicator `<id>.toml`", diagnostics);
                    continue;
                };
                let source = self.read(&path, None, diagnostics)?;
                indicators.push(Indicator::parse((&folder.name, id), &source, schemas, diagnostics));
            }
        }
        sections.sort_by(|a, b| (a.order, &a.id).cmp(&(b.order, &b.id)));
        let place = |id: &str| sections.iter().position(|section| section.id == id);
        indicators.sort_by_key(|indicator| (place(&indicator.section), indicator.order, indicator.id.clone()));
        Ok((sections, indicators))
    }

    fn section(&self, id: &str, diagnostics: &mut Diagnostics) -> Result<Section> {
        let source = self.read_or_missing(&format!("data/indicators/{id}/section.toml"), None, diagnostics)?;
        let mut file = Declaration::parse(&source, diagnostics);
        let title = file.required_text("title").value;
        let order = file.integer("order").map_or(i64::MAX, |order| order.value);
        file.finish();
        Ok(Section { id: id.to_owned(), title, order })
    }

    fn texts(&self, report: &Report, diagnostics: &mut Diagnostics) -> Result<Vec<Text>> {
        let mut texts = Vec::new();
        for language in report.languages.iter().filter(|language| is_name(&language.value)) {
            let path = format!("data/text/{}.toml", language.value);
            if let Some(fault) = unset(language) {
                diagnostics.push(fault);
            } else if self.root.join(&path).is_file() {
                let source = self.read_or_missing(&path, None, diagnostics)?;
                let text = Text::parse(&language.value, &source, diagnostics);
                texts.extend(text.map(|text| with_face(self.root, text, diagnostics)));
            } else {
                let message = format!("the language `{}` has no file `{path}`", language.value);
                diagnostics.push(Diagnostic::error(Code::UnknownName, language.span.clone(), message));
            }
        }
        Ok(texts)
    }

    fn countries(
        &self,
        schemas: &[Schema],
        places: &Places<'_>,
        diagnostics: &mut Diagnostics,
    ) -> Result<Vec<Country>> {
        let mut countries = Vec::new();
        for entry in self.list("data/countries", diagnostics)? {
            let base = format!("data/countries/{}", entry.name);
            if entry.folder && iso3166::is_country(&entry.name) {
                countries.push(self.country(&entry.name, &base, schemas, places, diagnostics)?);
            } else {
                misplaced(&base, None, "a folder named by an ISO 3166-1 alpha-3 code", diagnostics);
            }
        }
        Ok(countries)
    }

    fn country(
        &self,
        iso3: &str,
        base: &str,
        schemas: &[Schema],
        places: &Places<'_>,
        diagnostics: &mut Diagnostics,
    ) -> Result<Country> {
        let source = self.read_or_missing(&format!("{base}/country.toml"), Some(iso3), diagnostics)?;
        let mut country = Country::parse(iso3, &source, diagnostics);
        let entries = self.list(base, diagnostics)?;
        if !entries.iter().any(|entry| !entry.folder && stem(&entry.name) == Some("sources")) {
            self.read_or_missing(&format!("{base}/sources.csv"), Some(iso3), diagnostics)?;
        }
        for entry in entries {
            let path = format!("{base}/{}", entry.name);
            match entry.name.as_str() {
                "country.toml" => {}
                "narrative" if entry.folder => {
                    country.narratives = self.narratives(iso3, &path, places, diagnostics)?;
                }
                "register" if entry.folder => {
                    for file in self.list(&path, diagnostics)? {
                        let path = format!("{path}/{}", file.name);
                        country.tables.extend(table_file(&file, path, true, iso3, schemas, diagnostics));
                    }
                }
                _ => country.tables.extend(table_file(&entry, path, false, iso3, schemas, diagnostics)),
            }
        }
        twice_kept(&country, diagnostics);
        Ok(country)
    }

    fn narratives(
        &self,
        iso3: &str,
        base: &str,
        places: &Places<'_>,
        diagnostics: &mut Diagnostics,
    ) -> Result<Vec<Narrative>> {
        let mut narratives = Vec::new();
        for language in self.list(base, diagnostics)? {
            let folder = format!("{base}/{}", language.name);
            if !language.folder {
                misplaced(&folder, Some(iso3), "a folder named by a language", diagnostics);
                continue;
            }
            for file in self.list(&folder, diagnostics)? {
                let path = format!("{folder}/{}", file.name);
                let place = file.name.strip_suffix(".typ").filter(|stem| places.all().any(|place| place == *stem));
                let Some(place) = place else {
                    // A report that could not be read names no document; that was told.
                    if places.documents.is_empty() && diagnostics.failed() {
                        continue;
                    }
                    let names: Vec<&str> = places.all().collect();
                    let wanted = format!("prose for one of: {} (as `<name>.typ`)", names.join(", "));
                    misplaced(&path, Some(iso3), &wanted, diagnostics);
                    continue;
                };
                let source = self.text(&path, Some(iso3), diagnostics)?;
                if is_unwritten(&source) {
                    diagnostics.push(unwritten(place, places.documents.contains(&place), &source));
                    continue;
                }
                narratives.push(Narrative { language: language.name.clone(), place: place.to_owned(), source });
            }
        }
        Ok(narratives)
    }

    /// The entries of a folder by name; hidden files are nobody's, nor are those with which spreadsheets mark what is open.
    fn list(&self, path: &str, diagnostics: &mut Diagnostics) -> Result<Vec<Entry>> {
        let mut entries = Vec::new();
        let folder = self.root.join(path);
        if !folder.is_dir() {
            let fault =
                Diagnostic::error(Code::MissingTable, Span::start_of(&empty(path, None)), "the folder is missing");
            diagnostics.push(fault);
            return Ok(entries);
        }
        for entry in fs::read_dir(&folder).with_context(|| format!("cannot read the folder `{path}`"))? {
            let entry = entry.with_context(|| format!("cannot read the folder `{path}`"))?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.starts_with('.') || name.starts_with("~$") {
                continue;
            }
            let inside = format!("{path}/{name}");
            match followed(self.root, &inside) {
                Ok(folder) => entries.push(Entry { name, folder }),
                Err(why) => unsafe_path(&inside, why, diagnostics),
            }
        }
        entries.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(entries)
    }

    /// Reads a declaration; one that is empty or no UTF-8 text is reported.
    fn read(&self, path: &str, country: Option<&str>, diagnostics: &mut Diagnostics) -> Result<Arc<Source>> {
        let source = self.text(path, country, diagnostics)?;
        if source.bytes.is_empty() {
            diagnostics.push(Diagnostic::error(Code::SourceError, Span::start_of(&source), "the file is empty"));
        }
        Ok(source)
    }

    /// Reads text, which may be empty; what is no UTF-8 is reported.
    fn text(&self, path: &str, country: Option<&str>, diagnostics: &mut Diagnostics) -> Result<Arc<Source>> {
        let bytes = fs::read(self.root.join(path)).with_context(|| format!("cannot read `{path}`"))?;
        let source = Arc::new(Source::new(path, bytes).of_country(country));
        if let Err(error) = std::str::from_utf8(&source.bytes) {
            let at = error.valid_up_to();
            let fault =
                Diagnostic::error(Code::EncodingError, Span::new(&source, at..at + 1), "this is not UTF-8 text");
            diagnostics.push(fault.hint("save the file as UTF-8"));
        }
        Ok(source)
    }

    fn read_or_missing(&self, path: &str, country: Option<&str>, diagnostics: &mut Diagnostics) -> Result<Arc<Source>> {
        let there = self.root.join(path).exists();
        if let Some(why) = followed(self.root, path).err().filter(|_| there) {
            unsafe_path(path, why, diagnostics);
            return Ok(empty(path, country));
        }
        let source = if there { self.text(path, country, diagnostics)? } else { empty(path, country) };
        if !source.bytes.is_empty() {
            return Ok(source);
        }
        let name = path.rsplit('/').next().unwrap_or(path);
        let message = format!("`{name}` is missing or empty");
        let fault = Diagnostic::error(Code::MissingTable, Span::start_of(&source), message);
        diagnostics.push(fault.hint(format!("create `{path}`; every folder of this kind needs one")));
        Ok(source)
    }
}

fn misplaced(path: &str, country: Option<&str>, wanted: &str, diagnostics: &mut Diagnostics) {
    let message = format!("`{}` stands where {wanted} is expected", path.rsplit('/').next().unwrap_or(path));
    diagnostics.push(Diagnostic::error(Code::NameMismatch, Span::start_of(&empty(path, country)), message));
}

pub(super) fn empty(path: &str, country: Option<&str>) -> Arc<Source> {
    Arc::new(Source::new(path, Vec::new()).of_country(country))
}
