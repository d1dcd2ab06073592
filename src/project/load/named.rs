//! Names of the catalogues: of countries, codes, sections and indicators. None is nothing but a number.

use crate::diagnostic::Diagnostics;
use crate::project::declaration::unnamed;
use crate::project::text::Text;

/// The tables of a catalogue that give names.
const TABLES: [&str; 4] = ["codes", "countries", "sections", "indicators"];
/// Under an indicator, what is no name.
const SENTENCES: [&str; 2] = ["description", "note"];

/// Names every one that is nothing but a number, at its place.
pub(super) fn catalogues(texts: &[Text], diagnostics: &mut Diagnostics) {
    for text in texts {
        let named = text.sayings().filter(|(key, _)| TABLES.contains(&key[0].as_str()));
        let named = named.filter(|(key, _)| !key.last().is_some_and(|last| SENTENCES.contains(&last.as_str())));
        named.filter_map(|(_, said)| unnamed(said)).for_each(|fault| diagnostics.push(fault));
    }
}
