//! Sign-off: what an approval binds, what asks for it anew, and what is kept from readers without it.
//! What is done to the file of approvals is in `approvals.rs`, signatures in `signing.rs`.

use std::fs;

use serde_json::Value;

use crate::mail::{MailServer, laid, send, with, with_donors};
use crate::project::{Project, Run, copy, files};

/// The file of approvals of the minimal project.
pub const LEDGER: &str = "data/approvals/2024.jsonl";
const ARRESTS: &str = "data/countries/XXA/arrests.csv";
const PROSE: &str = "data/countries/XXA/narrative/en/prosecution.typ";
/// How a page of what is not approved begins.
const MARK: &str = "Draft: not approved for publication yet";

/// A project that asks for approvals, built.
pub fn asking(project: Project, rule: &str) -> Project {
    let report = project.read("data/report.toml");
    project.write("data/report.toml", &format!("{report}\n[approval]\n{rule}\n"));
    project.build();
    project
}

/// Approves the documents of the only country.
pub fn approve(project: &Project, by: &str, further: &[&str]) -> Run {
    project.run(&[&["approve", "XXA", "--by", by], further].concat())
}

/// The lines of the approvals.
pub fn lines(project: &Project) -> Vec<Value> {
    let text = if project.path(LEDGER).exists() { project.read(LEDGER) } else { String::new() };
    text.lines().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect()
}

/// A run that went well.
fn done(run: Run) -> Run {
    assert_eq!(run.code, 0, "{}\n{}", run.stdout, run.stderr);
    run
}

/// A run that is refused, with these words.
fn refused(run: &Run, words: &[&str]) {
    assert_eq!(run.code, 1, "{}\n{}", run.stdout, run.stderr);
    for word in words {
        assert!(run.stderr.contains(word), "`{word}` is missing in\n{}", run.stderr);
    }
}

/// Where another figure is printed from now on.
fn change_a_figure(project: &Project) {
    project.replace(ARRESTS, "2023,arrested,total,41", "2023,arrested,total,43");
}

#[test]
fn what_two_persons_approved_is_no_draft_and_looks_as_without_approvals() {
    let plain = Project::minimal();
    plain.build();
    let project = asking(Project::minimal(), "needed = 2");
    assert!(project.printed("XXA/en/brief.pdf").contains(MARK), "without approvals it is a draft");
    let first = done(approve(&project, "Ana Núñez", &[]));
    assert!(first.stdout.starts_with("XXA/en/brief.pdf: "), "{}", first.stdout);
    assert!(first.stdout.contains("figures; nobody has approved it yet"), "{}", first.stdout);
    assert!(
        first.stdout.contains("XXA: 1 of 2 approvals (Ana Núñez); still to approve: one person"),
        "{}",
        first.stdout
    );
    // The second needs no build in between: an approval changes nothing that is approved.
    let again = done(approve(&project, "  ana  NÚÑEZ ", &[]));
    assert!(again.stdout.contains("as approved by Ana Núñez"), "{}", again.stdout);
    assert!(again.stdout.contains("XXA: 1 of 2 approvals"), "the same person counts once: {}", again.stdout);
    let second = done(approve(&project, "Somchai Vongsa", &[]));
    assert!(second.stdout.contains("XXA: 2 of 2 approvals"), "{}", second.stdout);
    project.build();
    assert!(!project.printed("XXA/en/brief.pdf").contains("Draft"), "what is approved carries no mark");
    assert_eq!(project.printed("XXA/en/brief.pdf"), plain.printed("XXA/en/brief.pdf"), "the pages say the same");
    assert_eq!(done(project.run(&["verify"])).stdout, "");
    assert_eq!(lines(&project).len(), 3);
}

#[test]
fn a_project_without_approvals_is_as_before() {
    let project = Project::minimal();
    project.build();
    refused(&approve(&project, "Ana", &[]), &["`data/report.toml` has no `[approval]`"]);
    assert!(!project.path("data/approvals").exists(), "nothing is written");
    assert_eq!(done(project.run(&["verify"])).stdout, "");
    assert!(!done(project.run(&["status"])).stdout.contains("approv"));
    // What lies there by chance is not read.
    project.write(LEDGER, "not a line\n");
    done(project.run(&["check"]));
}

#[test]
fn a_change_of_one_figure_asks_anew_and_says_which() {
    let project = asking(Project::minimal(), "needed = 1");
    done(approve(&project, "Ana", &[]));
    project.build();
    change_a_figure(&project);
    let status = done(project.run(&["status"])).stdout;
    assert!(status.contains("draft: it is not approved"), "{status}");
    assert!(
        status.contains("overtaken: Ana (") && status.contains("the figure `XXA/persons_arrested:2023`"),
        "{status}"
    );
    assert!(!status.contains("43"), "it prints no number: {status}");
    project.build();
    assert!(project.printed("XXA/en/brief.pdf").contains(MARK));
    let again = done(approve(&project, "Ana", &[]));
    assert!(again.stdout.contains("; changed since: 1 figure\n"), "{}", again.stdout);
    assert!(again.stdout.contains("\n  changed XXA/persons_arrested:2023: 41 → 43 [persons]\n"), "{}", again.stdout);
    // Back to what was approved first: the last word counts.
    project.replace(ARRESTS, "2023,arrested,total,43", "2023,arrested,total,41");
    assert!(done(project.run(&["status"])).stdout.contains("0 of 1 approval; still to approve: one person"));
}

#[test]
fn a_change_of_prose_asks_anew_and_names_the_section() {
    let project = asking(Project::minimal(), "needed = 1");
    done(approve(&project, "Ana", &[]));
    project.replace(PROSE, "persons were arrested", "persons were taken into custody");
    project.build();
    let again = done(approve(&project, "Ana", &[]));
    assert!(again.stdout.contains("; changed since: the prose `prosecution`\n"), "{}", again.stdout);
}

#[test]
fn what_no_reader_sees_asks_nobody_anew() {
    let project = asking(Project::minimal(), "needed = 1");
    done(approve(&project, "Ana", &[]));
    // A remark on a row, and its place in the file.
    project.replace(ARRESTS, "A reported zero.", "A zero that was reported.");
    project.replace(ARRESTS, "2021,arrested,total,30,,yearbook_2023,\n", "");
    let text = project.read(ARRESTS);
    project.write(ARRESTS, &format!("{text}2021,arrested,total,30,,yearbook_2023,\n"));
    project.build();
    assert!(!project.printed("XXA/en/brief.pdf").contains(MARK));
    assert!(done(project.run(&["status"])).stdout.contains("1 of 1 approval (Ana)"));
}

/// The minimal project in a second language, word for word.
fn in_two_languages() -> Project {
    let project = Project::minimal();
    project.replace("data/report.toml", "[\"en\"]", "[\"en\", \"fr\"]");
    project.write("data/text/fr.toml", "region = \"fr\"\n");
    let prose = project.path("data/countries/XXA/narrative");
    copy(&prose.join("en"), &prose.join("fr"));
    project
}

#[test]
fn a_language_is_approved_and_changed_by_itself() {
    let project = asking(in_two_languages(), "needed = 1");
    let one = done(approve(&project, "Ana", &["--language", "fr"]));
    assert!(one.stdout.contains("XXA/fr/brief.pdf") && !one.stdout.contains("XXA/en/brief.pdf"), "{}", one.stdout);
    project.build();
    let marked = |language: &str| project.printed(&format!("XXA/{language}/brief.pdf")).contains(MARK);
    assert_eq!((marked("en"), marked("fr")), (true, false));
    done(approve(&project, "Ana", &["--language", "en", "--document", "brief"]));
    project.replace("data/countries/XXA/narrative/fr/prosecution.typ", "persons were arrested", "persons, en français");
    project.build();
    assert_eq!((marked("en"), marked("fr")), (false, true), "only the language that changed");
    let wrong = approve(&project, "Ana", &["--language", "fra", "--document", "breif"]);
    refused(
        &wrong,
        &["there is no language `fra`; did you mean `fr`?", "there is no document `breif`; did you mean `brief`?"],
    );
}

#[test]
fn who_may_approve_is_declared() {
    let project = asking(Project::minimal(), "needed = 2\nby = [\"Ana Núñez\", \"Bo Kim\", \"Cy Lee\"]");
    refused(
        &approve(&project, "Ana Nunez", &[]),
        &["`Ana Nunez` is not among those who may approve; did you mean `Ana Núñez`?"],
    );
    let first = done(approve(&project, "ANA NÚÑEZ", &[]));
    assert!(first.stdout.contains("(Ana Núñez); still to approve: 1 of Bo Kim, Cy Lee"), "{}", first.stdout);
    done(approve(&project, "Bo Kim", &[]));
    // Who is no longer named does not count any more.
    project.replace("data/report.toml", "\"Bo Kim\", ", "");
    project.build();
    let status = done(project.run(&["status"])).stdout;
    assert!(status.contains("1 of 2 approvals (Ana Núñez); still to approve: Cy Lee"), "{status}");
    assert!(status.contains("not counted: the approval by Bo Kim on "), "{status}");
    assert!(project.printed("XXA/en/brief.pdf").contains(MARK));
}

#[test]
fn only_what_was_built_of_what_is_there_and_has_no_fault_is_approved() {
    let project = Project::minimal();
    let report = project.read("data/report.toml");
    project.write("data/report.toml", &(report + "\n[approval]\n"));
    let unbuilt = approve(&project, "Ana", &[]);
    assert_eq!(unbuilt.code, 3, "{}", unbuilt.stderr);
    assert!(unbuilt.stderr.contains("`tipbrief build` writes it"), "{}", unbuilt.stderr);
    project.build();
    change_a_figure(&project);
    refused(&approve(&project, "Ana", &[]), &[ARRESTS, "is not the build of what is there now"]);
    project.replace(ARRESTS, "2023,arrested,total,43", "2023,arested,total,43");
    refused(&approve(&project, "Ana", &[]), &["`arested` is not a code of `stage`"]);
    project.replace(ARRESTS, "2023,arested,total,43", "2023,arrested,total,41");
    let pdf = fs::read(project.path("output/XXA/en/brief.pdf")).expect("a document");
    project.write("output/XXA/en/brief.pdf", "%PDF-1.7 edited");
    refused(&approve(&project, "Ana", &[]), &["output/XXA/en/brief.pdf: differs from the manifest"]);
    fs::write(project.path("output/XXA/en/brief.pdf"), pdf).expect("the document is as it was");
    refused(&project.run(&["approve", "XXB", "--by", "Ana"]), &["there is no country `XXB`; there are: XXA"]);
    refused(&approve(&project, " ", &[]), &["is no name"]);
    assert!(!project.path("data/approvals").exists(), "what is refused leaves nothing");
    done(approve(&project, "Ana", &[]));
}

#[test]
fn a_draft_for_another_reason_is_not_approved_and_the_reason_is_named() {
    let project = in_two_languages();
    project.write("data/text/fr.toml", "region = \"fr\"\ndraft = true\n");
    let project = asking(project, "");
    let run = approve(&project, "Ana", &[]);
    refused(&run, &["output/XXA/fr/brief.pdf: its language is a draft that nobody has confirmed yet"]);
    assert!(!run.stderr.contains("XXA/en"), "{}", run.stderr);
    done(approve(&project, "Ana", &["--language", "en"]));
    let register = asking(Project::named("register"), "");
    refused(
        &approve(&register, "Ana", &[]),
        &["drafts with unreleased numbers of a register", "tipbrief release NAME"],
    );
    done(register.run(&["release", "2024"]));
    register.build();
    done(approve(&register, "Ana", &[]));
    register.build();
    assert!(!register.printed("XXA/en/brief.pdf").contains("Draft"));
}

#[test]
fn nothing_of_the_rows_of_a_register_is_kept() {
    let project = Project::named("register");
    let project = asking(project, "");
    done(project.run(&["release", "2024"]));
    project.build();
    done(approve(&project, "Ana", &[]));
    let folder = project.path("data/approvals/2024");
    let kept: String =
        files(&folder).iter().map(|name| fs::read_to_string(folder.join(name)).expect("a file")).collect();
    let figures: Value = serde_json::from_str(&kept).expect("one file of JSON");
    let of_register = |figure: &&Value| figure.get("rows").is_none();
    let all = figures["figures"].as_array().expect("figures");
    assert!(all.iter().any(|figure| of_register(&figure)), "there are figures of the register");
    let released = project.read("data/ledger/2024.json");
    for figure in all.iter().filter(of_register).filter(|figure| figure["value"].is_number()) {
        let id = figure["id"].as_str().expect("an id").split(":change=").next().expect("a part").to_owned();
        assert!(released.contains(&format!("\"{id}\"")), "{id} is released");
    }
    assert!(!kept.contains("register/") && !project.read(LEDGER).contains("register/"), "no path of it");
    for line in project.read("data/countries/XXA/register/victims.csv").lines().skip(1) {
        assert!(!kept.contains(line), "no row of it");
    }
}

#[test]
fn what_is_not_approved_is_neither_listed_nor_sent() {
    let Some(server) = MailServer::plain("take") else { return };
    let project = asking(with_donors(Project::minimal(), 1), "needed = 2\nby = [\"Ana\", \"Bo\"]");
    let page = project.read("output/index.html");
    assert!(!page.contains("brief.pdf") && !page.contains("cover.png"), "the page lists no draft:\n{page}");
    assert!(!project.read("output/SHA256SUMS").contains("brief.pdf"));
    done(approve(&project, "Ana", &[]));
    project.build();
    let dry = project.run(&["send"]);
    let why = "output/donors/d1/XXA-en-brief.pdf is not sent: it is a draft that is not approved yet: 1 of 2 approvals (Ana); still to approve: Bo";
    refused(&dry, &[why, "there is nothing to send"]);
    let live = send(&project, &server, &[]);
    refused(&live, &[why]);
    assert_eq!((laid(&project).len(), server.delivered().len()), (0, 0));
    done(approve(&project, "Bo", &[]));
    refused(&project.run(&["send"]), &["`output/` or its inputs changed after the last build; build again"]);
    project.build();
    assert!(project.read("output/index.html").contains("brief.pdf"));
    assert_eq!(done(send(&project, &server, &[])).code, 0);
    assert_eq!(server.delivered().len(), 1);
}

#[test]
fn an_approval_covers_copies_that_say_no_more() {
    let named = |id: &str| (id.to_owned(), format!("Donor {id}"), format!("[\"officer@{id}.example.org\"]"));
    let project = with(Project::minimal(), &["plain", "part", "noted"].map(named));
    project.replace("data/report.toml", "id = \"part\"\n", "id = \"part\"\nsections = [\"protection\"]\n");
    project.replace("data/report.toml", "id = \"noted\"\n", "id = \"noted\"\nnote = \"With thanks.\"\n");
    let project = asking(project, "");
    let run = done(approve(&project, "Ana", &[]));
    assert!(run.stdout.contains("\ndonors/noted/XXA-en-brief.pdf: "), "it says more, and is named: {}", run.stdout);
    assert!(
        run.stdout
            .contains("the copies that say the same: donors/plain/XXA-en-brief.pdf, donors/part/XXA-en-brief.pdf\n"),
        "{}",
        run.stdout
    );
    project.build();
    let marked = |id: &str| project.printed(&format!("donors/{id}/XXA-en-brief.pdf")).contains(MARK);
    assert_eq!(["plain", "part", "noted"].map(marked), [false, false, false]);
    project.replace("data/report.toml", "With thanks.", "With many thanks.");
    project.build();
    assert_eq!(["plain", "part", "noted"].map(marked), [false, false, true], "only the note has changed");
    assert!(!project.printed("XXA/en/brief.pdf").contains(MARK));
}

#[test]
fn an_approval_is_taken_back_by_whoever_gave_it() {
    let project = asking(Project::minimal(), "");
    refused(&approve(&project, "Ana", &["--withdraw"]), &["Ana has approved none of these documents"]);
    assert!(!project.path("data/approvals").exists());
    done(approve(&project, "Ana", &[]));
    project.build();
    refused(&approve(&project, "Bo", &["--withdraw"]), &["Bo has approved none of these documents"]);
    // Neither a fault nor a build that is missing stands in the way.
    project.replace(ARRESTS, "2023,arrested,total,41", "2023,arested,total,41");
    let run = done(approve(&project, "ana", &["--withdraw"]));
    assert!(run.stdout.contains("taken back: XXA/en/brief.pdf"), "{}", run.stdout);
    project.replace(ARRESTS, "2023,arested,total,41", "2023,arrested,total,41");
    project.build();
    assert!(project.printed("XXA/en/brief.pdf").contains(MARK));
    let acts: Vec<Value> = lines(&project).iter().map(|line| line["entry"]["act"].clone()).collect();
    assert_eq!(acts, ["approved", "withdrawn"], "both stand in the file");
    refused(&approve(&project, "Ana", &["--withdraw"]), &["or has taken that back"]);
    done(approve(&project, "Ana", &[]));
}

#[test]
fn status_lists_approvals_for_programs_too() {
    let project = asking(Project::minimal(), "needed = 2\nby = [\"Ana\", \"Bo\"]");
    done(approve(&project, "Ana", &[]));
    change_a_figure(&project);
    project.build();
    done(approve(&project, "Bo", &[]));
    let json = done(project.run(&["status", "--format", "json"])).stdout;
    let json: Value = serde_json::from_str(&json).expect("JSON");
    let approval = &json["countries"][0]["languages"][0]["documents"][0]["approval"];
    assert_eq!(
        (&approval["needed"], &approval["given"][0]["by"]),
        (&Value::from(2), &Value::from("Bo")),
        "{approval:#}"
    );
    assert_eq!(approval["missing"], Value::from(vec!["Ana"]));
    assert_eq!(approval["overtaken"][0]["by"], "Ana");
    assert_eq!(approval["overtaken"][0]["figures"], Value::from(vec!["XXA/persons_arrested:2023"]));
}
