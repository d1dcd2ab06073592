//! The summary of a build, in Markdown for the page of a CI job: what was built, what changed, and the findings by table.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result};

use crate::delivery::build::{Built, Why};
use crate::diagnostic::{Diagnostics, Severity, several};

/// The most rows that a table shows; the log has them all.
const ROWS: usize = 50;

/// The summary of one build; `failure` is why it stopped early, if it did.
#[must_use]
pub fn markdown(built: &Built, diagnostics: &Diagnostics, failure: Option<&str>) -> String {
    let mut text = format!("## Briefs\n\n{}\n", outcome(built, diagnostics, failure));
    table(&mut text, "What was built", ["document", "why"], documents(built));
    let changed = built.changed.iter().map(|path| [code(path)]);
    table(&mut text, "What changed since the previous build", ["input"], changed.collect());
    table(&mut text, "Findings by table", ["table", "errors", "warnings", "notes"], findings(diagnostics));
    text
}

/// Appends the summary to a file.
///
/// # Errors
/// When it cannot be written to.
pub fn append(path: &Path, text: &str) -> Result<()> {
    let file = File::options().create(true).append(true).open(path);
    let written = file.and_then(|mut file| file.write_all(text.as_bytes()));
    written.with_context(|| format!("cannot write the summary to `{}`", path.display()))
}

fn outcome(built: &Built, diagnostics: &Diagnostics, failure: Option<&str>) -> String {
    let all = built.whys.iter().filter(|(path, _)| is_document(path));
    let (kept, made): (Vec<_>, Vec<_>) = all.partition(|(_, why)| **why == Why::Same);
    let mut text = match failure {
        Some(failure) => format!("**Failed:** {}\n", escaped(failure)),
        None if diagnostics.failed() => "**Errors were found.**\n".to_owned(),
        None if made.is_empty() => "Nothing changed: every document is up to date.\n".to_owned(),
        None => String::new(),
    };
    if !made.is_empty() || !kept.is_empty() {
        text += &format!("{} built, {} kept.\n", documents_of(made.len()), documents_of(kept.len()));
    }
    let failed = built.failed.values().flatten();
    let behind: Vec<String> = built.faulty.iter().chain(failed).map(|country| code(country)).collect();
    if !behind.is_empty() {
        text += &format!("\nNot published, previous output kept: {}.\n", behind.join(", "));
    }
    text
}

fn documents_of(count: usize) -> String {
    several(count, "document", "documents")
}

fn is_document(path: &str) -> bool {
    Path::new(path).extension().is_some_and(|kind| kind == "pdf")
}

fn documents(built: &Built) -> Vec<[String; 2]> {
    let made = built.whys.iter().filter(|(path, why)| is_document(path) && **why != Why::Same);
    made.map(|(path, why)| [code(path), escaped(&why.to_string())]).collect()
}

fn findings(diagnostics: &Diagnostics) -> Vec<[String; 4]> {
    let mut counts = BTreeMap::<String, [usize; 3]>::new();
    for finding in diagnostics.sorted() {
        let gravity = match finding.severity {
            Severity::Error => 0,
            Severity::Warning => 1,
            Severity::Note => 2,
        };
        counts.entry(finding.span.path().to_owned()).or_default()[gravity] += 1;
    }
    let mut rows: Vec<_> = counts.into_iter().collect();
    rows.sort_by(|(a, one), (b, other)| other.cmp(one).then_with(|| a.cmp(b)));
    rows.into_iter().map(|(path, [e, w, n])| [code(&path), e.to_string(), w.to_string(), n.to_string()]).collect()
}

/// A table under its heading; nothing where it has no rows.
fn table<const N: usize>(text: &mut String, heading: &str, head: [&str; N], rows: Vec<[String; N]>) {
    if rows.is_empty() {
        return;
    }
    let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    *text += &format!("\n### {heading}\n\n{}{}", line(&head.map(str::to_owned)), line(&head.map(|_| "---".to_owned())));
    *text += &rows.iter().take(ROWS).map(|row| line(row)).collect::<String>();
    if rows.len() > ROWS {
        *text += &format!("\n… and {} more\n", rows.len() - ROWS);
    }
}

/// A path, as it stands.
fn code(text: &str) -> String {
    format!("`{}`", plain(text).replace('`', "'").replace('|', "\\|"))
}

/// Text with the special characters of Markdown escaped.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in plain(text).chars() {
        if matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '#' | '!' | '&' | '@') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// One line without control characters.
fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}
