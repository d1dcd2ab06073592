//! What runs elsewhere: the workflow file, held against what it must and must not say, and what a build tells the page of a
//! job.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use regex::Regex;

use crate::project::{Project, REPOSITORY, Run, files};

/// The workflow that publishes a release.
const RELEASE: &str = "release.yml";

/// A line of YAML as these files have it: its depth, its key, what follows.
struct Line<'t> {
    depth: usize,
    key: &'t str,
    value: &'t str,
}

fn workflows() -> Vec<(String, String)> {
    let folder = Path::new(REPOSITORY).join(".github/workflows");
    let read = |path: String| (path.clone(), fs::read_to_string(folder.join(path)).expect("a workflow"));
    let found: Vec<_> = files(&folder).into_iter().map(read).collect();
    assert!(!found.is_empty(), "there is a workflow");
    found
}

/// The lines that hold a key; comments and the text of blocks are none.
fn lines(text: &str) -> Vec<Line<'_>> {
    let mut block = usize::MAX;
    let mut lines = Vec::new();
    for line in text.lines().filter(|line| !line.trim().is_empty() && !line.trim_start().starts_with('#')) {
        let depth = line.len() - line.trim_start_matches([' ', '-']).len();
        if depth > block {
            continue;
        }
        block = usize::MAX;
        let content = line[depth..].split(" #").next().unwrap_or_default().trim_end();
        let (key, value) = content.split_once(':').unwrap_or((content, ""));
        if matches!(value.trim(), "|" | ">") {
            block = depth;
        }
        lines.push(Line { depth, key, value: value.trim() });
    }
    lines
}

/// The keys directly below a place.
fn keys<'t>(lines: &'t [Line<'t>], path: &[&str]) -> BTreeSet<&'t str> {
    let mut above: Vec<(usize, &str)> = Vec::new();
    let mut found = BTreeSet::new();
    for line in lines {
        above.retain(|(depth, _)| *depth < line.depth);
        if above.iter().map(|(_, key)| *key).eq(path.iter().copied()) {
            found.insert(line.key);
        }
        above.push((line.depth, line.key));
    }
    found
}

#[test]
fn workflows_hold_what_they_must() {
    let cron = Regex::new(r#"^"[0-5]?[0-9] [0-2]?[0-9] \* \* [*0-7]"$"#).expect("a pattern");
    for (path, text) in workflows() {
        assert!(!text.contains('\t'), "{path}: a tab is no YAML");
        let lines = lines(&text);
        let top = ["name", "on", "permissions", "concurrency", "jobs"];
        assert_eq!(keys(&lines, &[]), top.into(), "{path}: the keys of a workflow");
        let mut starts = BTreeSet::from(["push", "schedule", "workflow_dispatch"]);
        if path == RELEASE {
            starts.remove("schedule");
            assert_eq!(keys(&lines, &["on", "push"]), ["tags"].into(), "{path}: only a tag makes a release");
        }
        assert_eq!(keys(&lines, &["on"]), starts, "{path}: what starts it");
        let known: BTreeSet<&str> =
            ["name", "id", "if", "uses", "with", "run", "env", "timeout-minutes", "working-directory", "shell"].into();
        for job in keys(&lines, &["jobs"]) {
            let keys = |inside: &[&str]| keys(&lines, &[&["jobs", job], inside].concat());
            assert!(keys(&[]).is_superset(&["runs-on", "timeout-minutes", "steps"].into()), "{path}: {job}");
            assert!(keys(&["steps"]).is_subset(&known), "{path}: {:?}", keys(&["steps"]));
        }
        for line in lines.iter().filter(|line| line.key == "cron") {
            assert!(cron.is_match(line.value), "{path}: {} comes once a day at most", line.value);
        }
    }
}

#[test]
fn workflows_may_do_little() {
    for (path, text) in workflows() {
        let lines = lines(&text);
        assert_eq!(keys(&lines, &["permissions"]), ["contents"].into(), "{path}: what every job may do");
        let rights = [
            "actions",
            "attestations",
            "checks",
            "contents",
            "issues",
            "packages",
            "pull-requests",
            "statuses",
            "id-token",
        ];
        for line in lines.iter().filter(|line| rights.contains(&line.key) && !line.value.is_empty()) {
            // What publishes a release writes it, and says who made it.
            let publishes = path == RELEASE && ["contents", "id-token", "attestations"].contains(&line.key);
            assert!(
                matches!(line.value, "read" | "none") || publishes && line.value == "write",
                "{path}: {}: {} is more than it needs",
                line.key,
                line.value
            );
        }
        // What others name may not become a part of a script.
        for line in lines.iter().filter(|line| line.key == "run") {
            assert!(!line.value.contains("${{"), "{path}: hand `{}` over in `env`", line.value);
        }
        assert!(!text.contains("pull_request_target") && !text.contains("secrets."), "{path}");
    }
}

#[test]
fn actions_are_pinned_and_scripts_are_there() {
    let pinned = Regex::new(r"^[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$").expect("a pattern");
    let script = Regex::new(r"\.ci/[\w.]*\w").expect("a pattern");
    let expressions = Regex::new(r"\$\{\{ (.*?) \}\}").expect("a pattern");
    let mut used = BTreeSet::new();
    for (path, text) in workflows() {
        for line in text.lines() {
            let line = line.trim_start().trim_start_matches("- ");
            if let Some(action) = line.strip_prefix("uses: ") {
                assert!(pinned.is_match(action), "{path}: `{action}` is no commit with its version behind it");
            }
            if let Some(run) = line.strip_prefix("run: ") {
                let named: Vec<String> = script.find_iter(run).map(|found| found.as_str().to_owned()).collect();
                assert!(!named.is_empty(), "{path}: `{run}` is no script of the repository, so nobody can run it here");
                used.extend(named);
            }
        }
        for expression in expressions.captures_iter(&text) {
            let known = ["github.", "matrix.", "runner.", "job.", "steps.", "vars.", "hashFiles("];
            assert!(known.iter().any(|context| expression[1].starts_with(context)), "{path}: {}", &expression[1]);
        }
    }
    let there: BTreeSet<String> =
        files(&Path::new(REPOSITORY).join(".ci")).into_iter().map(|name| format!(".ci/{name}")).collect();
    for path in there.iter().filter(|path| !path.ends_with(".toml") && !path.ends_with(".txt")) {
        let place = Path::new(REPOSITORY).join(path);
        let text = fs::read_to_string(&place).expect("a script");
        assert!(
            text.starts_with("#!/usr/bin/env bash\n# ") && text.contains("\nset -euo pipefail\n"),
            "{path} stops early"
        );
        for line in text.lines().filter(|line| !line.trim_start().starts_with('#')) {
            // What stands behind an `echo` names a script and runs none.
            let line = line.split("echo ").next().unwrap_or_default();
            used.extend(script.find_iter(line).map(|found| found.as_str().to_owned()));
        }
        let checked = Command::new("bash").arg("-n").arg(place).output();
        assert!(checked.expect("there is bash").status.success(), "{path} is bash");
    }
    assert_eq!(used, there, "every script is there, and every script is used");
}

#[test]
fn everything_is_linted_before_anything_is_built_and_tested_last() {
    let read = |path: &str| fs::read_to_string(Path::new(REPOSITORY).join(path)).expect("a file");
    let commands = |text: &str| -> Vec<String> {
        let lines = text.lines().map(str::trim).filter(|line| !line.starts_with('#'));
        lines.filter(|line| !line.starts_with("heading \"")).map(str::to_owned).collect()
    };
    let run = commands(&read(".ci/run"));
    let at =
        |part: &str| run.iter().position(|line| line.contains(part)).unwrap_or_else(|| panic!("{part} in .ci/run"));
    assert!(at(".ci/tools") < at(".ci/lint") && at(".ci/lint") < at("just build"), "{run:?}");
    assert!(run.last().is_some_and(|line| line.ends_with("just test")), "the test runner has the last word: {run:?}");
    let lint = commands(&read(".ci/lint"));
    for step in [
        "cargo fmt --check",
        "if have shellcheck \"Debian's package shellcheck\"; then shell; fi",
        "if have zizmor \"pip install zizmor\"; then zizmor --offline --quiet .github/workflows action.yml src/cli/layout/series; fi",
        "cargo clippy --release --locked --all-targets -- --deny warnings",
        "RUSTDOCFLAGS=\"-D warnings\" cargo doc --release --locked --no-deps --lib --document-private-items",
    ] {
        assert!(lint.iter().any(|line| line == step), ".ci/lint runs `{step}`");
    }
    assert!(!lint.iter().any(|line| line.contains("|| true")), "no lint is let pass");
    let justfile = read("justfile");
    assert!(justfile.contains("\nlint:\n    bash .ci/lint\n") && justfile.contains("\nci:\n    bash .ci/run\n"));
}

#[test]
#[cfg(target_os = "linux")]
fn the_page_of_the_job_says_when_this_ran_and_a_stopped_schedule_is_reported() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().expect("a folder");
    let page = folder.path().join("page.md");
    let run = |script: &str, variables: &[(&str, &str)]| {
        let mut command = Command::new("bash");
        command.arg(Path::new(REPOSITORY).join(".ci").join(script)).env("GITHUB_STEP_SUMMARY", &page);
        let tools = format!("{}:{}", folder.path().display(), std::env::var("PATH").unwrap_or_default());
        Run::of(command.env("PATH", tools).envs(variables.iter().copied()))
    };
    assert_eq!(run("summary", &[("STATUS", "success")]).code, 0);
    let summary = fs::read_to_string(&page).expect("a page");
    assert!(
        Regex::new(r"^\nBriefs of \d{4}-\d\d-\d\d: success\n$").expect("a pattern").is_match(&summary),
        "{summary}"
    );
    assert_eq!(run("summary", &[("STATUS", "success"), ("KNOWN", "true"), ("GITHUB_EVENT_NAME", "schedule")]).code, 0);
    assert!(fs::read_to_string(&page).expect("a page").contains("Nothing has changed since an earlier run"));
    for (tool, text) in [("gh", "#!/bin/sh\necho \"$LAST\"\n"), ("curl", "#!/bin/sh\nexit \"$CURL\"\n")] {
        let path = folder.path().join(tool);
        fs::write(&path, text).expect("a tool");
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).expect("it can be started");
    }
    let heartbeat = |last: &str, event: &str, curl: &str| {
        let environment = [("LAST", last), ("GITHUB_EVENT_NAME", event), ("CURL", curl)];
        let run = run(
            "heartbeat",
            &[&environment[..], &[("HEARTBEAT_URL", "https://example.org"), ("GH_TOKEN", "x")]].concat(),
        );
        assert_eq!(run.code, 0, "{}", run.stderr);
        run.stdout
    };
    assert!(
        heartbeat("2020-01-01T02:17:00Z", "push", "0")
            .contains("::warning title=nightly run::the last one was on 2020-01-01")
    );
    assert_eq!(heartbeat("2999-01-01T02:17:00Z", "push", "0"), "");
    assert_eq!(heartbeat("", "push", "0"), "");
    assert_eq!(heartbeat("2020-01-01T02:17:00Z", "schedule", "0"), "");
    assert!(heartbeat("", "push", "22").contains("::warning title=heartbeat::"));
}

#[test]
fn a_build_tells_the_page_of_the_job_what_it_did() {
    let project = Project::minimal();
    project.add_country("XXC");
    let page = project.path("page.md");
    let build = |arguments: &[&str]| {
        let run = Run::of(project.command(arguments).env("GITHUB_STEP_SUMMARY", &page));
        let summary = fs::read_to_string(&page).unwrap_or_default();
        let _ = fs::remove_file(&page);
        (run.code, summary)
    };
    let (code, summary) = build(&["build"]);
    assert_eq!(code, 0);
    assert!(summary.starts_with("## Briefs\n\n2 documents built, 0 documents kept.\n"), "{summary}");
    assert!(
        summary.contains("\n### What was built\n\n| document | why |\n| --- | --- |\n| `XXA/en/brief.pdf` | built: "),
        "{summary}"
    );
    let (_, summary) = build(&["build"]);
    let nothing = "Nothing changed: every document is up to date.\n0 documents built, 2 documents kept.\n";
    assert!(summary.contains(nothing), "{summary}");
    project.replace("data/countries/XXA/arrests.csv", "2023,arrested,total,41", "2023,arrested,total,42");
    project.replace("data/countries/XXC/arrests.csv", "2023,arrested,total,41", "2023,arrested,total,m|*any*");
    let (code, summary) = build(&["build", "--format", "json"]);
    assert_eq!(code, 1);
    for expected in [
        "**Errors were found.**",
        "1 document built, 0 documents kept.",
        "Not published, previous output kept: `XXC`.",
        "### What changed since the previous build\n\n| input |\n| --- |\n| `data/countries/XXA/arrests.csv` |\n",
        "| table | errors | warnings | notes |\n| --- | --- | --- | --- |\n| `data/countries/XXC/arrests.csv` | 1 | 0 | 0 |",
    ] {
        assert!(summary.contains(expected), "`{expected}` in:\n{summary}");
    }
    let (code, summary) = {
        let run = Run::of(project.command(&["build"]).env("TYPST", "/none/*typst*").env("GITHUB_STEP_SUMMARY", &page));
        (run.code, fs::read_to_string(&page).expect("a page"))
    };
    assert_eq!(code, 3);
    assert!(summary.contains("**Failed:** \\`/none/\\*typst\\*\\` named by TYPST"), "{summary}");
    fs::remove_file(&page).expect("it is there");
    // A file named by hand goes first, and one that cannot be written is an error.
    let (code, summary) = build(&["build", "--summary", "nowhere/page.md"]);
    assert_eq!((code, summary.as_str()), (3, ""));
}
