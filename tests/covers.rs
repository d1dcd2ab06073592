//! The picture of a brief: it is the first page of the PDF to the last dot, though no other page is set for it.

use std::fs;

use crate::article;
use crate::dice::long;
use crate::project::Project;

/// How a template knows that nothing but the first page is asked for.
const SHORT_CUT: &str = "sys.inputs.at(\"picture\", default: none) == \"first-page\"";

/// The pictures of a country's briefs, made of whole documents.
fn assert_same_of_whole(project: &Project, country: &str, languages: &[&str], short: &Project) {
    project.replace("templates/theme.typ", SHORT_CUT, "false");
    project.build();
    for language in languages {
        let cover = format!("output/{country}/{language}/cover.png");
        let [alone, whole] = [short, project].map(|project| fs::read(project.path(&cover)).expect("a picture"));
        assert!(alone == whole, "{cover} is not the first page of its document");
    }
}

#[test]
fn the_picture_is_the_first_page_of_the_document() {
    // One brief; where time is, those of both countries in all languages.
    let languages: &[&str] = if long() { &["en", "lo", "fr"] } else { &["en"] };
    let countries: &[&str] = if long() { &["LAO", "KHM"] } else { &["LAO"] };
    for country in countries {
        assert_same_of_whole(&Project::series_of(country, languages), country, languages, article::series());
    }
}

#[test]
fn a_page_that_runs_on_and_a_deck_from_elsewhere_are_pictured_as_they_are() {
    let edits: [&dyn Fn(&Project); 3] = [
        // Without an opening the sections begin on the first page.
        &|project| {
            fs::remove_file(project.path("data/countries/XXA/narrative/en/brief.typ")).expect("there is an opening");
            for (place, at) in [("prosecution/persons_arrested", 1), ("protection/victims_identified", 2)] {
                project.replace(&format!("data/indicators/{place}.toml"), &format!("key_figure = {at}\n"), "");
            }
        },
        &|project| project.write("data/countries/XXA/narrative/en/brief.typ", &"So it went on and on.\n\n".repeat(200)),
        &|project| {
            let prose = "data/countries/XXA/narrative/en/prosecution.typ";
            project.write(prose, &format!("{}\n#deck[Told elsewhere.]\n", project.read(prose)));
        },
    ];
    for edit in edits {
        let [short, whole] = [Project::minimal(), Project::minimal()];
        edit(&short);
        edit(&whole);
        short.build();
        assert_same_of_whole(&whole, "XXA", &["en"], &short);
    }
}
