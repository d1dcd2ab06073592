//! Publications that withhold a number and print others from which it follows: warned of, or protected, in everything that a
//! build prints.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::Value;

use crate::faults::faulty;
use crate::project::{Project, Run};

const FOLDER: &str = "output/XXA/tables";

/// A publication that withholds women, men, and what follows from other numbers.
fn project() -> Project {
    faulty(&Path::new(crate::project::REPOSITORY).join("tests/faults/reckonable-value"))
}

fn protected() -> Project {
    let project = project();
    let report = project.read("data/report.toml");
    project.write("data/report.toml", &format!("{report}\n[disclosure]\npublications = \"protect\"\n"));
    project
}

/// An audit of all released tables of a country.
fn audit(project: &Project, folder: &str) -> Run {
    let mut tables: Vec<String> = std::fs::read_dir(project.path(folder))
        .expect("the tables")
        .map(|entry| entry.expect("a table").file_name().to_string_lossy().into_owned())
        .filter(|name| name.ends_with(".csv"))
        .map(|name| format!("{folder}/{name}"))
        .collect();
    tables.sort();
    let options = ["audit", "--value", "value", "--places", "--deny"];
    project.run(&options.into_iter().chain(tables.iter().map(String::as_str)).collect::<Vec<_>>())
}

/// The lines of `victims.csv` that a warning names.
fn warned(said: &str) -> BTreeSet<String> {
    let warnings = said.lines().filter(|line| line.contains("warning[reckonable-value]"));
    warnings.filter_map(|line| Some(line.split_once(".csv:")?.1.split(':').next()?.to_owned())).collect()
}

/// The figures by id.
fn figures(project: &Project) -> BTreeMap<String, Value> {
    let file: Value = serde_json::from_str(&project.read("output/XXA/figures.json")).expect("JSON");
    let figures = file["figures"].as_array().expect("figures").iter();
    figures.map(|figure| (figure["id"].as_str().expect("an id").to_owned(), figure.clone())).collect()
}

#[test]
fn what_an_audit_of_the_released_tables_works_out_was_warned_of() {
    let project = project();
    project.build();
    let warned = warned(&project.run(&["check", "--format", "short"]).stdout);
    let found = audit(&project, FOLDER);
    assert_eq!(found.code, 4, "{}", found.stderr);
    let table = project.read(&format!("{FOLDER}/victims_identified.csv"));
    let exact = found.stdout.lines().filter_map(|line| line.strip_suffix(": exact"));
    let lines: Vec<usize> =
        exact.map(|place| place.rsplit_once(':').expect("a line").1.parse().expect("a number")).collect();
    assert_eq!(lines.len(), 2, "{}", found.stdout);
    for line in lines {
        let row: Vec<&str> = table.lines().nth(line - 1).expect("a row").split(',').collect();
        let id = format!("XXA/victims_identified:{}:sex={},age_group={}", row[0], row[1], row[2]);
        let rows = figures(&project)[&id]["rows"].as_array().expect("rows").clone();
        let of_row = rows[0].as_str().expect("a row").rsplit_once(':').expect("a line").1.to_owned();
        assert!(warned.contains(&of_row), "{id} of line {of_row} is warned of: {warned:?}");
    }
}

#[test]
fn a_document_says_that_its_figures_stand_as_published() {
    let project = project();
    let note = "These figures stand here as their source published them.";
    let printed = |project: &Project| {
        let brief = crate::pdf::open(project, "XXA/en/brief.pdf");
        let pages: Vec<u32> = brief.get_pages().into_keys().collect();
        brief.extract_text(&pages).expect("the text of the brief").split_whitespace().collect::<Vec<_>>().join(" ")
    };
    project.build();
    assert!(printed(&project).contains(note));
    let minimal = Project::minimal();
    minimal.build();
    assert!(!printed(&minimal).contains(note), "nothing follows there");
}

#[test]
fn where_publications_are_protected_an_audit_works_out_nothing() {
    let project = protected();
    let built = project.build();
    assert!(!built.stderr.contains("reckonable"), "{}", built.stderr);
    let found = audit(&project, FOLDER);
    assert_eq!(found.code, 0, "{}{}", found.stdout, found.stderr);
    let figures = figures(&project);
    let of_2023 = |id: &&String| id.contains("victims_identified:2023");
    let withheld: Vec<&str> = figures
        .iter()
        .filter(|(id, figure)| of_2023(id) && figure["status"] == "withheld")
        .map(|(id, _)| id.rsplit_once(':').expect("codes").1)
        .collect();
    // Without the number of all women and girls, neither the women nor the men can be told.
    let expected = ["sex=female", "sex=female,age_group=18+", "sex=male,age_group=18+"];
    assert_eq!(withheld.iter().copied().collect::<BTreeSet<_>>(), expected.into());
    for (id, figure) in figures.iter().filter(|(id, figure)| of_2023(id) && figure["status"] == "withheld") {
        assert!(figure["value"].is_null() && figure["display"]["en"] == "withheld", "{id}: {figure}");
    }
    // Which of them its source withholds is not told.
    let told = |id: &str| {
        let mut figure = figures[&format!("XXA/victims_identified:2023:sex=female{id}")].clone();
        ["id", "dimensions", "rows", "printed"]
            .iter()
            .for_each(|key| drop(figure.as_object_mut().expect("a figure").remove(*key)));
        figure
    };
    assert_eq!(told(""), told(",age_group=18+"));
    let rule = project.run(&["explain", "XXA/victims_identified:2023:sex=female"]).stdout;
    assert!(rule.contains("withheld, for what its source withholds would follow"), "{rule}");
}

/// The protected project, whose prose cites these figures of 2023.
fn citing(codes: &[&str]) -> Project {
    let project = protected();
    let path = "data/countries/XXA/narrative/en/prosecution.typ";
    let calls = codes.iter().map(|codes| format!("#n(\"victims_identified\", year: 2023, {codes})"));
    let calls = calls.collect::<Vec<_>>().join(" and ");
    project.write(path, &format!("{}\nThey counted {calls} persons.#src()\n", project.read(path)));
    project
}

#[test]
fn what_a_finding_cites_is_kept_where_another_choice_does() {
    let project = citing(&["sex: \"female\""]);
    project.build();
    let figures = figures(&project);
    assert_eq!(figures["XXA/victims_identified:2023:sex=female"]["value"], 60);
    for codes in ["sex=female,age_group=0-17", "sex=male,age_group=0-17"] {
        assert_eq!(figures[&format!("XXA/victims_identified:2023:{codes}")]["status"], "withheld");
    }
    let found = audit(&project, FOLDER);
    assert_eq!(found.code, 0, "{}", found.stdout);
}

#[test]
fn prose_that_calls_what_is_protected_is_told() {
    let project = citing(&["sex: \"female\"", "sex: \"female\", age_group: \"0-17\""]);
    let checked = project.run(&["check", "--format", "short"]);
    assert_eq!(checked.code, 1, "{}", checked.stdout);
    assert!(checked.stdout.contains("prosecution.typ:") && checked.stdout.contains("withheld"), "{}", checked.stdout);
}

#[test]
fn the_tables_of_a_register_pass_the_audit() {
    let project = Project::named("register");
    project.build();
    let country = std::fs::read_dir(project.path("output")).expect("output");
    let folders = country.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let mut audited = 0;
    for country in folders.filter(|name| name.len() == 3) {
        let found = audit(&project, &format!("output/{country}/tables"));
        assert_eq!(found.code, 0, "{}{}", found.stdout, found.stderr);
        assert!(!found.stdout.starts_with("0 values"), "{}", found.stdout);
        audited += 1;
    }
    assert!(audited > 0);
}
