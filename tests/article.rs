//! The article that the first brief grew from: each of its figures is in the Laos brief, traced to a row that states it.

use std::sync::OnceLock;

use serde_json::Value;

use crate::pdf;
use crate::project::{Project, Run};

/// What the article states: the figure's id, its value, its qualifier.
const FIGURES: [(&str, &str, &str); 9] = [
    ("LAO/cases_investigated:2007", "38", "exact"),
    ("LAO/persons_arrested:2007", "23", "exact"),
    ("LAO/cases_under_prosecution:2007", "8", "exact"),
    ("LAO/cases_under_investigation:2008-01/2008-03", "20", "exact"),
    ("LAO/repatriated:2007-04/2008-03:from_country=THA", "280", "exact"),
    ("LAO/repatriated:2008-01/2008-03:from_country=THA", "21", "exact"),
    ("LAO/awaiting_return:2008-03-31:from_country=THA", "100", "approximate"),
    ("LAO/tier_rating:2018", "3", "exact"),
    ("LAO/tier_rating:2023", "2", "exact"),
];

/// What it tells without a number: each topic is a dated fact of its own.
const TOPICS: [&str; 16] = [
    "sex_trafficking_all_groups",
    "migrants_forced",
    "progress_prosecution",
    "officials_trained",
    "officials_exposed",
    "progress_protection",
    "referral_not_home",
    "victims_encouraged",
    "fines_instruction",
    "iom_office",
    "efforts_prevention",
    "nightclub_raids",
    "tourism_seminars",
    "hotel_posters",
    "youth_union_day",
    "oc_index_claim",
];

fn built() -> &'static (Project, Run) {
    static BUILT: OnceLock<(Project, Run)> = OnceLock::new();
    BUILT.get_or_init(|| {
        let project = Project::series();
        let run = project.run(&["build", "--format", "short"]);
        (project, run)
    })
}

/// The series of the tests, built once for all of them.
pub fn series() -> &'static Project {
    let (project, run) = built();
    assert_eq!(run.code, 0, "the build of the series ends well:\n{}", run.stderr);
    project
}

/// `figures.json` of Laos, by id.
fn figure(id: &str) -> Value {
    static FIGURES: OnceLock<Value> = OnceLock::new();
    let file = FIGURES.get_or_init(|| serde_json::from_str(&series().read("output/LAO/figures.json")).expect("JSON"));
    let figures = file["figures"].as_array().expect("figures.json holds figures");
    figures.iter().find(|figure| figure["id"] == id).unwrap_or_else(|| panic!("there is no figure {id}")).clone()
}

/// A number or a text, as it is written.
fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn texts(value: &Value) -> Vec<&str> {
    value.as_array().expect("a list").iter().map(|text| text.as_str().expect("a text")).collect()
}

#[test]
fn every_figure_of_the_article_is_printed_in_the_record() {
    for (id, value, qualifier) in FIGURES {
        let figure = figure(id);
        assert_eq!(plain(&figure["value"]), value, "the value of {id}");
        assert_eq!(figure["qualifier"], qualifier, "the qualifier of {id}");
        assert_eq!(figure["status"], "published", "the status of {id}");
        assert!(!texts(&figure["sources"]).is_empty(), "{id} has a source");
        assert!(texts(&figure["printed"]).contains(&"en/annex.pdf"), "{id} is printed in the record");
    }
}

#[test]
fn every_figure_of_the_article_is_traced_to_rows_that_state_it() {
    for (id, value, _) in FIGURES {
        let figure = figure(id);
        let rows = texts(&figure["rows"]);
        assert!(!rows.is_empty(), "{id} is traced to a row");
        for row in rows {
            let (path, line) = row.rsplit_once(':').unwrap_or_else(|| panic!("{row} is a path and a line"));
            let line: usize = line.parse().unwrap_or_else(|error| panic!("{row}: {error}"));
            let text = series().read(path);
            let text = text.lines().nth(line - 1).unwrap_or_else(|| panic!("{path} has no line {line}"));
            assert!(text.split(',').any(|cell| cell == value), "{id} is {value}, but {row} says: {text}");
        }
    }
}

#[test]
fn every_topic_of_the_article_is_printed_in_the_record_as_its_row_has_it() {
    let bare = |text: &str| text.chars().filter(|letter| letter.is_alphanumeric()).collect::<String>();
    let pdf = std::fs::read(series().path("output/LAO/en/annex.pdf")).expect("the annex is there");
    let printed = bare(&tipbrief::document::trace::pages(&pdf).expect("the PDF can be read").concat().concat());
    let table = series().read("data/countries/LAO/events.csv");
    let mut rows = csv::Reader::from_reader(table.as_bytes());
    let rows: Vec<csv::StringRecord> = rows.records().map(|row| row.expect("a row")).collect();
    for topic in TOPICS {
        let row = rows.iter().find(|row| &row[0] == topic).unwrap_or_else(|| panic!("there is no dated fact {topic}"));
        assert!(["tip_2008", "wikipedia_laos"].contains(&&row[4]), "{topic} is the article's: {row:?}");
        assert!(printed.contains(&bare(&row[3])), "{topic} is not printed: {}", &row[3]);
    }
}

#[test]
fn the_published_tables_hold_the_figures_too() {
    let table = |indicator: &str| series().read(&format!("output/LAO/tables/{indicator}.csv"));
    assert!(
        table("persons_arrested").lines().any(|row| row.starts_with("2007,") && row.contains(",23,persons,exact,"))
    );
    let awaiting = table("awaiting_return");
    assert!(awaiting.lines().any(|row| row.starts_with("2008-03-31,THA,100,persons,approximate,")), "{awaiting}");
}

#[test]
fn the_build_of_the_series_warns_only_of_what_its_sources_tell_themselves() {
    let (_, run) = built();
    // Numbers that UNODC withholds and that its own totals give away.
    let place = "data/imports/unodc_glotip_2025.kept.csv:";
    let warnings = || run.stderr.lines().filter(|line| line.contains(": warning["));
    let fonts = series().path(".tools/fonts").is_dir();
    let known = |line: &str| {
        let withheld = line.starts_with(place) && line.contains(": warning[reckonable-value]: ");
        let apart = line.starts_with(place) && line.contains(": warning[margin-mismatch]: ");
        withheld || apart || !fonts && line.contains(": warning[missing-face]: ")
    };
    assert!(run.code == 0 && warnings().all(known), "no fault, and no warning of Typst:\n{}", run.stderr);
    let rows = warnings().filter(|line| line.starts_with(place)).count();
    assert_eq!(rows, 20, "{}", run.stderr);
}

#[test]
fn the_donor_summary_has_two_pages() {
    assert_eq!(pdf::open(series(), "LAO/en/donor-summary.pdf").get_pages().len(), 2);
}
