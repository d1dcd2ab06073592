//! What a review of the program found: slips that once passed, and never shall again.

use std::fs;

use crate::project::{Project, Run};

const COUNTRY: &str = "data/countries/XXA";

fn table(name: &str) -> String {
    format!("{COUNTRY}/{name}.csv")
}

fn prose() -> String {
    format!("{COUNTRY}/narrative/en/prosecution.typ")
}

fn check(project: &Project) -> Run {
    project.run(&["check", "--format", "short"])
}

/// Appends rows to a table.
fn append(project: &Project, path: &str, rows: &str) {
    let text = project.read(path);
    project.write(path, &format!("{text}{rows}"));
}

fn refused(run: &Run, code: &str) {
    let named = run.stdout.contains(&format!(": error[{code}]: "));
    assert!(run.code == 1 && named, "an error[{code}] is due; exit {}, it says:\n{}", run.code, run.stdout);
}

fn one_line(run: &Run) {
    assert_eq!(run.stdout.lines().count(), 1, "one slip, one finding:\n{}", run.stdout);
}

// ------------------------------------------------------------------------------------------------------------ tables

#[test]
fn a_comma_too_few_or_too_many_is_one_slip() {
    for (row, due) in [
        // One cell is missing in the middle: the others still fit, one column further on.
        ("2024,arrested,3,,police_2024,", "arrests.csv:6:1: error[missing-cell]"),
        ("2024,total,3,,police_2024,", "arrests.csv:6:1: error[missing-cell]"),
        // A thousands separator, and a note with a comma.
        ("2024,arrested,total,1,030,,police_2024,", "arrests.csv:6:40: error[extra-cell]"),
        ("2024,arrested,total,3,,police_2024,police, army", "arrests.csv:6:43: error[extra-cell]"),
    ] {
        let project = Project::minimal();
        append(&project, &table("arrests"), &format!("{row}\n"));
        let run = check(&project);
        one_line(&run);
        assert!(run.stdout.contains(due), "{row}: {due} is due, and found is\n{}", run.stdout);
    }
}

#[test]
fn another_slip_in_a_row_with_a_missing_comma_is_told_too() {
    let project = Project::minimal();
    append(&project, &table("arrests"), "2024,arested,3,,police_2024,\n");
    let run = check(&project);
    refused(&run, "missing-cell");
    assert!(run.stdout.contains("`arested` is not a code") && run.stdout.lines().count() == 2, "{}", run.stdout);
}

#[test]
fn a_year_into_the_next_is_no_month() {
    let project = Project::minimal();
    append(&project, &table("arrests"), "2023-24,arrested,total,3,,police_2024,\n");
    let run = check(&project);
    refused(&run, "period-error");
    let run = project.run(&["check"]);
    assert!(run.stdout.contains("such as `2023-04/2024-03`; for both years `2023/2024`"), "{}", run.stdout);
}

// ---------------------------------------------------------------------------------------------- disclosure and trust

#[test]
fn a_register_cited_in_a_public_table_is_a_fault() {
    let project = Project::minimal();
    append(&project, &table("sources"), "court_register,Register,Court,,,,register,,,2020/2024,,\n");
    append(&project, &table("arrests"), "2024,arrested,total,3,,court_register,\n");
    refused(&check(&project), "publication-error");
}

#[test]
fn a_register_row_is_one_person_of_a_register() {
    for row in [
        "2023-01-01,arrested,2,,court_register,K-1",
        "2023-01-01,arrested,1,approximate,court_register,K-1",
        "2023-01-01,arrested,1,,police_2024,K-1",
    ] {
        let project = Project::minimal();
        append(&project, &table("sources"), "court_register,Register,Court,,,,register,,,2020/2024,,\n");
        project.write(
            &format!("{COUNTRY}/register/arrests.csv"),
            &format!("period,stage,count,qualifier,source,case_id\n{row}\n"),
        );
        assert_eq!(check(&project).code, 1, "{row} is a fault");
    }
}

#[test]
fn a_literal_holds_no_code() {
    for body in ["#read(\"/view.json\")", "#import \"/theme.typ\"", "#n(\"nonsense\", year: 2023)", "$1/2$"] {
        let project = Project::minimal();
        project.write(&prose(), &format!("= Arrests\n\nSo #lit[{body}].\n"));
        let run = check(&project);
        assert_eq!(run.code, 1, "#lit[{body}] is forbidden:\n{}", run.stdout);
    }
}

#[test]
fn a_number_in_an_argument_is_unbound() {
    for call in ["#lead(\"In all, 41 were arrested.\")", "#lead(41)", "#aside(\"41\")"] {
        let project = Project::minimal();
        project.write(&prose(), &format!("= Arrests\n\n{call}\n"));
        refused(&check(&project), "unbound-number");
    }
}

#[test]
fn a_numbered_list_is_unbound() {
    let project = Project::minimal();
    project.write(&prose(), "= Arrests\n\n+ One\n+ Two\n");
    refused(&check(&project), "unbound-number");
}

// --------------------------------------------------------------------------------------------------- rules of reading

#[test]
fn a_breakdown_is_taken_whole_from_its_first_source() {
    let project = Project::minimal();
    let rows = [
        "2020,arrested,female,5,,police_2024,",
        "2020,arrested,male,x,,police_2024,",
        "2020,arrested,female,6,,yearbook_2023,",
        "2020,arrested,male,9,,yearbook_2023,",
        "",
    ];
    append(&project, &table("arrests"), &rows.join("\n"));
    project.build();
    let released = project.read("output/XXA/tables/persons_arrested.csv");
    assert!(released.contains("2020,female,5,"), "{released}");
    assert!(released.contains("2020,male,,persons,,withheld,"), "the first source withholds the men:\n{released}");
}

#[test]
fn one_period_in_two_spellings_is_one_key() {
    let project = Project::minimal();
    append(&project, &table("arrests"), "2021-01/2021-12,arrested,total,33,,yearbook_2023,\n");
    refused(&check(&project), "primary-key");
}

#[test]
fn rows_that_cannot_both_be_true_warn() {
    let female_and_male = "2020,identified,female,total,10,,police_2024,\n2020,identified,male,total,5,,police_2024,\n";
    let ages = "2020,identified,total,0-17,9,,police_2024,\n2020,identified,total,18+,9,,police_2024,\n";
    let margin = "2020,identified,total,total,14,,police_2024,\n";
    let overlap = "2019-01/2019-06,identified,total,total,5,,police_2024,\n2019-04/2019-09,identified,total,total,5,,police_2024,\n";
    for rows in [format!("{female_and_male}{ages}"), format!("{female_and_male}{margin}"), overlap.to_owned()] {
        let project = Project::minimal();
        append(&project, &table("victims"), &rows);
        let run = check(&project);
        assert!(run.stdout.contains(": warning["), "a warning is due for\n{rows}");
    }
}

// ------------------------------------------------------------------------------------------ what passes and should not

#[test]
fn a_first_build_with_a_fault_exits_with_1() {
    let project = Project::minimal();
    project.replace(&table("arrests"), "2023,arrested,total,41", "2023,arrested,total,many");
    let run = project.run(&["build"]);
    assert_eq!(run.code, 1, "{}", run.stderr);
}

#[test]
fn a_wrong_page_count_is_reported_without_prose() {
    let project = Project::minimal();
    append(&project, "data/report.toml", "pages = 9\n");
    fs::remove_file(project.path(&format!("{COUNTRY}/narrative/en/brief.typ"))).expect("there is a brief.typ");
    let run = project.run(&["build", "--format", "short"]);
    let expected = format!("{COUNTRY}/narrative/en/brief.typ:1:1: warning[typst-error]: ");
    assert!(run.code == 0 && run.stderr.contains(&expected), "exit {}, it says:\n{}", run.code, run.stderr);
    assert!(project.path("output/XXA/en/brief.pdf").is_file(), "a country without prose is published");
}

#[test]
fn prose_and_declarations_are_utf_8() {
    for (path, bytes) in
        [(prose(), b"= Caf\xe9\n".as_slice()), (format!("{COUNTRY}/country.toml"), b"name = \"Ex\xe4mplia\"\n")]
    {
        let project = Project::minimal();
        fs::write(project.path(&path), bytes).expect("the file can be written");
        refused(&check(&project), "encoding-error");
    }
}

#[test]
fn an_empty_declaration_is_a_fault() {
    for path in ["data/indicators/prosecution/persons_arrested.toml", "data/text/en.toml"] {
        let project = Project::minimal();
        project.write(path, "");
        project.write(&prose(), "= Arrests\n\nNone.\n");
        fs::remove_file(project.path("data/indicators/prosecution/justice.toml")).expect("there is a justice.toml");
        let run = check(&project);
        assert!(run.stdout.contains(&format!("{path}:1:1: error[")), "a fault of {path} is due:\n{}", run.stdout);
    }
}

#[test]
fn a_report_without_languages_or_documents_is_a_fault() {
    let project = Project::minimal();
    project.replace("data/report.toml", "languages = [\"en\"]\n", "");
    refused(&check(&project), "missing-field");
}

// ------------------------------------------------------------------------------------- findings that mislead or repeat

#[test]
fn a_missing_table_is_one_finding() {
    let project = Project::minimal();
    fs::remove_file(project.path(&table("sources"))).expect("there is a sources.csv");
    one_line(&check(&project));
}

#[test]
fn a_wrong_label_is_one_finding() {
    for label in ["", "sexx"] {
        let project = Project::minimal();
        project.replace(&table("arrests"), "period,stage,sex,", &format!("period,stage,{label},"));
        one_line(&check(&project));
    }
}

#[test]
fn an_unknown_table_is_one_finding() {
    let project = Project::minimal();
    project.replace("data/indicators/protection/victims_identified.toml", "\"victims\"", "\"victimes\"");
    one_line(&check(&project));
}

#[test]
fn a_name_that_does_not_exist_is_pointed_at() {
    let project = Project::minimal();
    project.replace("data/indicators/prosecution/justice.toml", "[\"persons_arrested\",", "[\"persons_arested\",");
    project.replace("data/report.toml", "id = \"brief\"", "id = \"breif\"");
    let run = check(&project);
    assert!(run.stdout.contains("data/indicators/prosecution/justice.toml:2:12: "), "{}", run.stdout);
    assert!(run.stdout.contains("data/report.toml:7:6: "), "{}", run.stdout);
}

#[test]
fn a_complaint_of_a_function_stands_at_its_call() {
    let project = Project::minimal();
    project.write(&prose(), "= Arrests\n\n#band[\n  #chart(\"justice\")[None]\n]\n");
    let run = project.run(&["build", "--format", "short"]);
    assert!(run.stderr.starts_with(&format!("{}:4:4: ", prose())), "{}", run.stderr);
}

#[test]
fn what_typst_says_stands_at_its_column() {
    let project = Project::minimal();
    project.write(&prose(), "= Arrests\n\nNever ** so.\n");
    let run = project.run(&["build", "--format", "short"]);
    assert!(run.stderr.starts_with(&format!("{}:3:7: warning[typst-error]: ", prose())), "{}", run.stderr);
}

#[test]
fn control_characters_are_not_printed() {
    let project = Project::minimal();
    project.replace(&table("arrests"), "2023,arrested,total,41", "2023,arrested,total,\u{1b}[2J41\u{7}");
    for format in ["short", "human"] {
        let run = project.run(&["check", "--format", format]);
        assert!(!run.stdout.contains(['\u{1b}', '\u{7}']), "{format} prints {:?}", run.stdout);
    }
}
