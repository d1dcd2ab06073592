//! `path:line:column: severity[code]: message`, one line each; a second place follows as a note of the same code.

use std::io::{Result, Write};

use rayon::prelude::*;

use super::{Code, Diagnostic, Findings, Place, Severity, Span, Visible};

pub(super) fn write(findings: Findings<'_>, out: &mut dyn Write) -> Result<()> {
    // A wave of findings is formatted on all cores, then written in order.
    findings.list.chunks(WAVE).try_for_each(|wave| {
        let texts: Vec<Result<Vec<u8>>> = wave.par_chunks(PART).map(text).collect();
        texts.into_iter().try_for_each(|text| out.write_all(&text?))
    })
}

/// Findings that one core formats at a time.
const PART: usize = 1 << 12;
/// Findings formatted before they are written.
const WAVE: usize = 1 << 16;

fn text(findings: &[&Diagnostic]) -> Result<Vec<u8>> {
    let mut text = Vec::new();
    findings.iter().try_for_each(|finding| lines(finding, &mut text))?;
    Ok(text)
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
