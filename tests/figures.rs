//! `figures`: figures found by words in any language, each with a call that prose can copy; no number that is not released.

use serde_json::Value;

use crate::project::{Project, Run};

fn lines(run: &Run) -> Vec<&str> {
    assert_eq!(run.code, 0, "{}", run.stderr);
    run.stdout.lines().collect()
}

#[test]
fn a_figure_is_listed_with_its_call_its_number_and_how_many_sources_it_has() {
    let run = Project::minimal().run(&["figures", "arrested", "2023"]);
    let expected = "XXA/persons_arrested:2023  #n(\"persons_arrested\", year: 2023)  41 persons · Persons arrested · 2023 · 1 source";
    assert!(lines(&run).contains(&expected), "{}", run.stdout);
}

#[test]
fn words_are_found_in_every_language_without_case_and_accents() {
    let project = Project::series();
    let found = |words: &[&str]| project.run(&[&["figures"], words].concat());
    let thailand = found(&["repatriated", "THAILAND", "2017", "--country", "KHM"]);
    let call = "#n(\"repatriated\", year: 2017, from_country: \"THA\")";
    assert!(lines(&thailand).iter().any(|line| line.contains(call)), "{}", thailand.stdout);
    // In French, and in Lao; what is shown is in the language that is asked for.
    let french = found(&["thailande", "rentrées", "2017", "--country", "KHM", "--language", "fr"]);
    assert!(lines(&french).iter().any(|line| line.contains(call) && line.contains("Thaïlande")), "{}", french.stdout);
    let lao = found(&["ໄທ", "repatriated:2017", "--country", "KHM"]);
    assert!(lines(&lao).iter().any(|line| line.contains(call)), "{}", lao.stdout);
    assert!(lines(&lao).iter().all(|line| line.starts_with("KHM/")), "only the country asked for");
}

#[test]
fn every_call_that_is_listed_binds_in_prose() {
    let project = Project::minimal();
    let calls: Vec<String> = lines(&project.run(&["figures"]))
        .iter()
        .filter_map(|line| line.split("  ").nth(1).map(|call| format!("{call} persons.#src()\n\n")))
        .collect();
    assert!(calls.len() > 3, "{calls:?}");
    let file = "data/countries/XXA/narrative/en/prosecution.typ";
    project.write(file, &format!("{}\n{}", project.read(file), calls.concat()));
    let check = project.run(&["check", "--format", "short"]);
    assert_eq!(check.code, 0, "{}", check.stdout);
}

#[test]
fn what_is_not_found_is_an_error_with_the_nearest_word() {
    let project = Project::minimal();
    for (arguments, code, hint) in [
        (&["arested"][..], 1, "did you mean `arrested`?"),
        (&["persons", "xylophone"], 1, "`xylophone` is in no id, no title and no name of a place"),
        (&["--country", "XXB"], 2, "the project has `XXA`"),
        (&["--language", "zz"], 2, "the project has no language `zz`"),
    ] {
        let run = project.run(&[&["figures"], arguments].concat());
        assert_eq!((run.code, run.stdout.as_str()), (code, ""), "{arguments:?}: {}", run.stderr);
        assert!(run.stderr.contains(hint), "`{hint}` is missing:\n{}", run.stderr);
    }
}

#[test]
fn as_json_a_figure_has_a_number_or_a_state() {
    let run = Project::minimal().run(&["figures", "--format", "json"]);
    let json: Value = serde_json::from_str(&run.stdout).expect("JSON");
    let figures = json["figures"].as_array().expect("a list");
    assert!(
        figures.iter().any(|figure| figure["id"] == "XXA/persons_arrested:2023" && figure["display"] == "41 persons")
    );
    assert!(figures.iter().all(|figure| figure["display"].is_string() != figure["state"].is_string()));
}

#[test]
fn of_a_register_no_number_is_printed_before_its_release() {
    let project = Project::named("register");
    let run = project.run(&["figures", "--country", "XXA"]);
    let own: Vec<&str> = lines(&run).into_iter().filter(|line| line.contains("not released yet")).collect();
    assert!(!own.is_empty(), "{}", run.stdout);
    let json = project.run(&["figures", "--format", "json"]);
    assert_eq!(json.stdout.matches("not released yet").count(), own.len(), "the same in JSON");
}
