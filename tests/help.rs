//! The command line as people meet it: what `--help` prints of each command, an example of each exit code, how the project is
//! found, and what is generated from all that.

use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::expected;
use crate::project::{Project, REPOSITORY, Run, tests};

const COMMANDS: &[&str] = &[
    "build",
    "watch",
    "check",
    "audit",
    "verify",
    "release",
    "custody",
    "approve",
    "send",
    "links",
    "new",
    "upgrade",
    "carried",
    "schema",
    "init",
    "workbook",
    "import",
    "sql",
    "count",
    "explain",
    "preview",
    "status",
    "figures",
    "why",
    "protect",
    "diff",
    "keep",
    "translate",
    "completions",
    "man",
];

/// The head of docs/commands.md, which is made here of what the program prints.
const PAGE: &str = "# Every command

What `--help` prints of each command. This page is made by a test of what the program prints, and not written by hand. [Every key](reference.md)
of the declarations has a page of its own.
";

/// The program in a folder, with nothing of the environment that changes what it prints.
fn at(folder: &Path, arguments: &[&str]) -> Run {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tipbrief"));
    command.args(arguments).current_dir(folder);
    ["GITHUB_STEP_SUMMARY", "NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE"].iter().for_each(|name| {
        command.env_remove(name);
    });
    Run::of(&mut command)
}

fn golden(name: &str) -> PathBuf {
    tests().join("help").join(format!("{name}.txt"))
}

#[test]
fn the_help_of_every_command_is_as_it_was_read() {
    let here = TempDir::new().expect("a temporary folder");
    let whole = at(here.path(), &["--help"]).stdout;
    let listed: Vec<&str> = whole
        .lines()
        .skip_while(|line| *line != "Commands:")
        .skip(1)
        .take_while(|line| !line.is_empty())
        .filter_map(|line| line.strip_prefix("  ")?.split(' ').next().filter(|name| !name.is_empty()))
        .filter(|name| *name != "help")
        .collect();
    assert_eq!(listed, COMMANDS, "every command has its file");
    let mut differences: Vec<String> = expected::text(&golden("tipbrief"), &whole).into_iter().collect();
    let mut page = format!("{PAGE}\n## tipbrief\n\n```text\n{whole}```\n");
    for command in COMMANDS {
        let help = at(here.path(), &[command, "--help"]).stdout;
        page += &format!("\n## {command}\n\n```text\n{help}```\n");
        differences.extend(expected::text(&golden(command), &help));
    }
    differences.extend(expected::text(&Path::new(REPOSITORY).join("docs/commands.md"), &page));
    expected::conclude(&differences);
}

#[test]
fn each_exit_code_has_an_example() {
    let project = Project::minimal();
    project.write("counts.csv", "group,year,count\na,2023,12\nb,2023,x\ntotal,2023,15\n");
    let faulty = Project::minimal();
    faulty.replace("data/report.toml", "issue = \"2024\"", "issue = \"soon\"");
    let examples: [(i32, &Project, &[&str]); 5] = [
        (0, &project, &["check"]),
        (1, &faulty, &["check"]),
        (2, &project, &["check", "--format", "pdf"]),
        (3, &project, &["check", "--root", "nowhere"]),
        (4, &project, &["audit", "counts.csv", "--value", "count", "--mark", "x", "--deny"]),
    ];
    let mut differences = Vec::new();
    for (code, project, arguments) in examples {
        let run = at(project.root(), arguments);
        let text = format!("$ tipbrief {}\n{}{}exit code {}\n", arguments.join(" "), run.stdout, run.stderr, run.code);
        assert_eq!(run.code, code, "{text}");
        differences.extend(expected::text(&golden(&format!("exit-{code}")), &text));
    }
    expected::conclude(&differences);
}

#[test]
fn the_project_is_found_upwards_and_a_root_goes_first() {
    let project = Project::minimal();
    let below = project.path("data/countries/XXA");
    assert_eq!(
        at(&below, &["check", "--deny", "warnings"]).code,
        at(project.root(), &["check", "--deny", "warnings"]).code
    );
    assert_eq!(at(&below, &["check"]).stdout, at(project.root(), &["check"]).stdout);
    // Before the command and after it.
    let other = TempDir::new().expect("a temporary folder");
    let root = project.root().to_str().expect("UTF-8");
    for arguments in [["--root", root, "check"], ["check", "--root", root]] {
        assert_eq!(at(other.path(), &arguments).code, 0);
    }
    let lost = at(other.path(), &["check"]);
    assert_eq!((lost.code, lost.stderr.contains("there is no folder `data` in `.`")), (3, true), "{}", lost.stderr);
    assert_eq!(at(&below, &["check", "--root", "."]).code, 3, "a root that is named is not searched for");
}

#[test]
fn colours_follow_what_is_asked_before_the_environment() {
    let project = Project::minimal();
    project.replace("data/report.toml", "issue = \"2024\"", "issue = \"soon\"");
    let coloured = |arguments: &[&str], no_color: bool| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tipbrief"));
        command
            .arg("check")
            .args(arguments)
            .current_dir(project.root())
            .env_remove("NO_COLOR")
            .env("CLICOLOR_FORCE", "1");
        if no_color {
            command.env("NO_COLOR", "1");
        }
        let run = Run::of(&mut command);
        (run.stdout + &run.stderr).contains('\u{1b}')
    };
    assert!(coloured(&[], false));
    assert!(!coloured(&[], true));
    assert!(coloured(&["--color", "always"], true));
    assert!(!coloured(&["--color", "never"], false));
    // The parser prints its own errors before it has parsed `--color`.
    assert!(coloured(&["--format", "pdf", "--color=always"], true));
    assert!(!coloured(&["--color", "never", "--format", "pdf"], false));
}

#[test]
fn completions_and_manual_pages_name_every_command() {
    let here = TempDir::new().expect("a temporary folder");
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = at(here.path(), &["completions", shell]);
        assert_eq!((script.code, script.stderr.as_str()), (0, ""));
        assert!(COMMANDS.iter().all(|command| script.stdout.contains(command)), "{shell}");
    }
    let written = at(here.path(), &["man", "pages/man1"]);
    assert_eq!(written.stdout.lines().count(), COMMANDS.len() + 1, "{}{}", written.stdout, written.stderr);
    for path in written.stdout.lines() {
        let page = std::fs::read_to_string(here.path().join(path)).expect("the page is there");
        assert!(page.contains(".SH NAME") && page.contains(".SH SYNOPSIS"), "{path}");
    }
    let page = std::fs::read_to_string(here.path().join("pages/man1/tipbrief.1")).expect("the page is there");
    assert!(page.contains("Exit codes") && page.contains("NO_COLOR"));
}

#[test]
fn what_is_built_is_kept_once_under_a_name() {
    let project = Project::minimal();
    assert_eq!(project.run(&["keep", "2023"]).code, 1, "nothing is built yet");
    assert_eq!(project.run(&["build"]).code, 0);
    let kept = project.run(&["keep", "2023"]);
    assert_eq!((kept.code, kept.stderr.as_str()), (0, ""));
    assert!(kept.stdout.ends_with("data/snapshots/2023/XXA\n"), "{}", kept.stdout);
    for file in ["figures.json", "tables/datapackage.json"] {
        assert_eq!(
            project.read(&format!("data/snapshots/2023/XXA/{file}")),
            project.read(&format!("output/XXA/{file}"))
        );
    }
    let again = project.run(&["keep", "2023"]);
    assert_eq!((again.code, again.stderr.contains("exists already")), (1, true), "{}", again.stderr);
    project.write("output/XXA/figures.json", "{}");
    let edited = project.run(&["keep", "2024"]);
    assert_eq!((edited.code, edited.stderr.contains("output/XXA/figures.json")), (1, true), "{}", edited.stderr);
    assert!(!project.path("data/snapshots/2024").exists(), "nothing of it is kept");
    assert_eq!(project.run(&["keep", "../2024"]).code, 2, "a name is no path");
}
