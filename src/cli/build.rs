//! The command `build`: every document of the project, or what keeps a country from its own.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::Args;

use super::end::{End, failure, guarded, unwritten, withheld};
use super::options::Options;
use super::printing::{say_paths, unless_gone};
use super::progress::{Progress, Step};
use super::shared::Shared;
use super::stages::release;
use super::status_line::StatusLine;
use crate::delivery::approve::{Material, Standings, stand_all};
use crate::delivery::build::{self, Built, Making, Tools, changes};
use crate::delivery::publish::{self, Inputs, Stamp, Workplace, publish, read_inputs, unchanged};
use crate::delivery::send::untold;
use crate::delivery::summary;
use crate::diagnostic::{Diagnostics, Format};
use crate::document::bind::bind;
use crate::document::typeset::{Press, Templates, Typst};
use crate::project::Project;
use crate::project::donor::Donor;
use crate::snapshots::revision;

/// The variable that names the page of a job of GitHub Actions.
pub(super) const JOB_SUMMARY: &str = "GITHUB_STEP_SUMMARY";

/// How often a build starts over because its inputs changed while it read them.
const ATTEMPTS: usize = 5;

/// Compiles every document of the project.
///
/// A country with a fault, or that the machine fails, keeps its previous output whole; the others are published. Donors get
/// their copies of it, all of them or none; or only one donor's copies are rebuilt.
///
/// # Errors
/// Errors in shared declarations, which are in `diagnostics`; or a failure of the machine that affects every country.
pub fn build(root: &Path, donor: Option<&str>, progress: Progress<'_>, diagnostics: &mut Diagnostics) -> Result<Built> {
    for _ in 0..ATTEMPTS {
        let mut found = Diagnostics::default();
        let built = build_once(root, donor, progress, &mut found);
        if !matches!(built, Ok(None)) {
            diagnostics.absorb(found);
            return Ok(built?.unwrap_or_default());
        }
    }
    anyhow::bail!("the inputs kept changing while they were read; build again once they stop")
}

/// One build; nothing of it is published, and none comes out, when its inputs changed meanwhile.
fn build_once(
    root: &Path,
    donor: Option<&str>,
    progress: Progress<'_>,
    diagnostics: &mut Diagnostics,
) -> Result<Option<Built>> {
    progress("reading the declarations".into());
    // Hashed before they are read, and again at the end: the checksums are of what was read.
    let (stamp, inputs) = (Stamp::read(root), read_inputs(root));
    let before = inputs.as_ref().ok().filter(|_| donor.is_none()).and_then(|inputs| stamp.as_before(root, inputs));
    if let Some((outputs, found)) = before {
        progress(NOTHING.into());
        diagnostics.absorb(found);
        return Ok(Some(Built::nothing(root, outputs)));
    }
    let declared = Declared::read(root, inputs, diagnostics)?;
    let project = &declared.project;
    let tools = Tools::look(root, project.report.limits, stamp);
    let asked = project.asked(donor, diagnostics)?;
    revision::registers_kept_out(root, &project.countries, diagnostics);
    let release = release(project, progress, diagnostics)?;
    let prose = bind(project, &release, diagnostics);
    let changes = changes(project, &release, diagnostics)?;
    // A build reads no journal: what was sent changes no document.
    untold(project, &BTreeSet::new(), diagnostics);
    let templates = &declared.templates;
    let material = Material { project, release: &release, prose: &prose, changes: &changes, templates };
    let standings = stand_all(material, diagnostics)?;
    let tools = Tools::found(tools)?;
    let job = Job { root, declared: &declared, asked, material, standings: &standings, progress };
    if let Some(built) = job.up_to_date(&tools, diagnostics) {
        return Ok(Some(built));
    }
    let place = Workplace::take(root, || progress("waiting for another build to end".into()))?;
    // Another build may have done the same meanwhile, or taking the place finished one that was interrupted.
    if let Some(built) = job.up_to_date(&tools, diagnostics) {
        return Ok(Some(built));
    }
    let made = job.make(&place, tools, diagnostics)?;
    drop(place);
    Ok(made.map(|(built, typst, stamp)| {
        job.see(&typst, &stamp, diagnostics);
        built
    }))
}

/// The step of a build that has nothing to do.
const NOTHING: &str = "nothing has changed";

/// What is read from the disk before anything is compiled.
struct Declared {
    project: Project,
    inputs: Inputs,
    templates: Templates,
}

impl Declared {
    fn read(root: &Path, inputs: Result<Inputs>, diagnostics: &mut Diagnostics) -> Result<Self> {
        let project = Project::load(root, diagnostics)?;
        Ok(Self { project, inputs: inputs?, templates: Templates::read(root)? })
    }
}

/// All that documents are made from.
struct Job<'j> {
    root: &'j Path,
    declared: &'j Declared,
    asked: Option<&'j Donor>,
    material: Material<'j>,
    standings: &'j Standings,
    progress: Progress<'j>,
}

impl Job<'_> {
    /// What `output/` holds, if these inputs and tools made it and there is nothing to report.
    fn up_to_date(&self, tools: &Tools, diagnostics: &Diagnostics) -> Option<Built> {
        let outputs = self.see(&tools.typst, tools.before()?, diagnostics)?;
        (self.progress)(NOTHING.into());
        Some(Built::nothing(self.root, outputs))
    }

    /// The outputs, if these inputs and programs made them. The findings are remembered for the next build.
    fn see(&self, typst: &Typst, stamp: &Stamp, diagnostics: &Diagnostics) -> Option<Vec<String>> {
        let Declared { project, inputs, .. } = self.declared;
        let wanted = project.documents().chain(project.copies_for(self.asked));
        let outputs = unchanged(self.root, inputs, typst, stamp, wanted);
        let outputs = outputs.filter(|_| !diagnostics.failed() && self.material.release.disclosing().is_none())?;
        if self.asked.is_none() {
            stamp.clone().see((project, typst), inputs, diagnostics);
        }
        Some(outputs)
    }

    /// Makes every document and publishes it; also returns the Typst and the stamp. Nothing where the inputs changed meanwhile.
    fn make(
        &self,
        place: &Workplace,
        tools: Tools,
        diagnostics: &mut Diagnostics,
    ) -> Result<Option<(Built, Typst, Stamp)>> {
        let Declared { project, inputs, .. } = self.declared;
        place.begin()?;
        tools.unconfined.clone().into_iter().for_each(|warning| diagnostics.push(warning));
        let (sets, mut built) =
            build::all(self.making(place, &tools, &|made| (self.progress)(made.into())), diagnostics);
        built.changed = publish::changed(self.root, inputs);
        if read_inputs(self.root)? != *inputs {
            return Ok(None);
        }
        (self.progress)("publishing".into());
        let (typst, stamp) = tools.stamp()?;
        let published = publish(place, &sets, project, inputs, (&typst, &stamp))?;
        let stamp = published.stamp.clone();
        built.published(published);
        Ok(Some((built, typst, stamp)))
    }

    fn making<'m>(&'m self, place: &'m Workplace, tools: &'m Tools, made: &'m (dyn Fn(&str) + Sync)) -> Making<'m> {
        let Declared { project, templates, .. } = self.declared;
        let press = Press { typst: &tools.typst, templates, work: place.folder(), limits: project.report.limits };
        let Material { release, prose, changes, .. } = self.material;
        let (standings, asked) = (self.standings, self.asked);
        Making { project, release, prose, changes, standings, press, place, tools, asked, made }
    }
}

#[derive(Args)]
pub(super) struct BuildOptions {
    #[command(flatten)]
    findings: Options,
    /// Rebuild only this donor's copies; those of the other donors stay as they are
    #[arg(long, value_name = "ID")]
    donor: Option<String>,
    /// Print why each output was rebuilt or kept
    #[arg(long)]
    explain: bool,
    /// Append a summary in Markdown to this file; by default to the one that `GITHUB_STEP_SUMMARY` names
    #[arg(long, value_name = "FILE")]
    summary: Option<PathBuf>,
}

/// Writes every document, and names them on stdout.
pub(super) fn run(asked: &BuildOptions, shared: &Shared, diagnostics: &mut Diagnostics) -> End {
    let options = &asked.findings;
    let format = Format::from(options.format);
    let (outcome, failure, mut written) = build_and_report(options, shared, asked.donor.as_deref(), diagnostics);
    if let Ok(built) = &outcome {
        written = written.and(if asked.explain { say_whys(&shared.root(), built) } else { say_paths(&built.paths) });
    }
    let discloses = outcome.as_ref().ok().and_then(disclosures);
    let stopped = failure.as_deref().or(discloses.as_deref());
    let summed_up = sum_up(asked, outcome.as_ref().ok(), diagnostics, stopped);
    let failure = failure.or(summed_up).or_else(|| unwritten(written));
    let withheld = discloses.map(|why| withheld(&why)).filter(|_| failure.is_none());
    let end = withheld.unwrap_or_else(|| options.end(diagnostics, failure, Ok(())));
    if let Some(built) = outcome.ok().filter(|_| matches!(format, Format::Human)) {
        say_kept(&built);
    }
    end
}

/// Builds, and prints the findings to stderr; with why it failed, if the machine made it fail.
pub(super) fn build_and_report(
    options: &Options,
    shared: &Shared,
    donor: Option<&str>,
    diagnostics: &mut Diagnostics,
) -> (anyhow::Result<Built>, Option<String>, std::io::Result<()>) {
    let format = Format::from(options.format);
    let status = StatusLine::start(format);
    let progress = |step: Step<'_>| status.say(step);
    let outcome = guarded(|| build(&shared.root(), donor, &progress, diagnostics));
    status.end();
    let failure = match &outcome {
        Ok(built) => failures(built),
        Err(error) => failure(Some(error), diagnostics),
    };
    let discloses = outcome.as_ref().ok().and_then(disclosures);
    let written = shared.report(diagnostics, format, failure.as_deref().or(discloses.as_deref()), std::io::stderr());
    (outcome, failure, written)
}

/// Appends a summary to the page of the job; returns why it could not.
fn sum_up(
    asked: &BuildOptions,
    built: Option<&Built>,
    diagnostics: &Diagnostics,
    failure: Option<&str>,
) -> Option<String> {
    let of_job = || std::env::var_os(JOB_SUMMARY).filter(|path| !path.is_empty()).map(PathBuf::from);
    let path = asked.summary.clone().or_else(of_job)?;
    let none = Built::default();
    let text = summary::markdown(built.unwrap_or(&none), diagnostics, failure);
    summary::append(&path, &text).err().map(|error| format!("{error:#}"))
}

/// Why the machine failed on some countries, whose previous output stays.
fn failures(built: &Built) -> Option<String> {
    let line = |(why, countries): (&String, &Vec<String>)| format!("{}: {why}", countries.join(", "));
    let lines: Vec<String> = built.failed.iter().map(line).collect();
    (!lines.is_empty()).then(|| lines.join("\nerror: "))
}

/// What discloses, and keeps its countries from being published.
pub(super) fn disclosures(built: &Built) -> Option<String> {
    let lines: Vec<String> = built.discloses.iter().map(ToString::to_string).collect();
    (!lines.is_empty()).then(|| lines.join("\nerror: "))
}

/// Prints why each output was rebuilt or kept, a line each.
fn say_whys(root: &Path, built: &Built) -> std::io::Result<()> {
    let output = root.join("output");
    let output = output.strip_prefix(".").unwrap_or(&output);
    let changed = built.changed.iter().map(|path| {
        format!(
            "{}: changed since the previous build\n",
            root.join(path).strip_prefix(".").unwrap_or(Path::new(path)).display()
        )
    });
    let lines = built.whys.iter().map(|(path, why)| format!("{}: {why}\n", output.join(path).display()));
    unless_gone(std::io::stdout().write_all(changed.chain(lines).collect::<String>().as_bytes()))
}

/// Names the countries that were not published.
pub(super) fn say_kept(built: &Built) {
    let failed = built.failed.values().flatten();
    let kept: Vec<&str> = built.faulty.iter().chain(failed).map(String::as_str).collect();
    if !kept.is_empty() {
        // If stderr is closed, nobody can read it.
        let _ = writeln!(std::io::stderr(), "not published, previous output kept: {}", kept.join(", "));
    }
}
