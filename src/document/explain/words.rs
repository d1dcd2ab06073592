//! An answer for people to read.

use std::fmt::Write;

use super::{Answer, Place, Row, Source, Told};

/// The answer, figure by figure.
#[must_use]
pub fn words(answer: &Answer) -> String {
    let mut parts: Vec<String> = answer.figures.iter().map(figure).collect();
    if !answer.literals.is_empty() {
        let lines = answer.literals.iter().map(|literal| format!("  {}  {}\n", literal.place, literal.what));
        parts.push(format!("`{}`, where it is no figure\n{}", answer.query, lines.collect::<String>()));
    }
    if parts.is_empty() {
        parts.push(format!("`{}` is a year, and stands for itself\n", answer.query));
    }
    parts.join("\n")
}

fn figure(told: &Told) -> String {
    let mut out = format!("{}\n", told.id);
    field(&mut out, "figure", &format!("{} · {} · {}", told.display, told.title, told.period));
    if told.contested {
        let others: Vec<&str> = told.alternatives.iter().map(|other| other.display.as_str()).collect();
        field(&mut out, "contested", &format!("other sources give {}", others.join(", ")));
    }
    field(&mut out, "definition", &told.definition);
    field(&mut out, "rule", &told.rule);
    if let Some(filter) = &told.filter {
        field(&mut out, "filter", filter);
    }
    rows(&mut out, "rows", &told.rows);
    sources(&mut out, "sources", &told.sources);
    rows(&mut out, "the same in", &told.agreeing);
    for other in &told.alternatives {
        field(&mut out, "alternative", &format!("{}: {}", other.display, other.why));
        rows(&mut out, "", &other.rows);
        sources(&mut out, "", &other.sources);
    }
    places(&mut out, &told.printed);
    copies(&mut out, &told.copies);
    out
}

/// So many copies are named.
const SHOWN: usize = 5;

/// The column in which what is said begins.
const COLUMN: usize = 14;

fn field(out: &mut String, name: &str, text: &str) {
    // Writing to a string cannot fail.
    let _ = writeln!(out, "  {name:<width$}{text}", width = COLUMN - 2);
}

fn rows(out: &mut String, name: &str, rows: &[Row]) {
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
        if !source.url.is_empty() {
            let accessed =
                if source.accessed.is_empty() { String::new() } else { format!(", accessed {}", source.accessed) };
            field(out, "", &format!("  {}{accessed}", source.url));
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
