//! Whatever ends a run that tells of a correction, nobody is told twice and nobody is forgotten; and what is remembered for that.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::Value;

use crate::correcting::{FIGURE, RECORD, ROWS, corrected, correction, mailed, sums, tell, text, to};
use crate::dice::Dice;
use crate::mail::{MailServer, journal, send, states, with_donors};
use crate::project::Project;

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
        let mut last = BTreeMap::new();
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
