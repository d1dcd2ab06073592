//! `tipbrief` compiles tables about trafficking in persons into printable country briefs: CSV in, PDF out, and every
//! number on paper traced, checked and safe to publish.
//!
//! ```text
//! Source ─▶ RawTable ─▶ Dataset ─▶ Summary ─▶ Release ─▶ Outline ─▶ Figure ─▶ Document ─▶ files
//!         ingest     validate   summarise  protect   bind, outline  draw     typeset   publish
//! ```
//!
//! # The map
//!
//! | module | owns |
//! |---|---|
//! | [`diagnostic`] | where a fault is and how it is shown |
//! | [`period`], [`value`], [`parts`] | when something was counted, what a cell holds, which codes make up a whole |
//! | [`declaration`] | one file of TOML or JSON read key by key (**toml**, **jsonc-parser**) |
//! | [`iso3166`] | the codes of countries |
//! | [`schema`], [`country`], [`policy`], [`text`], [`indicator`], [`ledger`] | what is declared, and what was released |
//! | [`project`] | all declarations, discovered from folders and checked against each other |
//! | [`ingest`] | CSV bytes to columns with recoverable positions (**csv-core**) |
//! | [`validate`] | columns to typed tables, or every fault (**polars** begins) |
//! | [`summarise`] | tables to one summary per indicator, with lineage (**polars** ends) |
//! | [`protect`] | summaries to a release in which no cell discloses |
//! | [`attack`] | what an outsider can work out of printed sums, every answer proved in whole numbers |
//! | [`audit`] | anybody's published tables, attacked |
//! | [`record`], [`diff`] | an edition's figures as they were printed or may be; what differs between two, and why |
//! | [`revision`] | a revision of `data/`, taken out of Git (**git**) |
//! | [`bind`] | the prose held against the release (**typst-syntax**) |
//! | [`outline`] | what one document holds, its sources numbered |
//! | [`draw`] | released figures to SVG and alternative text (**plotters**) |
//! | [`trace`] | the numerals of a typeset document, held against what it was told (**lopdf**) |
//! | [`typeset`] | an outline and its figures to a PDF through the Typst command (**process**) |
//! | [`publish`] | files, data package, checksums in `output/` |
//! | [`init`] | an empty country, laid out |
//! | [`explain`] | where a number comes from, and where it is printed |
//!
//! # Invariants
//!
//! * Nothing after `validate` knows a line or a column, except as lineage it carries without reading; `bind` knows the
//!   places of prose, never of tables.
//! * No stage before `outline` knows a language.
//! * Nothing after `protect` can reach an unprotected number; there is no switch that turns protection off.
//! * Only `ingest`, `init`, `project`, `record`, `revision`, `typeset` and `publish` touch the disk; the stages between are pure.
//! * A build reads no history: the edition before this one is a copy under `data/`, hashed like every input.
//! * Only `publish` writes what is kept in `output/`, and it replaces a country's folder whole or not at all.
//! * Templates hold no arithmetic and no number formatting: they get formatted strings from a private view model.
//! * Nothing in `src/` names a country (but for the list of all codes), a language, a section or an indicator.

pub mod attack;
pub mod audit;
pub mod bind;
pub mod country;
pub mod declaration;
pub mod diagnostic;
pub mod diff;
pub mod draw;
pub mod explain;
pub mod indicator;
pub mod ingest;
pub mod init;
pub mod iso3166;
pub mod ledger;
pub mod outline;
pub mod parts;
pub mod period;
pub mod policy;
pub mod project;
pub mod protect;
pub mod publish;
pub mod record;
pub mod revision;
pub mod schema;
pub mod summarise;
pub mod text;
pub mod trace;
pub mod typeset;
pub mod validate;
pub mod value;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::Result;
use rayon::prelude::*;

use audit::{Audit, Request};
use bind::{Prose, bind};
use diagnostic::Diagnostics;
use diff::{Comparison, Difference, Side};
use draw::draw;
use ingest::{RawTable, ingest, ingest_file};
use outline::outline;
use project::Project;
use protect::{Discloses, Release, protect};
use publish::{Released, printed, publish, read_inputs, unchanged};
use record::{Record, Rows};
use revision::Revision;
use summarise::summarise;
use trace::trace;
use typeset::{Document, Typst, places, typeset, work_folder};
use validate::validate;

/// Takes a word on what is being done; the command line shows it.
pub type Progress<'p> = &'p (dyn Fn(Step<'_>) + Sync);

/// What is being done, and how far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step<'s> {
    /// What: `reading the tables`.
    pub message: &'s str,
    /// How many bytes are done, of how many; none where that is not known.
    pub bytes: Option<(u64, u64)>,
}

impl<'s> From<&'s str> for Step<'s> {
    fn from(message: &'s str) -> Self {
        Self { message, bytes: None }
    }
}

/// Compiles every document of the project, and returns the paths written.
///
/// A country with a fault keeps its previous output whole; the others are published.
///
/// # Errors
/// Faults in shared declarations, which are in `diagnostics`; or a failure of the world.
pub fn build(root: &Path, progress: Progress<'_>, diagnostics: &mut Diagnostics) -> Result<Vec<PathBuf>> {
    progress("reading the declarations".into());
    let project = Project::load(root, diagnostics)?;
    let release = release(&project, progress, diagnostics)?;
    let prose = bind(&project, &release, diagnostics);
    let changes = changes(&project, &release, diagnostics)?;
    let typst = Typst::find(root)?;
    let inputs = read_inputs(root)?;
    if let Some(paths) = unchanged(root, &inputs, &typst).filter(|_| !diagnostics.failed()) {
        progress("nothing has changed".into());
        return Ok(paths);
    }
    let fingerprint = inputs.fingerprint(&typst);
    let documents = documents(&project, &release, (&prose, &changes), &typst, &fingerprint, progress, diagnostics)?;
    let disclosing = publish::disclosing(&documents, &release, &project);
    if !disclosing.is_empty() {
        return Err(Discloses::Artefacts(disclosing).into());
    }
    progress("publishing".into());
    publish(&documents, &release, &project, &inputs, &typst)
}

/// Reports every fault of declarations, tables, summaries and prose; writes nothing and needs no Typst.
///
/// # Errors
/// [`diagnostic::Reported`] when there is one, or a failure of the world.
pub fn check(root: &Path, progress: Progress<'_>, diagnostics: &mut Diagnostics) -> Result<()> {
    let project = Project::read(root, diagnostics)?;
    // Tables can be judged by sound schemas only, and prose by sound indicators.
    diagnostics.conclude_below("data/schemas", ())?;
    let release = release(&project, progress, diagnostics)?;
    diagnostics.conclude_shared(())?;
    bind(&project, &release, diagnostics);
    changes(&project, &release, diagnostics)?;
    Ok(diagnostics.conclude(())?)
}

/// Lays out an empty country, for [`check`] to lead through. Returns the paths written.
///
/// # Errors
/// [`init::Exists`]; faults in shared declarations, which are in `diagnostics`; or a failure of the world.
pub fn init(root: &Path, iso3: &str, diagnostics: &mut Diagnostics) -> Result<Vec<PathBuf>> {
    init::init(&Project::load(root, diagnostics)?, iso3)
}

/// Attacks published tables, which are linked by the dimensions they share, and says what can be worked out of them.
///
/// # Errors
/// [`diagnostic::Reported`] when a file is no such table, or a failure of the world.
pub fn audit(root: &Path, files: &[PathBuf], request: &Request, diagnostics: &mut Diagnostics) -> Result<Audit> {
    let tables = files.iter().map(|file| ingest_file(root, file, diagnostics)).collect::<Result<Vec<_>>>()?;
    diagnostics.conclude(())?;
    let found = audit::audit(tables, request, diagnostics);
    Ok(diagnostics.conclude(found)?)
}

/// Says in what `output/` and the inputs differ from the manifest, a line each.
///
/// # Errors
/// When there is no manifest, or a failure of the world.
pub fn verify(root: &Path) -> Result<Vec<String>> {
    publish::differences(root)
}

/// Writes into the ledger what the documents in `output/` print of registers, after a passing audit and `verify`.
///
/// A correction prints the register's numbers in the place of those released before, whatever their difference tells.
///
/// # Errors
/// Faults, which are in `diagnostics`; what is already public discloses; or a failure of the world.
pub fn release_edition(
    root: &Path,
    name: &str,
    correct: bool,
    progress: Progress<'_>,
    diagnostics: &mut Diagnostics,
) -> Result<Released> {
    let mut project = Project::load(root, diagnostics)?;
    let before = std::mem::take(&mut project.ledger);
    if !correct {
        project.ledger = before;
        let release = release(&project, progress, diagnostics)?;
        diagnostics.conclude(())?;
        let edition = publish::edition(name, false, &release, &project);
        return publish::release(root, &project.ledger, &edition);
    }
    let release = release(&project, progress, diagnostics)?;
    diagnostics.conclude(())?;
    project.ledger = before;
    let edition = publish::edition(name, true, &release, &project);
    publish::correct(root, &project.ledger, &edition, project.report.policy.threshold_units())
}

/// Answers where a number comes from, and, where the documents in `output/` are those of this data, where it is printed.
///
/// # Errors
/// [`explain::Nothing`] when nothing answers, [`diagnostic::Reported`] for faults, or a failure of the world.
pub fn explain(
    root: &Path,
    query: &[String],
    progress: Progress<'_>,
    diagnostics: &mut Diagnostics,
) -> Result<explain::Answer> {
    let query = explain::Query::read(query)?;
    let project = Project::load(root, diagnostics)?;
    let release = release(&project, progress, diagnostics)?;
    let prose = bind(&project, &release, diagnostics);
    let mut answer = explain::explain(&project, &release, &prose, &query);
    let texts = ingest::texts(root, &project.countries, &explain::wanted_rows(&mut answer))?;
    explain::fill_rows(&mut answer, &texts);
    let countries: Vec<&str> = project.countries.iter().map(|country| country.iso3.as_str()).collect();
    if let Some(printed) = printed(root, &read_inputs(root)?, &countries)? {
        progress("finding the pages".into());
        let changes = changes(&project, &release, diagnostics)?;
        let pages = |country: &str, document: &str| pages(&project, &release, (&prose, &changes), country, document);
        explain::where_printed(&mut answer, query.numeral(), &printed, pages);
    }
    Ok(explain::or_nothing(answer, &release, &query)?)
}

/// The pages of each figure in one document; none where Typst cannot tell.
fn pages(
    project: &Project,
    release: &Release,
    (prose, changes): (&[Prose<'_>], &BTreeMap<String, Vec<Difference>>),
    country: &str,
    document: &str,
) -> Option<BTreeMap<String, BTreeSet<usize>>> {
    let mut editions = project.editions().filter(|edition| edition.country.iso3 == country);
    let edition = editions.find(|edition| document == format!("{}/{}.pdf", edition.text.language, edition.kind.id))?;
    let prose = prose.iter().find(|prose| prose.country.iso3 == country)?;
    let outline = outline(project, edition, release.country(country)?, prose, changes.get(country).map(Vec::as_slice));
    let figures = draw(&outline).ok()?;
    places(&outline, &figures, &Typst::find(&project.root).ok()?, &work_folder(&project.root)).ok()
}

/// Holds two editions against each other: output folders, or revisions of `data/` compiled as far as the release.
///
/// A country whose data has a fault in one of the two is not compared. The findings of each edition go to its own sink.
///
/// # Errors
/// [`diagnostic::Reported`] when faults leave nothing to compare, or a failure of the world.
pub fn diff(
    root: &Path,
    [old, new]: [&str; 2],
    progress: Progress<'_>,
    [of_old, of_new]: &mut [Diagnostics; 2],
) -> Result<Comparison> {
    let (old, before) = edition(root, old, progress, of_old)?;
    let (new, now) = edition(root, new, progress, of_new)?;
    let faulty = |country: &str| of_old.failed_in(country) || of_new.failed_in(country);
    let comparison = diff::compare((old, &before), (new, &now), &faulty);
    if let Some(comparison) = comparison {
        return Ok(comparison);
    }
    of_old.conclude(())?;
    of_new.conclude(())?;
    anyhow::bail!("there is no country in either edition")
}

/// An edition by its name: a folder, or else a revision.
fn edition(
    root: &Path,
    name: &str,
    progress: Progress<'_>,
    diagnostics: &mut Diagnostics,
) -> Result<(Side, Vec<Record>)> {
    let (folder, mut side) = (Path::new(name), Side { name: name.to_owned(), commit: None });
    if folder.join("data").is_dir() {
        return Ok((side, compiled(folder, progress, diagnostics)?));
    }
    if folder.is_dir() {
        return Ok((side, record::published(folder)?));
    }
    let revision = Revision::take(root, name)?;
    let mut records = compiled(revision.root(), progress, diagnostics)?;
    records.iter_mut().for_each(|record| record.without_registers = true);
    side.commit = Some(revision.commit.clone());
    Ok((side, records))
}

/// A project's figures as a build would publish them, with the rows behind them.
fn compiled(root: &Path, progress: Progress<'_>, diagnostics: &mut Diagnostics) -> Result<Vec<Record>> {
    let project = Project::load(root, diagnostics)?;
    let mut tables = tables(&project, progress, diagnostics)?;
    let rows: Vec<Rows> =
        project.countries.iter().map(|country| Rows::of(&country.iso3, &mut tables, &project.schemas)).collect();
    let release = released(&project, tables, progress, diagnostics)?;
    let records =
        project.countries.iter().zip(rows).filter_map(|(country, rows)| {
            Some(record::released(&project, release.country(&country.iso3)?, Some(rows)))
        });
    Ok(records.collect())
}

/// From the tables on disk to what may be printed.
fn release(project: &Project, progress: Progress<'_>, diagnostics: &mut Diagnostics) -> Result<Release> {
    let tables = tables(project, progress, diagnostics)?;
    released(project, tables, progress, diagnostics)
}

fn tables(project: &Project, progress: Progress<'_>, diagnostics: &mut Diagnostics) -> Result<Vec<RawTable>> {
    progress("reading the tables".into());
    let told = |done, total| progress(Step { message: "reading the tables", bytes: Some((done, total)) });
    ingest(&project.root, &project.countries, &told, diagnostics)
}

fn released(
    project: &Project,
    tables: Vec<RawTable>,
    progress: Progress<'_>,
    diagnostics: &mut Diagnostics,
) -> Result<Release> {
    progress("checking the tables".into());
    let dataset = validate(tables, &project.schemas, diagnostics)?;
    progress("summarising".into());
    let summaries = summarise(&dataset, &project.indicators, &project.schemas)?;
    Ok(protect(summaries, &project.indicators, &project.report.policy, &project.ledger)?)
}

/// What changed since the previous edition, for each country that it held; nothing where none is declared.
fn changes(
    project: &Project,
    release: &Release,
    diagnostics: &mut Diagnostics,
) -> Result<BTreeMap<String, Vec<Difference>>> {
    let previous = record::previous(project, diagnostics)?;
    diagnostics.conclude_shared(())?;
    let found = previous.iter().filter_map(|before| {
        let now = record::released(project, release.country(&before.country)?, None);
        Some((before.country.clone(), diff::differences(before, &now)))
    });
    Ok(found.collect())
}

/// Every document of every country without a fault, in parallel.
fn documents(
    project: &Project,
    release: &Release,
    (prose, changes): (&[Prose<'_>], &BTreeMap<String, Vec<Difference>>),
    typst: &Typst,
    fingerprint: &str,
    progress: Progress<'_>,
    diagnostics: &mut Diagnostics,
) -> Result<Vec<Document>> {
    let work = work_folder(&project.root);
    let sound: Vec<_> = project.editions().filter(|edition| !diagnostics.failed_in(&edition.country.iso3)).collect();
    let made: Vec<_> = sound
        .par_iter()
        .filter_map(|edition| {
            let released = release.country(&edition.country.iso3)?;
            let prose = prose.iter().find(|prose| prose.country.iso3 == edition.country.iso3)?;
            let outline =
                outline(project, *edition, released, prose, changes.get(&edition.country.iso3).map(Vec::as_slice));
            let mut found = Diagnostics::default();
            let document = draw(&outline)
                .and_then(|figures| typeset(&outline, figures, typst, &work, fingerprint, &mut found))
                .and_then(|document| document.map_or(Ok(None), |document| trace(document, &mut found)));
            let made = format!("{} {} {}", edition.country.iso3, edition.text.language, edition.kind.id);
            progress(made.as_str().into());
            Some((document, found))
        })
        .collect();
    let mut documents = Vec::new();
    for (document, found) in made {
        diagnostics.absorb(found);
        documents.extend(document?);
    }
    Ok(documents)
}
