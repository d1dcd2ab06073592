//! Delivered files through their mappings: `imports/cases/<name>` holds a file in the shape of a real one, its mapping, the rows
//! that it makes and the cells of each, and a broken file with what is wrong in it, by place and code.

mod book;
mod drafts;
mod gallery;
mod hostile;
mod kept;
mod rules;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::expected;
use crate::project::{REPOSITORY, Run, copy, tests};

/// A project of schemas, sources and one mapping, and nothing else.
pub struct Importing {
    folder: TempDir,
    /// The folder of the mapping, from the root.
    pub inside: String,
}

impl Importing {
    /// A project with these countries, each with one source.
    pub fn of(countries: &[&str], source: &str, inside: &str) -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        copy(&Path::new(REPOSITORY).join("data/schemas"), &folder.path().join("data/schemas"));
        for country in countries {
            let own = folder.path().join("data/countries").join(country);
            fs::create_dir_all(&own).expect("a folder of the country");
            let rows =
                format!("id,title,publisher,published,url,role\n{source},T,P,2030,https://example.org,publication\n");
            fs::write(own.join("sources.csv"), rows).expect("sources can be written");
        }
        let importing = Self { folder, inside: inside.to_owned() };
        fs::create_dir_all(importing.path("")).expect("a folder of the mapping");
        importing
    }

    /// A file beside the mapping.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(&self.inside).join(name)
    }

    /// What `import --show x` says, of the whole or of one table.
    pub fn show(&self, table: Option<&str>) -> Run {
        self.run(&["--show", "x"].into_iter().chain(table).collect::<Vec<_>>())
    }

    /// The command with these arguments.
    pub fn run(&self, arguments: &[&str]) -> Run {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_tipbrief"));
        command.arg("import").args(arguments).args(["--format", "short", "--root"]);
        Run::of(command.arg(self.folder.path()).current_dir(self.folder.path()))
    }

    /// The same with paths from the mapping's folder.
    pub fn shown(&self, table: Option<&str>) -> Run {
        let run = self.show(table);
        let own = format!("{}/", self.inside);
        Run { stdout: run.stdout.replace(&own, ""), stderr: run.stderr.replace(&own, ""), ..run }
    }
}

/// One of the handed cases.
pub struct Case {
    pub folder: PathBuf,
    pub mapping: String,
}

impl Case {
    pub fn all() -> Vec<Self> {
        let entries = fs::read_dir(tests().join("imports/cases")).expect("there are cases");
        let mut folders: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
        folders.sort();
        let read = |folder: PathBuf| {
            let mapping = fs::read_to_string(folder.join("mapping.toml")).expect("each case has a mapping");
            Self { folder, mapping }
        };
        folders.into_iter().map(read).collect()
    }

    pub fn name(&self) -> String {
        self.folder.file_name().unwrap_or_default().to_string_lossy().into_owned()
    }

    /// What stands behind a key, the first time that it is written.
    pub fn value(&self, key: &str) -> Option<&str> {
        let line = self.mapping.lines().find_map(|line| line.strip_prefix(&format!("{key} = \"")))?;
        line.split('"').next()
    }

    /// Each expected table, as `ISO3/table`, with the endings of its two files.
    pub fn tables(&self) -> Vec<(String, String)> {
        let entries = fs::read_dir(&self.folder).expect("a folder").map(|entry| entry.expect("an entry").file_name());
        let names = entries.map(|name| name.to_string_lossy().into_owned());
        let mut tables: Vec<(String, String)> = names
            .filter_map(|name| Some(name.strip_prefix("expected")?.strip_suffix(".csv")?.to_owned()))
            .map(|ending| {
                if let Some(named) = ending.strip_prefix('-') {
                    return (named.replacen('-', "/", 1), ending);
                }
                let country = self.value("into").expect("a case of one country names it");
                (format!("{country}/{}", self.value("table").expect("it makes a table")), ending)
            })
            .collect();
        tables.sort();
        tables
    }

    /// The case as a project: its own half or the broken one.
    pub fn project(&self, half: &str) -> Importing {
        let tables = self.tables();
        let countries: BTreeSet<&str> = tables.iter().filter_map(|(table, _)| table.split('/').next()).collect();
        let countries: Vec<&str> = countries.into_iter().collect();
        let inside = if self.mapping.contains("register/") {
            format!("data/countries/{}/imports", countries[0])
        } else {
            "data/imports".to_owned()
        };
        let importing = Importing::of(&countries, self.value("source").expect("it names its source"), &inside);
        copy(&self.folder.join(half), &importing.path(""));
        fs::rename(importing.path("mapping.toml"), importing.path("x.toml")).expect("it has a mapping");
        importing
    }

    /// The rows and the cells of a table, as `--show` prints them.
    pub fn rows(&self, ending: &str) -> String {
        let read =
            |what: &str| fs::read_to_string(self.folder.join(format!("{what}{ending}.csv"))).expect("it is there");
        let origins = read("origins");
        let cells = origins.lines().map(|line| match line.split_once(',') {
            Some(("row", _)) => "cells".to_owned(),
            Some((_, cells)) => cells.trim_matches('"').replace(' ', "; "),
            None => panic!("{line} names no cells"),
        });
        read("expected").lines().zip(cells).map(|(row, cells)| format!("{row},{cells}\n")).collect()
    }

    /// The faults of the broken half: place, severity and code.
    fn faults(&self) -> BTreeSet<String> {
        let text = fs::read_to_string(self.folder.join("expected-faults.md")).expect("it is there");
        text.lines().filter_map(|line| Some(line.strip_prefix("* `")?.split_once("]: ")?.0.to_owned() + "]")).collect()
    }
}

#[test]
fn every_case_makes_its_rows_of_its_cells() {
    let mut differences = Vec::new();
    for case in Case::all() {
        let importing = case.project("");
        for (table, ending) in case.tables() {
            let run = importing.shown(Some(&table));
            if run.stdout != case.rows(&ending) || run.code != 0 || !run.stderr.is_empty() {
                let (got, due) = (&run.stdout, case.rows(&ending));
                differences.push(format!("{} {table}: {}\n{got}where this is due:\n{due}", case.name(), run.stderr));
            }
        }
        let counted = importing.shown(None).stdout;
        let listed: Vec<String> = counted.lines().skip(1).map(|line| line.replacen(',', "/", 1)).collect();
        let due = case
            .tables()
            .into_iter()
            .map(|(table, ending)| format!("{table},{}", case.rows(&ending).lines().count() - 1));
        if listed != due.collect::<Vec<_>>() {
            differences.push(format!("{}: other tables than these are made:\n{counted}", case.name()));
        }
    }
    expected::conclude(&differences);
}

#[test]
fn every_broken_case_has_its_faults_and_no_other() {
    let mut differences = Vec::new();
    for case in Case::all() {
        let run = case.project("broken").shown(None);
        let found = run.stderr.lines().filter(|line| !line.contains(": note["));
        let found: BTreeSet<String> =
            found.map(|line| line.split_once("]: ").map_or(line, |(place, _)| place).to_owned() + "]").collect();
        if found != case.faults() || run.code != 1 || !run.stdout.is_empty() {
            differences.push(format!("{}: {found:#?} where these are due: {:#?}", case.name(), case.faults()));
        }
    }
    expected::conclude(&differences);
}
