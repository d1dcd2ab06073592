//! The page for the morning an error is found, done to the letter: each command is run, each cell changed, and the donor is told.

use std::fs;
use std::path::Path;

use crate::mail::{MailServer, send, with_donors};
use crate::project::{Project, REPOSITORY};

/// What the page asks its reader to do.
enum Step {
    Run(String),
    /// In a file, a line in place of another.
    Put(String, String, String),
    Append(String, String),
}

fn steps() -> Vec<Step> {
    let page = fs::read_to_string(Path::new(REPOSITORY).join("docs/correcting.md")).expect("the page");
    let (mut steps, mut place) = (Vec::new(), None);
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        if let Some(asked) = line.strip_prefix("<!-- ").and_then(|line| line.strip_suffix(" -->")) {
            place = Some(asked.to_owned());
        } else if let Some(language) = line.strip_prefix("```") {
            let block: String =
                lines.by_ref().take_while(|line| *line != "```").map(|line| format!("{line}\n")).collect();
            let asked = place.take().unwrap_or_default();
            if language == "sh" {
                steps.extend(block.lines().map(|line| Step::Run(line.to_owned())));
            } else if let Some(file) = asked.strip_prefix("append to ") {
                steps.push(Step::Append(file.to_owned(), block));
            } else {
                let (file, old) = asked.strip_prefix("in ").and_then(|rest| rest.split_once(" for ")).expect("a step");
                steps.push(Step::Put(file.to_owned(), format!("{old}\n"), block));
            }
        }
    }
    steps
}

#[test]
fn the_page_for_the_morning_an_error_is_found_leads_to_donors_who_know() {
    let Some(server) = MailServer::plain("take") else { return };
    let project = with_donors(Project::minimal(), 2);
    project.replace("data/report.toml", "[mail]\n", &format!("[mail]\nserver = \"{}\"\n", server.place));
    project.build();
    assert_eq!(send(&project, &server, &[]).code, 0);
    let copy = project.path("output/donors/d1/XXA-en-brief.pdf");
    fs::copy(copy, project.path("complaint.pdf")).expect("the caller's file");
    let mut answers = Vec::new();
    for step in steps() {
        match step {
            Step::Put(file, old, new) => project.replace(&file, &old, &new),
            Step::Append(file, text) => {
                assert!(!project.path(&file).exists(), "the file is begun");
                project.write(&file, &text);
            }
            Step::Run(line) => {
                let arguments: Vec<&str> = line.split(' ').skip(1).collect();
                let run = project.run(&arguments);
                let of_old_file = arguments[0] == "verify" && !answers.is_empty();
                assert_eq!(run.code, i32::from(of_old_file), "`{line}`: {}{}", run.stdout, run.stderr);
                if arguments[0] == "verify" {
                    answers.push(run.stdout);
                }
            }
        }
    }
    assert!(answers[0].contains("it is as it is in `output/donors/d1/XXA-en-brief.pdf`"), "{}", answers[0]);
    assert!(answers[1].contains("  XXA/persons_arrested:2023: 41 → 43\n"), "{}", answers[1]);
    let delivered = server.delivered();
    assert_eq!(delivered.len(), 4);
    for message in &delivered[2..] {
        let text = message.report["text"].as_str().expect("a text");
        assert!(text.contains("41 → 43") && text.contains("The row lacked one of the raids."), "{text}");
    }
    assert!(project.printed("XXA/en/brief.pdf").contains("41 → 43"));
}
