//! `why`, `protect --try` and what `check` sees in ledgers: what they answer the custodian, and where they refuse.

use crate::closing::release;
use crate::project::{Project, Run, files};

const ROWS: &str = "data/countries/XXA/register/victims.csv";
const SOURCES: &str = "data/countries/XXA/sources.csv";
const ARRESTS: &str = "data/countries/XXA/arrests.csv";

/// How many persons of each sex and age, none of which stands in another number.
const PERSONS: [(&str, &str, usize); 4] =
    [("female", "0-17", 211), ("male", "0-17", 307), ("female", "18+", 3), ("male", "18+", 409)];

/// A project with a small register: one year, one indicator, and 3 women.
fn small() -> Project {
    let project = Project::named("register");
    for indicator in ["breakdown", "by_province", "children", "victims_assisted"] {
        let file = project.path(&format!("data/indicators/protection/{indicator}.toml"));
        std::fs::remove_file(file).expect("there is such an indicator");
    }
    std::fs::remove_dir_all(project.path("data/countries/XXA/narrative")).expect("there is prose");
    let sources = project.read(SOURCES).replace("2021/2023", "2023");
    let kept = sources.lines().filter(|row| !row.starts_with("shelter") && !row.starts_with("hotline"));
    project.write(SOURCES, &kept.map(|row| format!("{row}\n")).collect::<String>());
    project.write(ROWS, "period,status,sex,age_group,count,source,case_id,note\n");
    PERSONS.iter().for_each(|(sex, age, number)| add(&project, (sex, age), *number, "P"));
    project
}

fn add(project: &Project, (sex, age): (&str, &str), number: usize, name: &str) {
    let row = |at: usize| format!("2023-05-05,identified,{sex},{age},1,police_register,{name}-{sex}-{age}-{at},\n");
    project.write(ROWS, &(project.read(ROWS) + &(0..number).map(row).collect::<String>()));
}

/// Runs a command as a person at a machine that is no CI.
fn run(project: &Project, arguments: &[&str]) -> Run {
    Run::of(project.command(arguments).env_remove("CI"))
}

/// What `why` says of a figure.
fn why(project: &Project, figure: &str) -> String {
    let run = run(project, &["why", figure, "--confidential"]);
    assert_eq!(run.code, 0, "{figure}: {}", run.stderr);
    run.stdout
}

const WOMEN: &str = "XXA/victims_identified:2023:sex=female,age_group=18+";

/// The other corners of the table, of which some must be withheld with the women.
const CORNERS: [&str; 3] = ["sex=female,age_group=0-17", "sex=male,age_group=18+", "sex=male,age_group=0-17"];

#[test]
fn a_withheld_figure_is_small_itself_or_protects_others() {
    let project = small();
    let women = why(&project, WOMEN);
    assert!(women.starts_with(&format!("{WOMEN}:\n  withheld: it is small itself (from 1 to 10)\n")), "{women}");
    assert!(women.contains("  its year closes with the next release"), "{women}");
    assert!(women.contains("  printed instead, less broken down: XXA/victims_identified:2023"), "{women}");
    assert!(
        women.contains("  with threshold=3 it would be printed; of its year 0 % would be withheld, now "),
        "{women}"
    );
    assert!(women.contains("threshold=5"), "3 is under 5, too: {women}");
    let mut protecting = 0;
    for corner in CORNERS {
        let figure = format!("XXA/victims_identified:2023:{corner}");
        let told = why(&project, &figure);
        let sum = "withheld: it protects another figure. Printed, it would give away XXA/victims_identified:2023";
        if told.contains(sum) {
            protecting += 1;
            assert!(told.contains(" less XXA/victims_identified:2023") || told.contains("as the sum of"), "{told}");
        } else {
            assert!(told.contains("  printed: ") || told.contains("by several sums together"), "{told}");
        }
        for number in ["211", "307", "409"] {
            assert!(!told.contains(number), "no number is told: {told}");
        }
    }
    assert!(protecting > 0, "some corner gives the women away by one sum");
    let same =
        run(&project, &["why", "XXA/victims_identified", "year=2023", "sex=female", "age_group=18+", "--confidential"]);
    assert_eq!(same.stdout, women, "as `explain` is asked");
}

#[test]
fn a_total_is_printed_and_a_year_may_not_be_due() {
    let project = small();
    let total = why(&project, "XXA/victims_identified:2023");
    assert!(total.contains("  printed: it is proved that it gives no small group away\n"), "{total}");
    let report = project.read("data/report.toml");
    project.write("data/report.toml", &format!("{report}\n[disclosure.late]\ncloses = \"2024-03-30\"\n"));
    let total = why(&project, "XXA/victims_identified:2023");
    assert!(total.contains("  not due: 3 months after 2023-12-31 are later than 2024-03-30"), "{total}");
}

#[test]
fn a_closed_figure_says_since_when_and_what_is_told_of_late_cases() {
    let project = small();
    release(&project, "one");
    add(&project, ("male", "0-17"), 40, "L");
    let total = why(&project, "XXA/victims_identified:2023");
    assert!(total.contains("  closed since 2024-12-31 by the release `one`: its number never changes\n"), "{total}");
    assert!(total.contains("  late cases: about ") && total.contains(", in steps of 15; rounded, since"), "{total}");
    let women = why(&project, WOMEN);
    for line in ["withheld since its year closed, and for good", "small itself", "only `release --correct` counts"] {
        assert!(women.contains(line), "{line}: {women}");
    }
    assert!(!women.contains("late cases"), "nothing is told of a withheld figure: {women}");
    assert!(!women.contains("with threshold"), "no rule changes a closed year: {women}");
    release(&project, "two");
    let check = run(&project, &["check", "--format", "short"]);
    assert_eq!((check.code, check.stdout.as_str()), (0, ""), "sound ledgers are no fault");
    std::fs::remove_file(project.path("data/countries/XXA/register/.closed/key")).expect("there is a key");
    let total = why(&project, "XXA/victims_identified:2023");
    assert!(
        total.contains("as the release `two` told it, because the copy of its year, or the key, is lost"),
        "{total}"
    );
    let women = why(&project, WOMEN);
    assert!(women.contains("cannot be told without the closed copy"), "{women}");
}

#[test]
fn a_publication_withholds_itself_or_a_sum_gives_it_away() {
    let project = small();
    let header = "period,stage,sex,count,qualifier,source,note\n";
    let rows = "2023,arrested,total,41,,police_2024,\n2023,arrested,female,x,,police_2024,\n2023,arrested,male,29,,police_2024,\n";
    project.write(ARRESTS, &format!("{header}{rows}"));
    let told = |figure: &str| why(&project, &format!("XXA/persons_arrested:2023{figure}"));
    assert!(told("").contains("  printed as its publication states it\n"), "{}", told(""));
    assert!(told(":sex=female").contains("  withheld by its source"), "{}", told(":sex=female"));
    let report = project.read("data/report.toml");
    project.write("data/report.toml", &format!("{report}\n[disclosure]\npublications = \"protect\"\n"));
    let parts = ["", ":sex=male"].map(told);
    let given = parts.iter().filter(|told| told.contains("a sum would give away what that source withholds")).count();
    assert_eq!(given, 1, "{parts:?}");
    assert!(told(":sex=female").contains("  withheld by its source\n"), "{}", told(":sex=female"));
}

#[test]
fn other_rules_are_tried_and_nothing_is_set() {
    let project = small();
    let before = files(project.root());
    let tried = |rules: &[&str]| {
        let options: Vec<&str> = rules.iter().flat_map(|rule| ["--try", rule]).collect();
        run(&project, &[&["protect", "--confidential"], options.as_slice()].concat())
    };
    let all = tried(&["threshold=3"]);
    let lines: Vec<&str> = all.stdout.lines().collect();
    assert_eq!((all.code, lines.len(), all.stderr.as_str()), (0, 2, ""), "{}", all.stdout);
    assert!(lines[0].starts_with("XXA/victims: ") && lines[0].ends_with(" % withheld, then 0 %"), "{}", lines[0]);
    assert_eq!(lines[1], lines[0].replace("XXA/victims", "in all"));
    let without = tried(&["without=age_group"]);
    assert!(without.stdout.ends_with("withheld, then 0 %\n"), "the sexes are large: {}", without.stdout);
    assert_eq!(tried(&["threshold=2"]).code, 2);
    let unknown = tried(&["without=colour"]);
    assert_eq!((unknown.code, unknown.stdout.as_str()), (2, ""));
    assert!(unknown.stderr.contains("no indicator is broken down by `colour`"), "{}", unknown.stderr);
    why(&project, WOMEN);
    assert_eq!(files(project.root()), before, "nothing is written");
    release(&project, "one");
    let closed = tried(&["threshold=3"]);
    let shares: Vec<&str> = closed.stdout.lines().next().expect("a line").split(' ').collect();
    assert_eq!(shares[1], shares[5], "a closed year stays as it is: {}", closed.stdout);
}

#[test]
fn the_answers_are_for_a_terminal_and_for_whoever_has_the_register() {
    let project = small();
    release(&project, "one");
    let questions: [&[&str]; 2] = [&["why", "XXA/victims_identified:2023"], &["protect", "--try", "threshold=5"]];
    for question in questions {
        let piped = run(&project, question);
        assert_eq!((piped.code, piped.stdout.as_str()), (2, ""), "{}", piped.stderr);
        assert!(piped.stderr.contains("hint: `--confidential`"), "{}", piped.stderr);
        let in_ci = Run::of(project.command(&[question, &["--confidential"]].concat()).env("CI", "true"));
        assert_eq!((in_ci.code, in_ci.stdout.as_str()), (1, ""), "{}", in_ci.stderr);
        assert!(in_ci.stderr.contains("`CI` is set"), "{}", in_ci.stderr);
    }
    std::fs::remove_dir_all(project.path("data/countries/XXA/register")).expect("there is a register");
    for question in questions {
        let without = run(&project, &[question, &["--confidential"]].concat());
        assert_eq!((without.code, without.stdout.as_str()), (1, ""), "{}", without.stderr);
        let said = ["the register of XXA is not here", "no register is here"];
        assert!(said.iter().any(|said| without.stderr.contains(said)), "{}", without.stderr);
    }
    let number = run(&project, &["why", "94", "--confidential"]);
    assert_eq!((number.code, number.stdout.as_str()), (2, ""), "{}", number.stderr);
}

#[test]
fn an_edited_ledger_is_named_where_it_was_edited() {
    let project = small();
    release(&project, "one");
    add(&project, ("male", "0-17"), 40, "L");
    release(&project, "two");
    let whole = project.read("data/ledger/two.json");
    let total = "\"XXA/victims_identified:2023:late=one\"";
    let at = whole.find(total).expect("late cases are told of the total");
    let line = 1 + whole[..at].matches('\n').count();
    let (before, after) = whole.split_at(at);
    let cases = after.find("\"cases\": ").expect("its cases");
    let digits: String = after[cases + 9..].chars().take_while(char::is_ascii_digit).collect();
    project.write(
        "data/ledger/two.json",
        &format!("{before}{}", after.replacen(&format!("\"cases\": {digits}"), "\"cases\": 7", 1)),
    );
    let check = run(&project, &["check", "--format", "short"]);
    let place = format!("data/ledger/two.json:{line}:");
    assert!(
        check.code == 1 && check.stdout.contains(&place) && check.stdout.contains("[ledger-error]: 7 late cases"),
        "{}",
        check.stdout
    );
}
