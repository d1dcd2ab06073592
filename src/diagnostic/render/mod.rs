//! Findings as text: for people, for tools that read lines, and in the formats of other programs. One file for
//! each format; **anstyle**, **quick-xml** and **unicode-width** are used here.
//!
//! For a register every format shows the place, the column and the faulty cell, and nothing else of the row. Characters in a
//! cell that would control a terminal are made visible: see [`Visible`].

mod github;
mod group;
mod guarded;
mod human;
mod json;
mod junit;
mod place;
mod sarif;
mod short;
mod visible;

use std::io::{Result, Write};

use super::{Code, Diagnostic, Diagnostics, Severity, Span};
use group::{Group, Grouped};
use place::Place;
use visible::Visible;

/// How findings are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// Source line, caret and hint; large groups of similar findings are shown together.
    #[default]
    Human,
    /// `path:line:column: severity[code]: message`, one line each.
    Short,
    /// A Frictionless validation report.
    Json,
    /// Workflow commands of GitHub Actions.
    Github,
    /// SARIF 2.1.0.
    Sarif,
    /// `JUnit` XML.
    Junit,
}

/// Whether the format for people is coloured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Colour {
    /// Text alone.
    #[default]
    Plain,
    /// With the escape codes of terminals.
    Terminal,
}

impl Format {
    /// Whether programs read it, so that nothing else may be printed with it.
    #[must_use]
    pub fn is_for_machines(self) -> bool {
        !matches!(self, Self::Human | Self::Short)
    }
}

/// What is rendered: the sorted findings, and the machine failure that ended the run, if one did.
#[derive(Clone, Copy)]
struct Findings<'f> {
    list: &'f [&'f Diagnostic],
    failure: Option<&'f str>,
}

impl<'f> Findings<'f> {
    /// The findings of each file.
    fn files(self) -> impl Iterator<Item = &'f [&'f Diagnostic]> {
        self.list.chunk_by(|one, next| one.span.path() == next.span.path())
    }

    fn count(self, severity: Severity) -> usize {
        count(self.list, severity)
    }
}

fn count(list: &[&Diagnostic], severity: Severity) -> usize {
    list.iter().filter(|finding| finding.severity == severity).count()
}

impl Diagnostics {
    /// All findings in `format`, sorted, without colour.
    #[must_use]
    pub fn render(&self, format: Format) -> String {
        let mut text = Vec::new();
        // Writing to memory cannot fail.
        let _ = self.write(format, Colour::Plain, None, &mut text);
        String::from_utf8_lossy(&text).into_owned()
    }

    /// Writes all findings in `format`, sorted; if quiet, people get only the errors. A
    /// machine `failure` that ended the run is part of the formats for machines, so that files that were not checked do not
    /// pass as correct.
    ///
    /// # Errors
    /// When `out` cannot be written to.
    pub fn write(&self, format: Format, colour: Colour, failure: Option<&str>, out: &mut dyn Write) -> Result<()> {
        let mut sorted = self.sorted();
        if self.quiet && !format.is_for_machines() {
            sorted.retain(|found| found.severity == Severity::Error);
        }
        let findings = Findings { list: &sorted, failure };
        match format {
            Format::Human => human::write(findings, colour, out),
            Format::Short => short::write(findings, out),
            Format::Json => json::write(findings, out),
            Format::Github => github::write(findings, out),
            Format::Sarif => sarif::write(findings, out),
            Format::Junit => junit::write(findings, out),
        }
    }
}

/// The text of the faulty cell, without its quotes: nothing for a whole row, and nothing in a register if a
/// quote may have included other cells.
fn offending(finding: &Diagnostic) -> String {
    let in_cell = finding.cell.as_ref().is_some_and(|cell| cell.field.is_some());
    if !in_cell || !may_be_shown(&finding.span, finding.code) {
        return String::new();
    }
    let written = finding.span.written();
    match written.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        Some(inner) => inner.replace("\"\"", "\""),
        None => written,
    }
}

/// Whether the text at a place may be shown. In a register it may not if it may be more than one cell: after an open
/// quote, in a label that may be a cell of a row, in a row that was pasted into one cell.
fn may_be_shown(span: &Span, code: Code) -> bool {
    let runs_on = matches!(
        code,
        Code::QuoteError
            | Code::EncodingError
            | Code::SourceError
            | Code::StrayRow
            | Code::ExtraCell
            | Code::ExtraLabel
            | Code::BlankLabel
            | Code::DuplicateLabel
            | Code::IncorrectLabel
    );
    !span.source().confidential || !runs_on && span.is_modest()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    use proptest::prelude::*;

    use crate::diagnostic::Source;
    use crate::project::text::anything::{anything, hold};

    #[test]
    fn any_text_is_pointed_at_in_every_format() {
        let formats = [Format::Human, Format::Short, Format::Json, Format::Github, Format::Sarif, Format::Junit];
        hold(
            400,
            (anything(), anything(), 0_usize..400, 0_usize..40, any::<bool>()),
            |(text, words, at, long, secret)| {
                // Places may be anywhere, also between the bytes of one character.
                let source = Arc::new(Source::new("t.csv", text.clone().into_bytes()).confidential(secret));
                let span = Span::new(&source, at..at + long);
                let whole = Span::new(&source, 0..text.len());
                let mut diagnostics = Diagnostics::default();
                diagnostics.push(Diagnostic::error(Code::TypeError, span.clone(), words.as_str()).hint(words.as_str()));
                diagnostics
                    .push(Diagnostic::note(Code::QuoteError, whole, words.as_str()).second(span, words.as_str()));
                for format in formats {
                    let text = diagnostics.render(format);
                    prop_assert!(!text.is_empty() && !text.contains(['\0', '\u{1b}', '\u{202e}']), "{text:?}");
                }
                Ok(())
            },
        );
    }

    #[test]
    fn a_caret_stands_under_what_is_wide_or_has_no_width() {
        let caret_line = |text: &str, needle: &str| {
            let at = text.find(needle).unwrap_or_default();
            let source = Arc::new(Source::new("t.csv", text.as_bytes().to_vec()));
            let mut diagnostics = Diagnostics::default();
            diagnostics.push(Diagnostic::error(Code::TypeError, Span::new(&source, at..at + needle.len()), "x"));
            diagnostics.render(Format::Human).lines().nth(3).unwrap_or_default().to_owned()
        };
        assert_eq!(caret_line("a,½,b", "½"), "  |   ^");
        assert_eq!(caret_line("女,½,b", "½"), "  |    ^");
        assert_eq!(caret_line("e\u{301},m²", "m²"), "  |   ^^");
        assert_eq!(caret_line("a,😀", "😀"), "  |   ^^");
    }
}
