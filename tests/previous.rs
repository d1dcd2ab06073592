//! The page "Changes and corrections": there where a previous snapshot is declared, and made from what is kept of it.

use std::fs;

use crate::pdf;
use crate::project::{Project, copy};

const ARRESTS: &str = "data/countries/XXA/arrests.csv";
const VICTIMS: &str = "data/countries/XXA/victims.csv";
const REPORT: &str = "data/report.toml";

/// Keeps what a build wrote, as `just keep 2023` does, and declares it.
fn keep(project: &Project) {
    project.build();
    for file in ["figures.json", "tables/datapackage.json"] {
        project.write(&format!("data/snapshots/2023/XXA/{file}"), &project.read(&format!("output/XXA/{file}")));
    }
    project.replace(REPORT, "issue = \"2024\"", "issue = \"2024\"\nprevious = \"2023\"");
}

/// The words of the brief, without any space.
fn brief(project: &Project) -> String {
    let document = pdf::open(project, "XXA/en/brief.pdf");
    let pages: Vec<u32> = document.get_pages().into_keys().collect();
    let text = document.extract_text(&pages).expect("the text of the brief can be read");
    text.split_whitespace().collect()
}

/// The part of the brief from its changes on.
fn changes(project: &Project) -> String {
    let text = brief(project);
    let at = text.rfind("Whatchangedsince").unwrap_or_else(|| panic!("the page of changes is in the brief:\n{text}"));
    text[at..].to_owned()
}

#[test]
fn the_page_tells_corrections_apart_from_new_periods() {
    let project = Project::minimal();
    keep(&project);
    project.replace(
        ARRESTS,
        "2021,arrested,total,30,",
        "2020,arrested,total,7,,yearbook_2023,\n2021,arrested,total,33,",
    );
    project.write(ARRESTS, &(project.read(ARRESTS) + "2024,arrested,total,50,,police_2024,\n"));
    project.build();
    let text = changes(&project);
    let order = [
        "Whatchangedsincethe2023edition",
        "Correctionsofpastperiods",
        "Arrested,persons20213033Corrected,byusorbythesource",
        "Addedforpastperiods",
        "Arrested,persons20207Figurefound",
        "Newperiods",
        "Arrested,persons202450",
        "Notesonthedata",
    ];
    let places: Vec<Option<usize>> = order.iter().map(|words| text.find(words)).collect();
    assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{places:?} in:\n{text}");
    let printed: serde_json::Value = serde_json::from_str(&project.read("output/XXA/figures.json")).expect("JSON");
    let of = |id: &str| printed["figures"].as_array().into_iter().flatten().find(|figure| figure["id"] == id).cloned();
    let found = of("XXA/persons_arrested:2020").expect("the figure is released");
    assert_eq!(found["printed"][0], "en/brief.pdf", "what the page prints is printed");
}

#[test]
fn without_a_previous_snapshot_there_is_no_page() {
    let project = Project::minimal();
    project.build();
    assert!(!brief(&project).contains("Changesandcorrections"));
    // A country that the previous snapshot did not hold has none either.
    keep(&project);
    fs::rename(project.path("data/snapshots/2023/XXA"), project.path("data/snapshots/2023/XXB")).expect("it moves");
    project.build();
    assert!(!brief(&project).contains("Changesandcorrections"));
}

#[test]
fn that_nothing_changed_is_printed_too() {
    let project = Project::minimal();
    keep(&project);
    project.build();
    assert!(changes(&project).contains("Nofigurediffersfromthe2023edition."));
}

#[test]
fn a_new_definition_is_listed_though_no_number_changed() {
    let project = Project::minimal();
    keep(&project);
    let definition = "data/indicators/prosecution/persons_arrested.toml";
    project.replace(definition, "on suspicion of trafficking in persons", "by the police");
    project.build();
    let text = changes(&project);
    assert!(text.contains("Definedinanotherwaythanbefore:Personsarrested."), "{text}");
    assert!(!text.contains("Nofigurediffers") && !text.contains("Correctionsofpastperiods"), "{text}");
}

#[test]
fn the_page_does_not_say_again_what_is_withheld() {
    let project = Project::minimal();
    project.replace(VICTIMS, "male,0-17,3,", "male,0-17,888,");
    project.replace(VICTIMS, "male,18+,10,", "male,18+,999,");
    project.replace(VICTIMS, "2022,identified,total,total,..", "2022,identified,total,total,5");
    keep(&project);
    project.replace(VICTIMS, "male,0-17,888,", "male,0-17,x,");
    project.replace(VICTIMS, "male,18+,999,", "male,18+,1000,");
    project.build();
    let text = brief(&project);
    assert!(text.contains("Nolongerprinted") && text.contains("notrepeated"), "{text}");
    for number in ["888", "999", "1887", "1,887"] {
        assert!(!text.contains(number), "{number} is printed again:\n{text}");
    }
}

#[test]
fn what_is_kept_is_an_input_and_the_same_inputs_give_the_same_bytes() {
    let project = Project::minimal();
    keep(&project);
    project.replace(ARRESTS, "2021,arrested,total,30,", "2021,arrested,total,33,");
    project.build();
    let (brief, manifest) = (fs::read(project.path("output/XXA/en/brief.pdf")), project.read("output/manifest.json"));
    assert!(manifest.contains("\"data/snapshots/2023/XXA/figures.json\""), "the manifest names it:\n{manifest}");
    let other = Project::minimal();
    copy(&project.path("data"), &other.path("data"));
    other.build();
    assert_eq!(brief.expect("a brief"), fs::read(other.path("output/XXA/en/brief.pdf")).expect("a brief"));
    assert_eq!(manifest, other.read("output/manifest.json"));
    let kept = "data/snapshots/2023/XXA/figures.json";
    project.write(kept, &project.read(kept).replacen("\"value\": 30", "\"value\": 31", 1));
    project.build();
    assert!(changes(&project).contains("20213133"), "another past, another page");
}

#[test]
#[cfg(unix)]
fn a_snapshot_is_no_link_out_of_the_project() {
    let (project, other) = (Project::minimal(), Project::minimal());
    keep(&project);
    fs::create_dir_all(other.path("data/snapshots")).expect("a folder");
    std::os::unix::fs::symlink(project.path("data/snapshots/2023"), other.path("data/snapshots/2023")).expect("a link");
    other.replace(REPORT, "issue = \"2024\"", "issue = \"2024\"\nprevious = \"2023\"");
    let run = other.run(&["check", "--format", "short"]);
    assert_eq!(run.code, 1);
    let expected = "data/snapshots/2023:1:1: error[path-error]: `2023` is not read: it leads out of the project\n";
    assert_eq!(run.stdout, expected, "the link itself is named, once");
}
