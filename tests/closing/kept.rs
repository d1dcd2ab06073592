//! What the custodian keeps of closed years: for nobody else, lost, edited, moved, and the chain of ledgers beside it.

use std::collections::BTreeSet;

use tipbrief::delivery::publish::made;
use tipbrief::disclosure::protect::State;

use super::{CLOSED, ROWS, closed, grow, late, look, release, states, twice};
use crate::project::Project;

#[test]
fn what_the_custodian_keeps_is_for_nobody_else() {
    let project = twice();
    let ledger = project.read("data/ledger/two.json");
    let key = std::fs::read(project.path(&format!("{CLOSED}/key"))).expect("a key");
    let hex: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
    assert!(key.len() == 32 && !ledger.contains(&hex), "the key is in no ledger");
    assert!(ledger.contains("\"previous\"") && ledger.contains("\"hmac\""), "{ledger}");
    for file in ["one/victims.csv", "one/victims.now.csv", "two/victims.now.csv", "two/late.json"] {
        let path = project.path(&format!("{CLOSED}/{file}"));
        assert!(path.is_file(), "{file} is kept");
        let sum = tipbrief::delivery::publish::sum(&std::fs::read(&path).expect("it can be read"));
        assert!(!ledger.contains(&sum), "the plain checksum of {file} stands nowhere");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = path.metadata().expect("it is there").permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{file}");
        }
    }
    assert!(!project.path(&format!("{CLOSED}/two/victims.csv")).exists(), "no year closes twice");
    let kept = project.read(&format!("{CLOSED}/one/victims.csv"));
    assert!(!kept.contains("C-000001") && !kept.contains("note"), "a counted table has no case");
}

#[test]
fn without_the_copy_or_the_key_the_last_numbers_are_told_again_with_their_release() {
    for lost in ["one/victims.csv", "key", "two"] {
        let project = twice();
        let before = look(&project);
        let path = project.path(&format!("{CLOSED}/{lost}"));
        if path.is_dir() { std::fs::remove_dir_all(path) } else { std::fs::remove_file(path) }.expect("it is there");
        grow(&project, 8, 2021..=2023, "M");
        let after = look(&project);
        assert_eq!((closed(&after), late(&after)), (closed(&before), late(&before)), "without {lost}");
        release(&project, "three");
        let third = look(&project);
        assert_eq!(late(&third), late(&before), "without {lost}");
        let country = third.release.country("XXA").expect("it is sound");
        let named = country
            .all_late()
            .all(|cell| cell.late.as_ref().is_some_and(|mark| mark.repeated && mark.release.as_deref() == Some("two")));
        assert!(named, "without {lost} they bear the name of their release");
        assert!(!project.path(&format!("{CLOSED}/key")).exists() || lost != "key", "no second key is made");
    }
}

#[test]
fn an_edited_copy_stops_the_release() {
    for edited in ["one/victims.csv", "two/late.json", "two/victims.now.csv"] {
        let project = twice();
        let path = format!("{CLOSED}/{edited}");
        let text = project.read(&path);
        let at = text.rfind(|c: char| c.is_ascii_digit()).expect("a number");
        let digit = if &text[at..=at] == "1" { "2" } else { "1" };
        project.write(&path, &format!("{}{digit}{}", &text[..at], &text[at + 1..]));
        let now = look(&project);
        let wanted = if edited.starts_with("one") { State::Unlike } else { State::Kept };
        assert!(
            states(&now).contains(&format!("{wanted:?}")) || states(&now).contains("Unlike"),
            "{edited}: {:?}",
            states(&now)
        );
        let made = made("three", &now.release, &now.declared, (&now.counted, &now.custody)).expect("it is made");
        assert!(made.blocked().iter().any(|why| why.contains("XXA/victims:")), "{edited}: {:?}", made.blocked());
    }
}

#[test]
fn two_heads_and_a_gap_are_faults() {
    let project = twice();
    let check = |project: &Project| {
        let run = project.run(&["check", "--format", "short"]);
        run.stdout.lines().filter(|line| line.contains("broken-chain")).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(check(&project), Vec::<String>::new());
    let (one, two) = (project.read("data/ledger/one.json"), project.read("data/ledger/two.json"));
    project.write("data/ledger/other.json", &two.replace("\"edition\": \"two\"", "\"edition\": \"other\""));
    assert!(check(&project)[0].contains("this release has the number 2, as `other` has"), "{:?}", check(&project));
    std::fs::remove_file(project.path("data/ledger/other.json")).expect("it is there");
    project.write("data/ledger/one.json", &one.replace("\"country\": \"XXA\"", "\"country\":  \"XXA\""));
    assert!(check(&project)[0].contains("`one` is not as it was"), "{:?}", check(&project));
    std::fs::remove_file(project.path("data/ledger/one.json")).expect("it is there");
    assert!(
        check(&project)[0].contains("the release `one`, which this one follows, has no file"),
        "{:?}",
        check(&project)
    );
}

/// The ledger as it was before years closed: numbers and definitions only, and nothing is kept.
fn of_old(project: &Project, name: &str) {
    let path = format!("data/ledger/{name}.json");
    let mut release: serde_json::Value = serde_json::from_str(&project.read(&path)).expect("JSON");
    let fields = release.as_object_mut().expect("a release");
    ["systems", "late", "previous"].iter().for_each(|key| drop(fields.remove(*key)));
    project.write(&path, &release.to_string());
    std::fs::remove_dir_all(project.path(CLOSED)).expect("something is kept");
}

#[test]
fn a_ledger_from_before_years_closed_is_closed_at_its_last_numbers() {
    let project = Project::named("register");
    release(&project, "one");
    let before = closed(&look(&project));
    of_old(&project, "one");
    let same = look(&project);
    assert_eq!(closed(&same), before, "it still gives every number");
    assert_eq!(states(&same), BTreeSet::from(["Adopted".to_owned()]));
    release(&project, "two");
    grow(&project, 9, 2021..=2023, "L");
    let grown = look(&project);
    assert_eq!((closed(&grown), states(&grown)), (before.clone(), BTreeSet::from(["Kept".to_owned()])));
    assert!(!late(&grown).is_empty(), "from then on late cases are told");
    // The same, where cases came before the copy was taken.
    let project = Project::named("register");
    release(&project, "one");
    of_old(&project, "one");
    grow(&project, 9, 2021..=2023, "L");
    let grown = look(&project);
    assert_eq!(closed(&grown), before);
    let both = ["Adopted", "Lost"].map(str::to_owned);
    assert_eq!(states(&grown), BTreeSet::from(both), "of a measure without new cases the copy is taken");
    assert!(late(&grown).is_empty(), "nothing is told of late cases");
    release(&project, "two");
    assert!(project.read("data/ledger/two.json").contains("\"copy\": null"), "and no copy is taken");
}

#[test]
fn key_and_copies_move_to_another_machine() {
    let (here, there) = (twice(), Project::named("register"));
    let file = here.path("moved.json");
    let path = file.to_string_lossy().into_owned();
    let run = here.run(&["custody", "export", &path]);
    assert!(run.code == 0 && run.stdout.contains("as confidential as the register"), "{}{}", run.stdout, run.stderr);
    std::fs::create_dir_all(there.path("data/ledger")).expect("a folder can be made");
    for name in ["one", "two"] {
        there.write(&format!("data/ledger/{name}.json"), &here.read(&format!("data/ledger/{name}.json")));
    }
    there.write(ROWS, &here.read(ROWS));
    let run = there.run(&["custody", "import", &path]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(late(&look(&there)), late(&look(&here)));
    assert_eq!(there.run(&["custody", "import", &path]).code, 0, "what is there already is the same");
    there.write(&format!("{CLOSED}/one/victims.csv"), "another\n");
    let run = there.run(&["custody", "import", &path]);
    assert!(run.code == 3 && run.stderr.contains("is there already"), "{}", run.stderr);
    let text = here.read("moved.json").replace("XXA/key", "XXA/../key");
    here.write("moved.json", &text);
    let run = Project::named("register").run(&["custody", "import", &path]);
    assert!(run.code == 3 && run.stderr.contains("belongs to no country"), "{}", run.stderr);
}

#[test]
fn git_must_ignore_what_is_kept_as_well() {
    let project = twice();
    let git = std::process::Command::new("git").args(["init", "--quiet"]).current_dir(project.root()).status();
    assert!(git.expect("Git starts").success());
    project.write(".gitignore", "*.csv\n");
    let check = || project.run(&["check", "--format", "short"]).stdout;
    let lines = check();
    let own: Vec<&str> = lines.lines().filter(|line| line.contains("Git does not ignore")).collect();
    assert!(own.len() == 1 && own[0].starts_with(&format!("{CLOSED}/key:1:1: error[path-error]")), "{own:?}");
    project.write(".gitignore", "/data/**/register/\n");
    assert!(!check().contains("path-error"), "the line of the hint keeps all of it out");
}
