//! Reads everything declared below `data/` and `templates/`, in the order in which one declaration needs another.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result};

use super::countries::{self, Places};
use super::entry::Root;
use super::faces::{defined, letters, unset};
use super::font_files::with_face;
use super::printed;
use super::relate::{named_by, relate};
use super::report::is_name;
use super::schemas::schemas;
use super::sections;
use super::{Project, Report};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::project::schema::StandsFor;
use crate::project::text::Text;

/// Which folders must exist.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Needed {
    /// The shared declarations, and the folder of the countries.
    Countries,
    /// The shared declarations alone.
    Declarations,
}

/// Reads a project, and reports every fault of its declarations.
pub(super) fn project(root: &Path, needed: Needed, diagnostics: &mut Diagnostics) -> Result<Project> {
    let folders = Root { path: root };
    anyhow::ensure!(root.join("data").is_dir(), "there is no folder `data` in `{}`", root.display());
    let report = report(folders, diagnostics)?;
    super::links::judge_templates(root, diagnostics).context("cannot read `templates/`")?;
    super::links::judge_data(root, diagnostics);
    super::moved::report(root, diagnostics);
    let mut schemas = schemas(folders, diagnostics)?;
    let (sections, indicators) = sections::read(folders, &schemas, diagnostics)?;
    for field in schemas
        .iter_mut()
        .flat_map(|schema| &mut schema.fields)
        .filter(|field| field.stands_for == Some(StandsFor::Section))
    {
        field.constraints.allowed = sections.iter().map(|section| section.id.clone()).collect();
    }
    relate(&indicators, &schemas, diagnostics);
    let texts = texts(folders, &report, diagnostics)?;
    super::named::catalogues(&texts, diagnostics);
    let sectioned = sections.iter().map(|section| section.id.as_str()).collect();
    let documents = report.documents.iter().map(|document| document.id.as_str()).collect();
    let places = Places { sections: sectioned, documents };
    let without_countries = needed == Needed::Declarations && countries::is_absent(folders);
    let countries =
        if without_countries { Vec::new() } else { countries::read(folders, &schemas, &places, diagnostics)? };
    countries.iter().for_each(|country| named_by(country, &indicators, diagnostics));
    countries.iter().for_each(|country| super::engines::relate(country, &schemas, diagnostics));
    let known = Arc::new(printed::known(&texts, &countries));
    printed::neighbours(&countries, &known, diagnostics);
    printed::equip(&mut schemas, &texts, &known);
    let ledger = super::ledger::read(root, diagnostics)?;
    super::ledger::lowered(report.base.as_ref(), &ledger, diagnostics);
    let mappings = super::imports::all(folders, &countries, &schemas)?;
    super::unnamed::report(folders, &countries, &mappings, diagnostics)?;
    let (root, translations) = (root.to_owned(), Vec::new());
    let mut project =
        Project { root, report, schemas, sections, indicators, countries, texts, translations, ledger, mappings };
    super::translations::translate(&mut project, diagnostics);
    super::publisher::relate(&mut project, diagnostics);
    super::donors::relate(&mut project, diagnostics);
    letters(&project, diagnostics);
    defined(&project, diagnostics);
    Ok(project)
}

fn report(root: Root<'_>, diagnostics: &mut Diagnostics) -> Result<Report> {
    let source = root.read_or_missing("data/report.toml", None, diagnostics)?;
    let report = Report::parse(&source, diagnostics);
    let report = report.map_or_else(|| diagnostics.conclude(None), |report| Ok(Some(report)))?;
    let report = report.context("data/report.toml cannot be read")?;
    for document in report.documents.iter().filter(|document| is_name(&document.id)) {
        let template = format!("templates/{}.typ", document.id);
        if !root.path.join(&template).is_file() {
            let message = format!("the document `{}` has no template `{template}`", document.id);
            diagnostics.push(Diagnostic::error(Code::UnknownName, document.span.clone(), message));
        }
    }
    Ok(report)
}

fn texts(root: Root<'_>, report: &Report, diagnostics: &mut Diagnostics) -> Result<Vec<Text>> {
    let mut texts = Vec::new();
    for language in report.languages.iter().filter(|language| is_name(&language.value)) {
        let path = format!("data/text/{}.toml", language.value);
        if let Some(fault) = unset(language) {
            diagnostics.push(fault);
        } else if root.path.join(&path).is_file() {
            let source = root.read_or_missing(&path, None, diagnostics)?;
            let text = Text::parse(&language.value, &source, diagnostics);
            texts.extend(text.map(|text| with_face(root.path, text, diagnostics)));
        } else {
            let message = format!("the language `{}` has no file `{path}`", language.value);
            diagnostics.push(Diagnostic::error(Code::UnknownName, language.span.clone(), message));
        }
    }
    Ok(texts)
}
