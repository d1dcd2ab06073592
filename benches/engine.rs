//! What counting a register in its engine costs, beside checking its rows: the same invented cases as rows, in `DuckDB` over Parquet
//! and, where `PSQL` holds a command line of psql for an empty database, in `PostgreSQL`. Times by the clock in one run on the same cases; the
//! ratios mean more than the times. At a million cases and at eight times as many, so that the growth is seen.
//!
//! `just bench-engine` runs it; `just bench-engine --rows 10000000` on more. `DUCKDB` names another `DuckDB` than the one on the path.

mod argument;
mod best;
mod folder;
mod one_country;
#[allow(dead_code)]
mod register;

use std::ffi::OsString;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, anyhow, ensure};
use argument::argument;
use best::{best, ratio};
use register::Form;
use tipbrief::diagnostic::Diagnostics;

const ROWS: usize = 1_000_000;
const SEED: u64 = 2007;
const RUNS: usize = 3;
const SOURCES: &str = "id,title,publisher,published,accessed,url,role,rank,origin,covers,complete,note\n\
    case_register,Case register,The desk,,,,register,,,2015/2024,,\n";

fn main() -> Result<()> {
    let rows: usize = argument("--rows").unwrap_or(ROWS);
    let mut before: Option<Vec<(String, Duration)>> = None;
    for rows in [rows / 8, rows] {
        let times = measured(rows)?;
        let checked = times.first().map(|(_, time)| *time).context("the rows are checked")?;
        println!("{rows} cases; best of {RUNS}");
        for (at, (what, time)) in times.iter().enumerate() {
            let grown = before.as_ref().and_then(|before| before.get(at)).map_or_else(String::new, |(_, small)| {
                format!(", {:.1} times as long as for an eighth of the cases", ratio(*time, *small))
            });
            println!("{what:<44} {time:>10.3?}: {:>6.2} times check of the rows{grown}", ratio(*time, checked));
        }
        before = Some(times);
    }
    Ok(())
}

/// What each way takes for so many cases: first the check of the rows themselves.
fn measured(rows: usize) -> Result<Vec<(String, Duration)>> {
    let folder = tempfile::tempdir()?;
    let root = folder.path();
    let country = one_country::write(root, SOURCES)?;
    fs::create_dir_all(country.join("register"))?;
    let (file, cases) = (country.join("register/cases.csv"), root.join("cases.csv"));
    register::write(&file, rows, SEED, None, &Form::PLAIN)?;
    let mut times = vec![("check of the rows".to_owned(), best(RUNS, || check(root))?)];
    fs::rename(&file, &cases)?;
    let declare = |dialect: &str| {
        let engine = format!("name = \"Laos\"\n\n[engine.cases]\nview = \"tipbrief.cases\"\ndialect = \"{dialect}\"\n");
        fs::write(country.join("country.toml"), engine)
    };
    declare("ansi")?;
    let duckdb = std::env::var_os("DUCKDB").unwrap_or_else(|| "duckdb".into());
    let database = root.join("register.db").into_os_string();
    let options = ["-init", "/dev/null", "-noheader", "-list", "-bail"].map(OsString::from);
    let client: Vec<OsString> = std::iter::once(duckdb).chain(options).chain([database]).collect();
    let parquet = root.join("cases.parquet");
    fed(
        &client,
        &format!(
            "COPY (SELECT * FROM read_csv('{}', all_varchar = true)) TO '{}' (FORMAT parquet); CREATE SCHEMA tipbrief; \
         CREATE VIEW tipbrief.cases AS SELECT * FROM read_parquet('{}');",
            cases.display(),
            parquet.display(),
            parquet.display()
        ),
    )?;
    times.push(("count in DuckDB over Parquet, and check".to_owned(), best(RUNS, || count(root, &client))?));
    if let Ok(psql) = std::env::var("PSQL") {
        declare("postgres")?;
        let client: Vec<OsString> = psql.split_whitespace().map(OsString::from).collect();
        fed(
            &client,
            &format!(
                "DROP SCHEMA IF EXISTS tipbrief CASCADE; CREATE SCHEMA tipbrief; CREATE TABLE tipbrief.base (period text, stage text, purpose text, \
             province text, count text, qualifier text, source text, note text, case_id text);\n\
             \\copy tipbrief.base FROM '{}' CSV HEADER\nCREATE VIEW tipbrief.cases AS SELECT * FROM tipbrief.base; ANALYZE tipbrief.base;",
                cases.display()
            ),
        )?;
        times.push(("count in PostgreSQL, and check".to_owned(), best(RUNS, || count(root, &client))?));
    }
    times.push(("check of the counted file".to_owned(), best(RUNS, || check(root))?));
    Ok(times)
}

/// Has an engine count, and checks what it counted.
fn count(root: &Path, client: &[OsString]) -> Result<()> {
    let counted = tipbrief::count_register(root, "LAO/cases", false, client, &mut Diagnostics::default())?;
    counted.map_err(|why| anyhow!(why))?;
    check(root)
}

fn check(root: &Path) -> Result<()> {
    let mut found = Diagnostics::default();
    tipbrief::check(root, &|_| (), &mut found).context("the register is sound")
}

/// Gives a client this SQL.
fn fed(client: &[OsString], sql: &str) -> Result<()> {
    let (program, arguments) = client.split_first().context("a client")?;
    let mut child = Command::new(program).args(arguments).stdin(Stdio::piped()).stdout(Stdio::null()).spawn()?;
    child.stdin.take().context("its stdin")?.write_all(sql.as_bytes())?;
    ensure!(child.wait()?.success(), "the engine takes the cases");
    Ok(())
}
