//! Which countries a mapping feeds: those that a fault of it, or of one of its files, stops.

use std::collections::{BTreeMap, BTreeSet};

use super::found::Found;
use crate::project::imports::{From, Mapping};

/// The countries that a mapping feeds.
#[derive(Debug)]
pub(super) struct Fed {
    /// For each file the countries to which rows of it belong; none where that cannot be told.
    files: Vec<Option<BTreeSet<String>>>,
}

impl Fed {
    /// What was found of it; `files` says for each sheet which file it is of.
    pub(super) fn of(mapping: &Mapping, files: &[usize], found: &Found) -> Self {
        let mut fed: BTreeMap<usize, BTreeSet<String>> = BTreeMap::new();
        for (sheet, country) in &found.fed {
            fed.entry(files.get(*sheet).copied().unwrap_or(0)).or_default().insert(country.clone());
        }
        let declared = declared(mapping);
        let of_file = |file: usize| match (&declared, found.told.contains(&file)) {
            (Some(declared), _) => Some(declared.clone()),
            (None, true) => Some(fed.remove(&file).unwrap_or_default()),
            (None, false) => None,
        };
        Self { files: (0..mapping.files.len()).map(of_file).collect() }
    }

    /// Those of kept rows, each by its file and country.
    pub(super) fn of_rows<'r>(mapping: &Mapping, rows: impl Iterator<Item = (usize, &'r str)>) -> Self {
        let mut files = vec![BTreeSet::new(); mapping.files.len()];
        for (file, country) in rows {
            if let Some(own) = files.get_mut(file) {
                own.insert(country.to_owned());
            }
        }
        let declared = declared(mapping);
        Self { files: files.into_iter().map(|own| Some(declared.clone().unwrap_or(own))).collect() }
    }

    /// The countries that a fault of some files stops; all of them where it cannot be told.
    pub(super) fn stopped(&self, files: &[usize], all: &[String]) -> Vec<String> {
        let own = files.iter().map(|file| self.files.get(*file)?.as_ref());
        let fed: Option<Vec<&BTreeSet<String>>> = own.collect();
        let fed: BTreeSet<&String> = fed.into_iter().flatten().flatten().collect();
        let known: Vec<String> = fed.into_iter().filter(|country| all.contains(country)).cloned().collect();
        if known.is_empty() { all.to_vec() } else { known }
    }
}

/// The countries that the mapping itself names, where every make names one or lies in a country's folder.
fn declared(mapping: &Mapping) -> Option<BTreeSet<String>> {
    let of = |from: Option<&From>| match (from, &mapping.country) {
        (_, Some(country)) => Some(country.clone()),
        (Some(From::Constant(country)), None) => Some(country.value.clone()),
        _ => None,
    };
    let countries: BTreeSet<String> =
        mapping.makes.iter().map(|make| of(mapping.folder_of(make))).collect::<Option<_>>()?;
    (!countries.is_empty()).then_some(countries)
}
