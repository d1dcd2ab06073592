//! A project of one's own: written by `new`, sound and built at once, a draft until somebody writes its prose.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::mail::with_donors;
use crate::project::{Project, REPOSITORY, Run, files};

/// What an officer writes first: a source, a number, a sentence.
const SOURCE: &str =
    "police_2024,Police statistics,Police,2024-03,,https://example.org/police-2024,,publication,1,,,,,,\n";
const ROW: &str = "2023,arrested,total,total,total,total,total,41,,police_2024,\n";
const DRAFT: &str = "Draft: some of its prose is not written yet";

fn add(project: &Project, path: &str, row: &str) {
    project.write(path, &(project.read(path) + row));
}

/// The program in a folder.
fn at(folder: &Path, arguments: &[&str]) -> Run {
    Run::of(Command::new(env!("CARGO_BIN_EXE_tipbrief")).args(arguments).current_dir(folder))
}

#[test]
fn a_new_project_is_sound_and_builds_drafts_at_once() {
    let project = Project::begun(&["--country", "THA"]);
    let check = project.run(&["check", "--format", "short"]);
    assert_eq!((check.code, check.stderr.as_str()), (0, ""), "{}", check.stdout);
    let unwritten = |line: &str| line.contains("[unwritten]");
    assert!(check.stdout.lines().all(unwritten), "it says what to write and nothing else:\n{}", check.stdout);
    project.build();
    for document in ["brief", "annex", "donor-summary"] {
        let printed = project.printed(&format!("THA/en/{document}.pdf"));
        assert!(printed.contains(DRAFT) && printed.contains("Thailand"), "{document}: {printed}");
        assert!(!printed.contains("Sources"), "no heading stands over nothing: {document}: {printed}");
    }
    let page = project.read("output/index.html");
    assert!(page.contains("No document has been released yet.") && !page.contains(".pdf"), "no draft is listed");
    assert_eq!(project.run(&["verify"]).code, 0);
}

#[test]
#[cfg(unix)]
fn an_empty_folder_for_a_register_keeps_nobody_from_seeing_that_nothing_changed() {
    crate::idle::rested(Path::new(env!("CARGO_BIN_EXE_tipbrief")));
    let project = Project::begun(&["--country", "THA"]);
    project.build();
    let seen = || !project.read("output/.stamp").ends_with("\"seen\":null}");
    assert!(project.build().stdout.lines().count() == 3 && seen());
    let text = project.read("data/countries/THA/cases.csv");
    project.write("data/countries/THA/register/cases.csv", &text.replace("count", "case_id,count"));
    project.run(&["build"]);
    assert!(!seen(), "a register may change unnoticed");
}

#[test]
fn a_folder_of_a_new_project_holds_what_an_officer_needs() {
    let project = Project::begun(&["--country", "THA", "--country", "KHM", "--country", "THA", "--language", "fr"]);
    for path in [
        "README.md",
        ".gitignore",
        ".github/workflows/briefs.yml",
        "data/report.toml",
        "data/countries/THA/country.toml",
        "data/countries/THA/sources.csv",
        "data/countries/KHM/narrative/en/brief.typ",
        "data/countries/KHM/narrative/fr/brief.typ",
    ] {
        assert!(project.path(path).is_file(), "{path}");
    }
    assert!(project.path("data/countries/THA/register").is_dir(), "a place for a register");
    assert!(!project.path("templates").exists() && !project.path("data/text").exists(), "the program carries these");
    let carried = files(&Path::new(REPOSITORY).join("data/indicators"));
    assert_eq!(files(&project.path("data/indicators")), carried, "what is counted is the series' own");
    assert!(project.read("data/report.toml").contains("languages = [\"en\", \"fr\"]"), "English comes first");
    let readme = project.read("README.md");
    assert!(readme.contains("Thailand, Cambodia") && !readme.contains('{'), "{readme}");
    let workflow = project.read(".github/workflows/briefs.yml");
    assert!(workflow.contains("\n  pull_request:\n") && !workflow.contains("pull_request_target:"));
    for kept in ["donors", "delivery.csv", "manifest.json", "secrets."] {
        let lines = || workflow.lines().filter(|line| !line.trim_start().starts_with('#'));
        assert!(!lines().any(|line| line.contains(kept)), "{kept} is not uploaded");
    }
    for file in files(&project.path("data/countries/THA/narrative")) {
        let text = project.read(&format!("data/countries/THA/narrative/{file}"));
        assert!(text.lines().all(|line| line.starts_with("//")), "no sentence is written for anybody: {file}");
    }
}

#[test]
fn what_is_written_is_a_draft_no_more() {
    let project = Project::begun(&["--country", "THA"]);
    add(&project, "data/countries/THA/sources.csv", SOURCE);
    add(&project, "data/countries/THA/arrests.csv", ROW);
    let project = with_donors(project, 1);
    let send = project.run(&["send"]);
    assert_eq!(send.code, 1, "{}", send.stderr);
    let note = "THA-en-brief.pdf is not sent: it is a draft: some of its prose is not written yet";
    assert!(send.stderr.contains(note) && send.stderr.contains("there is nothing to send"), "{}", send.stderr);
    assert!(project.printed("THA/en/annex.pdf").contains("41"), "what is known is printed all the same");
    // The example in the project's page for officers.
    let readme = project.read("README.md");
    let example = readme.split("```typ\n").nth(1).and_then(|rest| rest.split("```").next()).expect("an example");
    let example: String = example.lines().map(|line| format!("{}\n", line.trim_start())).collect();
    project.write("data/countries/THA/narrative/en/brief.typ", &example);
    project.build();
    let printed = project.printed("THA/en/brief.pdf");
    assert!(printed.contains("In 2023, 41 persons were arrested") && !printed.contains("Draft"), "{printed}");
    assert!(project.printed("THA/en/annex.pdf").contains(DRAFT), "its sections are not");
    let page = project.read("output/index.html");
    assert!(page.contains("THA/en/brief.pdf") && !page.contains("THA/en/annex.pdf"), "{page}");
    for section in files(&project.path("data/indicators")).iter().filter_map(|path| path.strip_suffix("/section.toml"))
    {
        fs::remove_file(project.path(&format!("data/countries/THA/narrative/en/{section}.typ"))).expect("its guide");
    }
    project.build();
    assert!(!project.printed("THA/en/annex.pdf").contains("Draft"), "without the guides nothing is left to write");
    assert!(project.run(&["send"]).stdout.contains(".mail/d1-1.eml"));
}

#[test]
fn a_file_of_the_project_wins_over_the_carried_one() {
    let project = Project::begun(&["--country", "THA"]);
    project.build();
    project.write("templates/donor-summary.typ", "#import \"theme.typ\": *\n#show: series\nA page of our own\n");
    project.write("data/text/en.toml", &own_words("A remark of our own"));
    let run = project.build();
    assert!(run.stderr.is_empty() || !run.stderr.contains("error"), "{}", run.stderr);
    assert!(project.printed("THA/en/donor-summary.pdf").contains("A page of our own"));
    let printed = project.printed("THA/en/brief.pdf");
    assert!(printed.contains("A remark of our own"));
    assert!(printed.contains("Small numbers refer to the sources"), "what it lacks is the program's: {printed}");
    fs::remove_dir_all(project.path("templates")).expect("it is there");
    fs::remove_dir_all(project.path("data/text")).expect("it is there");
    project.build();
    assert!(
        !project.printed("THA/en/donor-summary.pdf").contains("of our own"),
        "and without it the carried one is read"
    );
    project.write("templates/theme.typ", "#nothing-of-the-kind\n");
    let broken = project.run(&["build", "--format", "short"]);
    assert!(broken.code == 1 && broken.stderr.contains("templates/theme.typ:1:"), "{}", broken.stderr);
}

/// The English texts with another remark on drafts, and without one of the words that the program needs.
fn own_words(remark: &str) -> String {
    let text = fs::read_to_string(Path::new(REPOSITORY).join("data/text/en.toml")).expect("the English texts");
    let kept = text.lines().filter(|line| !line.starts_with("page_note = "));
    kept.map(|line| format!("{line}\n")).collect::<String>().replace(DRAFT, remark)
}

#[test]
fn a_carried_translation_is_of_the_carried_words_alone() {
    let project = Project::begun(&["--country", "THA", "--language", "fr"]);
    project.build();
    assert!(project.printed("THA/fr/annex.pdf").contains("Traite des personnes"));
    project.replace("data/report.toml", "\"Trafficking in persons\"", "\"People sold\"");
    // What a series does not count needs no translation, and what the program translates of it is no fault.
    fs::remove_file(project.path("data/indicators/protection/women_given_care.toml")).expect("it is there");
    let check = project.run(&["check", "--format", "short"]);
    let translation =
        "data/text/fr.toml:42:2: warning[untranslated]: `fr` has no translation under `report` for: `title`";
    assert!(check.code == 0 && check.stdout.contains(translation), "{}", check.stdout);
    project.build();
    let printed = project.printed("THA/fr/annex.pdf");
    assert!(printed.contains("People sold") && !printed.contains("Traite"), "{printed}");
}

#[test]
fn what_cannot_be_written_is_refused_before_anything_is() {
    let place = tempfile::TempDir::new().expect("a folder");
    let refused = |arguments: &[&str], code: i32, why: &str| {
        let run = at(place.path(), &[&["new"], arguments].concat());
        assert_eq!((run.code, run.stdout.as_str()), (code, ""), "{arguments:?}");
        assert!(run.stderr.contains(why), "{arguments:?}: {}", run.stderr);
        assert_eq!(files(place.path()), ["full/mine.txt", "taken"], "nothing was written");
        assert!(!place.path().join("new").exists() && !place.path().join("deep").exists());
    };
    fs::create_dir(place.path().join("full")).expect("a folder");
    fs::write(place.path().join("full/mine.txt"), "mine").expect("a file");
    fs::write(place.path().join("taken"), "").expect("a file");
    refused(&["full", "--country", "THA"], 1, "`full` is not empty: it holds `mine.txt`; nothing was written");
    refused(&["taken", "--country", "THA"], 1, "`taken` is there already, and is no folder");
    refused(&["new", "--country", "THI"], 2, "not a country of ISO 3166-1");
    refused(&["deep/new", "--country", "XXA"], 1, "there is no name for `XXA` to print");
    refused(&["new", "--country", "THA", "--language", "xx"], 2, "the program has no texts in it, but in: en, fr, lo");
    refused(&["new"], 2, "--country <ISO3>");
    fs::create_dir(place.path().join("empty")).expect("a folder");
    let run = at(&place.path().join("empty"), &["new", ".", "--country", "THA", "--language", "lo"]);
    assert_eq!((run.code, run.stdout.as_str()), (0, ".\n"), "{}", run.stderr);
    assert!(run.stderr.contains("note: `en` comes first"), "{}", run.stderr);
    assert_eq!(at(&place.path().join("empty"), &["check", "--quiet"]).code, 0);
    let deep = at(place.path(), &["new", "deep/er", "--country", "THA"]);
    assert_eq!((deep.code, deep.stdout.as_str()), (0, "deep/er\n"), "{}", deep.stderr);
    assert!(!place.path().join("deep/er/.new").exists());
}

#[test]
#[cfg(unix)]
fn typst_and_fonts_are_found_beside_the_program() {
    let project = Project::begun(&["--country", "LAO", "--language", "lo"]);
    let package = tempfile::TempDir::new_in(Path::new(env!("CARGO_TARGET_TMPDIR"))).expect("a folder");
    let (bin, own) = (package.path().join("bin"), package.path().join("lib/tipbrief"));
    fs::create_dir_all(&bin).expect("a folder");
    fs::create_dir_all(own.join("fonts")).expect("a folder");
    let program = bin.join("tipbrief");
    // A link to the file itself: the program lies where it is started.
    fs::hard_link(env!("CARGO_BIN_EXE_tipbrief"), &program).expect("a second name of the program");
    let build = || {
        let mut command = Command::new(&program);
        command.arg("build").arg("--root").arg(project.root()).env_remove("TYPST").env("PATH", "/nowhere");
        command.current_dir(project.root());
        Run::of(&mut command)
    };
    let without = build();
    assert!(without.code == 3 && without.stderr.contains("Typst was not found"), "{}", without.stderr);
    std::os::unix::fs::symlink(crate::project::typst(), own.join("typst")).expect("a link");
    let drafted = build();
    assert_eq!(drafted.code, 0, "{}", drafted.stderr);
    let warned = "documents in `lo` are drafts, set in DejaVu Sans";
    assert!(drafted.stderr.contains(warned), "{}", drafted.stderr);
    let fonts = Path::new(REPOSITORY).join(".tools/fonts");
    if fonts.is_dir() {
        crate::project::copy(&fonts, &own.join("fonts"));
        let set = build();
        assert!(set.code == 0 && !set.stderr.contains(warned), "{}", set.stderr);
    }
}
