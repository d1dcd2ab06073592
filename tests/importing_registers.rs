//! A register that a mapping makes of a confidential file: it is counted and protected like one in our own columns, and none
//! of its rows is ever shown.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;

use crate::project::Project;

const REGISTER: &str = "data/countries/XXA/register/victims.csv";
const FOLDER: &str = "data/countries/XXA/imports";

/// The project `register`, whose register stands in one file for each source, which a mapping reads.
fn mapped() -> Project {
    let project = Project::named("register");
    let text = project.read(REGISTER);
    let (labels, rows) = text.split_once('\n').expect("rows below labels");
    let at = labels.split(',').position(|label| label == "source").expect("a source");
    let mut files: BTreeMap<&str, String> = BTreeMap::new();
    for row in rows.lines() {
        let source = row.split(',').nth(at).expect("a source");
        let file = files.entry(source).or_insert_with(|| format!("{}\n", labels.to_uppercase()));
        let _ = writeln!(file, "{row}");
    }
    fs::remove_dir_all(project.path("data/countries/XXA/register")).expect("there is a register");
    let mut mapping = "licence = \"confidential\"\n".to_owned();
    for (source, file) in files {
        project.write(&format!("{FOLDER}/register/{source}.csv"), &file);
        let _ = write!(mapping, "[[file]]\npath = \"register/{source}.csv\"\nsource = \"{source}\"\n");
    }
    mapping += "[read]\nignore = [\"SOURCE\", \"NOTE\"]\n[[make]]\ntable = \"victims\"\ntake = \"COUNT\"\n";
    mapping += "period = { column = \"PERIOD\", as = \"day\" }\n";
    for field in ["status", "sex", "age_group", "purpose", "nationality", "found_in", "province", "case_id"] {
        let _ = writeln!(mapping, "{field} = {{ column = \"{}\" }}", field.to_uppercase());
    }
    project.write(&format!("{FOLDER}/cases.toml"), &mapping);
    project
}

fn found(project: &Project) -> Vec<String> {
    let run = project.run(&["check", "--format", "short"]);
    run.stdout.lines().map(str::to_owned).collect()
}

#[test]
fn a_register_through_a_mapping_publishes_what_it_would_in_our_own_columns() {
    let (own, mapped) = (Project::named("register"), mapped());
    own.build();
    mapped.build();
    // A document states the checksum of what it was made of.
    let [own_files, mapped_files] = [&own, &mapped].map(|project| {
        let mut files = project.published("XXA");
        files.retain(|path, _| !path.ends_with(".pdf"));
        files
    });
    assert!(own_files.contains_key("tables/victims_identified.csv"));
    assert!(own_files == mapped_files, "every number, drawing and table is the same");
    let figures = mapped.read("output/XXA/figures.json");
    assert!(figures.contains("\"filter\": \"victims: identified"), "it comes from the register");
    for shown in ["imports/", "C-000001", "police_register.csv"] {
        assert!(!figures.contains(shown), "{shown} is in figures.json");
    }
    let manifest = mapped.read("output/manifest.json");
    assert!(manifest.contains("imports/cases.toml") && !manifest.contains("police_register.csv"), "{manifest}");
    let explained = mapped.run(&["explain", "XXA/victims_identified", "year=2022"]).stdout;
    assert!(explained.contains("filter") && !explained.contains(FOLDER), "{explained}");
    // Released by the one, the ledger holds for the other.
    assert_eq!(mapped.run(&["release", "2024"]).code, 0);
    let released = mapped.read("data/ledger/2024.json");
    // With the same key the closed copies are the same, too.
    let key = "data/countries/XXA/register/.closed/key";
    fs::create_dir_all(own.path("data/countries/XXA/register/.closed")).expect("a folder");
    fs::copy(mapped.path(key), own.path(key)).expect("the custodian's key");
    assert_eq!(own.run(&["release", "2024"]).code, 0);
    assert_eq!(own.read("data/ledger/2024.json"), released);
}

#[test]
fn without_its_confidential_files_a_mapping_yields_nothing_and_some_alone_are_a_fault() {
    let project = mapped();
    project.build();
    assert_eq!(project.run(&["release", "2024"]).code, 0);
    let file = format!("{FOLDER}/register/hotline_register.csv");
    let text = project.read(&file);
    fs::remove_file(project.path(&file)).expect("a file");
    let found = found(&project);
    let place = format!("{FOLDER}/cases.toml:3:8: error[missing-file]: ");
    assert!(found.iter().any(|line| line.starts_with(&place)), "{found:?}");
    project.write(&file, &text);
    project.build();
    let before = project.read("output/XXA/tables/victims_identified.csv");
    fs::remove_dir_all(project.path(FOLDER).join("register")).expect("a folder");
    let run = project.run(&["check", "--format", "short"]);
    assert_eq!((run.code, run.stdout.contains("error[")), (0, false), "{}", run.stdout);
    project.build();
    assert_eq!(project.read("output/XXA/tables/victims_identified.csv"), before, "the numbers come from the ledger");
    // The mapping itself is judged without its files, too.
    project.replace(&format!("{FOLDER}/cases.toml"), "take = \"COUNT\"", "take = \"COUNT\"\nsumm = true");
    let found = self::found(&project);
    let place = format!("{FOLDER}/cases.toml:");
    let told = found.iter().any(|line| line.starts_with(&place) && line.contains("error[unknown-field]"));
    assert!(told, "{found:?}");
}

#[test]
fn a_fault_in_a_confidential_file_shows_its_cell_and_no_other() {
    let project = mapped();
    let file = format!("{FOLDER}/register/police_register.csv");
    let text = project.read(&file);
    let row = text.lines().nth(1).expect("a row").to_owned();
    // A period that the register does not cover, and a case that stands twice in one stage: in another file, too.
    let late = row.replacen("2023-", "2019-", 1).replace("C-000001", "C-900001");
    project.write(&file, &format!("{text}{late}\n"));
    let other = format!("{FOLDER}/register/hotline_register.csv");
    let again = row.replace("police_register", "hotline_register");
    project.write(&other, &format!("{}{again}\n", project.read(&other)));
    let run = project.run(&["check"]);
    let (last, last_of_other) = (text.lines().count() + 1, project.read(&other).lines().count());
    assert!(run.stdout.contains(&format!("{file}:{last}:1: error[outside-coverage]")), "{}", run.stdout);
    let twice = [format!("{file}:2:"), format!("{other}:{last_of_other}:")];
    let at = |place: &String| run.stdout.lines().any(|line| line.contains(place.as_str()));
    assert!(twice.iter().all(at), "{}", run.stdout);
    assert_eq!(run.code, 1);
    for shown in ["sexual_exploitation", "XA-01", "18-24", "C-900001"] {
        assert!(!run.stdout.contains(shown), "{shown} is shown:\n{}", run.stdout);
    }
    let json = project.run(&["check", "--format", "json"]).stdout;
    assert!(!json.contains("C-900001") && !json.contains("18-24"), "{json}");
}

#[test]
fn a_dimension_that_an_indicator_asks_for_is_missing_at_the_make() {
    let project = mapped();
    project.replace(&format!("{FOLDER}/cases.toml"), "sex = { column = \"SEX\" }\n", "");
    project.replace(&format!("{FOLDER}/cases.toml"), "\"SOURCE\"", "\"SEX\", \"SOURCE\"");
    let found = found(&project);
    let place = format!("{FOLDER}/cases.toml:13:1: error[missing-label]: the column `sex` is missing");
    assert!(found.iter().any(|line| line.starts_with(&place)), "{found:#?}");
    assert_eq!(found.iter().filter(|line| line.contains("error[")).count(), 1, "{found:#?}");
}
