//! Twins: two registers with other persons that agree with everything printed, by construction. Whoever sees all that is
//! published sees no difference: not one byte.

use std::collections::BTreeMap;
use std::path::Path;

use super::looked::{anew, closed, late, look, release};
use super::{CLOSED, ROWS, grow};
use crate::project::{Project, copy, files};

/// A copy of a project as it stands, the outputs included.
pub fn copied(project: &Project) -> Project {
    let twin = Project::named("register");
    for folder in ["data", "output"] {
        if twin.path(folder).is_dir() {
            std::fs::remove_dir_all(twin.path(folder)).expect("it can be removed");
        }
        if project.path(folder).is_dir() {
            copy(&project.path(folder), &twin.path(folder));
        }
    }
    twin
}

/// Everything that somebody else may get: what a build writes, what it, `check`, `explain`, `verify` and `diff` say, and the
/// ledger of the next release without the codes that nobody can make who lacks the key.
fn published(project: &Project, before: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut all = BTreeMap::new();
    let mut say = |arguments: &[&str]| {
        let run = project.run(arguments);
        let place = project.root().to_string_lossy().into_owned();
        let text = format!("{}\n{}\n{}", run.code, run.stdout, run.stderr).replace(&place, "here");
        let name = arguments.join(" ").replace(&*before.to_string_lossy(), "before");
        all.insert(name.replace(&place, "here"), text.into_bytes());
    };
    project.build();
    say(&["check", "--format", "json"]);
    say(&["verify"]);
    let (here, there) = (project.root().to_string_lossy(), before.to_string_lossy());
    for format in ["text", "markdown", "json"] {
        say(&["diff", &there, &here, "--format", format]);
    }
    for id in ["victims_identified:2022", "victims_identified:2022:sex=unknown", "by_province:2022:province=XA-06"] {
        say(&["explain", &format!("XXA/{id}")]);
        say(&["explain", &format!("XXA/{id}:late=one")]);
    }
    say(&["release", "next"]);
    let ledger = project.read("data/ledger/next.json");
    let keyed = |line: &&str| !line.contains("\"hmac\"");
    all.insert("the ledger".to_owned(), ledger.lines().filter(keyed).collect::<Vec<_>>().join("\n").into_bytes());
    let output = project.path("output");
    // What begins with a dot is this machine's own.
    for file in files(&output).into_iter().filter(|file| !file.starts_with('.')) {
        let bytes = std::fs::read(output.join(&file)).expect("an output can be read");
        all.insert(file, bytes);
    }
    all
}

/// Both publish the same; the registers differ.
fn same(one: &Project, other: &Project, before: &Path) {
    assert_ne!(one.read(ROWS), other.read(ROWS), "the registers differ");
    let (one, other) = (published(one, before), published(other, before));
    let names = |all: &BTreeMap<String, Vec<u8>>| all.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&one), names(&other));
    assert!(one.keys().any(|name| name.ends_with("brief.pdf")) && one.keys().any(|name| name == "manifest.json"));
    for (name, bytes) in &one {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).chars().take(4_000).collect::<String>();
        let differs = || format!("{name} differs:\n{}\n--- and\n{}", text(bytes), text(&other[name]));
        assert!(*bytes == other[name], "{}", differs());
    }
}

/// A register of which late cases have been told, built, with the page of changes since its closing; and the state before it.
fn started() -> (Project, Project) {
    let project = Project::named("register");
    // A key of its own, so that each run tells the same.
    std::fs::create_dir_all(project.path(CLOSED)).expect("a folder can be made");
    std::fs::write(project.path(&format!("{CLOSED}/key")), [3; 32]).expect("a key can be written");
    release(&project, "one");
    project.build();
    assert_eq!(project.run(&["keep", "kept"]).code, 0);
    let report = project.read("data/report.toml");
    project.write("data/report.toml", &format!("previous = \"kept\"\n{report}"));
    grow(&project, 7, 2021..=2023, "L");
    release(&project, "two");
    project.build();
    let before = copied(&project);
    (project, before)
}

/// The lines of a register, edited.
fn edit(project: &Project, edit: impl FnOnce(&mut Vec<String>)) {
    let rows = project.read(ROWS);
    let (labels, body) = rows.split_once('\n').expect("labels");
    let mut lines: Vec<String> = body.lines().map(str::to_owned).collect();
    edit(&mut lines);
    project.write(ROWS, &format!("{labels}\n{}\n", lines.join("\n")));
}

/// Persons of one kind who came late.
fn late_rows(year: &str, kind: [&str; 4], persons: usize) -> String {
    let [sex, age, purpose, province] = kind;
    let row = |number: usize| {
        format!("{year}-06-07,identified,{sex},{age},{purpose},XXA,XXA,{province},1,police_register,T-{number},\n")
    };
    (0..persons).map(row).collect()
}

const KINDS: [[&str; 4]; 8] = [
    ["female", "25+", "forced_labour", "XA-01"],
    ["male", "15-17", "sexual_exploitation", "XA-02"],
    ["female", "0-14", "forced_marriage", "XA-06"],
    ["male", "18-24", "organ_removal", "XA-05"],
    ["unknown", "25+", "forced_begging", "XA-04"],
    ["female", "18-24", "sexual_exploitation", "XA-03"],
    ["male", "25+", "forced_labour", "XA-06"],
    ["female", "15-17", "forced_begging", "XA-02"],
];

#[test]
fn a_group_with_as_many_late_persons_more_as_the_threshold_is_published_the_same() {
    let (project, before) = started();
    let seen = look(&project);
    let (told, as_before, numbers) = (late(&seen), anew(&seen), closed(&seen));
    assert!(told.iter().any(|(id, value)| numbers[id] != Some(*value)), "something has been told: {told:?}");
    for year in ["2021", "2022", "2023"] {
        for kind in KINDS {
            let twin = copied(&project);
            twin.write(ROWS, &(twin.read(ROWS) + &late_rows(year, kind, 11)));
            let seen = look(&twin);
            // What a missing rung tells is no part of the promise: as much must be told as before.
            if late(&seen) == told && anew(&seen) == as_before {
                return same(&copied(&project), &twin, before.root());
            }
        }
    }
    panic!("of 24 groups some keep their sample with 11 persons more, as 4 of 15 do");
}

#[test]
fn rows_that_are_gone_are_published_as_if_they_were_there() {
    let (project, before) = started();
    let seen = look(&project);
    let (told, as_before) = (late(&seen), anew(&seen));
    // What has been told may stop fitting where many go from one group; of some eight persons it does not.
    for from in 0..12 {
        let twin = copied(&project);
        edit(&twin, |lines| {
            let mut number = from;
            lines.retain(|line| {
                number += usize::from(line.contains(",identified,"));
                !line.contains(",identified,") || number % 120 != 0
            });
        });
        let seen = look(&twin);
        if late(&seen) == told && anew(&seen) == as_before {
            return same(&copied(&project), &twin, before.root());
        }
    }
    panic!("of twelve choices of eight persons one at least leaves everything that is told as it is");
}

#[test]
fn what_nobody_asks_for_is_published_nowhere() {
    let (project, before) = started();
    let twin = copied(&project);
    edit(&twin, |lines| {
        lines.reverse();
        for (number, line) in lines.iter_mut().enumerate() {
            let mut cells: Vec<String> = line.split(',').map(str::to_owned).collect();
            cells[0] = format!("{}-0{}-11", &cells[0][..4], 1 + number % 9);
            cells[5] = ["XXB", "XXC", "unknown"][number % 3].to_owned();
            cells[10] = format!("K-{number}-{}", cells[1]);
            cells[11] = "Seen by Ana of Mill Lane.".to_owned();
            *line = cells.join(",");
        }
    });
    same(&copied(&project), &twin, before.root());
}

#[test]
fn what_is_released_is_published_the_same_where_no_register_is_at_hand() {
    let (project, before) = started();
    release(&project, "three");
    let without = copied(&project);
    std::fs::remove_dir_all(without.path("data/countries/XXA/register")).expect("there is a register");
    let outputs = |project: &Project| {
        project.build();
        let output = project.path("output");
        let own = files(&output).into_iter().filter(|file| !file.starts_with('.'));
        own.map(|file| (file.clone(), std::fs::read(output.join(&file)).expect("it can be read"))).collect()
    };
    let [with, without]: [BTreeMap<String, Vec<u8>>; 2] = [outputs(&project), outputs(&without)];
    assert!(before.path("output").is_dir());
    for (name, bytes) in &with {
        assert!(without.get(name) == Some(bytes), "{name} differs");
    }
}
