//! What a document says, apart from how it is set: what an approval binds. `docs/approving.md` defines it.
//!
//! Two documents have the same content if a reader sees the same in both, but for the mark of a draft, the typefaces, how
//! closely it is spaced, and for whom a copy is made. No font of a machine and no version of Typst changes it.

use std::collections::BTreeSet;

use anyhow::{Context, Result};
use serde_json::Value;

use super::stage::{self, Templates, is_font};
use super::view::{self, Viewed};
use crate::disclosure::protect::ReleasedCell;
use crate::document::draw::draw_in_own_face;
use crate::document::outline::{Outline, Spacing};

/// What a document says.
pub struct Content<'o> {
    /// Every part that a reader sees something of, by name; the templates, which all documents share, are not among them.
    pub parts: Vec<(String, Vec<u8>)>,
    /// The ids of the figures that it prints.
    pub printed: BTreeSet<String>,
    /// Those among them that only its prose computes.
    pub derived: Vec<&'o ReleasedCell>,
}

/// The part with everything that is put into the words of the language.
pub const VIEW: &str = "view.json";
/// The part with the note to the donor of a copy.
pub const NOTE: &str = "note";
/// What the view holds of how the document is set: the mark of a draft, its typefaces, its gaps, and whether places are noted.
const HOW: [&str; 4] = ["draft", "fonts", "close", "places"];
/// How the words begin that mark a draft.
const DRAFT: &str = "draft";

/// What a document says.
///
/// # Errors
/// When a chart cannot be drawn, or the view cannot be written as JSON.
pub fn content<'o>(outline: &'o Outline<'o>) -> Result<Content<'o>> {
    let widest = outline.set_as(Spacing::default());
    let figures = draw_in_own_face(&widest)?;
    let Viewed { view, printed, .. } = view::view(&widest, &figures)?;
    let (none, own) = (Templates::none(), |name: &str| !is_font(name) && name != VIEW);
    let files = stage::files(&widest, &figures, &view, &none)?;
    let files = files.into_iter().filter(|(name, _)| own(name));
    let mut parts: Vec<(String, Vec<u8>)> = files.map(|(name, bytes)| (name, bytes.into_owned())).collect();
    let (said, note) = said(serde_json::to_value(&view)?)?;
    parts.push((VIEW.to_owned(), said));
    parts.extend(note.map(|note| (NOTE.to_owned(), note)));
    parts.push(("edition".to_owned(), outline.document.kind.id.clone().into_bytes()));
    let phrases = outline.bindings.phrases.values();
    let derived = phrases.filter_map(|bound| bound.derived.as_ref()).collect();
    Ok(Content { parts, printed, derived })
}

/// What the view says, and the note to a donor.
fn said(mut view: Value) -> Result<(Vec<u8>, Option<Vec<u8>>)> {
    let whole = view.as_object_mut().context("the view is no object")?;
    HOW.iter().for_each(|key| drop(whole.remove(*key)));
    if let Some(words) = whole.get_mut("words").and_then(Value::as_object_mut) {
        words.retain(|key, _| !key.starts_with(DRAFT));
    }
    let note = whole.remove("donor").and_then(|donor| Some(donor.get("note")?.as_str()?.as_bytes().to_vec()));
    Ok((serde_json::to_vec(&view)?, note))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neither_the_mark_nor_the_donor_is_part_of_what_it_says() -> Result<()> {
        let view = |draft: &str, donor: &str, title: &str| {
            let text = format!(
                "{{\"draft\": {draft}, \"fonts\": [\"A\"], \"close\": true, \"places\": false, \"donor\": {donor}, \
                 \"title\": \"{title}\", \"words\": {{\"draft_language\": {draft}, \"figure\": \"Figure\"}}}}"
            );
            said(serde_json::from_str(&text).expect("JSON"))
        };
        let plain = view("null", "null", "Laos")?;
        assert_eq!(view("\"Draft\"", "{\"line\": \"Prepared for A\", \"note\": null}", "Laos")?, plain);
        assert_ne!(view("null", "null", "Cambodia")?, plain);
        let noted = view("null", "{\"line\": \"Prepared for A\", \"note\": \"With thanks\"}", "Laos")?;
        assert_eq!((noted.0, noted.1.as_deref()), (plain.0, Some(&b"With thanks"[..])), "a note is a part of its own");
        Ok(())
    }
}
