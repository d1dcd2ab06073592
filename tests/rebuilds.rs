//! Only what would differ is rebuilt, by content and never by date; `build --explain` says why; and `verify` finds what was
//! changed afterwards.

#![cfg(unix)]

use std::collections::BTreeMap;
use std::fs::{self, File, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::time::{Duration, SystemTime};

use crate::project::{Project, Run, files, typst};

const DOCUMENTS: [&str; 2] = ["XXA/en/brief.pdf", "XXC/en/brief.pdf"];
const KEPT: &str = "kept: its inputs have not changed";

fn two_countries() -> Project {
    let project = Project::minimal();
    project.add_country("XXC");
    project
}

/// Why each output was made, by path below `output/`.
fn whys(project: &Project) -> BTreeMap<String, String> {
    let run = project.run(&["build", "--explain"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let root = format!("{}/", project.path("output").display());
    let of = |line: &str| {
        let (path, why) = line.split_once(": ").expect("a path and why");
        (path.strip_prefix(&root).expect("an output").to_owned(), why.to_owned())
    };
    let outputs = run.stdout.lines().filter(|line| line.contains("/output/"));
    outputs.map(of).collect()
}

/// The outputs that were made.
fn made(project: &Project) -> Vec<String> {
    whys(project).into_iter().filter(|(_, why)| why != KEPT).map(|(path, _)| path).collect()
}

fn edit(project: &Project, country: &str) {
    project.replace(
        &format!("data/countries/{country}/arrests.csv"),
        "2023,arrested,total,41",
        "2023,arrested,total,42",
    );
}

#[test]
fn every_output_is_explained_once() {
    let project = two_countries();
    let whys = whys(&project);
    assert!(whys.values().all(|why| why.starts_with("built: ")), "{whys:?}");
    let there =
        files(&project.path("output")).into_iter().filter(|path| !path.starts_with('.') && path != "manifest.json");
    assert_eq!(whys.keys().cloned().collect::<Vec<_>>(), there.collect::<Vec<_>>());
    assert_eq!(made(&project), Vec::<String>::new());
}

#[test]
fn one_row_of_one_country_makes_what_prints_it() {
    let project = two_countries();
    project.build();
    let before = project.published("XXC");
    edit(&project, "XXA");
    let whys = whys(&project);
    let anew: Vec<&str> = whys.iter().filter(|(_, why)| *why != KEPT).map(|(path, _)| path.as_str()).collect();
    assert_eq!(
        anew,
        [
            "SHA256SUMS",
            "XXA/en/brief.pdf",
            "XXA/en/cover.png",
            "XXA/en/figures/justice.svg",
            "XXA/figures.json",
            "XXA/tables/persons_arrested.csv",
            "index.html"
        ]
    );
    let charts = "the chart `justice`, the chart `persons_arrested-strip`";
    let why = format!("built: inputs changed: {charts}, its numbers and words");
    assert_eq!(whys[DOCUMENTS[0]], why);
    assert!(before == project.published("XXC"), "the other country is as it was, byte for byte");
    // What no document prints makes none.
    project.replace("data/countries/XXA/arrests.csv", "Part of the 41.", "Part of those.");
    assert!(made(&project).iter().all(|path| !path.ends_with(".pdf")));
    let verified = project.run(&["verify"]);
    assert_eq!((verified.code, verified.stdout.as_str()), (0, ""));
}

#[test]
fn each_kind_of_input_is_followed() {
    let project = two_countries();
    project.build();
    let both: Vec<String> = DOCUMENTS.map(str::to_owned).into();
    for (path, old, new, documents) in [
        ("templates/components/legend.typ", "\n", "\n// changed\n", &both[..]),
        ("templates/theme.typ", "\n", "\n// changed\n", &both),
        ("data/indicators/prosecution/persons_arrested.toml", "on suspicion", "upon suspicion", &both),
        ("data/text/en.toml", "Key figures", "Main figures", &both),
        ("data/report.toml", "issue = \"2024\"", "issue = \"2025\"", &both),
        ("data/countries/XXC/country.toml", "Examplia", "Exemplia", &both[1..]),
        ("data/countries/XXC/narrative/en/prosecution.typ", "Arrests", "More arrests", &both[1..]),
    ] {
        let text = project.read(path);
        let other = text.replacen(old, new, 1);
        assert_ne!(text, other, "`{old}` stands in {path}");
        project.write(path, &other);
        let anew: Vec<String> = made(&project).into_iter().filter(|path| path.ends_with(".pdf")).collect();
        assert_eq!(anew, documents, "{path}");
    }
}

#[test]
fn dates_decide_nothing() {
    let project = two_countries();
    project.build();
    let table = project.path("data/countries/XXA/arrests.csv");
    let day = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
    for file in files(project.root()).into_iter().filter(|path| !path.starts_with("output/.")) {
        File::options().append(true).open(project.path(&file)).and_then(|file| file.set_modified(day)).expect("a date");
    }
    assert_eq!(made(&project), Vec::<String>::new(), "another date is no other content");
    edit(&project, "XXA");
    File::options().append(true).open(&table).and_then(|file| file.set_modified(day)).expect("a date");
    assert!(made(&project).contains(&DOCUMENTS[0].to_owned()), "the same date and size hide nothing");
}

/// The project's own copy of Typst, which may be changed.
fn own_typst(project: &Project) -> std::path::PathBuf {
    let place = project.path(".tools/bin/typst");
    fs::create_dir_all(place.parent().expect("a folder")).expect("a folder");
    fs::copy(typst().canonicalize().expect("there is a Typst"), &place).expect("it can be copied");
    place
}

fn with_own_typst(project: &Project) -> Run {
    Run::of(project.command(&["build", "--explain"]).env_remove("TYPST").env("PATH", ""))
}

#[test]
fn where_nothing_changed_no_typst_is_started() {
    let project = two_countries();
    let typst = own_typst(&project);
    assert_eq!(with_own_typst(&project).code, 0);
    fs::set_permissions(&typst, Permissions::from_mode(0o444)).expect("it cannot be started any more");
    let run = with_own_typst(&project);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stdout.lines().all(|line| line.ends_with(KEPT)), "{}", run.stdout);
    edit(&project, "XXA");
    let run = with_own_typst(&project);
    assert_eq!(run.code, 3, "now it is needed: {}", run.stderr);
}

#[test]
fn another_typst_of_the_same_version_makes_everything() {
    let project = two_countries();
    let typst = own_typst(&project);
    assert_eq!(with_own_typst(&project).code, 0);
    let mut bytes = fs::read(&typst).expect("a program");
    bytes.push(0);
    fs::write(&typst, bytes).expect("it can be changed");
    let run = with_own_typst(&project);
    let anew = run
        .stdout
        .lines()
        .filter(|line| line.contains(".pdf: built: no earlier build by this tipbrief and this Typst"));
    assert_eq!((run.code, anew.count()), (0, 2), "{}{}", run.stdout, run.stderr);
}

#[test]
fn a_warning_of_typst_is_shown_each_time() {
    let project = Project::minimal();
    project.write("data/countries/XXA/narrative/en/prosecution.typ", "= Arrests\n\nNever ** so.\n");
    let warnings = |run: &Run| run.stderr.matches(": warning[typst-error]: ").count();
    let runs: Vec<Run> = (0..3).map(|_| project.run(&["build", "--format", "short"])).collect();
    assert!(runs.iter().all(|run| run.code == 0 && warnings(run) == 1), "{}", runs[2].stderr);
}

#[test]
fn inputs_that_change_while_they_are_read_are_read_again() {
    let project = Project::minimal();
    edit(&project, "XXA");
    project.build();
    let wanted = project.published("XXA");
    project.replace("data/countries/XXA/arrests.csv", "2023,arrested,total,42", "2023,arrested,total,43");
    let script = format!("#!/bin/sh\n[ \"$1\" = --version ] || sleep 1\nexec '{}' \"$@\"\n", typst().display());
    project.write("typst.sh", &script);
    let slow = project.path("typst.sh");
    fs::set_permissions(&slow, Permissions::from_mode(0o755)).expect("it can be started");
    let mut child = project.command(&["build"]).env("TYPST", slow).spawn().expect("the build starts");
    while !project.path("output/.work").exists() {
        assert!(child.try_wait().expect("it runs").is_none(), "the build has something to do");
        std::thread::sleep(Duration::from_millis(5));
    }
    project.replace("data/countries/XXA/arrests.csv", "2023,arrested,total,43", "2023,arrested,total,42");
    assert!(child.wait().expect("it ends").success());
    assert!(wanted == project.published("XXA"), "what is published is what the data says now");
    assert_eq!(project.run(&["verify"]).code, 0);
}

#[test]
fn verify_names_whatever_is_not_as_it_was_made() {
    type Edit = fn(&Project);
    let cases: [(&str, Edit); 8] = [
        ("output/XXA/en/brief.pdf: differs from the manifest", |project| {
            let path = project.path("output/XXA/en/brief.pdf");
            let mut bytes = fs::read(&path).expect("a brief");
            bytes[1000] ^= 1;
            fs::write(path, bytes).expect("it can be changed");
        }),
        ("output/XXA/figures.json: is missing", |project| {
            fs::remove_file(project.path("output/XXA/figures.json")).expect("there is one");
        }),
        ("output/XXA/tables/manifest.json: is not in the manifest", |project| {
            project.write("output/XXA/tables/manifest.json", "{}");
        }),
        ("output/stray.txt: is not in the manifest", |project| project.write("output/stray.txt", "stray")),
        ("output/XXZ/en/brief.pdf: is not in the manifest", |project| {
            project.write("output/XXZ/en/brief.pdf", "%PDF-");
        }),
        ("data/countries/XXA/arrests.csv: differs from the manifest", |project| edit(project, "XXA")),
        ("data/text/xx.toml: is not in the manifest", |project| project.write("data/text/xx.toml", "")),
        ("templates/components/legend.typ: is missing", |project| {
            fs::remove_file(project.path("templates/components/legend.typ")).expect("there is one");
        }),
    ];
    for (expected, change) in cases {
        let project = Project::minimal();
        project.build();
        change(&project);
        let run = project.run(&["verify"]);
        assert_eq!((run.code, run.stdout), (1, format!("{expected}\n")));
    }
}

#[test]
fn what_is_not_of_the_set_stays_outside_it() {
    let project = two_countries();
    project.build();
    project.write("output/XXA/en/stray.txt", "stray");
    project.write("output/mine.txt", "mine");
    assert_eq!(made(&project), Vec::<String>::new(), "nothing is rebuilt for it");
    assert!(!project.path("output/XXA/en/stray.txt").exists(), "a country's folder is replaced whole");
    assert_eq!(project.read("output/mine.txt"), "mine", "what is nobody's is nobody's to delete");
    fs::remove_dir_all(project.path("data/countries/XXC")).expect("a country goes");
    project.build();
    assert!(!project.path("output/XXC").exists(), "what was made of it goes, too");
    let run = project.run(&["verify"]);
    assert_eq!((run.code, run.stdout.as_str()), (1, "output/mine.txt: is not in the manifest\n"));
}
