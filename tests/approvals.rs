//! The file of approvals: whatever is done to it is named at its line, and nothing that was written is lost.

use std::fs;
use std::process::Stdio;
use std::time::Duration;

use crate::approving::{LEDGER, approve, asking, lines};
use crate::dice::Dice;
use crate::project::{Project, Run, files};

/// A project that three persons approved, built.
fn approved_by_three() -> Project {
    let project = asking(Project::minimal(), "needed = 3");
    for by in ["Ana", "Bo", "Cy"] {
        assert_eq!(approve(&project, by, &[]).code, 0);
    }
    project.build();
    project
}

/// What `check` and `verify` say is wrong with the approvals: the line, and the words.
fn named(project: &Project, line: usize, words: &str, what: &str) {
    let place = format!("{LEDGER}:{line}:");
    for command in [&["check", "--format", "short"][..], &["verify"]] {
        let run = project.run(command);
        assert_eq!(run.code, 1, "{what}, {command:?}: {}{}", run.stdout, run.stderr);
        let own: Vec<&str> = run.stdout.lines().filter(|line| line.starts_with(&format!("{LEDGER}:"))).collect();
        let manifest = |line: &&&str| !line.contains("manifest");
        let own: Vec<&&str> = own.iter().filter(manifest).collect();
        assert_eq!(own.len(), 1, "{what}, {command:?}: one slip, one line: {own:?}");
        assert!(own[0].starts_with(&place) && own[0].contains(words), "{what}, {command:?}: {own:?}");
    }
    assert_eq!(project.run(&["build"]).code, 1, "{what}: nothing is built on it");
    assert_eq!(approve(project, "Di", &[]).code, 1, "{what}: nothing is added to it");
}

#[test]
fn each_kind_of_tampering_is_named_at_its_line() {
    let project = approved_by_three();
    let whole = project.read(LEDGER);
    let line = |at: usize| whole.lines().nth(at - 1).expect("a line").to_owned() + "\n";
    let (one, two, three) = (line(1), line(2), line(3));
    for (what, text, at, words) in [
        ("edited", [one.clone(), two.replace("\"Bo\"", "\"Di\""), three.clone()].concat(), 2, "not as it was written"),
        ("deleted", [one.clone(), three.clone()].concat(), 2, "number 2 is missing"),
        ("moved", [one.clone(), three.clone(), two.clone()].concat(), 3, "stands after number 3"),
        ("doubled", [one.clone(), two.clone(), two.clone(), three.clone()].concat(), 3, "stands after number 2"),
        ("of another issue", whole.replace("\"issue\":\"2024\"", "\"issue\":\"2023\""), 1, "not as it was written"),
        ("no line", [one.clone(), "{}\n".to_owned(), two, three].concat(), 2, "cannot be read"),
    ] {
        project.write(LEDGER, &text);
        if what == "of another issue" {
            let run = project.run(&["check", "--format", "short"]);
            assert_eq!(run.stdout.matches("not as it was written").count(), 3, "each line was edited: {}", run.stdout);
            continue;
        }
        named(&project, at, words, what);
    }
    project.write(LEDGER, &whole);
    assert_eq!(project.run(&["verify"]).code, 0, "restored");
}

#[test]
fn the_approvals_of_another_issue_are_none_of_this_one() {
    let project = approved_by_three();
    let text = project.read(LEDGER);
    project.replace("data/report.toml", "issue = \"2024\"", "issue = \"2025\"");
    assert_eq!(project.run(&["check"]).code, 0, "an issue begins without approvals");
    project.write("data/approvals/2025.jsonl", &text);
    let run = project.run(&["check", "--format", "short"]);
    assert!(
        run.stdout.contains("data/approvals/2025.jsonl:1:1: error[broken-chain]: this line is about the issue `2024`"),
        "{}",
        run.stdout
    );
}

#[test]
fn what_an_approval_keeps_must_stay_as_it_was() {
    let project = approved_by_three();
    let folder = project.path("data/approvals/2024");
    let names = files(&folder);
    assert_eq!(names.len(), 1, "three approvals of the same keep it once: {names:?}");
    let kept = fs::read_to_string(folder.join(&names[0])).expect("a file");
    fs::write(folder.join(&names[0]), kept.replace("\"value\":41", "\"value\":14")).expect("it can be edited");
    let run = project.run(&["check", "--format", "short"]);
    assert_eq!(run.stdout.matches("is not as it was approved").count(), 3, "{}", run.stdout);
    fs::remove_file(folder.join(&names[0])).expect("it can be deleted");
    let run = project.run(&["verify"]);
    assert!(run.stdout.contains(&format!("{LEDGER}:1: `data/approvals/2024/{}`", names[0])), "{}", run.stdout);
    assert!(run.stdout.contains("is missing"), "{}", run.stdout);
}

#[test]
fn a_line_that_a_power_cut_tore_counts_as_not_written() {
    let project = approved_by_three();
    let whole = project.read(LEDGER);
    let last = whole.lines().last().expect("a line").len() + 1;
    for cut in [1, 2, 20, last / 2, last - 1] {
        let torn = &whole[..whole.len() - cut];
        project.write(LEDGER, torn);
        let check = project.run(&["check", "--format", "short"]);
        if cut == 1 {
            assert_eq!((check.code, check.stdout.contains(LEDGER)), (0, false), "only its line feed is missing");
        } else {
            assert_eq!(check.code, 0, "{}", check.stdout);
            let warning = format!("{LEDGER}:3:1: warning[broken-chain]: this line is incomplete");
            assert!(check.stdout.contains(&warning), "cut {cut}: {}", check.stdout);
        }
        let by = if cut == 1 { "Di" } else { "Cy" };
        assert_eq!(approve(&project, by, &[]).code, 0, "cut {cut}");
        assert_eq!(lines(&project).len(), if cut == 1 { 4 } else { 3 }, "cut {cut}: the torn line is replaced");
        let check = project.run(&["check", "--format", "short"]);
        assert!(check.code == 0 && !check.stdout.contains(LEDGER), "cut {cut}: {}", check.stdout);
    }
}

#[test]
fn two_runs_at_once_write_two_lines() {
    let project = asking(Project::minimal(), "needed = 6");
    let names: Vec<String> = (1..=6).map(|number| format!("Person {number}")).collect();
    let start = |by: &String| {
        let mut command = project.command(&["approve", "XXA", "--by", by]);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts")
    };
    let runs: Vec<_> = names.iter().map(start).collect();
    for run in runs {
        let output = run.wait_with_output().expect("it ends");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    let mut by: Vec<String> =
        lines(&project).iter().map(|line| line["entry"]["by"].as_str().expect("a name").to_owned()).collect();
    by.sort();
    assert_eq!(by, names, "each of them once");
    project.build();
    assert_eq!(project.run(&["verify"]).code, 0);
    assert!(project.run(&["status"]).stdout.contains("6 of 6 approvals"));
}

#[test]
fn a_run_that_is_killed_leaves_a_line_or_none() {
    let project = asking(Project::minimal(), "needed = 1");
    let mut dice = Dice::of(20_261_130);
    let took = std::time::Instant::now();
    assert_eq!(approve(&project, "Ana", &[]).code, 0);
    let took = usize::try_from(took.elapsed().as_millis()).expect("a short time");
    for round in 0..12 {
        let mut command = project.command(&["approve", "XXA", "--by", &format!("Person {round}")]);
        let mut run = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it starts");
        std::thread::sleep(Duration::from_millis(u64::try_from(took / 2 + dice.below(took)).expect("a short time")));
        let _ = run.kill();
        run.wait().expect("it ends");
        let check: Run = project.run(&["check", "--format", "short"]);
        assert_eq!(check.code, 0, "round {round}: {}", check.stdout);
        assert!(approve(&project, "Ana", &[]).code == 0, "round {round}: the next one adds its line");
    }
    let ana = lines(&project).iter().filter(|line| line["entry"]["by"] == "Ana").count();
    assert_eq!(ana, 13, "nothing that was written is lost");
}
