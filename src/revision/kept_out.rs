//! Registers are kept out of every history: Git itself is asked whether it would commit one. Where there is no Git, no
//! repository, or no answer in time, there is nothing to say.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::{REGISTER, git};
use crate::country::Country;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Source, Span};

/// The line of `.gitignore` that keeps the registers of all countries out.
pub const IGNORE: &str = "/data/countries/*/register/";
/// Git answers at once; on a disk that hangs nobody waits for it.
const PATIENCE: Duration = Duration::from_secs(10);
/// How often it is looked whether Git has ended.
const TICK: Duration = Duration::from_millis(2);

/// How Git would take a file into its history.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Taken {
    /// It is in it, or in what the next commit holds.
    Tracked,
    /// Nothing keeps `git add` from it.
    NotIgnored,
}

/// A file of a register: its name where it truly lies, and its name in the register's folder.
type Named = (OsString, String);

/// Names each country of which Git tracks a register, or would with the next `git add`, at the first such file.
pub fn registers_kept_out(root: &Path, countries: &[Country], diagnostics: &mut Diagnostics) {
    for country in countries {
        let inside = format!("data/countries/{}/{REGISTER}", country.iso3);
        let mut told: Vec<Taken> = Vec::new();
        for (name, taken) in taken(&root.join(&inside)) {
            if told.contains(&taken) {
                continue;
            }
            told.push(taken);
            let source = Source::new(format!("{inside}/{name}"), Vec::new()).of_country(Some(&country.iso3));
            let fault = Diagnostic::error(Code::PathError, Span::start_of(&source.into()), taken.message());
            diagnostics.push(fault.hint(taken.hint(&inside)));
        }
    }
}

/// Whether Git ignores a path that may not be there yet; none where there is no repository, or no Git.
#[must_use]
pub fn ignores(root: &Path, path: &str) -> Option<bool> {
    match run(root, &["check-ignore", "--quiet", "--no-index", "--"], &[path.into()])? {
        (0, _) => Some(true),
        (1, _) => Some(false),
        _ => None,
    }
}

impl Taken {
    fn message(self) -> &'static str {
        match self {
            Self::Tracked => "Git tracks this file of a register: commits and pushes carry it",
            Self::NotIgnored => {
                "Git does not ignore this file of a register: `git add` would take it into the next commit"
            }
        }
    }

    fn hint(self, inside: &str) -> String {
        match self {
            Self::Tracked => format!(
                "add the line `{IGNORE}` to .gitignore and run `git rm -r --cached {inside}`; what was committed stays in \
                 the history until that is rewritten"
            ),
            Self::NotIgnored => format!("add the line `{IGNORE}` to .gitignore"),
        }
    }
}

/// The files of a register's folder that Git would commit, by name. Each is asked for where it truly lies: a link to a place
/// outside the repository is committed as the link that it is.
fn taken(folder: &Path) -> Vec<(String, Taken)> {
    let mut by_place: BTreeMap<PathBuf, Vec<Named>> = BTreeMap::new();
    let entries = fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    for entry in entries {
        let Ok(path) = fs::canonicalize(entry.path()) else { continue };
        let (Some(place), Some(name), true) = (path.parent(), path.file_name(), path.is_file()) else { continue };
        let named = entry.file_name().to_string_lossy().into_owned();
        by_place.entry(place.to_owned()).or_default().push((name.to_owned(), named));
    }
    let mut found: Vec<(String, Taken)> = by_place.iter().flat_map(|(place, files)| asked(place, files)).collect();
    found.sort();
    found
}

/// Asks Git in the folder where the files lie.
fn asked(place: &Path, files: &[Named]) -> Vec<(String, Taken)> {
    let ask = |arguments: &[&str], files: &[&Named]| {
        let names: Vec<OsString> = files.iter().map(|(name, _)| name.clone()).collect();
        run(place, arguments, &names)
    };
    // What is tracked is never said to be ignored.
    let all: Vec<&Named> = files.iter().collect();
    let Some((0 | 1, ignored)) = ask(&["check-ignore", "-z", "--"], &all) else { return Vec::new() };
    let left: Vec<&Named> = all.into_iter().filter(|(name, _)| !is_listed(&ignored, name)).collect();
    if left.is_empty() {
        return Vec::new();
    }
    let tracked = ask(&["ls-files", "-z", "--"], &left).map(|(_, output)| output).unwrap_or_default();
    let taken = |name: &OsString| if is_listed(&tracked, name) { Taken::Tracked } else { Taken::NotIgnored };
    left.into_iter().map(|(name, named)| (named.clone(), taken(name))).collect()
}

/// Whether a name is among those that Git prints, each ended by a NUL.
fn is_listed(output: &[u8], name: &OsString) -> bool {
    output.split(|byte| *byte == 0).any(|listed| listed == name.as_encoded_bytes())
}

/// Git's exit code and what it prints; nothing without Git, or where it does not end.
fn run(folder: &Path, arguments: &[&str], paths: &[OsString]) -> Option<(i32, Vec<u8>)> {
    let mut command = git(folder);
    command.env("GIT_LITERAL_PATHSPECS", "1").args(arguments).args(paths).stderr(std::process::Stdio::null());
    let mut child = command.spawn().ok()?;
    let mut pipe = child.stdout.take()?;
    let reading = std::thread::spawn(move || {
        let mut output = Vec::new();
        pipe.read_to_end(&mut output).map(|_| output)
    });
    let start = Instant::now();
    let status = loop {
        match child.try_wait().ok()? {
            Some(status) => break status,
            None if start.elapsed() > PATIENCE => {
                // It may have ended meanwhile; either way nobody waits for what it would say.
                let _ = child.kill();
                let _ = child.wait();
                return None;
            }
            None => std::thread::sleep(TICK),
        }
    };
    Some((status.code()?, reading.join().ok()?.ok()?))
}
