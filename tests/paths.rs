//! Paths that leave the project: refused, but for a register's folder, which its custodian may keep elsewhere.

#![cfg(unix)]

use std::fs;
use std::os::unix::fs::symlink;

use crate::project::{Project, Run, copy, tests};

const COUNTRY: &str = "data/countries/XXA";

fn check(project: &Project) -> Run {
    project.run(&["check", "--format", "short"])
}

/// Replaces a path of the project by a link to a place outside it that holds the same.
fn linked_out(project: &Project, inside: &str) -> tempfile::TempDir {
    let elsewhere = tempfile::tempdir().expect("a temporary folder");
    let (from, to) = (project.path(inside), elsewhere.path().join("kept"));
    if from.is_dir() {
        copy(&from, &to);
        fs::remove_dir_all(&from).expect("the folder can be removed");
    } else {
        fs::copy(&from, &to).expect("the file can be copied");
        fs::remove_file(&from).expect("the file can be removed");
    }
    symlink(&to, &from).expect("a link can be made");
    elsewhere
}

#[test]
fn a_link_out_of_the_project_is_refused() {
    for inside in ["arrests.csv", "narrative", "country.toml"] {
        let project = Project::minimal();
        let path = format!("{COUNTRY}/{inside}");
        let _elsewhere = linked_out(&project, &path);
        let run = check(&project);
        let expected = format!("{path}:1:1: error[path-error]: `{inside}` is not read: it leads out of the project");
        assert!(run.code == 1 && run.stdout.contains(&expected), "{inside}: exit {}\n{}", run.code, run.stdout);
    }
}

#[test]
fn shared_declarations_are_no_links_out_either() {
    for path in ["data/report.toml", "data/schemas/arrests.json", "data/indicators/prosecution", "data/text/en.toml"] {
        let project = Project::minimal();
        let _elsewhere = linked_out(&project, path);
        let run = check(&project);
        assert!(run.code == 1 && run.stdout.contains("error[path-error]"), "{path}: {}\n{}", run.code, run.stdout);
    }
}

#[test]
fn a_link_inside_the_project_is_followed() {
    let project = Project::minimal();
    let (kept, place) = (project.path("data/arrests-kept.csv"), project.path(&format!("{COUNTRY}/arrests.csv")));
    fs::rename(&place, &kept).expect("the file can be moved");
    symlink("../../arrests-kept.csv", &place).expect("a link can be made");
    let run = check(&project);
    assert_eq!((run.code, run.stdout.as_str()), (0, ""));
}

#[test]
fn a_register_may_be_kept_elsewhere() {
    let project = Project::minimal();
    copy(&tests().join("faults/register/data"), &project.path("data"));
    let rows = "period,stage,sex,count,qualifier,source,note,case_id\n2023,arrested,female,1,,court_register,,K-1\n";
    project.write(&format!("{COUNTRY}/register/arrests.csv"), rows);
    let _elsewhere = linked_out(&project, &format!("{COUNTRY}/register"));
    let run = check(&project);
    assert_eq!((run.code, run.stdout.as_str()), (0, ""));
}

#[test]
fn what_is_neither_file_nor_folder_is_refused_and_not_waited_for() {
    let project = Project::minimal();
    let path = project.path(&format!("{COUNTRY}/cases.csv"));
    let made = std::process::Command::new("mkfifo").arg(&path).status().expect("there is mkfifo");
    assert!(made.success(), "mkfifo makes a pipe");
    let run = check(&project);
    let expected = format!("{COUNTRY}/cases.csv:1:1: error[path-error]: ");
    assert!(run.code == 1 && run.stdout.starts_with(&expected), "exit {}: {}", run.code, run.stdout);
}

#[test]
fn the_lock_files_of_spreadsheets_are_nobodys() {
    let project = Project::minimal();
    project.write(&format!("{COUNTRY}/~$arrests.xlsx"), "lock");
    project.write(&format!("{COUNTRY}/.~lock.arrests.csv#"), "lock");
    let run = check(&project);
    assert_eq!((run.code, run.stdout.as_str()), (0, ""));
}

/// A country with a register, and a link to its rows at a path.
fn with_a_link_into_the_register(from: &str, to: &str) -> Project {
    let project = Project::minimal();
    project.write(&format!("{COUNTRY}/register/victims.csv"), "period,case_id\n2023,K-1\n");
    symlink(to, project.path(from)).expect("a link can be made");
    project
}

#[test]
fn no_link_brings_rows_of_a_register_anywhere_else() {
    let rows = "data/countries/XXA/register/victims.csv";
    for (from, to, why) in [
        ("templates/leak.csv", format!("../{rows}"), "it leads into a register"),
        ("templates/leak", "../data/countries/XXA/register".to_owned(), "it leads into a register"),
        ("templates/country", "../data/countries/XXA".to_owned(), "it leads out of `templates`"),
        ("templates/report.toml", "../data/report.toml".to_owned(), "it leads out of `templates`"),
        ("templates/passwd", "/etc/passwd".to_owned(), "it leads out of the project"),
        ("templates/loop", ".".to_owned(), "it is a link to a folder"),
        ("templates/gone", "nowhere".to_owned(), "it leads nowhere"),
        ("data/countries/XXA/cases.csv", "register/victims.csv".to_owned(), "it leads into a register"),
        (
            "data/countries/XXA/narrative/en/protection.typ",
            "../../register/victims.csv".to_owned(),
            "it leads into a register",
        ),
    ] {
        let project = with_a_link_into_the_register(from, &to);
        let name = from.rsplit('/').next().unwrap_or(from);
        let expected = format!("{from}:1:1: error[path-error]: `{name}` is not read: {why}");
        let run = check(&project);
        assert!(run.code == 1 && run.stdout.contains(&expected), "{from}: exit {}\n{}", run.code, run.stdout);
        assert!(!run.stdout.contains("K-1"), "{from}: {}", run.stdout);
        let run = project.run(&["build", "--format", "short"]);
        assert!(run.code == 1 && run.stderr.contains(&expected), "{from}: exit {}\n{}", run.code, run.stderr);
    }
}

#[test]
fn the_folder_of_templates_is_no_link_out() {
    let project = Project::minimal();
    let _elsewhere = linked_out(&project, "templates");
    let run = check(&project);
    let expected = "templates:1:1: error[path-error]: `templates` is not read: it leads out of the project";
    assert!(run.code == 1 && run.stdout.contains(expected), "exit {}\n{}", run.code, run.stdout);
}

#[test]
fn a_released_ledger_is_no_link_out() {
    let project = Project::minimal();
    project.write("data/ledger/2023.json", "{}");
    let _elsewhere = linked_out(&project, "data/ledger/2023.json");
    let run = check(&project);
    let expected = "data/ledger/2023.json:1:1: error[path-error]: `2023.json` is not read: it leads out of the project";
    assert!(run.code == 1 && run.stdout.contains(expected), "exit {}\n{}", run.code, run.stdout);
}

#[test]
fn a_template_may_be_a_link_to_another() {
    let project = Project::minimal();
    symlink("brief.typ", project.path("templates/same.typ")).expect("a link can be made");
    let run = check(&project);
    assert_eq!((run.code, run.stdout.as_str()), (0, ""));
}
