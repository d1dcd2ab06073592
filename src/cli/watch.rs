//! The command `watch`: builds, and builds again whenever something was saved, until it is told to end. **signal-hook** lives
//! here.

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use clap::Args;
use signal_hook::consts::{SIGINT, SIGTERM};
use tipbrief::build::Why;
use tipbrief::diagnostic::Diagnostics;
use tipbrief::watch::Watch;

use super::build::{self, Options};
use super::conclude;

#[derive(Args)]
pub(super) struct WatchOptions {
    #[command(flatten)]
    findings: Options,
}

/// Builds whenever something was saved; a fault is told, and what was published stays.
pub(super) fn watch(options: &WatchOptions, quiet: bool) -> ExitCode {
    let ended = match told_to_end() {
        Ok(ended) => ended,
        Err(error) => return conclude(Some(format!("cannot be told to end: {error}")), false),
    };
    let mut watch = Watch::new(&options.findings.root);
    loop {
        once(&options.findings, quiet);
        if !watch.wait(&|| ended.load(Ordering::Relaxed)) {
            return ExitCode::SUCCESS;
        }
    }
}

/// A flag that Ctrl-C raises; the second Ctrl-C ends the program at once.
pub(super) fn told_to_end() -> std::io::Result<Arc<AtomicBool>> {
    let ended = Arc::new(AtomicBool::new(false));
    for signal in [SIGINT, SIGTERM] {
        signal_hook::flag::register_conditional_shutdown(signal, 130, Arc::clone(&ended))?;
        signal_hook::flag::register(signal, Arc::clone(&ended))?;
    }
    Ok(ended)
}

fn once(options: &Options, quiet: bool) {
    let start = Instant::now();
    let (outcome, failure, _) = build::told(options, None, &mut Diagnostics::quiet(quiet));
    let built = outcome.unwrap_or_default();
    let documents = built.whys.iter().filter(|(_, why)| **why != Why::Same).map(|(path, _)| path.as_str());
    let documents: Vec<&str> =
        documents.filter(|path| Path::new(path).extension().is_some_and(|kind| kind == "pdf")).collect();
    let made =
        if documents.is_empty() { "made no document".to_owned() } else { format!("made {}", documents.join(", ")) };
    // Nobody is left to tell where stderr is gone.
    let _ = match failure.or_else(|| build::disclosures(&built)) {
        Some(failure) => writeln!(std::io::stderr(), "error: {failure}"),
        None => Ok(()),
    };
    build::say_kept(&built);
    let _ = writeln!(std::io::stderr(), "{made} in {} ms; watching", start.elapsed().as_millis());
}
