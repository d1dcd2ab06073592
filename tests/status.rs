//! `status`: what stands of each document, and what is left to do. It prints no number.

use serde_json::Value;

use crate::project::{Project, Run};

fn said(project: &Project) -> Run {
    let run = project.run(&["status"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{}", run.stdout);
    run
}

fn holds(project: &Project, wanted: &[&str]) {
    let run = said(project);
    for text in wanted {
        assert!(run.stdout.contains(text), "`{text}` is missing in\n{}", run.stdout);
    }
}

#[test]
fn a_document_is_not_built_then_as_built_then_stale() {
    let project = Project::minimal();
    holds(&project, &["(XXA)\n", "brief  not built\n"]);
    project.build();
    holds(&project, &["brief  as built\n"]);
    project.replace("data/countries/XXA/arrests.csv", "2022,arrested,total,0", "2022,arrested,total,1");
    holds(&project, &["brief  stale: inputs changed: the chart `justice`"]);
    project.replace("data/countries/XXA/arrests.csv", "2022,arrested,total,1", "2022,arrested,total,0");
    holds(&project, &["brief  as built\n"]);
    project.write("output/XXA/en/brief.pdf", "%PDF-1.7 edited by hand");
    holds(&project, &["brief  stale: output was missing or edited"]);
}

#[test]
fn a_figure_that_is_new_and_in_no_prose_is_named_until_it_is_built() {
    let project = Project::minimal();
    project.build();
    let file = "data/countries/XXA/arrests.csv";
    project.write(file, &format!("{}2020,arrested,total,17,,police_2024,\n", project.read(file)));
    holds(&project, &["new since the last build, and in no prose:\n    XXA/persons_arrested:2020\n"]);
    let prose = "data/countries/XXA/narrative/en/prosecution.typ";
    let call = "\n\nIn #lit[2020] it was #n(\"persons_arrested\", year: 2020) persons.#src()\n";
    let before = project.read(prose);
    project.write(prose, &(before.clone() + call));
    assert!(!said(&project).stdout.contains("persons_arrested:2020"), "prose names it");
    project.write(prose, &before);
    project.build();
    assert!(!said(&project).stdout.contains("persons_arrested:2020"), "it is published");
}

#[test]
fn prose_that_is_missing_or_not_written_is_named() {
    let project = Project::begun(&["--country", "THA", "--language", "en", "--language", "fr"]);
    let json = project.run(&["status", "--format", "json"]);
    assert_eq!(json.code, 0, "{}", json.stderr);
    let json: Value = serde_json::from_str(&json.stdout).expect("JSON");
    let english = &json["countries"][0]["languages"][0];
    assert!(english["unwritten"].as_array().is_some_and(|all| !all.is_empty()), "{json:#}");
    let draft = &english["documents"][0]["draft"];
    assert!(
        draft.as_array().is_some_and(|all| all.iter().any(|why| why == "some of its prose is not written yet")),
        "{json:#}"
    );
    let other = Project::series_of("LAO", &["en", "fr"]);
    std::fs::remove_file(other.path("data/countries/LAO/narrative/fr/protection.typ")).expect("there is a text");
    let run = other.run(&["status"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stdout.contains("no prose for: protection\n"), "{}", run.stdout);
}

#[test]
fn years_of_a_register_that_are_not_released_are_named_without_a_number() {
    let project = Project::named("register");
    let run = said(&project);
    let line = run.stdout.lines().find(|line| line.contains("not released: ")).unwrap_or_default();
    assert!(line.contains("202"), "{}", run.stdout);
    assert!(run.stdout.contains("draft: numbers of a register are not released"), "{}", run.stdout);
    project.build();
    assert_eq!(project.run(&["release", "2024"]).code, 0);
    assert!(!said(&project).stdout.contains("not released"), "all are released");
}

#[test]
fn an_error_in_data_is_no_error_of_status_and_one_in_a_declaration_is() {
    let project = Project::minimal();
    project.replace("data/countries/XXA/arrests.csv", "2022,arrested,", "2022,arested,");
    let run = project.run(&["status"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stdout.contains("has errors: `tipbrief check` names them"), "{}", run.stdout);
    assert!(run.stdout.contains("brief  cannot be built"), "{}", run.stdout);
    project.replace("data/report.toml", "issue = \"2024\"", "issue = \"soon\"");
    let run = project.run(&["status"]);
    assert_eq!(run.code, 1, "{}", run.stdout);
    assert!(run.stderr.contains("data/report.toml"), "{}", run.stderr);
}
