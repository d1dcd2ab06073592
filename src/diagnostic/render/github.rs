//! Workflow commands of GitHub Actions: `::error file=…,line=…,col=…,endColumn=…,title=…::message`.
//!
//! GitHub shows ten annotations of each severity for a step, so findings of one file, column and code share one. It is at
//! the first place and names the others. Errors come before warnings, warnings before notices.

use std::fmt::Write as _;
use std::io::{Result, Write};

use super::group::{digits, places};
use super::{Findings, Group, Grouped, Place, Severity, Span, Visible};

pub(super) fn write(findings: Findings<'_>, out: &mut dyn Write) -> Result<()> {
    if let Some(failure) = findings.failure {
        writeln!(out, "::error title=tipbrief::{}", data(&Visible(failure).to_string()))?;
    }
    let mut groups: Vec<Group<'_>> = findings.files().flat_map(|file| Grouped::of(file).groups).collect();
    // A stable sort: within a severity the places keep their order.
    groups.sort_by_key(|group| group.first.severity);
    groups.iter().try_for_each(|group| annotation(group, out))
}

fn annotation(group: &Group<'_>, out: &mut dyn Write) -> Result<()> {
    let command = match group.first.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    let (place, title) = (properties(&group.first.span), group.first.code.name());
    writeln!(out, "::{command} {place},title={title}::{}", data(&message(group)))
}

/// The place of an annotation. A workbook has no lines: its cell is named in the message.
fn properties(span: &Span) -> String {
    let path = property(&Visible(span.path()).to_string());
    if span.source().sheet.is_some() {
        return format!("file={path}");
    }
    let ((line, column), (end_line, end_column)) = (span.position(), span.end_position());
    let mut text = format!("file={path},line={line},col={column}");
    if line == end_line && end_column > column {
        // Writing to a string cannot fail.
        let _ = write!(text, ",endColumn={end_column}");
    }
    text
}

/// The first finding's message, and below it the others, the second place and the hint.
fn message(group: &Group<'_>) -> String {
    let first = group.first;
    let mut text = match first.span.cell_name() {
        Some(cell) => format!("{}: {}", Visible(&cell), Visible(&first.message)),
        None => Visible(&first.message).to_string(),
    };
    // Writing to a string cannot fail.
    if let Some((span, message)) = &first.second {
        let _ = write!(text, "\n{}: {}", Place(span), Visible(message));
    }
    if let Some(hint) = &first.hint {
        let _ = write!(text, "\nhint: {}", Visible(hint));
    }
    if let [_, rest @ ..] = group.members.as_slice()
        && !rest.is_empty()
    {
        let _ = write!(text, "\nand {} more {}, {}", digits(rest.len()), Visible(&group.name()), places(rest));
    }
    text
}

/// The escapes of a command's message.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The escapes of a command's property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_end_a_command_is_escaped() {
        assert_eq!(data("5 % of a:b,\r\nc"), "5 %25 of a:b,%0D%0Ac");
        assert_eq!(property("a,b:c%0A\n"), "a%2Cb%3Ac%250A%0A");
    }
}
