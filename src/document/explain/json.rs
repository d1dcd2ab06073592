//! An answer for programs to read: the keys of `figures.json`, and more.

use anyhow::Result;
use serde_json::{Value as Json, json};

use super::{Answer, Row, Source, Told};
use crate::value::Value;

/// The answer as JSON, with a last line break.
///
/// # Errors
/// When it cannot be written as text, which no answer causes.
pub fn json(answer: &Answer) -> Result<String> {
    let literal = |literal: &super::Literal| json!({ "what": literal.what, "place": literal.place });
    let whole = json!({
        "query": answer.query,
        "figures": answer.figures.iter().map(figure).collect::<Vec<_>>(),
        "literals": answer.literals.iter().map(literal).collect::<Vec<_>>(),
    });
    Ok(format!("{}\n", serde_json::to_string_pretty(&whole)?))
}

fn figure(told: &Told) -> Json {
    let other = |other: &super::answer::Other| {
        json!({
            "value": other.value.json(), "qualifier": other.qualifier.code(), "display": other.display,
            "sources": sources(&other.sources), "rows": rows(&other.rows), "why": other.why,
        })
    };
    let place = |place: &super::Place| json!({ "document": place.document, "pages": place.pages });
    let mut figure = json!({
        "id": told.id, "display": told.display, "value": told.value.as_ref().map(Value::json), "unit": told.unit,
        "qualifier": told.qualifier.code(), "status": told.status.code(), "title": told.title, "period": told.period,
        "definition": told.definition, "rule": told.rule, "sources": sources(&told.sources),
        "contested": told.contested, "alternatives": told.alternatives.iter().map(other).collect::<Vec<_>>(),
        "printed": told.printed.iter().map(place).collect::<Vec<_>>(), "copies": told.copies,
    });
    if let Some(entries) = figure.as_object_mut() {
        if let Some(filter) = &told.filter {
            entries.insert("filter".to_owned(), filter.clone().into());
        } else {
            entries.insert("rows".to_owned(), rows(&told.rows));
            entries.insert("agreeing".to_owned(), rows(&told.agreeing));
        }
    }
    figure
}

fn rows(rows: &[Row]) -> Json {
    rows.iter().map(|row| json!({ "place": row.place, "text": row.text })).collect()
}

fn sources(sources: &[Source]) -> Json {
    let source = |source: &Source| json!({ "id": source.id, "name": source.name, "url": source.url, "accessed": source.accessed });
    sources.iter().map(source).collect()
}
