//! Sentences that would mislead, caught by `check`: a change that jumps over a withheld year, an edition that a neighbour has left behind.

use crate::project::Project;

/// What `check` says, in its short form.
fn told(project: &Project) -> String {
    let told = project.run(&["check", "--format", "short"]);
    format!("{}{}", told.stdout, told.stderr)
}

#[test]
fn a_trend_over_a_withheld_year_is_warned_of() {
    let project = Project::series_of("LAO", &["en"]);
    let file = "data/countries/LAO/narrative/en/protection.typ";
    let line = "\n\nIn Thailand they #trend(\"identified_abroad\", from: 2020, to: 2022, found_in: \"THA\").#src()\n";
    project.write(file, &(project.read(file) + line));
    let text = told(&project);
    let expected = "warning[series-break]: `identified_abroad` is withheld for 2021, between the two periods";
    assert!(text.contains(expected), "{text}");
    project.write(file, &project.read(file).replace("from: 2020", "from: 2019").replace("to: 2022", "to: 2020"));
    assert!(!told(&project).contains("is withheld for"), "nothing is withheld from 2019 to 2020");
}

#[test]
fn an_index_whose_later_edition_a_neighbour_has_is_stale() {
    let project = Project::series();
    assert!(!told(&project).contains("the tables of KHM have it"));
    let file = "data/countries/KHM/indices.csv";
    project.write(file, &(project.read(file) + "LAO,2026,oc_human_trafficking,8.50,score,,world_bank_population,\n"));
    let expected = "the prose gives `oc_human_trafficking` of LAO up to 2025; the tables of KHM have it for 2026";
    let text = told(&project);
    assert!(text.contains("data/countries/LAO/narrative/en/") && text.contains(expected), "{text}");
}
