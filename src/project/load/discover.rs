//! Reads everything declared below `data/` and `templates/`, in the order in which one declaration needs another.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result};

use super::countries::{self, Places};
use super::entry::Root;
use super::faces::{defined, letters};
use super::printed;
use super::relate::{named_by, relate};
use super::report::is_name;
use super::schemas::schemas;
use super::sections;
use super::{DraftReason, Project, Report};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::project::format::{Format, Stated, stated};
use crate::project::ledger::Ledger;
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
    anyhow::ensure!(root.join("data").is_dir(), "there is no folder `data` in `{}`", root.display());
    let report = report(root, diagnostics)?;
    let folders = Root::of(root, report.format);
    templates(folders, &report, diagnostics);
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
    let mut texts = super::texts::texts(folders, &report, diagnostics)?;
    if report.approval.is_none() {
        // What is never printed needs no translation, and changes no document.
        texts.iter_mut().for_each(|text| text.forget(DraftReason::Unapproved.word()));
    }
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
    let visits = super::visits::read(root, diagnostics)?;
    let corrections = super::corrections::read(root, diagnostics)?;
    let (root, translations) = (root.to_owned(), Vec::new());
    let mut project = Project {
        root,
        report,
        schemas,
        sections,
        indicators,
        countries,
        texts,
        translations,
        ledger,
        mappings,
        visits,
        corrections,
    };
    complete(&mut project, diagnostics)?;
    Ok(project)
}

/// Translates the declarations, and checks what needs all of them.
fn complete(project: &mut Project, diagnostics: &mut Diagnostics) -> Result<()> {
    let carried = if project.texts.iter().skip(1).any(|text| text.carried) { carried_series()? } else { None };
    super::translations::translate(project, carried.as_ref(), diagnostics);
    super::publisher::relate(project, diagnostics);
    super::donors::relate(project, diagnostics);
    super::approval::relate(project, diagnostics);
    super::corrections::relate(project, diagnostics);
    letters(project, diagnostics);
    defined(project, diagnostics);
    Ok(())
}

/// The series that the program carries, in its default language and without countries: what carried catalogues translate.
pub(super) fn carried_series() -> Result<Option<Project>> {
    // The repository's own tests find its faults.
    let (root, found) = (Root::carried(), &mut Diagnostics::default());
    let source = root.read("data/report.toml", None, found)?;
    let Some(report) = Report::parse(&source, Format::PRESENT, found) else { return Ok(None) };
    let schemas = schemas(root, found)?;
    let (sections, indicators) = sections::read(root, &schemas, found)?;
    let default = report.languages.first().map_or("", |language| language.value.as_str());
    let source = root.read(&format!("data/text/{default}.toml"), None, found)?;
    let texts = Text::parse(default, &source, found).into_iter().collect();
    let (countries, translations, ledger, mappings) = (Vec::new(), Vec::new(), Ledger::default(), Vec::new());
    let (root, visits, corrections) = (root.path.to_owned(), Arc::default(), Vec::new());
    Ok(Some(Project {
        root,
        report,
        schemas,
        sections,
        indicators,
        countries,
        texts,
        translations,
        ledger,
        mappings,
        visits,
        corrections,
    }))
}

/// Reads `data/report.toml` alone.
pub(super) fn report(root: &Path, diagnostics: &mut Diagnostics) -> Result<Report> {
    let source = Root::of(root, Format::Whole).read_or_missing("data/report.toml", None, diagnostics)?;
    let report = match stated(&source) {
        Stated::Known(format) => Report::parse(&source, format, diagnostics),
        Stated::Unknown(fault) => {
            diagnostics.push(fault);
            Report::parse(&source, Format::PRESENT, diagnostics)
        }
        // What else a later program understands cannot be judged here.
        Stated::Newer(fault) => {
            diagnostics.push(fault);
            None
        }
    };
    let report = report.map_or_else(|| diagnostics.conclude(None), |report| Ok(Some(report)))?;
    report.context("data/report.toml cannot be read")
}

/// Reports documents without a template.
fn templates(root: Root<'_>, report: &Report, diagnostics: &mut Diagnostics) {
    for document in report.documents.iter().filter(|document| is_name(&document.id)) {
        let template = format!("templates/{}.typ", document.id);
        if !root.has(&template) {
            let message = format!("the document `{}` has no template `{template}`", document.id);
            diagnostics.push(Diagnostic::error(Code::UnknownName, document.span.clone(), message));
        }
    }
}
