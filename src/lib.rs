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
//! | [`bug`] | a panic, caught at the edge of its country and told by its place alone |
//! | [`diagnostic`] | where a fault is and how it is shown |
//! | [`period`], [`value`], [`parts`] | when something was counted, what a cell holds, which codes make up a whole |
//! | [`face`] | the faces that text is set in (**dejavu**, **ttf-parser**, **typst-assets**) |
//! | [`declaration`] | one file of TOML or JSON read key by key (**toml**, **jsonc-parser**) |
//! | [`iso3166`] | the codes of countries |
//! | [`schema`], [`country`], [`policy`], [`text`], [`indicator`], [`donor`], [`ledger`] | what is declared, and what was released |
//! | [`project`] | all declarations, discovered from folders and checked against each other |
//! | [`ingest`] | CSV bytes to columns with recoverable positions (**csv-core**) |
//! | [`validate`] | columns to typed tables, or every fault (**polars** begins) |
//! | [`summarise`] | tables to one summary per indicator, with lineage (**polars** ends) |
//! | [`protect`] | summaries to a release in which no cell discloses |
//! | [`attack`] | what an outsider can work out of printed sums, every answer proved in whole numbers |
//! | [`mod@audit`] | anybody's published tables, attacked |
//! | [`record`], [`mod@diff`] | an edition's figures as they were printed or may be; what differs between two, and why |
//! | `stages` | from the tables on disk to what may be printed, for every command |
//! | [`revision`] | a revision of `data/`, taken out of Git, and registers kept out of it (**git**) |
//! | [`mod@bind`] | the prose held against the release (**typst-syntax**) |
//! | [`outline`] | what one document holds, its sources numbered |
//! | [`draw`] | released figures to SVG and alternative text (**plotters**) |
//! | [`trace`] | the numerals of a typeset document, held against what it was told (**lopdf**) |
//! | [`typeset`] | an outline and its figures to a PDF through the Typst command, confined (**process**, **landlock**) |
//! | [`mod@publish`] | files, data package, checksums in `output/`, and how one whole set follows another |
//! | [`build`](mod@build) | every country made whole, and no failure of one that stops another |
//! | [`send`](mod@send) | to each donor by mail what is its own, and the journal of what went to whom (**lettre**) |
//! | [`summary`], [`watch`], [`progress`] | what a build did, for the page of a job; whether anything was saved; how far it is |
//! | [`mod@init`] | an empty country, laid out |
//! | [`mod@explain`] | where a number comes from, and where it is printed |
//!
//! # Invariants
//!
//! * Nothing after `validate` knows a line or a column, except as lineage it carries without reading; `bind` knows the
//!   places of prose, never of tables.
//! * No stage before `outline` knows a language.
//! * Nothing after `protect` can reach an unprotected number; there is no switch that turns protection off.
//! * Only `ingest`, `init`, `project`, `record`, `revision`, `send`, `summary`, `typeset`, `watch` and `publish` touch the disk;
//!   the stages between are pure. Only `send` reaches a network.
//! * A build reads no history: the edition before this one is a copy under `data/`, hashed like every input.
//! * Only `publish` writes what is kept in `output/`, and it replaces a country's folder whole or not at all.
//! * Templates hold no arithmetic and no number formatting: they get formatted strings from a private view model.
//! * A panic stops one country where a stage works country by country, else the run; it is told by its place, never by its
//!   words, which may quote a register.
//! * Nothing in `src/` names a country (but for the list of all codes), a language, a section or an indicator.

pub mod attack;
pub mod audit;
pub mod bind;
pub mod bug;
pub mod build;
pub mod country;
pub mod declaration;
pub mod diagnostic;
pub mod diff;
pub mod donor;
pub mod draw;
pub mod explain;
pub mod face;
pub mod indicator;
pub mod ingest;
pub mod init;
pub mod iso3166;
pub mod ledger;
pub mod outline;
pub mod parts;
pub mod period;
pub mod policy;
// The whole program, for tests that plant a bug in it.
#[cfg(test)]
#[allow(dead_code)]
#[path = "main.rs"]
mod program;
pub mod progress;
pub mod project;
pub mod protect;
pub mod publish;
pub mod record;
pub mod revision;
pub mod schema;
pub mod send;
mod stages;
pub mod summarise;
pub mod summary;
pub mod text;
pub mod trace;
pub mod typeset;
pub mod validate;
pub mod value;
pub mod watch;

#[cfg(test)]
extern crate self as tipbrief;

use std::path::{Path, PathBuf};

use anyhow::Result;

pub use build::Built;
pub use progress::{Progress, Step};

use audit::{Audit, Request};
use bind::bind;
use build::{Look, Making, Tools, changes};
use diagnostic::Diagnostics;
use diff::{Comparison, Side};
use ingest::ingest_file;
use project::Project;
use publish::{Released, Workplace, printed, publish, quiet, read_inputs, unchanged};
use record::{Record, Rows};
use revision::Revision;
use send::{Sent, Tell};
use stages::{release, released, tables};
use typeset::{Press, Templates};

/// How often a build begins anew because its inputs changed while it read them.
const ATTEMPTS: usize = 5;

/// Compiles every document of the project.
///
/// A country with a fault, or that the machine fails, keeps its previous output whole; the others are published. Donors get
/// their copies of it, all of them or none; or only one gets its own anew.
///
/// # Errors
/// Faults in shared declarations, which are in `diagnostics`; or a failure of the world that no country escapes.
pub fn build(root: &Path, donor: Option<&str>, progress: Progress<'_>, diagnostics: &mut Diagnostics) -> Result<Built> {
    for _ in 0..ATTEMPTS {
        let mut found = Diagnostics::default();
        let built = build_once(root, donor, progress, &mut found);
        if !matches!(built, Ok(None)) {
            diagnostics.absorb(found);
            return Ok(built?.unwrap_or_default());
        }
    }
    anyhow::bail!("the inputs changed as often as they were read; build again when they rest")
}

/// One build; nothing of it is published, and none comes out, when its inputs changed meanwhile.
fn build_once(
    root: &Path,
    donor: Option<&str>,
    progress: Progress<'_>,
    diagnostics: &mut Diagnostics,
) -> Result<Option<Built>> {
    progress("reading the declarations".into());
    let tools = Tools::look(root);
    // Hashed before they are read, and again at the end: what was read is what is told.
    let inputs = read_inputs(root);
    let project = Project::load(root, diagnostics)?;
    let (inputs, templates) = (inputs?, Templates::read(root)?);
    let asked = project.asked(donor, diagnostics)?;
    revision::registers_kept_out(root, &project.countries, diagnostics);
    let release = release(&project, progress, diagnostics)?;
    let prose = bind(&project, &release, diagnostics);
    let changes = changes(&project, &release, diagnostics)?;
    let tools = Tools::found(tools)?;
    let nothing_to_do = || {
        let wanted = project.editions().chain(project.copies_for(asked));
        let outputs = unchanged(root, &inputs, &tools.typst, tools.before()?, wanted);
        let outputs = outputs.filter(|_| !diagnostics.failed() && release.disclosing().is_none())?;
        progress("nothing has changed".into());
        Some(Some(Built::nothing(root, outputs)))
    };
    if let Some(built) = nothing_to_do() {
        return Ok(built);
    }
    let place = Workplace::take(root, || progress("waiting for another build to end".into()))?;
    // What a build before this one left half done is finished now, or another has made the same meanwhile.
    if let Some(built) = nothing_to_do() {
        return Ok(built);
    }
    let limits = project.report.limits;
    let making = Making {
        project: &project,
        release: &release,
        prose: &prose,
        changes: &changes,
        press: Press { typst: &tools.typst, templates: &templates, work: place.folder(), limits },
        place: &place,
        tools: &tools,
        asked,
        made: &|document| progress(document.into()),
    };
    let (sets, mut built) = build::all(making, diagnostics);
    built.changed = publish::changed(root, &inputs);
    if read_inputs(root)? != inputs {
        return Ok(None);
    }
    progress("publishing".into());
    let (typst, stamp) = tools.stamp()?;
    built.published(publish(&place, &sets, &project, &inputs, (&typst, &stamp))?);
    Ok(Some(built))
}

/// Reports every fault of declarations, tables, summaries and prose; writes nothing and needs no Typst.
///
/// # Errors
/// [`protect::Discloses`], [`diagnostic::Reported`] when there is one, or a failure of the world.
pub fn check(root: &Path, progress: Progress<'_>, diagnostics: &mut Diagnostics) -> Result<()> {
    let project = Project::read(root, diagnostics)?;
    // Tables can be judged by sound schemas only, and prose by sound indicators.
    diagnostics.conclude_below("data/schemas", ())?;
    revision::registers_kept_out(&project.root, &project.countries, diagnostics);
    let release = release(&project, progress, diagnostics)?;
    if diagnostics.conclude_shared(()).is_ok() {
        bind(&project, &release, diagnostics);
        changes(&project, &release, diagnostics)?;
    }
    release.conclude()?;
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
/// [`diagnostic::Reported`] when a file is no such table, [`audit::UnknownColumn`], or a failure of the world.
pub fn audit(root: &Path, files: &[PathBuf], request: &Request, diagnostics: &mut Diagnostics) -> Result<Audit> {
    let tables = files.iter().map(|file| ingest_file(root, file, diagnostics)).collect::<Result<Vec<_>>>()?;
    diagnostics.conclude(())?;
    let found = audit::audit(tables, request, diagnostics)?;
    Ok(diagnostics.conclude(found)?)
}

/// Says in what `output/` and the inputs differ from the manifest, a line each.
///
/// # Errors
/// When there is no manifest, or a failure of the world.
pub fn verify(root: &Path) -> Result<Vec<String>> {
    let _quiet = quiet(root);
    publish::differences(root)
}

/// Writes into the ledger what the documents in `output/` print of registers, after a passing audit and `verify`.
///
/// A correction, given whether what it exposes is accepted, puts the register's numbers in the place of those released before.
///
/// # Errors
/// Faults, which are in `diagnostics`; what is already public discloses; or a failure of the world.
pub fn release_edition(
    root: &Path,
    name: &str,
    correct: Option<bool>,
    progress: Progress<'_>,
    diagnostics: &mut Diagnostics,
) -> Result<Released> {
    let _quiet = quiet(root);
    let mut project = Project::load(root, diagnostics)?;
    // A correction is protected as if nothing had been released.
    let before = correct.map(|_| std::mem::take(&mut project.ledger));
    let release = release(&project, progress, diagnostics)?;
    release.conclude()?;
    diagnostics.conclude(())?;
    project.ledger = before.unwrap_or(project.ledger);
    let edition = publish::edition(name, correct.is_some(), &release, &project);
    if let Some(accepted) = correct {
        return publish::correct(root, &project.ledger, &edition, project.report.policy.threshold_units(), accepted);
    }
    publish::release(root, &project.ledger, &edition)
}

/// Sends to each donor what `output/` holds for it, each message once; or only lays the messages ready.
///
/// # Errors
/// [`send::Refused`], with nothing sent; faults, which are in `diagnostics`; or a failure of the world.
pub fn send(root: &Path, request: &send::Request<'_>, tell: Tell<'_>, diagnostics: &mut Diagnostics) -> Result<Sent> {
    let _quiet = quiet(root);
    let project = Project::load(root, diagnostics)?;
    let release = release(&project, &|_| (), diagnostics)?;
    release.conclude()?;
    send::send(&project, &diagnostics.conclude(release)?, request, tell)
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
        let look = Look { project: &project, release: &release, prose: &prose, changes: &changes };
        let (pages, copies) =
            (|country: &str, name: &str| look.pages(country, name), |c: &str, n: &str| look.copies(c, n));
        explain::where_printed(&mut answer, query.numeral(), &printed, pages, copies);
    }
    let answer = explain::or_nothing(answer, &release, &query);
    // Of a country that discloses nothing is known that may be said.
    answer.or_else(|nothing| release.conclude().map_err(Into::into).and(Err(nothing.into())))
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
    release.conclude()?;
    let records =
        project.countries.iter().zip(rows).filter_map(|(country, rows)| {
            Some(record::released(&project, release.country(&country.iso3)?, Some(rows)))
        });
    Ok(records.collect())
}
