//! The formats of findings: what each is held to by those who read it.

use std::process::Stdio;

use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::Value;

use crate::project::{Project, Run};

/// Every value of `--format`.
pub const FORMATS: [&str; 6] = ["human", "short", "json", "github", "sarif", "junit"];
const ARRESTS: &str = "data/countries/XXA/arrests.csv";
const LABELS: &str = "period,stage,sex,count,qualifier,source,note";

/// The minimal project with these rows of arrests.
fn with_arrests(rows: &str) -> Project {
    let project = Project::minimal();
    project.write(ARRESTS, &format!("{LABELS}\n{rows}"));
    project
}

/// Two errors, one of them with a second place, in a file; and one in prose.
fn faulty() -> Project {
    let project = with_arrests(
        "2021,arested,total,30,,yearbook_2023,\n2023,arrested,total,41,,police_2024,\n2023,arrested,total,42,,police_2024,\n",
    );
    project.write("data/countries/XXA/narrative/en/prosecution.typ", "There were 99 arrests.\n");
    project
}

/// Many faults alike: twenty of one value, fifteen of another.
fn many() -> Project {
    let row = |stage: &str, year: usize| format!("{year},{stage},total,30,,yearbook_2023,\n");
    let first: String = (1901..1921).map(|year| row("arested", year)).collect();
    let second: String = (1921..1936).map(|year| row("chargd", year)).collect();
    with_arrests(&(first + &second))
}

fn check(project: &Project, format: &str) -> Run {
    project.run(&["check", "--format", format])
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("no JSON: {error}\n{text}"))
}

fn list<'v>(value: &'v Value, key: &str) -> &'v [Value] {
    value[key].as_array().unwrap_or_else(|| panic!("`{key}` is a list in {value}"))
}

#[test]
fn only_findings_stand_on_stdout() {
    for (project, code) in [(Project::minimal(), 0), (faulty(), 1)] {
        for format in FORMATS {
            let run = check(&project, format);
            assert_eq!((run.code, run.stderr.as_str()), (code, ""), "check --format {format}");
        }
    }
}

#[test]
fn many_findings_alike_are_shown_once_to_people() {
    let project = many();
    let (human, short) = (check(&project, "human").stdout, check(&project, "short").stdout);
    assert_eq!(short.matches("error[constraint-error]").count(), 35);
    assert_eq!(human.matches("error[constraint-error]").count(), 3);
    assert_eq!(human.matches("hint: did you mean `arrested`?").count(), 1, "a hint stands once:\n{human}");
    let others =
        "… and 32 more constraint-error in column `stage`, lines 5, 6, 7, 8 … 36; --format short lists them all";
    assert!(human.contains(others), "no line says where the others are:\n{human}");
    let values = "2 different messages, most often: 20 times `arested` is not a code of `stage`; 15 times `chargd`";
    assert!(human.contains(values), "no line tells the values:\n{human}");
    assert!(human.ends_with("\n35 errors\n"), "the tally counts all:\n{human}");
}

#[test]
fn github_shows_one_annotation_for_findings_alike() {
    let text = check(&many(), "github").stdout;
    let start =
        format!("::error file={ARRESTS},line=2,col=6,endColumn=13,title=constraint-error::`arested` is not a code");
    assert!(text.starts_with(&start), "{text}");
    assert!(text.ends_with("%0Aand 34 more constraint-error in column `stage`, lines 3, 4, 5, 6 … 36\n"), "{text}");
    assert_eq!(text.lines().count(), 1);
}

#[test]
fn github_shows_errors_first() {
    let text = check(&with_arrests(
        "2023,arrested,total,41,,police_2024,\n2023,arrested,male,1,,police_2024,\n2023,arrested,female,12,,police_2024,\n2023,arested,total,1,,police_2024,\n",
    ), "github")
    .stdout;
    let gravities: Vec<&str> = text.lines().filter_map(|line| line.split(' ').next()).collect();
    assert_eq!(gravities, ["::error", "::warning"], "{text}");
}

/// The keys without which frictionless-py refuses an error of a type.
fn keys_of(kind: &str) -> &'static [&'static str] {
    match kind {
        "type-error" | "constraint-error" | "unique-error" | "extra-cell" | "missing-cell" => {
            &["cells", "rowNumber", "cell", "fieldName", "fieldNumber"]
        }
        "blank-row" | "primary-key" => &["cells", "rowNumber"],
        "foreign-key" => &["cells", "rowNumber", "fieldNames", "fieldCells", "referenceName", "referenceFieldNames"],
        "blank-label" | "duplicate-label" | "missing-label" | "extra-label" => {
            &["labels", "rowNumbers", "label", "fieldName", "fieldNumber"]
        }
        "source-error" | "encoding-error" | "schema-error" | "table-error" | "error" => &[],
        other => panic!("`{other}` is no type that frictionless-py knows"),
    }
}

#[test]
fn json_is_a_frictionless_report() {
    for folder in crate::faults::folders() {
        let report = json(&check(&crate::faults::faulty(&folder), "json").stdout);
        let tasks = list(&report, "tasks");
        let (mut errors, mut warnings) = (0, 0);
        for task in tasks {
            for error in list(task, "errors") {
                let kind = error["type"].as_str().expect("a type");
                let always = ["title", "description", "message", "tags", "note"];
                for key in always.iter().chain(keys_of(kind)) {
                    assert!(error.get(key).is_some(), "{}: {kind} lacks `{key}`", folder.display());
                }
            }
            let count = list(task, "errors").len();
            assert_eq!((&task["stats"]["errors"], &task["valid"]), (&count.into(), &(count == 0).into()));
            errors += count;
            warnings += list(task, "warnings").len();
        }
        let stats = serde_json::json!({"tasks": tasks.len(), "errors": errors, "warnings": warnings, "seconds": 0});
        assert_eq!((&report["stats"], &report["valid"]), (&stats, &(errors == 0).into()), "{}", folder.display());
    }
}

#[test]
fn json_says_where_and_what() {
    let report = json(&check(&faulty(), "json").stdout);
    let [table, prose] = list(&report, "tasks") else { panic!("two files have findings: {report}") };
    assert_eq!((&table["place"], &table["type"]), (&ARRESTS.into(), &"table".into()));
    let [code, key] = list(table, "errors") else { panic!("two errors: {table}") };
    let cell = ["rowNumber", "fieldNumber", "fieldName", "cell", "tipbrief:column"].map(|key| code[key].clone());
    assert_eq!(serde_json::json!(cell), serde_json::json!([2, 2, "stage", "arested", 6]));
    assert_eq!(code["tipbrief:hint"], "did you mean `arrested`?");
    assert_eq!((&key["type"], &key["tipbrief:second"]["tipbrief:line"]), (&"primary-key".into(), &3.into()));
    let number = &list(prose, "errors")[0];
    assert_eq!((&prose["type"], &number["type"]), (&"file".into(), &"error".into()));
    assert_eq!((&number["tipbrief:code"], &number["tags"][0]), (&"unbound-number".into(), &"unbound-number".into()));
}

#[test]
fn sarif_points_into_its_rules_and_files() {
    let log = json(&check(&faulty(), "sarif").stdout);
    let run = &log["runs"][0];
    let rules = list(&run["tool"]["driver"], "rules");
    let results = list(run, "results");
    assert_eq!((log["version"].as_str(), rules.len(), results.len()), (Some("2.1.0"), 3, 3));
    for result in results {
        let rule = usize::try_from(result["ruleIndex"].as_u64().expect("an index")).expect("a small one");
        assert_eq!(result["ruleId"], rules[rule]["id"]);
        assert!(rules[rule]["shortDescription"]["text"].as_str().is_some_and(|text| text.ends_with('.')));
    }
    let place = &results[0]["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], ARRESTS);
    let region = serde_json::json!({"startLine": 2, "startColumn": 6, "endLine": 2, "endColumn": 13});
    assert_eq!(place["region"], region);
    assert_eq!(results[1]["relatedLocations"][0]["physicalLocation"]["region"]["startLine"], 3);
}

#[test]
fn sarif_fingerprints_outlive_rows_above() {
    let print = |rows: &str| {
        let log = json(&check(&with_arrests(rows), "sarif").stdout);
        list(&log["runs"][0], "results").iter().map(|result| result["partialFingerprints"].clone()).collect::<Vec<_>>()
    };
    let row = "2021,arested,total,30,,yearbook_2023,\n";
    let before = print(row);
    assert_eq!(before, print(&format!("2020,arrested,total,30,,yearbook_2023,\n{row}")));
    let two = print(&format!("2020,arested,total,30,,yearbook_2023,\n{row}"));
    assert!(two[0] == before[0] && two[1] != two[0], "findings alike get different ids: {two:?}");
}

/// How often each element begins, in the order of their first.
fn elements(xml: &str) -> Vec<(String, usize)> {
    let mut reader = Reader::from_str(xml);
    let mut found: Vec<(String, usize)> = Vec::new();
    loop {
        let name = match reader.read_event().unwrap_or_else(|error| panic!("no XML: {error}\n{xml}")) {
            Event::Start(tag) | Event::Empty(tag) => AsRef::<str>::as_ref(&tag.name()).to_owned(),
            Event::Eof => return found,
            _ => continue,
        };
        match found.iter_mut().find(|(known, _)| *known == name) {
            Some((_, count)) => *count += 1,
            None => found.push((name, 1)),
        }
    }
}

#[test]
fn junit_has_a_case_for_findings_alike() {
    let counted = |text: &str| elements(text).into_iter().map(|(name, n)| format!("{name} {n}")).collect::<Vec<_>>();
    let text = check(&many(), "junit").stdout;
    assert_eq!(counted(&text), ["testsuites 1", "testsuite 1", "testcase 1", "failure 1"]);
    assert_eq!(text.matches(": error[constraint-error]: ").count(), 35, "every place is named");
    let text = check(&faulty(), "junit").stdout;
    assert_eq!(counted(&text), ["testsuites 1", "testsuite 2", "testcase 3", "failure 3"]);
    let text = check(&Project::minimal(), "junit").stdout;
    assert_eq!(counted(&text), ["testsuites 1", "testsuite 1", "testcase 1"]);
}

#[test]
fn what_a_cell_holds_is_shown_and_never_obeyed() {
    let project = with_arrests("2021,a\u{1b}[31m\u{202e}\u{7}x,total,30,,yearbook_2023,\u{1b}]0;\u{7}\n");
    for format in FORMATS {
        let run = check(&project, format);
        assert!(run.stdout.contains('\n') && run.code == 1, "the fault is found by {format}");
        for raw in ['\u{1b}', '\u{202e}', '\u{7}'] {
            assert!(!run.stdout.contains(raw), "{format} hands {raw:?} on:\n{}", run.stdout);
        }
        assert!(run.stdout.contains("‹U+202E›"), "{format} does not show it:\n{}", run.stdout);
    }
}

#[test]
fn carets_stand_under_wide_and_combined_characters() {
    let project = with_arrests("2021,\"ກຳລັງ人身\",femal,30,,yearbook_2023,\n");
    let human = check(&project, "human").stdout;
    let lines: Vec<&str> = human.lines().collect();
    let carets: Vec<&str> = lines.iter().filter(|line| line.contains('^')).copied().collect();
    let [first, second] = carets[..] else { panic!("two carets:\n{human}") };
    // Lao with a vowel and a tone above, which take no column; two ideographs, which take two each; and the quotes.
    assert_eq!(first, format!("  | {}{}", " ".repeat(5), "^".repeat(2 + 4 + 4)), "{human}");
    assert_eq!(second, format!("  | {}^^^^^", " ".repeat(5 + 10 + 1)), "{human}");
}

#[test]
fn colour_is_for_terminals() {
    let project = faulty();
    let run = |set: &[(&str, &str)]| {
        let mut command = project.command(&["check"]);
        Run::of(command.env_remove("NO_COLOR").env_remove("CLICOLOR_FORCE").envs(set.iter().copied())).stdout
    };
    assert!(!run(&[]).contains('\u{1b}'), "a pipe gets no colour");
    let coloured = run(&[("CLICOLOR_FORCE", "1")]);
    assert!(coloured.contains("error[constraint-error]\u{1b}[0m: `arested`"), "{coloured}");
    assert!(!run(&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]).contains('\u{1b}'), "NO_COLOR is stronger");
}

#[test]
fn a_build_keeps_its_findings_apart_from_its_paths() {
    let project = Project::minimal();
    let run = project.run(&["build", "--format", "json"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(json(&run.stderr)["valid"], true);
    assert!(run.stdout.lines().all(|line| line.starts_with("output/") || line.contains("/output/")), "{}", run.stdout);
    let run = faulty().run(&["build", "--format", "json"]);
    assert_eq!((run.code, json(&run.stderr)["valid"].as_bool()), (1, Some(false)));
}

#[test]
fn a_run_that_breaks_off_does_not_pass_for_sound() {
    let project = Project::minimal();
    std::fs::remove_dir_all(project.path("data")).expect("there is data");
    std::fs::write(project.path("data"), "no folder").expect("a file can be written");
    for format in FORMATS {
        let run = check(&project, format);
        assert_eq!(run.code, 3, "{format}: {}{}", run.stdout, run.stderr);
        assert!(run.stderr.starts_with("error: "), "{format}: {}", run.stderr);
        let shown = match format {
            "json" => json(&run.stdout)["valid"] == false,
            "sarif" => json(&run.stdout)["runs"][0]["invocations"][0]["executionSuccessful"] == false,
            "github" => run.stdout.starts_with("::error title=tipbrief::"),
            "junit" => elements(&run.stdout).contains(&("error".to_owned(), 1)),
            _ => true,
        };
        assert!(shown, "{format} hides the failure:\n{}", run.stdout);
    }
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let project = many();
    for format in FORMATS {
        let mut command = project.command(&["check", "--format", format]);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts");
        drop(child.stdout.take());
        let output = child.wait_with_output().expect("the program ends");
        assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(1), &b""[..]), "{format}");
    }
}
