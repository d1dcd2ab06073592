//! Groups similar findings: those with the same file, column, code and severity. Large groups are shown together, so that
//! they do not hide the others.

use std::collections::HashMap;
use std::fmt::Write;

use super::{Code, Diagnostic, Severity, Span};

/// `human` shows larger groups together: the limit in a column of a table, and elsewhere, where each finding is likely
/// to be a different slip.
const LONG: [usize; 2] = [25, 100];
/// How many further places are named, before the last one.
const NAMED: usize = 4;
/// How many of the most frequent messages are listed.
const MESSAGES: usize = 3;

/// The findings of one file, sorted into groups.
pub(super) struct Grouped<'f> {
    /// In the order of their first places.
    pub(super) groups: Vec<Group<'f>>,
    /// For each finding of the file, the number of its group.
    pub(super) of: Vec<usize>,
}

/// Findings of one file with the same column, code and severity, sorted by place; never empty.
pub(super) struct Group<'f> {
    pub(super) first: &'f Diagnostic,
    pub(super) members: Vec<&'f Diagnostic>,
}

type Key = (Option<u32>, Code, Severity);

impl<'f> Grouped<'f> {
    /// Groups the findings of one file.
    pub(super) fn of(file: &[&'f Diagnostic]) -> Self {
        let mut numbers = HashMap::<Key, usize>::new();
        let mut grouped = Self { groups: Vec::new(), of: Vec::with_capacity(file.len()) };
        for finding in file {
            let number = *numbers.entry(key(finding)).or_insert(grouped.groups.len());
            match grouped.groups.get_mut(number) {
                Some(group) => group.members.push(finding),
                None => grouped.groups.push(Group { first: finding, members: vec![finding] }),
            }
            grouped.of.push(number);
        }
        grouped
    }
}

fn key(finding: &Diagnostic) -> Key {
    let field = finding.cell.as_ref().and_then(|cell| cell.field.as_ref());
    (field.map(|(number, _)| *number), finding.code, finding.severity)
}

impl Group<'_> {
    /// Whether the group is so large that it would hide the others.
    pub(super) fn is_long(&self) -> bool {
        let [of_table, elsewhere] = LONG;
        self.members.len() > if self.first.cell.is_some() { of_table } else { elsewhere }
    }

    /// The label of the column they share.
    pub(super) fn column(&self) -> Option<&str> {
        self.first.cell.as_ref()?.field.as_ref().map(|(_, label)| &**label)
    }

    /// ``constraint-error in column `stage` ``.
    pub(super) fn name(&self) -> String {
        match self.column() {
            Some(column) => format!("{} in column `{column}`", self.first.code.name()),
            None => self.first.code.name().to_owned(),
        }
    }

    /// The number of different messages, and the most frequent ones; none if all are the same, and none for
    /// a register, whose values must not be counted.
    pub(super) fn messages(&self) -> Option<String> {
        let mut counts = HashMap::<&str, usize>::with_capacity(self.members.len());
        self.members.iter().for_each(|finding| *counts.entry(&finding.message).or_default() += 1);
        if counts.len() < 2 || self.first.span.source().confidential {
            return None;
        }
        let mut often: Vec<_> = counts.iter().map(|(message, count)| (std::cmp::Reverse(*count), *message)).collect();
        // Of a hundred thousand messages only the first few need an order.
        if often.len() > MESSAGES {
            often.select_nth_unstable(MESSAGES);
            often.truncate(MESSAGES);
        }
        often.sort_unstable();
        let often: Vec<_> = often.iter().map(|(count, text)| format!("{} {text}", times(count.0))).collect();
        Some(format!("{} different messages, most often: {}", digits(counts.len()), often.join("; ")))
    }
}

/// Where findings of one file are: `lines 6, 7, 9, 12 … 10001`, or `cells C6, C7` in a workbook.
pub(super) fn places(members: &[&Diagnostic]) -> String {
    let (Some(first), Some(last)) = (members.first(), members.last()) else { return String::new() };
    let word = if first.span.source().sheet.is_some() { "cell" } else { "line" };
    let mut spots: Vec<String> = Vec::new();
    for finding in members {
        let spot = spot(&finding.span);
        if spots.last() != Some(&spot) {
            spots.push(spot);
        }
        if spots.len() > NAMED + 1 {
            spots.truncate(NAMED);
            return format!("{word}s {} … {}", spots.join(", "), self::spot(&last.span));
        }
    }
    let plural = if spots.len() == 1 { "" } else { "s" };
    format!("{word}{plural} {}", spots.join(", "))
}

/// The line, or the workbook's cell.
fn spot(span: &Span) -> String {
    span.cell_name().unwrap_or_else(|| span.position().0.to_string())
}

fn times(count: usize) -> String {
    if count == 1 { "once".to_owned() } else { format!("{} times", digits(count)) }
}

/// A count with its thousands set apart.
pub(super) fn digits(count: usize) -> String {
    let plain = count.to_string();
    let mut text = String::new();
    for (at, digit) in plain.chars().enumerate() {
        if at > 0 && (plain.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        // Writing to a string cannot fail.
        let _ = write!(text, "{digit}");
    }
    text
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::Diagnostics;
    use super::*;
    use crate::diagnostic::{Format, Sheet, Source};

    #[test]
    fn thousands_are_set_apart() {
        assert_eq!([0, 999, 1000, 1_234_567].map(digits), ["0", "999", "1,000", "1,234,567"]);
    }

    #[test]
    fn a_workbook_has_cells_and_no_lines() {
        let sheet = Sheet { name: "Sheet1".into(), origin: (0, 0), width: 1, cells: vec![0, 2] };
        let source = Arc::new(Source::new("t.xlsx", b"a\nb\n".to_vec()).of_sheet(sheet));
        let mut diagnostics = Diagnostics::default();
        for at in [0, 2] {
            diagnostics.push(Diagnostic::error(Code::TypeError, Span::new(&source, at..at + 1), "wrong"));
        }
        let annotation =
            "::error file=t.xlsx,title=type-error::Sheet1!A1: wrong%0Aand 1 more type-error, cell Sheet1!A2\n";
        assert_eq!(diagnostics.render(Format::Github), annotation);
        assert!(!diagnostics.render(Format::Sarif).contains("startLine"));
    }
}
