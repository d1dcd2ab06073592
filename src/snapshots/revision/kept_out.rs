//! Keeps registers out of Git: Git itself is asked whether it would commit one. Without Git, a repository or an answer in
//! time, nothing is reported.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use super::{REGISTER, git};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Source, Span};
use crate::project::country::Country;

/// The line of `.gitignore` that keeps the registers of all countries out, and the confidential files of their mappings.
pub const IGNORE: &str = "/data/**/register/";
/// How long to wait for Git, which normally answers at once; a hanging disk must not stop the check.
const PATIENCE: Duration = Duration::from_secs(10);
/// How often Git is polled.
const TICK: Duration = Duration::from_millis(2);

/// How a file is, or would get, into Git's history.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Taken {
    /// It is committed or staged.
    Tracked,
    /// `git add` would stage it.
    NotIgnored,
}

/// A file of a register: its name in its real folder (behind links), and its name in the register's folder.
type Named = (OsString, String);

/// How to keep a file out of the repository that would take it.
struct Advice {
    /// The line to add.
    line: String,
    /// The file to add it to.
    rules: String,
    /// The command that untracks the file.
    forget: String,
}

/// Reports each country whose register Git tracks, or would track with the next `git add`, at the first such file.
pub fn registers_kept_out(root: &Path, countries: &[Country], diagnostics: &mut Diagnostics) {
    for country in countries {
        let mut reported: Vec<Taken> = Vec::new();
        let folders = registers(root, &country.iso3);
        let found = folders.iter().flat_map(|inside| {
            taken(&root.join(inside)).into_iter().map(move |(name, taken, place)| (inside, name, taken, place))
        });
        for (inside, name, taken, place) in found {
            if reported.contains(&taken) {
                continue;
            }
            let advice = Advice::of(root, inside, &place, &name);
            reported.push(taken);
            let source = Source::new(format!("{inside}/{name}"), Vec::new()).of_country(Some(&country.iso3));
            let fault = Diagnostic::error(Code::PathError, Span::start_of(&source.into()), taken.message());
            diagnostics.push(fault.hint(taken.hint(&advice)));
        }
    }
}

/// The folders of a country whose files are confidential: its register with what is kept of closed years, and that of its
/// mappings, each with the folders in it.
fn registers(root: &Path, iso3: &str) -> Vec<String> {
    let mut folders = Vec::new();
    let mut open =
        vec![format!("data/countries/{iso3}/imports/{REGISTER}"), format!("data/countries/{iso3}/{REGISTER}")];
    while let Some(folder) = open.pop() {
        let entries = fs::read_dir(root.join(&folder)).into_iter().flatten().filter_map(Result::ok);
        let inside = entries.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()));
        open.extend(inside.map(|entry| format!("{folder}/{}", entry.file_name().to_string_lossy())));
        folders.push(folder);
    }
    folders
}

/// Whether Git ignores a path, which need not exist; none without Git or a repository.
#[must_use]
pub fn ignores(root: &Path, path: &str) -> Option<bool> {
    match run(root, &["check-ignore", "--quiet", "--no-index", "--", path], &[])? {
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

    fn hint(self, Advice { line, rules, forget }: &Advice) -> String {
        let add = format!("add the line `{line}` to {rules}");
        match self {
            Self::Tracked => {
                format!("{add} and run {forget}; what was committed stays in the history until that is rewritten")
            }
            Self::NotIgnored => add,
        }
    }
}

impl Advice {
    /// Advice for the repository that really contains the file: the project's, one inside it, or another behind a link.
    fn of(root: &Path, inside: &str, place: &Path, name: &str) -> Self {
        let beside_data = |rules: &str| Self {
            line: IGNORE.to_owned(),
            rules: rules.to_owned(),
            forget: format!("`git rm -r --cached {inside}`"),
        };
        let (Some(top), Ok(root)) = (top(place), fs::canonicalize(root)) else { return beside_data(".gitignore") };
        if root == top && place.starts_with(&root) {
            return beside_data(".gitignore");
        }
        if root.starts_with(&top) && place.starts_with(&root) {
            return beside_data("the .gitignore in the folder that holds `data`");
        }
        let folder = written(place.strip_prefix(&top).unwrap_or(place));
        match top.strip_prefix(&root).map(written) {
            Ok(own) if folder.is_empty() => Self {
                line: "*".to_owned(),
                rules: format!("{own}/.gitignore"),
                forget: format!("`git rm -r --cached .` in {own}"),
            },
            Ok(own) => Self {
                line: format!("/{folder}/"),
                rules: format!("{own}/.gitignore"),
                forget: format!("`git rm -r --cached {folder}` in {own}"),
            },
            Err(_) => Self {
                line: format!("/{folder}/").replace("//", "/*"),
                rules: format!("the .gitignore of the repository that {inside}/{name} is linked from"),
                forget: "`git rm --cached` there".to_owned(),
            },
        }
    }
}

/// The top folder of the repository in which a folder lies.
fn top(place: &Path) -> Option<PathBuf> {
    let (0, output) = run(place, &["rev-parse", "--show-toplevel"], &[])? else { return None };
    fs::canonicalize(String::from_utf8(output).ok()?.trim_end_matches(['\n', '\r'])).ok()
}

/// A path in the form of `.gitignore`.
fn written(path: &Path) -> String {
    path.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}

/// The files of a register's folder that Git would commit, by name, each with its real folder. Git is asked there, because a
/// link to a place outside the repository is committed as a mere link.
fn taken(folder: &Path) -> Vec<(String, Taken, PathBuf)> {
    let mut by_place: BTreeMap<PathBuf, Vec<Named>> = BTreeMap::new();
    let entries = fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    for entry in entries {
        let Ok(path) = fs::canonicalize(entry.path()) else { continue };
        let (Some(place), Some(name), true) = (path.parent(), path.file_name(), path.is_file()) else { continue };
        let named = entry.file_name().to_string_lossy().into_owned();
        by_place.entry(place.to_owned()).or_default().push((name.to_owned(), named));
    }
    let of = |(place, files): (&PathBuf, &Vec<Named>)| {
        asked(place, files).into_iter().map(|(name, taken)| (name, taken, place.clone())).collect::<Vec<_>>()
    };
    let mut found: Vec<(String, Taken, PathBuf)> = by_place.iter().flat_map(of).collect();
    found.sort();
    found
}

/// Asks Git in the folder where the files lie.
fn asked(place: &Path, files: &[Named]) -> Vec<(String, Taken)> {
    // Git never lists a tracked file as ignored.
    let Some((0 | 1, ignored)) = run(place, &["check-ignore", "-z", "--stdin"], &listed(files)) else {
        return Vec::new();
    };
    let left: Vec<&Named> = files.iter().filter(|file| !is_among(&ignored, file)).collect();
    if left.is_empty() {
        return Vec::new();
    }
    let tracked = run(place, &["ls-files", "-z"], &[]).map(|(_, output)| output).unwrap_or_default();
    let taken = |file: &Named| if is_among(&tracked, file) { Taken::Tracked } else { Taken::NotIgnored };
    left.into_iter().map(|file| (file.1.clone(), taken(file))).collect()
}

/// The names, each ended by a NUL, and with `./` in front so that Git reads none as an option or pattern.
fn listed(files: &[Named]) -> Vec<u8> {
    files.iter().flat_map(|(name, _)| [b"./", name.as_encoded_bytes(), b"\0"].concat()).collect()
}

/// Whether a file is among those that Git prints, each ended by a NUL.
fn is_among(output: &[u8], (name, _): &Named) -> bool {
    let printed = output.split(|byte| *byte == 0);
    printed.map(|path| path.strip_prefix(b"./").unwrap_or(path)).any(|path| path == name.as_encoded_bytes())
}

/// Git's exit code and output for this input; none without Git or if it does not end in time.
fn run(folder: &Path, arguments: &[&str], input: &[u8]) -> Option<(i32, Vec<u8>)> {
    let mut command = git(folder);
    command.args(arguments).stdin(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().ok()?;
    let (mut asking, mut answering) = (child.stdin.take()?, child.stdout.take()?);
    let input = input.to_owned();
    // Git answers while it is still being asked: one thread for each direction, or both wait for ever.
    let writing = std::thread::spawn(move || asking.write_all(&input));
    let reading = std::thread::spawn(move || {
        let mut output = Vec::new();
        answering.read_to_end(&mut output).map(|_| output)
    });
    let start = Instant::now();
    let status = loop {
        match child.try_wait().ok()? {
            Some(status) => break status,
            None if start.elapsed() > PATIENCE => {
                // It may have ended meanwhile; its answer is not needed either way.
                let _ = child.kill();
                let _ = child.wait();
                return None;
            }
            None => std::thread::sleep(TICK),
        }
    };
    // If Git ended early, writing fails, and the missing answer shows it.
    let _ = writing.join();
    Some((status.code()?, reading.join().ok()?.ok()?))
}
