//! Late cases in print: in tables, notes, prose and data, and nowhere in a chart or an alternative text.

use serde_json::Value;

use crate::project::Project;

const ROWS: &str = "data/countries/XXA/register/victims.csv";
const PROSE: &str = "data/countries/XXA/narrative/en/protection.typ";

/// The text of the brief.
fn brief(project: &Project) -> String {
    let pdf = std::fs::read(project.path("output/XXA/en/brief.pdf")).expect("a brief");
    let runs = tipbrief::document::trace::pages(&pdf).expect("a PDF").concat().join(" ");
    runs.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn figure(project: &Project, id: &str) -> Value {
    let json: Value = serde_json::from_str(&project.read("output/XXA/figures.json")).expect("JSON");
    let figures = json["figures"].as_array().expect("figures");
    figures.iter().find(|figure| figure["id"] == id).unwrap_or_else(|| panic!("there is no {id}")).clone()
}

/// Forty cases of 2022 come.
fn come(project: &Project) {
    let row = |at: usize| {
        let (sex, age) = (["female", "male"][at % 2], ["15-17", "25+"][at / 2 % 2]);
        format!(
            "2022-05-05,identified,{sex},{age},forced_labour,XXA,XXA,XA-0{},1,police_register,N-{at},\n",
            1 + at % 3
        )
    };
    project.write(ROWS, &(project.read(ROWS) + &(0..40).map(row).collect::<String>()));
}

/// What came after the documents were built is not released with them.
fn stale(project: &Project) {
    let rows = project.read(ROWS);
    let more: String = (0..30)
        .map(|at| format!("2022-06-05,identified,female,25+,forced_labour,XXA,XXA,XA-01,1,police_register,S-{at},\n"))
        .collect();
    project.write(ROWS, &(rows.clone() + &more));
    let run = project.run(&["release", "two"]);
    assert!(run.code == 1 && run.stderr.contains("prints numbers that differ from the register"), "{}", run.stderr);
    project.write(ROWS, &rows);
}

#[test]
fn late_cases_stand_in_tables_notes_prose_and_data_and_in_no_chart() {
    let project = Project::named("register");
    project.build();
    let run = project.run(&["release", "one"]);
    assert!(
        run.code == 0 && run.stdout.contains("XXA/victims:identified:2022: closes; "),
        "{}{}",
        run.stdout,
        run.stderr
    );
    project.build();
    let closed = brief(&project);
    assert!(closed.contains("Closed 31 December 2024: 2021, 2022 and 2023."), "{closed}");
    assert!(!closed.contains("came later"), "nothing has come yet: {closed}");
    let before = figure(&project, "XXA/victims_identified:2022")["value"].as_i64().expect("a number");
    come(&project);
    let early = "= Victims\n\nThere were #n(\"victims_identified\", year: 2022, late: true).#src()\n";
    project.write(PROSE, early);
    project.build();
    let id = "XXA/victims_identified:2022:late=one";
    let (late, unchanged) = (figure(&project, id), figure(&project, "XXA/victims_identified:2022"));
    let told = late["value"].as_i64().expect("a number");
    assert!((told - before - 40).abs() < 15 && (told - before) % 15 == 0, "{told} of {before} and 40 more");
    assert_eq!((unchanged["value"].as_i64(), late["qualifier"].as_str()), (Some(before), Some("approximate")));
    assert_eq!(late["display"]["en"], format!("about {told}"));
    assert!(late["printed"].as_array().is_some_and(|printed| !printed.is_empty()), "{late}");
    let csv = project.read("output/XXA/tables/victims_identified.csv");
    assert!(csv.lines().next().is_some_and(|labels| labels.ends_with(",rank,with_late_cases,late_base")), "{csv}");
    assert!(
        csv.lines().any(|row| row.starts_with("2022,total,total,") && row.ends_with(&format!(",1,{told},15"))),
        "{csv}"
    );
    let package = project.read("output/XXA/tables/datapackage.json");
    assert!(package.contains("\"with_late_cases\""), "{package}");
    let text = brief(&project);
    assert!(text.contains(&format!("There were about {told}.")), "in prose: {text}");
    assert!(text.contains("Cases that came later are told in steps of 15"), "in its note: {text}");
    assert!(text.contains("The second line of a cell counts the cases that came after its year closed"), "{text}");
    for entry in std::fs::read_dir(project.path("output/XXA/en/figures")).expect("charts") {
        let svg = std::fs::read_to_string(entry.expect("a chart").path()).expect("text");
        assert!(!svg.contains(&format!(">{told}<")) && !svg.contains("late"), "no chart has it");
    }
    let explained = project.run(&["explain", id]);
    let wanted = "the year closed on 2024-12-31, with the release `one`";
    assert!(explained.code == 0 && explained.stdout.contains(wanted), "{}{}", explained.stdout, explained.stderr);
    stale(&project);
    let run = project.run(&["release", "two"]);
    assert!(run.stdout.contains("XXA/victims:identified:2022: late cases are told of"), "{}{}", run.stdout, run.stderr);
    project.build();
    assert_eq!(figure(&project, id)["value"].as_i64(), Some(told), "it is told as it was shown");
    assert!(!brief(&project).contains("Draft: holds figures"), "and no draft");
    std::fs::remove_dir_all(project.path("data/countries/XXA/register")).expect("there is a register");
    project.build();
    assert_eq!(figure(&project, id)["value"].as_i64(), Some(told), "also where no register is at hand");
}

#[test]
fn prose_asks_for_late_cases_only_where_they_are_told() {
    let project = Project::named("register");
    project.write(PROSE, "= Victims\n\nThere were #n(\"victims_identified\", year: 2022, late: true).#src()\n");
    let run = project.run(&["check", "--format", "short"]);
    assert!(run.code == 1 && run.stdout.contains("no late cases are told of this figure"), "{}", run.stdout);
    project.write(PROSE, "= Victims\n\nThere were #n(\"victims_identified\", year: 2022, late: 1).#src()\n");
    let run = project.run(&["check", "--format", "short"]);
    assert!(run.code == 1 && run.stdout.contains("`late` is `true` or `false`"), "{}", run.stdout);
}
