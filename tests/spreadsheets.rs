//! Workbooks that the program makes, in the hands of LibreOffice: it offers the codes, keeps what is typed as text, and what it saves
//! is read as it was.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use chrono::{Days, NaiveDate};
use serde_json::{Value, json};

use crate::filling::{findings, records};
use crate::project::{Project, files, tests};
use crate::tools::{python, tool};

const COUNTRY: &str = "data/countries/XXA";

/// What LibreOffice says of workbooks, a value for each job; none where it is missing.
fn says(jobs: &Value) -> Option<Vec<Value>> {
    let (python, office) = (python("uno")?, tool(&["soffice"])?);
    let folder = tempfile::tempdir().expect("a temporary folder");
    fs::write(folder.path().join("jobs.json"), jobs.to_string()).expect("the jobs");
    let given = fs::File::open(folder.path().join("jobs.json")).expect("the jobs");
    let mut command = Command::new(python);
    command.arg(tests().join("spreadsheet_says.py")).arg(office).arg(folder.path());
    let run = command.stdin(Stdio::from(given)).output().expect("it starts");
    let text = String::from_utf8(run.stdout).expect("UTF-8");
    let said: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).expect("an object")).collect();
    assert!(run.status.success(), "{text}\n{}", String::from_utf8_lossy(&run.stderr));
    assert_eq!(Some(said.len()), jobs.as_array().map(Vec::len));
    Some(said)
}

/// What was seen of a cell.
fn at(said: &Value, cell: &str, key: &str) -> Value {
    said["cells"][cell][key].clone()
}

/// The workbooks of a country, and where LibreOffice saves each of them.
fn saved(project: &Project, folder: &str, to: &Path, ending: &str) -> Vec<(PathBuf, PathBuf)> {
    let tables =
        files(&project.path(folder)).into_iter().filter_map(|path| Some(path.strip_suffix(".xlsx")?.to_owned()));
    tables
        .map(|table| (project.path(folder).join(format!("{table}.xlsx")), to.join(format!("{table}{ending}"))))
        .collect()
}

#[test]
fn what_libreoffice_saves_is_read_as_it_was() {
    let project = Project::series_of("LAO", &["en"]);
    let folder = "data/countries/LAO";
    let csv = |project: &Project| -> Vec<(String, Vec<_>)> {
        let tables = files(&project.path(folder)).into_iter().filter(|path| path.ends_with(".csv"));
        tables.map(|path| (path.clone(), records(&project.read(&format!("{folder}/{path}"))))).collect()
    };
    let (before, found) = (csv(&project), findings(&project));
    assert_eq!(project.run(&["workbook", "LAO"]).code, 0);
    let aside = tempfile::tempdir().expect("a temporary folder");
    let kinds = [".ods", ".xlsx"].map(|ending| saved(&project, folder, aside.path(), ending));
    let jobs =
        kinds[0].iter().zip(&kinds[1]).map(|((open, ods), (_, xlsx))| json!({"open": open, "save": [ods, xlsx]}));
    let Some(said) = says(&jobs.collect()) else { return };
    assert!(said.iter().all(|said| said["protected"] == true), "{said:?}");
    for kind in kinds {
        for file in
            files(&project.path(folder)).into_iter().filter(|path| path.contains(".ods") || path.contains(".xlsx"))
        {
            fs::remove_file(project.path(folder).join(file)).expect("a table");
        }
        for (_, table) in &kind {
            fs::copy(table, project.path(folder).join(table.file_name().expect("a name"))).expect("a workbook");
        }
        assert_eq!(findings(&project), found, "{kind:?}");
        let back = project.run(&["workbook", "LAO", "--csv"]);
        assert_eq!(back.code, 0, "{}", back.stderr);
        assert_eq!(csv(&project), before, "{kind:?}");
        for (path, _) in csv(&project) {
            fs::remove_file(project.path(folder).join(path)).expect("a table");
        }
    }
}

/// A table of ten thousand rows, made a workbook.
fn long() -> Project {
    let project = Project::minimal();
    let table = format!("{COUNTRY}/arrests.csv");
    let day = |number: u64| NaiveDate::from_ymd_opt(1990, 1, 1).expect("a day") + Days::new(number);
    let row = |number: u64| format!("{},arrested,total,{number},,police_2024,\n", day(number));
    let rows: String = (0..10_000).map(row).collect();
    project.write(&table, &format!("period,stage,sex,count,qualifier,source,note\n{rows}"));
    let run = project.run(&["workbook", "XXA"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    project
}

/// LibreOffice without a window writes no panes into what it saves, whosever they are; it says what it sees of ours.
#[test]
fn libreoffice_offers_codes_in_every_row_and_locks_the_labels() {
    let project = long();
    let look = ["A1", "B1", "A2", "D2", "A10002", "B10002", "F10002", "B1048576", "J2"];
    let jobs = json!([
        {"open": project.path("data/countries/XXA/arrests.xlsx"), "look": look},
        {"open": project.path("data/countries/XXA/sources.xlsx"), "look": ["I2"]},
    ]);
    let Some(said) = says(&jobs) else { return };
    assert_eq!(said[0]["frozen"], json!([true, 1, 0]), "the labels stay in view");
    assert_eq!(said[0]["sheets"], json!(["arrests", "codes"]));
    for (name, format, locked, rule, refuses) in [
        ("A1", "General", true, "ANY", true),
        ("A2", "@", false, "ANY", true),
        ("D2", "General", false, "CUSTOM", true),
        ("A10002", "@", false, "ANY", true),
        ("B10002", "@", false, "LIST", true),
        ("F10002", "@", false, "LIST", false),
        ("B1048576", "@", false, "LIST", true),
        ("J2", "General", true, "ANY", true),
    ] {
        let seen = ["format", "locked", "rule", "refuses"].map(|key| at(&said[0], name, key));
        assert_eq!(seen, [json!(format), json!(locked), json!(rule), json!(refuses)], "{name}");
    }
    let note = at(&said[0], "B1", "note");
    assert!(note.as_str().is_some_and(|note| note.contains("Example: suspected")), "{note}");
    let origin = at(&said[1], "I2", "list");
    let own = origin.as_str().is_some_and(|list| list.starts_with("OFFSET($A$2"));
    assert!(own, "a source may repeat one that was entered a moment ago: {origin}");
}

#[test]
fn what_is_entered_in_libreoffice_is_checked_cell_by_cell_and_the_codes_stay_on_offer() {
    let project = long();
    let aside = tempfile::tempdir().expect("a temporary folder");
    let saved = [".ods", ".xlsx"].map(|ending| aside.path().join(format!("arrests{ending}")));
    let entered = json!({
        "A10002": "2021-05", "B10002": "arrested", "C10002": "female", "D10002": "7", "F10002": "police_2024",
        "A10003": "2022-01-31", "B10003": "arested", "C10003": "total", "D10003": "x", "F10003": "yearbook_2023",
        "G10002": "007", "G10003": "1-2",
    });
    let open = project.path("data/countries/XXA/arrests.xlsx");
    let Some(_) = says(&json!([{"open": open, "write": entered, "save": saved}])) else { return };
    let look = |path: &PathBuf| json!({"open": path, "look": ["B10004", "D10004", "F10004", "A10004", "B1"]});
    let Some(said) = says(&saved.iter().map(look).collect()) else { return };
    for said in &said {
        for (name, rule) in [("B10004", "LIST"), ("D10004", "CUSTOM"), ("F10004", "LIST"), ("A10004", "ANY")] {
            assert_eq!(at(said, name, "rule"), rule, "{name} after LibreOffice has saved it");
        }
        assert_eq!((at(said, "A10004", "format"), at(said, "B1", "locked")), (json!("@"), json!(true)));
    }
    fs::remove_file(open).expect("a table");
    for path in saved {
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        let table = project.path("data/countries/XXA").join(&name);
        fs::copy(&path, &table).expect("a workbook");
        let check = project.run(&["check", "--format", "short"]);
        let errors: Vec<&str> = check.stdout.lines().filter(|line| line.contains(": error[")).take(5).collect();
        let cell = format!("data/countries/XXA/{name}!arrests!B10003");
        assert_eq!(errors, [format!("{cell}: error[constraint-error]: `arested` is not a code of `stage`")]);
        fs::remove_file(&table).expect("a table");
    }
}
