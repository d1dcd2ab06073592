//! `tipbrief send` when all goes well, and when we ourselves forbid it: what is written, to whom it goes, and that it goes once.
//! The server is started by [`MailServer`](crate::mail::MailServer).

use std::fs;
use std::time::SystemTime;

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::mail::{LOGIN, MailServer, journal, laid, send, states, with, with_donors};
use crate::project::{Project, Run};

/// What `delivery.csv` lists for a donor: file names and checksums.
fn listed(project: &Project, donor: &str) -> Value {
    let list = project.read("output/delivery.csv");
    let row = |line: &str| {
        let cells: Vec<&str> = line.split(',').collect();
        let name = cells[1].rsplit('/').next().expect("a name");
        (cells[0] == donor).then(|| (name.to_owned(), Value::from(cells[2])))
    };
    Value::Object(list.lines().skip(1).filter_map(row).collect())
}

fn donor(id: &str, name: &str, addresses: &str) -> (String, String, String) {
    (id.to_owned(), name.to_owned(), addresses.to_owned())
}

#[test]
fn a_dry_run_lays_the_messages_and_sends_nothing() {
    let project = with_donors(Project::minimal(), 2);
    let run = project.run(&["send"]);
    let below = |line: &str| line.split_once("output/").map(|(_, path)| path.to_owned());
    let written: Vec<_> = run.stdout.lines().filter_map(below).collect();
    assert_eq!((run.code, written), (0, vec![".mail/d1-1.eml".into(), ".mail/d2-1.eml".into()]), "{}", run.stderr);
    assert!(run.stderr.contains("nothing was sent") && run.stderr.contains("--live"), "{}", run.stderr);
    let first = project.read("output/.mail/d1-1.eml");
    let headers = &first[..first.len().min(900)];
    assert!(first.contains("To: \"Donor 1\" <officer@d1.example.org>"), "{headers}");
    let date = first.lines().find_map(|line| line.strip_prefix("Date: ")).expect("a date");
    let date = DateTime::parse_from_rfc2822(date).expect("a date of a message");
    assert!(
        (DateTime::<Utc>::from(SystemTime::now()) - date.to_utc()).num_seconds().abs() < 600,
        "the date is that of today: {headers}"
    );
    project.write("output/.mail/stray.eml", "");
    assert_eq!(project.run(&["send", "--donor", "d1"]).code, 0);
    assert_eq!(laid(&project), ["d1-1.eml"], "the folder is replaced whole");
    assert_eq!(undated(&project.read("output/.mail/d1-1.eml")), undated(&first), "the same is the same");
    assert_eq!(project.run(&["verify"]).code, 0, "what lies there is no output");
    assert!(!project.path("data/sent").exists(), "a dry run writes no journal");
}

fn undated(message: &str) -> Vec<&str> {
    message.trim_end().lines().filter(|line| !line.starts_with("Date: ")).collect()
}

#[test]
fn what_is_sent_arrives_whole_encrypted_and_once() {
    let Some(server) = MailServer::strict("take") else { return };
    let project = with_donors(Project::minimal(), 2);
    assert_eq!(project.run(&["send"]).code, 0);
    let run = send(&project, &server, &[]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let lines: Vec<Vec<&str>> = run.stdout.lines().map(|line| line.split(' ').collect()).collect();
    assert_eq!(
        lines.iter().map(|line| line[..3].to_vec()).collect::<Vec<_>>(),
        [["sent", "d1", "officer@d1.example.org"], ["sent", "d2", "officer@d2.example.org"]]
    );
    let delivered = server.delivered();
    assert_eq!(delivered.len(), 2);
    for (at, message) in delivered.iter().enumerate() {
        let (report, id) = (&message.report, format!("d{}", at + 1));
        assert_eq!(report["to"], Value::from(vec![format!("officer@{id}.example.org")]));
        assert_eq!((&report["encrypted"], &report["user"]), (&Value::Bool(true), &Value::from(LOGIN[0])));
        assert_eq!(report["from"], "briefs@example.org");
        assert_eq!(report["subject"], format!("Trafficking in persons 2024 for Donor {}", at + 1));
        assert_eq!(report["files"], listed(&project, &id), "what arrives is what is listed");
        assert_eq!(report["defects"], Value::Array(Vec::new()));
        let laid = project.read(&format!("output/.mail/{id}-1.eml"));
        assert!(undated(&laid) == undated(&message.text), "what lay ready is what is sent, but for its date");
        let text = report["text"].as_str().expect("a text");
        assert!(text.contains("\n.please find the briefs of 2024"), "{text}");
        for (name, sum) in listed(&project, &id).as_object().expect("files") {
            assert!(text.contains(name.as_str()) && text.contains(sum.as_str().expect("a sum")), "{text}");
        }
        assert_eq!(states(&project, &id), ["sending", "sent"]);
    }
    let again = send(&project, &server, &[]);
    assert_eq!((again.code, again.stdout.as_str()), (0, run.stdout.as_str()), "{}", again.stderr);
    assert_eq!(server.delivered().len(), 2, "nobody is mailed twice");
    assert_eq!(project.run(&["verify"]).code, 0, "the journal is no input");
    let line = &journal(&project)[1];
    assert_eq!(line["answer"], "250 2.0.0 taken");
    assert_eq!(line["files"][0]["path"], "output/donors/d1/XXA-en-brief.pdf".trim_start_matches("output/"));
    assert!(line["time"].as_str().is_some_and(|time| time.ends_with('Z')), "{line}");
}

#[test]
fn a_build_of_other_documents_is_another_message() {
    let Some(server) = MailServer::plain("take") else { return };
    let project = with_donors(Project::minimal(), 1);
    assert_eq!(send(&project, &server, &[]).code, 0);
    project.replace("data/countries/XXA/arrests.csv", "2023,arrested,total,41", "2023,arrested,total,43");
    let stale = send(&project, &server, &[]);
    assert_eq!((stale.code, server.delivered().len()), (1, 1), "{}", stale.stderr);
    assert!(stale.stderr.contains("data/countries/XXA/arrests.csv: differs from the manifest"), "{}", stale.stderr);
    project.build();
    assert_eq!((send(&project, &server, &[]).code, server.delivered().len()), (0, 2));
    assert_ne!(server.ids()[0], server.ids()[1]);
}

#[test]
fn each_address_has_a_message_of_its_own_and_no_name_begins_a_header() {
    let Some(server) = MailServer::plain("take") else { return };
    let addresses = "[\"a@example.org\", \"b@example.org\", \"a@example.org\"]";
    let name = "Fondation Čeſtnoſť Честность, \"quoted\" <x@example.org>; Bcc: y@example.org";
    let project = with(Project::minimal(), &[donor("one", name, addresses)]);
    let run = send(&project, &server, &[]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let delivered = server.delivered();
    let to: Vec<&Value> = delivered.iter().map(|message| &message.report["to"][0]).collect();
    assert_eq!(to, ["a@example.org", "b@example.org"], "each address once, and each alone");
    let heads = ["Content-Type", "Date", "From", "MIME-Version", "Message-ID", "Subject", "To"];
    assert!(delivered.iter().all(|message| message.report["headers"] == Value::from(heads.to_vec())));
    let report = &delivered[0].report;
    assert_eq!(report["subject"], format!("Trafficking in persons 2024 for {name}"));
    assert!(
        report["recipient"].as_str().is_some_and(|to| to.ends_with("<a@example.org>") && to.contains("Честность")),
        "{report}"
    );
}

#[test]
fn what_has_changed_since_the_build_is_not_sent() {
    let Some(server) = MailServer::plain("take") else { return };
    let project = with_donors(Project::minimal(), 2);
    let path = "output/donors/d2/XXA-en-brief.pdf";
    let mut pdf = fs::read(project.path(path)).expect("a copy");
    pdf.push(b'\n');
    fs::write(project.path(path), pdf).expect("the copy can be written");
    for arguments in [&[][..], &["--donor", "d1"]] {
        let run = send(&project, &server, arguments);
        assert_eq!((run.code, run.stdout.as_str()), (1, ""), "{}", run.stderr);
        assert!(run.stderr.contains(&format!("{path}: differs from the manifest")), "{}", run.stderr);
    }
    assert!(server.delivered().is_empty() && journal(&project).is_empty());
}

#[test]
fn numbers_that_are_not_released_stay_in_the_house() {
    let Some(server) = MailServer::plain("take") else { return };
    let project = with_donors(Project::named("register"), 1);
    let run = send(&project, &server, &[]);
    assert_eq!((run.code, run.stdout.as_str()), (1, ""), "{}", run.stderr);
    assert!(run.stderr.contains("XXA") && run.stderr.contains("tipbrief release"), "{}", run.stderr);
    assert_eq!(project.run(&["send"]).code, 1, "nor do they lie ready");
    // A register that is gone releases nothing.
    let register = project.path("data/countries/XXA/register");
    let aside = project.path("register-aside");
    fs::rename(&register, &aside).expect("the register can be put aside");
    let run = send(&project, &server, &[]);
    assert_eq!(run.code, 1, "what is printed was never released: {}{}", run.stdout, run.stderr);
    fs::rename(&aside, &register).expect("the register can be put back");
    assert_eq!(project.run(&["release", "first"]).code, 0);
    assert_eq!(send(&project, &server, &[]).code, 1, "what lies there was built before the release");
    assert!(server.delivered().is_empty());
    project.build();
    let run = send(&project, &server, &[]);
    assert_eq!((run.code, server.delivered().len()), (0, 1), "{}", run.stderr);
}

#[test]
fn a_language_that_is_a_draft_is_left_out_and_named() {
    let Some(server) = MailServer::plain("take") else { return };
    let project = Project::minimal();
    project.replace("data/report.toml", "languages = [\"en\"]", "languages = [\"en\", \"lo\"]");
    project.write("data/text/lo.toml", "region = \"la\"\ndraft = true\n[font]\nfamily = \"DejaVu Sans\"\n");
    let report = project.read("data/report.toml");
    let donors =
        "\n[[donors]]\nid = \"both\"\nname = \"B\"\naddresses = [\"b@example.org\"]\nlanguages = [\"en\", \"lo\"]\n";
    project.write("data/report.toml", &(report + donors));
    let project = with(project, &[]);
    let run = send(&project, &server, &[]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stderr.contains("output/donors/both/XXA-lo-brief.pdf is not sent"), "{}", run.stderr);
    let files = server.delivered()[0].report["files"].clone();
    assert_eq!(files.as_object().expect("files").keys().collect::<Vec<_>>(), ["XXA-en-brief.pdf"]);
}

#[test]
fn a_document_that_is_not_translated_is_left_out_and_named() {
    let Some(server) = MailServer::plain("take") else { return };
    let project = Project::minimal();
    project.replace("data/report.toml", "languages = [\"en\"]", "languages = [\"en\", \"fr\"]");
    project.write("data/text/fr.toml", "region = \"fr\"\n");
    let report = project.read("data/report.toml");
    let donors =
        "\n[[donors]]\nid = \"both\"\nname = \"B\"\naddresses = [\"b@example.org\"]\nlanguages = [\"en\", \"fr\"]\n";
    project.write("data/report.toml", &(report + donors));
    let project = with(project, &[]);
    let run = send(&project, &server, &[]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let unsent =
        "output/donors/both/XXA-fr-brief.pdf is not sent: it is a draft: some of its prose is not translated yet";
    assert!(run.stderr.contains(unsent), "{}", run.stderr);
    let files = server.delivered()[0].report["files"].clone();
    assert_eq!(files.as_object().expect("files").keys().collect::<Vec<_>>(), ["XXA-en-brief.pdf"]);
}

#[test]
fn what_is_missing_is_named() {
    let project = with_donors(Project::minimal(), 1);
    let refused = |arguments: &[&str], why: &str| {
        let run = project.run(arguments);
        assert_eq!((run.code, run.stdout.as_str()), (1, ""), "{arguments:?}: {}", run.stderr);
        assert!(run.stderr.contains(why), "{arguments:?}: {}", run.stderr);
    };
    refused(&["send", "--donor", "d11"], "there is no donor `d11`; did you mean `d1`?");
    refused(&["send", "--live"], "no server is named");
    refused(&["send", "--live", "--server", "smtps://example.org"], "`smtps://example.org` is not a server");
    refused(&["send", "--received", "abc"], "contains no message `abc`");
    let mut half = project.command(&["send", "--live", "--server", "localhost:1"]);
    let half = Run::of(half.env("TIPBRIEF_SMTP_USER", "somebody"));
    assert_eq!((half.code, half.stderr.contains("set both or none")), (1, true), "{}", half.stderr);
    project.write("no.pem", "nothing\n");
    refused(
        &["send", "--live", "--server", "localhost:1", "--certificate", "no.pem"],
        "`no.pem` contains no PEM certificate",
    );
    let run = project.run(&["send", "--live", "--server", "localhost:1", "--certificate", "nowhere.pem"]);
    assert_eq!((run.code, run.stderr.contains("nowhere.pem")), (3, true), "{}", run.stderr);
    assert_eq!(project.run(&["send", "--timeout", "0"]).code, 2);
    let silent = Project::minimal();
    silent.build();
    let run = silent.run(&["send"]);
    assert_eq!((run.code, run.stderr.contains("`[mail]`")), (1, true), "{}", run.stderr);
}
