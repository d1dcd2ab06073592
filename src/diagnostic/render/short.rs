//! `path:line:column: severity[code]: message`, one line each; a second place follows as a note of the same code.

use std::io::{Result, Write};

use super::{Code, Diagnostic, Findings, Place, Severity, Span, Visible};

pub(super) fn write(findings: Findings<'_>, out: &mut dyn Write) -> Result<()> {
    findings.list.iter().try_for_each(|finding| lines(finding, out))
}

/// The line of a finding, and that of its second place.
pub(super) fn lines(finding: &Diagnostic, out: &mut dyn Write) -> Result<()> {
    line(&finding.span, finding.severity, finding.code, &finding.message, out)?;
    match &finding.second {
        Some((span, message)) => line(span, Severity::Note, finding.code, message, out),
        None => Ok(()),
    }
}

fn line(span: &Span, severity: Severity, code: Code, message: &str, out: &mut dyn Write) -> Result<()> {
    writeln!(out, "{}: {}[{}]: {}", Place(span), severity.word(), code.name(), Visible(message))
}
