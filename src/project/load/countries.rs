//! The countries: the folders of `data/countries/`, with the tables, the registers and the prose in them.

use std::fs;
use std::io::ErrorKind;

use anyhow::Result;

use super::entry::{Root, misplaced};
use super::table_files::{stem, table_file, twice_kept};
use super::unwritten::{is_unwritten, unwritten};
use crate::diagnostic::Diagnostics;
use crate::project::country::{Country, Narrative};
use crate::project::iso3166;
use crate::project::schema::Schema;

/// The ids that a file of prose can be named after.
pub(super) struct Places<'p> {
    pub(super) sections: Vec<&'p str>,
    pub(super) documents: Vec<&'p str>,
}

impl<'p> Places<'p> {
    fn all(&self) -> impl Iterator<Item = &'p str> {
        self.sections.iter().chain(&self.documents).copied()
    }
}

/// The folder that holds a folder for each country.
const FOLDER: &str = "data/countries";

/// Whether there is neither a folder nor anything else at that path.
pub(super) fn is_absent(root: Root<'_>) -> bool {
    matches!(fs::symlink_metadata(root.path.join(FOLDER)), Err(error) if error.kind() == ErrorKind::NotFound)
}

pub(super) fn read(
    root: Root<'_>,
    schemas: &[Schema],
    places: &Places<'_>,
    diagnostics: &mut Diagnostics,
) -> Result<Vec<Country>> {
    let mut countries = Vec::new();
    for entry in root.list(FOLDER, diagnostics)? {
        let base = format!("{FOLDER}/{}", entry.name);
        if entry.is_folder && iso3166::is_country(&entry.name) {
            countries.push(country(root, &entry.name, &base, schemas, places, diagnostics)?);
        } else {
            misplaced(&base, None, "a folder named by an ISO 3166-1 alpha-3 code", diagnostics);
        }
    }
    Ok(countries)
}

fn country(
    root: Root<'_>,
    iso3: &str,
    base: &str,
    schemas: &[Schema],
    places: &Places<'_>,
    diagnostics: &mut Diagnostics,
) -> Result<Country> {
    let source = root.read_or_missing(&format!("{base}/country.toml"), Some(iso3), diagnostics)?;
    let mut country = Country::parse(iso3, &source, diagnostics);
    let entries = root.list(base, diagnostics)?;
    if !entries.iter().any(|entry| !entry.is_folder && stem(&entry.name) == Some("sources")) {
        root.read_or_missing(&format!("{base}/sources.csv"), Some(iso3), diagnostics)?;
    }
    for entry in entries {
        let path = format!("{base}/{}", entry.name);
        match entry.name.as_str() {
            "country.toml" => {}
            // What is in it is read by its mappings.
            "imports" if entry.is_folder => {}
            "narrative" if entry.is_folder => {
                narratives(root, &mut country, &path, places, diagnostics)?;
            }
            "register" if entry.is_folder => {
                for file in root.list(&path, diagnostics)? {
                    let path = format!("{path}/{}", file.name);
                    country.tables.extend(table_file(&file, path, true, iso3, schemas, diagnostics));
                }
            }
            _ => country.tables.extend(table_file(&entry, path, false, iso3, schemas, diagnostics)),
        }
    }
    twice_kept(&country, diagnostics);
    Ok(country)
}

/// Reads the prose of a country into it.
fn narratives(
    root: Root<'_>,
    country: &mut Country,
    base: &str,
    places: &Places<'_>,
    diagnostics: &mut Diagnostics,
) -> Result<()> {
    let iso3 = country.iso3.clone();
    for language in root.list(base, diagnostics)? {
        let folder = format!("{base}/{}", language.name);
        if !language.is_folder {
            misplaced(&folder, Some(&iso3), "a folder named by a language", diagnostics);
            continue;
        }
        for file in root.list(&folder, diagnostics)? {
            let path = format!("{folder}/{}", file.name);
            let place = file.name.strip_suffix(".typ").filter(|stem| places.all().any(|place| place == *stem));
            let Some(place) = place else {
                // A report that could not be read has no documents; that fault is reported already.
                if places.documents.is_empty() && diagnostics.failed() {
                    continue;
                }
                let names: Vec<&str> = places.all().collect();
                let wanted = format!("prose for one of: {} (as `<name>.typ`)", names.join(", "));
                misplaced(&path, Some(&iso3), &wanted, diagnostics);
                continue;
            };
            let source = root.text(&path, Some(&iso3), diagnostics)?;
            let (language, place) = (language.name.clone(), place.to_owned());
            if !is_unwritten(&source) {
                country.narratives.push(Narrative { language, place, source });
                continue;
            }
            let document = places.documents.contains(&place.as_str());
            diagnostics.push(unwritten(&place, document, root.is_filled(), &source));
            if root.is_filled() {
                country.unwritten.push((language, place));
            }
        }
    }
    Ok(())
}
