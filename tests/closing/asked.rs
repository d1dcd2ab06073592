//! What is newly asked of closed years, what publications say of them, and stocks.

use std::collections::BTreeMap;

use super::{CLOSED, Look, ROWS, Values, closed, grow, late, look, release, twice};
use crate::project::Project;

#[test]
fn what_is_newly_asked_of_a_closed_year_is_counted_in_its_copy() {
    let project = twice();
    let before = closed(&look(&project));
    let newly = "data/indicators/protection/by_purpose.toml";
    project.write(
        newly,
        "title = \"Victims, by purpose\"\nshort = \"By purpose\"\ndescription = \"Victims identified, by purpose.\"\n\
         table = \"victims\"\nmeasure = \"identified\"\nunit = \"persons\"\ndimensions = [\"purpose\"]\norder = 7\n",
    );
    let now = look(&project);
    let (now, draft) = (closed(&now), now.release.country("XXA").expect("it is sound").is_draft());
    for (id, value) in &before {
        assert_eq!(now[id], *value, "{id} has closed");
    }
    let total = "XXA/by_purpose:2022";
    assert!(draft && now[total] == before["XXA/victims_identified:2022"], "{:?}", now.get(total));
    let parts = now.iter().filter(|(id, value)| id.starts_with("XXA/by_purpose:2022:") && value.is_some()).count();
    assert!(parts > 0, "some of its parts are proved");
    release(&project, "three");
    assert_eq!(closed(&look(&project)), now);
    // Without the copy nothing new can be proved.
    let project = twice();
    std::fs::remove_dir_all(project.path(CLOSED)).expect("something is kept");
    project.write(
        newly,
        &std::fs::read_to_string(project.path("data/indicators/protection/children.toml"))
            .expect("it is there")
            .replace("Children identified", "Others")
            .replace("0-17", "18+")
            .replace("order = 3", "order = 8"),
    );
    let now = closed(&look(&project));
    let new = now.iter().filter(|(id, value)| id.starts_with("XXA/by_purpose:2022") && value.is_some()).count();
    assert_eq!(new, 0, "{now:?}");
}

#[test]
fn a_publication_that_contradicts_a_closed_number_stops_what_is_new_and_nothing_else() {
    let project = twice();
    let before = look(&project);
    let sources = "data/countries/XXA/sources.csv";
    let report = "report_2022,Report,Police,2024-02,,https://example.org/r,publication,3,police_register,,,\n";
    project.write(sources, &(project.read(sources) + report));
    let total = closed(&before)["XXA/victims_identified:2022"].expect("it is printed");
    let publish = |count: i64| {
        let rows =
            format!("period,status,sex,count,qualifier,source,note\n2022,identified,total,{count},,report_2022,\n");
        project.write("data/countries/XXA/victims.csv", &rows);
        let run = project.run(&["check", "--format", "short"]);
        let warned = run.stdout.lines().any(|line| {
            line.starts_with("data/countries/XXA/victims.csv:2:")
                && line.contains("this publication repeats a register")
        });
        (run.code, warned)
    };
    assert_eq!(publish(total), (0, false), "it says what the closed year says");
    grow(&project, 10, 2022..=2022, "P");
    let same = look(&project);
    assert!(told_anew(&same, "2022"), "nothing is told that the closed year does not say");
    assert_eq!(publish(total + 20), (0, true), "it tells how many came late");
    let other = look(&project);
    assert!(!told_anew(&other, "2022") && told_anew(&other, "2021"), "of that year the last numbers are told again");
    let of_register = |look: &Look| {
        // The publication ranks before the register where it gives the same total.
        let totals = ["XXA/victims_identified:2022", "XXA/by_province:2022"];
        let all = closed(look).into_iter().filter(|(id, _)| !totals.contains(&id.as_str()));
        all.collect::<Values>()
    };
    assert_eq!(of_register(&other), of_register(&before));
}

/// Whether the late cases of a year are told anew.
fn told_anew(look: &Look, year: &str) -> bool {
    let country = look.release.country("XXA").expect("it is sound");
    let own = country.all_late().filter(|cell| cell.indicator == "victims_identified");
    let mut of_year = own.filter(|cell| cell.period.text() == year);
    of_year.any(|cell| cell.late.as_ref().is_some_and(|mark| mark.release.is_none()))
}

const SHELTERED: &str = "data/indicators/protection/sheltered.toml";

#[test]
fn a_stock_closes_at_its_last_counted_day() {
    let project = Project::named("register");
    project.write(
        SHELTERED,
        "title = \"Victims in shelters\"\nshort = \"Sheltered\"\ndescription = \"Victims in shelters on the day of the count.\"\n\
         table = \"victims\"\nmeasure = \"sheltered\"\nunit = \"persons\"\ndimensions = [\"sex\"]\norder = 6\n",
    );
    let rows = |day: &str, sex: &str, persons: usize| {
        format!("{day},sheltered,{sex},18-24,forced_labour,XXA,XXA,XA-01,{persons},shelter_register,,\n")
    };
    let counts = [("2021-12-31", 50, 50), ("2022-06-30", 80, 70), ("2022-12-15", 60, 40), ("2023-12-31", 30, 3)];
    let all: String = counts.iter().map(|(day, f, m)| rows(day, "female", *f) + &rows(day, "male", *m)).collect();
    project.write(ROWS, &(project.read(ROWS) + &all));
    let of = |look: &Look| {
        let own = closed(look).into_iter().filter(|(id, _)| id.contains("/sheltered:"));
        own.filter_map(|(id, value)| Some((id.replace("XXA/sheltered:", ""), value?))).collect::<BTreeMap<_, _>>()
    };
    let now = of(&look(&project));
    let is = |key: &str| now.get(key).copied();
    assert_eq!((is("2022-12-15"), is("2022-12-15:sex=female"), is("2023-12-31")), (Some(100), Some(60), Some(33)));
    assert_eq!((is("2023-12-31:sex=male"), is("2023-12-31:sex=female")), (None, None), "three are protected");
    assert!(!now.keys().any(|key| key.starts_with("2022-06") || key == "2022"), "{now:?}");
    release(&project, "one");
    project.write(ROWS, &(project.read(ROWS) + &rows("2023-12-31", "unknown", 20)));
    let after = look(&project);
    assert_eq!(of(&after), now, "it has closed");
    assert!(late(&after).keys().all(|id| !id.contains("/sheltered:")), "a stock has no late cases");
    std::fs::remove_dir_all(project.path("data/countries/XXA/register")).expect("there is a register");
    assert_eq!(of(&look(&project)), now, "without the register");
}
