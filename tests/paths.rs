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
        let told = format!("{path}:1:1: error[path-error]: `{inside}` is not read: it leads out of the project");
        assert!(run.code == 1 && run.stdout.contains(&told), "{inside}: exit {}\n{}", run.code, run.stdout);
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
    let told = format!("{COUNTRY}/cases.csv:1:1: error[path-error]: ");
    assert!(run.code == 1 && run.stdout.starts_with(&told), "exit {}: {}", run.code, run.stdout);
}

#[test]
fn the_lock_files_of_spreadsheets_are_nobodys() {
    let project = Project::minimal();
    project.write(&format!("{COUNTRY}/~$arrests.xlsx"), "lock");
    project.write(&format!("{COUNTRY}/.~lock.arrests.csv#"), "lock");
    let run = check(&project);
    assert_eq!((run.code, run.stdout.as_str()), (0, ""));
}
