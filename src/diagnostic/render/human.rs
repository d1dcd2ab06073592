//! The format for people: the source line with a caret, the hint, the second place. Of a large group the first findings are
//! shown, and the others are counted and located; none is left out silently.
//!
//! On a terminal the last lines are seen first, so notes (one line) come first, then warnings, then errors.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{Result, Write};

use anstyle::{AnsiColor, Style};
use unicode_width::UnicodeWidthChar;

use super::group::{digits, places};
use super::{Colour, Diagnostic, Findings, Group, Grouped, Place, Severity, Span, Visible, may_be_shown, visible};

/// How many findings of a large group are shown in full.
const SHOWN: usize = 3;

/// The style of each part of a finding.
struct Palette {
    place: Style,
    margin: Style,
    error: Style,
    warning: Style,
    note: Style,
}

impl Palette {
    fn of(colour: Colour) -> Self {
        let plain = Style::new();
        match colour {
            Colour::Plain => Self { place: plain, margin: plain, error: plain, warning: plain, note: plain },
            Colour::Terminal => Self {
                place: plain.bold(),
                margin: AnsiColor::Blue.on_default(),
                error: AnsiColor::BrightRed.on_default().bold(),
                warning: AnsiColor::BrightYellow.on_default().bold(),
                note: AnsiColor::BrightCyan.on_default().bold(),
            },
        }
    }

    fn severity(&self, severity: Severity) -> Style {
        match severity {
            Severity::Error => self.error,
            Severity::Warning => self.warning,
            Severity::Note => self.note,
        }
    }
}

pub(super) fn write(findings: Findings<'_>, colour: Colour, out: &mut dyn Write) -> Result<()> {
    let palette = Palette::of(colour);
    notes(findings, &palette, out)?;
    for severity in [Severity::Warning, Severity::Error] {
        let of: Vec<&Diagnostic> = findings.list.iter().filter(|found| found.severity == severity).copied().collect();
        Findings { list: &of, ..findings }.files().try_for_each(|file| file_of(file, &palette, out))?;
    }
    tally(findings, &palette, out)
}

/// All notes as one line: how many of each kind.
fn notes(findings: Findings<'_>, palette: &Palette, out: &mut dyn Write) -> Result<()> {
    let mut kinds = BTreeMap::<&str, usize>::new();
    for note in findings.list.iter().filter(|found| found.severity == Severity::Note) {
        *kinds.entry(note.code.name()).or_default() += 1;
    }
    let count = kinds.values().sum::<usize>();
    if count == 0 {
        return Ok(());
    }
    let (style, plural) = (palette.note, if count == 1 { "" } else { "s" });
    let named: Vec<String> = kinds.iter().map(|(name, count)| format!("{} {name}", digits(*count))).collect();
    let (count, named) = (digits(count), named.join(", "));
    writeln!(out, "{style}{count} note{plural}{style:#} ({named}); --format short lists them\n")
}

fn file_of(file: &[&Diagnostic], palette: &Palette, out: &mut dyn Write) -> Result<()> {
    let grouped = Grouped::of(file);
    let mut seen = vec![0; grouped.groups.len()];
    for (finding, number) in file.iter().zip(&grouped.of) {
        let group = &grouped.groups[*number];
        let before = seen[*number];
        seen[*number] += 1;
        if group.is_long() && before >= SHOWN {
            continue;
        }
        let earlier = if group.is_long() { &group.members[..before] } else { &[] };
        one(finding, earlier, palette, out)?;
        if group.is_long() && before + 1 == SHOWN {
            others(group, palette, out)?;
        }
        writeln!(out)?;
    }
    Ok(())
}

/// One finding. Its hint is left out if one of the `earlier` findings has the same.
fn one(finding: &Diagnostic, earlier: &[&Diagnostic], palette: &Palette, out: &mut dyn Write) -> Result<()> {
    let Diagnostic { span, severity, message, .. } = finding;
    at(finding, span, *severity, message, palette, out)?;
    if let Some((span, message)) = &finding.second {
        at(finding, span, Severity::Note, message, palette, out)?;
    }
    match &finding.hint {
        Some(hint) if !earlier.iter().any(|other| other.hint.as_ref() == Some(hint)) => {
            let margin = palette.margin;
            writeln!(out, "  {margin}={margin:#} hint: {}", Visible(hint))
        }
        _ => Ok(()),
    }
}

/// A message with its place and the text there.
fn at(
    finding: &Diagnostic,
    span: &Span,
    severity: Severity,
    message: &str,
    palette: &Palette,
    out: &mut dyn Write,
) -> Result<()> {
    let (place, style, code) = (palette.place, palette.severity(severity), finding.code);
    let (at, word) = (Place(span), severity.word());
    writeln!(out, "{place}{at}{place:#}: {style}{word}[{}]{style:#}: {}", code.name(), Visible(message))?;
    if may_be_shown(span, code) { caret(span, style, palette.margin, out) } else { Ok(()) }
}

fn caret(span: &Span, style: Style, margin: Style, out: &mut dyn Write) -> Result<()> {
    let excerpt = span.excerpt();
    if excerpt.line.is_empty() {
        return Ok(());
    }
    let mut chars = excerpt.line.chars();
    let (mut line, mut indent) = (String::new(), 0);
    chars.by_ref().take(excerpt.indent).for_each(|c| indent += show(&mut line, c));
    let width: usize = chars.by_ref().take(excerpt.width).map(|c| show(&mut line, c)).sum();
    chars.for_each(|c| visible::push(&mut line, c));
    let number = span.source().row(span.start()).to_string();
    let space = " ".repeat(number.len());
    writeln!(out, "{margin}{space} |{margin:#}\n{margin}{number} |{margin:#} {line}")?;
    let (before, carets) = (" ".repeat(indent), "^".repeat(width.max(1)));
    writeln!(out, "{margin}{space} |{margin:#} {before}{style}{carets}{style:#}")
}

/// Adds a character to a line; returns how many terminal columns it takes.
fn show(line: &mut String, c: char) -> usize {
    let start = line.len();
    visible::push(line, c);
    line.get(start..).unwrap_or_default().chars().map(|c| c.width().unwrap_or_default()).sum()
}

/// The line that counts and locates the other findings of a large group.
fn others(group: &Group<'_>, palette: &Palette, out: &mut dyn Write) -> Result<()> {
    let rest = &group.members[SHOWN..];
    let (margin, style) = (palette.margin, palette.severity(group.first.severity));
    let (count, name, places) = (digits(rest.len()), group.name(), places(rest));
    let name = Visible(&name);
    writeln!(out, "  {style}… and {count} more {name}{style:#}, {places}; --format short lists them all")?;
    match group.messages() {
        Some(messages) => writeln!(out, "  {margin}={margin:#} {}", Visible(&messages)),
        None => Ok(()),
    }
}

fn tally(findings: Findings<'_>, palette: &Palette, out: &mut dyn Write) -> Result<()> {
    let mut text = String::new();
    for severity in [Severity::Error, Severity::Warning, Severity::Note] {
        let (count, word, style) = (findings.count(severity), severity.word(), palette.severity(severity));
        if count > 0 {
            let comma = if text.is_empty() { "" } else { ", " };
            let plural = if count == 1 { "" } else { "s" };
            // Writing to a string cannot fail.
            let _ = write!(text, "{comma}{style}{} {word}{plural}{style:#}", digits(count));
        }
    }
    if text.is_empty() { Ok(()) } else { writeln!(out, "{text}") }
}
