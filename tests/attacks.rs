//! Attacks that once worked: numbers smuggled into print, and rows of a register shown in error messages.

use serde_json::Value;

use crate::faults::faulty;
use crate::formats::FORMATS;
use crate::project::{Project, tests};

const PROSE: &str = "data/countries/XXA/narrative/en/prosecution.typ";

/// What `check` says of prose.
fn checked(prose: &str) -> (i32, String) {
    let project = Project::minimal();
    project.write(PROSE, &format!("= Arrests\n\n{prose}\n"));
    let run = project.run(&["check", "--format", "short"]);
    (run.code, run.stdout)
}

#[test]
fn no_number_is_smuggled_through_prose() {
    for (prose, code) in [
        (r"Police freed \9\5 victims.", "unbound-number"),
        (r"#deck[In all \9\5]", "unbound-number"),
        ("#chart(\"justice\", \"In all 95\")", "forbidden-code"),
        ("#findings(finding(\"persons_arrested\", \"95 head\", [b], year: 2023))", "forbidden-code"),
        ("#n(\"persons_arrested\", year: 2023, 95)#src()", "forbidden-code"),
        ("#n(\"persons_arrested\", year: 2023)[95]#src()", "forbidden-code"),
        ("#lit[1][2]", "forbidden-code"),
        ("Police freed #period(\"0095\") victims.", "period-error"),
    ] {
        let (exit, stdout) = checked(prose);
        assert!(exit == 1 && stdout.contains(&format!("{PROSE}:3:")), "{prose}: exit {exit}\n{stdout}");
        assert!(stdout.contains(&format!("error[{code}]")), "{prose} is a {code}:\n{stdout}");
    }
}

#[test]
fn no_language_prints_another_number() {
    for (old, new) in [
        (
            "trend_up = \"rose from {before} in {then} to {now} in {when}\"",
            "trend_up = \"rose from {before} in {then} to 500 in {when}\"",
        ),
        ("approximate = \"about {value}\"", "approximate = \"about {value} or 7777\""),
    ] {
        let project = Project::minimal();
        project.replace("data/text/en.toml", old, new);
        let run = project.run(&["check", "--format", "short"]);
        assert!(run.code == 1 && run.stdout.contains("error[invalid-value]"), "{new}: {}", run.stdout);
    }
}

#[test]
fn a_band_that_ends_before_it_begins_is_a_fault() {
    let project = Project::minimal();
    project.replace("data/countries/XXA/victims.csv", "2023,identified,female,0-17,7", "2023,identified,female,17-0,7");
    let run = project.run(&["check", "--format", "short"]);
    let expected = "data/countries/XXA/victims.csv:3:24: error[constraint-error]: `17-0` ends before it begins";
    assert!(run.stdout.contains(expected), "{}", run.stdout);
}

#[test]
fn what_may_be_more_than_a_cell_of_a_register_is_not_shown() {
    let labels = "period,stage,sex,count,source,case_id,note";
    let row = "2023-04-02,arrested,female,1,court_register,K-77,Ana of Mill Lane";
    let pasted = row.replace(',', "\t");
    let files: [Vec<u8>; 6] = [
        format!("{row}\n{row}\n").into_bytes(),
        format!("{labels}\n{pasted}\n").into_bytes(),
        format!("{labels}\n\"{row}\"\n").into_bytes(),
        format!("{labels}\n2023-04-02,arrested,female,1,court_register,K-76,Ana, K-77\n").into_bytes(),
        [format!("{labels}\n").as_bytes(), &row.as_bytes()[..row.len() - 4], b"\xe9ne K-77\n"].concat(),
        format!("{}\n{}\n", labels.replace(',', ";"), row.replace(',', ";")).into_bytes(),
    ];
    for (at, bytes) in files.iter().enumerate() {
        let project = faulty(&tests().join("faults/register"));
        let path = project.path("data/countries/XXA/register/arrests.csv");
        std::fs::write(path, bytes).expect("the register can be written");
        for format in FORMATS {
            let run = project.run(&["check", "--format", format]);
            assert_eq!(run.code, 1, "file {at} is faulty");
            for secret in ["Ana", "Mill", "K-77", "2023-04-02"] {
                let shown = run.stdout.contains(secret) || run.stderr.contains(secret);
                assert!(!shown, "file {at} in {format} shows `{secret}`:\n{}", run.stdout);
            }
        }
    }
}

#[test]
fn a_change_is_cited_by_who_says_it() {
    let project = Project::named("alternatives");
    let rows = "2019,arrested,total,9,,office_2020,\n2020,arrested,total,12,,office_2020,\n2020,arrested,total,15,,office_2021,\n";
    let table = format!("period,stage,sex,count,qualifier,source,note\n{rows}");
    project.write("data/countries/XXB/arrests.csv", &table);
    let prose = "= Arrests\n\nThey were #change(\"persons_arrested\", year: 2020, since: 2019).#src()\n";
    project.write("data/countries/XXB/narrative/en/prosecution.typ", prose);
    let run = project.run(&["build", "--format", "short"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let json: Value = serde_json::from_str(&project.read("output/XXB/figures.json")).expect("JSON");
    let mut figures = json["figures"].as_array().into_iter().flatten();
    let change = figures.find(|figure| figure["id"] == "XXB/persons_arrested:2020:change=2019");
    let change = change.expect("the change is a figure");
    assert_eq!(change["value"], 6, "the first-ranked number is office_2021's");
    let other = &change["alternatives"][0];
    assert_eq!((&other["value"], &other["sources"]), (&3.into(), &vec!["office_2020"].into()), "{other}");
    assert_eq!(other["rows"].as_array().map(Vec::len), Some(2), "both rows are behind it: {other}");
}
