//! A new country: laid out, led through by `check`, filled in and built.

use std::fs;

use tipbrief::project::iso3166;

use crate::project::{Project, files};

/// What a newcomer writes into the country that `init` laid out, in the order in which `check` asks for it.
const SOURCE: &str =
    "police_2024,Police statistics,Police,2024-03,,https://example.org/police-2024,,publication,1,,,,,,\n";
const ROW: &str = "2023,arrested,total,total,total,total,total,41,,police_2024,\n";
const FRONT: &str = "#deck[Arrests are known for one year.]\n\nIn #lit[2023], #n(\"persons_arrested\", year: 2023) persons \
                     were arrested.#src()\n";

fn findings(project: &Project) -> Vec<String> {
    let run = project.run(&["check", "--format", "short"]);
    run.stdout.lines().filter(|line| line.contains("/THA/") && !line.contains(": note[")).map(str::to_owned).collect()
}

#[test]
fn a_country_is_laid_out_and_led_through_until_it_is_built() {
    let project = Project::minimal();
    let folder = "data/countries/THA";
    let run = project.run(&["init", "THA"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{}", run.stdout);
    let written: Vec<String> = files(&project.path(folder));
    let named = run.stdout.lines().filter(|path| !path.ends_with(".gitignore")).count();
    assert_eq!(named, written.len(), "every path written is listed:\n{}", run.stdout);
    assert!(
        written.contains(&"narrative/en/prosecution.typ".to_owned()) && written.contains(&"sources.csv".to_owned())
    );

    let places = |found: &[String]| -> Vec<String> {
        found.iter().map(|line| line.split(':').next().unwrap_or_default().replace("data/countries/THA/", "")).collect()
    };
    assert_eq!(places(&findings(&project)), ["narrative/en/brief.typ", "sources.csv"], "what is still to be written");
    let sources = project.read(&format!("{folder}/sources.csv"));
    project.write(&format!("{folder}/sources.csv"), &format!("{sources}{SOURCE}"));
    let asked = findings(&project);
    assert!(asked.iter().any(|line| line.ends_with("no table has a row yet")), "{asked:?}");
    let arrests = project.read(&format!("{folder}/arrests.csv"));
    project.write(&format!("{folder}/arrests.csv"), &format!("{arrests}{ROW}"));
    assert_eq!(places(&findings(&project)), ["narrative/en/brief.typ"], "the tables are filled");
    let run = project.run(&["build"]);
    assert_eq!(run.code, 1, "a country without its prose is not built");
    assert!(!project.path("output/THA").exists(), "nothing half-made is left");

    project.write(&format!("{folder}/narrative/en/brief.typ"), FRONT);
    assert_eq!(findings(&project), Vec::<String>::new());
    project.build();
    assert!(project.path("output/THA/en/brief.pdf").is_file());
}

#[test]
fn what_is_laid_out_is_sound_but_for_what_is_unwritten() {
    let project = Project::series();
    assert_eq!(project.run(&["init", "FRA"]).code, 0);
    let run = project.run(&["check", "--format", "short"]);
    let faults = run.stdout.lines().filter(|line| line.contains("/FRA/") && !line.contains("[unwritten]"));
    assert_eq!(faults.collect::<Vec<_>>(), Vec::<&str>::new());
    assert!(project.read("data/countries/FRA/country.toml").contains("name = \"France\""), "the name is known");
    for file in files(&project.path("data/countries/FRA/narrative")) {
        let text = project.read(&format!("data/countries/FRA/narrative/{file}"));
        assert!(text.lines().all(|line| line.starts_with("//")) && !text.contains('{'), "{file}:\n{text}");
    }
}

#[test]
fn no_country_is_laid_out_twice_or_under_a_code_of_none() {
    let project = Project::minimal();
    let before = files(project.root());
    let run = project.run(&["init", "XXA"]);
    assert_eq!((run.code, run.stdout.as_str()), (1, ""));
    assert!(run.stderr.contains("`data/countries/XXA` is there already"), "{}", run.stderr);
    for (code, meant) in [("MRM", "MMR"), ("tha", "THA"), ("TH", "THA"), ("../XX", ""), ("", "")] {
        let run = project.run(&["init", code]);
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{code}");
        assert!(run.stderr.contains("not a country of ISO 3166-1") && run.stderr.contains(meant), "{}", run.stderr);
    }
    assert_eq!(files(project.root()), before, "nothing was written");
}

#[test]
fn a_first_country_needs_no_other() {
    let project = Project::minimal();
    fs::remove_dir_all(project.path("data/countries/XXA")).expect("it is there");
    assert_eq!(project.run(&["init", "XXB"]).code, 0);
    assert!(project.path("data/countries/XXB/country.toml").is_file());
}

#[test]
fn a_first_country_creates_the_folder_of_all_countries() {
    let project = Project::minimal();
    fs::remove_dir_all(project.path("data/countries")).expect("it is there");
    let run = project.run(&["check", "--format", "short"]);
    assert_eq!(run.code, 1);
    assert!(run.stdout.contains("error[missing-table]: the folder is missing"), "{}", run.stdout);
    let run = project.run(&["init", "XXB"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{}", run.stdout);
    assert!(project.path("data/countries/XXB/country.toml").is_file());
}

#[test]
fn no_first_country_is_laid_out_beside_another_fault() {
    let project = Project::minimal();
    fs::remove_dir_all(project.path("data/countries")).expect("it is there");
    fs::remove_dir_all(project.path("data/indicators")).expect("it is there");
    let run = project.run(&["init", "XXB"]);
    assert_eq!(run.code, 1, "{}", run.stdout);
    assert!(run.stderr.contains("the folder is missing") && !run.stderr.contains("data/countries"), "{}", run.stderr);
    assert!(!project.path("data/countries").exists(), "nothing was written");
    fs::write(project.path("data/countries"), "").expect("a file in its place");
    let run = project.run(&["init", "XXB"]);
    assert!(run.code == 1 && run.stderr.contains("data/countries"), "{}", run.stderr);
}

#[test]
fn the_default_language_names_every_country() {
    let text = fs::read_to_string(crate::project::tests().join("../data/text/en.toml")).expect("the English words");
    let missing = iso3166::countries().filter(|code| !text.lines().any(|line| line.starts_with(&format!("{code} = "))));
    assert_eq!(missing.collect::<Vec<_>>(), Vec::<&str>::new());
}
