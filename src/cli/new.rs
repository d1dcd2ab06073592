//! The command `new`: a project of one's own, which passes `check` and builds at once.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use anyhow::Result;
use chrono::{DateTime, Utc};
use clap::Args;

use super::end::{End, complain, conclude, failure, guarded};
use super::init::country;
use super::layout::series::{self, Wish};
use super::printing::say_lines;
use crate::diagnostic::Diagnostics;
use crate::project::{Project, carried};

/// Writes a new project into a folder that is not there yet or is empty. Returns its languages, the default first.
///
/// # Errors
/// [`Refused`](super::layout::Refused), with nothing written; or a failure of the machine.
pub fn new(
    place: &Path,
    countries: &[String],
    languages: &[String],
    (issue, workbooks): (&str, bool),
) -> Result<Vec<String>> {
    let (countries, languages) = (once(countries), with_own(languages)?);
    let wish = Wish { countries, languages, issue: issue.to_owned(), tables: workbooks.into() };
    series::create(place, &wish)?;
    Ok(wish.languages)
}

/// The languages after the one in which the carried declarations are written: the text of a default language stands with what
/// it names.
fn with_own(languages: &[String]) -> Result<Vec<String>> {
    let own = Project::carried()?.report.languages.into_iter().map(|language| language.value).take(1);
    Ok(once(&own.chain(languages.iter().cloned()).collect::<Vec<_>>()))
}

/// Each once, where it stands first.
fn once(names: &[String]) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for name in names {
        if !found.contains(name) {
            found.push(name.clone());
        }
    }
    found
}

#[derive(Args)]
pub(super) struct NewOptions {
    /// The folder of the project; it is made if it is not there, and may hold nothing
    #[arg(value_name = "FOLDER")]
    place: PathBuf,
    /// A country's alpha-3 code of ISO 3166-1; may be given several times
    #[arg(long = "country", value_name = "ISO3", value_parser = country, required = true)]
    countries: Vec<String>,
    /// A language of the documents, besides the one that the tables and declarations are written in; may be given several times
    #[arg(long = "language", value_name = "LANGUAGE", value_parser = language)]
    languages: Vec<String>,
    /// Make each table a workbook to fill in, with drop-downs and notes, in place of CSV
    #[arg(long)]
    workbooks: bool,
}

fn language(tag: &str) -> Result<String, String> {
    if carried::languages().any(|known| known == tag) {
        return Ok(tag.to_owned());
    }
    let known: Vec<&str> = carried::languages().collect();
    Err(format!("the program has no texts in it, but in: {}", known.join(", ")))
}

/// The month in which a project is begun, as its first issue.
fn issue() -> String {
    DateTime::<Utc>::from(SystemTime::now()).format("%Y-%m").to_string()
}

/// Writes the project; prints its folder, and says what to do next.
pub(super) fn run(options: &NewOptions, diagnostics: &mut Diagnostics) -> End {
    let outcome =
        guarded(|| new(&options.place, &options.countries, &options.languages, (&issue(), options.workbooks)));
    match outcome {
        Ok(languages) => {
            let own = languages.first().filter(|own| !options.languages.is_empty() && !options.languages.contains(own));
            // If stderr is closed, nobody can read it.
            let say = |line: String| drop(writeln!(std::io::stderr(), "{line}"));
            own.into_iter().for_each(|own| {
                say(format!("note: `{own}` comes first: titles and definitions are written in it"));
            });
            let place = options.place.display();
            say(format!("new: read README.md in `{place}`; there, run `tipbrief check`, then `tipbrief build`"));
            let written = say_lines(&[options.place.display().to_string()]);
            conclude(written.err().map(|error| error.to_string()), false)
        }
        Err(error) if End::of(&error, diagnostics) == End::Refused => {
            complain(error);
            End::Refused
        }
        Err(error) => conclude(failure(Some(&error), diagnostics), true),
    }
}
