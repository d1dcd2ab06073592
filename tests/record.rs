//! The record behind the documents, and the scoreboard: what each row says, and that nothing with a figure is missing.

use serde_json::Value;

use crate::project::Project;

const SCOREBOARD: &str = "title = \"The state of knowledge\"\ncollect = [\"tier_rating\", \"persons_arrested\", \
                          \"persons_arrested:sex=female\", \"victims_identified\"]\nscoreboard = true\norder = 9\n";
const RATING: &str =
    "title = \"Tier\"\ntable = \"tier_ratings\"\nunit = \"tier\"\norder = 5\n\n[where]\ncountry = [\"own\"]\n";
const NEIGHBOURS: &str =
    "title = \"Tiers\"\ntable = \"tier_ratings\"\nunit = \"tier\"\ndimensions = [\"country\"]\norder = 6\n";
const RATINGS: &str = "report_year,country,tier,covers_from,covers_to,as_reported,source,note
2023,XXA,2,2022-04-01,2023-03-31,,police_2024,
2023,XXA,2,2022-04-01,2023-03-31,,yearbook_2023,
2024,XXA,3,2023-04-01,2024-03-31,,yearbook_2023,
2024,XXA,3,2023-04-01,2024-03-31,,radio_2024,
2024,THA,2,2023-04-01,2024-03-31,,yearbook_2023,
2023,VNM,3,2022-04-01,2023-03-31,,yearbook_2023,
";
/// A template that prints the rows of the scoreboard as lines of text.
const ROWS: &str = r#"#import "theme.typ": *
#show: series
#heading(view.title)
#for g in view.scoreboard.groups { for r in g.rows [
#r.label | #r.now.text | #r.now.year | #if r.before != none [#r.before.text in #r.before.year] | #r.sure.word | #r.beside.map(b => b.value + ": " + b.names).join("; ") | #r.direction \

] }
"#;

/// The smallest project with a record and a scoreboard.
fn recorded() -> Project {
    let project = Project::minimal();
    let report = project.read("data/report.toml");
    project.write(
        "data/report.toml",
        &format!("{report}\n[[documents]]\nid = \"annex\"\ntitle = \"Annex\"\nrecord = true\n"),
    );
    project.write("data/indicators/protection/scoreboard.toml", SCOREBOARD);
    project.write("data/indicators/protection/tier_rating.toml", RATING);
    project.write("data/indicators/protection/tiers.toml", NEIGHBOURS);
    project.write("data/countries/XXA/tier_ratings.csv", RATINGS);
    let country = project.read("data/countries/XXA/country.toml");
    project.write("data/countries/XXA/country.toml", &format!("neighbours = [\"THA\", \"VNM\"]\n{country}"));
    let sources = "id,title,publisher,published,accessed,url,role,rank,origin,covers,complete,note,kind,via
police_2024,Police statistics,Police of Examplia,2024-03,,https://example.org/police-2024,publication,1,,,,,official,
yearbook_2023,Yearbook,Statistical Office of Examplia,2024-09,,https://example.org/yearbook-2023,publication,2,,,,,,a friend
radio_2024,News,Radio Examplia,2024-07,,https://example.org/radio,publication,3,,,,,press,
";
    project.write("data/countries/XXA/sources.csv", sources);
    project
}

fn text(project: &Project, path: &str) -> String {
    let pdf = std::fs::read(project.path("output").join(path)).expect("the document is there");
    tipbrief::document::trace::pages(&pdf).expect("the PDF can be read").concat().concat()
}

#[test]
fn the_record_holds_every_figure_and_each_source_under_its_kind() {
    let project = recorded();
    project.build();
    let figures: Value = serde_json::from_str(&project.read("output/XXA/figures.json")).expect("JSON");
    let figures = figures["figures"].as_array().expect("figures").clone();
    for figure in figures.iter().filter(|figure| figure["status"] != "not_reported") {
        let printed = figure["printed"].as_array().expect("documents");
        assert!(printed.iter().any(|document| document == "en/annex.pdf"), "{figure}");
    }
    let text = text(&project, "XXA/en/annex.pdf").replace('\u{200b}', "");
    assert!(text.contains("XXA/persons_arrested:…"), "{text}");
    assert!(text.contains("XXA/persons_arrested:…:sex=female"), "{text}");
    let place = |words: &str| text.rfind(words).unwrap_or_else(|| panic!("`{words}` is not in: {text}"));
    let [governments, press, others] = ["overnments", "adio Examplia", "tatistical Office"].map(place);
    assert!(governments.min(press) == governments && press < others, "{text}");
    assert!(text.contains("read via a friend"), "{text}");
}

#[test]
fn a_publication_without_an_address_is_printed_with_the_place_where_it_is_kept() {
    let project = recorded();
    let sources = "id,title,publisher,published,url,held_at,role,rank,via
police_2024,Police statistics,Police of Examplia,2024-03,,\"National Library, shelf mark 7/2009\",publication,1,a friend
yearbook_2023,Yearbook,Statistical Office of Examplia,2024-09,https://example.org/yearbook-2023,Shelf 88,publication,2,
radio_2024,News,Radio Examplia,2024-07,https://example.org/radio,,publication,3,
";
    project.write("data/countries/XXA/sources.csv", sources);
    project.build();
    let place = "held at National Library, shelf mark 7/2009";
    for document in ["brief", "annex"] {
        let text = text(&project, &format!("XXA/en/{document}.pdf"));
        assert!(text.contains(place), "{document}: {text}");
        assert!(!text.contains("Shelf"), "an address goes before a place, {document}: {text}");
    }
    assert!(text(&project, "XXA/en/annex.pdf").contains(&format!("{place}, read via a friend")));
    let package: Value = serde_json::from_str(&project.read("output/XXA/tables/datapackage.json")).expect("JSON");
    let [kept, on_the_web] = [0, 1].map(|at| &package["sources"][at]);
    assert_eq!(kept["tipbrief:held_at"], "National Library, shelf mark 7/2009", "{package}");
    assert!(kept.get("path").is_none() && on_the_web["path"] == "https://example.org/yearbook-2023", "{package}");
    let figures: Value = serde_json::from_str(&project.read("output/XXA/figures.json")).expect("JSON");
    let literals = figures["literals"].as_array().expect("literals");
    assert!(literals.iter().any(|literal| literal["text"] == "7" && literal["kind"] == "literal"), "{literals:?}");
    let answer = project.run(&["explain", "XXA/persons_arrested", "year=2023"]);
    assert!(answer.stdout.contains("held at National Library, shelf mark 7/2009"), "{}", answer.stdout);
    let json = project.run(&["explain", "XXA/persons_arrested", "year=2023", "--format", "json"]);
    assert!(json.stdout.contains("\"held_at\": \"National Library, shelf mark 7/2009\""), "{}", json.stdout);
}

#[test]
fn a_row_of_the_scoreboard_gives_the_latest_figure_the_one_before_and_the_neighbours() {
    let project = recorded();
    project.replace("data/report.toml", "sections = true", "");
    project.write("templates/brief.typ", ROWS);
    project.build();
    let text = text(&project, "XXA/en/brief.pdf");
    let row = |label: &str| {
        let row = text.split_once(label).unwrap_or_else(|| panic!("`{label}` is not in: {text}")).1;
        row.split('|').skip(1).take(5).map(|cell| cell.trim().to_owned()).collect::<Vec<_>>()
    };
    // A rating is one body's judgement: reports of it bear out less than two counts would.
    let tier = row("Tier ");
    assert_eq!(tier[..4], ["Tier 3", "2024", "Tier 2 in 2023", "moderate"], "{text}");
    assert!(tier[4].starts_with("Tier 2: Thailand; Tier 3: Viet Nam (2023)"), "{text}");
    assert_eq!(row("Persons arrested ")[..4], ["41", "2023", "0 in 2022", "moderate"], "{text}");
    assert_eq!(row("Persons arrested, female")[..3], ["at least 12", "2023", ""], "{text}");
}

#[test]
fn an_arrow_runs_from_one_period_to_the_next_within_one_source() {
    let way = |arrests: &str| {
        let project = recorded();
        project.replace("data/report.toml", "sections = true", "");
        project.write("templates/brief.typ", ROWS);
        for text in crate::project::files(&project.path("data/countries/XXA/narrative/en")) {
            project.write(&format!("data/countries/XXA/narrative/en/{text}"), "Arrests are counted.\n");
        }
        let head = "period,stage,sex,count,qualifier,source,note\n";
        project.write("data/countries/XXA/arrests.csv", &format!("{head}{arrests}"));
        project.build();
        let text = text(&project, "XXA/en/brief.pdf");
        let row = text.split_once("Persons arrested ").unwrap_or_else(|| panic!("no such row: {text}")).1;
        let end = row.split('|').nth(6).unwrap_or_default().trim_start();
        ["up", "down", "same"].into_iter().find(|way| end.starts_with(way)).unwrap_or_default()
    };
    let one = |period: &str, count: &str, source: &str| format!("{period},arrested,total,{count},,{source},\n");
    let before = one("2022", "30", "yearbook_2023");
    assert_eq!(way(&(before.clone() + &one("2023", "41", "yearbook_2023"))), "up");
    assert_ne!(way(&(before.clone() + &one("2023", "41", "police_2024"))), "up", "across sources");
    assert_ne!(way(&(one("2021", "30", "yearbook_2023") + &one("2023", "41", "yearbook_2023"))), "up", "over a year");
    let withheld = "2022,arrested,total,<5,,yearbook_2023,\n";
    let around = one("2021", "30", "yearbook_2023") + withheld + &one("2023", "41", "yearbook_2023");
    assert_ne!(way(&around), "up", "over a withheld year");
    let half = |year: &str, count| one(&format!("{year}-01/{year}-06"), count, "yearbook_2023");
    assert_eq!(way(&(half("2022", "41") + &half("2023", "30"))), "down");
}

#[test]
fn the_record_prints_periods_in_words() {
    let project = recorded();
    let arrests = project.read("data/countries/XXA/arrests.csv");
    project.write(
        "data/countries/XXA/arrests.csv",
        &format!("{arrests}2020-04/2021-03,arrested,total,9,,yearbook_2023,\n"),
    );
    project.build();
    let text = text(&project, "XXA/en/annex.pdf");
    assert!(text.contains("Apr 2020–Mar 2021: 9") && !text.contains("2020-04"), "{text}");
}

#[test]
fn a_figure_that_is_ten_years_old_stands_in_the_record_only() {
    let project = recorded();
    project.replace("data/report.toml", "sections = true", "");
    project.write("templates/brief.typ", ROWS);
    project.replace("data/report.toml", "issue = \"2024\"", "issue = \"2033\"");
    project.build();
    let (brief, annex) = (text(&project, "XXA/en/brief.pdf"), text(&project, "XXA/en/annex.pdf"));
    assert!(!brief.contains("Persons arrested"), "{brief}");
    assert!(annex.contains("Persons arrested, female"), "{annex}");
}

#[test]
fn a_scoreboard_must_collect_its_rows() {
    let project = Project::minimal();
    let arrested = "data/indicators/prosecution/persons_arrested.toml";
    project.write(arrested, &format!("scoreboard = true\n{}", project.read(arrested)));
    let run = project.run(&["check", "--format", "short"]);
    assert_eq!(run.code, 1, "{}", run.stdout);
    assert!(run.stdout.contains("`persons_arrested` is a scoreboard and collects nothing"), "{}", run.stdout);
}
