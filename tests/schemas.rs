//! The schemas by which editors know the keys of the declarations: every sound file fits its schema, and names it in its first line.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::json;

use crate::project::{Project, REPOSITORY, files, tests};
use crate::tidy::conclude;
use crate::tools::python;

const KINDS: [&str; 6] = ["report", "country", "section", "indicator", "text", "import"];

/// The kind of a file of declarations, by its path in a project.
fn kind(path: &str) -> Option<&'static str> {
    let parts: Vec<&str> = path.strip_suffix(".toml")?.split('/').collect();
    Some(match parts.as_slice() {
        ["data", "report"] => "report",
        ["data", "countries", _, "country"] => "country",
        ["data", "indicators", _, "section"] => "section",
        ["data", "indicators", ..] => "indicator",
        ["data", "text", _] => "text",
        ["data", "imports", _] | ["data", "countries", _, "imports", ..] | [.., "mapping"] => "import",
        _ => return None,
    })
}

/// The files of declarations in the folder `data` of a project: the kind, the place and the text of each.
fn of_project(root: &Path) -> Vec<(&'static str, String, String)> {
    let read = |path: &str| fs::read_to_string(root.join(path)).expect("a declaration");
    let paths = files(&root.join("data")).into_iter().map(|path| format!("data/{path}"));
    paths.filter_map(|path| Some((kind(&path)?, path.clone(), read(&path)))).collect()
}

/// The files of declarations below a folder: the kind, the place and the text of each.
fn declared(folder: &Path) -> Vec<(&'static str, String, String)> {
    let paths = files(folder).into_iter().filter_map(|path| Some((kind(&path)?, path)));
    paths
        .map(|(kind, path)| (kind, path.clone(), fs::read_to_string(folder.join(path)).expect("a declaration")))
        .collect()
}

/// The objections of the schemas that the program prints to files, in the order of these, empty where there is none.
fn objections(python: &Path, files: &[(&'static str, String, String)]) -> Vec<String> {
    let project = Project::minimal();
    let mut lines = String::new();
    for kind in KINDS {
        let printed = project.run(&["schema", kind]);
        assert_eq!((printed.code, printed.stderr.as_str()), (0, ""));
        lines += &format!("{}\n", json!({ "schema": kind, "text": printed.stdout }));
    }
    for (kind, _, text) in files {
        lines += &format!("{}\n", json!({ "against": kind, "toml": text }));
    }
    let mut command = Command::new(python);
    let script = tests().join("schema_says.py");
    let mut child =
        command.arg("-B").arg(script).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("python starts");
    let mut pipe = child.stdin.take().expect("a pipe");
    let writer = std::thread::spawn(move || pipe.write_all(lines.as_bytes()));
    let output = child.wait_with_output().expect("python ends");
    writer.join().expect("the writer ends").expect("python reads");
    assert!(output.status.success(), "tests/schema_says.py ends well");
    String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect()
}

#[test]
fn every_sound_file_fits_its_schema() {
    let Some(python) = python("jsonschema") else { return };
    let mut found = of_project(Path::new(REPOSITORY));
    assert!(found.len() > 80, "the declarations of the product are found");
    for folder in fs::read_dir(tests().join("projects")).expect("the test projects").flatten() {
        found.extend(declared(&folder.path()));
    }
    found.extend(declared(&tests().join("imports/gallery")));
    let new = Project::begun(&["--country", "THA", "--language", "fr"]);
    found.extend(declared(new.root()));
    assert!(KINDS.iter().all(|wanted| found.iter().any(|(kind, ..)| kind == wanted)), "every kind is among them");
    let answers = objections(&python, &found);
    assert_eq!(answers.len(), found.len());
    let faults = found.iter().zip(answers).filter(|(_, answer)| !answer.is_empty());
    conclude(&faults.map(|((_, path, _), answer)| format!("{path}: {answer}")).collect::<Vec<_>>());
}

/// Files whose first line leads to no schema that is there.
fn lost(root: &Path) -> Vec<String> {
    let found = of_project(root);
    assert!(found.len() > 50, "the declarations are found");
    let leads = |(kind, path, text): &(&str, String, String)| {
        let line = text.lines().next().unwrap_or_default();
        let schema = line.strip_prefix("#:schema ").unwrap_or_default();
        let folder = root.join(path).parent().expect("a folder").to_owned();
        schema.ends_with(&format!(".schema/{kind}.json")) && folder.join(schema).is_file()
    };
    found.iter().filter(|file| !leads(file)).map(|(_, path, _)| path.clone()).collect()
}

#[test]
fn the_first_line_of_each_declaration_leads_to_its_schema() {
    conclude(&lost(Path::new(REPOSITORY)));
    let new = Project::begun(&["--country", "THA"]);
    conclude(&lost(new.root()));
    assert_eq!(new.run(&["init", "KHM"]).code, 0);
    conclude(&lost(new.root()));
}

#[test]
fn schemas_of_another_program_are_noted_and_written_anew() {
    let project = Project::begun(&["--country", "THA"]);
    let noted = |project: &Project| project.run(&["check", "--format", "short"]).stdout.contains("[stale-schema]");
    assert!(!noted(&project));
    let own = project.read("data/.schema/report.json");
    assert_eq!(project.run(&["schema", "report"]).stdout, own);
    project.write("data/.schema/report.json", "{}\n");
    assert!(noted(&project));
    let run = project.run(&["upgrade"]);
    assert!(run.code == 0 && run.stdout.starts_with("data/.schema/report.json: is written;"), "{}", run.stdout);
    assert!(!noted(&project) && project.read("data/.schema/report.json") == own);
    // A project that has none is not told of them, and a country that it begins does not name them.
    let older = Project::minimal();
    assert!(!noted(&older));
    assert_eq!(older.run(&["init", "THA"]).code, 0);
    assert!(!older.read("data/countries/THA/country.toml").contains("#:schema"));
}
