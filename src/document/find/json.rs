//! The figures as JSON, for programs.

use anyhow::Result;
use serde_json::json;

use super::FoundFigure;

/// The figures as JSON, with a last line break.
///
/// # Errors
/// If they cannot be serialised, which does not happen for figures.
pub fn json(figures: &[FoundFigure<'_>]) -> Result<String> {
    let figure = |figure: &FoundFigure<'_>| {
        let display = figure.is_number.then_some(&figure.shown);
        let state = (!figure.is_number).then_some(&figure.shown);
        json!({
            "id": figure.id, "call": figure.call, "title": figure.title, "period": figure.period,
            "display": display, "state": state, "sources": figure.sources,
        })
    };
    let whole = json!({ "figures": figures.iter().map(figure).collect::<Vec<_>>() });
    Ok(format!("{}\n", serde_json::to_string_pretty(&whole)?))
}
