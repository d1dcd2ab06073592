//! What a chart and its legend say of what is not an exact number: bounds, and provinces that are not named.

use crate::gallery;
use crate::pdf::open;
use crate::project::Project;
use crate::structure::elements;

/// The alternative texts of one document, as a screen reader speaks them.
fn alternatives(project: &Project, path: &str) -> String {
    elements(&open(project, path)).into_iter().filter_map(|element| element.alternative).collect()
}

/// The runs of text of a document.
fn runs(project: &Project, path: &str) -> Vec<String> {
    let pdf = std::fs::read(project.path("output").join(path)).expect("the document is there");
    tipbrief::document::trace::pages(&pdf).expect("the PDF can be read").concat()
}

#[test]
fn a_legend_tells_a_ring_with_an_arrow_downwards_from_one_upwards() {
    let named = |country: &str, words: &str| {
        let runs = runs(gallery::built(), &format!("{country}/en/brief.pdf"));
        // Beside a number the same words stand with it.
        runs.iter().any(|run| run.trim() == words)
    };
    assert!(named("XXC", "at most") && named("XXC", "at least"));
    assert!(!named("XXA", "at most"), "a legend names only what occurs");
}

#[test]
fn a_province_that_no_register_names_is_zero_where_nobody_is_elsewhere_and_withheld_where_few_are() {
    let project = Project::named("register");
    let country = "data/countries/XXA/country.toml";
    let further = "\n[[provinces]]\ncode = \"XA-07\"\nname = \"Nowhere\"\ncolumn = 3\nrow = 3\n";
    project.write(country, &(project.read(country) + further));
    project.build();
    let nobody = alternatives(&project, "XXA/en/brief.pdf");
    assert!(nobody.contains("Zero: Nowhere.") && !nobody.contains("Withheld: Nowhere."), "{nobody}");
    let rows = "data/countries/XXA/register/victims.csv";
    let few = |at| {
        format!("2023-05-05,identified,female,18+,forced_labour,XXA,XXA,XA-08,1,police_register,C-9000{at},Invented.\n")
    };
    project.write(rows, &(project.read(rows) + &(1..=3).map(few).collect::<String>()));
    project.build();
    let few = alternatives(&project, "XXA/en/brief.pdf");
    assert!(few.contains("Withheld: ") && few.contains("Nowhere"), "{few}");
    assert!(!few.contains("Zero: Nowhere.") && !few.contains("Not reported: Nowhere."), "{few}");
}

#[test]
fn a_word_that_no_line_holds_is_broken_and_a_shorter_one_is_not() {
    let project = Project::named("gallery");
    let events = "data/countries/XXA/events.csv";
    let (long, short) = ("longword".repeat(24), "short".repeat(8));
    let rows = format!("w1,2021,panels,{long} end.,one,\nw2,2021,panels,{short} end.,one,\n");
    project.write(events, &(project.read(events) + &rows));
    project.build();
    let runs = runs(&project, "XXA/en/brief.pdf");
    assert!(runs.iter().any(|run| run.contains(&short)), "the shorter word stands in one line");
    let longest = runs.iter().filter(|run| run.contains("longword")).map(String::len).max();
    assert!(longest.is_some_and(|longest| longest < long.len()), "{longest:?} of {} letters", long.len());
}

/// The project with a register, its provinces given other names or places.
fn provinces(of: impl Fn(usize) -> (String, u32, u32)) -> Project {
    let project = Project::named("register");
    let country = "data/countries/XXA/country.toml";
    let head = project.read(country).split("[[provinces]]").next().unwrap_or_default().to_owned();
    let province = |at: usize| {
        let (name, column, row) = of(at);
        format!("[[provinces]]\ncode = \"XA-0{at}\"\nname = \"{name}\"\ncolumn = {column}\nrow = {row}\n\n")
    };
    project.write(country, &(head + &(1..=6).map(province).collect::<String>()));
    project
}

#[test]
fn tiles_however_narrow_keep_the_words_of_their_names() {
    for first in [5, 19] {
        let project = provinces(|at| (format!("Province number {at}"), first - 1 + u32::try_from(at).unwrap_or(0), 1));
        project.build();
        let drawn = project.read("output/XXA/en/figures/by_province.svg").replace("</text>", " ");
        let words: Vec<&str> = drawn.split('>').map(|part| part.split('<').next().unwrap_or_default().trim()).collect();
        let words = words.join(" ").split_whitespace().collect::<Vec<_>>().join(" ");
        for name in ["Province number 1", "Province number 6", "province unknown"] {
            assert!(words.contains(name), "{name}: {words}");
        }
    }
}

#[test]
fn names_with_digits_are_names_and_back_no_number() {
    let project = provinces(|at| (format!("P{}", at + 6), u32::try_from(at).unwrap_or(0), 1));
    project.build();
    let text = alternatives(&project, "XXA/en/brief.pdf");
    assert!(text.contains("P7") && text.contains("P12"), "{text}");
    let template = project.read("templates/brief.typ");
    project.write("templates/brief.typ", &format!("{template}\nIn all, 11 were freed.\n"));
    let run = project.run(&["build", "--format", "short"]);
    assert!(run.code == 1 && run.stderr.contains("prints `11`"), "exit {}: {}", run.code, run.stderr);
}

#[test]
fn what_a_mark_of_a_matrix_tells_stands_in_its_legend_and_in_its_alternative_text() {
    let project = Project::named("gallery");
    let counts = "data/countries/XXA/cases.csv";
    project.write(counts, &(project.read(counts) + "2014,prosecuted,3,,one,\n2009-05/2013-11,prosecuted,17,,one,\n"));
    project.build();
    let (alternatives, runs) = (alternatives(&project, "XXA/en/brief.pdf"), runs(&project, "XXA/en/brief.pdf"));
    assert!(runs.iter().any(|run| run.trim() == "after a break in the series"), "{runs:?}");
    assert!(alternatives.contains("Cases ended in conviction: 2020 (reported zero)."), "{alternatives}");
    assert!(
        alternatives.contains("May 2009 to November 2013, 2014, 2020 (after a break in the series)"),
        "{alternatives}"
    );
    assert!(runs.iter().any(|run| run.contains("17 (May 2009–Nov 2013)")), "no whole years: {runs:?}");
}

#[test]
fn a_title_that_prints_what_its_chart_does_not_draw_is_a_warning() {
    let project = Project::named("gallery");
    let panels = "data/countries/XXA/narrative/en/panels.typ";
    let titled =
        |indicator: &str| format!("= Panels\n\n#chart(\"justice\")[#n(\"{indicator}\", year: 2020) of them]\n");
    project.write(panels, &titled("persons_arrested"));
    let run = project.run(&["build", "--format", "short"]);
    assert!(run.code == 0 && !run.stderr.contains("does not draw"), "exit {}: {}", run.code, run.stderr);
    project.write(panels, &titled("victims_potential"));
    let run = project.run(&["build", "--format", "short"]);
    let warning =
        "warning[unknown-figure]: the title prints `XXA/victims_potential:2020`, which the chart does not draw";
    assert!(run.code == 0 && run.stderr.contains(warning), "exit {}: {}", run.code, run.stderr);
}

#[test]
fn the_rating_before_is_cited_as_the_present_one_is() {
    let project = Project::series_of("LAO", &["en"]);
    project.build();
    let cover = runs(&project, "LAO/en/brief.pdf");
    let before = cover.iter().position(|run| run.contains("Tier 2 Watch List")).expect("the rating before");
    let mark = cover[before + 1].trim();
    assert!(!mark.is_empty() && mark.chars().all(|c| c.is_ascii_digit()), "{:?}", &cover[before..before + 3]);
}

#[test]
fn several_sources_of_a_method_are_named_as_several() {
    let runs = runs(gallery::built(), "XXB/en/brief.pdf").join(" ");
    assert!(!regex::Regex::new(r"Source \d+, \d").expect("a pattern").is_match(&runs), "{runs}");
}
