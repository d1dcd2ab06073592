//! `explain`: where a number comes from, asked as a donor would.

use std::collections::BTreeSet;

use serde_json::Value;
use tipbrief::delivery::publish::{printed, read_inputs};
use tipbrief::diagnostic::Diagnostics;
use tipbrief::disclosure::protect::protect;
use tipbrief::document::bind::bind;
use tipbrief::document::explain::{Query, explain as answer_of, or_nothing, where_printed};
use tipbrief::figures::summarise;
use tipbrief::project::Project as Declared;
use tipbrief::project::text::numerals;
use tipbrief::tables::import;
use tipbrief::tables::ingest::ingest;
use tipbrief::tables::validate::validate;

use crate::article;
use crate::dice::{Dice, long};
use crate::project::{Project, Run, copy, tests};

/// A run that does not look for pages, which takes Typst a second each time.
fn explain(project: &Project, query: &[&str]) -> Run {
    Run::of(project.command(&[&["explain"], query].concat()).env("TYPST", "/nonexistent/typst"))
}

fn holds(run: &Run, wanted: &[&str]) {
    assert_eq!(run.code, 0, "{}", run.stderr);
    for text in wanted {
        assert!(run.stdout.contains(text), "`{text}` is missing in\n{}", run.stdout);
    }
}

#[test]
fn a_figure_is_traced_to_its_row_and_source() {
    let project = Project::minimal();
    let wanted = [
        "XXA/persons_arrested:2023\n",
        "41 persons · Persons arrested · 2023",
        "Persons arrested on suspicion",
        "rule        stated",
        "data/countries/XXA/arrests.csv:4",
        "2023,arrested,total,41,,police_2024,",
        "Police of Examplia, Police statistics, March 2024 (police_2024)",
        "https://example.org/police-2024",
    ];
    holds(&explain(&project, &["XXA/persons_arrested", "year=2023"]), &wanted);
    holds(&explain(&project, &["XXA/persons_arrested:2023"]), &wanted);
    holds(&explain(&project, &["41"]), &wanted);
}

#[test]
fn a_sum_names_every_part() {
    let project = Project::minimal();
    let rows = ["victims.csv:3", "victims.csv:4", "victims.csv:5", "victims.csv:6", "derived from parts", "40 persons"];
    holds(&explain(&project, &["XXA/victims_identified", "year=2023"]), &rows);
}

#[test]
fn alternatives_say_why_they_stand_behind() {
    let project = Project::named("alternatives");
    let run = explain(&project, &["XXB/persons_arrested", "--format", "json"]);
    let json: Value = serde_json::from_str(&run.stdout).expect("JSON");
    let whys: BTreeSet<&str> = json["figures"]
        .as_array()
        .into_iter()
        .flatten()
        .flat_map(|figure| figure["alternatives"].as_array().into_iter().flatten())
        .filter_map(|other| other["why"].as_str())
        .collect();
    assert!(whys.contains("its source comes later by `rank`"), "{whys:?}");
}

#[test]
fn once_built_the_pages_where_it_is_printed_are_listed() {
    let project = Project::minimal();
    let before = project.run(&["explain", "41"]);
    assert!(!before.stdout.contains("printed"), "{}", before.stdout);
    project.build();
    holds(&project.run(&["explain", "41"]), &["printed     output/XXA/en/brief.pdf, pages 1, 2"]);
    project.replace("data/countries/XXA/arrests.csv", "2022,arrested,total,0", "2022,arrested,total,1");
    let after = project.run(&["explain", "41"]);
    assert!(!after.stdout.contains("printed"), "the output is of other data:\n{}", after.stdout);
    assert!(!project.path("output/.work").exists(), "nothing is left behind");
}

#[test]
fn a_page_is_read_number_by_number() {
    let project = Project::minimal();
    let unbuilt = project.run(&["explain", "--page", "1"]);
    assert_eq!((unbuilt.code, unbuilt.stdout.as_str()), (1, ""), "{}", unbuilt.stderr);
    assert!(unbuilt.stderr.contains("are not of this data"), "{}", unbuilt.stderr);
    project.build();
    let run = project.run(&["explain", "--page", "1"]);
    holds(&run, &["page 1 of ", " in output/XXA/en/brief.pdf\n", "  41", "XXA/persons_arrested:2023"]);
    // Every numeral of the page is there, in its order.
    let json = project.run(&["explain", "--page", "1", "--document", "brief", "--language", "en", "--format", "json"]);
    let json: Value = serde_json::from_str(&json.stdout).expect("JSON");
    let pdf = std::fs::read(project.path("output/XXA/en/brief.pdf")).expect("a PDF");
    let runs = tipbrief::document::trace::pages(&pdf).expect("it can be read").remove(0);
    let printed: Vec<&str> = runs.iter().flat_map(|run| numerals(run)).collect();
    let listed: Vec<&str> =
        json["numbers"].as_array().into_iter().flatten().filter_map(|n| n["number"].as_str()).collect();
    let mut printed = printed.into_iter();
    assert!(listed.iter().all(|numeral| printed.any(|other| other == *numeral)), "{listed:?}\n{runs:?}");
    assert!(listed.len() > 3, "{listed:?}");
    for (arguments, code, hint) in [
        (&["--page", "99"][..], 1, "has no page 99"),
        (&["--page", "0"], 1, "has no page 0"),
        (&["--page", "1", "--country", "XXB"], 2, "the project has `XXA`"),
        (&["--page", "1", "--document", "breif"], 2, "did you mean `brief`?"),
        (&["--page", "1", "41"], 2, "cannot be used with"),
        (&["--country", "XXA", "41"], 2, "cannot be used with"),
    ] {
        let run = project.run(&[&["explain"], arguments].concat());
        assert_eq!(run.code, code, "{arguments:?}: {}", run.stderr);
        assert!(run.stderr.contains(hint), "`{hint}` is missing for {arguments:?}:\n{}", run.stderr);
    }
}

#[test]
fn a_number_is_found_as_it_is_printed_in_any_language() {
    let project = Project::series_of("LAO", &["en", "fr", "lo"]);
    let about = "LAO/repatriated:2006/2009-11-24:from_country=THA\n";
    for query in ["about 1,100", "About 1,100 persons", "environ 1 100", "environ 1\u{202f}100", "ປະມານ 1.100"]
    {
        let run = explain(&project, &[query]);
        holds(&run, &[about, "about 1,100 persons"]);
        assert_eq!(run.stdout.matches("  figure  ").count(), 1, "{query}:\n{}", run.stdout);
    }
    // Words of the command line need no quotes. A bare number is the number, whatever the words beside it.
    for query in [&["about", "1,100"][..], &["1,100"], &["1", "100"], &["1.100"]] {
        holds(&explain(&project, query), &[about]);
    }
}

#[test]
fn every_figure_that_is_printed_so_is_listed_and_no_other() {
    let project = Project::minimal();
    let arrests = "data/countries/XXA/arrests.csv";
    let rows = "2019,arrested,total,1100,approximate,police_2024,\n2018,arrested,total,7,at_least,police_2024,\n\
                2017,arrested,total,1100,,police_2024,\n2016,arrested,total,<5,,police_2024,\n\
                2015,arrested,total,1100,approximate,police_2024,\n";
    project.write(arrests, &(project.read(arrests) + rows));
    let of = |year: u32| format!("XXA/persons_arrested:{year}\n");
    let run = explain(&project, &["about 1,100"]);
    holds(&run, &[&of(2015), &of(2019)]);
    assert!(!run.stdout.contains(&of(2017)), "{}", run.stdout);
    holds(&explain(&project, &["1,100"]), &[&of(2015), &of(2017), &of(2019)]);
    holds(&explain(&project, &["at least 7"]), &[&of(2018)]);
    holds(&explain(&project, &["at least seven"]), &[&of(2018)]);
    holds(&explain(&project, &["fewer than five"]), &[&of(2016)]);
    let nothing = explain(&project, &["about 1,101"]);
    assert_eq!((nothing.code, nothing.stdout.as_str()), (1, ""), "{}", nothing.stderr);
    assert!(nothing.stderr.contains("no figure is printed so"), "{}", nothing.stderr);
}

#[test]
fn of_a_register_no_row_is_shown() {
    let project = Project::minimal();
    copy(&tests().join("faults/register/data"), &project.path("data"));
    let rows = "period,status,sex,age_group,purpose,nationality,found_in,province,count,source,note,case_id\n\
                2022,identified,female,18+,forced_labour,XXA,XXA,XA-01,1,court_register,Ana,K-7\n";
    project.write("data/countries/XXA/register/victims.csv", rows);
    project.replace("data/countries/XXA/sources.csv", ",register,,,2023,", ",register,,,2022,");
    std::fs::remove_file(project.path("data/countries/XXA/register/arrests.csv")).expect("there is a register");
    let run = explain(&project, &["XXA/victims_identified"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stdout.contains("rows of the register `victims`"), "the filter is shown:\n{}", run.stdout);
    for secret in ["K-7", "Ana", "register/victims.csv:"] {
        assert!(!run.stdout.contains(secret), "`{secret}` is shown:\n{}", run.stdout);
    }
}

#[test]
fn what_is_not_there_is_an_error_with_the_nearest_name() {
    let project = Project::minimal();
    for (query, hint) in [
        (&["XXA/persons_arested", "year=2023"][..], "did you mean `XXA/persons_arrested`?"),
        (&["XXA/persons_arrested:2032"], "did you mean `XXA/persons_arrested:202"),
        (&["999983"], "no figure for `999983`"),
        (&["XXA/persons_arrested", "year=2021-06"], "use one of these periods: period=2021"),
        (&["arrests"], "cannot read the query `arrests`"),
        (&["XXA/persons_arrested", "year=2023-14"], "2023-14"),
    ] {
        let run = explain(&project, query);
        assert!(run.code == 1 && run.stdout.is_empty(), "{query:?}: exit {}", run.code);
        assert!(run.stderr.contains(hint), "`{hint}` is missing for {query:?}:\n{}", run.stderr);
    }
    assert_eq!(explain(&project, &[]).code, 2, "a query is needed");
}

/// Every number that the documents print, in English: figures and other numerals.
fn numbers_on_paper(project: &Project, country: &str) -> BTreeSet<String> {
    let json: Value = serde_json::from_str(&project.read(&format!("output/{country}/figures.json"))).expect("JSON");
    let list = |key: &str| json[key].as_array().cloned().unwrap_or_default();
    let printed = |entry: &Value| entry["printed"].as_array().is_some_and(|all| !all.is_empty());
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let figures = list("figures").into_iter().filter(printed).filter(|f| f["value"].is_number());
    let displays = figures.map(|figure| text(&figure["display"]["en"]));
    let literals = list("literals").into_iter().filter(printed).map(|literal| text(&literal["text"]));
    let texts: Vec<String> = displays.chain(literals).collect();
    texts.iter().flat_map(|text| numerals(text)).map(str::to_owned).collect()
}

/// The numbers of which nothing is known, asked in this process: the tables are read once for all of them.
fn unanswered<'n>(project: &Project, numbers: &'n BTreeSet<String>) -> Vec<&'n String> {
    let (root, mut diagnostics) = (project.root(), Diagnostics::default());
    let declared = Declared::load(root, &mut diagnostics).expect("the declarations can be read");
    let mut tables = ingest(root, &declared.countries, &declared.schemas, &|_, _| (), &mut diagnostics)
        .expect("the tables can be read");
    let countries: Vec<String> = declared.countries.iter().map(|country| country.iso3.clone()).collect();
    let made = import::tables(root, &declared.mappings, &declared.schemas, &countries, &tables, &mut diagnostics);
    tables.extend(made.expect("the kept rows can be read"));
    let against = tipbrief::tables::validate::Declared {
        schemas: &declared.schemas,
        indicators: &declared.indicators,
        countries: &declared.countries,
        issue: &declared.report.issue,
        visits: &declared.visits,
    };
    let dataset = validate(tables, against, &mut diagnostics).expect("they are sound");
    let summaries =
        summarise(&dataset, &declared.indicators, &declared.schemas, &mut diagnostics).expect("they are summarised");
    let release = protect(
        summaries,
        &declared.indicators,
        &declared.report.policy,
        tipbrief::disclosure::protect::Known {
            ledger: &declared.ledger,
            custody: &tipbrief::project::custody::Custody::default(),
            reopened: &BTreeSet::new(),
            asked: &tipbrief::disclosure::protect::Asked::default(),
        },
        &mut diagnostics,
    );
    let prose = bind(&declared, &release, &mut diagnostics);
    let countries: Vec<&str> = declared.countries.iter().map(|country| country.iso3.as_str()).collect();
    let inputs = read_inputs(root).expect("the inputs can be read");
    let printed =
        printed(root, &inputs, &countries).expect("the outputs can be read").expect("they are of these inputs");
    let answered = |number: &&String| {
        let query = Query::read(&[(*number).clone()]).expect("a number is a query");
        let mut answer = answer_of(&declared, &release, &prose, &query);
        where_printed(&mut answer, query.numeral(), &printed, |_, _| None, |_, _| std::collections::BTreeMap::new());
        or_nothing(answer, &release, &query).is_ok()
    };
    numbers.iter().filter(|number| !answered(number)).collect()
}

#[test]
fn every_number_on_paper_has_an_answer() {
    let project = article::series();
    let all: BTreeSet<String> = ["LAO", "KHM"].into_iter().flat_map(|c| numbers_on_paper(project, c)).collect();
    assert!(all.len() > 100, "{} numbers are printed", all.len());
    assert_eq!(
        unanswered(project, &all),
        Vec::<&String>::new(),
        "these are printed, and explain has no answer for them"
    );
    // The command says the same: of a sample, or, where time is, of each.
    let mut dice = Dice::of(10);
    let once_in = if long() { 1 } else { all.len() / 20 };
    for numeral in all.iter().filter(|_| dice.once_in(once_in)) {
        let run = explain(project, &[numeral]);
        assert_eq!(run.code, 0, "{numeral} is printed, and explain has no answer for it: {}", run.stderr);
    }
    let nothing = BTreeSet::from(["999983".to_owned()]);
    assert_eq!(unanswered(project, &nothing).len(), 1, "what is not printed has no answer");
}
