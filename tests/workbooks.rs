//! Sound workbooks, as a spreadsheet saves them: nothing is found in them, and they read alike whatever their kind.

use std::fs;

use crate::project::{Project, Run, tests};

/// The minimal project with its arrests in a workbook called `name`.
fn with(workbook: &str, name: &str) -> Project {
    let project = Project::minimal();
    fs::remove_file(project.path("data/countries/XXA/arrests.csv")).expect("there is a table");
    let path = project.path("data/countries/XXA").join(name);
    fs::copy(tests().join("workbooks").join(workbook), path).expect("there is a workbook");
    project
}

fn check(project: &Project) -> Run {
    project.run(&["check", "--format", "short"])
}

#[test]
fn a_sound_workbook_gives_no_finding() {
    for name in ["arrests.ods", "arrests.ODS", "arrests.Ods"] {
        let run = check(&with("sound.ods", name));
        assert_eq!((run.code, run.stdout.as_str(), run.stderr.as_str()), (0, "", ""), "{name}");
    }
}

#[test]
fn an_older_workbook_gives_one_warning_that_can_be_accepted() {
    let project = with("sound.xls", "arrests.xls");
    let run = check(&project);
    assert_eq!((run.code, run.stdout.matches("[unseen-looks]").count(), run.stdout.lines().count()), (0, 1, 1));
    assert_eq!(project.run(&["check", "--deny", "warnings"]).code, 1);
    let accepted = project.read("data/countries/XXA/country.toml") + "\n[read]\nlooks = \"unseen\"\n";
    fs::write(project.path("data/countries/XXA/country.toml"), accepted).expect("it can be written");
    let run = check(&project);
    assert_eq!((run.code, run.stdout.as_str()), (0, ""));
    assert_eq!(project.run(&["check", "--deny", "warnings"]).code, 0);
}

#[test]
fn kinds_of_workbooks_read_alike() {
    let explained = |project: &Project| {
        let run = project.run(&["explain", "XXA/persons_arrested", "period=2023"]);
        assert_eq!(run.code, 0, "{}", run.stderr);
        run.stdout.replace(".ods", "").replace(".xls", "")
    };
    let (ods, xls) = (explained(&with("sound.ods", "arrests.ods")), explained(&with("sound.xls", "arrests.xls")));
    assert!(ods.contains("1041") || ods.contains("1,041"), "{ods}");
    assert_eq!(ods, xls);
}
