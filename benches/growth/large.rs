//! Invented projects of any size: one country with many rows, sources and calls, or many countries with few of each. They use
//! the schemas, the templates and the texts of the repository, and have sixty indicators of their own.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::json;

use crate::folder::copy;

/// The sections, and as many purposes, which each section's indicators count.
const PURPOSES: [&str; 6] =
    ["sexual_exploitation", "forced_labour", "child_labour", "forced_marriage", "servitude", "organ_removal"];
/// The stages that each section's indicators count.
const STAGES: [&str; 10] = [
    "suspected",
    "investigated",
    "arrested",
    "charged",
    "sent_to_court",
    "prosecuted",
    "tried",
    "convicted",
    "acquitted",
    "sentenced",
];
/// The years that are counted.
const YEARS: std::ops::Range<usize> = 2001..2021;
/// Sources for each total that several of them give.
const ALTERNATIVES: usize = 4;
/// The languages, the default one first.
pub const LANGUAGES: [&str; 3] = ["en", "lo", "fr"];
/// The tables of a catalogue that belong to no declaration of the repository.
const KEPT: [&str; 6] = ["font", "unit_nouns", "words", "units", "codes", "countries"];

/// How large a country is.
#[derive(Clone, Copy)]
pub struct Size {
    /// Provinces for each indicator and year.
    pub provinces: usize,
    /// Sources, which give as many totals as there are for so many, each several times.
    pub sources: usize,
    /// Calls of prose in each language.
    pub calls: usize,
    pub events: usize,
}

/// How one project differs from the one that it is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edit {
    /// As it was.
    None,
    /// Corrected in every tenth row, without a first year, an indicator with other words.
    Earlier,
    /// One row in a hundred withheld.
    Withheld,
    /// In every row a fault, each another.
    Faulty,
}

/// The shared declarations.
pub fn declarations(root: &Path, edit: Edit, previous: bool) -> Result<()> {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR"));
    for part in ["data/schemas", "templates"] {
        copy(&repository.join(part), &root.join(part))?;
    }
    for language in LANGUAGES {
        let path = format!("data/text/{language}.toml");
        write(&root.join(&path), &words(&fs::read_to_string(repository.join(&path))?))?;
    }
    let previous = if previous { "previous = \"before\"\n" } else { "" };
    let report = format!(
        "title = \"Large\"\nissue = \"2025\"\nlanguages = [\"{}\"]\n{previous}[[documents]]\nid = \"brief\"\n\
         title = \"Country brief\"\nsections = true\n",
        LANGUAGES.join("\", \"")
    );
    write(&root.join("data/report.toml"), &report)?;
    for (at, purpose) in PURPOSES.iter().enumerate() {
        let folder = root.join("data/indicators").join(purpose);
        write(&folder.join("section.toml"), &format!("title = \"Section of {purpose}\"\norder = {at}\n"))?;
        for (order, stage) in STAGES.iter().enumerate() {
            let words = if edit == Edit::Earlier && order == 0 { "once counted" } else { "counted" };
            let text = format!(
                "title = \"Persons {stage}, {purpose}\"\nshort = \"{stage}\"\ndescription = \"Persons {words}.\"\n\
                 table = \"arrests\"\nmeasure = \"{stage}\"\nunit = \"persons\"\ndimensions = [\"province\"]\n\
                 order = {order}\n{}\n[where]\npurpose = \"{purpose}\"\n\n[chart]\nkind = \"rows\"\n\
                 title = \"Persons\"\nsubtitle = \"A year.\"\n",
                if order < 1 { "key_figure = 1\nreleased_table = true" } else { "" },
            );
            write(&folder.join(format!("{}.toml", indicator(at, order))), &text)?;
        }
    }
    Ok(())
}

/// A catalogue without the texts of the repository's own declarations.
fn words(catalogue: &str) -> String {
    let mut is_kept = true;
    let keep = |line: &&str| {
        if let Some(head) = line.strip_prefix('[') {
            let table = head.trim_start_matches('[').split(['.', ']']).next().unwrap_or_default();
            is_kept = KEPT.contains(&table);
        }
        is_kept
    };
    catalogue.lines().filter(keep).map(|line| format!("{line}\n")).collect()
}

/// The id of an indicator.
pub fn indicator(section: usize, order: usize) -> String {
    format!("{}_{}", STAGES[order], PURPOSES[section])
}

/// The code of a province, with letters that no word has.
fn province(alpha2: &str, number: usize) -> String {
    let digit = |number: usize| char::from_digit(u32::try_from(number % 36).unwrap_or_default(), 36).unwrap_or('0');
    let code: String = [number / 1296, number / 36, number].into_iter().map(digit).collect();
    format!("{alpha2}-{}", code.to_uppercase())
}

/// A country's folder.
pub fn country(root: &Path, iso3: &str, alpha2: &str, size: Size, edit: Edit) -> Result<()> {
    let folder = root.join("data/countries").join(iso3);
    write(&folder.join("country.toml"), &format!("name = \"Country {iso3}\"\n"))?;
    let mut sources = String::from("id,title,publisher,published,accessed,url,role,rank,origin,covers,complete,note\n");
    for source in 0..size.sources {
        let (rank, year, month, day) = (source % 7 + 1, 2021 + source % 4, source / 4 % 12 + 1, source / 48 % 28 + 1);
        let (published, url) = (format!("{year}-{month:02}-{day:02}"), format!("https://example.org/{source}"));
        writeln!(sources, "src_{source},Yearbook,Office,{published},,{url},publication,{rank},,,,")?;
    }
    write(&folder.join("sources.csv"), &sources)?;
    write(&folder.join("arrests.csv"), &arrests(alpha2, size, edit)?)?;
    let mut events = String::from("id,date,section,text,source,note\n");
    for event in 0..size.events {
        let (section, source) = (PURPOSES[event % 6], event % size.sources);
        writeln!(events, "event_{event},{},{section},A law was passed.,src_{source},", 2001 + event % 20)?;
    }
    write(&folder.join("events.csv"), &events)?;
    for language in LANGUAGES {
        for (at, section) in PURPOSES.iter().enumerate() {
            let place = folder.join("narrative").join(language).join(format!("{section}.typ"));
            write(&place, &prose(at, alpha2, size)?)?;
        }
    }
    Ok(())
}

/// The rows of all indicators: the provinces by one source, the totals by several.
fn arrests(alpha2: &str, size: Size, edit: Edit) -> Result<String> {
    let mut text = String::from("period,stage,purpose,province,count,qualifier,source,note\n");
    let mut row = 0_usize;
    let mut add = |year: usize, at: usize, order: usize, province: &str, source: usize| -> Result<()> {
        row += 1;
        let count = match edit {
            Edit::Earlier if row.is_multiple_of(10) => format!("{}", row % 89 + 1),
            Edit::Withheld if row.is_multiple_of(100) => "x".to_owned(),
            Edit::Faulty => format!("{}e", row % 97),
            _ => format!("{}", row % 97),
        };
        let (stage, source) = match edit {
            Edit::Faulty => (format!("{}{row}", STAGES[order]), format!("scr_{row}")),
            _ => (STAGES[order].to_owned(), format!("src_{source}")),
        };
        Ok(writeln!(text, "{year},{stage},{},{province},{count},,{source},", PURPOSES[at])?)
    };
    // Indicator by indicator: of a project with more sources, more charts have contested figures, not each one more of them.
    let totals = size.sources / ALTERNATIVES;
    for (number, year) in YEARS.skip(usize::from(edit == Edit::Earlier)).enumerate() {
        for at in 0..60 {
            let cell = at * YEARS.len() + number;
            (0..size.provinces)
                .try_for_each(|code| add(year, at / 10, at % 10, &province(alpha2, code), cell % size.sources))?;
            let end = if cell < totals { size.sources } else { cell + 1 };
            let others = (cell..end).step_by(totals);
            others.into_iter().try_for_each(|source| add(year, at / 10, at % 10, "total", source % size.sources))?;
        }
    }
    Ok(text)
}

/// How many numbers are attacked: those that a source gives of a stage in a year in which it withholds one.
pub fn attacked(root: &Path, iso3: &str) -> Result<u32> {
    let mut reader = csv::Reader::from_path(root.join("data/countries").join(iso3).join("arrests.csv"))?;
    let mut groups: BTreeMap<[String; 3], (u32, bool)> = BTreeMap::new();
    for record in reader.records() {
        let record = record?;
        let cell = |at: usize| record.get(at).unwrap_or_default().to_owned();
        let (numbers, withholds) = groups.entry([0, 1, 6].map(cell)).or_default();
        (*numbers, *withholds) = (*numbers + 1, *withholds || cell(4) == "x");
    }
    Ok(groups.values().filter(|(_, withholds)| *withholds).map(|(numbers, _)| numbers).sum())
}

/// A release of the numbers of a register that is not at hand: a number for each indicator, year and province.
pub fn ledger(root: &Path, iso3: &str, alpha2: &str, size: Size) -> Result<()> {
    let codes: Vec<String> = (0..size.provinces).map(|code| province(alpha2, code)).collect();
    let (mut definitions, mut figures) = (Vec::new(), Vec::new());
    for (at, purpose) in PURPOSES.iter().enumerate() {
        for (order, stage) in STAGES.iter().enumerate() {
            let id = indicator(at, order);
            definitions.push(json!({
                "country": iso3, "indicator": id, "table": "arrests", "measure": stage, "where": {"purpose": [purpose]},
                "dimensions": {"province": codes}, "periods": YEARS.map(|year| year.to_string()).collect::<Vec<_>>(),
                "sources": ["register"],
            }));
            for (year, code) in YEARS.flat_map(|year| codes.iter().map(move |code| (year, code))) {
                figures.push(json!({
                    "id": format!("{iso3}/{id}:{year}:province={code}"), "country": iso3, "indicator": id,
                    "period": year.to_string(), "dimensions": {"province": code}, "value": 20 + year % 7,
                }));
            }
        }
    }
    let release = json!({
        "edition": "2024", "number": 1, "corrects": false, "definitions": definitions, "figures": figures,
    });
    write(&root.join("data/ledger/2024.json"), &release.to_string())?;
    let sources = root.join("data/countries").join(iso3).join("sources.csv");
    let register = "register,Register,Office,,,,register,,,2001/2020,,\n";
    Ok(fs::write(&sources, fs::read_to_string(&sources)? + register)?)
}

/// The prose of a section, with its part of the calls.
fn prose(at: usize, alpha2: &str, size: Size) -> Result<String> {
    let mut text = String::from("= What was counted\n\n");
    for call in 0..size.calls / 6 {
        let (id, year) = (indicator(at, call % 10), 2002 + call / 10 % 19);
        let code = province(alpha2, call / 200 % size.provinces.max(1));
        writeln!(text, "There were #n(\"{id}\", year: {year}, province: \"{code}\")#src().\n")?;
    }
    Ok(text)
}

fn write(path: &Path, text: &str) -> Result<()> {
    fs::create_dir_all(path.parent().context("a folder")?)?;
    Ok(fs::write(path, text)?)
}
