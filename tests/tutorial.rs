//! The tutorial, done to the letter: its commands are run, its rows appended, its prose written, and the page is as it says.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::project::{Project, REPOSITORY, Run, typst};

/// What a page asks its reader to do.
enum Step {
    Run(String),
    Append(String, String),
    Replace(String, String),
}

/// The steps of the tutorial in their order: blocks of commands, and texts with their place in a comment before them.
fn steps() -> Vec<Step> {
    let page = fs::read_to_string(Path::new(REPOSITORY).join("docs/tutorial.md")).expect("the tutorial");
    let (mut steps, mut place) = (Vec::new(), None);
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        if let Some(asked) = line.strip_prefix("<!-- ").and_then(|line| line.strip_suffix(" -->")) {
            place = Some(asked.to_owned());
        } else if let Some(language) = line.strip_prefix("```") {
            let block: String =
                lines.by_ref().take_while(|line| *line != "```").map(|line| format!("{line}\n")).collect();
            match (language, place.take()) {
                ("sh", _) => steps.extend(block.lines().map(|line| Step::Run(line.to_owned()))),
                (_, Some(asked)) => match asked.split_once(' ') {
                    Some(("append", to)) => steps.push(Step::Append(to.trim_start_matches("to ").to_owned(), block)),
                    Some(("replace", path)) => steps.push(Step::Replace(path.to_owned(), block)),
                    _ => panic!("`{asked}` is no step"),
                },
                (language, None) => panic!("a block of {language} has no place"),
            }
        }
    }
    steps
}

#[test]
fn the_tutorial_leads_to_the_page_that_it_promises() {
    let folder = tempfile::TempDir::new().expect("a temporary folder");
    let mut here = folder.path().to_owned();
    let mut said = String::new();
    for step in steps() {
        match step {
            Step::Append(path, text) => {
                let before = fs::read_to_string(here.join(&path)).expect("a table to append to");
                fs::write(here.join(&path), before + &text).expect("a table");
            }
            Step::Replace(path, text) => {
                assert!(here.join(&path).exists(), "{path} holds a guide");
                fs::write(here.join(&path), text).expect("prose");
            }
            Step::Run(line) => {
                if let Some(inside) = line.strip_prefix("cd ") {
                    here = here.join(inside);
                    continue;
                }
                let arguments: Vec<&str> = line.split(' ').skip(1).collect();
                let mut command = Command::new(env!("CARGO_BIN_EXE_tipbrief"));
                let run = Run::of(command.args(arguments).current_dir(&here).env("TYPST", typst()));
                assert_eq!(run.code, 0, "`{line}`: {}{}", run.stdout, run.stderr);
                said = run.stdout;
            }
        }
    }
    assert!(said.contains("data/countries/THA/arrests.csv:5") && said.contains("police_2024"), "explain: {said}");
    let brief = lopdf::Document::load(here.join("output/THA/en/brief.pdf")).expect("the brief");
    let pages: Vec<u32> = brief.get_pages().into_keys().collect();
    let text = brief.extract_text(&pages).expect("its text").split_whitespace().collect::<Vec<_>>().join(" ");
    for expected in ["Arrests rose in 2024, convictions fell", "The police arrested 52 persons in 2024, after 38"] {
        assert!(text.contains(expected), "{expected}: {text}");
    }
    assert!(!text.contains("Draft"), "its prose is written");
    // The donor summary is what the tutorial says is still a draft.
    let page = fs::read_to_string(here.join("output/index.html")).expect("the page");
    assert!(page.contains("THA/en/brief.pdf") && !page.contains("THA/en/donor-summary.pdf"));
}

#[test]
fn a_slip_in_a_table_is_named_as_the_tutorial_says() {
    let project = Project::minimal();
    let arrests = "data/countries/XXA/arrests.csv";
    project.write(arrests, &project.read(arrests).replacen("arrested", "arested", 1));
    let run = project.run(&["check"]);
    assert!(run.code == 1 && run.stdout.contains("did you mean `arrested`?"), "{}{}", run.stdout, run.stderr);
}

/// Every page is in the book, and the book names no other.
#[test]
fn the_book_holds_every_page() {
    let docs = Path::new(REPOSITORY).join("docs");
    let summary = fs::read_to_string(docs.join("SUMMARY.md")).expect("the table of contents");
    let listed: std::collections::BTreeSet<&str> =
        summary.split("](").skip(1).filter_map(|rest| rest.split(')').next()).collect();
    let there: Vec<String> =
        crate::project::files(&docs).into_iter().filter(|path| path.ends_with(".md") && path != "SUMMARY.md").collect();
    assert_eq!(listed, there.iter().map(String::as_str).collect(), "docs/SUMMARY.md");
}
