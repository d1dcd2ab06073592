//! Every number on paper traces: what a PDF prints is a figure or a literal of `figures.json`, a year or a page number.

use std::collections::BTreeSet;
use std::fs;

use serde_json::Value;
use tipbrief::project::text::numerals;

use crate::article;
use crate::project::Project;

/// Every numeral that `figures.json` of a country backs in a document.
fn backed(project: &Project, country: &str, document: &str) -> BTreeSet<String> {
    let json: Value = serde_json::from_str(&project.read(&format!("output/{country}/figures.json"))).expect("JSON");
    let list = |key: &str| json[key].as_array().cloned().unwrap_or_default();
    let printed =
        |entry: &Value| entry["printed"].as_array().is_some_and(|all| all.iter().any(|path| path == document));
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let mut texts = Vec::new();
    for figure in list("figures").iter().filter(|figure| printed(figure)) {
        texts.push(text(&figure["display"]["en"]));
        let others = figure["alternatives"].as_array().cloned().unwrap_or_default();
        texts.extend(others.iter().map(|other| text(&other["value"])));
    }
    texts.extend(list("literals").iter().filter(|literal| printed(literal)).map(|literal| text(&literal["text"])));
    texts.iter().flat_map(|text| numerals(text)).map(|numeral| numeral.replace(',', "")).collect()
}

/// The numerals of a PDF that nothing backs, with their pages.
fn strays(project: &Project, country: &str, document: &str) -> Vec<String> {
    let backed = backed(project, country, document);
    let pdf = fs::read(project.path(&format!("output/{country}/{document}"))).expect("the document is there");
    let mut strays = Vec::new();
    for (at, runs) in tipbrief::document::trace::pages(&pdf).expect("the PDF can be read").into_iter().enumerate() {
        for run in runs.iter().filter(|run| run.trim() != (at + 1).to_string()) {
            let year = |numeral: &str| numeral.len() == 4 && (numeral.starts_with("19") || numeral.starts_with("20"));
            let stray = |numeral: &&str| !year(numeral) && !backed.contains(&numeral.replace(',', ""));
            strays.extend(numerals(run).filter(stray).map(|numeral| format!("page {}: {numeral} in {run}", at + 1)));
        }
    }
    strays
}

#[test]
fn every_number_of_the_series_is_backed() {
    let project = article::series();
    for document in ["en/brief.pdf", "en/annex.pdf", "en/donor-summary.pdf"] {
        assert_eq!(strays(project, "LAO", document), Vec::<String>::new(), "{document} prints what nothing backs");
    }
}

#[test]
fn the_text_of_a_document_is_read_whole() {
    let project = article::series();
    let pdf = fs::read(project.path("output/LAO/en/annex.pdf")).expect("the record is there");
    let pages = tipbrief::document::trace::pages(&pdf).expect("the PDF can be read");
    let numbers = pages.iter().flatten().flat_map(|run| numerals(run)).count();
    assert!(pages.len() > 10 && numbers > 1000, "{} pages hold {numbers} numerals", pages.len());
    let words: String = pages.concat().join(" ");
    assert!(
        words.contains("Persons arrested") && words.contains("on suspicion of trafficking in persons"),
        "words are whole"
    );
}

#[test]
fn a_number_in_a_template_cannot_reach_paper() {
    let project = Project::minimal();
    let template = project.read("templates/brief.typ");
    project.write("templates/brief.typ", &format!("{template}\nIn all, 4711 were freed.\n"));
    let run = project.run(&["build", "--format", "short"]);
    let expected = "templates/brief.typ:1:1: error[unbound-number]: page 4 prints `4711`, which belongs to no figure and no literal";
    assert!(run.code == 1 && run.stderr.contains(expected), "exit {}: {}", run.code, run.stderr);
    assert!(!project.path("output/XXA").exists(), "nothing is published");
}

#[test]
fn a_digit_changed_by_hand_stops_the_build_at_that_digit() {
    let project = Project::series_of("LAO", &["en"]);
    let prose = "data/countries/LAO/narrative/en/protection.typ";
    project.replace(prose, "in rehabilitation centres in Thailand", "in 2 rehabilitation centres in Thailand");
    let text = project.read(prose);
    let at = text.find("in 2 rehabilitation").expect("the change is there") + 3;
    let (line, column) =
        (text[..at].matches('\n').count() + 1, text[..at].rsplit('\n').next().unwrap_or("").chars().count() + 1);
    let run = project.run(&["build", "--format", "short"]);
    let expected = format!("{prose}:{line}:{column}: error[unbound-number]: ");
    assert!(run.code == 1 && run.stderr.contains(&expected), "{expected} is due; exit {}: {}", run.code, run.stderr);
}

/// Builds the minimal project with more in its template, or in its prose; the finding must be a fault of the page.
fn cut(file: &str, more: &str) -> String {
    let project = Project::minimal();
    project.write(file, &format!("{}\n{more}\n", project.read(file)));
    let run = project.run(&["build", "--format", "short"]);
    assert_eq!(run.code, 1, "{more}: {}", run.stderr);
    assert!(!project.path("output/XXA").exists(), "nothing is published");
    let faults: Vec<&str> = run.stderr.lines().filter(|line| line.contains("error[off-page]")).collect();
    assert!(!faults.is_empty(), "{more}: {}", run.stderr);
    faults.join("\n")
}

#[test]
fn text_that_a_reader_does_not_see_whole_stops_the_build() {
    let template = "templates/brief.typ";
    for more in [
        "#place(dx: 175mm, box(width: 60mm)[beyond the right edge])",
        "#place(dx: -40mm)[beyond the left edge]",
        "#place(top, dy: -60mm)[beyond the upper edge]",
        "#place(dx: 5mm, box(width: 9mm, height: 5mm, clip: true, box(width: 40mm)[cut by a box]))",
        "#place(top, dy: 400mm)[beyond the lower edge]",
        "#place(rotate(90deg, box(width: 600mm)[turned and too long, #h(1fr) with its end beyond the page]))",
    ] {
        let finding = cut(template, more);
        assert!(finding.starts_with("templates/brief.typ:1:1: error[off-page]: page "), "{finding}");
    }
    let word = "counter".repeat(30);
    let finding = cut("data/countries/XXA/narrative/en/prosecution.typ", &format!("One {word} word."));
    assert!(finding.starts_with("data/countries/XXA/narrative/en/prosecution.typ:"), "{finding}");
    assert!(finding.contains("of XXA/en/brief.pdf"), "it names the document: {finding}");
}

#[test]
fn text_that_is_seen_whole_stops_nothing() {
    let project = Project::minimal();
    let template = project.read("templates/brief.typ");
    let more = [
        "#place(dx: 5mm, box(width: 40mm, height: 5mm, clip: true)[whole in its box])",
        "#place(rotate(90deg)[turned])",
        "#place(dx: -10mm)[into the margin]",
        "#scale(50%, reflow: true)[made small]",
        "#hide[hidden]",
    ];
    project.write("templates/brief.typ", &format!("{template}\n{}\n", more.join("\n")));
    project.build();
}
