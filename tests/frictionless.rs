//! The shared part of the checks, held against Frictionless, which reads the same schemas and the same CSV.
//!
//! Every faulty project and every sound one is checked by both. Where the codes of a table differ, the tables below say
//! for which codes that may be, and why; any other difference fails. What else is ours alone never meets Frictionless: warnings
//! and notes, look-alike characters and stray spaces (which only sharpen a `constraint-error`), registers, whose folder is
//! no package, the rules between tables, workbooks, declarations and prose.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::faults::{faulty, folders};
use crate::project::{Project, REPOSITORY, files, tests};
use crate::tools::python;

/// Codes that only we find, and why: with these alone a table is invalid for us and valid for Frictionless.
const OURS: &[(&str, &str)] = &[
    ("period-error", "calendar, order and form of periods; the standard has no more than a pattern"),
    ("quote-error", "Frictionless reads quotes leniently, and an open one to the end of the file"),
    ("publication-error", "a rule between tables and columns (docs/data.md#publications)"),
    ("outside-coverage", "a rule between columns, and between a register and its source"),
    ("missing-face", "whether a letter can be printed; nothing of the table"),
    ("missing-label", "`tipbrief:column` asks for a column whose cells may be empty; `superset` asks for none"),
];

/// Files as people have them, which Frictionless guesses about (their encoding, what separates their cells, which line holds
/// the labels) and then reads as something else: the case, the table, and what we do.
const APART: &[(&str, &str, &str)] = &[
    ("declared-dialect", "arrests", "the dialect is declared in country.toml, and the table is sound"),
    ("declared-dialect-cells", "arrests", "the dialect is declared in country.toml, and cells are judged"),
    ("a-label-too-few", "arrests", "the label that is missing is named, and no cell held against its neighbour's rule"),
    ("encoding-error", "arrests", "the cell that is not UTF-8 is named"),
    ("nul-bytes", "arrests", "the cells that hold a NUL are named, and judged no further"),
    ("semicolons", "arrests", "the separator is named, and nothing judged"),
    ("semicolons-and-quotes", "arrests", "the separator is named, and nothing judged"),
    ("semicolons-and-quotes", "victims", "the separator is named, and nothing judged"),
    ("separator-line", "arrests", "the line that names a separator is reported, and the rows are read by it"),
    ("separator-line", "victims", "the line that names a separator is reported, and the rows are read by it"),
    ("stray-row", "arrests", "lines that are no rows are named, and the rows judged without them"),
    ("stray-row", "sources", "lines that are no rows are named, and the rows judged without them"),
    ("stray-row", "victims", "lines that are no rows are named, and the rows judged without them"),
    ("tabs-and-bars", "arrests", "the separator is named, and nothing judged"),
    ("tabs-and-bars", "victims", "the separator is named, and nothing judged"),
    ("trailing-columns", "arrests", "empty columns at the end are a note"),
    ("trailing-columns", "victims", "a column without label that holds something is one blank label"),
    ("utf-16", "arrests", "the encoding is named, and nothing judged"),
    ("utf-16", "victims", "the encoding is named, and nothing judged"),
    ("windows-1252", "arrests", "the cell that is not UTF-8 is named"),
    ("windows-1252", "sources", "the cell that is not UTF-8 is named"),
    ("workbook-kinds", "tier_ratings", "what is no text is named as what it is"),
];

/// Differences of single tables: the case, the table, the code that only one side has, and why.
const SINGLE: &[(&str, &str, &str, &str)] = &[
    ("duplicate-label", "arrests", "duplicate-label", "Frictionless 5.21 fails at the second label"),
    ("duplicate-label", "arrests", "error", "and says no more than that"),
    ("a-label-too-many", "arrests", "duplicate-label", "Frictionless 5.21 fails at the second label"),
    ("a-label-too-many", "arrests", "error", "and says no more than that"),
    ("after-the-issue", "tier_ratings", "type-error", "a year of another calendar is a sound year there"),
    ("bom-and-crlf-faults", "arrests", "missing-label", "one slip, one error: the misspelt label is the missing one"),
    ("blank-label", "arrests", "blank-label", "a blank label in no field's place is an extra one there"),
    ("blank-label", "arrests", "extra-label", "a blank label in no field's place is an extra one there"),
    ("blank-row", "arrests", "constraint-error", "cells of a row of nothing are judged there, too"),
    ("blank-row", "arrests", "type-error", "cells of a row of nothing are judged there, too"),
    ("thousands", "arrests", "constraint-error", "cells that a stray comma moved are judged there, too"),
    ("missing-cell", "arrests", "constraint-error", "cells that are missing are judged there, too"),
    ("constraint-error", "victims", "type-error", "an empty count is no number there; to us it is not given"),
    ("cell-days", "arrests", "constraint-error", "our period-error, by the pattern"),
    ("period-error", "arrests", "constraint-error", "our period-error, by the pattern"),
    ("blank-lines", "arrests", "primary-key", "a blank row has no key; it is reported as blank"),
    ("blank-lines", "sources", "primary-key", "a blank row has no key; it is reported as blank"),
    ("blank-row", "arrests", "primary-key", "a blank row has no key; it is reported as blank"),
    ("cell-days", "tier_ratings", "primary-key", "a cell that cannot be read is none there, and so the key is empty"),
    ("provinces", "victims", "constraint-error", "the standard knows no provinces, and not whose folder it is"),
    ("number-as-a-name", "sources", "constraint-error", "that a name needs words is no rule of the schema"),
    ("held-at", "sources", "constraint-error", "that a name needs words is no rule of the schema"),
    ("unique-error", "sources", "primary-key", "the key is that one field: once is enough"),
];

type Codes = BTreeMap<(String, String), BTreeSet<String>>;

/// What we say: for each public CSV of a case the codes of its errors.
fn ours(case: &str, project: &Project, codes: &mut Codes, lines: &mut String) {
    let run = project.run(&["check", "--format", "short"]);
    let folder = project.path("data/countries");
    for path in files(&folder) {
        let [country, file] = path.split('/').collect::<Vec<_>>()[..] else { continue };
        let Some(table) = file.strip_suffix(".csv") else { continue };
        let schema = Path::new(REPOSITORY).join(format!("data/schemas/{table}.json"));
        if !schema.exists() {
            continue;
        }
        let case = format!("{case}/{country}");
        let here = format!("data/countries/{path}:");
        let errors = run.stdout.lines().filter(|line| line.starts_with(&here));
        let found = errors.filter_map(|line| Some(line.split_once(": error[")?.1.split_once(']')?.0.to_owned()));
        codes.entry((case.clone(), table.to_owned())).or_default().extend(found);
        let (schema, table_path) = (schema.display().to_string(), folder.join(&path).display().to_string());
        lines.push_str(&format!("{case}\t{table}\t{schema}\t{table_path}\n"));
    }
}

/// What Frictionless says, by a Python that has it.
fn theirs(python: &Path, lines: &str) -> Codes {
    let script = tests().join("frictionless_says.py");
    let pipes = || Stdio::piped();
    let mut python = Command::new(python);
    let mut child = python.arg("-B").arg(script).stdin(pipes()).stdout(pipes()).spawn().expect("python starts");
    child.stdin.take().expect("a pipe").write_all(lines.as_bytes()).expect("python reads");
    let output = child.wait_with_output().expect("python ends");
    assert!(output.status.success(), "tests/frictionless_says.py ends well");
    let text = String::from_utf8(output.stdout).expect("python prints UTF-8");
    let line = |line: &str| {
        let parts: Vec<&str> = line.split('\t').collect();
        let types = parts[3].split(' ').filter(|code| !code.is_empty()).map(str::to_owned);
        ((parts[0].to_owned(), parts[1].to_owned()), types.collect())
    };
    text.lines().map(line).collect()
}

/// Whether a code that only one side has is explained.
fn explained((case, table): (&str, &str), code: &str) -> bool {
    SINGLE.iter().any(|(of, at, known, _)| (*of, *at, *known) == (case, table, code))
}

#[test]
fn frictionless_agrees_on_the_shared_part() {
    let Some(python) = python("frictionless") else { return };
    let (mut codes, mut lines, mut projects) = (Codes::new(), String::new(), Vec::new());
    for name in ["minimal", "alternatives"] {
        projects.push((name.to_owned(), Project::named(name)));
    }
    projects.push(("product".to_owned(), Project::series()));
    for folder in folders().into_iter().filter(|folder| !folder.join("data/schemas").exists()) {
        projects.push((folder.file_name().unwrap_or_default().to_string_lossy().into_owned(), faulty(&folder)));
    }
    for (case, project) in &projects {
        ours(case, project, &mut codes, &mut lines);
    }
    let found = theirs(&python, &lines);
    let mut differences = Vec::new();
    for ((case, table), codes) in &codes {
        let theirs = &found[&(case.clone(), table.clone())];
        let at = (case.split('/').next().unwrap_or_default(), table.as_str());
        if APART.iter().any(|(case, table, _)| (*case, *table) == at) {
            continue;
        }
        let own = |code: &str| OURS.iter().any(|(known, _)| *known == code);
        let unexplained = |code: &String| !own(code) && !explained(at, code);
        let disagree = if theirs.is_empty() { codes.iter().any(unexplained) } else { codes.is_empty() };
        if disagree {
            differences.push(format!("{case} {table}: valid for one of us; we find {codes:?}, they {theirs:?}"));
        }
        let only_ours = codes.difference(theirs).filter(|code| !own(code) && !explained(at, code));
        differences.extend(only_ours.map(|code| format!("{case} {table}: only we find {code}")));
        let only_theirs = theirs.difference(codes).filter(|code| !explained(at, code));
        differences.extend(only_theirs.map(|code| format!("{case} {table}: only they find {code}")));
    }
    assert!(differences.is_empty(), "\n{}", differences.join("\n"));
    assert!(found.len() > 100, "the tables of all cases were judged");
}
