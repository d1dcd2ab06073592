//! Parts and their wholes: a share, and a row of parts, stand on what one source says, never on two that count different
//! people.

use std::fs;

use serde_json::Value;

use crate::project::{Project, Run};

const PROSE: &str = "data/countries/XXA/narrative/en/prosecution.typ";
const ARRESTS: &str = "data/countries/XXA/arrests.csv";
const SHARE: &str = "XXA/persons_arrested:2023:sex=female:share=sex";

/// A project whose arrests of 2023 are these rows, with a share of them in its prose.
fn project(rows: &str) -> Project {
    let project = Project::minimal();
    let table = project.read(ARRESTS);
    let kept: Vec<&str> = table.lines().filter(|line| !line.starts_with("2023,")).collect();
    project.write(ARRESTS, &format!("{}\n{rows}", kept.join("\n")));
    project.write(
        PROSE,
        "= Arrests\n\nWomen were #share(\"persons_arrested\", year: 2023, sex: \"female\") arrested.#src()\n",
    );
    project
}

fn check(project: &Project) -> Run {
    project.run(&["check", "--format", "short"])
}

/// What `explain` knows of a figure that only prose computes; it needs no Typst.
fn explained(project: &Project, id: &str) -> Value {
    let mut command = project.command(&["explain", id, "--format", "json"]);
    let run = Run::of(command.env("TYPST", "/nonexistent/typst"));
    assert_eq!(run.code, 0, "{}", run.stderr);
    let json: Value = serde_json::from_str(&run.stdout).expect("JSON");
    json["figures"][0].clone()
}

fn sources(figure: &Value) -> Vec<&str> {
    let sources = figure["sources"].as_array().expect("sources");
    sources.iter().map(|source| source["id"].as_str().expect("an id")).collect()
}

#[test]
fn a_total_of_another_source_is_no_base() {
    let project = project("2023,arrested,total,95,,police_2024,\n2023,arrested,female,29,,yearbook_2023,\n");
    let run = check(&project);
    let due =
        format!("{PROSE}:3:13: error[unknown-figure]: the share has no total: `yearbook_2023`, which gives this part");
    assert!(run.code == 1 && run.stdout.contains(&due), "{}", run.stdout);
}

#[test]
fn the_base_is_the_total_of_the_parts_own_source() {
    let rows = "2023,arrested,total,95,,police_2024,\n2023,arrested,total,119,,yearbook_2023,\n2023,arrested,female,29,,yearbook_2023,\n";
    let project = project(rows);
    assert_eq!(check(&project).code, 0);
    let share = explained(&project, SHARE);
    assert_eq!(share["value"], 24, "29 of 119, not of 95");
    assert_eq!((sources(&share), &share["contested"]), (vec!["yearbook_2023"], &Value::Bool(false)));
}

#[test]
fn each_source_has_a_share_of_its_own() {
    let rows = "2023,arrested,total,95,,police_2024,\n2023,arrested,female,43,,police_2024,\n2023,arrested,total,119,,yearbook_2023,\n2023,arrested,female,81,,yearbook_2023,\n";
    let share = explained(&project(rows), SHARE);
    assert_eq!((&share["value"], &share["contested"]), (&45.into(), &true.into()), "43 of 95");
    let others = share["alternatives"].as_array().expect("alternatives");
    assert_eq!((others.len(), &others[0]["value"]), (1, &68.into()), "81 of 119, and no other");
    assert_eq!(sources(&others[0]), ["yearbook_2023"]);
}

#[test]
fn a_source_that_repeats_the_part_may_give_the_base() {
    let rows = "2023,arrested,female,29,,police_2024,\n2023,arrested,total,119,,yearbook_2023,\n2023,arrested,female,29,,yearbook_2023,\n";
    let share = explained(&project(rows), SHARE);
    assert_eq!((&share["value"], sources(&share)), (&24.into(), vec!["yearbook_2023"]));
    let rows = share["rows"].as_array().expect("rows").iter().map(|row| row["text"].as_str().unwrap_or_default());
    assert_eq!(rows.filter(|row| row.contains("yearbook_2023")).count(), 2, "both of its rows are named: {share}");
}

#[test]
fn a_whole_summed_of_complete_parts_is_of_their_source() {
    let rows = "2023,arrested,total,95,,police_2024,\n2023,arrested,female,29,,yearbook_2023,\n2023,arrested,male,71,,yearbook_2023,\n";
    let share = explained(&project(rows), SHARE);
    assert_eq!((&share["value"], sources(&share)), (&29.into(), vec!["yearbook_2023"]), "29 of 100, not of 95");
}

#[test]
fn unknowns_of_a_source_are_not_taken_from_another() {
    let unknown = "2023,arrested,unknown,19,,yearbook_2023,\n";
    let rows = format!(
        "2023,arrested,total,95,,police_2024,\n2023,arrested,total,119,,yearbook_2023,\n2023,arrested,female,29,,yearbook_2023,\n{unknown}"
    );
    let run = check(&project(&rows));
    assert!(run.code == 1 && run.stdout.contains("`yearbook_2023` counts some as `unknown`"), "{}", run.stdout);
    let share = explained(&project(&format!("{rows}2023,arrested,male,71,,yearbook_2023,\n")), SHARE);
    assert_eq!(share["value"], 29, "29 of 100 whose sex is known");
}

#[test]
fn a_ratio_of_a_part_to_its_whole_is_a_share() {
    let rows = "2023,arrested,total,95,,police_2024,\n2023,arrested,total,119,,yearbook_2023,\n2023,arrested,female,29,,yearbook_2023,\n";
    let project = project(rows);
    let ratio = "title = \"Women per hundred arrested\"\nshort = \"Women\"\ndescription = \"Women among a hundred persons arrested.\"\nunit = \"percent\"\norder = 5\n\n[ratio]\nof = \"persons_arrested:sex=female\"\nto = \"persons_arrested\"\n";
    project.write("data/indicators/prosecution/women_arrested.toml", ratio);
    let found = explained(&project, "XXA/women_arrested:2023");
    assert_eq!((found["value"].to_string().as_str(), &found["contested"]), ("24.4", &false.into()), "29 of 119");
}

/// The words of the brief on one line.
fn words(project: &Project) -> String {
    project.build();
    let pdf = fs::read(project.path("output/XXA/en/brief.pdf")).expect("the brief is there");
    let runs = tipbrief::document::trace::pages(&pdf).expect("the PDF can be read").concat();
    runs.join(" ").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The brief with a released table of arrests and women among them.
fn with_table(rows: &str) -> String {
    let project = project(rows);
    project.replace("data/indicators/prosecution/justice.toml", "order = 2\n", "order = 2\nreleased_table = true\n");
    project.write(PROSE, "= Arrests\n\n#released(\"justice\")[Arrests]\n");
    words(&project)
}

#[test]
fn a_row_is_of_the_total_above_only_where_one_source_gives_both() {
    let own = "2023,arrested,total,95,,police_2024,\n2023,arrested,female,29,,police_2024,\n";
    let text = with_table(own);
    assert!(text.contains("of which female"), "{text}");
    let other = "2023,arrested,total,95,,police_2024,\n2023,arrested,total,119,,yearbook_2023,\n2023,arrested,female,29,,yearbook_2023,\n";
    let text = with_table(other);
    assert!(!text.contains("of which") && text.contains("Arrested, female"), "a row of its own: {text}");
    let none = "2023,arrested,female,29,,police_2024,\n";
    let text = with_table(none);
    assert!(!text.contains("of which"), "there is no total of 2023: {text}");
}
