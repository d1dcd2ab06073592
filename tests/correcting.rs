//! A figure turns out wrong after documents were mailed: who is told, what, why, and once. The server is started by
//! [`MailServer`](crate::mail::MailServer).

use std::collections::BTreeSet;
use std::fs;

use crate::mail::{Delivered, MailServer, journal, laid, send, with, with_donors};
use crate::project::{Project, Run};

pub const FIGURE: &str = "XXA/persons_arrested:2023";
pub const ROWS: &str = "data/countries/XXA/arrests.csv";
pub const RECORD: &str = "data/corrections.toml";

/// A project whose donors got the file that prints 41.
pub fn mailed(server: &MailServer, donors: usize) -> Project {
    let project = with_donors(Project::minimal(), donors);
    let run = send(&project, server, &[]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    project
}

/// The declaration that a figure was printed wrongly.
pub fn correction(day: &str, was: &str, reason: &str) -> String {
    format!("[[corrections]]\ndate = {day}\nwas = {{ \"{FIGURE}\" = \"{was}\" }}\nreason = {{ en = \"{reason}\" }}\n")
}

/// Corrects the row from one number to another, says so, and builds.
pub fn corrected(project: &Project, day: &str, (from, to): (&str, &str), reason: &str) {
    project.replace(ROWS, &format!("2023,arrested,total,{from}"), &format!("2023,arrested,total,{to}"));
    let before = if project.path(RECORD).exists() { project.read(RECORD) } else { String::new() };
    project.write(RECORD, &(before + &correction(day, from, reason)));
    project.build();
}

pub fn tell(project: &Project, server: &MailServer, arguments: &[&str]) -> Run {
    send(project, server, &[&["--correction"], arguments].concat())
}

pub fn text(message: &Delivered) -> String {
    message.report["text"].as_str().expect("a text").replace("\r\n", "\n")
}

/// The checksums of the files of a donor, as `delivery.csv` lists them.
pub fn sums(project: &Project, donor: &str) -> BTreeSet<String> {
    let list = project.read("output/delivery.csv");
    let rows = list.lines().skip(1).map(|line| line.split(',').collect::<Vec<_>>());
    rows.filter(|cells| cells[0] == donor).map(|cells| cells[2].to_owned()).collect()
}

/// The checksums of what is attached to a message.
pub fn attached(message: &Delivered) -> BTreeSet<String> {
    let files = message.report["files"].as_object().expect("files");
    files.values().map(|sum| sum.as_str().expect("a sum").to_owned()).collect()
}

pub fn to(message: &Delivered) -> &str {
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
    assert!(first.contains("2023: 43 → 44\n") && !first.contains("41 →"), "{first}");
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
