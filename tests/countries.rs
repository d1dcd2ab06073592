//! A country is its folder: what another country's documents and tables say does not depend on it.

use std::collections::BTreeMap;
use std::fs;

use lopdf::Document;

use crate::article;
use crate::pdf;
use crate::project::{Project, files};

/// Every file of the first country by path: PDFs page by page as text, since each carries a checksum of all inputs.
fn first(project: &Project) -> BTreeMap<String, Vec<u8>> {
    let folder = project.path("output/LAO");
    let text = |path: &String| {
        let document: Document = pdf::open(project, &format!("LAO/{path}"));
        let pages = document.get_pages();
        let contents = pages.values().map(|page| document.get_page_content(*page));
        contents.collect::<Vec<_>>().concat()
    };
    let read = |path: &String| {
        if path.ends_with(".pdf") { text(path) } else { fs::read(folder.join(path)).expect("a file of the output") }
    };
    files(&folder).into_iter().map(|path| (path.clone(), read(&path))).collect()
}

#[test]
fn a_second_country_is_added_by_its_folder_alone() {
    let project = Project::series_of("LAO", &["en", "lo", "fr"]);
    project.build();
    let alone = first(&project);
    assert!(alone.len() > 20 && !project.path("output/KHM").exists());

    let project = article::series();
    let together = first(project);
    let paths = |files: &BTreeMap<String, Vec<u8>>| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(paths(&alone), paths(&together));
    let differing: Vec<&String> = alone.keys().filter(|path| alone[*path] != together[*path]).collect();
    assert_eq!(differing, Vec::<&String>::new(), "the second country changed the first");
    for document in ["brief", "donor-summary"] {
        assert!(project.path(&format!("output/KHM/en/{document}.pdf")).is_file());
    }
}

#[test]
fn what_nothing_is_known_of_is_neither_drawn_nor_printed() {
    let output = article::series().path("output/KHM");
    let drawn = files(&output).into_iter().filter(|path| path.ends_with(".svg"));
    for path in drawn {
        let chart = fs::read_to_string(output.join(&path)).expect("a chart");
        let numerals = chart.split("<text").skip(1).count();
        assert!(numerals > 2, "{path} is an empty chart");
    }
    let figures = article::series().read("output/KHM/figures.json");
    assert!(!figures.contains("KHM/zone_people_rescued"), "a measure of another country");
}

#[test]
fn every_donor_summary_has_two_pages() {
    for country in ["LAO", "KHM"] {
        let document = pdf::open(article::series(), &format!("{country}/en/donor-summary.pdf"));
        assert_eq!(document.get_pages().len(), 2, "{country}");
    }
}

/// The words of the second country's donor summary.
fn words(project: &Project) -> String {
    let document = pdf::open(project, "KHM/en/donor-summary.pdf");
    let pages: Vec<u32> = document.get_pages().keys().copied().collect();
    let text = document.extract_text(&pages).expect("the text can be read");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn a_part_of_a_year_is_compared_with_the_same_part_of_another() {
    let text = words(article::series());
    for expected in ["Persons arrested, January to June 2025", "January to June 2024: 134"] {
        assert!(text.contains(expected), "`{expected}` is among the key figures:\n{text}");
    }
}

#[test]
fn a_country_chooses_its_key_figures_and_their_order() {
    let project = Project::series_of("KHM", &["en"]);
    let declaration = "data/countries/KHM/country.toml";
    let declared = project.read(declaration);
    let choosing = |ids: &str| format!("key_figures = [{ids}]\n{declared}");
    project.write(declaration, &choosing(r#""persons_prosecuted", "victims_rescued""#));
    project.build();
    let text = words(&project);
    let head = &text[..text.find("WHAT IS ASKED").or_else(|| text.find("What is asked")).unwrap_or(text.len())];
    let at = |name: &str| head.find(name).unwrap_or_else(|| panic!("`{name}` is a key figure:\n{head}"));
    assert!(at("Persons prosecuted") < at("Victims rescued"), "{head}");
    assert!(!head.contains("Victims identified"), "{head}");
    project.write(declaration, &choosing(r#""persons_prosecutd""#));
    let report = project.run(&["check", "--format", "short"]);
    let report = report.stdout + &report.stderr;
    assert!(report.contains("there is no indicator `persons_prosecutd`"), "{report}");
}

#[test]
fn no_change_is_read_across_a_break_that_a_country_declares() {
    let project = Project::series_of("KHM", &["en"]);
    project.replace("data/countries/KHM/country.toml", "at = \"2021\"", "at = \"2025\"");
    project.build();
    let text = words(&project);
    assert!(text.contains("Persons arrested, January to June 2025") && !text.contains("from 134"), "{text}");
}

#[test]
fn rows_too_many_for_a_chart_are_left_out_and_reported() {
    let pages = tipbrief::document::trace::pages(
        &std::fs::read(article::series().path("output/KHM/en/brief.pdf")).expect("a brief"),
    );
    let text = pages.expect("the PDF can be read").concat().join(" ");
    assert!(text.contains("Further rows, whose counts are lower"), "{text}");
    let figures = article::series().read("output/KHM/figures.json");
    let figures: serde_json::Value = serde_json::from_str(&figures).expect("JSON");
    let least = figures["figures"].as_array().expect("figures").iter();
    let mut least = least.filter(|figure| figure["id"] == "KHM/repatriated:2014:from_country=SAU");
    let printed = least.next().expect("the least of the returns is released")["printed"].clone();
    let mut documents = printed.as_array().expect("documents").iter().filter_map(|path| path.as_str());
    assert!(documents.all(|path| path.ends_with("/annex.pdf")), "in the record alone: {printed}");
}
