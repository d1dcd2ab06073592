//! One source, several languages: the same numbers in each, words that fit, the language of each run of text.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use serde_json::Value;
use tipbrief::diagnostic::Diagnostics;
use tipbrief::document::draw::proof;
use tipbrief::project::Project as Declared;
use tipbrief::project::text::{Marks, Text, is_year};

use crate::article;
use crate::pdf;
use crate::project::{Project, files};
use crate::pseudo;

fn declared(project: &Project) -> Declared {
    Declared::read(project.root(), &mut Diagnostics::default()).expect("the declarations can be read")
}

/// Countries of the series' output.
fn countries(project: &Project) -> Vec<String> {
    let entries = fs::read_dir(project.path("output")).expect("there is output").flatten();
    let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
    let mut codes: Vec<String> =
        names.filter(|name| name.len() == 3 && name.chars().all(|c| c.is_ascii_uppercase())).collect();
    codes.sort();
    assert!(codes.len() > 1, "several countries are built: {codes:?}");
    codes
}

fn figures(project: &Project, country: &str) -> Value {
    serde_json::from_str(&project.read(&format!("output/{country}/figures.json"))).expect("figures.json is JSON")
}

fn list<'v>(json: &'v Value, key: &str) -> &'v [Value] {
    json[key].as_array().map(Vec::as_slice).unwrap_or_default()
}

/// The documents that print an entry, without their language: `brief.pdf`, by language.
fn printed(entry: &Value) -> BTreeMap<&str, BTreeSet<&str>> {
    let mut printed: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for path in list(entry, "printed").iter().filter_map(Value::as_str) {
        let (language, document) = path.split_once('/').expect("a document stands in a language's folder");
        printed.entry(language).or_default().insert(document);
    }
    printed
}

/// The text of a PDF, page after page, spaces that break no line as one.
fn text(project: &Project, country: &str, document: &str) -> String {
    let pdf = fs::read(project.path(&format!("output/{country}/{document}"))).expect("the document is there");
    let pages = tipbrief::document::trace::pages(&pdf).expect("the PDF can be read");
    pages.into_iter().flatten().collect::<Vec<_>>().join("\n").replace('\u{a0}', "\u{202f}").replace('\u{200b}', "")
}

fn plain(marks: &Marks, text: &str) -> BTreeSet<String> {
    let narrow = text.replace('\u{a0}', "\u{202f}");
    marks.numerals(&narrow).map(|numeral| marks.plain(numeral)).collect()
}

/// What a figure prints in a language, value and alternatives, as plain numbers; ratings and states have none.
fn numbers(figure: &Value, text: &Text) -> BTreeSet<String> {
    if figure["value"].is_string() || figure["value"].is_null() {
        return BTreeSet::new();
    }
    plain(text.marks(), figure["display"][&text.language].as_str().unwrap_or_default())
}

/// Holds the documents of every language against one another and against `figures.json`.
fn same_numbers(project: &Project) {
    let declared = declared(project);
    for country in countries(project) {
        let json = figures(project, &country);
        // A chart of what is known shows for some figures a mark and no number, in every language alike.
        let mut bare: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for text in &declared.texts {
            let marks = text.marks();
            let path = |kind: &tipbrief::project::DocumentKind| format!("{}/{}.pdf", text.language, kind.id);
            for document in declared.report.documents.iter().map(path) {
                let found = plain(marks, &self::text(project, &country, &document));
                let here = |entry: &&Value| list(entry, "printed").iter().any(|path| path.as_str() == Some(&document));
                let mut backed = BTreeSet::new();
                for figure in list(&json, "figures").iter().filter(here) {
                    let own = numbers(figure, text);
                    if own.iter().any(|number| !found.contains(number)) {
                        let kind = document.split('/').nth(1).unwrap_or_default();
                        let id = format!("{} in {kind}", figure["id"]);
                        bare.entry(id).or_default().insert(text.language.clone());
                    }
                    backed.extend(own);
                    let display = figure["display"][&text.language].as_str().unwrap_or_default();
                    backed.extend(plain(marks, display));
                    let others = list(figure, "alternatives").iter().map(|other| other["value"].to_string());
                    backed.extend(others.map(|other| other.trim_matches('"').to_owned()));
                }
                let literals = list(&json, "literals").iter().filter(here).filter_map(|entry| entry["text"].as_str());
                // An address may break over lines between its numbers.
                let parts =
                    |literal: &str| literal.split(|c: char| !c.is_numeric()).map(str::to_owned).collect::<Vec<_>>();
                backed.extend(literals.flat_map(|literal| plain(marks, literal).into_iter().chain(parts(literal))));
                let pages = (1..100).map(|page: u32| page.to_string());
                let strays: Vec<&String> = found
                    .iter()
                    .filter(|n| !backed.contains(*n) && !is_year(n) && !pages.clone().any(|p| p == **n))
                    .collect();
                assert!(strays.is_empty(), "{country}/{document} prints what nothing backs: {strays:?}");
            }
        }
        for (figure, languages) in &bare {
            assert_eq!(
                languages.len(),
                declared.texts.len(),
                "{figure} is a number in some languages only: {languages:?}"
            );
        }
        assert!(bare.len() * 10 < list(&json, "figures").len(), "most figures are printed as numbers: {bare:?}");
        for figure in list(&json, "figures") {
            let printed = printed(figure);
            let first = printed.values().next();
            let alike =
                printed.len() == declared.texts.len() && printed.values().all(|documents| Some(documents) == first);
            assert!(printed.is_empty() || alike, "{} is not printed alike: {printed:?}", figure["id"]);
            let each: Vec<BTreeSet<String>> = declared.texts.iter().map(|text| numbers(figure, text)).collect();
            assert!(each.windows(2).all(|pair| pair[0] == pair[1]), "{} differs: {}", figure["id"], figure["display"]);
        }
    }
}

/// Holds the charts of a language to their sheets: no words overlap, none leaves.
fn charts_hold(project: &Project, language: &str) {
    let declared = declared(project);
    let face = declared.texts.iter().find(|text| text.language == language).and_then(|text| text.face.as_ref());
    let mut faults = Vec::new();
    let mut seen = 0;
    for country in countries(project) {
        let folder = project.path(&format!("output/{country}/{language}/figures"));
        for file in files(&folder) {
            let svg = fs::read_to_string(folder.join(&file)).expect("a drawing");
            seen += 1;
            faults.extend(proof::faults(&svg, face).into_iter().map(|fault| format!("{country}/{file}: {fault}")));
        }
    }
    assert!(seen > 10, "the charts are found");
    assert!(faults.is_empty(), "{language}:\n{}", faults.join("\n"));
}

fn pages(project: &Project, document: &str) -> usize {
    pdf::open(project, document).get_pages().len()
}

#[test]
fn the_same_numbers_stand_in_every_language() {
    let project = article::series();
    assert!(declared(project).texts.len() > 2, "there are several languages");
    same_numbers(project);
}

#[test]
fn no_words_of_a_chart_overlap_in_any_language() {
    let project = article::series();
    for text in &declared(project).texts {
        charts_hold(project, &text.language);
    }
}

#[test]
fn a_new_language_touches_its_catalogue_and_its_prose_only() {
    let project = pseudo::series();
    let before = pseudo::listed(&Project::series().path("data"));
    let after = pseudo::listed(&project.path("data"));
    let changed: Vec<&String> = after.iter().filter(|file| !before.contains(file)).map(|(path, _)| path).collect();
    let own = |path: &str| {
        path == format!("text/{}.toml", pseudo::CODE) || path.contains(&format!("/narrative/{}/", pseudo::CODE))
    };
    let others: Vec<&&String> = changed.iter().filter(|path| !own(path)).collect();
    assert_eq!(others, [&&"report.toml".to_owned()], "besides, its code stands among the languages");

    let run = project.run(&["build", "--format", "short"]);
    assert_eq!(run.code, 0, "texts longer by two fifths break nothing:\n{}", run.stderr);
    for finding in ["warning[untranslated]", "error[", "[typst-error]"] {
        assert!(!run.stderr.contains(finding), "{finding}:\n{}", run.stderr);
    }
    for country in countries(&project) {
        let summary = format!("{country}/{}/donor-summary.pdf", pseudo::CODE);
        assert_eq!(pages(&project, &summary), 2, "{summary} keeps its pages");
        let brief = |language: &str| pages(&project, &format!("{country}/{language}/brief.pdf"));
        assert!(brief(pseudo::CODE) <= brief("en") * 2, "the brief of {country} grows with its texts only");
    }
    ratings_are_explained_in_each_language(&project);
    same_numbers(&project);
    charts_hold(&project, pseudo::CODE);
}

/// What `figures.json` displays of a code is its label in that language.
fn ratings_are_explained_in_each_language(project: &Project) {
    let figures = figures(project, "LAO");
    let rated: Vec<&Value> = list(&figures, "figures").iter().filter(|figure| figure["unit"] == "tier").collect();
    assert!(rated.len() > 9, "ratings are among the figures");
    for figure in rated {
        let (own, english) = (&figure["display"][pseudo::CODE], &figure["display"]["en"]);
        assert!(own.is_string() && own != english, "{} is displayed as {own} and {english}", figure["id"]);
    }
}

#[test]
fn what_a_language_lacks_is_printed_in_the_default_one() {
    let project = Project::series_of("LAO", &["en", "fr"]);
    let catalogue = project.read("data/text/fr.toml");
    let text: String =
        catalogue.lines().filter(|l| !l.starts_with("persons_arrested")).map(|l| format!("{l}\n")).collect();
    let title = "title = \"Personnes arrêtées\"\n";
    assert!(text.contains(title), "the title is there");
    project.write("data/text/fr.toml", &text.replace(title, "").replace("sources = \"Sources\"\n", ""));
    fs::remove_file(project.path("data/countries/LAO/narrative/fr/law.typ")).expect("there is French prose");
    let run = project.run(&["check", "--format", "short"]);
    assert_eq!(run.code, 0, "what is missing is a warning:\n{}", run.stdout);
    let lacks = |under: &str, what: &str| {
        format!("warning[untranslated]: `fr` has no translation under `{under}` for: `{what}`")
    };
    assert!(run.stdout.contains(&lacks("words", "sources")), "{}", run.stdout);
    assert!(run.stdout.contains(&lacks("indicators", "persons_arrested.title")), "{}", run.stdout);
    assert!(run.stdout.contains("fr/law.typ:1:1: warning[untranslated]: `fr` has no prose for: law"), "{}", run.stdout);

    let run = project.run(&["build", "--format", "short"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let text = text_of(&project, "LAO/fr/brief.pdf");
    assert!(text.contains("Persons arrested"), "the title in the default language");
    let tags = pdf::languages(&pdf::open(&project, "LAO/fr/brief.pdf"));
    assert!(tags.contains("en-GB") && tags.contains("fr-FR"), "runs of text are tagged by their language: {tags:?}");
    let page = project.read("output/index.html");
    for (document, draft) in [("brief", false), ("annex", true), ("donor-summary", false)] {
        let path = format!("LAO/fr/{document}.pdf");
        let pdf = fs::read(project.path("output").join(&path)).expect("the document is there");
        let pages = tipbrief::document::trace::pages(&pdf).expect("the PDF can be read");
        let noted = |page: &&Vec<String>| page.iter().any(|run| run.contains("n’est pas encore traduite"));
        let expected = if draft { pages.len() } else { 0 };
        assert_eq!(
            pages.iter().filter(noted).count(),
            expected,
            "{document} says it on each page if its prose is English"
        );
        assert_eq!(page.contains(&path), !draft, "the page on the web lists what is finished: {document}");
    }
}

fn text_of(project: &Project, document: &str) -> String {
    let pdf = fs::read(project.path("output").join(document)).expect("the document is there");
    tipbrief::document::trace::pages(&pdf).expect("the PDF can be read").concat().join(" ")
}

#[test]
fn documents_say_their_language() {
    let project = article::series();
    for (language, tag) in [("en", "en-GB"), ("fr", "fr-FR"), ("lo", "lo-LA")] {
        let document = pdf::open(project, &format!("LAO/{language}/brief.pdf"));
        assert_eq!(pdf::language(&document), tag, "the language of the whole");
        let tags = pdf::languages(&document);
        assert!(
            language == "en" || tags.contains("en-GB"),
            "titles of sources are tagged as English in {language}: {tags:?}"
        );
    }
}

#[test]
fn a_draft_says_so_on_every_page() {
    let project = article::series();
    let declared = declared(project);
    for text in &declared.texts {
        let notice = text.word("draft_language").replace('\u{200b}', "");
        let pdf = fs::read(project.path(&format!("output/LAO/{}/brief.pdf", text.language))).expect("a brief");
        let pages = tipbrief::document::trace::pages(&pdf).expect("the PDF can be read");
        let noted = pages.iter().filter(|page| page.iter().any(|run| run.contains(&notice))).count();
        assert_eq!(noted, if text.draft { pages.len() } else { 0 }, "{}", text.language);
    }
}

#[test]
fn lines_break_between_words_only() {
    let project = article::series();
    let declared = declared(project);
    let text = declared.texts.iter().find(|text| text.runs_on()).expect("a language without spaces");
    let pdf = fs::read(project.path(&format!("output/LAO/{}/annex.pdf", text.language))).expect("a brief");
    let lines: Vec<String> = tipbrief::document::trace::pages(&pdf).expect("the PDF can be read").concat();
    let folder = format!("data/countries/LAO/narrative/{}", text.language);
    let mut found = 0;
    for file in files(&project.path(&folder)) {
        let prose = project.read(&format!("{folder}/{file}"));
        // A lead up to its first call.
        let lead = prose.split("#lead[").nth(1).and_then(|rest| rest.split([']', '#']).next());
        let Some(lead) = lead else { continue };
        // Places where a line may end, in bytes of the lead as it is read.
        let (mut ends, mut at) = (BTreeSet::new(), 0);
        for letter in text.breakable(lead).chars() {
            match letter {
                '\u{200b}' => drop(ends.insert(at)),
                ' ' => {
                    ends.extend([at, at + 1]);
                    at += 1;
                }
                other => at += other.len_utf8(),
            }
        }
        ends.insert(lead.len());
        for line in lines.iter().map(|line| line.replace('\u{200b}', "")).filter(|line| line.chars().count() > 20) {
            let Some(start) = lead.find(line.trim()) else { continue };
            let end = start + line.trim().len();
            assert!(ends.contains(&end), "a line ends within a word: {line}");
            found += 1;
        }
    }
    assert!(found > 1, "the lines of the leads are found");
}

#[test]
fn of_one_country_every_language_is_kept_and_no_other_country() {
    let mut declared = declared(article::series());
    assert!(declared.countries.len() > 1 && declared.texts.len() > 1);
    declared.keep_country("LAO");
    let documents = declared.documents().count();
    assert_eq!(documents, declared.texts.len() * declared.report.documents.len());
    let names: BTreeSet<&str> = declared.documents().map(|document| document.country.iso3.as_str()).collect();
    assert_eq!(names, ["LAO"].into());
}
