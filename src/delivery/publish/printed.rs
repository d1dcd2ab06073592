//! Where the documents in `output/` print figures and literals.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::document::explain::Printed;

use super::manifest::{self, Inputs};

#[derive(Deserialize)]
struct File {
    country: String,
    figures: Vec<Figure>,
    literals: Vec<Literal>,
}

#[derive(Deserialize)]
struct Figure {
    id: String,
    printed: Vec<String>,
}

#[derive(Deserialize)]
struct Literal {
    text: String,
    kind: String,
    printed: Vec<String>,
}

/// What the outputs print; `None` if they are incomplete or were built from other inputs.
///
/// # Errors
/// When a file that the manifest names cannot be read.
pub fn printed(root: &Path, inputs: &Inputs, countries: &[&str]) -> Result<Option<Printed>> {
    let output = root.join("output");
    if !manifest::holds(&output, inputs) {
        return Ok(None);
    }
    let mut printed = Printed::default();
    for country in countries {
        let path = output.join(country).join("figures.json");
        // A country that was never published prints nothing.
        let Ok(json) = fs::read(&path) else { continue };
        let file: File = serde_json::from_slice(&json).with_context(|| format!("cannot read `{}`", path.display()))?;
        printed.figures.extend(file.figures.into_iter().map(|figure| (figure.id, figure.printed)));
        for Literal { text, kind, printed: documents } in file.literals {
            let numeral = text.replace(',', "");
            printed.literals.entry(numeral).or_default().push((kind, file.country.clone(), documents));
        }
    }
    Ok(Some(printed))
}
