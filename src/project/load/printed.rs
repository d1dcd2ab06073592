//! What the cells of tables need to be printed: a name for each country, and a face for each letter. The fields of the schemas
//! receive the fonts here, so that a fault is reported at its cell.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::faces::missing;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::project::country::Country;
use crate::project::iso3166::{Known, is_country};
use crate::project::schema::{Printing, Schema, StandsFor};
use crate::project::text::Text;

/// The columns that documents print word for word.
const PRINTED: [(&str, &[&str]); 2] =
    [("sources", &["title", "publisher", "url", "archived", "held_at", "via"]), ("events", &["text"])];

/// The table whose texts a catalogue can translate, by country and id.
pub(super) const EVENTS: &str = "events";

/// Gives the fields of the schemas what `tables` needs to check their cells: the known countries, and the fonts.
pub(super) fn equip(schemas: &mut [Schema], texts: &[Text], known: &Arc<Known>) {
    let own = |text: &Text| {
        let keys = text.keys().filter(|key| key.len() == 3 && key[0] == EVENTS);
        keys.map(|key| (key[1].clone(), key[2].clone())).collect::<BTreeSet<_>>()
    };
    let printing = |text: &Text| Printing {
        language: text.language.clone(),
        face: text.face.clone(),
        translated: own(text),
        without: missing,
    };
    let printing: Arc<[Printing]> = texts.iter().map(printing).collect();
    for schema in schemas {
        let columns = PRINTED.iter().find(|(table, _)| *table == schema.name).map_or(&[][..], |(_, columns)| columns);
        for field in &mut schema.fields {
            if field.stands_for == Some(StandsFor::Country) {
                field.countries = known.clone();
            }
            if columns.contains(&field.name.as_str()) {
                field.printed = printing.clone();
            }
        }
    }
}

/// The known countries: those named in a catalogue, and those with a folder.
pub(super) fn known(texts: &[Text], countries: &[Country]) -> Known {
    let catalogues = texts.iter().map(|text| (text.language.as_str(), text.countries().collect()));
    Known::of(catalogues, countries.iter().map(|country| (country.iso3.as_str(), country.name.as_str())))
}

/// Reports neighbours that are not countries, and user-assigned codes that have no name.
pub(super) fn neighbours(countries: &[Country], known: &Known, diagnostics: &mut Diagnostics) {
    for country in countries {
        for (code, span) in country.neighbours.iter().zip(&country.neighbours_written) {
            let (message, hint) = if !is_country(code) {
                let hint = known.advice(code);
                (
                    format!("`{code}` is not a country of ISO 3166-1"),
                    hint.unwrap_or_else(|| "write its alpha-3 code: three capital letters".to_owned()),
                )
            } else if known.is_undeclared(code, &country.iso3) {
                (format!("`{code}` has no country name"), known.declaration(code))
            } else {
                continue;
            };
            diagnostics.push(Diagnostic::error(Code::UnknownName, span.clone(), message).hint(hint));
        }
    }
}
