//! The declarations of the repository with one country in one language, whose tables are still to be written.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::folder::copy;

/// Writes the project, and returns the folder of the country.
pub fn write(root: &Path, sources: &str) -> Result<PathBuf> {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR"));
    for folder in ["data/schemas", "data/indicators", "templates"] {
        copy(&repository.join(folder), &root.join(folder))?;
    }
    fs::create_dir_all(root.join("data/text"))?;
    fs::copy(repository.join("data/text/en.toml"), root.join("data/text/en.toml"))?;
    // Of further languages texts of the country itself would be needed.
    let report = fs::read_to_string(repository.join("data/report.toml"))?;
    let languages = report.lines().find(|line| line.starts_with("languages = ")).context("languages are named")?;
    fs::write(root.join("data/report.toml"), report.replace(languages, "languages = [\"en\"]"))?;
    let country = root.join("data/countries/LAO");
    fs::create_dir_all(&country)?;
    fs::write(country.join("country.toml"), "name = \"Laos\"\n")?;
    fs::write(country.join("sources.csv"), sources)?;
    Ok(country)
}
