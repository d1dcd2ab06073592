//! The discipline of the code itself: layers, sizes, charters, words, formatting.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use regex::Regex;

use crate::layers::CONFINED;
use crate::project::{REPOSITORY, files};
use crate::tools::able;

/// The longest file.
const LINES: usize = 400;
/// The longest function, from its first line to its last brace.
const FUNCTION: usize = 60;
/// Folders of `data` whose entries are names that the code must not know.
const NAMES: [&str; 3] = ["data/countries", "data/indicators", "data/text"];

/// What is called like something declared and is a word of the tables (docs/data.md): folders and files, a chart kind, a unit.
const WORDS: [&str; 7] = ["country", "data", "milestones", "narrative", "register", "section", "tier"];

/// A file of `src`: its path from there, its text.
pub struct File {
    pub path: String,
    text: String,
}

impl File {
    /// Whether it is that module, or inside it.
    fn is_in(&self, module: &str) -> bool {
        let rest = self.path.strip_prefix(module);
        rest.is_some_and(|rest| rest.is_empty() || rest == ".rs" || rest.starts_with('/'))
    }

    /// The code: without comments, and without the unit tests at the foot.
    pub fn code(&self) -> String {
        let tests = Regex::new(r"(?s)#\[cfg\((?:all\()?test\b[^\]]*\]\s+mod \w+ \{.*").expect("a pattern");
        let code = tests.replace(&self.text, "");
        code.lines().filter(|line| !line.trim_start().starts_with("//")).map(|line| format!("{line}\n")).collect()
    }
}

pub fn sources() -> Vec<File> {
    let folder = Path::new(REPOSITORY).join("src");
    let read = |path: String| File { text: fs::read_to_string(folder.join(&path)).expect("a source file"), path };
    let sources: Vec<File> = files(&folder).into_iter().filter(|path| path.ends_with(".rs")).map(read).collect();
    assert!(sources.len() > 20, "the sources are found");
    sources
}

/// The string literals of a piece of code, raw strings too, escapes as they stand.
fn literals(code: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut chars = code.chars();
    while let Some(c) = chars.next() {
        if c == '\'' {
            // A quote as a character is no string.
            let ahead: String = chars.clone().take(3).collect();
            if ahead.starts_with("\"'") {
                chars.nth(1);
            } else if ahead.starts_with("\\\"'") {
                chars.nth(2);
            }
        } else if c == '"' {
            let mut literal = String::new();
            while let Some(c) = chars.next().filter(|c| *c != '"') {
                literal.push(c);
                if c == '\\' {
                    literal.extend(chars.next());
                }
            }
            found.push(literal);
        }
    }
    found
}

pub fn conclude(faults: &[String]) {
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn no_module_leaves_its_wing_by_super() {
    let mut faults = Vec::new();
    for file in sources() {
        let own = file.path.matches('/').count() - usize::from(file.path.ends_with("/mod.rs"));
        // A file that is all tests has modules inside.
        if file.code().contains(&"super::".repeat(own + 1)) && !file.code().contains("\nmod ") {
            faults.push(format!("src/{}: `super::` leaves the wing", file.path));
        }
    }
    conclude(&faults);
}

#[test]
fn crates_are_confined_to_their_modules() {
    let mut faults = Vec::new();
    for file in sources() {
        let code = file.code();
        for (path, modules) in CONFINED.iter().filter(|(_, modules)| !modules.iter().any(|module| file.is_in(module))) {
            // The exit code is the one thing of processes that the command line needs.
            let code = code.replace("std::process::ExitCode", "");
            if code.match_indices(path).any(|(at, _)| !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_'))
            {
                faults.push(format!("src/{}: `{path}` belongs to {modules:?}", file.path));
            }
        }
    }
    conclude(&faults);
}

#[test]
fn files_are_short_and_open_with_their_charter() {
    let mut faults = Vec::new();
    for file in sources() {
        let lines = file.text.lines().count();
        if lines > LINES {
            faults.push(format!("src/{} has {lines} lines, {LINES} are allowed", file.path));
        }
        if !file.text.starts_with("//! ") {
            faults.push(format!("src/{} does not open with `//!`", file.path));
        }
    }
    let folder = Path::new(REPOSITORY).join("tests");
    for path in files(&folder).into_iter().filter(|path| path.ends_with(".rs")) {
        let text = fs::read_to_string(folder.join(&path)).expect("a test file");
        if text.lines().count() > LINES || !text.starts_with("//! ") {
            faults.push(format!("tests/{path} is too long or does not open with `//!`"));
        }
    }
    conclude(&faults);
}

/// The functions of a file as `cargo fmt` lays them out: the name and the number of lines of each.
fn functions(text: &str) -> Vec<(String, usize)> {
    let heading =
        Regex::new(r"^( *)(?:pub(?:\([^)]*\))? )?(?:(?:const|async|unsafe|extern \S+) )*fn (\w+)").expect("a pattern");
    let lines: Vec<&str> = text.lines().collect();
    let length = |(at, line): (usize, &&str)| {
        let found = heading.captures(line)?;
        // The first line at its own depth that ends it: a body on one line, a declaration of a trait, the last brace.
        let ends = |line: &&str| {
            let rest = line.strip_prefix(&found[1]).filter(|rest| !rest.starts_with(' '));
            rest.is_some_and(|rest| rest.ends_with(['}', ';']))
        };
        let length = lines[at..].iter().position(ends)? + 1;
        Some((found[2].to_owned(), length))
    };
    lines.iter().enumerate().filter_map(length).collect()
}

#[test]
fn functions_fit_on_a_screen() {
    let planted = format!(
        "impl A {{\n    fn short() {{}}\n\n    fn long(\n        a: u8,\n    ) {{\n{}    }}\n}}\n",
        "        b();\n".repeat(60)
    );
    assert_eq!(functions(&planted), [("short".to_owned(), 1), ("long".to_owned(), 64)]);
    let mut faults = Vec::new();
    for folder in ["src", "tests", "benches"] {
        let root = Path::new(REPOSITORY).join(folder);
        for path in files(&root).into_iter().filter(|path| path.ends_with(".rs")) {
            let functions = functions(&fs::read_to_string(root.join(&path)).expect("a source file"));
            let long = functions.into_iter().filter(|(_, lines)| *lines > FUNCTION);
            faults.extend(
                long.map(|(name, lines)| {
                    format!("{folder}/{path}: `{name}` has {lines} lines, {FUNCTION} are allowed")
                }),
            );
        }
    }
    conclude(&faults);
}

#[test]
fn no_module_has_a_name_that_says_nothing() {
    let empty = ["util", "utils", "common", "helpers", "types", "prelude", "misc"];
    let vague = |file: &File| file.path.trim_end_matches(".rs").split('/').any(|part| empty.contains(&part));
    let faults: Vec<String> = sources().into_iter().filter(vague).map(|file| file.path).collect();
    conclude(&faults);
}

#[test]
fn the_code_names_no_country_language_section_or_indicator() {
    let names: BTreeSet<String> = NAMES
        .iter()
        .flat_map(|folder| files(&Path::new(REPOSITORY).join(folder)))
        .flat_map(|path| {
            path.split('/').map(|part| part.split('.').next().unwrap_or(part).to_owned()).collect::<Vec<_>>()
        })
        .collect();
    // Words of the tables that folders and files are called by, not names of something declared.
    let tables = files(&Path::new(REPOSITORY).join("data/schemas"));
    let contract: Vec<&str> = tables.iter().map(|path| path.trim_end_matches(".json")).collect();
    let general = |name: &str| contract.contains(&name) || WORDS.contains(&name);
    let mut faults = Vec::new();
    for file in sources() {
        for literal in literals(&file.code()) {
            let words = literal.split(|c: char| !c.is_alphanumeric() && c != '_');
            for word in words.filter(|word| names.contains(*word) && !general(word)) {
                // An indicator's or a section's name may be an English word in a sentence; alone it is a name.
                if word == literal || word.contains('_') || word.chars().all(|c| c.is_ascii_uppercase()) {
                    faults.push(format!("src/{}: \"{literal}\" names `{word}`", file.path));
                }
            }
        }
    }
    conclude(&faults);
}

/// Modules of `figures` that only tests use: maps of observations are their way of being slow and plain.
const SLOW: [&str; 2] = ["figures/reference.rs", "figures/property.rs"];

#[test]
fn observations_are_grouped_by_polars_and_stand_in_no_map() {
    let map = Regex::new(r"(?:BTreeMap|HashMap)<[^;={}\n]*\b(?:Statement|SummaryCell|Entries|Rows|Sum|DataFrame)\b")
        .expect("a pattern");
    let figures = || sources().into_iter().filter(|file| file.is_in("figures") && !SLOW.contains(&file.path.as_str()));
    let faults: Vec<String> =
        figures().filter(|file| map.is_match(&file.code())).map(|file| format!("src/{}: a map", file.path)).collect();
    conclude(&faults);
    let grouped: Vec<String> =
        figures().filter(|file| file.code().contains(".group_by(")).map(|file| file.path).collect();
    assert_eq!(grouped, ["figures/rank.rs", "figures/sums.rs"], "sums and ranks are group-bys of Polars");
    let reference = sources().into_iter().find(|file| file.path == SLOW[0]).expect("the reference");
    assert!(reference.code().contains("BTreeMap<String, Vec<Placed>>"), "the reference is the slow way");
}

#[test]
fn the_changelog_has_the_version() {
    let changelog = fs::read_to_string(Path::new(REPOSITORY).join("CHANGELOG.md")).expect("there is a CHANGELOG.md");
    let heading = format!("## [{}]", env!("CARGO_PKG_VERSION"));
    assert!(changelog.lines().any(|line| line.starts_with(&heading)), "CHANGELOG.md has no heading {heading}");
}

#[test]
fn the_code_is_formatted() {
    let mut format = Command::new(env!("CARGO"));
    let output = format.args(["fmt", "--check"]).current_dir(REPOSITORY).output().expect("cargo starts");
    let stderr = String::from_utf8_lossy(&output.stderr);
    let lacking = stderr.contains("not installed") || stderr.contains("no such command");
    let Some(()) = able("rustfmt", if lacking { Err(stderr.to_string()) } else { Ok(()) }) else { return };
    assert!(output.status.success(), "`cargo fmt` would change:\n{}{stderr}", String::from_utf8_lossy(&output.stdout));
}

/// The packages of a lock file by name and version, and the names of those that the product itself needs.
fn locked(path: &str) -> (BTreeSet<(String, String)>, BTreeSet<String>) {
    let text = fs::read_to_string(Path::new(REPOSITORY).join(path)).expect("a lock file");
    let (mut packages, mut own) = (BTreeSet::new(), BTreeSet::new());
    for package in text.split("[[package]]").skip(1) {
        let value = |key: &str| {
            let line = package.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(" = "));
            line.unwrap_or_default().trim_matches('"').to_owned()
        };
        if value("name") == "tipbrief" {
            let needed = package.lines().filter_map(|line| line.strip_prefix(" \"")?.strip_suffix("\","));
            own.extend(needed.filter_map(|needed| needed.split(' ').next()).map(str::to_owned));
        }
        packages.insert((value("name"), value("version")));
    }
    (packages, own)
}

/// The fuzz targets have a lock file of their own, which no other build looks at.
#[test]
fn fuzz_targets_are_built_with_what_the_product_is_built_with() {
    let (packages, own) = locked("Cargo.lock");
    let (fuzzed, own_fuzzed) = locked("fuzz/Cargo.lock");
    let only_tests = ["fastrand", "proptest"].map(str::to_owned).into();
    let lacking: Vec<&String> =
        own.symmetric_difference(&own_fuzzed).filter(|name| !BTreeSet::contains(&only_tests, *name)).collect();
    assert!(lacking.is_empty(), "cargo metadata --manifest-path fuzz/Cargo.toml corrects fuzz/Cargo.lock: {lacking:?}");
    let other: Vec<_> = fuzzed.difference(&packages).filter(|(name, _)| own_fuzzed.contains(name)).collect();
    assert!(other.is_empty(), "other versions are fuzzed than are used: {other:?}");
}
