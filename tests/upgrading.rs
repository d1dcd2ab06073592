//! The format of a project: an older one is moved to the present, a later one refused, and what the program carries is listed.

use std::fs;

use crate::project::{Project, files};

#[test]
fn an_older_project_is_moved_to_the_present_format_once() {
    let project = Project::minimal();
    project.write("data/countries/XXA/narrative/en/brief.typ", "// still to be written\n");
    assert_eq!(project.run(&["check"]).code, 1, "in the oldest format no document does without its prose");
    let run = project.run(&["upgrade"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stdout.starts_with("data/report.toml: `tipbrief = \"0.2\"` is added."), "{}", run.stdout);
    assert!(project.read("data/report.toml").starts_with("tipbrief = \"0.2\"\n"));
    assert_eq!(project.run(&["check"]).code, 0, "now it is a draft");
    let before = project.read("data/report.toml");
    let again = project.run(&["upgrade"]);
    assert_eq!((again.code, again.stdout.as_str()), (0, "nothing to do: the project has the present format, 0.2\n"));
    assert!(again.stderr.contains("--remove-copies"), "{}", again.stderr);
    assert_eq!(project.read("data/report.toml"), before);
}

#[test]
fn copies_of_carried_files_go_where_that_is_asked_for() {
    let project = Project::minimal();
    project.replace("templates/brief.typ", "// The country brief.", "// Our brief.");
    project.build();
    let before = project.printed("XXA/en/brief.pdf");
    let run = project.run(&["upgrade", "--remove-copies"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    assert!(run.stdout.contains("templates/theme.typ: is removed; the program carries the same"), "{}", run.stdout);
    assert_eq!(files(&project.path("templates")), ["brief.typ"], "what was changed stays");
    assert!(!project.path("data/schemas").exists(), "an empty folder goes, too");
    // They speak of countries of their own series, and so are not the carried ones.
    assert_eq!(files(&project.path("data/text")), ["fr.toml", "lo.toml"]);
    project.build();
    assert_eq!(project.printed("XXA/en/brief.pdf"), before);
    let again = project.run(&["upgrade", "--remove-copies"]);
    assert_eq!(again.stdout, "nothing to do: the project has the present format, 0.2\n");
    assert_eq!(project.run(&["verify"]).code, 0);
}

#[test]
fn a_project_in_a_later_format_is_refused_by_every_command() {
    let project = Project::minimal();
    project.build();
    let report = project.read("data/report.toml");
    project.write("data/report.toml", &format!("tipbrief = \"12.0\"\nlater = true\n{report}"));
    let before = files(project.root());
    let commands: [&[&str]; 14] = [
        &["check"],
        &["build"],
        &["verify"],
        &["upgrade"],
        &["carried"],
        &["carried", "--copy", "templates/chart.typ"],
        &["init", "THA"],
        &["explain", "41"],
        &["keep", "2024"],
        &["send"],
        &["release", "2024"],
        &["translate", "--sheet", "lo"],
        &["import", "--show", "police"],
        &["custody", "export", "moved"],
    ];
    for command in commands {
        let run = project.run(command);
        let said = run.stdout + &run.stderr;
        assert_eq!(run.code, 1, "{command:?}: {said}");
        let fault = "data/report.toml:1:12: error[newer-format]: this project has the format `12.0`; this program, ";
        assert_eq!((said.matches(fault).count(), said.matches("error").count()), (1, 2), "{command:?}: {said}");
    }
    assert_eq!(files(project.root()), before, "nothing was written");
    project.write("data/report.toml", &format!("tipbrief = \"next\"\n{report}"));
    let unknown = project.run(&["check", "--format", "short"]);
    let fault = "data/report.toml:1:12: error[invalid-value]: there is no format `next`";
    assert!(unknown.code == 1 && unknown.stdout.contains(fault), "{}", unknown.stdout);
}

#[test]
fn carried_files_are_listed_and_copied_to_be_changed() {
    let project = Project::begun(&["--country", "THA", "--language", "fr"]);
    let listed = project.run(&["carried"]);
    assert!(listed.stdout.lines().all(|line| line.starts_with("program ")), "{}", listed.stdout);
    assert!(listed.stdout.contains("program templates/components/cover.typ\n"));
    let copied = project.run(&["carried", "--copy", "templates/theme.typ", "--copy", "data/text/fr.toml"]);
    assert_eq!(copied.code, 0, "{}", copied.stderr);
    let listed = project.run(&["carried"]).stdout;
    assert_eq!(listed.lines().filter(|line| line.starts_with("project ")).count(), 2, "{listed}");
    let own = project.run(&["check", "--format", "short"]);
    assert!(own.code == 0 && own.stdout.lines().all(|line| line.contains("[unwritten]")), "{}", own.stdout);
    for (asked, why) in [
        ("templates/theme.typ", "`templates/theme.typ` is there already"),
        ("templates/themes.typ", "the program carries no `templates/themes.typ`; did you mean `templates/theme.typ`?"),
        ("../report.toml", "the program carries no `../report.toml`"),
        ("data/indicators/data/section.toml", "the program carries no `data/indicators/data/section.toml`"),
    ] {
        let run = project.run(&["carried", "--copy", asked, "--copy", "templates/chart.typ"]);
        assert!(run.code == 1 && run.stderr.contains(why), "{asked}: {}", run.stderr);
        assert!(!project.path("templates/chart.typ").exists(), "nothing was written");
    }
}

#[test]
fn a_correction_of_a_carried_text_makes_it_the_projects_own() {
    let project = Project::begun(&["--country", "THA", "--language", "fr"]);
    assert_eq!(project.run(&["translate", "--sheet", "fr"]).code, 0);
    let sheet = project.read("translation-fr.csv");
    let row = sheet.lines().find(|line| line.contains(",Trafficking in persons,Traite des personnes,")).expect("a row");
    project.write("translation-fr.csv", &sheet.replace(row, &format!("{row}Traite d’êtres humains")));
    let path = project.path("translation-fr.csv");
    let read = project.run(&["translate", "--sheet", "fr", "--read", path.to_str().expect("UTF-8")]);
    assert!(read.code == 0 && project.read("data/text/fr.toml").contains("title = \"Traite d’êtres humains\""));
    assert_eq!(project.run(&["check", "--quiet"]).code, 0);
    fs::remove_file(project.path("data/text/fr.toml")).expect("it is there");
}
