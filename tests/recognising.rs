//! What readers see of a correction, in documents, on the page and when they ask which file they have; and what they never see again.

use std::fs::{self, File};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::correcting::{FIGURE, RECORD, ROWS, corrected, correction, mailed, tell, text};
use crate::mail::{MailServer, with_donors};
use crate::project::{Project, Run};

#[test]
fn documents_and_page_tell_of_a_correction_where_a_reader_looks_first() {
    let project = with_donors(Project::minimal(), 1);
    let (page, brief) = (project.read("output/index.html"), project.printed("XXA/en/brief.pdf"));
    assert!(!page.contains("Corrections") && !brief.contains("Corrections"));
    corrected(&project, "2025-02-03", ("41", "43"), "The row lacked one raid.");
    for document in ["XXA/en/brief.pdf", "donors/d1/XXA-en-brief.pdf"] {
        let printed = project.printed(document);
        let wanted = "Corrections 3 February 2025 · Arrested, persons, 2023: 41 → 43. The row lacked one raid.";
        assert!(printed.contains(wanted), "{printed}");
    }
    let page = project.read("output/index.html");
    assert!(page.contains("<h3>Corrections</h3>") && page.contains("<strong>41 → 43</strong>"), "{page}");
    assert!(page.contains("The row lacked one raid."), "{page}");
    // Without it all is as it would be had the number been right from the start.
    fs::remove_file(project.path(RECORD)).expect("the declaration can be taken away");
    project.build();
    assert!(!project.printed("XXA/en/brief.pdf").contains("Corrections"));
    assert!(!project.read("output/index.html").contains("Corrections"));
}

#[test]
fn a_number_that_is_withheld_now_is_repeated_nowhere() {
    let Some(server) = MailServer::plain("take") else { return };
    let project = mailed(&server, 1);
    let old = fs::read(project.path("output/donors/d1/XXA-en-brief.pdf")).expect("the old file");
    fs::write(project.path("old.pdf"), old).expect("it can be kept");
    project.replace(ROWS, "2023,arrested,total,41,", "2023,arrested,total,x,");
    let prose = "data/countries/XXA/narrative/en/prosecution.typ";
    project.replace(prose, "year: 2023)", "year: 2023, or_state: true)");
    project.write(RECORD, &correction("2025-02-03", "41", "The source withdrew it."));
    let check = project.run(&["check"]);
    let fault = format!(
        "{RECORD}:3:39: error[reckonable-value]: `{FIGURE}` is withheld now: its earlier number is not printed again"
    );
    assert_eq!((check.code, check.stdout.contains(&fault)), (1, true), "{}", check.stdout);
    project.write(RECORD, &correction("2025-02-03", "withheld", "The source withdrew it."));
    let built = project.run(&["build"]);
    assert_eq!(built.code, 0, "{}", built.stderr);
    let printed = project.printed("XXA/en/brief.pdf");
    assert!(
        printed.contains("now withheld; the earlier number is not repeated") && !printed.contains("41"),
        "{printed}"
    );
    assert!(!project.read("output/index.html").contains("41 →"));
    let run = tell(&project, &server, &[]);
    assert_eq!((run.code, server.delivered().len()), (0, 2), "{}", run.stderr);
    let told = text(&server.delivered()[1]);
    let line = told.lines().find(|line| line.contains("2023")).expect("the figure");
    assert!(line.contains("the earlier number is not repeated") && !line.contains("41"), "{line}");
    let answer = project.run(&["verify", "--file", "old.pdf"]);
    assert!(answer.stdout.contains(&format!("{FIGURE}: (not shown again) → withheld")), "{}", answer.stdout);
    assert!(!answer.stdout.replace(&sum_of(&answer), "").contains("41"), "{}", answer.stdout);
}

/// The checksum that an answer begins with.
fn sum_of(answer: &Run) -> String {
    answer.stdout.split_whitespace().nth(1).expect("a checksum").to_owned()
}

#[test]
fn verify_says_which_file_it_is() {
    let Some(server) = MailServer::plain("take") else { return };
    let project = mailed(&server, 2);
    let ask = |file: &str| project.run(&["verify", "--file", file]);
    let path = "output/donors/d1/XXA-en-brief.pdf";
    let current = ask(path);
    assert_eq!(current.code, 0, "{}{}", current.stdout, current.stderr);
    assert!(current.stdout.contains("it is as it is in `output/donors/d1/XXA-en-brief.pdf`"), "{}", current.stdout);
    assert!(current.stdout.contains("it is `XXA-en-brief.pdf` of the issue 2024, sent on "), "{}", current.stdout);
    assert_eq!(ask("output/XXA/figures.json").code, 0, "any output is known");
    fs::copy(project.path(path), project.path("old.pdf")).expect("it can be kept");
    assert_eq!(project.run(&["keep", "then"]).code, 0);
    fs::copy(project.path("output/XXA/figures.json"), project.path("figures-then.json")).expect("it can be kept");
    corrected(&project, "2025-02-03", ("41", "43"), "A slip.");
    let unsent = ask("old.pdf");
    assert_eq!((unsent.code, unsent.stdout.contains("none was sent yet")), (1, true), "{}", unsent.stdout);
    assert_eq!(tell(&project, &server, &[]).code, 0);
    let old = ask("old.pdf");
    assert_eq!(old.code, 1, "{}{}", old.stdout, old.stderr);
    for wanted in [
        " to 1 recipient\n",
        "superseded on ",
        "1 was told that it was corrected",
        "the brief of XXA in `en`: ",
        &format!("  {FIGURE}: 41 → 43\n"),
    ] {
        assert!(old.stdout.contains(wanted), "{wanted}: {}", old.stdout);
    }
    assert!(!old.stdout.contains('@') && !old.stdout.contains("donors/"), "nobody is named: {}", old.stdout);
    let snapshot = ask("figures-then.json");
    assert!(snapshot.stdout.contains("it is `data/snapshots/then/XXA/figures.json`"), "{}", snapshot.stdout);
    assert!(snapshot.stdout.contains("; it is no PDF") && snapshot.code == 1, "{}", snapshot.stdout);
    project.write("note.txt", "not ours");
    project.write("nothing.pdf", "");
    for (file, said) in [("note.txt", "; it is no PDF"), ("nothing.pdf", "; the file is empty")] {
        let answer = ask(file);
        assert_eq!(answer.code, 1, "{}", answer.stderr);
        let unknown = "not known: no manifest, snapshot or journal names this checksum";
        assert!(answer.stdout.contains(said) && answer.stdout.contains(unknown), "{}", answer.stdout);
    }
    let huge = project.path("huge.pdf");
    File::create(&huge).and_then(|file| file.set_len(1 << 28)).expect("a huge file");
    let start = Instant::now();
    assert_eq!(ask("huge.pdf").code, 1);
    assert!(start.elapsed() < Duration::from_secs(50));
    for nowhere in ["nowhere.pdf", "output"] {
        let answer = ask(nowhere);
        assert_eq!((answer.code, answer.stderr.contains(nowhere)), (3, true), "{}", answer.stderr);
    }
    fs::remove_file(project.path("output/manifest.json")).expect("it can be taken away");
    assert_eq!(ask("note.txt").code, 1, "without a manifest a file is looked up elsewhere");
    assert!(ask("old.pdf").stdout.contains("superseded on "));
}

#[test]
fn a_number_of_a_register_is_told_only_as_a_release_printed_it() {
    let project = Project::named("register");
    project.build();
    assert_eq!(project.run(&["release", "first"]).code, 0);
    let ledger: Value = serde_json::from_str(&project.read("data/ledger/first.json")).expect("JSON");
    let printed = &ledger["figures"][0];
    let (id, value) = (printed["id"].as_str().expect("an id"), printed["value"].as_i64().expect("a number"));
    let declared = |was: i64| {
        project.write(RECORD, &correction("2099-02-03", &was.to_string(), "A slip.").replace(FIGURE, id));
        project.run(&["check"])
    };
    let never = declared(value + 1);
    let fault = format!("error[ledger-error]: no release printed `{}` for `{id}`", value + 1);
    assert_eq!((never.code, never.stdout.contains(&fault)), (1, true), "{}", never.stdout);
    let same = declared(value);
    let fault = format!("`{id}` is still printed as `{value}`: nothing is corrected");
    assert_eq!((same.code, same.stdout.contains(&fault)), (1, true), "{}", same.stdout);
}
