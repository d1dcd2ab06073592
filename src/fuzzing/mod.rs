//! What the fuzz targets in `fuzz/` call, and the tests with the same files: one function for each reader of files that strangers
//! may write. Each returns what does not hold; what holds of every reader is here, what holds of one beside it (`fuzzed.rs`).
//!
//! It is compiled for tests and for fuzzing only.

use std::sync::OnceLock;

use crate::cli::stages;
use crate::diagnostic::{Diagnostics, Format, Span};
use crate::disclosure::protect::Release;
use crate::document::{bind, trace};
use crate::project::Project;
use crate::project::load::fuzzed as declared;
use crate::tables::import::fuzzed as imported;
use crate::tables::ingest::fuzzed as tables;

/// What a target is called, and what it calls.
pub type Target = (&'static str, fn(&[u8]) -> Result<(), String>);

/// All targets.
pub const TARGETS: [Target; 7] = [
    ("csv", csv),
    ("workbook", workbook),
    ("declarations", declarations),
    ("prose", prose),
    ("svg", svg),
    ("pdf", pdf),
    ("import", import),
];

/// The pieces in which the scanner reads a file, in bytes.
const PIECES: [usize; 3] = [3, 64, 1000];

/// The scanner of CSV files, against `csv-core`.
///
/// # Errors
/// What does not hold.
pub fn csv(file: &[u8]) -> Result<(), String> {
    PIECES.iter().try_for_each(|size| tables::same_cells(file, *size))?;
    let mut found = Diagnostics::default();
    tables::of_csv(file).into_iter().for_each(|finding| found.push(finding));
    inside(&found)
}

/// The readers of workbooks of every kind.
///
/// # Errors
/// What does not hold.
pub fn workbook(file: &[u8]) -> Result<(), String> {
    let mut found = Diagnostics::default();
    tables::of_workbook(file)?.into_iter().for_each(|finding| found.push(finding));
    inside(&found)
}

/// Declarations in TOML and JSON.
///
/// # Errors
/// What does not hold.
pub fn declarations(file: &[u8]) -> Result<(), String> {
    let project = project().as_ref().map_err(Clone::clone)?;
    inside(&declared::of_declaration(project, file)?)
}

/// The binding of prose, to the figures of the first country.
///
/// # Errors
/// What does not hold.
pub fn prose(file: &[u8]) -> Result<(), String> {
    let (project, release) = released().as_ref().map_err(Clone::clone)?;
    let mut found = Diagnostics::default();
    bind::fuzzed::of_prose(project, release, file, &mut found)?;
    inside(&found)
}

/// The text of drawings.
///
/// # Errors
/// What does not hold.
pub fn svg(file: &[u8]) -> Result<(), String> {
    declared::of_drawing(file)
}

/// The tracing of PDFs.
///
/// # Errors
/// What does not hold.
pub fn pdf(file: &[u8]) -> Result<(), String> {
    trace::fuzzed::of_pdf(file)
}

/// Mappings and delivered files.
///
/// # Errors
/// What does not hold.
pub fn import(file: &[u8]) -> Result<(), String> {
    let project = project().as_ref().map_err(Clone::clone)?;
    let mut found = Diagnostics::default();
    imported::of_import(&project.schemas, file, &mut found)?;
    inside(&found)
}

/// The product's declarations, read once.
fn project() -> &'static Result<Project, String> {
    static PROJECT: OnceLock<Result<Project, String>> = OnceLock::new();
    PROJECT.get_or_init(|| {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        Project::read(root, &mut Diagnostics::default()).map_err(|error| format!("{error:#}"))
    })
}

/// What may be printed of the product's tables.
fn released() -> &'static Result<(&'static Project, Release), String> {
    static RELEASED: OnceLock<Result<(&'static Project, Release), String>> = OnceLock::new();
    RELEASED.get_or_init(|| {
        let project = project().as_ref().map_err(Clone::clone)?;
        let release = stages::release(project, &|_| {}, &mut Diagnostics::default());
        Ok((project, release.map_err(|error| format!("{error:#}"))?))
    })
}

/// Every finding has a place inside its file, and is shown without what acts on a terminal.
fn inside(found: &Diagnostics) -> Result<(), String> {
    for finding in found.sorted() {
        for span in std::iter::once(&finding.span).chain(finding.second.as_ref().map(|(span, _)| span)) {
            if !is_inside(span) {
                return Err(format!("{} is named for `{}`, outside the file", span.place(), finding.message));
            }
        }
    }
    for format in [Format::Human, Format::Json] {
        if found.render(format).contains(['\0', '\u{1b}']) {
            return Err("what is shown has control characters".to_owned());
        }
    }
    Ok(())
}

fn is_inside(span: &Span) -> bool {
    let source = span.source();
    let Ok(text) = std::str::from_utf8(&source.bytes) else { return true };
    // A character cut in two is shown as a replacement.
    let whole = text.contains('\u{fffd}') || !span.written().contains('\u{fffd}');
    if source.sheet.is_some() {
        return whole;
    }
    let (line, column) = span.position();
    let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n").replace('\r', "\n");
    let width = text.split('\n').nth(line - 1).map(|line| line.chars().count() + 1);
    whole && width.is_some_and(|width| column <= width) && span.end_position() >= (line, column)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::{Path, PathBuf};
    use std::time::{Duration, Instant};

    use super::*;

    /// More time for one small file is a hang.
    const PATIENCE: Duration = Duration::from_secs(20);
    /// Larger files are not mutated.
    const LARGEST: usize = 1 << 14;
    /// Pieces that mean something to one of the readers.
    const TOKENS: [&str; 16] = [
        "\"",
        ",",
        "\r\n",
        "\0",
        "\u{feff}",
        "{",
        "]",
        "[[",
        "=",
        "#n(",
        "`",
        "/*",
        "\\u{",
        "<text>",
        " Tj ",
        "9999999999",
    ];

    /// The folders of `tests/corpus` whose files a target reads as well.
    fn kinds(target: &str) -> &'static [&'static str] {
        match target {
            "csv" => &["csv"],
            "workbook" => &["xlsx", "ods", "xls"],
            "declarations" => &["toml", "json"],
            "prose" => &["typ"],
            _ => &[],
        }
    }

    fn inputs(target: &str) -> Vec<(PathBuf, Vec<u8>)> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let own = root.join("fuzz/corpus").join(target);
        let others = kinds(target).iter().map(|kind| root.join("tests/corpus").join(kind));
        let mut paths = Vec::new();
        for folder in std::iter::once(own).chain(others) {
            let entries = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
            paths.extend(entries.map(|entry| entry.expect("an entry").path()));
        }
        paths.sort();
        paths.into_iter().map(|path| (path.clone(), fs::read(path).expect("a file"))).collect()
    }

    fn held(run: fn(&[u8]) -> Result<(), String>, file: &[u8], what: &str) {
        let start = Instant::now();
        if let Err(why) = run(file) {
            panic!("{what}: {why}");
        }
        assert!(start.elapsed() < PATIENCE, "{what}: no answer in {PATIENCE:?}");
    }

    #[test]
    fn every_file_of_the_corpus_holds() {
        for (target, run) in TARGETS {
            let inputs = inputs(target);
            assert!(inputs.len() >= 10, "{target} has {} files", inputs.len());
            inputs.iter().for_each(|(path, file)| held(run, file, &path.display().to_string()));
        }
    }

    /// Damages a file in a few places, now and then with a piece of another one.
    fn mutate(dice: &mut fastrand::Rng, file: &mut Vec<u8>, other: &[u8]) {
        for _ in 0..=dice.usize(..4) {
            let at = dice.usize(..=file.len());
            let end = (at + dice.usize(..30)).min(file.len());
            match dice.usize(..6) {
                0 => drop(file.drain(at..end)),
                1 => drop(file.splice(end..end, file[at..end].to_vec().repeat(dice.usize(..40)))),
                2 if at < file.len() => file[at] ^= 1 << dice.usize(..8),
                3 if at < file.len() => file[at] = dice.u8(..),
                4 => {
                    let from = dice.usize(..=other.len());
                    let piece = other[from..(from + dice.usize(..60)).min(other.len())].to_vec();
                    drop(file.splice(at..end, piece));
                }
                _ => drop(file.splice(at..at, TOKENS[dice.usize(..TOKENS.len())].bytes())),
            }
        }
    }

    #[test]
    fn damaged_files_hold() {
        let long = std::env::var_os("TIPBRIEF_LONG").is_some();
        for (target, run) in TARGETS {
            let mut inputs = inputs(target);
            inputs.retain(|(_, file)| file.len() <= LARGEST);
            for seed in 0..if long { 20_000 } else { 200 } {
                let mut dice = fastrand::Rng::with_seed(seed);
                let mut one = || inputs[dice.usize(..inputs.len())].clone();
                let ((path, mut file), (_, other)) = (one(), one());
                mutate(&mut dice, &mut file, &other);
                held(run, &file, &format!("{target}, seed {seed}, {}", path.display()));
            }
        }
    }
}
