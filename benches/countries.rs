//! A project of the repository's declarations with any number of countries, each a copy of one under its own name.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::folder::copy;

pub const PROGRAM: &str = env!("CARGO_BIN_EXE_tipbrief");
/// What is copied to make many countries.
pub const COUNTRY: &str = "LAO";
/// What its documents are made in; other languages have catalogues and prose, not another program.
const LANGUAGE: &str = "en";
/// A cell that differs between countries, and is edited while it is watched: what stands before its number.
pub const TABLE: &str = "arrests.csv";
const CELL: &str = "2007,arrested,total,total,total,total,total,";

/// The repository's declarations with so many countries, in English.
pub fn project(folder: &Path, countries: usize) -> Result<PathBuf> {
    let (repository, root) = (Path::new(env!("CARGO_MANIFEST_DIR")), folder.join("project"));
    for part in ["data/schemas", "data/indicators", "data/text", "templates"] {
        copy(&repository.join(part), &root.join(part))?;
    }
    fs::write(root.join("data/report.toml"), in_english(&fs::read_to_string(repository.join("data/report.toml"))?)?)?;
    let model = repository.join("data/countries").join(COUNTRY);
    if countries == 1 {
        copy(&repository.join("data/imports"), &root.join("data/imports"))?;
    }
    let one = if countries > 1 { Some(project(&folder.join("model"), 1)?) } else { None };
    let codes = if countries == 1 { vec![COUNTRY] } else { free_codes(&model)? };
    ensure!(codes.len() >= countries, "there are {} countries to copy to", codes.len());
    for (number, code) in codes.into_iter().take(countries).enumerate() {
        let place = root.join("data/countries").join(code);
        copy(&model, &place)?;
        if let Some(one) = &one {
            imported(one, &place)?;
        }
        fs::remove_dir_all(place.join("narrative"))?;
        copy(&model.join("narrative").join(LANGUAGE), &place.join("narrative").join(LANGUAGE))?;
        if countries > 1 {
            rename(&place, code)?;
            edit(&place.join(TABLE), 20 + number % 80)?;
        }
    }
    Ok(root)
}

/// Adds the rows that mappings make for the copied country to the tables of a copy: mappings know it by its name, which no copy
/// has.
fn imported(model: &Path, country: &Path) -> Result<()> {
    for mapping in fs::read_dir(model.join("data/imports"))? {
        let path = mapping?.path();
        let id = path.file_stem().context("an id")?.to_string_lossy().into_owned();
        for table in fs::read_dir(model.join("data/schemas"))? {
            let table = table?.path().file_stem().context("a table")?.to_string_lossy().into_owned();
            let asked = format!("{COUNTRY}/{table}");
            let shown = Command::new(PROGRAM).args(["import", "--show", &id, &asked, "--root"]).arg(model).output()?;
            if shown.status.success() && path.extension().is_some_and(|kind| kind == "toml") {
                append(&country.join(format!("{table}.csv")), &shown.stdout)?;
            }
        }
    }
    Ok(())
}

/// Adds rows to a table, by the names of the columns; what the table does not have of them (their origins) is left out.
fn append(table: &Path, rows: &[u8]) -> Result<()> {
    let mut rows = csv::Reader::from_reader(rows);
    let labels = rows.headers()?.clone();
    let known = csv::Reader::from_path(table).and_then(|mut table| table.headers().cloned());
    let own = known.unwrap_or_else(|_| labels.iter().filter(|label| *label != "cells").collect());
    let there = fs::read(table).unwrap_or_default();
    let mut out = csv::Writer::from_writer(there);
    if out.get_ref().is_empty() {
        out.write_record(&own)?;
    }
    for row in rows.records() {
        let row = row?;
        let cell = |label: &str| labels.iter().position(|known| known == label).and_then(|at| row.get(at));
        let left_out = |label: &str| {
            if ["sex", "age_group", "purpose", "nationality", "province"].contains(&label) { "total" } else { "" }
        };
        out.write_record(own.iter().map(|label| cell(label).unwrap_or(left_out(label))))?;
    }
    Ok(fs::write(table, out.into_inner()?)?)
}

/// The declarations of a report that is made in the one language.
fn in_english(report: &str) -> Result<String> {
    let languages = report.lines().find(|line| line.starts_with("languages = ")).context("languages are named")?;
    Ok(report.replace(languages, &format!("languages = [\"{LANGUAGE}\"]")))
}

/// The codes of countries that the copied one does not name: its neighbours cannot be it as well.
fn free_codes(model: &Path) -> Result<Vec<&'static str>> {
    let mut texts = String::new();
    gather(model, &mut texts)?;
    let named: BTreeSet<&str> = texts.split(|c: char| !c.is_alphanumeric()).collect();
    Ok(tipbrief::project::iso3166::countries().filter(|code| !named.contains(code)).collect())
}

/// The text of every file below a folder.
fn gather(folder: &Path, texts: &mut String) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            gather(&path, texts)?;
        } else {
            texts.push_str(&fs::read_to_string(&path)?);
            texts.push('\n');
        }
    }
    Ok(())
}

/// Has a copied country go by its own name.
fn rename(folder: &Path, code: &str) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            rename(&path, code)?;
        } else {
            fs::write(&path, fs::read_to_string(&path)?.replace(COUNTRY, code))?;
        }
    }
    Ok(())
}

/// Edits the one cell.
pub fn edit(table: &Path, number: usize) -> Result<()> {
    let text = fs::read_to_string(table)?;
    let (before, after) = text.split_once(CELL).context("the cell is there")?;
    let rest = after.trim_start_matches(|c: char| c.is_ascii_digit());
    Ok(fs::write(table, format!("{before}{CELL}{number}{rest}"))?)
}
