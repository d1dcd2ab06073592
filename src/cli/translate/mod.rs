//! The command `translate`: a sheet with each sentence beside its translation, for a reader of the language, and what it corrects.

mod rows;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use clap::Args;

use super::end::{End, conclude, failure, guarded};
use super::options::file_name;
use super::printing::say_paths;
use super::shared::Shared;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Format, Source, Span};
use crate::project::Project;
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
    let mut writer = csv::Writer::from_writer(MARK.as_bytes().to_vec());
    writer.write_record(COLUMNS)?;
    for row in &rows {
        writer.write_record([&row.place, &row.original, &row.translation, ""])?;
    }
    let bytes = writer.into_inner().context("the sheet cannot be written")?;
    let path = root.join(format!("translation-{language}.csv"));
    fs::write(&path, bytes).with_context(|| format!("cannot write `{}`", path.display()))?;
    Ok(path)
}

/// Writes the corrections of a sheet into the files that hold the texts. Returns the paths written. Nothing is written if one of the
/// corrections cannot be.
///
/// # Errors
/// Corrections that do not fit, which are in `diagnostics`; a sheet that cannot be read; or a failure of the machine.
pub fn correct(root: &Path, language: &str, sheet: &Path, diagnostics: &mut Diagnostics) -> Result<Vec<PathBuf>> {
    let rows = rows(root, language, diagnostics)?;
    let text = fs::read_to_string(sheet).with_context(|| format!("cannot read `{}` as UTF-8", sheet.display()))?;
    let source = Arc::new(Source::new(sheet.to_string_lossy(), text.clone().into_bytes()));
    let text = text.trim_start_matches(MARK);
    // Where the comma is the decimal mark, spreadsheets part cells with semicolons.
    let delimiter = if text.lines().next().is_some_and(|head| head.contains(';')) { b';' } else { b',' };
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(text.as_bytes());
    let mut changed: Vec<(&Row, String)> = Vec::new();
    for record in reader.records() {
        let record = record.context("the sheet is not CSV")?;
        let cell = |at| record.get(at).unwrap_or_default().trim();
        let (place, translation, correction) = (cell(0), cell(2), cell(3));
        if correction.is_empty() {
            continue;
        }
        let Some(row) = rows.iter().find(|row| row.place == place && row.translation.trim() == translation) else {
            let message = format!("what stands at {place} is not the text of the sheet; write the sheet again");
            diagnostics.push(refused(Span::start_of(&source), &message));
            continue;
        };
        match row.corrected(correction) {
            Ok(line) => changed.push((row, line)),
            Err(why) => diagnostics.push(refused(row.span.clone(), &format!("the correction does not fit: {why}"))),
        }
    }
    diagnostics.conclude(())?;
    rows::write(root, &changed)
}

fn refused(span: Span, message: &str) -> Diagnostic {
    Diagnostic::error(Code::InvalidValue, span, message.to_owned())
        .hint("nothing was written; correct the sheet, and read it again")
}

fn rows(root: &Path, language: &str, diagnostics: &mut Diagnostics) -> Result<Vec<Row>> {
    let project = Project::load(root, diagnostics)?;
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
        Ok(paths) => say_paths(paths),
        Err(_) => shared.report(diagnostics, Format::Human, failure.as_deref(), std::io::stderr()),
    };
    conclude(failure.or_else(|| written.err().map(|error| error.to_string())), outcome.is_err())
}
