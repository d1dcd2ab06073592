//! Whole projects: every text that a build writes is the one expected, and none is missing or left over.

use std::fs;

use crate::expected::{self, Files};
use crate::project::{Project, files, tests};

/// Builds `tests/projects/<name>` and holds what it wrote against `expected/`.
fn built_as_expected(name: &str) {
    let project = Project::named(name);
    project.build();
    let output = project.path("output");
    let text = |path: &String| fs::read_to_string(output.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
    let found: Files =
        files(&output).into_iter().filter(|path| compared(path)).map(|path| (path.clone(), text(&path))).collect();
    expected::conclude(&expected::folder(&tests().join("projects").join(name).join("expected"), &found));
}

/// Checksums and stamps change with every version of a tool; a PDF, its picture and the page that lists them are looked into
/// elsewhere.
fn compared(path: &str) -> bool {
    let changes = ["manifest.json", "index.html", "SHA256SUMS"].contains(&path) || path.starts_with('.');
    !path.ends_with(".pdf") && !path.ends_with(".png") && !changes
}

#[test]
fn minimal() {
    built_as_expected("minimal");
}

#[test]
fn alternatives() {
    built_as_expected("alternatives");
}

#[test]
fn imported() {
    built_as_expected("imported");
}

#[test]
fn a_sound_project_passes_in_silence() {
    let run = Project::named("minimal").run(&["check", "--format", "short", "--deny", "warnings"]);
    assert_eq!((run.code, run.stdout.as_str(), run.stderr.as_str()), (0, "", ""));
}

#[test]
fn sources_that_contradict_themselves_warn_and_pass() {
    let run = Project::named("alternatives").run(&["check", "--format", "short"]);
    assert_eq!(run.code, 0, "{}", run.stdout);
    assert!(run.stdout.contains(": warning[margin-mismatch]: "), "two breakdowns with different sums:\n{}", run.stdout);
    let denied = Project::named("alternatives").run(&["check", "--format", "short", "--deny", "warnings"]);
    assert_eq!(denied.code, 1, "a warning that is denied fails the run");
}

#[test]
fn a_build_leaves_only_what_the_contract_names() {
    let project = Project::minimal();
    let run = project.build();
    assert_eq!(
        run.stdout.trim_end(),
        project.path("output/XXA/en/brief.pdf").display().to_string(),
        "the paths written"
    );
    let allowed = |path: &&String| {
        let parts: Vec<&str> = path.split('/').collect();
        !matches!(
            parts.as_slice(),
            ["manifest.json" | "index.html" | "SHA256SUMS" | ".stamp" | ".lock"]
                | ["XXA", "figures.json"]
                // What stood there before, for `diff`: no output, and only after a build that changed a figure.
                | [".previous", "XXA", "figures.json"]
                | [".previous", "XXA", "tables", "datapackage.json"]
                | ["XXA", "tables", _]
                | ["XXA", "en", "brief.pdf" | "cover.png" | "chart.png"]
                | ["XXA", "en", "figures", _]
        )
    };
    let found = files(&project.path("output"));
    assert_eq!(found.iter().filter(allowed).collect::<Vec<_>>(), Vec::<&String>::new(), "leftovers of the build");
}
