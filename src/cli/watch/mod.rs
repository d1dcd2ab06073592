//! The command `watch`: builds, and builds again whenever something is saved, until Ctrl-C. The document in view is shown first.

mod view;

use std::io::Write;
use std::path::Path;
use std::sync::atomic::Ordering;
use std::time::Instant;

use clap::Args;

use self::view::{View, Wanted};
use super::build;
use super::end::{End, complain, conclude};
use super::interrupt::interrupted;
use super::options::Options;
use super::shared::Shared;
use crate::delivery::build::Why;
use crate::delivery::watch::Watch;

#[derive(Args)]
pub(super) struct WatchOptions {
    #[command(flatten)]
    findings: Options,
    /// The document to show first, such as `LAO/en/brief`; by default that of the country saved, in the default language
    #[arg(long, value_name = "ISO3/LANGUAGE/DOCUMENT")]
    view: Option<Wanted>,
}

/// Builds whenever something is saved; errors are printed, and what was published stays.
pub(super) fn run(options: &WatchOptions, shared: &Shared) -> End {
    let ended = match interrupted() {
        Ok(ended) => ended,
        Err(error) => return conclude(Some(format!("cannot install the Ctrl-C handler: {error}")), false),
    };
    let mut watch = Watch::new(&shared.root());
    let mut view = View::of(&shared.root(), options.view.clone());
    loop {
        if let Some(why) = watch.without_events() {
            let what = "the file system does not report changes here";
            // Nobody is left to tell where stderr is gone.
            let _ = writeln!(std::io::stderr(), "note: {what} ({why}); looking for them instead");
        }
        once(&options.findings, shared);
        if !watch.wait(&|| ended.load(Ordering::Relaxed)) {
            return End::Done;
        }
        view.show(&watch.changed());
    }
}

fn once(options: &Options, shared: &Shared) {
    let start = Instant::now();
    let (outcome, failure, _) = build::build_and_report(options, shared, None, &mut shared.findings());
    let built = outcome.unwrap_or_default();
    let documents = built.whys.iter().filter(|(_, why)| **why != Why::Same).map(|(path, _)| path.as_str());
    let documents: Vec<&str> =
        documents.filter(|path| Path::new(path).extension().is_some_and(|kind| kind == "pdf")).collect();
    let made =
        if documents.is_empty() { "built no document".to_owned() } else { format!("built {}", documents.join(", ")) };
    failure.or_else(|| build::disclosures(&built)).iter().for_each(complain);
    build::say_kept(&built);
    // If stderr is closed, nobody can read it.
    let _ = writeln!(std::io::stderr(), "{made} in {} ms; watching", start.elapsed().as_millis());
}
