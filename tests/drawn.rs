//! What a chart tells a listener, its list and its table hold to the marks that it draws, and say what it marks: figures left
//! out, series drawn twice, totals of more than a year, breaks, inferred periods, sources without a number.

use std::sync::LazyLock;

use crate::pdf::open;
use crate::project::Project;
use crate::structure::elements;

const COUNTRY: &str = "data/countries/XXA";

/// One country of the gallery: rescues within rescues, two splits that share a part, a log of two years, a break.
static BUILT: LazyLock<Project> = LazyLock::new(|| {
    let project = Project::named("gallery");
    for other in ["XXB", "XXC", "XXD", "XXE", "XXF"] {
        std::fs::remove_dir_all(project.path("data/countries").join(other)).expect("it was there");
    }
    for bare in ["many", "provinces"] {
        std::fs::remove_file(project.path(COUNTRY).join(format!("narrative/en/{bare}.typ"))).expect("it was there");
    }
    let victims = "\
period,status,sex,age_group,count,qualifier,source,note
2018-01/2018-10,potential,total,total,189,,one,
2018-01/2018-06,potential,total,total,106,,one,
2019,potential,total,total,90,,one,
2019,potential,total,0-17,30,,one,
2019,potential,total,18+,60,,one,
2019,potential,female,total,40,,one,
2019,potential,male,total,50,,one,
2020-01/2020-06~,potential,total,total,70,,one,
2020-01/2020-06~,potential,female,total,50,,one,
2020-01/2020-06~,potential,male,total,20,,one,
";
    project.write(&format!("{COUNTRY}/victims.csv"), victims);
    let cases = "\
period,stage,count,qualifier,source,note
2014,prosecuted,18,,one,
2016,prosecuted,64,,one,
2016,prosecuted,61,,two,
2017/2019~,prosecuted,445,,one,
";
    project.write(&format!("{COUNTRY}/cases.csv"), cases);
    let stack = "data/indicators/stack/victims_potential.toml";
    let shared = "\n[[chart.splits]]\ncells = [\"age_group=0-14\", \"age_group=18+\"]\nlabels = [\"under 15\", \"18 and over\"]\n";
    project.write(stack, &(project.read(stack) + shared));
    let country = format!("{COUNTRY}/country.toml");
    let scope = "\n[[scope]]\nindicator = \"cases_prosecuted\"\ntext = \"Smuggling is taken in.\"\n";
    project.write(&country, &(project.read(&country) + scope));
    project.build();
    project
});

/// The alternative texts of the charts.
fn alternatives() -> Vec<String> {
    elements(&open(&BUILT, "XXA/en/brief.pdf")).into_iter().filter_map(|element| element.alternative).collect()
}

fn of<'t>(alternatives: &'t [String], series: &str) -> &'t str {
    alternatives.iter().find(|text| text.contains(series)).unwrap_or_else(|| panic!("{series}: {alternatives:#?}"))
}

/// The text of the document, its spaces made alike.
fn printed() -> String {
    let pdf = std::fs::read(BUILT.path("output/XXA/en/brief.pdf")).expect("the document is there");
    let pages = tipbrief::document::trace::pages(&pdf).expect("the PDF can be read");
    pages.concat().join(" ").split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn a_stack_says_what_it_draws_and_each_series_once() {
    let alternatives = alternatives();
    let stack = of(&alternatives, "each a total and its parts");
    assert!(stack.contains("189 in January to October 2018") && !stack.contains("106"), "{stack}");
    assert_eq!(stack.matches("female, persons:").count(), 1, "{stack}");
    // All columns are split by sex, as most can be: what is known and not drawn is neither described nor called missing.
    assert!(stack.contains("40 in 2019") && stack.contains("Range: persons, 20 to 189."), "{stack}");
    assert!(!stack.contains("60 in 2019") && !stack.contains("under 15"), "{stack}");
    let female = stack.split("female, persons:").nth(1).unwrap_or_default();
    assert!(female.contains("Not reported: 2018.") || female.contains("Not reported: 2018,"), "{female}");
}

#[test]
fn totals_of_more_than_a_year_are_described_as_standing_aside() {
    let alternatives = alternatives();
    let panels = of(&alternatives, "445");
    assert!(panels.contains("Totals of more than a year stand in the list only. Range: "), "{panels}");
    let stack = of(&alternatives, "each a total and its parts");
    assert!(!stack.contains("Totals of more than a year"), "{stack}");
}

#[test]
fn a_break_that_is_drawn_is_described() {
    let alternatives = alternatives();
    let panels = of(&alternatives, "445");
    assert!(panels.contains("In 2015 the series breaks: source changes."), "{panels}");
    // A table of marks has no breaks.
    assert!(!of(&alternatives, "Table of marks").contains("the series breaks"), "{alternatives:#?}");
}

#[test]
fn an_inferred_period_is_marked_wherever_it_is_released() {
    let alternatives = alternatives();
    assert!(of(&alternatives, "445").contains("445 in 2017 to 2019 (inferred)"), "{alternatives:#?}");
    assert!(printed().contains("2017–2019~: 445"), "{}", printed());
    assert!(printed().contains("~ marks a period that is inferred"));
    let figures = BUILT.read("output/XXA/figures.json");
    let figures: serde_json::Value = serde_json::from_str(&figures).expect("JSON");
    let inferred = |id: &str| {
        let all = figures["figures"].as_array().expect("figures");
        all.iter().find(|figure| figure["id"] == id).expect("the figure")["period_inferred"] == true
    };
    assert!(inferred("XXA/cases_prosecuted:2017/2019") && !inferred("XXA/cases_prosecuted:2016"));
    let table = BUILT.read("output/XXA/tables/cases_prosecuted.csv");
    assert!(table.contains("\n2017/2019,445,cases,exact,published,one,inferred,1\n"), "{table}");
    assert!(table.contains("\n2014,18,cases,exact,published,one,stated,1\n"), "{table}");
}

#[test]
fn what_a_country_takes_in_stands_with_the_definition() {
    assert!(printed().contains("Cases prosecuted, in the period. Smuggling is taken in."), "{}", printed());
    let package = BUILT.read("output/XXA/tables/datapackage.json");
    assert!(package.contains("Cases prosecuted, in the period. Smuggling is taken in."), "{package}");
}
