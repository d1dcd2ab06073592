//! Every kind of chart with its edge cases, built by the product itself: each fits its page, no type is too small, and what
//! each says to a listener is as expected, word for word.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::OnceLock;

use regex::Regex;

use crate::expected;
use crate::pdf::open;
use crate::project::{Project, files, tests};
use crate::structure::elements;

/// One point, forty years, all states, many series, long names and large numbers, nothing.
pub const COUNTRIES: [&str; 6] = ["XXA", "XXB", "XXC", "XXD", "XXE", "XXF"];

/// The smallest type of a chart, 7.6 points, at twenty units to the millimetre.
const SMALLEST: f64 = 53.5;

/// The highest drawing that a page holds, at twenty units to the millimetre.
const HIGHEST: f64 = 220.0 * 20.0;

/// The gallery, built once.
pub fn built() -> &'static Project {
    static BUILT: OnceLock<Project> = OnceLock::new();
    BUILT.get_or_init(|| {
        let project = Project::named("gallery");
        project.build();
        project
    })
}

/// The drawings of the gallery, by path.
fn drawings() -> Vec<(String, String)> {
    let output = built().path("output");
    let paths = files(&output).into_iter().filter(|path| path.ends_with(".svg"));
    paths.map(|path| (path.clone(), std::fs::read_to_string(output.join(&path)).expect("a drawing"))).collect()
}

fn numbers(text: &str, pattern: &str) -> Vec<f64> {
    let pattern = Regex::new(pattern).expect("a pattern");
    pattern.captures_iter(text).map(|found| found[1].parse().expect("a number")).collect()
}

#[test]
fn every_kind_of_chart_is_in_the_gallery() {
    let source = std::fs::read_to_string(tests().join("../src/project/indicator/chart.rs")).expect("the chart kinds");
    let kinds = Regex::new(r#"(?m)^    [A-Z]\w+ = "([a-z]+)","#).expect("a pattern");
    let kinds: BTreeSet<String> = kinds.captures_iter(&source).map(|found| found[1].to_owned()).collect();
    assert!(kinds.len() > 8, "the chart kinds are found: {kinds:?}");
    let folder = built().path("data/indicators");
    let declared: String =
        files(&folder).iter().map(|path| std::fs::read_to_string(folder.join(path)).expect("a declaration")).collect();
    for kind in kinds {
        assert!(declared.contains(&format!("kind = \"{kind}\"")), "no chart of the gallery is of the kind `{kind}`");
    }
}

#[test]
fn no_type_is_too_small_and_no_chart_too_high() {
    let drawings = drawings();
    assert!(drawings.len() > 40, "the gallery is drawn");
    for (path, svg) in drawings {
        let sizes = numbers(&svg, r#"font-size="([0-9.]+)""#);
        assert!(sizes.iter().all(|size| *size >= SMALLEST), "{path}: type of {sizes:?}");
        let height = numbers(&svg, r#"<svg[^>]* height="([0-9.]+)""#);
        assert!(height.iter().all(|height| *height <= HIGHEST), "{path}: {height:?}");
    }
}

#[test]
fn every_chart_says_what_it_shows() {
    let mut differences = Vec::new();
    for country in COUNTRIES {
        let document = open(built(), &format!("{country}/en/brief.pdf"));
        let figures = elements(&document).into_iter().filter(|element| element.role == "Figure");
        let alternatives: Vec<String> = figures.filter_map(|figure| figure.alternative).collect();
        let path = tests().join("projects/gallery/expected").join(format!("{country}.txt"));
        if expected::blessing() {
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("the folder can be made");
        }
        differences.extend(expected::text(Path::new(&path), &(alternatives.join("\n\n") + "\n")));
    }
    expected::conclude(&differences);
}

/// A figure in the data: its state, and the text printed for it.
fn figures(country: &str) -> Vec<serde_json::Value> {
    let json: serde_json::Value =
        serde_json::from_str(&built().read(&format!("output/{country}/figures.json"))).expect("JSON");
    json["figures"].as_array().expect("figures").clone()
}

#[test]
fn a_listener_learns_of_every_withheld_figure_and_of_none_its_number() {
    let document = open(built(), "XXC/en/brief.pdf");
    let alternatives: String = elements(&document).into_iter().filter_map(|element| element.alternative).collect();
    // A figure of a breakdown that no chart shows is printed nowhere.
    let printed = |figure: &serde_json::Value| figure["printed"].as_array().is_some_and(|places| !places.is_empty());
    let withheld: Vec<_> =
        figures("XXC").into_iter().filter(|figure| figure["status"] == "withheld" && printed(figure)).collect();
    assert!(withheld.len() > 8, "the gallery withholds figures");
    for figure in withheld {
        assert!(figure["value"].is_null(), "{figure}");
        let period = figure["period"].as_str().expect("a period");
        let year = &period[..4];
        let withheld =
            Regex::new(&format!(r"withheld (in|on) [^;.]*{year}|{year}[^,.]*\(withheld\)")).expect("a pattern");
        assert!(withheld.is_match(&alternatives), "nothing says that {} is withheld", figure["id"]);
    }
}

#[test]
fn the_numerals_of_an_alternative_text_are_those_of_released_figures() {
    let numerals = Regex::new(r"[0-9][0-9,.]*[0-9]|[0-9]").expect("a pattern");
    let events = Regex::new(r"(?s)^(Dated facts|One dated fact).*").expect("a pattern");
    for country in COUNTRIES {
        let mut known: BTreeSet<String> = BTreeSet::new();
        for figure in figures(country) {
            let displayed = figure["display"]["en"].as_str().unwrap_or_default().to_owned();
            let period = figure["period"].as_str().unwrap_or_default().replace(['-', '/'], " ");
            let others = figure["alternatives"].to_string();
            let id = figure["id"].to_string();
            for text in [displayed, period, others, id] {
                known.extend(numerals.find_iter(&text).map(|found| found.as_str().replace(',', "")));
            }
        }
        let document = open(built(), &format!("{country}/en/brief.pdf"));
        let alternatives = elements(&document).into_iter().filter_map(|element| element.alternative);
        for text in alternatives.filter(|text| !events.is_match(text)) {
            for found in numerals.find_iter(&text) {
                let number = found.as_str().replace(',', "");
                // A run of years, `2010–14`, ends in two digits; a label of an age group or a tier is a word.
                let short = number.len() <= 2;
                let year = number.len() == 4 && (1960..2030).contains(&number.parse::<i32>().unwrap_or(0));
                assert!(short || year || known.contains(&number), "{country}: {number} is no released figure: {text}");
            }
        }
    }
}

#[test]
fn what_no_page_can_show_is_a_fault_at_its_chart_and_stops_its_country_alone() {
    let project = Project::named("gallery");
    let events = "data/countries/XXC/events.csv";
    project.write(events, &project.read(events).replace("Event number 7", "ປະເທດ"));
    let events = "data/countries/XXA/events.csv";
    let many: String = (0..70).map(|at| format!("e{at},2021,panels,Fact number {at}.,one,\n")).collect();
    project.write(events, &(project.read(events) + &many));
    let run = project.run(&["build", "--format", "short"]);
    assert_eq!(run.code, 1, "{}", run.stderr);
    let place = "data/indicators/milestones/milestones.toml:6:8: error[invalid-value]: ";
    let warnings: Vec<&str> = run.stderr.lines().filter_map(|line| line.strip_prefix(place)).collect();
    assert_eq!(warnings.len(), 1, "{}", run.stderr);
    assert!(
        warnings[0].starts_with("the chart is ") && warnings[0].ends_with("; a page has room for 220 mm"),
        "{warnings:?}"
    );
    let letter =
        "data/countries/XXC/events.csv:8:21: error[missing-face]: no available font has the letter `ປ` (U+0E9B)";
    assert!(run.stderr.lines().any(|line| line == letter), "{}", run.stderr);
    for (country, made) in [("XXA", false), ("XXB", true), ("XXC", false), ("XXD", true)] {
        assert_eq!(project.path("output").join(country).exists(), made, "{country}");
    }
}
