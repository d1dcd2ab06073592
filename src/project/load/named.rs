//! Checks the names of countries, codes, sections and indicators in the catalogues: a bare number is not a name.

use crate::diagnostic::Diagnostics;
use crate::project::declaration::unnamed;
use crate::project::text::Text;

/// The tables of a catalogue that give names.
const TABLES: [&str; 4] = ["codes", "countries", "sections", "indicators"];
/// The keys of an indicator that are sentences, not names.
const SENTENCES: [&str; 2] = ["description", "note"];

/// Reports every name that is only a number.
pub(super) fn catalogues(texts: &[Text], diagnostics: &mut Diagnostics) {
    for text in texts {
        let named = text.entries().filter(|(key, _)| TABLES.contains(&key[0].as_str()));
        let named = named.filter(|(key, _)| !key.last().is_some_and(|last| SENTENCES.contains(&last.as_str())));
        named.filter_map(|(_, name)| unnamed(name)).for_each(|fault| diagnostics.push(fault));
    }
}
