//! The differences as Markdown: a table for what changed, what was added and what was removed.

use std::collections::BTreeSet;

use super::words::{Line, lines, side, summary};
use super::{Change, Comparison};

/// Characters with a meaning in Markdown, or in HTML inside it.
const MARKS: [char; 10] = ['\\', '|', '*', '_', '`', '<', '>', '[', ']', '#'];

/// The answer for a pull request or a release note.
#[must_use]
pub fn markdown(comparison: &Comparison) -> String {
    let mut text =
        format!("## What changed: {} → {}\n\n", plain(&side(&comparison.old)), plain(&side(&comparison.new)));
    text += &format!("{}.\n", sentence(&summary(&comparison.differences)));
    let mut shown = BTreeSet::new();
    for change in Change::ALL {
        let rows = lines(&comparison.differences, change, &mut shown);
        if !rows.is_empty() {
            text += &format!(
                "\n### {}\n\n| Figure | Before | Now | Unit | Why |\n|---|---:|---:|---|---|\n",
                sentence(change.code())
            );
            rows.iter().for_each(|line| text += &row(line));
        }
    }
    for note in &comparison.notes {
        text += &format!("\n> {}.\n", sentence(&plain(note)));
    }
    text
}

fn row(line: &Line<'_>) -> String {
    let causes: Vec<String> = line.causes.iter().map(cause).collect();
    let cells = [line.name.as_str(), &line.before, &line.now, line.unit].map(plain);
    format!("| {} | {} |\n", cells.join(" | "), causes.join("<br>"))
}

fn cause((words, evidence): &(&str, String)) -> String {
    let colon = if evidence.is_empty() { "" } else { ": " };
    format!("**{}**{colon}{}", plain(words), plain(evidence))
}

/// Text escaped for Markdown, on one line.
fn plain(words: &str) -> String {
    let mut plain = String::new();
    for c in words.chars() {
        if MARKS.contains(&c) {
            plain.push('\\');
        }
        plain.push(if c.is_control() { ' ' } else { c });
    }
    plain
}

fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
