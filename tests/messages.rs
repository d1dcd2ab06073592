//! What people read of a run: one error for one slip, errors where they are seen, and sound projects in silence.

use crate::formats::FORMATS;
use crate::project::Project;

const ARRESTS: &str = "data/countries/XXA/arrests.csv";
const VICTIMS: &str = "data/countries/XXA/victims.csv";
const SOURCES: &str = "data/countries/XXA/sources.csv";
const PROSE: &str = "data/countries/XXA/narrative/en/prosecution.typ";

/// The findings of a check, a line each.
fn findings(project: &Project) -> Vec<String> {
    project.run(&["check", "--format", "short"]).stdout.lines().map(str::to_owned).collect()
}

/// The one finding of a check.
fn only(project: &Project) -> String {
    let found = findings(project);
    assert_eq!(found.len(), 1, "{found:#?}");
    found.into_iter().next().unwrap_or_default()
}

#[test]
fn rows_that_are_no_data_are_one_error_each() {
    for (above, below, expected) in [
        ("sep=,\n", "", "1:1: error[stray-row]: line 1 names a separator"),
        ("\u{feff}sep=,\r\n", "", "1:1: error[stray-row]: line 1 names a separator"),
        ("Arrests by year\n\nExamplia, 2021 to 2023\n", "", "1:1: error[stray-row]: lines 1 to 3 are above the labels"),
        ("#date,#indicator,,#value,,#meta+source,\n", "", "1:1: error[stray-row]: line 1 contains HXL tags"),
        ("", "\nSource: Police, Examplia\n", "7:1: error[stray-row]: line 7 is a note"),
        ("", ",,,,,,\n* Provisional,,,,,,\n† Revised,,,,,,\n", "7:1: error[stray-row]: lines 7 and 8 are notes"),
        ("", "1) Provisional figures\n2) Persons, not cases\n", "6:1: error[stray-row]: lines 6 and 7 are notes"),
        ("", "Total,,,71,,,\n", "6:1: error[stray-row]: line 6 adds up other rows"),
        ("", "period,stage,sex,count,qualifier,source,note\n", "6:1: error[stray-row]: line 6 repeats the labels"),
    ] {
        let project = Project::minimal();
        project.write(ARRESTS, &format!("{above}{}{below}", project.read(ARRESTS)));
        let found = only(&project);
        assert!(found.starts_with(&format!("{ARRESTS}:{expected}")), "{above:?} {below:?}: {found}");
    }
}

#[test]
fn rows_of_data_are_not_taken_for_notes() {
    for row in [
        "2024-01,arrested,total,5,,police_2024,Source: the police said so.\n",
        "2024-01,arrested,total,5,,police_2024,* Provisional\n",
        "2024-01,arrested,total,5,,police_2024,#date\n",
        "2024-01,arrested,total,5,,police_2024,note\n",
    ] {
        let project = Project::minimal();
        // Sources that speak of themselves in the same words.
        project.replace(SOURCES, "Police statistics", "Source: notes on totals");
        project.write(ARRESTS, &(project.read(ARRESTS) + row));
        let errors: Vec<String> = findings(&project).into_iter().filter(|line| line.contains(": error[")).collect();
        assert!(!errors.iter().any(|line| line.contains("stray-row")), "{row}: {errors:?}");
    }
    let project = Project::minimal();
    project.write(ARRESTS, &(project.read(ARRESTS) + "2024,arrested\n"));
    assert!(only(&project).contains("error[missing-cell]"), "a row that is not finished is one");
}

#[test]
fn no_row_of_a_register_is_shown_that_is_taken_for_no_data() {
    let project = Project::minimal();
    project.write(SOURCES, &(project.read(SOURCES) + "case_files,Case files,Police,,,,register,3,,2021/2023,,\n"));
    let rows = "Ana of Harbour\nperiod,stage,sex,count,source,note,case_id\n2021,arrested,female,1,case_files,,K-1\n\n\
                Source: Berta of Mill Lane\n";
    project.write("data/countries/XXA/register/arrests.csv", rows);
    assert_eq!(findings(&project).iter().filter(|line| line.contains("stray-row")).count(), 2);
    for format in FORMATS {
        let stdout = project.run(&["check", "--format", format]).stdout;
        assert!(
            !["Ana", "Harbour", "Berta", "Mill Lane"].iter().any(|secret| stdout.contains(secret)),
            "{format}: {stdout}"
        );
    }
    // A register without labels: its first row is a person's.
    project.write("data/countries/XXA/register/arrests.csv", "2021,arrested,Ana,1,case_files,Harbour,K-1\n");
    for format in FORMATS {
        let stdout = project.run(&["check", "--format", format]).stdout;
        assert!(!["Ana", "Harbour"].iter().any(|secret| stdout.contains(secret)), "{format}: {stdout}");
    }
}

#[test]
fn one_bracket_in_prose_is_one_error_and_other_files_are_reported() {
    let project = Project::minimal();
    project.replace(PROSE, "year: 2023) persons", "year: 2023 persons");
    assert_eq!(only(&project), format!("{PROSE}:3:18: error[typst-error]: unclosed delimiter"));
    project.replace(ARRESTS, "2023,arrested,total,41", "2023,arrested,total,4l");
    assert_eq!(findings(&project).len(), 2);
}

#[test]
fn a_code_of_users_is_declared_by_its_name() {
    let project = Project::minimal();
    let rows = "period,status,sex,age_group,nationality,count,qualifier,source,note\n\
                2023,identified,total,total,QMA,7,,police_2024,\n";
    project.write(VICTIMS, rows);
    let expected = format!("{VICTIMS}:2:29: error[constraint-error]: no declaration says which country `QMA` is");
    assert_eq!(only(&project), expected);
    project.replace("data/text/en.toml", "[countries]\n", "[countries]\nQMA = \"Otherland\"\n");
    assert_eq!(findings(&project), Vec::<String>::new());
}

#[test]
fn a_letter_that_a_declared_face_has_passes() {
    let project = Project::minimal();
    project.replace(SOURCES, "Police statistics", "ສະຖິຕິ 2023");
    assert!(only(&project).starts_with(&format!("{SOURCES}:2:13: error[missing-face]")));
    let text = project.read("data/text/en.toml");
    let at = text.find("\n[").expect("a catalogue has tables");
    let font = "\n[font]\nfamily = \"DejaVu Sans\"\n";
    project.write("data/text/en.toml", &format!("{}{font}{}", &text[..at], &text[at..]));
    assert_eq!(findings(&project), Vec::<String>::new());
}

#[test]
fn errors_come_last_and_quiet_leaves_them_alone() {
    let project = Project::minimal();
    project.replace(VICTIMS, "source,note\n", "source,note,,\n");
    // Periods that overlap are a warning, below the error in the same file.
    project.write(ARRESTS, &(project.read(ARRESTS) + "2020-07/2021-06,arrested,total,31,,yearbook_2023,\n"));
    project.replace(ARRESTS, "2023,arrested,total,41", "2023,arrested,total,4l");
    let people = project.run(&["check"]).stdout;
    let place = |word: &str| people.find(word).unwrap_or_else(|| panic!("no {word} in:\n{people}"));
    assert!(people.starts_with("1 note (1 blank-label); --format short lists them\n"), "{people}");
    assert!(place(": warning[") < place(": error["), "{people}");
    let quiet = project.run(&["check", "--quiet"]);
    assert!(quiet.code == 1 && quiet.stdout.ends_with("\n1 error\n"), "{}", quiet.stdout);
    assert!(!quiet.stdout.contains("warning") && !quiet.stdout.contains("note"), "{}", quiet.stdout);
    let short = project.run(&["check", "-q", "--format", "short"]).stdout;
    assert_eq!(short.lines().count(), 1, "{short}");
    let [json, all] =
        [&["check", "-q", "--format", "json"][..], &["check", "--format", "json"]].map(|a| project.run(a).stdout);
    assert_eq!(json, all, "the formats for machines keep all");
}
