//! What a released table counts, as its data package describes it: written with the table, and read back when it is audited.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value as Json, json};

use crate::disclosure::audit::Description;
use crate::project::indicator::{Indicator, Measure};
use crate::project::schema::{OWN, TOTAL};

/// The descriptor of a folder of tables.
pub(super) const DESCRIPTOR: &str = "datapackage.json";
/// The key of a resource under which it stands.
pub(super) const KEY: &str = "tipbrief:counts";

/// What an indicator counts in this country: table, measure and conditions; nothing for a computed indicator.
pub(super) fn described(indicator: &Indicator, own: &str) -> Option<Json> {
    let Measure::Observed { table, code, stock } = &indicator.measure else { return None };
    let replaced = |code: &String| if code == OWN { own.to_owned() } else { code.clone() };
    let conditions: BTreeMap<&String, Vec<String>> = indicator
        .conditions
        .iter()
        .map(|(dimension, codes)| (dimension, codes.iter().map(replaced).collect()))
        .collect();
    Some(json!({ "table": table, "measure": code, "stock": stock, "where": conditions }))
}

/// What released tables count, by the path that each is named by.
#[must_use]
pub fn counts(root: &Path, files: &[PathBuf]) -> BTreeMap<String, Description> {
    let mut descriptors: BTreeMap<PathBuf, Option<Json>> = BTreeMap::new();
    let mut found = BTreeMap::new();
    for file in files {
        let beside = root.join(file).with_file_name(DESCRIPTOR);
        let read = |path: &PathBuf| serde_json::from_slice(&fs::read(path).ok()?).ok();
        let descriptor = descriptors.entry(beside).or_insert_with_key(read);
        let name = file.file_name().map(|name| name.to_string_lossy().into_owned());
        let counts = descriptor.as_ref().zip(name).and_then(|(descriptor, name)| of_file(descriptor, &name));
        found.extend(counts.map(|counts| (file.display().to_string(), counts)));
    }
    found
}

fn of_file(descriptor: &Json, name: &str) -> Option<Description> {
    let resource = descriptor["resources"].as_array()?.iter().find(|resource| resource["path"] == name)?;
    let description = &resource[KEY];
    let mut measure =
        format!("{}/{}", description["table"].as_str()?, description["measure"].as_str().unwrap_or_default());
    let mut fixed = BTreeMap::new();
    for (dimension, codes) in description["where"].as_object().into_iter().flatten() {
        let codes: Vec<&str> = codes.as_array()?.iter().filter_map(Json::as_str).collect();
        match codes.as_slice() {
            [code] if *code == TOTAL => {}
            [code] => drop(fixed.insert(dimension.clone(), (*code).to_owned())),
            codes => measure += &format!("/{dimension}={}", codes.join("|")),
        }
    }
    Some(Description { measure, stock: description["stock"] == true, fixed })
}
