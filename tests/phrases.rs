//! What prose says of two figures together: changes, shares, ranges, trends and words, and ratios that an indicator
//! declares. Each is read back from the PDF and from `figures.json`.

use std::fs;

use serde_json::Value;

use crate::project::Project;

const PROSE: &str = "data/countries/XXA/narrative/en/prosecution.typ";

/// The text of the brief, and its figures.
fn built(project: &Project) -> (String, Value) {
    project.build();
    let pdf = fs::read(project.path("output/XXA/en/brief.pdf")).expect("the brief is there");
    let runs = tipbrief::document::trace::pages(&pdf).expect("the PDF can be read").concat();
    let json = serde_json::from_str(&project.read("output/XXA/figures.json")).expect("JSON");
    (runs.join(" ").split_whitespace().collect::<Vec<_>>().join(" "), json)
}

fn figure<'j>(json: &'j Value, id: &str) -> &'j Value {
    let figures = json["figures"].as_array().expect("figures");
    figures.iter().find(|figure| figure["id"] == id).unwrap_or_else(|| panic!("{id} is not in figures.json"))
}

fn with_prose(prose: &str) -> (String, Value) {
    let project = Project::minimal();
    project.write(PROSE, &format!("= Arrests\n\n{prose}\n"));
    built(&project)
}

#[test]
fn a_sentence_is_completed_by_the_data() {
    let (text, _) = with_prose("Arrests #trend(\"persons_arrested\", from: 2021, to: 2023).#src()");
    assert!(text.contains("Arrests rose from 30 in 2021 to 41 in 2023"), "{text}");
    let (text, _) = with_prose("Arrests #trend(\"persons_arrested\", from: 2021, to: 2022).#src()");
    assert!(text.contains("Arrests fell from 30 in 2021 to 0 in 2022"), "{text}");
}

#[test]
fn a_comparison_across_sources_has_a_note() {
    let note = "the two numbers come from different sources";
    for call in
        ["#trend(\"persons_arrested\", from: 2021, to: 2023)", "#change(\"persons_arrested\", year: 2023, since: 2021)"]
    {
        let (text, _) = with_prose(&format!("Arrests {call}.#src()"));
        assert!(text.contains(&format!("Persons arrested, 2021 and 2023: {note}")), "{text}");
    }
    let (text, _) = with_prose("Arrests #trend(\"persons_arrested\", from: 2021, to: 2022).#src()");
    assert!(!text.contains(note), "one source gives both: {text}");
}

#[test]
fn a_change_is_a_figure_of_its_own() {
    let (text, json) = with_prose("They were #change(\"persons_arrested\", year: 2023, since: 2021).#src()");
    assert!(text.contains("They were 11 more"), "{text}");
    let change = figure(&json, "XXA/persons_arrested:2023:change=2021");
    assert_eq!(
        (&change["value"], &change["unit"], &change["status"]),
        (&11.into(), &"persons".into(), &"derived".into())
    );
    assert_eq!(change["rule"], "change since");
    let rows = ["data/countries/XXA/arrests.csv:4", "data/countries/XXA/arrests.csv:2"];
    assert_eq!(change["rows"], Value::from(rows.to_vec()), "both rows are behind it");
}

#[test]
fn a_share_prints_its_whole() {
    let (text, json) =
        with_prose("Of them #share(\"victims_identified\", year: 2023, sex: \"female\") were female.#src()");
    assert!(text.contains("Of them 68 per cent of 40 were female"), "{text}");
    let share = figure(&json, "XXA/victims_identified:2023:sex=female:share=sex");
    assert_eq!((&share["value"], &share["unit"], &share["rule"]), (&68.into(), &"percent".into(), &"share of".into()));
}

#[test]
fn an_unknown_is_in_no_denominator_and_a_small_base_is_marked() {
    let project = Project::minimal();
    let table = "data/countries/XXA/victims.csv";
    let rows = "2021,identified,female,total,4,,police_2024,\n2021,identified,male,total,8,,police_2024,\n2021,identified,unknown,total,3,,police_2024,\n";
    project.write(table, &format!("{}{rows}", project.read(table)));
    project.write(
        PROSE,
        "= Arrests\n\nOf them #share(\"victims_identified\", year: 2021, sex: \"female\") were female.#src()\n",
    );
    let (text, json) = built(&project);
    assert!(text.contains("Of them 33 per cent° of 12 were female"), "{text}");
    assert!(text.contains("A share of so few"), "the mark is explained: {text}");
    assert_eq!(figure(&json, "XXA/victims_identified:2021:sex=female:share=sex")["value"], 33);
}

#[test]
fn what_is_withheld_withholds_what_is_made_of_it() {
    let project = Project::minimal();
    project.replace("data/countries/XXA/arrests.csv", "2021,arrested,total,30", "2021,arrested,total,x");
    project.write(PROSE, "= Arrests\n\nA change: #change(\"persons_arrested\", year: 2023, since: 2021, or_state: true).#src() A trend: #trend(\"persons_arrested\", from: 2021, to: 2023, or_state: true).#src() Nothing: #n(\"persons_arrested\", year: 2010, or_state: true).#src()\n");
    let (text, json) = built(&project);
    for expected in ["A change: withheld.", "A trend: withheld.", "Nothing: not reported."] {
        assert!(text.contains(expected), "`{expected}` is due: {text}");
    }
    let change = figure(&json, "XXA/persons_arrested:2023:change=2021");
    assert_eq!((&change["value"], &change["status"]), (&Value::Null, &"withheld".into()));
}

#[test]
fn a_number_withheld_under_a_bound_is_written_in_words() {
    let project = Project::minimal();
    project.replace("data/countries/XXA/arrests.csv", "2021,arrested,total,30", "2021,arrested,total,<5");
    let sentence = "#n(\"persons_arrested\", year: 2021), #words(\"persons_arrested\", year: 2021).#src()";
    project.write(PROSE, &format!("= Arrests\n\n{sentence}\n"));
    let (text, json) = built(&project);
    assert!(text.contains("fewer than five, fewer than five"), "{text}");
    let few = figure(&json, "XXA/persons_arrested:2021");
    assert_eq!((&few["value"], &few["status"]), (&Value::Null, &"withheld".into()));
}

#[test]
fn numbers_are_written_in_words_as_far_as_the_language_goes() {
    let project = Project::minimal();
    project.replace("data/countries/XXA/arrests.csv", "2021,arrested,total,30", "2021,arrested,total,7");
    project.write(PROSE, "= Arrests\n\nThere were #words(\"persons_arrested\", year: 2021), #words(\"persons_arrested\", year: 2022) and #words(\"persons_arrested\", year: 2023), between #range(\"persons_arrested\", from: 2021, to: 2023).#src() Women: #words(\"persons_arrested\", year: 2023, sex: \"female\").#src()\n");
    let (text, _) = built(&project);
    for expected in ["There were seven, zero and 41, between 0 to 41.", "Women: at least twelve."] {
        assert!(text.contains(expected), "`{expected}` is due: {text}");
    }
}

#[test]
fn a_ratio_is_computed_from_released_figures() {
    let project = Project::minimal();
    let ratio = "title = \"Women per hundred arrested\"\nshort = \"Women\"\ndescription = \"Women among a hundred persons arrested.\"\nunit = \"percent\"\norder = 5\n\n[ratio]\nof = \"persons_arrested:sex=female\"\nto = \"persons_arrested\"\n";
    project.write("data/indicators/prosecution/women_arrested.toml", ratio);
    project.write(PROSE, "= Arrests\n\nOf a hundred, #n(\"women_arrested\", year: 2023) were women.#src()\n");
    let (text, json) = built(&project);
    assert!(text.contains("Of a hundred, at least 29.3 were women"), "{text}");
    let ratio = figure(&json, "XXA/women_arrested:2023");
    assert_eq!((&ratio["rule"], &ratio["qualifier"]), (&"ratio of".into(), &"at_least".into()));
}

#[test]
fn a_range_names_the_years_that_it_leaves_out() {
    let project = Project::minimal();
    let rows = "2017,arrested,total,18,,yearbook_2023,\n2018,arrested,total,x,,yearbook_2023,\n2019,arrested,total,<5,,yearbook_2023,\n";
    let table = "data/countries/XXA/arrests.csv";
    project.write(table, &format!("{}{rows}", project.read(table)));
    let range = |from, to| format!("#range(\"persons_arrested\", from: {from}, to: {to}, or_state: true)");
    let sentences = format!(
        "Part: {}.#src() Whole: {}.#src() None: {}.#src()",
        range(2016, 2023),
        range(2021, 2023),
        range(2018, 2019)
    );
    project.write(PROSE, &format!("= Arrests\n\n{sentences}\n"));
    let (text, _) = built(&project);
    for expected in
        ["Part: 0 to 41 (not reported: 2016, 2020; withheld: 2018–19).", "Whole: 0 to 41.", "None: withheld."]
    {
        assert!(text.contains(expected), "`{expected}` is due: {text}");
    }
}
