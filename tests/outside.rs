//! The world around the program: its arguments, its exit codes, a Typst that is missing, and what it leaves alone.

use std::collections::BTreeMap;
use std::fs;
use std::process::Command;

use crate::project::{Project, Run, files, typst};

/// The one command that mends a missing Typst.
const MEND: &str = "cargo install --locked --root .tools typst-cli@0.15.1";

/// Every file below the project's root, with its bytes.
fn everything(project: &Project) -> BTreeMap<String, Vec<u8>> {
    let read = |path: String| (path.clone(), fs::read(project.path(&path)).expect("a file can be read"));
    files(project.root()).into_iter().map(read).collect()
}

#[test]
fn a_typst_that_is_not_there_is_named_with_what_mends_it() {
    let project = Project::minimal();
    let run = Run::of(project.command(&["build"]).env("TYPST", "/nonexistent/typst"));
    assert_eq!(run.code, 3);
    assert!(run.stderr.contains("/nonexistent/typst"), "the path is named: {}", run.stderr);
    assert!(run.stderr.contains(MEND), "the command that mends it is named: {}", run.stderr);
}

#[test]
fn no_typst_at_all_is_a_failure_of_the_machine() {
    let project = Project::minimal();
    let run = Run::of(project.command(&["build"]).env_remove("TYPST").env("PATH", ""));
    assert_eq!((run.code, run.stdout.as_str()), (3, ""));
    assert!(run.stderr.contains("Typst was not found"), "it is reported: {}", run.stderr);
    assert!(run.stderr.contains(MEND), "the command that mends it is named: {}", run.stderr);
    assert!(!project.path("output").exists(), "nothing is written without Typst");
}

#[cfg(unix)]
#[test]
fn the_typst_of_the_project_is_found_beside_it() {
    let project = Project::minimal();
    fs::create_dir_all(project.path(".tools/bin")).expect("the folder can be made");
    std::os::unix::fs::symlink(typst(), project.path(".tools/bin/typst")).expect("a link can be made");
    let run = Run::of(project.command(&["build"]).env_remove("TYPST").env("PATH", ""));
    assert_eq!(run.code, 0, "the Typst in .tools is used: {}", run.stderr);
}

#[test]
fn wrong_usage_exits_with_2() {
    let run = |arguments: &[&str]| Run::of(Command::new(env!("CARGO_BIN_EXE_tipbrief")).args(arguments));
    for arguments in [&[][..], &["cook"], &["check", "--colour"], &["check", "--format", "xml"], &["build", "extra"]] {
        assert_eq!(run(arguments).code, 2, "{arguments:?}");
    }
    assert_eq!((run(&["--help"]).code, run(&["--version"]).code), (0, 0), "asking for help is no wrong usage");
}

#[test]
fn a_folder_without_a_project_is_reported_as_one() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut command = Command::new(env!("CARGO_BIN_EXE_tipbrief"));
    let run = Run::of(command.args(["check", "--root"]).arg(folder.path()));
    assert_ne!(run.code, 0);
    assert!(run.stderr.contains("data"), "what is missing is named: {}", run.stderr);
    assert!(files(folder.path()).is_empty(), "nothing is written");
}

#[test]
fn check_writes_nothing_and_needs_no_typst() {
    for faulty in [false, true] {
        let project = Project::minimal();
        if faulty {
            project.replace("data/countries/XXA/arrests.csv", "2023,arrested,total,41", "2023,arrested,total,many");
        }
        let before = everything(&project);
        let run = Run::of(project.command(&["check"]).env("TYPST", "/nonexistent/typst").env("PATH", ""));
        assert_eq!(run.code, i32::from(faulty), "{}{}", run.stdout, run.stderr);
        assert!(before == everything(&project), "check changed a file");
    }
}

#[test]
fn a_country_with_a_fault_keeps_its_output_and_the_others_are_published() {
    let project = Project::minimal();
    project.add_country("XXC");
    project.build();
    let (old_a, old_c) = (project.published("XXA"), project.published("XXC"));
    project.replace("data/countries/XXA/arrests.csv", "2023,arrested,total,41", "2023,arrested,total,many");
    project.replace("data/countries/XXC/arrests.csv", "2023,arrested,total,41", "2023,arrested,total,42");
    let run = project.run(&["build", "--format", "short"]);
    assert_eq!(run.code, 1, "{}", run.stderr);
    assert!(run.stderr.contains("data/countries/XXA/arrests.csv:4:21: error[type-error]: "), "{}", run.stderr);
    assert!(run.stdout.contains("XXC") && !run.stdout.contains("XXA"), "only XXC is written: {}", run.stdout);
    assert!(project.published("XXA") == old_a, "the faulty country keeps its output byte for byte");
    assert!(project.published("XXC") != old_c, "the sound country is published anew");
    assert!(!project.path("output/.work").exists(), "the place of work is cleared");
}

#[test]
fn a_fault_in_a_shared_declaration_stops_all() {
    let project = Project::minimal();
    project.build();
    let before = project.published("XXA");
    project.replace("data/report.toml", "title = \"Country brief\"", "titel = \"Country brief\"");
    let run = project.run(&["build"]);
    assert_eq!((run.code, run.stdout.as_str()), (1, ""));
    assert!(before == project.published("XXA"), "the outputs stay as they were");
}

#[test]
fn what_typst_says_of_prose_stands_in_the_officers_own_file() {
    let project = Project::minimal();
    let prose = "data/countries/XXA/narrative/en/prosecution.typ";
    // Our own checks pass both: a call with too few texts, and stars around nothing.
    project.write(prose, "= Arrests\n\nNone.\n\n#asks(\n  ask[Nothing],\n)\n");
    let run = project.run(&["build", "--format", "short"]);
    assert_eq!(run.code, 1, "{}", run.stderr);
    let first = run.stderr.lines().next().unwrap_or_default();
    assert!(first.starts_with(&format!("{prose}:6:")) && first.contains(": error[typst-error]: "), "{}", run.stderr);
    project.write(prose, "= Arrests\n\nNever ** so.\n");
    let run = project.run(&["build", "--format", "short"]);
    assert_eq!(run.code, 0, "a warning does not fail: {}", run.stderr);
    let first = run.stderr.lines().next().unwrap_or_default();
    assert!(first.starts_with(&format!("{prose}:3:")) && first.contains(": warning[typst-error]: "), "{}", run.stderr);
    project.write(prose, "= Arrests\n\nNever ** at all.\n");
    let run = project.run(&["build", "--deny", "warnings"]);
    assert_eq!(run.code, 1, "unless warnings are denied: {}", run.stderr);
}

#[test]
fn a_build_that_fails_clears_its_place_of_work() {
    let project = Project::minimal();
    project.write("data/countries/XXA/narrative/en/prosecution.typ", "= Arrests\n\n#asks(ask[Nothing])\n");
    let run = project.run(&["build"]);
    assert_eq!(run.code, 1, "{}", run.stderr);
    let left: Vec<String> = files(&project.path("output")).into_iter().filter(|path| path.contains(".work")).collect();
    assert_eq!(left, Vec::<String>::new());
}

#[test]
fn a_document_keeps_the_number_of_its_pages() {
    let project = Project::minimal();
    let report = project.read("data/report.toml");
    project.write("data/report.toml", &format!("{report}pages = 9\n"));
    let run = project.run(&["build", "--format", "short"]);
    assert_eq!(run.code, 1, "{}", run.stderr);
    let place = "data/countries/XXA/narrative/en/brief.typ:1:1: error[typst-error]: ";
    assert!(run.stderr.starts_with(place) && run.stderr.contains("must have 9"), "{}", run.stderr);
    assert!(!project.path("output/XXA").exists(), "nothing of it is published");
}
