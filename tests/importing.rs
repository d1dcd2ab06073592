//! Rows that mappings make, from the check to the printed page: they stand beside those that a country keeps by hand, and are
//! traced to their cells.

use std::fs;
use std::process::Command;

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::project::Project;

const FILE: &str = "data/imports/police.csv";
const MAPPING: &str = "data/imports/police.toml";
const SHELTERS: &str = "data/countries/XXA/imports/shelters.xlsx";
const SOURCES: &str = "data/countries/XXB/sources.csv";

fn imported() -> Project {
    Project::named("imported")
}

fn sum(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Replaces a text of the shared file, whose checksum the mapping then states.
fn edit(project: &Project, old: &str, new: &str) {
    let before = sum(project.read(FILE).as_bytes());
    project.replace(FILE, old, new);
    project.replace(MAPPING, &before, &sum(project.read(FILE).as_bytes()));
}

/// What `check` finds, a line each.
fn found(project: &Project) -> Vec<String> {
    let run = project.run(&["check", "--format", "short"]);
    run.stdout.lines().map(str::to_owned).collect()
}

/// The place, the severity and the code of each finding.
fn places(project: &Project) -> Vec<String> {
    let found = found(project);
    found.iter().map(|line| line.split_once("]: ").map_or(line.as_str(), |(place, _)| place).to_owned() + "]").collect()
}

/// The figures of a country, by id.
fn figure(project: &Project, id: &str) -> Value {
    let country = id.split('/').next().expect("a country");
    let text = project.read(&format!("output/{country}/figures.json"));
    let file: Value = serde_json::from_str(&text).expect("JSON");
    let mut figures = file["figures"].as_array().expect("a list").iter();
    figures.rfind(|figure| figure["id"] == id).unwrap_or_else(|| panic!("no {id} in {text}")).clone()
}

#[test]
fn each_printed_number_names_its_cell_and_the_line_of_the_mapping() {
    let project = imported();
    project.build();
    let rows = |id: &str| figure(&project, id)["rows"].clone();
    assert_eq!(rows("XXB/persons_arrested:2023"), serde_json::json!([format!("{FILE}:6:20"), format!("{MAPPING}:20")]));
    let [north, south] = ["D3", "D4 (2 cells)"].map(|cell| format!("{SHELTERS}!Year 2023!{cell}"));
    let line = "data/countries/XXA/imports/shelters.toml:13";
    let girls = rows("XXA/victims_identified:2023:sex=female,age_group=0-17");
    assert_eq!(girls, serde_json::json!([north, south, line]));
    let one = rows("XXA/victims_identified:2023:sex=male,age_group=0-17");
    assert_eq!(one, serde_json::json!([format!("{SHELTERS}!Year 2023!D7"), line]));
    let run = project.run(&["explain", "XXA/persons_arrested:2023:sex=female"]);
    let rows =
        format!("rows        {FILE}:5:21\n                Examplia;2023;Women;12*;North\n              {MAPPING}:20\n");
    assert!(run.stdout.contains(&rows) && run.stdout.contains("at least 12"), "{}", run.stdout);
    assert!(run.stdout.contains("output/XXA/en/brief.pdf, page"), "{}", run.stdout);
    let manifest: Value = serde_json::from_str(&project.read("output/manifest.json")).expect("JSON");
    assert_eq!(manifest["inputs"][FILE], sum(project.read(FILE).as_bytes()));
    assert!(manifest["inputs"][MAPPING].is_string() && manifest["inputs"][SHELTERS].is_string());
    let table = project.read("output/XXB/tables/persons_arrested.csv");
    assert!(table.contains("2023,total,1204,persons,exact,published,police_2024,"), "{table}");
    assert_eq!(project.run(&["verify"]).code, 0);
}

#[test]
fn rows_of_a_mapping_and_rows_by_hand_are_one_table() {
    let project = imported();
    let table = "data/countries/XXA/arrests.csv";
    let rows = project.read(table);
    // The same key twice, whether the sexes are left out or not.
    project.write(table, "period,stage,count,source\n2023,arrested,41,police_2024\n");
    project.replace("data/countries/XXA/narrative/en/prosecution.typ", "In #lit[2022] there were", "In #lit[2022]:");
    assert_eq!(
        places(&project),
        [format!("{FILE}:4:19: error[primary-key]"), format!("{table}:2:1: note[primary-key]")]
    );
    // A total by hand, and a part of the mapping that exceeds it.
    edit(&project, "Examplia;2023;All;41;North\n", "");
    edit(&project, "12*", "42");
    assert_eq!(
        places(&project),
        [format!("{table}:2:15: warning[margin-mismatch]"), format!("{FILE}:4:21: note[margin-mismatch]")]
    );
    // Two sources that contradict each other.
    project.write(table, &(rows + "2023,arrested,total,40,,yearbook_2023,\n2023,arrested,female,40,,yearbook_2023,\n"));
    assert_eq!(
        places(&project),
        [format!("{FILE}:4:21: note[contested-cell]"), format!("{table}:4:22: note[contested-cell]")]
    );
}

#[test]
fn a_fault_that_a_later_rule_finds_stands_at_its_cell_in_the_delivered_file() {
    let project = imported();
    edit(&project, "Otherland;2023;All;1 204;", "Otherland;2033;All;1 204;");
    assert_eq!(places(&project), [format!("{FILE}:6:11: error[period-error]")]);
    let run = project.run(&["check", "--format", "json"]);
    let report: Value = serde_json::from_str(&run.stdout).expect("JSON");
    let text = report.to_string();
    assert!(text.contains("\"rowNumber\":6") && text.contains("\"fieldNumber\":2"), "{text}");
    // A constant has no cell.
    project.replace(MAPPING, "period = { column = \"Year\", as = \"year\" }", "period = \"2033\"");
    project.replace(MAPPING, "sex = { column", "note = { column = \"Year\" }\nsex = { column");
    let found = places(&project);
    assert!(found.contains(&format!("{MAPPING}:24:10: error[period-error]")), "{found:?}");
}

#[test]
fn a_fault_of_a_shared_file_stops_the_countries_that_it_feeds() {
    let project = imported();
    project.add_country("XXC");
    fs::remove_dir_all(project.path("data/countries/XXC/imports")).expect("there is a folder of mappings");
    fs::remove_dir_all(project.path("data/countries/XXC/narrative")).expect("there is prose");
    edit(&project, "Otherland;2023;Women;5;", "Otherland;2023;Women;five;");
    let run = project.run(&["build", "--format", "short"]);
    assert_eq!(run.code, 1, "{}", run.stderr);
    assert_eq!(run.stderr.matches(&format!("{FILE}:7:22: error[type-error]: ")).count(), 1, "{}", run.stderr);
    let built = |country: &str| project.path("output").join(country).exists();
    assert_eq!(["XXA", "XXB", "XXC"].map(built), [false, false, true], "{}", run.stderr);
    // Without its labels nobody knows whom the file feeds.
    edit(&project, "Country;Year;", "State;Year;");
    fs::remove_dir_all(project.path("output")).expect("there is an output");
    let run = project.run(&["build", "--format", "short"]);
    assert!(run.code == 1 && run.stderr.contains(&format!("{FILE}:1:1: error[missing-label]: ")), "{}", run.stderr);
    assert_eq!(["XXA", "XXB", "XXC"].map(built), [false; 3], "{}", run.stderr);
}

#[test]
fn a_country_without_the_source_of_a_mapping_is_told_once() {
    let project = imported();
    let sources = project.read(SOURCES);
    let own = sources.lines().filter(|line| !line.starts_with("police_2024")).map(|line| format!("{line}\n"));
    project.write(SOURCES, &own.collect::<String>());
    assert_eq!(places(&project), [format!("{MAPPING}:1:10: error[foreign-key]")]);
    assert!(found(&project)[0].contains("`police_2024` in XXB"));
    let run = project.run(&["build"]);
    let built = |country: &str| project.path("output").join(country).exists();
    assert_eq!((run.code, built("XXA"), built("XXB")), (1, true, false), "{}", run.stderr);
}

#[test]
fn a_file_that_no_mapping_names_is_no_table() {
    let project = imported();
    project.write("data/imports/polic.csv", "a");
    project.write("data/imports/deep/other.csv", "a");
    project.write("data/countries/XXA/imports/register/other.csv", "a");
    project.write("data/imports/register/police.csv", "a");
    project.write("data/imports/police.kept.csv", "a");
    assert_eq!(
        places(&project),
        [
            "data/countries/XXA/imports/register/other.csv:1:1: error[unknown-table]",
            "data/imports/deep/other.csv:1:1: error[unknown-table]",
            "data/imports/polic.csv:1:1: error[unknown-table]",
            "data/imports/register:1:1: error[path-error]",
        ]
    );
}

#[test]
fn what_happens_with_next_years_file() {
    // More years, and nothing above the labels: nothing to do.
    let (old, new) = (imported(), imported());
    edit(&new, "Police of Examplia and Otherland;;;;\n", "");
    edit(&new, "Elsewhere;", "Otherland;2021;All;7;South\nElsewhere;");
    assert_eq!(found(&new), Vec::<String>::new());
    let [before, now] = [&old, &new].map(|project| project.root().display().to_string());
    let run = new.run(&["diff", &before, &now]);
    assert!(run.code == 0 && run.stdout.contains("XXB/persons_arrested:2021"), "{}{}", run.stdout, run.stderr);
    assert!(!run.stdout.contains("persons_arrested:2023"), "{}", run.stdout);
    // A renamed column, and the one line that cures it.
    let project = imported();
    edit(&project, ";Arrests;", ";Arrested persons;");
    assert_eq!(places(&project), [format!("{FILE}:1:1: error[missing-label]")]);
    project.replace(MAPPING, "retrieved =", "labels = { \"Arrested persons\" = \"Arrests\" }\nretrieved =");
    assert_eq!(found(&project), Vec::<String>::new());
    // A new code, and a new column.
    let project = imported();
    edit(&project, "Otherland;2023;Women", "Otherland;2023;Girls");
    edit(&project, "Arrests;Region", "Arrests;Region;Age");
    edit(&project, "1 204;South", "1 204;South;18");
    let new = [format!("{FILE}:2:33: error[unread-label]"), format!("{FILE}:7:16: error[unknown-code]")];
    assert_eq!(places(&project), new);
    // Another sheet.
    let project = imported();
    let mapping = "data/countries/XXA/imports/shelters.toml";
    project.replace(mapping, "Year 20??", "Year 2024");
    assert_eq!(places(&project), [format!("{mapping}:10:9: error[missing-sheet]")]);
    // Another file under the same name.
    let project = imported();
    project.replace(FILE, "1 204", "1 205");
    assert_eq!(places(&project), [format!("{MAPPING}:7:10: error[checksum-error]")]);
    let run = project.run(&["build"]);
    assert!(run.code == 1 && !project.path("output/XXB").exists(), "{}", run.stderr);
}

#[test]
fn a_revised_file_shows_as_rows_that_were_corrected() {
    let (old, new) = (imported(), imported());
    edit(&new, "1 204", "1 205");
    let [before, now] = [&old, &new].map(|project| project.root().display().to_string());
    let run = new.run(&["diff", &before, &now, "--format", "json"]);
    let answer: Value = serde_json::from_str(&run.stdout).expect("JSON");
    let figures = answer["figures"].as_array().expect("a list");
    assert_eq!(figures.len(), 1, "{}", run.stdout);
    let cause = &figures[0]["causes"][0];
    assert_eq!((&figures[0]["id"], &cause["cause"]), (&"XXB/persons_arrested:2023".into(), &"row_corrected".into()));
    let place = format!("{FILE}:6:20");
    assert!(cause.to_string().contains(&place), "{cause}");
    // Rows that were typed and now come from a mapping are the same rows.
    let typed = imported();
    fs::remove_file(typed.path(FILE)).and_then(|()| fs::remove_file(typed.path(MAPPING))).expect("they are there");
    let rows =
        "period,stage,sex,count,source\n2023,arrested,total,1204,police_2024\n2023,arrested,female,5,police_2024\n";
    typed.write("data/countries/XXB/arrests.csv", rows);
    let own = typed.read("data/countries/XXA/arrests.csv");
    let rest = "2022,arrested,total,0,,police_2024,\n2023,arrested,total,41,,police_2024,\n2023,arrested,female,12,at_least,police_2024,\n";
    typed.write("data/countries/XXA/arrests.csv", &(own + rest));
    let before = typed.root().display().to_string();
    let run = new.run(&["diff", &before, &old.root().display().to_string(), "--format", "json"]);
    let answer: Value = serde_json::from_str(&run.stdout).expect("JSON");
    assert_eq!(answer["figures"].as_array().map(Vec::len), Some(0), "{}", run.stdout);
}

#[test]
fn a_snapshot_tells_what_changed_in_a_delivered_file() {
    let project = imported();
    project.build();
    assert_eq!(project.run(&["keep", "2023"]).code, 0);
    project.replace("data/report.toml", "issue = \"2024\"", "issue = \"2024\"\nprevious = \"2023\"");
    edit(&project, "1 204", "1 205");
    project.build();
    let pages = crate::pdf::open(&project, "XXB/en/brief.pdf");
    let numbers: Vec<u32> = pages.get_pages().into_keys().collect();
    let text: String = pages.extract_text(&numbers).expect("text").split_whitespace().collect();
    assert!(text.contains("Whatchangedsince") && text.contains("1,2041,205"), "{text}");
}

#[test]
fn a_broken_mapping_is_told_by_every_command_that_reads_tables() {
    let project = imported();
    project.build();
    project.replace(MAPPING, "retrieved =", "retreived =");
    let root = project.root().display().to_string();
    let figure = "XXA/persons_arrested:2023";
    let commands: [&[&str]; 5] =
        [&["check"], &["build"], &["explain", figure], &["diff", &root, &root], &["release", "2024"]];
    for command in commands {
        let run = project.run(command);
        let told = format!("{}{}", run.stdout, run.stderr);
        assert!(run.code == 1 && told.contains("error[unknown-field]"), "{command:?}: {} {told}", run.code);
    }
    // Another mapping is judged alone.
    let run = project.run(&["import", "--show", "shelters"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    // What a mapping lacks is not told of one that says something else than is read.
    let file = project.path(FILE);
    let run = project.run(&["import", "--draft", file.to_str().expect("a path"), "--onto", "police"]);
    assert!(run.code == 1 && run.stdout.is_empty(), "{}{}", run.stdout, run.stderr);
    assert!(run.stderr.contains("error[unknown-field]"), "{}", run.stderr);
}

#[cfg(unix)]
#[test]
fn no_command_prints_a_cell_of_a_file_outside_the_folder() {
    const SECRET: &str = "never-printed";
    let project = imported();
    project.build();
    let (before, text) = (sum(project.read(FILE).as_bytes()), project.read(FILE).replace("Women", SECRET));
    project.write("secret.csv", &text);
    project.replace(MAPPING, &before, &sum(text.as_bytes()));
    fs::remove_file(project.path(FILE)).expect("a file");
    std::os::unix::fs::symlink("../../secret.csv", project.path(FILE)).expect("a link");
    let root = project.root().display().to_string();
    let formats = ["human", "short", "json", "github", "sarif", "junit"].map(|format| ["check", "--format", format]);
    let others: [&[&str]; 4] = [
        &["build"],
        &["explain", "XXA/persons_arrested:2023"],
        &["diff", &root, &root],
        &["import", "--show", "police"],
    ];
    for command in formats.iter().map(<[&str; 3]>::as_slice).chain(others) {
        let run = project.run(command);
        let told = format!("{}{}", run.stdout, run.stderr);
        assert!(run.code == 1 && told.contains("path-error") && !told.contains(SECRET), "{command:?}: {told}");
    }
}

#[test]
fn git_ignores_every_register() {
    let project = imported();
    let git = |arguments: &[&str]| {
        let run = Command::new("git").arg("-C").arg(project.root()).args(arguments).output();
        run.expect("git runs").status.code().unwrap_or(-1)
    };
    assert_eq!(git(&["init", "--quiet"]), 0);
    // The line is the one that a new country brings.
    assert_eq!(project.run(&["init", "THA"]).code, 0);
    let line = project.read(".gitignore");
    fs::remove_dir_all(project.path("data/countries/THA")).expect("it was laid out");
    let registers = [
        "data/countries/XXA/register/victims.csv",
        "data/countries/XXA/imports/register/a.xlsx",
        "data/imports/register/a.csv",
    ];
    let further =
        ["deep/a.toml", "a.kept.csv", "deep/a.csv"].map(|name| format!("data/countries/XXA/imports/register/{name}"));
    for register in registers.into_iter().chain(further.iter().map(String::as_str)) {
        assert_eq!(git(&["check-ignore", "--quiet", "--no-index", "--", register]), 0, "{register}");
    }
    for other in [FILE, MAPPING, SHELTERS] {
        assert_eq!(git(&["check-ignore", "--quiet", "--no-index", "--", other]), 1, "{other}");
    }
    // The repository's own line is the same.
    let own = fs::read_to_string(std::path::Path::new(crate::project::REPOSITORY).join(".gitignore")).expect("a file");
    assert!(own.contains(&line));
    // Without the line the confidential file of a mapping is reported.
    project.write(".gitignore", "/data/countries/*/register/\n");
    project.write("data/countries/XXA/imports/register/deep/a.csv", "a");
    let found = places(&project);
    let tracked = "data/countries/XXA/imports/register/deep/a.csv:1:1: error[path-error]".to_owned();
    assert!(found.contains(&tracked), "{found:?}");
}
