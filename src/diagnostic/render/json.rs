//! A Frictionless validation report: one task for each file that has findings.
//!
//! Readers of the report know a fixed list of error types, and the keys of each: frictionless-py rejects others, and
//! an error that lacks a key of its type. So our own codes appear as `table-error` in a table and as `error`
//! elsewhere (the templates of these two show the note; those of `cell-error` and `row-error` do not), with the code in the tags and
//! in `tipbrief:code`. A key that a finding has no value for is empty, or 0. Warnings and notes are the
//! strings that the report has for warnings, and are complete in `tipbrief:warnings`.
//!
//! `cells` and `labels` are always empty, so that no row of a register is ever in a report; `seconds` is 0, so that
//! the same findings are the same bytes.

use std::io::{Result, Write};

use serde::{Serialize, Serializer};

use super::{Code, Diagnostic, Findings, Place, Severity, Visible, count, guarded, offending};

pub(super) fn write(findings: Findings<'_>, out: &mut dyn Write) -> Result<()> {
    let tasks: Vec<_> = findings.files().map(Task::of).collect();
    let errors: Vec<_> = findings.failure.iter().map(|failure| Failure::of(failure)).collect();
    let count = findings.count(Severity::Error) + errors.len();
    let stats = Stats {
        tasks: Some(tasks.len()),
        errors: count,
        warnings: findings.list.len() + errors.len() - count,
        seconds: 0,
    };
    guarded::write(&Report { valid: count == 0, stats, warnings: [], errors, tasks }, out)
}

#[derive(Serialize)]
struct Report<'f> {
    valid: bool,
    stats: Stats,
    warnings: [&'f str; 0],
    errors: Vec<Failure<'f>>,
    tasks: Vec<Task<'f>>,
}

#[derive(Serialize)]
struct Stats {
    #[serde(skip_serializing_if = "Option::is_none")]
    tasks: Option<usize>,
    errors: usize,
    warnings: usize,
    seconds: u8,
}

/// The machine failure that ended the run.
#[derive(Serialize)]
struct Failure<'f> {
    r#type: &'static str,
    title: &'static str,
    description: &'static str,
    message: &'f str,
    tags: [&'static str; 0],
    note: &'f str,
}

impl<'f> Failure<'f> {
    fn of(failure: &'f str) -> Self {
        let (title, description) = ("Error", "The run ended before everything was checked.");
        Self { r#type: "error", title, description, message: failure, tags: [], note: failure }
    }
}

#[derive(Serialize)]
struct Task<'f> {
    name: String,
    r#type: &'static str,
    valid: bool,
    place: &'f str,
    labels: [&'f str; 0],
    stats: Stats,
    warnings: Warnings<'f>,
    errors: Errors<'f>,
    #[serde(rename = "tipbrief:warnings", skip_serializing_if = "Remarks::is_empty")]
    remarks: Remarks<'f>,
}

impl<'f> Task<'f> {
    fn of(file: &'f [&'f Diagnostic]) -> Self {
        let errors = count(file, Severity::Error);
        let place = file.first().map_or("", |finding| finding.span.path());
        Self {
            name: place.chars().map(in_name).collect(),
            r#type: if file.iter().any(|finding| is_tabular(finding)) { "table" } else { "file" },
            valid: errors == 0,
            place,
            labels: [],
            stats: Stats { tasks: None, errors, warnings: file.len() - errors, seconds: 0 },
            warnings: Warnings(file),
            errors: Errors(file),
            remarks: Remarks(file),
        }
    }
}

/// Whether the name of a task may contain a character.
fn in_name(c: char) -> char {
    match c.to_ascii_lowercase() {
        c @ ('a'..='z' | '0'..='9' | '-' | '.' | '_' | '/') => c,
        _ => '-',
    }
}

fn is_tabular(finding: &Diagnostic) -> bool {
    let path = finding.span.path();
    finding.cell.is_some() || finding.span.source().sheet.is_some() || path.rsplit('.').next() == Some("csv")
}

/// Warnings and notes as lines.
struct Warnings<'f>(&'f [&'f Diagnostic]);

impl Serialize for Warnings<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        let line = |finding: &Diagnostic| {
            let (place, word, code) = (Place(&finding.span), finding.severity.word(), finding.code.name());
            format!("{place}: {word}[{code}]: {}", Visible(&finding.message))
        };
        serializer.collect_seq(remarks(self.0).map(line))
    }
}

/// Warnings and notes, complete.
struct Remarks<'f>(&'f [&'f Diagnostic]);

impl Remarks<'_> {
    fn is_empty(&self) -> bool {
        remarks(self.0).next().is_none()
    }
}

impl Serialize for Remarks<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.collect_seq(remarks(self.0).map(Entry::of))
    }
}

fn remarks<'f>(file: &'f [&'f Diagnostic]) -> impl Iterator<Item = &'f Diagnostic> {
    file.iter().copied().filter(|finding| finding.severity != Severity::Error)
}

struct Errors<'f>(&'f [&'f Diagnostic]);

impl Serialize for Errors<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        let errors = self.0.iter().filter(|finding| finding.severity == Severity::Error);
        serializer.collect_seq(errors.map(|finding| Entry::of(finding)))
    }
}

/// A finding as an error of the report. Keys that its type does not have are left out.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Entry<'f> {
    r#type: &'static str,
    title: String,
    description: &'static str,
    message: &'f str,
    tags: Vec<&'static str>,
    note: &'f str,
    #[serde(flatten)]
    row: Option<Row>,
    #[serde(flatten)]
    cell: Option<Offending<'f>>,
    #[serde(flatten)]
    label: Option<Label>,
    #[serde(flatten)]
    reference: Option<Reference<'f>>,
    #[serde(rename = "tipbrief:code")]
    code: &'static str,
    #[serde(rename = "tipbrief:severity")]
    severity: &'static str,
    #[serde(flatten)]
    at: At,
    #[serde(rename = "tipbrief:hint", skip_serializing_if = "Option::is_none")]
    hint: Option<&'f str>,
    #[serde(rename = "tipbrief:second", skip_serializing_if = "Option::is_none")]
    second: Option<Second<'f>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Row {
    cells: [u8; 0],
    row_number: u32,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Offending<'f> {
    #[serde(skip_serializing_if = "Option::is_none")]
    cell: Option<String>,
    field_name: &'f str,
    field_number: u32,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Label {
    labels: [u8; 0],
    row_numbers: [u32; 1],
    label: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Reference<'f> {
    field_names: [&'f str; 1],
    field_cells: [String; 1],
    reference_name: &'static str,
    reference_field_names: [&'static str; 0],
}

#[derive(Serialize)]
struct At {
    #[serde(rename = "tipbrief:place")]
    place: String,
    #[serde(rename = "tipbrief:line")]
    line: usize,
    #[serde(rename = "tipbrief:column")]
    column: usize,
}

#[derive(Serialize)]
struct Second<'f> {
    #[serde(flatten)]
    at: At,
    message: &'f str,
}

impl At {
    fn of(span: &super::Span) -> Self {
        let (line, column) = span.position();
        Self { place: Place(span).to_string(), line, column }
    }
}

/// What an error type is about, and so which keys it has.
#[derive(Clone, Copy, PartialEq, Eq)]
enum About {
    Cell,
    Row,
    Reference,
    Label,
    Table,
    File,
}

impl<'f> Entry<'f> {
    fn of(finding: &'f Diagnostic) -> Self {
        let (r#type, about) = kind(finding);
        let cell = finding.cell.as_ref();
        let field = cell.and_then(|cell| cell.field.as_ref());
        let (field_number, field_name) = field.map_or((0, ""), |(number, label)| (*number, &**label));
        let of_label = about == About::Label;
        let reference = (about == About::Reference).then(|| Reference {
            field_names: [field_name],
            field_cells: [offending(finding)],
            reference_name: "",
            reference_field_names: [],
        });
        let has_row = !of_label && (cell.is_some() || matches!(about, About::Cell | About::Row | About::Reference));
        let has_field = field.is_some() || matches!(about, About::Cell | About::Label);
        Self {
            r#type,
            title: title(r#type),
            description: finding.code.description(),
            message: &finding.message,
            tags: tags(about, r#type, finding.code),
            note: &finding.message,
            row: has_row.then(|| Row { cells: [], row_number: cell.map_or(0, |cell| cell.row) }),
            cell: has_field.then(|| Offending {
                cell: (!of_label).then(|| offending(finding)),
                field_name,
                field_number,
            }),
            label: of_label.then(|| Label { labels: [], row_numbers: [1], label: offending(finding) }),
            reference,
            code: finding.code.name(),
            severity: finding.severity.word(),
            at: At::of(&finding.span),
            hint: finding.hint.as_deref(),
            second: finding.second.as_ref().map(|(span, message)| Second { at: At::of(span), message }),
        }
    }
}

/// The type that readers know, and what it is about.
fn kind(finding: &Diagnostic) -> (&'static str, About) {
    let code = finding.code;
    let about = match code {
        Code::TypeError | Code::ConstraintError | Code::UniqueError | Code::ExtraCell | Code::MissingCell => {
            About::Cell
        }
        Code::BlankRow | Code::PrimaryKey => About::Row,
        Code::ForeignKey => About::Reference,
        Code::BlankLabel | Code::DuplicateLabel | Code::MissingLabel | Code::ExtraLabel => About::Label,
        Code::SourceError | Code::EncodingError | Code::SchemaError => About::File,
        _ if is_tabular(finding) => return ("table-error", About::Table),
        _ => return ("error", About::File),
    };
    (code.name(), about)
}

/// `type-error` is titled `Type Error`.
fn title(name: &str) -> String {
    let capital = |word: &str| {
        let mut letters = word.chars();
        letters.next().map_or_else(String::new, |first| format!("{}{}", first.to_uppercase(), letters.as_str()))
    };
    name.split('-').map(capital).collect::<Vec<_>>().join(" ")
}

fn tags(about: About, r#type: &str, code: Code) -> Vec<&'static str> {
    let mut tags = match about {
        About::Cell => vec!["#table", "#row", "#cell"],
        About::Row | About::Reference => vec!["#table", "#row"],
        About::Label => vec!["#table", "#header", "#label"],
        About::Table => vec!["#table"],
        About::File => Vec::new(),
    };
    if r#type != code.name() {
        tags.push(code.name());
    }
    tags
}
