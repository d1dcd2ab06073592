//! What a mapping costs, in two ratios, each of times taken in one run on the same rows: a register of ten million cases through
//! a mapping against the same register in our own columns, and a workbook of the size of the UNODC export, of which the rows of
//! two countries are made, against merely reading it.
//!
//! `just bench-import` runs it; `just bench-import --rows 1000000` on a smaller register.

mod argument;
mod folder;
mod one_country;
// Of the ways in which a register is written only one is measured here.
#[allow(dead_code)]
mod register;

use std::fmt::Write as _;
use std::fs;
use std::io::{Cursor, Write as _};
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use argument::argument;
use register::Form;
use sha2::{Digest, Sha256};
use tipbrief::diagnostic::{Diagnostics, Format};
use tipbrief::project::Imports;
use tipbrief::tables::import;
use tipbrief::tables::ingest::delivered::deliver;
use zip::write::SimpleFileOptions;

const ROWS: usize = 10_000_000;
const RUNS: usize = 3;
const SEED: u64 = 2007;
/// The rows of the UNODC export of 2025.
const EXPORTED: usize = 58_769;

const SOURCES: &str = "id,title,publisher,published,accessed,url,role,rank,origin,covers,complete,note\n\
    case_register,Case register,The desk,,,,register,,,2015/2024,,\n\
    export,Export,The office,2025-01,,https://example.org,publication,,,,,\n";

fn main() -> Result<()> {
    let rows = argument("--rows").unwrap_or(ROWS);
    of_register(rows)?;
    of_workbook()
}

/// The shortest times of several ways, taken in turn.
fn best(ways: [&dyn Fn() -> Result<()>; 2]) -> Result<[Duration; 2]> {
    let mut best = [Duration::MAX; 2];
    for _ in 0..RUNS {
        for (way, best) in ways.iter().zip(&mut best) {
            let start = Instant::now();
            way()?;
            *best = start.elapsed().min(*best);
        }
    }
    Ok(best)
}

fn say(what: &str, [own, mapped]: [Duration; 2], goal: f64) {
    let ratio = mapped.as_secs_f64() / own.as_secs_f64();
    println!("{what}: {own:.3?} and {mapped:.3?}, {ratio:.2} times; the goal is at most {goal}");
}

/// A register in our own columns, and the same file through a mapping.
fn of_register(rows: usize) -> Result<()> {
    let (own, mapped) = (tempfile::tempdir()?, tempfile::tempdir()?);
    let folder = one_country::write(own.path(), SOURCES)?.join("register");
    fs::create_dir_all(&folder)?;
    let file = folder.join("cases.csv");
    register::write(&file, rows, SEED, None, &Form::PLAIN)?;
    let imports = one_country::write(mapped.path(), SOURCES)?.join("imports");
    fs::create_dir_all(imports.join("register"))?;
    fs::hard_link(&file, imports.join("register/cases.csv"))?;
    fs::write(imports.join("cases.toml"), MAPPED_REGISTER)?;
    let bytes = fs::metadata(&file)?.len() / 1_000_000;
    let times = best([&|| check(own.path()), &|| check(mapped.path())])?;
    say(&format!("a register of {rows} cases ({bytes} MB), checked in our columns and through a mapping"), times, 1.3);
    Ok(())
}

const MAPPED_REGISTER: &str = r#"
source = "case_register"
[[file]]
path = "register/cases.csv"
[read]
ignore = ["source"]
[[make]]
table = "cases"
take = "count"
period = { column = "period", as = "day" }
stage = { column = "stage", codes = "stage" }
purpose = { column = "purpose" }
province = { column = "province" }
qualifier = { column = "qualifier" }
note = { column = "note" }
case_id = { column = "case_id" }
[codes.stage]
reported = "reported"
investigated = "investigated"
under_investigation = "under_investigation"
sent_to_prosecutor = "sent_to_prosecutor"
prosecuted = "prosecuted"
under_prosecution = "under_prosecution"
sent_to_court = "sent_to_court"
decided = "decided"
convicted = "convicted"
acquitted = "acquitted"
closed = "closed"
"#;

/// All that `tipbrief check` does.
fn check(root: &Path) -> Result<()> {
    let mut found = Diagnostics::default();
    let outcome = tipbrief::check(root, &|_| (), &mut found);
    ensure!(outcome.is_ok(), "the register is not what it was made to be: {}", found.render(Format::Short));
    Ok(())
}

/// A workbook, read, and then made into the rows of two countries.
fn of_workbook() -> Result<()> {
    let folder = tempfile::tempdir()?;
    for country in ["KHM", "LAO"] {
        one_country::write(folder.path(), SOURCES)?;
        let own = folder.path().join("data/countries").join(country);
        fs::create_dir_all(&own)?;
        fs::write(own.join("sources.csv"), SOURCES)?;
    }
    let imports = folder.path().join("data/imports");
    fs::create_dir_all(&imports)?;
    let book = workbook()?;
    let sum: String = Sha256::digest(&book).iter().map(|byte| format!("{byte:02x}")).collect();
    fs::write(imports.join("export.xlsx"), &book)?;
    fs::write(imports.join("export.toml"), MAPPED_WORKBOOK.replace("{sum}", &sum))?;
    let mut found = Diagnostics::default();
    let project = Imports::of(folder.path(), "export", &mut found)?;
    let mapped = project.mappings.first().context("there is a mapping")?;
    let countries = ["KHM", "LAO"].map(str::to_owned);
    let read = || {
        let mut found = Diagnostics::default();
        let present = import::present(folder.path(), mapped, &mut found)?;
        for file in present {
            let delivered = mapped.mapping.files.get(file.file).context("a file")?;
            let read = deliver(&file.path, file.bytes, delivered, None, &|_, _| true);
            ensure!(read.sheets.len() == 1 && read.faults.is_empty(), "the workbook is not read");
        }
        Ok(())
    };
    let made = || {
        let mut found = Diagnostics::default();
        let (root, mappings) = (folder.path(), &project.mappings);
        let tables = import::tables(root, mappings, &project.schemas, &countries, &[], &mut found)?;
        let rows: usize = tables.iter().map(|table| table.rows).sum();
        let text = found.render(Format::Short);
        let sound = text.lines().all(|line| line.contains("error[foreign-key]"));
        ensure!(rows > EXPORTED / 50 && sound, "{rows} rows were made: {text}");
        Ok(())
    };
    let times = best([&read, &made])?;
    let what = format!("a workbook of {EXPORTED} rows, read, and made into the rows of two countries");
    say(&what, times, 2.0);
    Ok(())
}

const MAPPED_WORKBOOK: &str = r#"
source = "export"
licence = "-"
into = { column = "Iso3_code", codes = ["iso3166-alpha3"] }
[[file]]
path = "export.xlsx"
sha256 = "{sum}"
retrieved = 2025-04-20
[read]
ignore = ["Country", "Region", "Subregion", "Unit of measurement", "Source"]
[missing]
"<5" = "<5"
[[make]]
table = "victims"
where = { Indicator = "Detected trafficking victims" }
take = "txtVALUE"
status = "identified"
period = { column = "Year", as = "year" }
sex = { column = "Sex", codes = "sex" }
age_group = { column = "Age", codes = "age" }
purpose = { column = "Category", codes = "form" }
found_in = { column = "Iso3_code" }
sum = true
[[make]]
table = "arrests"
where = { Indicator = ["Persons brought into formal contact", "Persons prosecuted", "Persons convicted"] }
take = "txtVALUE"
stage = { column = "Indicator", codes = "stage" }
period = { column = "Year", as = "year" }
sex = { column = "Sex", codes = "sex" }
age_group = { column = "Age", codes = "age" }
purpose = { column = "Category", codes = "form" }
sum = true
[codes.sex]
Total = "total"
Female = "female"
Male = "male"
[codes.age]
Total = "total"
"0 to 17 years" = "0-17"
"18 years or over" = "18+"
[codes.form]
Total = "total"
"Sexual exploitation" = "sexual_exploitation"
"Forced labour" = "forced_labour"
"Other forms of exploitation" = "other"
[codes.stage]
"Persons brought into formal contact" = "suspected"
"Persons prosecuted" = "prosecuted"
"Persons convicted" = "convicted"
"#;

const LABELS: [&str; 12] = [
    "Iso3_code",
    "Country",
    "Region",
    "Subregion",
    "Indicator",
    "Category",
    "Sex",
    "Age",
    "Year",
    "Unit of measurement",
    "txtVALUE",
    "Source",
];
const COUNTRIES: [&str; 20] = [
    "AUT", "BEL", "BRA", "CAN", "CHL", "COL", "DEU", "ESP", "FRA", "ITA", "JPN", "KHM", "LAO", "MEX", "NOR", "PER",
    "POL", "PRT", "THA", "VNM",
];
const INDICATORS: [&str; 4] =
    ["Detected trafficking victims", "Persons brought into formal contact", "Persons prosecuted", "Persons convicted"];
const FORMS: [&str; 4] = ["Total", "Sexual exploitation", "Forced labour", "Other forms of exploitation"];
const SEXES: [&str; 3] = ["Total", "Female", "Male"];
const AGES: [&str; 3] = ["Total", "0 to 17 years", "18 years or over"];

/// A workbook in the shape of the UNODC export: every indicator of twenty countries, with its numbers as numbers.
fn workbook() -> Result<Vec<u8>> {
    let mut strings: Vec<String> = Vec::new();
    let mut sheet =
        "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>".to_owned();
    for row in 0..=EXPORTED {
        write!(sheet, "<row r=\"{}\">", row + 1)?;
        for (column, label) in LABELS.iter().enumerate() {
            let name = format!("{}{}", char::from(b'A' + u8::try_from(column)?), row + 1);
            let text = if row == 0 { Some((*label).to_owned()) } else { cell(row, label) };
            match text {
                Some(text) => {
                    let known = strings.iter().position(|known| *known == text);
                    let number = known.unwrap_or_else(|| {
                        strings.push(text);
                        strings.len() - 1
                    });
                    write!(sheet, "<c r=\"{name}\" t=\"s\"><v>{number}</v></c>")?;
                }
                None if *label == "Year" => write!(sheet, "<c r=\"{name}\"><v>{}</v></c>", 2003 + row / 144 % 20)?,
                None => write!(sheet, "<c r=\"{name}\"><v>{}</v></c>", row * 7919 % 400)?,
            }
        }
        sheet.push_str("</row>");
    }
    sheet.push_str("</sheetData></worksheet>");
    packed(&strings, &sheet)
}

/// The text of a cell; none for a number.
fn cell(row: usize, label: &str) -> Option<String> {
    let of = |list: &[&str], step: usize| list.get(row / step % list.len()).map(|text| (*text).to_owned());
    match label {
        "Iso3_code" | "Country" => of(&COUNTRIES, 2880),
        "Region" | "Subregion" => of(&["Americas", "Asia", "Europe"], 8640),
        "Indicator" => of(&INDICATORS, 36),
        "Category" => of(&FORMS, 9),
        "Sex" => of(&SEXES, 3),
        "Age" => of(&AGES, 1),
        "Unit of measurement" => Some("Counts".to_owned()),
        "Source" => Some("Questionnaire".to_owned()),
        _ => None,
    }
}

fn packed(strings: &[String], sheet: &str) -> Result<Vec<u8>> {
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let package = "http://schemas.openxmlformats.org/package/2006";
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let related = |id: &str, kind: &str, target: &str| {
        format!(
            "<Relationships xmlns=\"{package}/relationships\"><Relationship Id=\"{id}\" Type=\"{office}/{kind}\" \
             Target=\"{target}\"/></Relationships>"
        )
    };
    let texts: String = strings.iter().map(|text| format!("<si><t>{text}</t></si>")).collect();
    let book = format!(
        "<workbook xmlns=\"{main}\" xmlns:r=\"{office}\"><sheets><sheet name=\"data\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>"
    );
    let parts = [
        ("[Content_Types].xml", format!("<Types xmlns=\"{package}/content-types\"/>")),
        ("_rels/.rels", related("rId1", "officeDocument", "xl/workbook.xml")),
        ("xl/_rels/workbook.xml.rels", related("rId1", "worksheet", "worksheets/sheet1.xml")),
        ("xl/workbook.xml", book),
        ("xl/sharedStrings.xml", format!("<sst xmlns=\"{main}\">{texts}</sst>")),
        ("xl/worksheets/sheet1.xml", sheet.to_owned()),
    ];
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        archive.start_file(name, SimpleFileOptions::default())?;
        archive.write_all(text.as_bytes())?;
    }
    Ok(archive.finish()?.into_inner())
}
