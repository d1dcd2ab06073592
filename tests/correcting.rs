//! A figure turns out wrong after documents were mailed: who is told, what, why, and once. The server is started by
//! [`MailServer`](crate::mail::MailServer).

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::dice::Dice;
use crate::mail::{Delivered, MailServer, journal, laid, send, states, with, with_donors};
use crate::project::{Project, Run};

const FIGURE: &str = "XXA/persons_arrested:2023";
const ROWS: &str = "data/countries/XXA/arrests.csv";
const RECORD: &str = "data/corrections.toml";

/// A project whose donors got the file that prints 41.
fn mailed(server: &MailServer, donors: usize) -> Project {
    let project = with_donors(Project::minimal(), donors);
    let run = send(&project, server, &[]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    project
}

/// The declaration that a figure was printed wrongly.
fn correction(day: &str, was: &str, reason: &str) -> String {
    format!("[[corrections]]\ndate = {day}\nwas = {{ \"{FIGURE}\" = \"{was}\" }}\nreason = {{ en = \"{reason}\" }}\n")
}

/// Corrects the row from one number to another, says so, and builds.
fn corrected(project: &Project, day: &str, (from, to): (&str, &str), reason: &str) {
    project.replace(ROWS, &format!("2023,arrested,total,{from}"), &format!("2023,arrested,total,{to}"));
    let before = if project.path(RECORD).exists() { project.read(RECORD) } else { String::new() };
    project.write(RECORD, &(before + &correction(day, from, reason)));
    project.build();
}

fn tell(project: &Project, server: &MailServer, arguments: &[&str]) -> Run {
    send(project, server, &[&["--correction"], arguments].concat())
}

fn text(message: &Delivered) -> String {
    message.report["text"].as_str().expect("a text").replace("\r\n", "\n")
}

/// The checksums of the files of a donor, as `delivery.csv` lists them.
fn sums(project: &Project, donor: &str) -> BTreeSet<String> {
    let list = project.read("output/delivery.csv");
    let rows = list.lines().skip(1).map(|line| line.split(',').collect::<Vec<_>>());
    rows.filter(|cells| cells[0] == donor).map(|cells| cells[2].to_owned()).collect()
}

/// The checksums of what is attached to a message.
fn attached(message: &Delivered) -> BTreeSet<String> {
    let files = message.report["files"].as_object().expect("files");
    files.values().map(|sum| sum.as_str().expect("a sum").to_owned()).collect()
}

fn to(message: &Delivered) -> &str {
    message.report["to"][0].as_str().expect("an address")
}

#[test]
fn whoever_got_the_file_is_told_once_what_changed_and_why() {
    let Some(server) = MailServer::plain("take") else { return };
    let project = with_donors(Project::minimal(), 3);
    assert_eq!(send(&project, &server, &["--donor", "d1", "--donor", "d2"]).code, 0);
    let old = sums(&project, "d1");
    corrected(&project, "2025-02-03", ("41", "43"), "The row lacked one raid.");
    let dry = project.run(&["send", "--correction"]);
    assert_eq!((dry.code, laid(&project)), (0, vec!["d1-1.eml".into(), "d2-1.eml".into()]), "{}", dry.stderr);
    assert!(dry.stderr.contains("nothing was sent") && dry.stderr.contains("--correction --live"), "{}", dry.stderr);
    let lines = journal(&project).len();
    let run = tell(&project, &server, &[]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let delivered = server.delivered();
    let told: Vec<&str> = delivered[2..].iter().map(to).collect();
    assert_eq!(told, ["officer@d1.example.org", "officer@d2.example.org"], "who never got it is not told");
    for (message, donor) in delivered[2..].iter().zip(["d1", "d2"]) {
        let text = text(message);
        assert!(text.contains("XXA-en-brief.pdf\n- Arrested, persons, 2023: 41 → 43\n"), "{text}");
        assert!(text.contains("Why:\nThe row lacked one raid.\n") && text.contains("Dear Donor"), "{text}");
        assert_eq!(attached(message), sums(&project, donor), "the new file of the donor itself");
        assert_eq!(message.report["subject"], "Correction: Trafficking in persons 2024");
    }
    assert_ne!(attached(&delivered[2]), attached(&delivered[3]));
    let line = &journal(&project)[lines + 1];
    assert_eq!(line["state"], "sent");
    assert_eq!(line["corrects"][0]["sha256"].as_str(), old.first().map(String::as_str), "{line}");
    let again = tell(&project, &server, &[]);
    assert_eq!((again.code, server.delivered().len()), (0, 4), "nobody is told twice: {}", again.stderr);
    assert!(again.stdout.starts_with("sent d1 officer@d1.example.org "), "{}", again.stdout);
    // What is new to the others goes out as ever, and what came with the correction is not mailed again.
    let ordinary = send(&project, &server, &[]);
    assert_eq!(ordinary.code, 0, "{}", ordinary.stderr);
    let delivered = server.delivered();
    assert_eq!(delivered[4..].iter().map(to).collect::<Vec<_>>(), ["officer@d3.example.org"]);
    assert_eq!(tell(&project, &server, &[]).code, 0);
    assert_eq!(server.delivered().len(), 5, "d3 never got a wrong file");
    assert_eq!(project.run(&["verify"]).code, 0, "neither journal nor records are inputs");
}

#[test]
fn a_figure_that_changed_without_a_reason_stops_the_run_and_what_to_write_is_printed() {
    let Some(server) = MailServer::plain("take") else { return };
    let project = mailed(&server, 1);
    project.replace(ROWS, "2023,arrested,total,41", "2023,arrested,total,43");
    project.build();
    let run = tell(&project, &server, &[]);
    assert_eq!((run.code, run.stdout.as_str(), server.delivered().len()), (1, "", 1), "{}", run.stderr);
    let line = format!(
        "`{FIGURE}` was printed as `41` in `donors/d1/XXA-en-brief.pdf` and reads `43` now, and no correction in `{RECORD}` says why"
    );
    assert!(run.stderr.contains(&line), "{}", run.stderr);
    let (_, block) = run.stderr.split_once("check and build:\n\n").expect("a block to copy");
    let (block, _) = block.split_once("\n\n").expect("the block ends");
    project.write(RECORD, &block.replace('…', "A slip."));
    project.build();
    let run = tell(&project, &server, &[]);
    assert_eq!((run.code, server.delivered().len()), (0, 2), "{}\n{}", run.stderr, project.read(RECORD));
    // What was never printed is named as what it is: a slip in the declaration.
    let other = mailed(&server, 1);
    corrected(&other, "2025-02-03", ("41", "43"), "A slip.");
    other.replace(RECORD, "\"41\"", "\"40\"");
    other.build();
    let run = tell(&other, &server, &[]);
    assert_eq!((run.code, run.stderr.contains("was printed as `41`")), (1, true), "{}", run.stderr);
}

#[test]
fn a_correction_that_changes_nothing_is_refused() {
    let Some(server) = MailServer::plain("take") else { return };
    let project = with_donors(Project::minimal(), 1);
    let run = tell(&project, &server, &[]);
    assert_eq!((run.code, run.stderr.contains("nobody was sent a file")), (1, true), "{}", run.stderr);
    assert_eq!(send(&project, &server, &[]).code, 0);
    let run = tell(&project, &server, &[]);
    assert_eq!((run.code, run.stderr.contains("there is nothing to correct")), (1, true), "{}", run.stderr);
    // Nor is another wording one.
    let prose = "data/countries/XXA/narrative/en/brief.typ";
    project.replace(prose, "Arrests are up", "Arrests rose");
    project.build();
    let run = tell(&project, &server, &[]);
    assert_eq!((run.code, run.stderr.contains("there is nothing to correct")), (1, true), "{}", run.stderr);
    project.write(RECORD, &correction("2025-02-03", "41", "A slip."));
    for command in ["check", "build"] {
        let run = project.run(&[command]);
        let said = format!("{}{}", run.stdout, run.stderr);
        let fault =
            format!("{RECORD}:3:39: error[invalid-value]: `{FIGURE}` is still printed as `41`: nothing is corrected");
        assert_eq!((run.code, said.contains(&fault)), (1, true), "{said}");
    }
    assert_eq!(server.delivered().len(), 1);
}

#[test]
fn a_second_correction_starts_from_what_each_was_told_last() {
    let Some(server) = MailServer::plain("take") else { return };
    let project = mailed(&server, 2);
    corrected(&project, "2025-02-03", ("41", "43"), "The row lacked one raid.");
    assert_eq!(tell(&project, &server, &["--donor", "d1"]).code, 0);
    corrected(&project, "2025-03-04", ("43", "44"), "Nor did it have the second raid.");
    let run = tell(&project, &server, &[]);
    assert_eq!((run.code, server.delivered().len()), (0, 5), "{}", run.stderr);
    let delivered = server.delivered();
    let (first, second) = (text(&delivered[3]), text(&delivered[4]));
    assert!(first.contains("2023: 43 → 44\n") && !first.contains("41"), "{first}");
    assert!(first.contains("Why:\nNor did it have the second raid.\n"), "{first}");
    assert!(second.contains("2023: 41 → 44\n"), "{second}");
    assert!(second.contains("Why:\n3 February 2025: The row lacked one raid.\n4 March 2025: Nor did"), "{second}");
    let printed = project.printed("XXA/en/brief.pdf");
    assert!(printed.contains("43 → 44") && printed.contains("41 → 43"), "each step is told: {printed}");
}

#[test]
fn who_has_the_new_file_already_is_told_why_it_differs() {
    let Some(server) = MailServer::plain("take") else { return };
    let project = mailed(&server, 1);
    corrected(&project, "2025-02-03", ("41", "43"), "A slip.");
    assert_eq!(send(&project, &server, &[]).code, 0);
    assert_eq!(server.delivered().len(), 2, "a build of other documents is another message");
    let run = tell(&project, &server, &[]);
    assert_eq!((run.code, server.delivered().len()), (0, 3), "{}", run.stderr);
    assert!(text(&server.delivered()[2]).contains("41 → 43"));
    assert_eq!(attached(&server.delivered()[2]), sums(&project, "d1"));
}

#[test]
fn an_address_that_is_declared_no_more_is_told_and_a_donor_that_is_none_is_named() {
    let Some(server) = MailServer::plain("take") else { return };
    let project = mailed(&server, 2);
    project.replace("data/report.toml", "[\"officer@d1.example.org\"]", "[\"New <new@d1.example.org>\"]");
    let report = project.read("data/report.toml");
    let (before, rest) = report.split_once("\n[[donors]]\nid = \"d2\"").expect("the second donor");
    let (_, after) = rest.split_once("\n[mail]").expect("mail");
    project.write("data/report.toml", &format!("{before}\n[mail]{after}"));
    corrected(&project, "2025-02-03", ("41", "43"), "A slip.");
    let run = tell(&project, &server, &[]);
    assert_eq!(run.code, 3, "{}", run.stderr);
    assert!(
        run.stderr.contains("d2, officer@d2.example.org: cannot be told of the correction: the donor"),
        "{}",
        run.stderr
    );
    assert!(run.stdout.contains("untold d2 officer@d2.example.org"), "{}", run.stdout);
    let delivered = server.delivered();
    assert_eq!(delivered[2..].iter().map(to).collect::<Vec<_>>(), ["officer@d1.example.org"]);
    let again = tell(&project, &server, &[]);
    assert_eq!(
        (again.code, server.delivered().len()),
        (3, 3),
        "who cannot be told is named each time: {}",
        again.stderr
    );
}

#[test]
fn a_donor_that_gets_the_document_no_more_is_named() {
    let Some(server) = MailServer::plain("take") else { return };
    let project = with_donors(Project::minimal(), 1);
    project.replace(
        "data/report.toml",
        "id = \"brief\"",
        "id = \"annex\"\ntitle = \"Annex\"\nrecord = true\n\n[[documents]]\nid = \"brief\"",
    );
    project.build();
    assert_eq!(send(&project, &server, &[]).code, 0);
    project.replace("data/report.toml", "name = \"Donor 1\"", "name = \"Donor 1\"\ndocuments = [\"brief\"]");
    corrected(&project, "2025-02-03", ("41", "43"), "A slip.");
    let run = tell(&project, &server, &[]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stderr.contains("no new file for `donors/d1/XXA-en-annex.pdf`"), "{}", run.stderr);
    let message = &server.delivered()[1];
    let text = text(message);
    assert!(
        text.contains("XXA-en-annex.pdf") && text.contains("41 → 43"),
        "of the annex it is told all the same: {text}"
    );
    assert_eq!(attached(message), sums(&project, "d1"));
}

/// A project in English and French, with one donor who reads French.
fn french(server: &MailServer) -> Project {
    let project = Project::minimal();
    project.replace("data/report.toml", "languages = [\"en\"]", "languages = [\"en\", \"fr\"]");
    let report = project.read("data/report.toml");
    let donor =
        "\n[[donors]]\nid = \"aide\"\nname = \"L’Aide\"\naddresses = [\"a@example.org\"]\nlanguages = [\"fr\"]\n";
    project.write("data/report.toml", &(report + donor));
    project.write("data/text/fr.toml", "region = \"fr\"\nname = \"Français\"\n");
    let prose = project.path("data/countries/XXA/narrative");
    crate::project::copy(&prose.join("en"), &prose.join("fr"));
    let project = with(project, &[]);
    assert_eq!(send(&project, server, &[]).code, 0);
    project
}

#[test]
fn each_is_told_in_its_language_and_a_reason_that_lacks_it_is_named() {
    let Some(server) = MailServer::plain("take") else { return };
    let project = french(&server);
    corrected(&project, "2025-02-03", ("41", "43"), "A slip.");
    let needed = format!(
        "{RECORD}:4:12: error[missing-field]: the reason is not given in `fr`, in which documents of XXA were sent"
    );
    let check = project.run(&["check"]);
    assert_eq!((check.code, check.stdout.contains(&needed)), (1, true), "{}", check.stdout);
    let journal = project.read("data/sent/2024.jsonl");
    fs::remove_file(project.path("data/sent/2024.jsonl")).expect("the journal can be taken away");
    let warning = format!("{RECORD}:4:12: warning[untranslated]: the reason is not given in `fr`");
    let check = project.run(&["check"]);
    assert_eq!((check.code, check.stdout.contains(&warning)), (0, true), "nobody needs it: {}", check.stdout);
    project.write("data/sent/2024.jsonl", &journal);
    let run = tell(&project, &server, &[]);
    let fault = format!("{RECORD}:4:12: the reason is not given in `fr`; add `fr = \"…\"`");
    assert_eq!((run.code, run.stderr.contains(&fault), server.delivered().len()), (1, true, 1), "{}", run.stderr);
    project.replace(RECORD, "en = \"A slip.\"", "en = \"A slip.\", fr = \"Une erreur de saisie.\"");
    project.build();
    let run = tell(&project, &server, &[]);
    assert_eq!((run.code, server.delivered().len()), (0, 2), "{}", run.stderr);
    let text = text(&server.delivered()[1]);
    for wanted in
        ["À l’attention de L’Aide", "XXA-fr-brief.pdf\n- ", "2023: 41 → 43\n", "Pourquoi :\nUne erreur de saisie.\n"]
    {
        assert!(text.contains(wanted), "{wanted}: {text}");
    }
    // A letter of the project's own goes before the one that the program brings.
    let own = "Subject: Rectificatif\n\n{donor}: {changes}\n";
    project.write("data/letters/correction/fr.txt", own);
    let check = project.run(&["check"]);
    let fault = "data/letters/correction/fr.txt:3:1: error[missing-field]: the letter of a correction lacks `{reason}`";
    assert_eq!((check.code, check.stdout.contains(fault)), (1, true), "{}", check.stdout);
    project.write("data/letters/correction/fr.txt", &(own.to_owned() + "{reason}\n"));
    assert_eq!(project.run(&["check"]).code, 0);
    project.write("data/letters/en.txt", "{reason}\n");
    let check = project.run(&["check"]);
    assert!(check.stdout.contains("`{reason}` belongs into a letter of a correction"), "{}", check.stdout);
}

#[test]
fn a_file_of_before_records_were_kept_is_named_and_told_as_declared() {
    let Some(server) = MailServer::plain("take") else { return };
    let project = mailed(&server, 1);
    let sum = sums(&project, "d1").first().cloned().expect("a checksum");
    fs::remove_dir_all(project.path("data/sent/2024")).expect("the records can be taken away");
    let old = fs::read(project.path("output/donors/d1/XXA-en-brief.pdf")).expect("the old file");
    fs::write(project.path("old.pdf"), old).expect("it can be kept");
    project.replace(ROWS, "2023,arrested,total,41", "2023,arrested,total,43");
    project.build();
    let run = tell(&project, &server, &[]);
    let named = format!("`donors/d1/XXA-en-brief.pdf` (sha256 {sum}) was sent before it was kept what a file prints");
    assert_eq!((run.code, run.stderr.contains(&named)), (1, true), "{}", run.stderr);
    let answer = project.run(&["verify", "--file", "old.pdf"]);
    let kept = format!("what it printed was not kept: `XXA-en-brief.pdf` (sha256 {sum})");
    assert_eq!((answer.code, answer.stdout.contains(&kept)), (1, true), "{}", answer.stdout);
    project.write(RECORD, &correction("2099-01-01", "41", "A slip."));
    project.build();
    let run = tell(&project, &server, &[]);
    assert_eq!((run.code, server.delivered().len()), (0, 2), "{}", run.stderr);
    assert!(run.stderr.contains("what it printed is taken from `data/corrections.toml`"), "{}", run.stderr);
    assert!(text(&server.delivered()[1]).contains("41 → 43"));
}

#[test]
fn what_a_file_prints_is_kept_before_it_leaves_and_names_nobody() {
    let Some(server) = MailServer::plain("hang") else { return };
    let project = with_donors(Project::minimal(), 1);
    assert_eq!(send(&project, &server, &["--timeout", "1"]).code, 3);
    let sum = sums(&project, "d1").first().cloned().expect("a checksum");
    let kept = project.read(&format!("data/sent/2024/{sum}.json"));
    let record: Value = serde_json::from_str(&kept).expect("JSON");
    assert_eq!(
        (&record["country"], &record["language"], &record["document"]),
        (&"XXA".into(), &"en".into(), &"brief".into())
    );
    let figures = record["figures"].as_array().expect("figures");
    let one = figures.iter().find(|figure| figure["id"] == FIGURE).expect("the figure");
    assert_eq!((&one["value"], &one["display"]["en"]), (&Value::from(41), &Value::from("41")));
    assert!(!kept.contains("d1") || !kept.contains("officer@"), "{kept}");
    // Whether they got it is not known: they are neither told nor forgotten.
    corrected(&project, "2025-02-03", ("41", "43"), "A slip.");
    let Some(server) = MailServer::plain("take") else { return };
    let run = tell(&project, &server, &[]);
    assert_eq!((run.code, server.delivered().len()), (3, 0), "{}", run.stderr);
    assert!(run.stderr.contains("it may have arrived: ask the donor"), "{}", run.stderr);
    let id = run.stdout.split_whitespace().nth(3).expect("an id").to_owned();
    assert_eq!(project.run(&["send", "--received", &id]).code, 0);
    assert_eq!((tell(&project, &server, &[]).code, server.delivered().len()), (0, 1));
}

#[test]
fn a_message_of_which_nobody_knows_is_not_sent_again_even_after_another_build() {
    let Some(server) = MailServer::plain("take hang take") else { return };
    let project = mailed(&server, 1);
    corrected(&project, "2025-02-03", ("41", "43"), "A slip.");
    let run = tell(&project, &server, &["--timeout", "1"]);
    assert_eq!((run.code, states(&project, "d1").last().map(String::as_str)), (3, Some("unknown")), "{}", run.stderr);
    // Another build makes other files: they are another message, and still nobody knows of the first.
    project.replace("data/countries/XXA/narrative/en/brief.typ", "Arrests are up", "Arrests rose");
    project.build();
    let run = tell(&project, &server, &[]);
    assert_eq!((run.code, server.delivered().len()), (3, 2), "{}", run.stderr);
    let id = run.stdout.split_whitespace().nth(3).expect("an id").to_owned();
    assert_eq!(project.run(&["send", "--again", &id]).code, 0);
    assert_eq!((tell(&project, &server, &[]).code, server.delivered().len()), (0, 3));
    assert_eq!((tell(&project, &server, &[]).code, server.delivered().len()), (0, 3));
}

#[test]
fn a_run_that_is_killed_at_any_moment_tells_each_once() {
    let Some(server) = MailServer::start("localhost", &["--seed", "7"]) else { return };
    let Some(kind) = MailServer::plain("take") else { return };
    let project = mailed(&kind, 5);
    corrected(&project, "2025-02-03", ("41", "43"), "A slip.");
    let mut dice = Dice::of(11);
    let options = [&["send", "--correction", "--live", "--timeout", "2"], &server.options()[..]].concat();
    let ended = (0..60).any(|run| {
        let mut command: Command = project.command(&options);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("a run starts");
        let mut code = None;
        if run % 2 == 0 {
            std::thread::sleep(Duration::from_millis(dice.below(600) as u64));
            let _ = child.kill();
            child.wait().expect("a run ends");
        } else {
            code = child.wait().expect("a run ends").code();
            assert!(matches!(code, Some(0 | 3)), "{code:?}");
        }
        server.rests();
        let delivered: BTreeSet<String> = server.ids().into_iter().collect();
        let mut last = std::collections::BTreeMap::new();
        for line in journal(&project) {
            let id = line["message_id"].as_str().expect("an id").split('@').next().expect("an id").to_owned();
            last.insert(id, line["state"].clone());
        }
        for (id, _) in last.into_iter().filter(|(_, state)| state == "sending" || state == "unknown") {
            let decision = if delivered.contains(&id) { "--received" } else { "--again" };
            assert_eq!(project.run(&["send", decision, &id]).code, 0);
        }
        code == Some(0)
    });
    assert!(ended, "60 runs did not tell everybody");
    let mut told: Vec<String> = server.delivered().iter().map(|message| to(message).to_owned()).collect();
    told.sort();
    let all: Vec<String> = (1..=5).map(|donor| format!("officer@d{donor}.example.org")).collect();
    assert_eq!(told, all, "each once");
}

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
    assert!(start.elapsed() < Duration::from_secs(60));
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
