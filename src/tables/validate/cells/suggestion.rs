//! The value that was probably meant: the cell with other capitals, spaces or letters, or the code for its label. The nearest of a
//! list of codes is found in `constrained.rs`.

use super::{letters, missing_hint, passes, states};
use crate::project::schema::Field;

/// What people and programs write for a missing value.
const NOTHING: [&str; 20] = [
    "-", "--", "—", "–", ".", "..", "...", "…", "?", "*", "na", "n/a", "n.a.", "nan", "nd", "null", "nil", "none",
    "#n/a", "(blank)",
];

/// Whether a cell is a common way to write a missing value.
pub(super) fn is_nothing(value: &str) -> bool {
    NOTHING.contains(&value.trim().to_lowercase().as_str())
}

/// A hint that says how to write a missing value.
pub(super) fn nothing(field: &Field) -> Option<String> {
    if let Some(hint) = missing_hint(field) {
        return Some(hint);
    }
    let named = if field.missing.is_empty() { String::new() } else { format!(", or write {}", states(field)) };
    (!field.constraints.required).then(|| format!("leave the cell empty{named}"))
}

/// The missing value of a field that the cell equals except for capitals and spaces.
pub(super) fn missing<'f>(value: &str, field: &'f Field) -> Option<&'f String> {
    let squeezed: String = letters::folded(value).split_whitespace().collect();
    field.missing.keys().find(|missing| missing.eq_ignore_ascii_case(&squeezed))
}

/// The value that would pass and differs only in what is easily overlooked, such as a space; none if there is none.
pub(super) fn code(value: &str, field: &Field) -> Option<String> {
    let folded = letters::folded(value);
    let trimmed = folded.trim();
    let squeezed: String = trimmed.split_whitespace().collect();
    let joined = trimmed.split_whitespace().collect::<Vec<_>>().join("_");
    let codes = field.constraints.allowed.iter().chain(field.labels.keys());
    let known = [trimmed, &squeezed, &joined].map(str::to_lowercase);
    let code = codes.clone().find(|code| known.contains(&code.to_lowercase())).cloned();
    let labelled =
        field.labels.iter().find(|(_, label)| label.to_lowercase() == known[0]).map(|(code, _)| code.clone());
    let written = [trimmed, &squeezed, &joined].map(str::to_owned);
    let capitals = written.clone().map(|written| written.to_uppercase());
    let candidates = code.into_iter().chain(labelled).chain(written).chain(known).chain(capitals);
    candidates.into_iter().find(|candidate| candidate != value && passes(candidate, field))
}
