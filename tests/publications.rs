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
fn warned(stdout: &str) -> BTreeSet<String> {
    let warnings = stdout.lines().filter(|line| line.contains("warning[reckonable-value]"));
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
    let note = "from which it follows. These figures stand here as their source published them.";
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
    // Without the number of all women and girls, neither the women nor the men can be printed.
    let expected = ["sex=female", "sex=female,age_group=18+", "sex=male,age_group=18+"];
    assert_eq!(withheld.iter().copied().collect::<BTreeSet<_>>(), expected.into());
    for (id, figure) in figures.iter().filter(|(id, figure)| of_2023(id) && figure["status"] == "withheld") {
        assert!(figure["value"].is_null() && figure["display"]["en"] == "withheld", "{id}: {figure}");
    }
    // Nothing shows which of them its source withholds.
    let described = |id: &str| {
        let mut figure = figures[&format!("XXA/victims_identified:2023:sex=female{id}")].clone();
        ["id", "dimensions", "rows", "printed"]
            .iter()
            .for_each(|key| drop(figure.as_object_mut().expect("a figure").remove(*key)));
        figure
    };
    assert_eq!(described(""), described(",age_group=18+"));
    let rule = project.run(&["explain", "XXA/victims_identified:2023:sex=female"]).stdout;
    assert!(rule.contains("withheld, because a number that its source withholds would follow from it"), "{rule}");
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
fn prose_that_calls_a_protected_number_is_reported() {
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

const VICTIMS: &str = "data/countries/XXA/victims.csv";
const INDICATOR: &str = "data/indicators/protection/victims_identified.toml";
const LABELS: &str = "period,status,sex,age_group,count,qualifier,source,note\n";

/// The minimal project with these rows of victims, `period,sex,age_group,count,source`.
fn of_rows(rows: &[&str]) -> Project {
    let project = Project::minimal();
    let row = |row: &&str| {
        let cells: Vec<&str> = row.split(',').collect();
        format!("{},identified,{},{},{},,{},\n", cells[0], cells[1], cells[2], cells[3], cells[4])
    };
    project.write(VICTIMS, &(LABELS.to_owned() + &rows.iter().map(row).collect::<String>()));
    project
}

fn protect(project: &Project) {
    let report = project.read("data/report.toml");
    project.write("data/report.toml", &format!("{report}\n[disclosure]\npublications = \"protect\"\n"));
}

/// Two tables of one measure: the total in one, its parts by age in the other.
fn two_tables(rows: &[&str]) -> Project {
    let project = of_rows(rows);
    let own = project.read(INDICATOR).replace("dimensions = [\"sex\", \"age_group\"]", "dimensions = [\"age_group\"]");
    let total = own.replace("dimensions = [\"age_group\"]\n", "");
    let total = total.lines().filter(|line| !line.starts_with("key_figure") && !line.starts_with("order"));
    let total = total.collect::<Vec<_>>().join("\n") + "\norder = 3\n";
    project.write("data/indicators/protection/victims_all.toml", &total.replace("Victims identified", "All victims"));
    // Only the parts stand in the first table: its total is another indicator's.
    project.write(INDICATOR, &own);
    project
}

#[test]
fn tables_of_one_measure_are_audited_together() {
    let project = two_tables(&[
        "2023,total,total,90,police_2024",
        "2023,total,0-17,70,police_2024",
        "2023,total,18+,x,police_2024",
    ]);
    project.build();
    let parts = format!("{FOLDER}/victims_identified.csv");
    let table = project.read(&parts);
    let without: String =
        table.lines().filter(|line| !line.starts_with("2023,total,")).map(|l| format!("{l}\n")).collect();
    assert_ne!(table, without, "the table has its own total");
    project.write(&parts, &without);
    let audit_of = |tables: &[&str]| {
        let tables = tables.iter().map(|name| format!("{FOLDER}/{name}.csv")).collect::<Vec<_>>();
        let options = ["audit", "--value", "value", "--places", "--deny"];
        project.run(&options.into_iter().chain(tables.iter().map(String::as_str)).collect::<Vec<_>>())
    };
    assert_eq!(audit_of(&["victims_identified"]).code, 0, "the parts alone tell nothing");
    let found = audit_of(&["victims_identified", "victims_all"]);
    assert!(found.code == 4 && found.stdout.contains("victims_identified.csv:3: exact"), "{}", found.stdout);
    // Tables of other measures have nothing to do with it, whatever their numbers are.
    let package = format!("{FOLDER}/datapackage.json");
    project.write(&package, &project.read(&package).replacen("\"identified\"", "\"assisted\"", 1));
    assert_eq!(audit_of(&["victims_identified", "victims_all"]).code, 0);
    // Without a description of the tables the audit guesses, and rather finds too much than too little.
    std::fs::remove_file(project.path(&package)).expect("it was there");
    assert_eq!(audit_of(&["victims_identified", "victims_all"]).code, 4);
}

/// A total of three years, of which the last is withheld.
const THREE_YEARS: [&str; 4] = [
    "2019/2021,total,total,100,police_2024",
    "2019,total,total,30,police_2024",
    "2020,total,total,40,police_2024",
    "2021,total,total,x,police_2024",
];

#[test]
fn a_total_of_several_years_tells_of_the_one_withheld() {
    let project = of_rows(&THREE_YEARS);
    let stdout = project.run(&["check", "--format", "short"]).stdout;
    let sum = "victims.csv:5:1: warning[reckonable-value]: this number is withheld, but follows from 100 (total) in 2019/2021 \
               less 30 (total) in 2019 and 40 (total) in 2020";
    assert!(stdout.contains(sum), "{stdout}");
    project.build();
    assert_eq!(audit(&project, FOLDER).code, 4);
    protect(&project);
    project.build();
    let found = audit(&project, FOLDER);
    assert_eq!(found.code, 0, "{}", found.stdout);
    // What a stock counts at one time is no part of what it counts at another.
    let stock = of_rows(&THREE_YEARS);
    stock.write(VICTIMS, &stock.read(VICTIMS).replace("identified", "sheltered"));
    stock.replace(INDICATOR, "measure = \"identified\"", "measure = \"sheltered\"");
    let stdout = stock.run(&["check", "--format", "short"]).stdout;
    assert!(!stdout.contains("reckonable-value"), "{stdout}");
    // Periods that cannot be made up of one another tell nothing.
    let apart = of_rows(&[THREE_YEARS[0], THREE_YEARS[1], THREE_YEARS[3]]);
    let stdout = apart.run(&["check", "--format", "short"]).stdout;
    assert!(!stdout.contains("reckonable-value"), "{stdout}");
}

#[test]
fn what_another_source_gives_stays_where_it_counts_by_itself() {
    let rows = |other: &str| {
        let total = format!("2023,total,total,{other},yearbook_2023");
        of_rows(&[
            "2023,total,total,90,police_2024",
            "2023,female,total,x,police_2024",
            &total,
            "2023,female,total,50,yearbook_2023",
        ])
    };
    // It counts others: its number is its own, and tells nothing of what the first source withholds.
    let apart = rows("80");
    protect(&apart);
    apart.build();
    let female = figures(&apart)["XXA/victims_identified:2023:sex=female"].clone();
    assert!(female["value"].is_null() && female["status"] == "withheld", "{female}");
    assert_eq!(female["alternatives"][0]["value"], 50, "{female}");
    assert_eq!(female["alternatives"][0]["sources"], serde_json::json!(["yearbook_2023"]));
    // Where both give one total they count the same: its number is what the first one withholds.
    let same = rows("90");
    let stdout = same.run(&["check", "--format", "short"]).stdout;
    assert!(stdout.contains("victims.csv:3:1: warning[reckonable-value]"), "{stdout}");
    protect(&same);
    same.build();
    let figures = figures(&same);
    let female = &figures["XXA/victims_identified:2023:sex=female"];
    assert!(female["value"].is_null() && female["alternatives"] == serde_json::json!([]), "{female}");
}

#[test]
fn what_is_fewer_than_five_has_neither_value_nor_qualifier() {
    let project = of_rows(&["2023,total,total,90,police_2024", "2023,female,total,<5,police_2024"]);
    project.build();
    let table = project.read(&format!("{FOLDER}/victims_identified.csv"));
    assert!(table.contains("2023,female,total,,persons,,withheld,police_2024,stated,1\n"), "{table}");
    assert!(figures(&project)["XXA/victims_identified:2023:sex=female"]["value"].is_null());
}

#[test]
fn what_authors_ask_for_is_kept_where_another_choice_does() {
    // The total is a key figure: it is kept, though its parts count as many persons.
    let rows = ["2023,total,total,9,police_2024", "2023,female,total,x,police_2024", "2023,male,total,5,police_2024"];
    let kept = |project: &Project| {
        protect(project);
        project.build();
        let figures = figures(project);
        let value = |id: &str| !figures[&format!("XXA/victims_identified:2023{id}")]["value"].is_null();
        assert_eq!(audit(project, FOLDER).code, 0);
        (value(""), value(":sex=male"))
    };
    assert_eq!(kept(&of_rows(&rows)), (true, false), "a key figure");
    let rows = ["2023,total,total,9,police_2024", "2023,female,total,x,police_2024", "2023,male,total,9,police_2024"];
    let listed = of_rows(&rows);
    let text = listed.read(INDICATOR).replace("key_figure = 2\n", "");
    listed.write(INDICATOR, &text);
    let path = "data/countries/XXA/country.toml";
    let country = listed.read(path);
    let same = "\n[[same]]\nfigures = [\"XXA/victims_identified:2023:sex=male\", \"XXA/persons_arrested:2023\"]\n\
                reason = \"One operation.\"\n";
    listed.write(path, &format!("{country}{same}"));
    assert_eq!(kept(&listed), (false, true), "a declaration names the men");
}
