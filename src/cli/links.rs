//! The command `links`: opens the address of each source and notes what was found. It is the only command but `send` that reaches
//! a network.

use std::collections::BTreeMap;
use std::io::Write;
use std::sync::atomic::Ordering;
use std::time::Duration;

use anyhow::Result;
use clap::Args;

use super::end::{End, complain, conclude, failure, guarded};
use super::interrupt::interrupted;
use super::printing::unless_gone;
use super::shared::Shared;
use super::stages::tables;
use super::unanswerable::known;
use crate::delivery::links::{self, Manner, Opened, Unconnected};
use crate::delivery::publish::quiet;
use crate::diagnostic::Diagnostics;
use crate::project::Project;
use crate::project::visits::{Answer, Visit};

#[derive(Args)]
pub(super) struct LinksOptions {
    /// Only the sources of these countries, by their ISO 3166-1 codes
    #[arg(value_name = "ISO3")]
    countries: Vec<String>,
    /// Open those again that were opened today
    #[arg(long)]
    again: bool,
    /// How long to wait between two documents of one server
    #[arg(long, value_name = "SECONDS", default_value_t = 3.0, value_parser = pause)]
    pause: f64,
    /// How long to wait for a whole document
    #[arg(long, value_name = "SECONDS", default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..=3600))]
    timeout: u64,
}

fn pause(text: &str) -> Result<f64, String> {
    let seconds: f64 = text.parse().map_err(|_| "expected a number of seconds".to_owned())?;
    if (0.0..=3600.0).contains(&seconds) { Ok(seconds) } else { Err("expected 0 to 3600 seconds".to_owned()) }
}

/// Opens the addresses, and prints a line for each.
pub(super) fn run(options: &LinksOptions, shared: &Shared, diagnostics: &mut Diagnostics) -> End {
    let ended = match interrupted() {
        Ok(ended) => ended,
        Err(error) => return conclude(Some(format!("cannot install the Ctrl-C handler: {error}")), false),
    };
    let manner = Manner {
        all: options.countries.is_empty(),
        again: options.again,
        pause: Duration::from_secs_f64(options.pause),
        patience: Duration::from_secs(options.timeout),
        ended: &|| ended.load(Ordering::Relaxed),
    };
    match guarded(|| open(options, shared, &manner, diagnostics)) {
        Ok(opened) => {
            complain_of(&opened);
            conclude(failure(None, diagnostics), opened.dead > 0)
        }
        Err(error) if error.is::<Unconnected>() => {
            complain(error);
            End::Machine
        }
        Err(error) => shared.unanswered(error, diagnostics),
    }
}

fn open(options: &LinksOptions, shared: &Shared, manner: &Manner<'_>, diagnostics: &mut Diagnostics) -> Result<Opened> {
    let root = shared.root();
    let _quiet = quiet(&root);
    let project = Project::load(&root, diagnostics)?;
    for asked in &options.countries {
        known("country", Some(asked), project.countries.iter().map(|country| country.iso3.as_str()))?;
    }
    let places = addresses(&project, &options.countries, diagnostics)?;
    let all: Vec<String> = places.keys().cloned().collect();
    let mut unsaid = Ok(());
    let mut tell = |visit: &Visit| {
        let places = places.get(&visit.url).map_or(&[][..], Vec::as_slice);
        let written = unless_gone(writeln!(std::io::stdout(), "{}", line(visit, places)));
        if unsaid.is_ok() {
            unsaid = written;
        }
    };
    let opened = links::open(&root, &project.visits, &all, manner, &mut tell)?;
    unsaid?;
    Ok(opened)
}

/// The addresses of publications, of the originals and of their copies, and where each is written.
fn addresses(
    project: &Project,
    countries: &[String],
    diagnostics: &mut Diagnostics,
) -> Result<BTreeMap<String, Vec<String>>> {
    let mut places: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let wanted = |country: &str| countries.is_empty() || countries.iter().any(|asked| asked == country);
    for table in tables(project, &|_| (), diagnostics)?.iter().filter(|t| t.table == "sources" && wanted(&t.country)) {
        let Some((_, roles)) = table.cells("role") else { continue };
        for (column, cells) in ["url", "archived"].into_iter().filter_map(|field| table.cells(field)) {
            let public = (0..table.rows).filter(|row| roles.cell(*row) != "register" && !cells.cell(*row).is_empty());
            let at: Vec<_> = public.map(|row| (row, Some(column))).collect();
            let spans = table.spans(&at);
            for place in &at {
                let written = spans.get(place).map(|span| span.place()).unwrap_or_default();
                places.entry(cells.cell(place.0).to_owned()).or_default().push(written);
            }
        }
    }
    Ok(places)
}

/// What is said of an address: what it answered, the address, and where it is written.
fn line(visit: &Visit, places: &[String]) -> String {
    let Visit { url, answer, moved_to, why, status, .. } = visit;
    let answered = match answer {
        Answer::There if moved_to.is_some() => "moved",
        Answer::There => "there",
        Answer::Gone => "gone",
        Answer::Refused => "refused",
        Answer::Silent => "silent",
    };
    let status = status.filter(|_| *answer != Answer::There).map(|status| format!(" ({status})"));
    let to = moved_to.as_ref().map(|to| format!(" → {to}"));
    let why = why.as_ref().map(|why| format!(": {why}"));
    let since = visit.silent_since.filter(|since| *since != visit.opened).map(|since| format!(", since {since}"));
    let [status, to, why, since] = [status, to, why, since].map(Option::unwrap_or_default);
    format!("{answered:<8}{url}{status}{to}{why}{since}  [{}]", places.join(", "))
}

/// Sums up on stderr.
fn complain_of(opened: &Opened) {
    let Opened { now, before, left, dead } = opened;
    let left = if *left == 0 { String::new() } else { format!(", {left} left to the next run") };
    let hint = if *dead == 0 { "" } else { "; `check` names where the dead ones stand, and what to do" };
    // If stderr is closed, nobody can read it.
    let _ = writeln!(std::io::stderr(), "links: {now} opened now, {before} earlier today{left}; {dead} dead{hint}");
}
