//! The date of what happened, as several sources give it: "or" stands only between dates that cannot both be true.

use crate::project::Project;

/// The alternatives of an event's date, in the words of the brief.
fn brief(dates: [&str; 2]) -> String {
    let project = Project::minimal();
    let rows: String = dates
        .iter()
        .zip(["police_2024", "yearbook_2023"])
        .map(|(date, source)| format!("law,{date},prosecution,A law was passed.,{source},\n"))
        .collect();
    project.write("data/countries/XXA/events.csv", &format!("id,date,section,text,source,note\n{rows}"));
    project.build();
    let pdf = std::fs::read(project.path("output/XXA/en/brief.pdf")).expect("the brief is there");
    let runs = tipbrief::document::trace::pages(&pdf).expect("the PDF can be read").concat();
    let text = runs.join(" ").split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(text.contains("A law was passed."), "{text}");
    text
}

#[test]
fn a_coarser_date_agrees_with_a_finer_one_that_it_contains() {
    for dates in [["2021", "2021-09"], ["2021-09", "2021"]] {
        let text = brief(dates);
        assert!(text.contains("September 2021") && !text.contains("or 2021"), "{dates:?}: {text}");
    }
}

#[test]
fn dates_that_cannot_both_be_true_stand_side_by_side() {
    let text = brief(["2021-09", "2022"]);
    assert!(text.contains("September 2021") && text.contains("or 2022"), "{text}");
}
