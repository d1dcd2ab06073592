//! Runs Typst on a staging folder: a document or its cover comes out, or what Typst complains of.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use chrono::NaiveDate;

use super::complaint::{self, Complaint};
use super::run;
use super::tool::Typst;
use crate::project::policy::Limits;

/// The resolution of a chart: one across the page becomes 1,400 pixels wide.
const CHART: &str = "200";
/// The resolution of a cover: A4 becomes 1,200 pixels wide.
const COVER: &str = "145";

/// What a document becomes.
#[derive(Clone, Copy)]
pub(super) enum Form {
    /// All of it, accessible and archivable.
    Pdf,
    /// A picture of its first page.
    Cover,
    /// The same, where that page depends on no other: `templates/theme.typ` then sets no further page.
    CoverAlone,
    /// A picture of the chart on its first page.
    Chart,
    /// A picture of one of its pages.
    Page(usize),
    /// A PDF to be read by this program, in which each figure is a link to its id.
    Located,
}

/// The template of the latter, which no template of a project is called like: hidden files are none.
pub(super) const LOCATED: &str = ".located.typ";

impl Form {
    /// The template of the picture of a chart.
    pub(super) const CHART: &'static str = "chart.typ";

    pub(super) fn arguments(self) -> Vec<String> {
        let fixed: &[&str] = match self {
            Self::Pdf => &["--format", "pdf", "--pdf-standard", "a-2a,ua-1"],
            Self::Cover => &["--format", "png", "--pages", "1", "--ppi", COVER],
            Self::Chart => &["--format", "png", "--ppi", CHART],
            Self::CoverAlone => &["--format", "png", "--pages", "1", "--ppi", COVER, "--input", "picture=first-page"],
            Self::Page(_) => &["--format", "svg", "--pages"],
            Self::Located => &["--format", "pdf", "--no-pdf-tags"],
        };
        let page = if let Self::Page(page) = self { Some(page.to_string()) } else { None };
        fixed.iter().map(|argument| (*argument).to_owned()).chain(page).collect()
    }

    /// Its name, its first bytes and its last.
    fn marks(self) -> (&'static str, &'static [u8], &'static [u8]) {
        match self {
            Self::Pdf | Self::Located => ("PDF", b"%PDF-", b"%%EOF"),
            Self::Page(_) => ("SVG", b"<svg", b"</svg>"),
            Self::Cover | Self::CoverAlone | Self::Chart => ("PNG", b"\x89PNG\r\n\x1a\n", b"IEND\xaeB`\x82"),
        }
    }
}

/// The date that a document carries: that of its issue, never the clock's.
pub(super) fn dated(date: NaiveDate) -> [String; 2] {
    let stamp = date.and_hms_opt(0, 0, 0).map_or(0, |time| time.and_utc().timestamp());
    ["--creation-timestamp".to_owned(), stamp.to_string()]
}

/// Compiles `<document>.typ` of a staging folder; there is no document where Typst reports an error.
///
/// The document comes through a pipe, so a run that was given up leaves no file behind.
pub(super) fn compile(
    typst: &Typst,
    folder: &Path,
    document: &str,
    form: Form,
    date: NaiveDate,
    limits: Limits,
) -> Result<(Option<Vec<u8>>, Vec<Complaint>)> {
    let mut command = run::command(&typst.program, "compile", folder);
    command.args(form.arguments()).args(dated(date));
    let own = format!("{document}.typ");
    let template = match form {
        Form::Chart => Form::CHART,
        Form::Located => {
            command.args(["--input", &format!("document=/{own}")]);
            LOCATED
        }
        _ => &own,
    };
    command.arg(folder.join(template)).arg("-");
    let output = run::run(&mut command, limits)?;
    let mut complaints: Vec<Complaint> = output.err.lines().filter_map(|line| complaint::parse(line, folder)).collect();
    // Typst warns of each missing letter by itself; one warning a place is enough.
    complaints.dedup_by(|next, kept| (&next.path, next.position) == (&kept.path, kept.position));
    if complaints.iter().any(|complaint| complaint.error) {
        return Ok((None, complaints));
    }
    if !output.status.success() {
        return Err(run::failure(&output, limits));
    }
    let (name, begin, end) = form.marks();
    ensure!(output.out.starts_with(begin), "Typst's output is not a {name}");
    ensure!(output.out.trim_ascii_end().ends_with(end), "Typst's {name} is incomplete");
    Ok((Some(output.out), complaints))
}

/// Evaluates an expression in a document of a staging folder; the result is JSON.
pub(super) fn evaluate(
    typst: &Typst,
    folder: &Path,
    document: &str,
    expression: &str,
    limits: Limits,
) -> Result<Vec<u8>> {
    let mut command = run::command(&typst.program, "eval", folder);
    command.arg("--in").arg(folder.join(format!("{document}.typ"))).arg(expression);
    let output = run::run(&mut command, limits).context("cannot ask Typst for pages")?;
    ensure!(output.status.success(), "Typst ended with {}", output.status);
    Ok(output.out)
}
