//! The command `build`: every document of the project, or what keeps a country from its own.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::Args;

use super::end::{End, failure, guarded, unwritten, withheld};
use super::options::Options;
use super::printing::{report, say_paths, unless_gone};
use super::progress::{Progress, Step};
use super::stages::release;
use super::status::Status;
use crate::delivery::build::{self, Built, Making, Tools, changes};
use crate::delivery::publish::{self, Workplace, publish, read_inputs, unchanged};
use crate::delivery::summary;
use crate::diagnostic::{Diagnostics, Format};
use crate::document::bind::bind;
use crate::document::typeset::{Press, Templates};
use crate::project::Project;
use crate::snapshots::revision;

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
        let wanted = project.documents().chain(project.copies_for(asked));
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

#[derive(Args)]
pub(super) struct BuildOptions {
    #[command(flatten)]
    findings: Options,
    /// Make only this donor's copies anew; the others keep what they had
    #[arg(long, value_name = "ID")]
    donor: Option<String>,
    /// Say of each output why it was made anew or not
    #[arg(long)]
    explain: bool,
    /// Append what was done, in Markdown, to a file; where none is named, to that of `GITHUB_STEP_SUMMARY`
    #[arg(long, value_name = "FILE")]
    summary: Option<PathBuf>,
}

/// Writes every document, and names them on stdout.
pub(super) fn run(asked: &BuildOptions, diagnostics: &mut Diagnostics) -> End {
    let options = &asked.findings;
    let format = Format::from(options.format);
    let (outcome, failure, mut written) = told(options, asked.donor.as_deref(), diagnostics);
    if let Ok(built) = &outcome {
        written = written.and(if asked.explain { say_whys(options, built) } else { say_paths(&built.paths) });
    }
    let discloses = outcome.as_ref().ok().and_then(disclosures);
    let told = failure.as_deref().or(discloses.as_deref());
    let summed_up = sum_up(asked, outcome.as_ref().ok(), diagnostics, told);
    let failure = failure.or(summed_up).or_else(|| unwritten(written));
    let withheld = discloses.map(|why| withheld(&why)).filter(|_| failure.is_none());
    let end = withheld.unwrap_or_else(|| options.end(diagnostics, failure, Ok(())));
    if let Some(built) = outcome.ok().filter(|_| matches!(format, Format::Human)) {
        say_kept(&built);
    }
    end
}

/// Builds, and prints the findings to stderr; with why it failed, if the machine made it fail.
pub(super) fn told(
    options: &Options,
    donor: Option<&str>,
    diagnostics: &mut Diagnostics,
) -> (anyhow::Result<Built>, Option<String>, std::io::Result<()>) {
    let format = Format::from(options.format);
    let status = Status::start(format);
    let progress = |step: Step<'_>| status.say(step);
    let outcome = guarded(|| build(&options.root, donor, &progress, diagnostics));
    status.end();
    let failure = match &outcome {
        Ok(built) => failures(built),
        Err(error) => failure(Some(error), diagnostics),
    };
    let discloses = outcome.as_ref().ok().and_then(disclosures);
    let written = report(diagnostics, format, failure.as_deref().or(discloses.as_deref()), std::io::stderr());
    (outcome, failure, written)
}

/// Appends what was done to the page of the job; says why it could not.
fn sum_up(
    asked: &BuildOptions,
    built: Option<&Built>,
    diagnostics: &Diagnostics,
    failure: Option<&str>,
) -> Option<String> {
    let of_job = || std::env::var_os("GITHUB_STEP_SUMMARY").filter(|path| !path.is_empty()).map(PathBuf::from);
    let path = asked.summary.clone().or_else(of_job)?;
    let none = Built::default();
    let text = summary::markdown(built.unwrap_or(&none), diagnostics, failure);
    summary::append(&path, &text).err().map(|error| format!("{error:#}"))
}

/// What the machine did to countries, which keep what they had.
fn failures(built: &Built) -> Option<String> {
    let told = |(why, countries): (&String, &Vec<String>)| format!("{}: {why}", countries.join(", "));
    let told: Vec<String> = built.failed.iter().map(told).collect();
    (!told.is_empty()).then(|| told.join("\nerror: "))
}

/// What discloses, and keeps its countries from being published.
pub(super) fn disclosures(built: &Built) -> Option<String> {
    let told: Vec<String> = built.discloses.iter().map(ToString::to_string).collect();
    (!told.is_empty()).then(|| told.join("\nerror: "))
}

/// Why each output was made anew or not, a line each.
fn say_whys(options: &Options, built: &Built) -> std::io::Result<()> {
    let output = options.root.join("output");
    let output = output.strip_prefix(".").unwrap_or(&output);
    let changed = built.changed.iter().map(|path| {
        format!(
            "{}: changed since the build before\n",
            options.root.join(path).strip_prefix(".").unwrap_or(Path::new(path)).display()
        )
    });
    let lines = built.whys.iter().map(|(path, why)| format!("{}: {why}\n", output.join(path).display()));
    unless_gone(std::io::stdout().write_all(changed.chain(lines).collect::<String>().as_bytes()))
}

/// Names the countries that were not made anew.
pub(super) fn say_kept(built: &Built) {
    let failed = built.failed.values().flatten();
    let kept: Vec<&str> = built.faulty.iter().chain(failed).map(String::as_str).collect();
    if !kept.is_empty() {
        // Nobody is left to tell where stderr is gone.
        let _ = writeln!(std::io::stderr(), "not published, and as they were before: {}", kept.join(", "));
    }
}
