//! The answer as text, for people.

use std::fmt::Write;

use super::{Answer, ExplainedFigure, Place, Source, TableRow};

/// The answer, figure by figure.
#[must_use]
pub fn words(answer: &Answer) -> String {
    let mut parts: Vec<String> = answer.figures.iter().map(figure).collect();
    if !answer.literals.is_empty() {
        let lines = answer.literals.iter().map(|literal| format!("  {}  {}\n", literal.place, literal.what));
        parts.push(format!("`{}` where it is not a figure\n{}", answer.query, lines.collect::<String>()));
    }
    if parts.is_empty() {
        parts.push(format!("`{}` is a year, and stands for itself\n", answer.query));
    }
    parts.join("\n")
}

fn figure(figure: &ExplainedFigure) -> String {
    let mut out = format!("{}\n", figure.id);
    field(&mut out, "figure", &format!("{} · {} · {}", figure.display, figure.title, figure.period));
    if figure.contested {
        let others: Vec<&str> = figure.alternatives.iter().map(|other| other.display.as_str()).collect();
        field(&mut out, "contested", &format!("other sources give {}", others.join(", ")));
    }
    field(&mut out, "definition", &figure.definition);
    field(&mut out, "rule", &figure.rule);
    if let Some(filter) = &figure.filter {
        field(&mut out, "filter", filter);
    }
    rows(&mut out, "rows", &figure.rows);
    sources(&mut out, "sources", &figure.sources);
    rows(&mut out, "the same in", &figure.agreeing);
    for other in &figure.alternatives {
        field(&mut out, "alternative", &format!("{}: {}", other.display, other.why));
        rows(&mut out, "", &other.rows);
        sources(&mut out, "", &other.sources);
    }
    places(&mut out, &figure.printed);
    copies(&mut out, &figure.copies);
    out
}

/// At most this many copies are listed.
const SHOWN: usize = 5;

/// The column in which the text beside a label begins.
const COLUMN: usize = 14;

fn field(out: &mut String, name: &str, text: &str) {
    // Writing to a string cannot fail.
    let _ = writeln!(out, "  {name:<width$}{text}", width = COLUMN - 2);
}

fn rows(out: &mut String, name: &str, rows: &[TableRow]) {
    for (at, row) in rows.iter().enumerate() {
        field(out, if at == 0 { name } else { "" }, &row.place);
        if !row.text.is_empty() {
            field(out, "", &format!("  {}", row.text));
        }
    }
}

fn sources(out: &mut String, name: &str, sources: &[Source]) {
    for (at, source) in sources.iter().enumerate() {
        field(out, if at == 0 { name } else { "" }, &format!("{} ({})", source.name, source.id));
        let held_at = || format!("held at {}", source.held_at);
        let found = if source.held_at.is_empty() { source.url.clone() } else { held_at() };
        if !found.is_empty() {
            let accessed =
                if source.accessed.is_empty() { String::new() } else { format!(", accessed {}", source.accessed) };
            let gone = source.gone.as_ref().map_or_else(String::new, |day| format!(", gone on {day}"));
            field(out, "", &format!("  {found}{accessed}{gone}"));
        }
        if !source.archived.is_empty() {
            field(out, "", &format!("  a copy at {}", source.archived));
        }
    }
}

fn places(out: &mut String, places: &[Place]) {
    for (at, place) in places.iter().enumerate() {
        let pages: Vec<String> = place.pages.iter().map(usize::to_string).collect();
        let pages = match pages.len() {
            0 => String::new(),
            1 => format!(", page {}", pages[0]),
            _ => format!(", pages {}", pages.join(", ")),
        };
        field(out, if at == 0 { "printed" } else { "" }, &format!("{}{pages}", place.document));
    }
}

fn copies(out: &mut String, copies: &[String]) {
    for (at, path) in copies.iter().take(SHOWN).enumerate() {
        field(out, if at == 0 { "copies" } else { "" }, path);
    }
    if copies.len() > SHOWN {
        field(out, "", &format!("and {} more", copies.len() - SHOWN));
    }
}
