//! How much of the register of the tests is withheld in ten years: the whole way from its rows to what may be printed.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;

use anyhow::{Result, ensure};
use tipbrief::diagnostic::{Diagnostics, Format};
use tipbrief::disclosure::protect::{Asked, Known, Release, Status, protect};
use tipbrief::figures::summarise;
use tipbrief::project::Project;
use tipbrief::project::custody::Custody;
use tipbrief::tables::ingest::ingest;
use tipbrief::tables::validate::{Declared, validate};

use crate::cases;
use crate::folder::copy;

/// The indicators that count the persons identified.
const COUNTED: [&str; 3] = ["victims_identified", "by_province", "children"];
const YEARS: std::ops::Range<u64> = 2014..2024;

/// Of how many figures how many are withheld.
pub fn withheld(persons: u64, seed: u64) -> Result<(usize, usize)> {
    let folder = tempfile::tempdir()?;
    let release = released(&written(folder.path(), persons, seed)?)?;
    let cells = || COUNTED.iter().filter_map(|indicator| Some(release.country("XXA")?.cells(indicator))).flatten();
    let figures = || cells().filter(|cell| cell.register && cell.period.text().len() == 4);
    Ok((figures().filter(|cell| cell.status == Status::Withheld).count(), figures().count()))
}

/// The project of the tests with a register of ten years.
fn written(root: &Path, persons: u64, seed: u64) -> Result<std::path::PathBuf> {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR"));
    for shared in ["data/schemas", "data/text", "templates"] {
        copy(&repository.join(shared), &root.join(shared))?;
    }
    copy(&repository.join("tests/projects/register/data"), &root.join("data"))?;
    let country = root.join("data/countries/XXA");
    let sources = fs::read_to_string(country.join("sources.csv"))?;
    let covers = format!("{}/{}", YEARS.start, YEARS.end - 1);
    ensure!(sources.contains("2021/2023"), "the registers cover other years");
    fs::write(country.join("sources.csv"), sources.replace("2021/2023", &covers))?;
    let mut out = BufWriter::new(File::create(country.join("register/victims.csv"))?);
    writeln!(out, "{}", cases::LABELS)?;
    cases::write(&mut out, persons, seed, YEARS)?;
    out.flush()?;
    Ok(root.to_owned())
}

fn released(root: &Path) -> Result<Release> {
    let mut found = Diagnostics::default();
    let project = Project::read(root, &mut found)?;
    let tables = ingest(root, &project.countries, &project.schemas, &|_, _| (), &mut found)?;
    let declared = Declared {
        schemas: &project.schemas,
        indicators: &project.indicators,
        countries: &project.countries,
        issue: &project.report.issue,
        visits: &project.visits,
    };
    let dataset = validate(tables, declared, &mut found)?;
    let summaries = summarise(&dataset, &project.indicators, &project.schemas, &mut found)?;
    let (asked, custody, reopened) = (Asked::default(), Custody::default(), BTreeSet::new());
    let known = Known { ledger: &project.ledger, custody: &custody, reopened: &reopened, asked: &asked };
    let release = protect(summaries, &project.indicators, &project.report.policy, known, &mut found);
    ensure!(!found.failed(), "the project has faults:\n{}", found.render(Format::Human));
    Ok(release)
}
