//! The figures as lines, for people.

use super::FoundFigure;

/// A line for each figure: its id, the call that prints it, and what it says.
#[must_use]
pub fn words(figures: &[FoundFigure<'_>]) -> Vec<String> {
    figures.iter().map(line).collect()
}

fn line(figure: &FoundFigure<'_>) -> String {
    let FoundFigure { id, call, title, period, shown, sources, .. } = figure;
    let noun = if *sources == 1 { "source" } else { "sources" };
    format!("{id}  {call}  {shown} · {title} · {period} · {sources} {noun}")
}
