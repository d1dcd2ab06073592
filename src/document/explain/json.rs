//! The answer as JSON, with the keys of `figures.json` and some more.

use anyhow::Result;
use serde_json::{Value as Json, json};

use super::{Answer, ExplainedFigure, Source, TableRow};
use crate::value::Value;

/// The answer as JSON, with a last line break.
///
/// # Errors
/// If it cannot be serialised, which does not happen for an answer.
pub fn json(answer: &Answer) -> Result<String> {
    let literal = |literal: &super::Literal| json!({ "what": literal.what, "place": literal.place });
    let whole = json!({
        "query": answer.query,
        "figures": answer.figures.iter().map(figure).collect::<Vec<_>>(),
        "literals": answer.literals.iter().map(literal).collect::<Vec<_>>(),
    });
    Ok(format!("{}\n", serde_json::to_string_pretty(&whole)?))
}

fn figure(figure: &ExplainedFigure) -> Json {
    let other = |other: &super::answer::OtherValue| {
        json!({
            "value": other.value.json(), "qualifier": other.qualifier.code(), "display": other.display,
            "sources": sources(&other.sources), "rows": rows(&other.rows), "why": other.why,
        })
    };
    let place = |place: &super::Place| json!({ "document": place.document, "pages": place.pages });
    let mut written = json!({
        "id": figure.id, "display": figure.display, "value": figure.value.as_ref().map(Value::json), "unit": figure.unit,
        "qualifier": figure.qualifier.code(), "status": figure.status.code(), "title": figure.title, "period": figure.period,
        "definition": figure.definition, "rule": figure.rule, "sources": sources(&figure.sources),
        "contested": figure.contested, "alternatives": figure.alternatives.iter().map(other).collect::<Vec<_>>(),
        "printed": figure.printed.iter().map(place).collect::<Vec<_>>(), "copies": figure.copies,
    });
    if let Some(entries) = written.as_object_mut() {
        if let Some(filter) = &figure.filter {
            entries.insert("filter".to_owned(), filter.clone().into());
        } else {
            entries.insert("rows".to_owned(), rows(&figure.rows));
            entries.insert("agreeing".to_owned(), rows(&figure.agreeing));
        }
    }
    written
}

fn rows(rows: &[TableRow]) -> Json {
    rows.iter().map(|row| json!({ "place": row.place, "text": row.text })).collect()
}

fn sources(sources: &[Source]) -> Json {
    let source = |source: &Source| {
        let Source { id, name, url, held_at, accessed, archived, gone } = source;
        let mut entry = json!({ "id": id, "name": name, "url": url, "accessed": accessed });
        if !held_at.is_empty() {
            entry["held_at"] = held_at.as_str().into();
        }
        if !archived.is_empty() {
            entry["archived"] = archived.as_str().into();
        }
        if let Some(day) = gone {
            entry["gone"] = day.as_str().into();
        }
        entry
    };
    sources.iter().map(source).collect()
}
