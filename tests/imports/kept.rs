//! Kept rows: they stand in for a file that is not there, say so, and only while every sum fits.

use std::fs;

use sha2::{Digest, Sha256};

use super::{Case, Importing};
use crate::project::{Project, Run};

/// The case, with its rows kept and its files gone.
fn kept(case: &Case) -> Importing {
    let importing = case.project("");
    let run = importing.run(&["--keep", "x"]);
    assert_eq!(run.code, 0, "{}: {}", case.name(), run.stderr);
    assert!(run.stdout.contains("x.kept.csv: "), "{}", run.stdout);
    for line in case.mapping.lines().filter_map(|line| line.strip_prefix("path = \"")) {
        fs::remove_file(importing.path(line.trim_end_matches('"'))).expect("there is a file");
    }
    importing
}

/// The rows alone: where a project is without the file, a note says so.
fn notes(run: &Run) -> usize {
    run.stderr.lines().filter(|line| line.contains(": note[missing-file]")).count()
}

#[test]
fn kept_rows_are_those_of_the_file() {
    for case in Case::all() {
        let importing = kept(&case);
        for (table, ending) in case.tables() {
            let run = importing.shown(Some(&table));
            assert_eq!(
                (run.code, run.stdout.as_str()),
                (0, case.rows(&ending).as_str()),
                "{}: {}",
                case.name(),
                run.stderr
            );
            assert!(notes(&run) > 0 && notes(&run) == run.stderr.lines().count(), "{}: {}", case.name(), run.stderr);
        }
    }
}

#[test]
fn kept_rows_stand_in_only_while_every_sum_fits() {
    let cases = Case::all();
    let case = cases.iter().find(|case| case.name() == "12-owid").expect("a case");
    let fault = |importing: &Importing, what: &str| {
        let run = importing.shown(None);
        let missing = run.stderr.lines().filter(|line| line.contains("error[missing-file]")).count();
        assert_eq!((run.code, missing, run.stdout.as_str()), (1, 1, ""), "{what}: {}", run.stderr);
    };
    // Another mapping.
    let importing = kept(case);
    fs::write(importing.path("x.toml"), format!("{}\n# changed\n", case.mapping)).expect("a mapping");
    fault(&importing, "mapping");
    // Another file.
    let importing = kept(case);
    let sum = case.mapping.split("sha256 = \"").nth(1).and_then(|rest| rest.split('"').next()).expect("a sum");
    fs::write(importing.path("x.toml"), case.mapping.replace(sum, &"0".repeat(64))).expect("a mapping");
    fault(&importing, "file");
    // Other rows.
    let importing = kept(case);
    let path = importing.path("x.kept.csv");
    let rows = fs::read_to_string(&path).expect("kept rows");
    fs::write(&path, rows.replacen("12.5", "13.5", 1)).expect("a file");
    fault(&importing, "rows");
    // Line ends are no change, and once the file is back it is read.
    let importing = kept(case);
    let path = importing.path("x.kept.csv");
    let rows = fs::read_to_string(&path).expect("kept rows");
    fs::write(&path, rows.replace('\n', "\r\n")).expect("a file");
    assert_eq!(importing.shown(None).code, 0);
    fs::write(&path, "nothing").expect("a file");
    fs::copy(case.folder.join("grapher.csv"), importing.path("grapher.csv")).expect("the file is back");
    let run = importing.shown(None);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    // Rows are never kept of kept rows, nor with an error.
    let importing = kept(case);
    assert_eq!(importing.run(&["--keep", "x"]).code, 1);
    let importing = case.project("broken");
    let run = importing.run(&["--keep", "x"]);
    assert!(run.code == 1 && !importing.path("x.kept.csv").exists(), "{}", run.stderr);
}

#[test]
fn confidential_rows_are_kept_in_the_register() {
    let cases = Case::all();
    let case = cases.iter().find(|case| case.mapping.contains("register/")).expect("a register");
    let importing = kept(case);
    assert!(importing.path("register/x.kept.csv").is_file() && !importing.path("x.kept.csv").exists());
}

/// Rows of the minimal project in a delivered file, and how they are read.
const DELIVERED: &str = "Year;Stage;Persons\n2023;Arrested;41\n2022;Arrested;30\n";
const MAPPING: &str = "source = \"police_2024\"\nlicence = \"CC0\"\ninto = \"XXA\"\n[[file]]\npath = \"police.csv\"\n\
                       sha256 = \"SUM\"\n[read]\ndelimiter = \";\"\n[[make]]\ntable = \"arrests\"\ntake = \"Persons\"\n\
                       stage = { column = \"Stage\", codes = \"stage\" }\nperiod = { column = \"Year\", as = \"year\" }\n\
                       [codes.stage]\nArrested = \"arrested\"\n";

#[test]
fn a_project_without_the_file_is_checked_and_explained_as_with_it() {
    let project = Project::minimal();
    fs::remove_file(project.path("data/countries/XXA/arrests.csv")).expect("there is a table");
    fs::create_dir_all(project.path("data/imports")).expect("a folder");
    project.write("data/imports/police.csv", DELIVERED);
    let sum: String = Sha256::digest(DELIVERED.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
    project.write("data/imports/x.toml", &MAPPING.replace("SUM", &sum));
    let seen = || {
        let explained = project.run(&["explain", "XXA/persons_arrested", "period=2023"]);
        assert_eq!(explained.code, 0, "{}", explained.stderr);
        (project.run(&["check", "--format", "short"]), explained.stdout)
    };
    let (with, explained) = seen();
    assert!(explained.contains("data/imports/police.csv:2"), "{explained}");
    assert_eq!(project.run(&["import", "--keep", "x"]).code, 0);
    fs::remove_file(project.path("data/imports/police.csv")).expect("there is a file");
    let (without, explained_without) = seen();
    let note = "x.toml:5:8: note[missing-file]: `police.csv` is not there; the rows kept in `data/imports/x.kept.csv` stand in";
    assert!(without.code == with.code && without.stdout.contains(note), "{}", without.stdout);
    let others: Vec<&str> = without.stdout.lines().filter(|line| !line.contains("note[missing-file]")).collect();
    assert_eq!(others, with.stdout.lines().collect::<Vec<_>>());
    // Only the text of the row is not there to be shown.
    let named = |text: &str| text.lines().filter(|line| !line.contains(';')).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(named(&explained_without), named(&explained));
}
