//! Faulty projects: what `check` says of each, word for word, in the order of their places.

use std::fs;
use std::path::Path;

use tipbrief::diagnostic::Code;

use crate::expected;
use crate::formats::FORMATS;
use crate::project::{Project, copy, tests};

/// Beside the files in which a faulty project differs from the minimal one.
const SHORT: &str = "expected.txt";
const HUMAN: &str = "expected-human.txt";
/// What only a build can see, since it takes the typeset page.
const BUILD: &str = "expected-build.txt";
/// What `import --show imported` says of the mapping in it.
const IMPORT: &str = "expected-import.txt";
const DELETE: &str = "DELETE";

/// The minimal project with the differences of one fault laid over it.
pub fn faulty(folder: &Path) -> Project {
    let project = Project::minimal();
    for path in fs::read_to_string(folder.join(DELETE)).unwrap_or_default().lines() {
        fs::remove_file(project.path(path)).unwrap_or_else(|error| panic!("{DELETE} names {path}: {error}"));
    }
    if folder.join("data").is_dir() {
        copy(&folder.join("data"), &project.path("data"));
    }
    project
}

/// Checks one faulty project; what differs from the expectation is returned.
fn check(folder: &Path) -> Vec<String> {
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    let project = faulty(folder);
    let short = project.run(&["check", "--format", "short"]);
    let mut differences: Vec<String> = expected::text(&folder.join(SHORT), &short.stdout).into_iter().collect();
    let code = i32::from(short.stdout.contains(": error["));
    if short.code != code {
        differences.push(format!("{name}: exit code {} where {code} is due", short.code));
    }
    if !short.stderr.is_empty() {
        differences.push(format!("{name}: check says on stderr: {}", short.stderr));
    }
    if folder.join(BUILD).exists() {
        let build = project.run(&["build", "--format", "short"]);
        differences.extend(expected::text(&folder.join(BUILD), &build.stderr));
        if build.code != 1 || project.path("output/XXA").exists() {
            differences.push(format!("{name}: a build of it ends with {} and may leave nothing", build.code));
        }
    }
    if folder.join(IMPORT).exists() {
        let import = project.run(&["import", "--show", "imported", "--format", "short"]);
        differences.extend(expected::text(&folder.join(IMPORT), &import.stderr));
    }
    if folder.join(HUMAN).exists() {
        let human = project.run(&["check"]);
        differences.extend(expected::text(&folder.join(HUMAN), &human.stdout));
    }
    differences
}

/// The folder of each faulty project.
pub fn folders() -> Vec<std::path::PathBuf> {
    let entries = fs::read_dir(tests().join("faults")).expect("there is tests/faults");
    let mut folders: Vec<_> = entries.map(|entry| entry.expect("an entry of tests/faults").path()).collect();
    folders.sort();
    folders
}

#[test]
fn every_fault_is_named_where_it_stands() {
    let differences: Vec<String> = folders().iter().flat_map(|folder| check(folder)).collect();
    expected::conclude(&differences);
}

/// Codes of findings that a machine brings about and no project: the test that shows each.
const OF_A_MACHINE: [(Code, &str); 1] = [(Code::UnconfinedTypst, "confinement.rs")];

#[test]
fn every_code_has_a_folder_that_shows_it() {
    for (code, test) in OF_A_MACHINE {
        let text = fs::read_to_string(tests().join(test)).expect("a test");
        assert!(text.contains(&format!(": warning[{}]: ", code.name())), "tests/{test} does not show {}", code.name());
    }
    for code in Code::ALL.iter().filter(|code| !OF_A_MACHINE.iter().any(|(other, _)| other == *code)) {
        let expected = tests().join("faults").join(code.name()).join(SHORT);
        let text = fs::read_to_string(&expected).unwrap_or_else(|error| panic!("{}: {error}", expected.display()));
        let other = [BUILD, IMPORT].map(|name| fs::read_to_string(expected.with_file_name(name)).unwrap_or_default());
        let text = text + &other.concat();
        let shown = ["error", "warning", "note"].map(|severity| format!(": {severity}[{}]: ", code.name()));
        assert!(shown.iter().any(|shown| text.contains(shown)), "{} does not show {}", expected.display(), code.name());
    }
}

#[test]
fn findings_come_in_the_order_of_their_places() {
    for folder in folders() {
        let text = fs::read_to_string(folder.join(SHORT)).expect("every fault has an expectation");
        let place = |line: &str| -> (String, usize, usize) {
            let mut parts = line.splitn(4, ':');
            let mut next = || parts.next().unwrap_or_default().to_owned();
            let path = next();
            if let [file, _, cell] = path.split('!').collect::<Vec<_>>().as_slice() {
                let letters = cell.find(|c: char| c.is_ascii_digit()).expect("a cell has a row");
                return (file.to_string(), cell[letters..].parse().expect("a row"), letters);
            }
            let (row, column) = (next(), next());
            (path, row.parse().expect("a line number"), column.parse().expect("a column number"))
        };
        // A note belongs to the finding before it.
        let places: Vec<_> = text.lines().filter(|line| !line.contains(": note[")).map(place).collect();
        assert!(places.is_sorted(), "{} is out of order", folder.display());
    }
}

#[test]
fn a_country_without_sources_is_reported() {
    let project = Project::minimal();
    fs::remove_file(project.path("data/countries/XXA/sources.csv")).expect("there is a sources.csv");
    let run = project.run(&["check", "--format", "short"]);
    assert_eq!(run.code, 1);
    let expected = "data/countries/XXA/sources.csv:1:1: error[missing-table]: ";
    assert!(
        run.stdout.lines().any(|line| line.starts_with(expected)),
        "no line begins with {expected}:\n{}",
        run.stdout
    );
}

#[test]
fn of_a_register_only_the_faulty_cell_is_shown() {
    let project = faulty(&tests().join("faults/register"));
    for (command, format) in ["check", "build"].iter().flat_map(|command| FORMATS.map(|format| (*command, format))) {
        let arguments = [command, "--format", format];
        let run = project.run(&arguments);
        for secret in ["Ana", "Harbour", "Berta", "Mill Lane", "Carl", "K-2", "2023-04"] {
            let shown = run.stdout.contains(secret) || run.stderr.contains(secret);
            assert!(!shown, "{arguments:?} shows `{secret}`, which is in no faulty cell");
        }
    }
}
