//! Kept rows: they stand in for a file that is not there, say so, and only while every sum fits.

use std::fs;

use super::{Case, Importing};
use crate::project::Run;

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
