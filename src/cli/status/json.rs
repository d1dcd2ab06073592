//! What stands as JSON, for programs.

use anyhow::Result;
use serde_json::{Value as Json, json};

use super::{ApprovalStatus, CountryStatus, DocumentStatus, LanguageStatus, OvertakenStatus, Standing};

/// The countries as JSON, with a last line break.
///
/// # Errors
/// If they cannot be serialised, which does not happen.
pub(super) fn json(countries: &[CountryStatus]) -> Result<String> {
    let whole = json!({ "countries": countries.iter().map(country).collect::<Vec<_>>() });
    Ok(format!("{}\n", serde_json::to_string_pretty(&whole)?))
}

fn country(country: &CountryStatus) -> Json {
    json!({
        "country": country.iso3, "name": country.name, "errors": country.faulty,
        "languages": country.languages.iter().map(language).collect::<Vec<_>>(),
        "new_figures": country.new, "unreleased_years": country.unreleased,
    })
}

fn language(language: &LanguageStatus) -> Json {
    json!({
        "language": language.language, "name": language.name, "missing": language.missing,
        "unwritten": language.unwritten, "documents": language.documents.iter().map(document).collect::<Vec<_>>(),
    })
}

fn document(document: &DocumentStatus) -> Json {
    let why = if let Standing::Stale(why) = &document.standing { Some(why) } else { None };
    let mut status = json!({
        "document": document.id, "path": format!("output/{}", document.path), "state": document.standing.code(),
        "why": why, "draft": document.draft,
    });
    if let Some(approval) = &document.approval {
        status["approval"] = self::approval(approval);
    }
    status
}

fn approval(approval: &ApprovalStatus) -> Json {
    let overtaken = |before: &OvertakenStatus| json!({ "by": before.by, "time": before.time, "figures": before.figures, "parts": before.parts });
    json!({
        "needed": approval.needed,
        "given": approval.given.iter().map(|(by, time)| json!({ "by": by, "time": time })).collect::<Vec<_>>(),
        "missing": approval.missing,
        "overtaken": approval.overtaken.iter().map(overtaken).collect::<Vec<_>>(),
        "not_counted": approval.uncounted,
    })
}
