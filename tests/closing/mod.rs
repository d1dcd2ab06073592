//! Years of a register close, and late cases are told: release after release of a growing register, with what may go wrong.

mod asked;
mod decade;
mod flow;
mod kept;
mod looked;
mod machines;
mod reader;
mod tally;
mod twins;
mod why;

use std::collections::{BTreeMap, BTreeSet};

use looked::{Look, Values, closed, late, look, release};

use crate::project::Project;
use crate::protection::Seeded;

const ROWS: &str = "data/countries/XXA/register/victims.csv";
const CLOSED: &str = "data/countries/XXA/register/.closed";
const BASE: i64 = 15;

/// Random persons of a year, as the invented register has them.
fn persons(random: &mut Seeded, year: i32, number: usize, name: &str) -> String {
    let mut one = |codes: &[&str]| codes[usize::try_from(random.below(codes.len() as u64)).expect("few")].to_owned();
    let row = |number: usize| {
        let sex = one(&["female", "female", "female", "male", "male", "unknown"]);
        let age = one(&["0-14", "15-17", "18-24", "18-24", "25+"]);
        let purpose = one(&["sexual_exploitation", "sexual_exploitation", "forced_labour", "forced_marriage"]);
        let province = one(&["XA-01", "XA-01", "XA-02", "XA-03"]);
        format!(
            "{year}-02-03,identified,{sex},{age},{purpose},XXA,XXA,{province},1,police_register,{name}-{year}-{number},\n"
        )
    };
    (0..number).map(row).collect()
}

/// As many late cases of each year, and so many of a new one.
fn grow(project: &Project, seed: u64, years: std::ops::RangeInclusive<i32>, name: &str) {
    let mut random = Seeded::new(seed);
    let rows: String = years.map(|year| persons(&mut random, year, 13, name)).collect();
    project.write(ROWS, &(project.read(ROWS) + &rows));
}

/// The register covers one year more, which has as many persons as the others, and the issue is a year later.
fn a_year_later(project: &Project, year: i32) {
    let mut random = Seeded::new(u64::try_from(year).expect("a year"));
    project.write(ROWS, &(project.read(ROWS) + &persons(&mut random, year, 330, "Y")));
    let (sources, report) = ("data/countries/XXA/sources.csv", "data/report.toml");
    let longer = |row: &str| {
        let own = row.starts_with("police_register,");
        if own { row.replace(&format!("2021/{}", year - 1), &format!("2021/{year}")) } else { row.to_owned() }
    };
    project.write(sources, &project.read(sources).lines().map(|row| longer(row) + "\n").collect::<String>());
    let (before, after) = (format!("issue = \"{year}\""), format!("issue = \"{}\"", year + 1));
    project.write(report, &project.read(report).replace(&before, &after));
}

/// How many persons the register has under an id of `victims_identified` without codes.
fn persons_of(project: &Project, year: &str) -> i64 {
    let own = |row: &&str| row.starts_with(year) && row.split(',').nth(1) == Some("identified");
    i64::try_from(project.read(ROWS).lines().filter(own).count()).expect("few")
}

#[test]
fn every_year_closes_once_and_late_cases_are_told() {
    let project = Project::named("register");
    let mut before: Values = BTreeMap::new();
    let mut told: BTreeMap<String, i64> = BTreeMap::new();
    let mut tells = 0;
    for (turn, name) in ["2024", "2025", "2026", "2027"].into_iter().enumerate() {
        if turn > 0 {
            let year = 2023 + i32::try_from(turn).expect("few");
            grow(&project, turn as u64, 2021..=year - 1, name);
            a_year_later(&project, year);
        }
        let draft = look(&project);
        let (now, late_now) = (closed(&draft), late(&draft));
        for (id, value) in &before {
            assert_eq!(now[id], *value, "{name}: {id} has closed");
        }
        for (id, value) in &told {
            assert!(late_now[id] >= *value, "{name}: {id} falls from {value} to {}", late_now[id]);
        }
        for year in 2021..2023 + i32::try_from(turn).expect("few") {
            let id = format!("XXA/victims_identified:{year}");
            if let Some(value) = late_now.get(&id) {
                let off = (value - persons_of(&project, &year.to_string())).abs();
                assert!(off < BASE, "{name}: {id} is {off} off");
                tells += 1;
            }
        }
        release(&project, name);
        let again = look(&project);
        assert!(!again.release.country("XXA").expect("it is sound").is_draft(), "{name}: what is released is no draft");
        assert_eq!(closed(&again), now, "{name}: a release is printed as it was");
        assert!(late_now.is_empty() || late(&again) == late_now, "{name}: with its late cases");
        before = now;
        told = late_now;
    }
    assert!(tells >= 8, "totals are told in {tells} of 9 years");
    // Without the register, as in CI: the ledger has it all.
    std::fs::remove_dir_all(project.path("data/countries/XXA/register")).expect("there is a register");
    let without = look(&project);
    let numbers =
        |values: &Values| values.iter().filter_map(|(id, v)| Some((id.clone(), (*v)?))).collect::<BTreeMap<_, _>>();
    assert_eq!(numbers(&closed(&without)), numbers(&before));
    assert_eq!(late(&without), told);
}

/// A project with two releases, the second with late cases.
fn twice() -> Project {
    let project = Project::named("register");
    release(&project, "one");
    grow(&project, 7, 2021..=2023, "L");
    release(&project, "two");
    project
}

fn states(look: &Look) -> BTreeSet<String> {
    let country = look.release.country("XXA").expect("it is sound");
    country.years().iter().map(|year| format!("{:?}", year.state())).collect()
}

#[test]
fn an_unchanged_register_is_told_as_before() {
    let project = twice();
    let before = late(&look(&project));
    assert!(!before.is_empty());
    release(&project, "three");
    let after = look(&project);
    assert_eq!(late(&after), before);
    assert!(!after.release.country("XXA").expect("it is sound").is_draft());
}

#[test]
fn a_year_that_is_not_due_has_no_number() {
    let project = Project::named("register");
    let report = project.read("data/report.toml");
    project
        .write("data/report.toml", &format!("{report}\n[disclosure.late]\ncloses = \"2023-12-31\"\nlag_months = 3\n"));
    let now = look(&project);
    let of = |year: &str| {
        let numbers = closed(&now).into_iter().filter(|(id, _)| id.contains(&format!("/victims_identified:{year}")));
        numbers.filter(|(_, value)| value.is_some()).count()
    };
    assert!(of("2022") > 0 && of("2023") == 0, "{:?}", closed(&now));
    release(&project, "one");
    let ledger = project.read("data/ledger/one.json");
    assert!(!ledger.contains("\"2023\""), "nothing is said of it");
    project.write("data/report.toml", &format!("{report}\n[disclosure.late]\ncloses = \"2024-03-31\"\n"));
    release(&project, "two");
    let ledger = project.read("data/ledger/two.json");
    assert!(ledger.contains("\"closed\": \"2024-03-31\"") && ledger.contains("\"closed\": \"2023-12-31\""), "{ledger}");
}

#[test]
fn a_threshold_raised_between_binds_late_figures_and_no_closed_number() {
    let project = twice();
    let before = look(&project);
    let report = project.read("data/report.toml");
    project.write("data/report.toml", &format!("{report}\n[disclosure]\nthreshold = 20\n"));
    let after = look(&project);
    assert_eq!(closed(&after), closed(&before));
    let country = after.release.country("XXA").expect("it is sound");
    assert!(
        country.all_late().all(|cell| cell
            .late
            .as_ref()
            .is_some_and(|mark| mark.base >= 21 || mark.repeated || mark.release.is_some()))
    );
    for (id, value) in late(&before) {
        assert!(late(&after)[&id] >= value, "{id} falls");
    }
}

#[test]
fn a_threshold_lowered_between_prints_no_number_more_of_a_closed_year() {
    let project = twice();
    let before = look(&project);
    let report = project.read("data/report.toml");
    project.write("data/report.toml", &format!("{report}\n[disclosure]\nthreshold = 3\n"));
    let after = look(&project);
    assert_eq!(closed(&after), closed(&before), "it closed by another threshold");
    assert_eq!(late(&after), late(&before), "and what is told of it goes on in the same steps");
    // A new question is answered by the threshold of the closing, too.
    project.write(
        "data/indicators/protection/by_purpose.toml",
        "title = \"Victims, by purpose\"\nshort = \"By purpose\"\ndescription = \"Victims identified, by purpose.\"\n\
         table = \"victims\"\nmeasure = \"identified\"\nunit = \"persons\"\ndimensions = [\"sex\", \"purpose\"]\norder = 7\n",
    );
    let new = closed(&look(&project));
    let small = new.iter().filter(|(_, value)| value.is_some_and(|value| (1..11).contains(&value)));
    assert_eq!(small.collect::<Vec<_>>(), Vec::new(), "no number under the threshold of its closing");
}

#[test]
fn removed_rows_change_no_closed_number_and_drop_nothing() {
    let project = twice();
    let before = look(&project);
    let rows = project.read(ROWS);
    let kept: Vec<&str> =
        rows.lines().enumerate().filter(|(at, _)| *at == 0 || at % 50 != 0).map(|(_, row)| row).collect();
    project.write(ROWS, &(kept.join("\n") + "\n"));
    let after = look(&project);
    assert_eq!(closed(&after), closed(&before));
    for (id, value) in late(&before) {
        assert!(late(&after)[&id] >= value, "{id} falls");
    }
}

#[test]
fn one_more_case_changes_at_most_what_is_told_of_late_cases() {
    let project = twice();
    release(&project, "three");
    let before = look(&project);
    let row = "2022-05-05,identified,female,25+,forced_labour,XXA,XXA,XA-06,1,police_register,ONE,\n";
    project.write(ROWS, &(project.read(ROWS) + row));
    let after = look(&project);
    assert_eq!(closed(&after), closed(&before));
    let cost = |look: &Look| {
        let country = look.release.country("XXA").expect("it is sound");
        country.cost().map(|cost| (cost.cells, cost.withheld, cost.persons()))
    };
    assert_eq!(cost(&after), cost(&before), "the note on what protection costs says the same");
    let told = |look: &Look| {
        let country = look.release.country("XXA").expect("it is sound");
        country.all_late().map(|cell| cell.id.clone()).collect::<BTreeSet<_>>()
    };
    assert_eq!(told(&after), told(&before), "the same figures are told");
    for (id, value) in late(&before) {
        let more = late(&after)[&id] - value;
        assert!(more == 0 || more == BASE, "{id} by {more}");
    }
}
