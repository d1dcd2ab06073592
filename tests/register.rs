//! A confidential register, published: what is printed of it, release after release, and that nobody can be worked out.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::project::Project;

const ROWS: &str = "data/countries/XXA/register/victims.csv";
const PROSE: &str = "data/countries/XXA/narrative/en/protection.typ";

fn project() -> Project {
    Project::named("register")
}

/// With a publication that was computed from the register.
fn repeated() -> Project {
    let project = project();
    let sources = "data/countries/XXA/sources.csv";
    let report = "report_2022,Report,Police,2023-02,,https://example.org/r,publication,3,police_register,,,\n";
    project.write(sources, &(project.read(sources) + report));
    project
}

fn figures(project: &Project) -> Vec<Value> {
    let json: Value = serde_json::from_str(&project.read("output/XXA/figures.json")).expect("JSON");
    json["figures"].as_array().expect("figures").clone()
}

/// The values of the register's figures, by id; none for one that is withheld.
fn values(project: &Project) -> BTreeMap<String, Option<i64>> {
    let of_register = |figure: &&Value| figure.get("filter").is_some();
    let value = |figure: &Value| (figure["id"].as_str().expect("an id").to_owned(), figure["value"].as_i64());
    figures(project).iter().filter(of_register).map(value).collect()
}

/// What the register itself counts under an id of `victims_identified`.
fn counted(project: &Project, year: &str, sex: Option<&str>) -> i64 {
    let rows = project.read(ROWS);
    let matches = |row: &&str| {
        let cells: Vec<&str> = row.split(',').collect();
        cells[0].starts_with(year) && cells[1] == "identified" && sex.is_none_or(|sex| cells[2] == sex)
    };
    i64::try_from(rows.lines().skip(1).filter(matches).count()).expect("few rows")
}

/// Adds so many persons to the register, of one year, sex and age.
fn grow(project: &Project, persons: usize, name: &str) {
    let row = |number: usize| format!("2023-05-05,identified,{WHO},1,police_register,{name}-{number},\n");
    let rows: String = (0..persons).map(row).collect();
    project.write(ROWS, &(project.read(ROWS) + &rows));
}

const WHO: &str = "female,25+,forced_labour,XXA,XXA,XA-01";

#[test]
fn what_is_printed_is_what_the_register_counts() {
    let project = project();
    project.build();
    let values = values(&project);
    assert_eq!(values["XXA/victims_identified:2023"], Some(counted(&project, "2023", None)));
    let withheld = values.values().filter(|value| value.is_none()).count();
    assert!(withheld > 0 && withheld < values.len() / 2, "{withheld} of {} are withheld", values.len());
    assert!(values.values().flatten().all(|value| *value == 0 || *value >= 11), "a small number is printed");
}

#[test]
fn a_register_shows_filters_and_no_rows() {
    let project = project();
    project.build();
    for figure in figures(&project).iter().filter(|figure| figure.get("filter").is_some()) {
        assert!(figure.get("rows").is_none(), "{figure}");
        let withheld = figure["status"] == "withheld";
        assert_eq!(figure["value"].is_null(), withheld, "{figure}");
        let rule = if withheld { "withheld" } else { "counted in a register" };
        assert_eq!(figure["rule"], rule, "nothing tells which cell was withheld first");
    }
}

/// A table of the output, as somebody would audit it: the dimensions, and `x` for what is withheld.
fn table(project: &Project, indicator: &str) -> String {
    let csv = project.read(&format!("output/XXA/tables/{indicator}.csv"));
    let labels: Vec<&str> = csv.lines().next().expect("labels").split(',').collect();
    let value = labels.iter().position(|label| *label == "value").expect("a value");
    let mut text = labels[..=value].join(",") + "\n";
    // Of a cell that several sources give, the value that is printed first.
    for line in csv.lines().skip(1).filter(|line| line.ends_with(",1")) {
        let cells: Vec<&str> = line.split(',').collect();
        let shown = if cells[value + 3] == "withheld" { "x" } else { cells[value] };
        text += &format!("{},{shown}\n", cells[..value].join(","));
    }
    text
}

#[test]
fn the_tables_of_the_output_withstand_their_own_audit() {
    let project = project();
    project.build();
    for indicator in ["victims_identified", "by_province"] {
        project.write(&format!("{indicator}.csv"), &table(&project, indicator));
    }
    let tables = ["victims_identified.csv", "by_province.csv"];
    let run = project.run(&[&["audit", "--value", "value", "--mark", "x", "--format", "json"], &tables[..]].concat());
    let answer: Value = serde_json::from_str(&run.stdout).expect("JSON");
    assert!(answer["withheld"].as_i64() > Some(50), "{answer}");
    for key in ["exact", "narrow", "undecided"] {
        assert_eq!(answer[key], 0, "{answer}");
    }
}

#[test]
fn the_order_of_rows_changes_nothing() {
    let (one, other) = (project(), project());
    let rows = other.read(ROWS);
    let (labels, body) = rows.split_once('\n').expect("labels");
    let mut lines: Vec<&str> = body.lines().collect();
    lines.reverse();
    other.write(ROWS, &format!("{labels}\n{}\n", lines.join("\n")));
    one.build();
    other.build();
    assert_eq!(one.read("output/XXA/figures.json"), other.read("output/XXA/figures.json"));
}

#[test]
fn a_draft_says_so_until_it_is_released() {
    let project = project();
    project.build();
    let before = values(&project);
    assert_eq!(project.run(&["verify"]).code, 0);
    let run = project.run(&["release", "first"]);
    assert_eq!((run.code, run.stdout.contains("data/ledger/first.json")), (0, true), "{}", run.stderr);
    let ledger = project.read("data/ledger/first.json");
    assert!(!ledger.contains("null"), "nothing withheld is in the ledger: {ledger}");
    assert_eq!(project.run(&["verify"]).code, 1, "the ledger is new among the inputs");
    project.build();
    assert_eq!(before, values(&project), "a release is printed as it was");
    std::fs::remove_dir_all(project.path("data/countries/XXA/register")).expect("there is a register");
    project.build();
    assert_eq!(before, values(&project), "without the register its numbers are the ledger's");
}

#[test]
fn a_closed_number_never_changes() {
    let project = project();
    project.build();
    assert_eq!(project.run(&["release", "first"]).code, 0);
    let before = values(&project);
    for (more, name) in [(3, "N"), (40, "M")] {
        grow(&project, more, name);
        project.build();
        let now = values(&project);
        let changed: Vec<_> = before.iter().filter(|(id, value)| now[*id] != **value).collect();
        assert!(changed.is_empty(), "{more} more persons: {changed:?}");
    }
}

#[test]
fn a_draft_is_not_kept_as_a_snapshot() {
    let project = project();
    project.build();
    for file in ["figures.json", "tables/datapackage.json"] {
        project.write(&format!("data/snapshots/2023/XXA/{file}"), &project.read(&format!("output/XXA/{file}")));
    }
    let report = project.read("data/report.toml");
    project.write("data/report.toml", &format!("previous = \"2023\"\n{report}"));
    let run = project.run(&["check", "--format", "short"]);
    assert_eq!(run.code, 1, "{}", run.stderr);
    let draft = "`XXA/victims_identified:2023` of a register was not released";
    assert!(
        run.stdout.contains("data/snapshots/2023/XXA/figures.json:") && run.stdout.contains(draft),
        "{}",
        run.stdout
    );
    project.write("data/report.toml", &report);
    assert_eq!(project.run(&["release", "first"]).code, 1, "what is kept is among the inputs");
    std::fs::rename(project.path("data/snapshots"), project.path("kept")).expect("it can be moved");
    assert_eq!(project.run(&["release", "first"]).code, 0);
    std::fs::rename(project.path("kept"), project.path("data/snapshots")).expect("it can be moved");
    project.write("data/report.toml", &format!("previous = \"2023\"\n{report}"));
    assert_eq!(project.run(&["check", "--format", "short"]).code, 0, "what was released may be kept");
}

#[test]
fn a_correction_says_what_it_exposes() {
    let project = project();
    project.build();
    assert_eq!(project.run(&["release", "first"]).code, 0);
    grow(&project, 3, "N");
    let correct =
        |name: &str, more: &[&str]| project.run(&[&["release", name, "--correct", "XXA/victims:2023"], more].concat());
    let shown = correct("second", &[]);
    assert!(shown.stdout.contains("XXA/victims_identified:2023: "), "{}", shown.stdout);
    assert!(!shown.stdout.contains("2022"), "only one year is reopened: {}", shown.stdout);
    let last = "error: nothing is written yet; add `--yes` to write it\n";
    assert_eq!((shown.code, shown.stderr.as_str()), (2, last), "it is shown first");
    let refused = correct("second", &["--yes"]);
    assert_eq!(refused.code, 1, "it reveals few persons: {}", refused.stderr);
    assert!(!project.path("data/ledger/second.json").exists(), "and nothing is written");
    let run = correct("second", &["--yes", "--expose"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stdout.starts_with(&shown.stdout) && run.stdout.contains("second.json"), "{}", run.stdout);
    let ledger = project.read("data/ledger/first.json");
    let again = correct("first", &["--yes", "--expose"]);
    assert_eq!((again.code, project.read("data/ledger/first.json")), (1, ledger), "what was released stays on record");
    assert_eq!(project.run(&["release", "third", "--yes"]).code, 2, "only a correction is accepted");
    let nowhere = project.run(&["release", "third", "--correct", "XXA/victims:1999"]);
    assert!(nowhere.stderr.contains("`XXA/victims:1999` is no closed year"), "{}", nowhere.stderr);
    project.build();
    assert_eq!(values(&project)["XXA/victims_identified:2023"], Some(counted(&project, "2023", None)));
}

#[test]
fn a_closed_number_is_explained_as_it_was_closed() {
    let project = project();
    project.build();
    let before = project.run(&["explain", "XXA/victims_identified:2023"]);
    assert!(before.stdout.contains("rule        counted in a register\n"), "{}", before.stdout);
    assert_eq!(project.run(&["release", "first"]).code, 0);
    let released = counted(&project, "2023", None);
    grow(&project, 3, "N");
    let now = counted(&project, "2023", None);
    for query in ["XXA/victims_identified:2023", &released.to_string()] {
        let run = project.run(&["explain", query]);
        let wanted = "rule        counted in a register; the year closed on 2024-12-31, with the release `first`\n";
        assert!(run.stdout.contains(wanted) && run.stdout.contains(&format!("{released} persons")), "{}", run.stdout);
        let secrets = [now.to_string(), "differs".into(), "N-0".into()];
        assert!(secrets.iter().all(|secret| !run.stdout.contains(secret.as_str())), "{}", run.stdout);
    }
    std::fs::remove_dir_all(project.path("data/countries/XXA/register")).expect("there is a register");
    let without = project.run(&["explain", "XXA/victims_identified:2023"]);
    let wanted = "the year closed on 2024-12-31, with the release `first`\n";
    assert!(without.stdout.contains(wanted), "{}{}", without.stdout, without.stderr);
}

#[test]
fn a_release_is_made_from_its_own_documents_only() {
    let project = project();
    project.build();
    grow(&project, 40, "N");
    let run = project.run(&["release", "first"]);
    assert_eq!(run.code, 1, "the documents print other numbers");
    assert!(!project.path("data/ledger/first.json").exists());
    project.build();
    assert_eq!(project.run(&["release", "first"]).code, 0);
    project.write("output/XXA/tables/victims_identified.csv", "changed\n");
    assert_eq!(project.run(&["verify"]).code, 1);
    assert_eq!(project.run(&["release", "second"]).code, 1);
    assert_eq!(project.run(&["release", "../second"]).code, 2, "a release's name is no path");
}

#[test]
fn what_a_publication_tells_of_few_persons_stops_the_build() {
    let project = repeated();
    let few = counted(&project, "2022", Some("unknown"));
    assert!((1..11).contains(&few), "the register has few of unknown sex: {few}");
    let rows = format!("period,status,sex,count,qualifier,source,note\n2022,identified,unknown,{few},,report_2022,\n");
    project.write("data/countries/XXA/victims.csv", &rows);
    let run = project.run(&["build"]);
    assert_eq!(run.code, 4, "{}", run.stderr);
    assert!(run.stderr.contains("XXA/victims_identified"), "the indicator is named: {}", run.stderr);
    assert!(!run.stderr.contains(&few.to_string()), "the value never: {}", run.stderr);
    assert!(!project.path("output/XXA").exists(), "nothing is written");
}

/// A limit is known of the group that it withholds: a table in which that group is large would overstep it.
#[test]
fn the_limit_of_a_publication_of_the_register_withholds_its_year() {
    let project = repeated();
    project.write(PROSE, "= Victims\n\nThere were #n(\"victims_identified\", year: 2023).#src()\n");
    let rows = |count: &str| {
        let row = format!("2022,identified,unknown,{count},,report_2022,\n");
        project
            .write("data/countries/XXA/victims.csv", &format!("period,status,sex,count,qualifier,source,note\n{row}"));
        project.build();
        let of_year = |year: &'static str| {
            values(&project).into_iter().filter(move |(id, _)| id.contains(&format!("/victims_identified:{year}")))
        };
        let printed = |year| of_year(year).filter(|(_, value)| value.is_some()).count();
        (printed("2022"), printed("2023"))
    };
    let (year, next) = rows("x");
    assert!(year > 0 && next > 0, "a number withheld without a limit says nothing");
    assert_eq!(rows("<5"), (0, next), "of the year nothing is printed, and of the next one all as before");
}

#[test]
fn a_higher_threshold_withholds_what_a_lower_one_does() {
    let mut withheld: Vec<Vec<String>> = Vec::new();
    for threshold in [3, 5, 11] {
        let project = project();
        let report = project.read("data/report.toml");
        project.write("data/report.toml", &format!("{report}\n[disclosure]\nthreshold = {threshold}\n"));
        project.build();
        let small =
            |(id, value): (String, Option<i64>)| value.is_some_and(|v| (1..threshold).contains(&v)).then_some(id);
        assert_eq!(values(&project).into_iter().filter_map(small).collect::<Vec<_>>(), Vec::<String>::new());
        withheld.push(values(&project).into_iter().filter(|(_, value)| value.is_none()).map(|(id, _)| id).collect());
    }
    assert!(withheld[0].len() < withheld[2].len(), "a higher threshold costs more");
}

#[test]
fn a_higher_threshold_withholds_for_primary_reasons_what_a_lower_one_does() {
    use tipbrief::disclosure::protect::suppress::sensitive;
    use tipbrief::project::policy::Policy;
    for units in 0..30 {
        let withheld = |threshold| sensitive(units, &Policy { threshold, ..Policy::default() });
        assert!((3..20).all(|threshold| !withheld(threshold) || withheld(threshold + 1)), "{units} units");
    }
}

#[test]
fn a_low_threshold_is_stated_in_the_document() {
    let project = project();
    let report = project.read("data/report.toml");
    project.write("data/report.toml", &format!("{report}\n[disclosure]\nthreshold = 5\n"));
    project.build();
    let text = |project: &Project| {
        let pdf = std::fs::read(project.path("output/XXA/en/brief.pdf")).expect("a brief");
        let runs = tipbrief::document::trace::pages(&pdf).expect("a PDF").concat().join(" ");
        runs.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let lowered = text(&project);
    assert!(lowered.contains("A lower threshold than usual"), "{lowered}");
    assert!(lowered.contains("fewer than 5 persons"), "the mark is explained: {lowered}");
    assert!(lowered.contains("Draft: holds figures"), "{lowered}");
    let run = project.run(&["release", "first"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    project.build();
    assert!(!text(&project).contains("Draft: holds figures"), "what is released is no draft");
}

#[test]
fn a_policy_that_protects_nobody_is_refused() {
    let project = project();
    let report = project.read("data/report.toml");
    project.write("data/report.toml", &format!("{report}\n[disclosure]\nthreshold = 2\nweights = \"none\"\n"));
    let run = project.run(&["check", "--format", "short"]);
    assert_eq!(run.code, 1);
    assert!(
        run.stdout.contains("protects nobody") && run.stdout.contains("`none` is not a way to weigh cells"),
        "{}",
        run.stdout
    );
}

#[test]
fn a_draft_may_hold_tables_that_break_over_pages() {
    let project = Project::series_of("LAO", &["en", "lo", "fr"]);
    let sources = "data/countries/LAO/sources.csv";
    let register = "case_register,Case register,The desk,,,,register,,,2021/2023,,,,\n";
    project.write(sources, &format!("{}{register}", project.read(sources)));
    let row = |at: usize| {
        format!(
            "202{}-03-01,arrested,{},unknown,unknown,1,case_register,K-{at}\n",
            1 + at % 3,
            ["female", "male"][at % 2]
        )
    };
    let rows: String = (0..120).map(row).collect();
    project.write(
        "data/countries/LAO/register/arrests.csv",
        &format!("period,stage,sex,nationality,purpose,count,source,case_id\n{rows}"),
    );
    let run = project.run(&["build", "--format", "short"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(!run.stderr.contains("typst-error"), "{}", run.stderr);
}
