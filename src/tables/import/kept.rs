//! Kept rows: what a mapping made of files that may not be committed, with the cells of each row and the checksums of the files,
//! of the mapping and of the rows themselves. They stand in only while a file is absent and all sums fit.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result};

use super::fed::Fed;
use super::files::sum as sum_of;
use super::found::CellAt;
use super::ground::Ground;
use super::made::{BETWEEN, Imported, KeptRow, restored};
use super::standing::FieldAt;
use super::{Present, files, import};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::project::imports::{Make, Mapping, Reading};
use crate::project::schema::Schema;
use crate::project::{Mapped, imports};
use crate::tables::ingest::delivered::{DeliveredSheet, deliver, open};

/// The columns before the fields, and those after them.
const BEFORE: [&str; 5] = ["country", "table", "file", "sheet", "make"];
const AFTER: [&str; 2] = ["cells", "sha256"];

/// What a mapping makes of its files, or what is kept of that where one of them is not there.
///
/// # Errors
/// When a file cannot be read.
pub fn imported(
    root: &Path,
    mapped: &Mapped,
    schemas: &[Schema],
    countries: &[String],
    diagnostics: &mut Diagnostics,
) -> Result<Imported> {
    let present = files::present(root, mapped, diagnostics)?;
    let Some(path) = &mapped.kept else {
        return Ok(import(&mapped.mapping, present, schemas, countries, diagnostics));
    };
    let Some(kept) = read(root, path, mapped, &present, schemas)? else {
        mapped.missing().into_iter().for_each(|fault| diagnostics.push(fault));
        return Ok(import(&mapped.mapping, present, schemas, countries, diagnostics));
    };
    for (file, _) in mapped.mapping.files.iter().zip(&mapped.paths).filter(|(_, path)| path.is_none()) {
        let message = format!("`{}` is not there; the rows kept in `{path}` stand in for it", file.path.value);
        diagnostics.push(Diagnostic::note(Code::MissingFile, file.path.span.clone(), message));
    }
    Ok(kept)
}

/// The lines of a kept file: the sums, then the rows.
#[must_use]
pub fn lines(mapping: &Mapping, imported: &Imported, present: &[Present], schemas: &[Schema]) -> Vec<Vec<String>> {
    let fields = fields(imported, schemas);
    let mut rows = Vec::new();
    for made in &imported.tables {
        let file = mapping.files.get(made.file).map_or_else(String::new, |file| file.path.value.clone());
        let sheet = imported.sheet(made).unwrap_or_default().to_owned();
        for (row, cells) in imported.origins(made).into_iter().enumerate() {
            let make = (made.make(row) + 1).to_string();
            let before = [made.country.clone(), made.table.clone(), file.clone(), sheet.clone(), make];
            let own = fields.iter().map(|field| imported.text(made, row, field).to_owned());
            rows.push(before.into_iter().chain(own).chain([cells.join(BETWEEN), String::new()]).collect());
        }
    }
    let sum = |what: String, sum: String| -> Vec<String> {
        let blanks = |count: usize| std::iter::repeat_n(String::new(), count);
        blanks(2).chain([what]).chain(blanks(2 + fields.len() + 1)).chain([sum]).collect()
    };
    let head = BEFORE.iter().map(|name| (*name).to_owned());
    let head = head.chain(fields.iter().cloned()).chain(AFTER.iter().map(|name| (*name).to_owned()));
    let mut lines: Vec<Vec<String>> = vec![head.collect(), sum(mapping_name(mapping), sum_of(&mapping.source.bytes))];
    for present in present {
        let file = mapping.files.get(present.file).map_or_else(String::new, |file| file.path.value.clone());
        lines.push(sum(file, sum_of(&present.bytes)));
    }
    lines.push(sum(ROWS.to_owned(), sum_of_rows(&rows)));
    lines.extend(rows);
    lines
}

/// What stands in place of a file's path before the sum of the rows.
const ROWS: &str = "rows";

fn mapping_name(mapping: &Mapping) -> String {
    format!("{}.toml", mapping.id)
}

/// Every field that some row has, in the order of the schemas.
fn fields(imported: &Imported, schemas: &[Schema]) -> Vec<String> {
    let mut fields: Vec<String> = Vec::new();
    let has = |name: &String| imported.tables.iter().any(|made| made.fields.contains(name));
    for field in schemas.iter().flat_map(|schema| &schema.fields).filter(|field| has(&field.name)) {
        if !fields.contains(&field.name) {
            fields.push(field.name.clone());
        }
    }
    fields
}

/// The sum of rows, whatever a program that saved them again did to quotes and line ends.
fn sum_of_rows(rows: &[Vec<String>]) -> String {
    let mut bytes = Vec::new();
    for row in rows {
        for text in row {
            bytes.extend_from_slice(text.as_bytes());
            bytes.push(0);
        }
        bytes.push(1);
    }
    sum_of(&bytes)
}

/// The kept rows; none where a sum does not fit.
fn read(root: &Path, path: &str, mapped: &Mapped, present: &[Present], schemas: &[Schema]) -> Result<Option<Imported>> {
    let mapping = &mapped.mapping;
    let Some(first) = mapping.files.first() else { return Ok(None) };
    let bytes = open(&root.join(path)).with_context(|| format!("cannot read `{path}`"))?;
    let confidential = mapping.files.iter().any(|file| file.confidential);
    let file = imports::Delivered { read: Reading::default(), confidential, ..first.clone() };
    let delivered = deliver(path, bytes, &file, mapping.country.as_deref(), &|_, _| true);
    let whole = delivered.faults.is_empty();
    let Some(sheet) = delivered.sheets.into_iter().next().filter(|_| whole) else { return Ok(None) };
    let Some(rows) = rows(&sheet, mapping, present, schemas) else { return Ok(None) };
    let (rows, fields, origins) = rows;
    let fed = Fed::of_rows(mapping, rows.iter().map(|row| (row.file, row.country.as_str())));
    let ground = Ground::of_kept(Arc::new(sheet), blocks(mapping, schemas, &fields), origins);
    Ok(Some(restored(mapping, schemas, rows, (ground, fed))))
}

/// The rows of a kept file, the names of its columns of fields, and the cells of each row.
type Kept = (Vec<KeptRow>, Vec<String>, HashMap<CellAt, Vec<String>>);

/// For each make in which columns of the kept file its fields stand; what is not there, is in the mapping.
fn blocks(mapping: &Mapping, schemas: &[Schema], fields: &[String]) -> HashMap<CellAt, Vec<FieldAt>> {
    let of = |(number, make): (usize, &Make)| {
        let schema = schemas.iter().find(|schema| schema.name == make.table)?;
        let column = |name: &str| fields.iter().position(|field| field == name).map(|at| BEFORE.len() + at);
        let at = |name: &str| column(name).map_or_else(|| FieldAt::line(&make.span), FieldAt::taken);
        let places = schema.fields.iter().map(|field| at(&field.name)).collect();
        Some(((0, number, BEFORE.len() + fields.len()), places))
    };
    mapping.makes.iter().enumerate().filter_map(of).collect()
}

/// The rows of a kept file whose sums all fit.
fn rows(sheet: &DeliveredSheet, mapping: &Mapping, present: &[Present], schemas: &[Schema]) -> Option<Kept> {
    let width = sheet.columns.len();
    let texts = |row: usize| (0..width).map(|column| sheet.text(row, column).to_owned()).collect::<Vec<_>>();
    let head = texts(0);
    let fields = head.get(BEFORE.len()..width.checked_sub(AFTER.len())?)?;
    let framed = head.starts_with(&BEFORE.map(str::to_owned)) && head.ends_with(&AFTER.map(str::to_owned));
    let mut sums: BTreeMap<String, String> = BTreeMap::new();
    let mut first = 1;
    while first < sheet.rows && sheet.is_blank(first, 0) {
        sums.insert(sheet.text(first, 2).to_owned(), sheet.text(first, width - 1).to_owned());
        first += 1;
    }
    let all: Vec<Vec<String>> = (first..sheet.rows).map(texts).collect();
    let fits = |name: &str, sum: &str| sums.get(name).is_some_and(|known| known == sum);
    let files = mapping.files.iter().enumerate().all(|(number, file)| {
        let stated = file.sha256.as_ref().map(|sum| sum.value.clone());
        let own = present.iter().find(|present| present.file == number).map(|present| sum_of(&present.bytes));
        let known = sums.contains_key(&file.path.value);
        known && stated.iter().chain(&own).all(|sum| fits(&file.path.value, sum))
    });
    let fit = fits(&mapping_name(mapping), &sum_of(&mapping.source.bytes)) && fits(ROWS, &sum_of_rows(&all));
    if !(framed && files && fit) {
        return None;
    }
    let mut cells = HashMap::new();
    let row = |(at, texts): (usize, Vec<String>)| -> Option<KeptRow> {
        let [country, table, file, sheet, make, own @ .., origins, _] = texts.as_slice() else { return None };
        let cell = (0, first + at, width - AFTER.len());
        cells.insert(cell, origins.split(BETWEEN).map(str::to_owned).collect());
        let schema = schemas.iter().find(|schema| schema.name == *table)?;
        let known = |name: &String| fields.iter().position(|field| field == name).and_then(|at| own.get(at));
        let texts = schema.fields.iter().map(|field| known(&field.name).cloned().unwrap_or_default());
        Some(KeptRow {
            country: country.clone(),
            table: table.clone(),
            file: mapping.files.iter().position(|known| known.path.value == *file)?,
            sheet: Some(sheet.clone()).filter(|sheet| !sheet.is_empty()),
            make: make.parse::<usize>().ok()?.checked_sub(1)?,
            fields: texts.collect(),
            cell,
        })
    };
    let rows = all.into_iter().enumerate().map(row).collect::<Option<Vec<KeptRow>>>()?;
    Some((rows, fields.to_vec(), cells))
}
