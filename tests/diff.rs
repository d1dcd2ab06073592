//! `diff`: every cause is found where it is the cause, in each format; a withheld value is not shown again.

use std::collections::BTreeSet;
use std::fs;

use serde_json::Value;
use tipbrief::snapshots::diff::CAUSES;

use crate::expected;
use crate::project::{Project, Run, tests};

const ARRESTS: &str = "data/countries/XXA/arrests.csv";
const VICTIMS: &str = "data/countries/XXA/victims.csv";
const SOURCES: &str = "data/countries/XXA/sources.csv";
const ARRESTED: &str = "data/indicators/prosecution/persons_arrested.toml";

/// What `diff` says of two projects as they stand.
fn answer(old: &Project, new: &Project, format: &str) -> String {
    let (before, now) = (old.root().display().to_string(), new.root().display().to_string());
    let run = new.run(&["diff", &before, &now, "--format", format]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{}", run.stdout);
    // Where the projects stand is another place each time.
    run.stdout.replace(&before, "old").replace(&now, "new")
}

fn json(old: &Project, new: &Project) -> Value {
    serde_json::from_str(&answer(old, new, "json")).expect("the answer is JSON")
}

/// Two minimal projects, the later one edited.
fn edited(edit: impl FnOnce(&Project)) -> (Project, Project) {
    let (old, new) = (Project::minimal(), Project::minimal());
    edit(&new);
    (old, new)
}

/// The causes of a figure in an answer; none where it does not differ.
fn causes<'a>(answer: &'a Value, id: &str) -> BTreeSet<&'a str> {
    let figures = answer["figures"].as_array().expect("a list of figures").iter();
    let named = figures.filter(|figure| figure["id"] == id).filter_map(|figure| figure["causes"].as_array());
    named.flatten().filter_map(|cause| cause["cause"].as_str()).collect()
}

fn add(project: &Project, file: &str, rows: &str) {
    project.write(file, &(project.read(file) + rows));
}

/// A register of the police that covers a year.
fn add_register(project: &Project, covers: &str) {
    add(project, SOURCES, &format!("register,Register,Police of Examplia,,,,register,,,{covers},,\n"));
    let rows = "case_id,period,stage,sex,count,source\nA1,2020-02-03,arrested,female,1,register\n";
    project.write("data/countries/XXA/register/arrests.csv", rows);
}

/// The figure of a year that no publication covers, and a register may.
const COVERED: &str = "XXA/persons_arrested:2020";

/// A cause, two projects, and a figure of which nothing else is to be found.
type Case = (&'static str, (Project, Project), &'static str);

fn rank(project: &Project, from: &str, to: &str) {
    let row = |rank: &str| format!("police-2024,publication,{rank},");
    project.replace(SOURCES, &row(from), &row(to));
}

fn reversed((new, old): (Project, Project)) -> (Project, Project) {
    (old, new)
}

/// Two projects edited alike, the later one once more.
fn both(edit: &dyn Fn(&Project), later: &dyn Fn(&Project)) -> (Project, Project) {
    let (old, new) = edited(|_| ());
    edit(&old);
    edit(&new);
    later(&new);
    (old, new)
}

/// A second row for a year that another source counts, too.
fn second(count: &'static str) -> impl Fn(&Project) {
    move |project| add(project, ARRESTS, &format!("2021,arrested,total,{count},,police_2024,\n"))
}

/// A case for each cause, in the order of the causes.
fn cases() -> Vec<Case> {
    [what_is_declared(), sources_and_rows(), how_it_is_derived()].into_iter().flatten().collect()
}

fn what_is_declared() -> Vec<Case> {
    let other = "data/indicators/prosecution/persons_charged.toml";
    vec![
        ("country_added", edited(|new| new.add_country("XXB")), "XXB/persons_arrested:2021"),
        ("country_removed", reversed(edited(|old| old.add_country("XXB"))), "XXB/persons_arrested:2021"),
        ("newly_withheld", edited(|new| new.replace(ARRESTS, "total,30,", "total,x,")), "XXA/persons_arrested:2021"),
        (
            "part_withheld",
            edited(|new| new.replace(VICTIMS, "male,0-17,3,", "male,0-17,x,")),
            "XXA/victims_identified:2023",
        ),
        (
            "no_longer_withheld",
            reversed(edited(|old| old.replace(ARRESTS, "total,30,", "total,x,"))),
            "XXA/persons_arrested:2021",
        ),
        (
            "indicator_added",
            edited(|new| new.write(other, &new.read(ARRESTED).replace("key_figure = 1\n", ""))),
            "XXA/persons_charged:2021",
        ),
        (
            "indicator_removed",
            reversed(edited(|old| old.write(other, &old.read(ARRESTED).replace("key_figure = 1\n", "")))),
            "XXA/persons_charged:2021",
        ),
        (
            "definition_changed",
            edited(|new| new.replace(ARRESTED, "on suspicion of trafficking in persons", "by the police")),
            "XXA/persons_arrested:2021",
        ),
    ]
}

fn sources_and_rows() -> Vec<Case> {
    vec![
        (
            "source_changed",
            edited(|new| new.replace(ARRESTS, "total,30,,yearbook_2023", "total,31,,police_2024")),
            "XXA/persons_arrested:2021",
        ),
        ("ranking_changed", both(&second("29"), &|new| rank(new, "1", "3")), "XXA/persons_arrested:2021"),
        ("source_record_changed", both(&second("29"), &|new| rank(new, "1", "3")), "XXA/persons_arrested:2021"),
        ("row_corrected", edited(|new| new.replace(ARRESTS, "total,41,", "total,42,")), "XXA/persons_arrested:2023"),
        ("row_added", edited(|new| add(new, ARRESTS, "2020,arrested,total,8,,police_2024,\n")), COVERED),
        (
            "row_removed",
            edited(|new| new.replace(ARRESTS, "2021,arrested,total,30,,yearbook_2023,\n", "")),
            "XXA/persons_arrested:2021",
        ),
        (
            "alternatives_changed",
            both(&second("30"), &|new| {
                new.replace(ARRESTS, "total,30,,yearbook", "total,33,,yearbook");
            }),
            "XXA/persons_arrested:2021",
        ),
        ("agreement_changed", both(&|p| rank(p, "1", "3"), &second("30")), "XXA/persons_arrested:2021"),
    ]
}

fn how_it_is_derived() -> Vec<Case> {
    vec![
        (
            "no_longer_derived",
            edited(|new| new.replace(VICTIMS, "2023,identified,male,0-17,3,,police_2024,\n", "")),
            "XXA/victims_identified:2023",
        ),
        (
            "rule_changed",
            edited(|new| add(new, VICTIMS, "2023,identified,total,total,40,,police_2024,\n")),
            "XXA/victims_identified:2023",
        ),
        ("register_changed", both(&|p| add(p, VICTIMS, ""), &|new| add_register(new, "2020")), COVERED),
        ("unexplained", edited(|new| new.replace(ARRESTED, "unit = \"persons\"", "unit = \"cases\"")), ""),
    ]
}

#[test]
fn every_cause_is_found() {
    let cases = cases();
    let tried: Vec<&str> = cases.iter().map(|(cause, ..)| *cause).collect();
    assert_eq!(tried, CAUSES.iter().map(|cause| cause.code).collect::<Vec<_>>(), "each cause has a case");
    for (cause, (old, new), figure) in cases.iter().filter(|(.., figure)| !figure.is_empty()) {
        let answer = json(old, new);
        let found = causes(&answer, figure);
        assert!(found.contains(cause), "{cause} of {figure}: {found:?}");
    }
}

/// A build that says something of everything.
fn later_build(project: &Project) {
    // Above the others: what only moves is no correction.
    project.replace(
        ARRESTS,
        "2021,arrested,total,30,,yearbook_2023,\n",
        "2020,arrested,total,7,,yearbook_2023,\n2021,arrested,total,30,,police_2024,\n",
    );
    project.replace(ARRESTS, "2023,arrested,total,41,", "2023,arrested,total,43,");
    project.replace(VICTIMS, "2022,identified,total,total,..", "2022,identified,total,total,5");
    project.replace(VICTIMS, "male,0-17,3,", "male,0-17,x,");
    project.replace("data/indicators/protection/victims_identified.toml", "the country’s authorities", "the police");
}

#[test]
fn the_answers_are_those_expected() {
    let (old, new) = edited(later_build);
    let folder = tests().join("diff");
    let faults: Vec<String> = [("text", "answer.txt"), ("markdown", "answer.md"), ("json", "answer.json")]
        .into_iter()
        .filter_map(|(format, file)| expected::text(&folder.join(file), &answer(&old, &new, format)))
        .collect();
    expected::conclude(&faults);
}

#[test]
fn the_same_builds_give_the_same_answer() {
    let (old, new) = edited(later_build);
    for format in ["text", "markdown", "json"] {
        assert_eq!(answer(&old, &new, format), answer(&old, &new, format), "{format}");
    }
    assert!(answer(&new, &new, "text").ends_with("no figure differs\n"));
}

#[test]
fn a_row_that_moves_is_no_correction() {
    let (old, new) = edited(|new| {
        let text = new.read(ARRESTS);
        let (labels, rows) = text.split_once('\n').expect("labels");
        let mut rows: Vec<&str> = rows.lines().collect();
        rows.reverse();
        new.write(ARRESTS, &format!("{labels}\n{}\n", rows.join("\n")));
    });
    assert_eq!(json(&old, &new)["figures"], Value::Array(Vec::new()));
}

#[test]
fn a_corrected_key_is_a_correction() {
    let (old, new) = edited(|new| new.replace(ARRESTS, "2021,arrested,total,30", "2020,arrested,total,30"));
    let text = answer(&old, &new, "text");
    assert_eq!(
        text.matches("row corrected: data/countries/XXA/arrests.csv:2, period 2021 → 2020").count(),
        2,
        "{text}"
    );
    assert!(!text.contains("row added") && !text.contains("row removed"), "{text}");
}

#[test]
fn what_is_newly_withheld_is_not_shown_again() {
    // 888 is withdrawn; 999 is its other part, and 1887 their sum.
    let (old, new) = edited(|_| ());
    for project in [&old, &new] {
        project.replace(VICTIMS, "male,0-17,3,", "male,0-17,888,");
        project.replace(VICTIMS, "male,18+,10,", "male,18+,999,");
    }
    new.replace(VICTIMS, "male,0-17,888,", "male,0-17,x,");
    new.replace(VICTIMS, "male,18+,999,", "male,18+,1000,");
    for format in ["text", "markdown", "json"] {
        let answer = answer(&old, &new, format);
        for number in ["888", "999", "1887"] {
            assert!(!answer.contains(number), "{format} says {number} again:\n{answer}");
        }
        assert!(answer.contains("1000"), "the number printed now is shown:\n{answer}");
    }
}

#[test]
fn what_prose_compares_is_compared_between_builds_and_tells_nothing_either() {
    let prose = "data/countries/XXA/narrative/en/prosecution.typ";
    let compared = "= Arrests\n\nArrests changed by #change(\"persons_arrested\", year: 2023, since: 2021, or_state: true).#src()\n";
    let (old, new) = edited(|_| ());
    for project in [&old, &new] {
        project.write(prose, compared);
        project.replace(ARRESTS, "2021,arrested,total,30,", "2021,arrested,total,641,");
    }
    old.build();
    new.replace(ARRESTS, "2023,arrested,total,41,", "2023,arrested,total,43,");
    new.build();
    let folders = || [&old, &new].map(|project| project.path("output").display().to_string());
    let json = |from: &str, to: &str| new.run(&["diff", from, to, "--format", "json"]).stdout;
    let [before, now] = folders();
    let answer = serde_json::from_str(&json(&before, &now)).expect("JSON");
    assert!(!causes(&answer, "XXA/persons_arrested:2023:change=2021").is_empty(), "{answer}");
    let root = old.root().display().to_string();
    assert!(!json(&root, &now).contains(":change="), "without prose there is none");
    // 641 and the old change, 600 fewer, tell each other.
    new.replace(ARRESTS, "2021,arrested,total,641,", "2021,arrested,total,x,");
    new.build();
    let answer = json(&before, &now);
    assert!(answer.contains(":change=2021") && !answer.contains("641") && !answer.contains("600"), "{answer}");
}

#[test]
fn no_row_of_a_register_is_shown() {
    let (old, new) = edited(|_| ());
    add_register(&old, "2020");
    add_register(&new, "2020/2021");
    let empty = "\n[[confirmed_empty]]\nsource = \"register\"\nmeasure = \"arrests/arrested\"\nperiod = \"2021\"\n";
    add(&new, "data/countries/XXA/country.toml", empty);
    for format in ["text", "markdown", "json"] {
        let answer = answer(&old, &new, format);
        assert!(!answer.contains("register/") && !answer.contains("A1"), "{format}:\n{answer}");
    }
}

#[test]
fn output_folders_are_compared_by_their_figures() {
    let (old, new) = edited(later_build);
    old.build();
    // Prose that was bound to what is withheld now still builds.
    new.build();
    let (before, now) = (old.path("output").display().to_string(), new.path("output").display().to_string());
    let run = new.run(&["diff", &before, &now]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    let text = run.stdout.replace(&before, "old").replace(&now, "new");
    expected::conclude(&expected::text(&tests().join("diff/folders.txt"), &text).into_iter().collect::<Vec<_>>());
    // Without definitions nothing explains a unit.
    for project in [&old, &new] {
        fs::remove_file(project.path("output/XXA/tables/datapackage.json")).expect("there is a package");
    }
    let figures = old.read("output/XXA/figures.json").replace("\"unit\": \"persons\"", "\"unit\": \"cases\"");
    new.write("output/XXA/figures.json", &figures);
    let run = new.run(&["diff", &before, &now, "--format", "json"]);
    let answer = serde_json::from_str(&run.stdout).expect("JSON");
    assert_eq!(causes(&answer, "XXA/persons_arrested:2021"), BTreeSet::from(["unexplained"]));
}

#[test]
fn the_exit_code_tells_what_went_wrong() {
    let (old, new) = edited(|new| new.replace(ARRESTS, "2021,arrested", "2021,arested"));
    let (before, now) = (old.root().display().to_string(), new.root().display().to_string());
    let ended = |run: Run| (run.code, run.stdout, run.stderr);
    let (code, stdout, stderr) = ended(new.run(&["diff", &before, &now]));
    assert_eq!((code, stdout.as_str()), (1, ""), "faults leave nothing to compare");
    assert!(
        stderr.contains(&format!("in `{now}`:")) && stderr.contains("arests") || stderr.contains("arested"),
        "{stderr}"
    );
    // Of two countries one is sound.
    old.add_country("XXB");
    new.add_country("XXB");
    new.write("data/countries/XXB/arrests.csv", &old.read("data/countries/XXB/arrests.csv"));
    let (code, stdout, _) = ended(new.run(&["diff", &before, &now]));
    assert_eq!(code, 0, "{stdout}");
    assert!(stdout.contains("note: XXA is not compared: its data has errors"), "{stdout}");
    assert_eq!(ended(new.run(&["diff", &before, &now, &now])).0, 2, "wrong usage");
    assert_eq!(ended(new.run(&["diff", &before])).0, 1, "nothing is built that it could be compared with");
    let empty = old.path("data/text").display().to_string();
    let (code, stdout, stderr) = ended(new.run(&["diff", &empty, &now]));
    assert_eq!((code, stdout.as_str()), (3, ""), "a folder that is no output");
    assert!(stderr.contains("figures.json"), "{stderr}");
    old.write("broken/XXA/figures.json", "{");
    let broken = old.path("broken").display().to_string();
    assert_eq!(ended(new.run(&["diff", &broken, &broken])).0, 3, "a file that is no JSON");
}

#[test]
fn without_arguments_the_last_build_is_compared_with_the_one_before() {
    let project = Project::minimal();
    let asked = |arguments: &[&str]| project.run(&[&["diff"], arguments].concat());
    let nothing = asked(&[]);
    assert_eq!((nothing.code, nothing.stderr.contains("nothing is built yet")), (1, true), "{}", nothing.stderr);
    project.build();
    let first = asked(&[]);
    assert_eq!((first.code, first.stderr.contains("no build has changed a figure")), (1, true), "{}", first.stderr);
    project.replace(ARRESTS, "2022,arrested,total,0", "2022,arrested,total,1");
    project.build();
    let changed = asked(&[]);
    assert_eq!((changed.code, changed.stderr.as_str()), (0, ""), "{}", changed.stdout);
    assert!(changed.stdout.contains("XXA/persons_arrested:2022"), "{}", changed.stdout);
    // A build that changes no figure leaves it as it is; one more name is compared with what stands in `output/`.
    let kept = project.read("output/.previous/XXA/figures.json");
    project.build();
    assert_eq!(project.read("output/.previous/XXA/figures.json"), kept);
    let named = project.path("output/.previous").display().to_string();
    assert_eq!(
        asked(&[&named]).stdout.replace(&named, "output/.previous").lines().count(),
        changed.stdout.lines().count()
    );
    project.replace(ARRESTS, "2022,arrested,total,1", "2022,arrested,total,2");
    project.build();
    assert_ne!(project.read("output/.previous/XXA/figures.json"), kept);
    // It is no output.
    assert_eq!(project.run(&["verify"]).code, 0);
    for list in ["manifest.json", "SHA256SUMS", "index.html"] {
        assert!(!project.read(&format!("output/{list}")).contains(".previous"), "{list}");
    }
    let files = crate::project::files(&project.path("output/.previous"));
    assert_eq!(files, ["XXA/figures.json", "XXA/tables/datapackage.json"]);
}

#[cfg(unix)]
#[test]
fn what_is_kept_for_diff_is_written_through_no_link() {
    let (project, elsewhere) = (Project::minimal(), tempfile::TempDir::new().expect("a temporary folder"));
    project.build();
    fs::write(elsewhere.path().join("theirs"), "").expect("a file can be written");
    std::os::unix::fs::symlink(elsewhere.path(), project.path("output/.previous")).expect("a link can be made");
    project.replace(ARRESTS, "2022,arrested,total,0", "2022,arrested,total,1");
    project.build();
    assert!(!project.path("output/.previous").is_symlink(), "the link is replaced");
    let entries = fs::read_dir(elsewhere.path()).expect("the folder is there").count();
    assert_eq!(entries, 1, "nothing is taken from or written to where it led");
}
