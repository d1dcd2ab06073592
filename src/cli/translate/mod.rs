//! The command `translate`: a sheet with each sentence beside its translation, for a reader of the language, and what it corrects.

mod events;
mod read;
mod rows;
mod write;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use clap::Args;

use super::end::{End, conclude, failure, guarded};
use super::options::file_name;
use super::printing::say_paths;
use super::shared::Shared;
use crate::delivery::publish::{csv_published, replace};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Format, Span};
use crate::project::Project;
use read::{Entry, plain};
use rows::Row;

/// The columns of a sheet, in their order.
const COLUMNS: [&str; 4] = ["place", "original", "translation", "correction"];
/// By this spreadsheets know that the file is UTF-8.
const MARK: &str = "\u{feff}";

/// Writes the sheet of a language. Returns its path.
///
/// # Errors
/// Faults in declarations, which are in `diagnostics`; no such language; or a failure of the machine.
pub fn sheet(root: &Path, language: &str, diagnostics: &mut Diagnostics) -> Result<PathBuf> {
    let rows = rows(root, language, diagnostics)?;
    let cells = |row: &Row| [row.place(), row.original.clone(), row.translation.clone(), String::new()];
    let text = csv_published(std::iter::once(COLUMNS.map(str::to_owned)).chain(rows.iter().map(cells)))?;
    let path = root.join(format!("translation-{language}.csv"));
    replace(&path, format!("{MARK}{text}").as_bytes())?;
    Ok(path)
}

/// Writes the corrections of a sheet into the files that hold the texts. Returns the paths written. Nothing is written if one of the
/// corrections cannot be.
///
/// # Errors
/// Corrections that do not fit, which are in `diagnostics`; a sheet that cannot be read; or a failure of the machine.
pub fn correct(root: &Path, language: &str, sheet: &Path, diagnostics: &mut Diagnostics) -> Result<Vec<PathBuf>> {
    let rows = rows(root, language, diagnostics)?;
    let entries = read::read(sheet, diagnostics)?;
    let places: BTreeMap<String, &Row> = rows.iter().map(|row| (row.place(), row)).collect();
    let mut changed: Vec<(&Row, String)> = Vec::new();
    for entry in &entries {
        let row = places.get(&entry.place).copied();
        let asked = !entry.correction.is_empty();
        if let Some(finding) = unlike(entry, row) {
            diagnostics.push(finding);
        } else if let Some(row) = row.filter(|_| asked) {
            match row.corrected(&entry.correction) {
                _ if changed.iter().any(|(other, _)| other.span.same(&row.span)) => {
                    diagnostics.push(refused(entry, format!("`{}` is corrected twice", entry.place)));
                }
                Ok(text) => changed.push((row, text)),
                Err(why) => diagnostics.push(refused(entry, format!("the correction does not fit: {why}"))),
            }
        }
    }
    diagnostics.conclude(())?;
    write::write(root, &changed)
}

/// What is unlike between a row of the sheet and the texts of the project: an error if the row has a correction. Without one nothing
/// is lost, unless it was written into the wrong column.
fn unlike(entry: &Entry, row: Option<&Row>) -> Option<Diagnostic> {
    let asked = !entry.correction.is_empty();
    let place = &entry.place;
    let Some(row) = row else {
        let message = format!("`{place}` is not the place of a translation");
        return asked.then(|| refused(entry, message).hint("write the sheet again: its texts have moved since"));
    };
    if plain(&row.translation) != entry.translation {
        let message = format!("the column `translation` does not hold what stands at {place}");
        return Some(if asked {
            refused(entry, message).hint("write the sheet again: the text has changed since")
        } else {
            ignored(entry, message).hint("if it was corrected in the sheet, write it into the column `correction`")
        });
    }
    if plain(&row.original) != entry.original {
        let stands = row.source.as_ref().map_or_else(|| "the project".to_owned(), Span::place);
        let message = format!("the column `original` does not hold what stands at {stands}");
        let hint = "an original is not written back: correct it at its place, then write the sheet again";
        return Some(if asked { refused(entry, message) } else { ignored(entry, message) }.hint(hint));
    }
    None
}

/// An error at the correction of a row.
fn refused(entry: &Entry, message: String) -> Diagnostic {
    let hint = "nothing was written; correct the sheet, and read it again";
    Diagnostic::error(Code::InvalidValue, entry.span.clone(), message).hint(hint)
}

/// A warning at the empty correction of a row.
fn ignored(entry: &Entry, message: String) -> Diagnostic {
    Diagnostic::warning(Code::InvalidValue, entry.span.clone(), message)
}

fn rows(root: &Path, language: &str, diagnostics: &mut Diagnostics) -> Result<Vec<Row>> {
    let mut found = Diagnostics::default();
    let project = Project::load(root, &mut found);
    if found.failed() {
        diagnostics.absorb(found);
    }
    let project = project?;
    diagnostics.conclude(())?;
    let known: Vec<&str> = project.texts.iter().skip(1).map(|text| text.language.as_str()).collect();
    if !known.contains(&language) {
        bail!("`{language}` is no further language of this project; there are: {}", known.join(", "));
    }
    rows::of(&project, language)
}

#[derive(Args)]
pub(super) struct TranslateOptions {
    /// The language whose sheet is written, to `translation-<LANGUAGE>.csv`
    #[arg(long, value_name = "LANGUAGE", value_parser = file_name)]
    sheet: String,
    /// Read the column `correction` of this sheet, and write what stands in it into the texts
    #[arg(long, value_name = "FILE")]
    read: Option<PathBuf>,
}

/// Writes or reads a sheet, and prints the paths written.
pub(super) fn run(options: &TranslateOptions, shared: &Shared, diagnostics: &mut Diagnostics) -> End {
    let root = shared.root();
    let outcome = guarded(|| match &options.read {
        Some(file) => correct(&root, &options.sheet, file, diagnostics),
        None => sheet(&root, &options.sheet, diagnostics).map(|path| vec![path]),
    });
    let failure = failure(outcome.as_ref().err(), diagnostics);
    let written = match &outcome {
        Ok(paths) => shared.report(diagnostics, Format::Human, None, std::io::stderr()).and_then(|()| say_paths(paths)),
        Err(_) => shared.report(diagnostics, Format::Human, failure.as_deref(), std::io::stderr()),
    };
    conclude(failure.or_else(|| written.err().map(|error| error.to_string())), outcome.is_err())
}
