//! Findings as text: for people with the source line and a caret, or one line each.

use std::fmt::Write;

use super::{Diagnostic, Diagnostics, Severity, Span};

/// How findings are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// Source line, caret and hint.
    #[default]
    Human,
    /// `path:line:column: severity[code]: message`, one line each.
    Short,
}

impl Diagnostics {
    /// All findings in `format`, in the order of their places.
    #[must_use]
    pub fn render(&self, format: Format) -> String {
        let mut text = String::new();
        for diagnostic in self.sorted() {
            match format {
                Format::Human => human(&mut text, diagnostic),
                Format::Short => short(&mut text, diagnostic),
            }
        }
        if format == Format::Human {
            text.push_str(&self.tally());
        }
        text
    }

    fn tally(&self) -> String {
        let counts = [(Severity::Error, "error"), (Severity::Warning, "warning"), (Severity::Note, "note")];
        let parts: Vec<_> = counts
            .into_iter()
            .filter_map(|(severity, word)| match self.count(severity) {
                0 => None,
                1 => Some(format!("1 {word}")),
                n => Some(format!("{n} {word}s")),
            })
            .collect();
        if parts.is_empty() { String::new() } else { format!("{}\n", parts.join(", ")) }
    }
}

fn short(text: &mut String, diagnostic: &Diagnostic) {
    line(text, &diagnostic.span, diagnostic.severity, diagnostic.code.name(), &diagnostic.message);
    if let Some((span, message)) = &diagnostic.second {
        line(text, span, Severity::Note, diagnostic.code.name(), message);
    }
}

fn line(text: &mut String, span: &Span, severity: Severity, code: &str, message: &str) {
    let (line, column) = span.position();
    let message = printable(message);
    // Writing to a string cannot fail.
    let _ = writeln!(text, "{}:{line}:{column}: {}[{code}]: {message}", span.path(), severity.word());
}

/// What a terminal may be given: control characters of a cell are shown, not obeyed.
fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { if c.is_whitespace() { ' ' } else { '\u{fffd}' } } else { c }).collect()
}

fn human(text: &mut String, diagnostic: &Diagnostic) {
    line(text, &diagnostic.span, diagnostic.severity, diagnostic.code.name(), &diagnostic.message);
    caret(text, &diagnostic.span);
    if let Some((span, message)) = &diagnostic.second {
        line(text, span, Severity::Note, diagnostic.code.name(), message);
        caret(text, span);
    }
    if let Some(hint) = &diagnostic.hint {
        let _ = writeln!(text, "  = hint: {hint}");
    }
    text.push('\n');
}

fn caret(text: &mut String, span: &Span) {
    let excerpt = span.excerpt();
    if excerpt.line.is_empty() {
        return;
    }
    let number = span.position().0.to_string();
    let margin = " ".repeat(number.len());
    let _ = writeln!(text, "{margin} |\n{number} | {}", printable(&excerpt.line));
    let _ = writeln!(text, "{margin} | {}{}", " ".repeat(excerpt.indent), "^".repeat(excerpt.width));
}
