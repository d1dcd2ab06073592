//! The command `preview`: shows the documents in `output/` to a browser on this machine, each number with its rows, until Ctrl-C.

use std::io::Write;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::Result;
use clap::Args;

use super::end::{End, complain, conclude, failure, guarded, unwritten};
use super::interrupt::interrupted;
use super::printing::unless_gone;
use super::shared::Shared;
use super::stages::{released, tables};
use crate::delivery::approve::{Material, stand_all};
use crate::delivery::build::{Look, changes};
use crate::delivery::preview::{Desk, Question, Response, Seen, Server, Shelf, trouble};
use crate::delivery::publish::{Built, Inputs, built, printed, read_inputs};
use crate::diagnostic::{Diagnostics, Format, Reported};
use crate::disclosure::protect::Discloses;
use crate::document::bind::bind;
use crate::document::explain::Nothing;
use crate::document::typeset::Templates;
use crate::project::Project;
use crate::tables::ingest;

#[derive(Args)]
pub(super) struct PreviewOptions {
    /// The port of this machine at which to listen; by default any that is free
    #[arg(long, value_name = "PORT", default_value_t = 0, hide_default_value = true)]
    port: u16,
}

/// How often Ctrl-C is looked for.
const TICK: Duration = Duration::from_millis(100);

/// Serves until Ctrl-C. Each build is loaded once; where one cannot be shown, the page says why.
pub(super) fn run(options: &PreviewOptions, shared: &Shared, diagnostics: &mut Diagnostics) -> End {
    let ended = match interrupted() {
        Ok(ended) => ended,
        Err(error) => return conclude(Some(format!("cannot install the Ctrl-C handler: {error}")), false),
    };
    let root = shared.root();
    // A folder that holds no project is no reason to listen.
    if let Err(error) = guarded(|| Project::load(&root, &mut Diagnostics::default()))
        && let Some(failure) = failure(Some(&error), &Diagnostics::default())
    {
        return conclude(Some(failure), false);
    }
    let server = match Server::listen(options.port) {
        Ok(server) => server,
        Err(error) => return conclude(Some(format!("{error:#}")), false),
    };
    let told = unless_gone(writeln!(std::io::stdout(), "{}", server.address()));
    if let Some(failure) = unwritten(told) {
        return conclude(Some(failure), false);
    }
    // Nobody is left to tell where stderr is gone.
    let _ =
        writeln!(std::io::stderr(), "note: open this address in a browser on this machine; Ctrl-C ends the preview");
    let (shelf, waiting) = (Shelf::default(), None);
    let mut preview = Preview { root: &root, server: &server, ended: &ended, shelf, waiting, warned: false };
    while !preview.is_over() {
        let (before, served) = (preview.state(), guarded(|| preview.serve(shared, diagnostics)));
        if let Err(error) = served {
            preview.excuse(&error, &before, diagnostics);
        }
        *diagnostics = shared.findings();
    }
    End::Done
}

/// The inputs, the build, and whether the one is still what was made of the other.
#[derive(PartialEq)]
struct State {
    inputs: Option<Inputs>,
    built: Option<Built>,
    holds: bool,
}

/// A preview that runs.
struct Preview<'p> {
    root: &'p Path,
    server: &'p Server,
    ended: &'p AtomicBool,
    shelf: Shelf,
    /// A question that came after what it is about had changed.
    waiting: Option<Question>,
    /// Whether it was told that Typst is not confined.
    warned: bool,
}

impl Preview<'_> {
    fn is_over(&self) -> bool {
        self.ended.load(Ordering::Relaxed)
    }

    /// What it depends on whether the documents can be shown.
    fn state(&self) -> State {
        let inputs = read_inputs(self.root).ok();
        let holds = inputs.as_ref().is_some_and(|inputs| matches!(printed(self.root, inputs, &[]), Ok(Some(_))));
        State { inputs, built: built(self.root), holds }
    }

    /// Loads what was built, and shows it until another build is made or the preview ends.
    ///
    /// # Errors
    /// When it cannot be shown.
    fn serve(&mut self, shared: &Shared, diagnostics: &mut Diagnostics) -> Result<()> {
        let (inputs, built) = (read_inputs(self.root)?, built(self.root));
        let built = built.ok_or_else(|| Nothing::new("nothing is built yet: run `tipbrief build`"))?;
        let project = Project::load(self.root, diagnostics)?;
        let tables = tables(&project, &|_| (), diagnostics)?;
        let delivered = ingest::delivered_sources(&tables);
        let release = released(&project, tables, &|_| (), diagnostics)?;
        release.conclude()?;
        let prose = bind(&project, &release, diagnostics);
        let changes = changes(&project, &release, diagnostics)?;
        let countries: Vec<&str> = project.countries.iter().map(|country| country.iso3.as_str()).collect();
        let printed = printed(self.root, &inputs, &countries)?.ok_or_else(|| {
            Nothing::new(
                "the documents in `output/` are not of this data: run `tipbrief build`, and this page shows them",
            )
        })?;
        let templates = &Templates::read(self.root)?;
        let (project, release, prose, changes) = (&project, &release, &prose[..], &changes);
        let standings = &stand_all(Material { project, release, prose, changes, templates }, diagnostics)?;
        let look = Look { project, release, prose, changes, standings };
        let seen = Seen { look, built, inputs, printed, delivered };
        let (mut desk, unconfined) = Desk::open(seen, self.server.address(), &mut self.shelf)?;
        if let Some(warning) = unconfined.filter(|_| !std::mem::replace(&mut self.warned, true)) {
            let mut told = shared.findings();
            told.push(warning);
            let _ = shared.report(&told, Format::Human, None, std::io::stderr());
        }
        if let Some(question) = self.waiting.take() {
            answer(question, |asked| desk.answer(asked));
        }
        while !self.ended.load(Ordering::Relaxed) {
            let Some(question) = self.server.next(TICK) else { continue };
            if desk.is_outdated() {
                self.waiting = Some(question);
                break;
            }
            answer(question, |asked| desk.answer(asked));
        }
        Ok(())
    }

    /// Says on the page why nothing can be shown, until what it depends on changes or the preview ends. What the machine failed at
    /// is told at the terminal; the page quotes no data.
    fn excuse(&mut self, error: &anyhow::Error, before: &State, diagnostics: &Diagnostics) {
        let why = if error.is::<Reported>() || diagnostics.failed() {
            "the data, the declarations or the prose have errors: run `tipbrief check`".to_owned()
        } else if let Some(nothing) = error.downcast_ref::<Nothing>() {
            nothing.to_string()
        } else if error.is::<Discloses>() {
            "published numbers would reveal withheld ones: run `tipbrief check`".to_owned()
        } else {
            failure(Some(error), diagnostics).iter().for_each(complain);
            "the machine failed; the terminal says at what".to_owned()
        };
        while !self.is_over() {
            let Some(question) = self.waiting.take().or_else(|| self.server.next(TICK)) else { continue };
            if self.state() != *before {
                self.waiting = Some(question);
                break;
            }
            answer(question, |asked| Ok(trouble(self.server.address(), asked, &why)));
        }
    }
}

/// Answers a question; where that fails, the terminal says why, and the browser only that it failed.
fn answer(question: Question, ask: impl FnOnce(&str) -> Result<Response>) {
    let response = guarded(|| ask(question.path())).unwrap_or_else(|error| {
        complain(format!("{error:#}"));
        Response::broken()
    });
    question.answer(response);
}
