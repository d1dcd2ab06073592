//! The differences as text: a line for each figure, and one for each cause below it.

use std::collections::BTreeSet;

use super::words::{AS_BEFORE, Line, lines, side, summary};
use super::{Change, Comparison, Difference};

/// The answer for a terminal.
#[must_use]
pub fn text(comparison: &Comparison) -> String {
    let mut text = format!("{} → {}\n", side(&comparison.old), side(&comparison.new));
    text += &summary(&comparison.differences);
    text.push('\n');
    let mut shown = BTreeSet::new();
    for change in Change::ALL {
        for line in lines(&comparison.differences, change, &mut shown) {
            text.push('\n');
            text += &lines_of(&line, change);
        }
    }
    for note in &comparison.notes {
        text += &format!("\nnote: {note}\n");
    }
    text
}

/// The differences without their causes, a line each: `changed XXA/persons_arrested:2023: 41 → 43 [persons]`.
#[must_use]
pub fn figure_lines(differences: &[Difference]) -> Vec<String> {
    let of = |change| {
        lines(differences, change, &mut BTreeSet::new()).into_iter().map(move |line| figure_line(&line, change))
    };
    Change::ALL.into_iter().flat_map(of).collect()
}

fn figure_line(line: &Line<'_>, change: Change) -> String {
    let Line { name, unit, before, now, same, .. } = line;
    let values = match change {
        Change::Added => now.clone(),
        Change::Removed => before.clone(),
        Change::Changed if before == AS_BEFORE => before.clone(),
        Change::Changed if *same => format!("{now}, {AS_BEFORE}"),
        Change::Changed => format!("{before} → {now}"),
    };
    format!("{} {name}: {values} [{unit}]", change.code())
}

fn lines_of(line: &Line<'_>, change: Change) -> String {
    let mut text = figure_line(line, change) + "\n";
    for (words, evidence) in &line.causes {
        let colon = if evidence.is_empty() { "" } else { ": " };
        text += &format!("  {words}{colon}{evidence}\n");
    }
    text
}
