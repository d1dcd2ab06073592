//! Letters to donors: which of them goes to whom, what is filled in, and that a letter may change after the documents were made.

use serde_json::Value;

use crate::mail::{MailServer, journal, send, with, with_donors};
use crate::project::{Project, Run};

const FRENCH: &str = "Subject: {series}, pour {donor}

Madame, Monsieur,

voici les documents sur {country} :

{documents}

Réponse à {contact}.
";

/// A project in two languages with a publisher, a donor who reads French and one who reads English.
fn bilingual() -> Project {
    let project = Project::minimal();
    project.replace("data/report.toml", "languages = [\"en\"]", "languages = [\"en\", \"fr\"]");
    let report = project.read("data/report.toml");
    let further = r#"
[publisher]
name = "The Desk"
contact = "mailto:desk@example.org"

[[donors]]
id = "aide"
name = "L’Aide"
addresses = ["aide@example.org"]
languages = ["fr", "en"]
"#;
    project.write("data/report.toml", &(report + further));
    let french = "region = \"fr\"\nname = \"Français\"\n[report]\ntitle = \"La traite des personnes\"\n[editions]\nbrief = \"Dossier\"\n\
                  [country]\nXXA.name = \"Exemplie\"\n";
    project.write("data/text/fr.toml", french);
    // With prose in every language none of its documents is a draft.
    let prose = project.path("data/countries/XXA/narrative");
    crate::project::copy(&prose.join("en"), &prose.join("fr"));
    with(project, &[("aid".to_owned(), "Aid".to_owned(), "[\"aid@example.org\"]".to_owned())])
}

/// The dry run's message to a donor, with its text decoded by the mail server's own reader where a server is at hand.
fn laid(project: &Project, donor: &str) -> String {
    let run = project.run(&["send"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    project.read(&format!("output/.mail/{donor}-1.eml"))
}

fn texts(server: &MailServer) -> Vec<(String, String)> {
    let of = |report: &Value, key: &str| report[key].as_str().unwrap_or_default().to_owned();
    server.delivered().iter().map(|message| (of(&message.report, "subject"), of(&message.report, "text"))).collect()
}

#[test]
fn each_donor_is_written_to_in_its_first_language_and_by_its_own_letter() {
    let Some(server) = MailServer::plain("take") else { return };
    let project = bilingual();
    project.write("data/letters/fr.txt", FRENCH);
    project.write("data/letters/aid.en.txt", "To {donor} alone: {countries}, {issue}.\n");
    let run = send(&project, &server, &[]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(!run.stderr.contains("there is no letter"), "{}", run.stderr);
    let sent = texts(&server);
    let (subject, text) = &sent[0];
    assert_eq!(subject, "La traite des personnes, pour L’Aide");
    let wanted = "Madame, Monsieur,\n\nvoici les documents sur Exemplie :\n\nExemplie, Dossier (English): XXA-en-brief.pdf\n\
                  Exemplie, Dossier (Français): XXA-fr-brief.pdf\n\nRéponse à desk@example.org.\n";
    assert!(text.replace("\r\n", "\n").starts_with(wanted), "{text}");
    let (subject, text) = &sent[1];
    assert_eq!(subject, "Trafficking in persons 2024 for Aid", "that of `[mail]`");
    assert!(text.starts_with("To Aid alone: Examplia, 2024."), "{text}");
}

#[test]
fn a_language_without_a_letter_has_that_of_the_default_language_and_the_file_is_named() {
    let project = bilingual();
    let silent = project.run(&["send"]);
    assert!(!silent.stderr.contains("there is no letter"), "without files `[mail]` writes to all: {}", silent.stderr);
    project.write("data/letters/en.txt", "Dear {donor},\nhere are the briefs.\n");
    let letter = laid(&project, "aide");
    assert!(letter.contains("here are the briefs."), "{letter}");
    let run = project.run(&["send"]);
    assert!(
        run.stderr.contains("note: there is no letter `data/letters/fr.txt`; that in `en` is sent"),
        "{}",
        run.stderr
    );
    let check = project.run(&["check", "--format", "short"]);
    let warning = "warning[untranslated]: there is no letter `data/letters/fr.txt`; that in `en` is sent";
    assert!(check.stdout.contains(warning), "{}", check.stdout);
    let unused = "warning[name-mismatch]: `text` is not sent, because there is the letter `data/letters/en.txt`";
    assert_eq!((check.code, check.stdout.contains(unused)), (0, true), "{}", check.stdout);
}

#[test]
fn a_letter_may_change_after_the_build_and_is_never_mailed_for_that_alone() {
    let Some(server) = MailServer::plain("take") else { return };
    let project = with_donors(Project::minimal(), 1);
    project.write("data/letters/en.txt", "Dear {donor},\nthe first wording.\n");
    assert_eq!(project.run(&["verify"]).code, 0, "a letter is no input");
    let manifest = project.read("output/manifest.json");
    project.build();
    assert_eq!(project.read("output/manifest.json"), manifest, "and nothing is built for it");
    assert!(laid(&project, "d1").contains("the first wording."));
    project.write("data/letters/en.txt", "Dear {donor},\nthe second wording.\n");
    assert!(laid(&project, "d1").contains("the second wording."), "it is read when it is sent");
    assert_eq!(send(&project, &server, &[]).code, 0);
    project.write("data/letters/en.txt", "Dear {donor},\nthe third wording.\n");
    let again = send(&project, &server, &[]);
    assert!(again.stderr.contains("0 sent now, 1 sent earlier"), "{}", again.stderr);
    assert_eq!((server.delivered().len(), journal(&project).len()), (1, 2), "nobody is mailed for a new wording");
    assert!(texts(&server)[0].1.contains("the second wording."));
}

#[test]
fn a_letter_that_cannot_be_sent_is_named_at_its_place_and_nothing_is_sent() {
    let project = with_donors(Project::minimal(), 1);
    project.write("data/letters/en.txt", "Subject: {documents}\n\nDear {donr},\nwrite to {contact}.\n");
    project.write("data/letters/de.txt", "Guten Tag\n");
    project.write("data/letters/d1.txt", "Dear\n");
    project.write("data/letters/d2.en.txt", "Dear\n");
    project.write("data/letters/notes.md", "Notes\n");
    let known = [
        "data/letters/d1.txt:1:1: error[unknown-name]: there is no language `d1`",
        "data/letters/d2.en.txt:1:1: error[unknown-name]: there is no donor `d2`",
        "data/letters/de.txt:1:1: error[unknown-name]: there is no language `de`",
        "data/letters/en.txt:1:10: error[unknown-name]: `{documents}` stands for several lines, and a subject is one line",
        "data/letters/en.txt:3:6: error[unknown-name]: `{donr}` is not a placeholder",
        "data/letters/en.txt:4:10: error[invalid-value]: `{contact}` stands for nothing: no publisher gives its contact",
        "data/letters/notes.md:1:1: error[name-mismatch]: `notes.md` is not a letter, `<language>.txt` or `<donor>.<language>.txt`",
    ];
    let check = project.run(&["check", "--format", "short"]);
    for line in known {
        assert!(check.stdout.lines().any(|found| found == line), "`{line}` is missing in\n{}", check.stdout);
    }
    let people = project.run(&["check"]);
    let hint =
        "did you mean `{donor}`? the placeholders are: `{donor}`, `{series}`, `{issue}`, `{contact}`, `{country}`";
    assert!(people.stdout.contains(hint) && people.stdout.contains("`d1.en.txt`"), "{}", people.stdout);
    let run = project.run(&["send"]);
    assert_eq!((run.code, project.path("output/.mail").exists()), (1, false), "{}", run.stderr);
    assert!(run.stderr.contains("`{donr}` is not a placeholder"), "{}", run.stderr);
    project.build();
}

#[test]
fn a_letter_about_one_country_does_not_go_to_a_donor_of_two() {
    let project = with_donors(Project::minimal(), 1);
    let second = ["country.toml", "sources.csv", "arrests.csv", "narrative/en/brief.typ"];
    for file in second {
        let text = project.read(&format!("data/countries/XXA/{file}"));
        project.write(&format!("data/countries/XXB/{file}"), &text);
    }
    project.write("data/letters/en.txt", "About {country}.\n");
    let check = project.run(&["check", "--format", "short"]);
    let fault =
        "data/letters/en.txt:1:7: error[invalid-value]: `{country}` is one country, and the donor `d1` follows 2";
    assert!(check.stdout.contains(fault), "{}", check.stdout);
}

#[test]
fn a_project_without_any_letter_says_where_to_write_one() {
    let project = with_donors(Project::minimal(), 1);
    let report = project.read("data/report.toml");
    let (above, _) = report.split_once("text = ").expect("the text of `[mail]`");
    project.write("data/report.toml", above);
    let run = Run::of(&mut project.command(&["check", "--format", "short"]));
    let fault = "error[missing-field]: there is no letter `data/letters/en.txt`";
    assert_eq!((run.code, run.stdout.contains(fault)), (1, true), "{}", run.stdout);
    project.write("data/letters/en.txt", "Dear {donor},\n");
    assert_eq!(project.run(&["check"]).code, 0);
}
