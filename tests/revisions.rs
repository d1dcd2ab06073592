//! `diff` of revisions: Git is asked, and each case in which it has no answer is reported.

use std::process::Command;

use tempfile::TempDir;

use crate::project::{Project, Run};

const ARRESTS: &str = "data/countries/XXA/arrests.csv";

/// Git in the project's folder, as an author of always the same name at always the same time.
fn git(project: &Project, arguments: &[&str]) -> String {
    let mut git = Command::new("git");
    git.args(["-c", "init.defaultBranch=main", "-c", "protocol.file.allow=always"]).args(arguments);
    git.current_dir(project.root()).env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_SYSTEM", "/dev/null");
    for who in ["AUTHOR", "COMMITTER"] {
        git.env(format!("GIT_{who}_NAME"), "Officer").env(format!("GIT_{who}_EMAIL"), "officer@example.org");
        git.env(format!("GIT_{who}_DATE"), "2026-01-02T03:04:05Z");
    }
    let output = git.output().expect("Git starts");
    assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("Git prints UTF-8").trim().to_owned()
}

fn commit(project: &Project, tag: &str) {
    git(project, &["add", "--all", "--force"]);
    git(project, &["commit", "--quiet", "--allow-empty", "--message", tag]);
    git(project, &["tag", tag]);
}

/// A project with two builds: in the later a number is corrected below a new row.
fn two_builds() -> Project {
    let project = Project::minimal();
    git(&project, &["init", "--quiet"]);
    commit(&project, "first");
    project.replace(ARRESTS, "2021,arrested", "2020,arrested,total,7,,yearbook_2023,\n2021,arrested");
    project.replace(ARRESTS, "2023,arrested,total,41", "2023,arrested,total,43");
    commit(&project, "second");
    project
}

fn fails(run: Run, code: i32, words: &str) {
    assert_eq!((run.code, run.stdout.as_str()), (code, ""), "{}", run.stderr);
    assert!(run.stderr.contains(words), "`{words}` is printed:\n{}", run.stderr);
}

#[test]
fn revisions_are_compared_by_their_rows() {
    let project = two_builds();
    let run = project.run(&["diff", "first", "second"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    let hash = |tag: &str| git(&project, &["rev-parse", "--short=12", tag]);
    let expected = format!(
        "first ({}) → second ({})\nfigures: 1 changed, 1 added, 0 removed\n
changed XXA/persons_arrested:2023: 41 → 43 [persons]
  row corrected: {ARRESTS}:5 (was {ARRESTS}:4), count 41 → 43\n
added XXA/persons_arrested:2020: 7 [persons]\n  row added: {ARRESTS}:2\n",
        hash("first"),
        hash("second"),
    );
    assert_eq!(run.stdout, expected);
    assert_eq!(project.run(&["diff", "first", "HEAD"]).code, 0, "a branch or a tag, or what stands for one");
    let status = git(&project, &["status", "--porcelain"]);
    assert_eq!(status, "", "nothing is left in the working tree");
}

#[test]
fn a_revision_is_compared_with_an_output_folder_and_with_the_tables_as_they_stand() {
    let project = two_builds();
    project.build();
    let run = project.run(&["diff", "first", "output"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    assert!(run.stdout.contains("row corrected: data/countries/XXA/arrests.csv:5"), "{}", run.stdout);
    assert!(run.stdout.contains("concluded from the figures"), "{}", run.stdout);
    assert!(project.run(&["diff", "second", "output"]).stdout.ends_with("no figure differs\n"));
    project.replace(ARRESTS, "total,43", "total,44");
    assert!(project.run(&["diff", "second", "."]).stdout.contains("43 → 44"), "what is not committed yet");
}

#[test]
fn a_project_may_stand_in_a_folder_of_its_repository_and_keep_its_templates_elsewhere() {
    let project = Project::minimal();
    std::fs::create_dir(project.path("sub")).expect("a folder");
    for part in ["data", "templates"] {
        std::fs::rename(project.path(part), project.path("sub").join(part)).expect("it moves");
    }
    project.write(".gitignore", "/sub/templates\n");
    git(&project, &["init", "--quiet"]);
    git(&project, &["add", "--all"]);
    git(&project, &["commit", "--quiet", "--message", "one"]);
    let mut command = Command::new(env!("CARGO_BIN_EXE_tipbrief"));
    command.args(["diff", "HEAD", "HEAD", "--root", "sub"]).current_dir(project.root());
    // As in a hook, which names another repository than it is asked about.
    command.env("GIT_DIR", "nowhere");
    let run = Run::of(&mut command);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    assert!(run.stdout.ends_with("no figure differs\n"), "{}", run.stdout);
}

#[test]
fn what_git_cannot_answer_is_reported() {
    let project = two_builds();
    fails(project.run(&["diff", "first", "third"]), 3, "Git knows no revision `third`");
    let mut option = Command::new(env!("CARGO_BIN_EXE_tipbrief"));
    option.args(["diff", "--", "-p", "first"]).current_dir(project.root());
    fails(Run::of(&mut option), 3, "`-p` is neither a folder nor a revision");
    fails(project.run(&["diff", "first", "HEAD:data"]), 3, "Git knows no revision `HEAD:data`");
    let mut without = project.command(&["diff", "first", "second"]);
    fails(Run::of(without.env("PATH", project.path("data"))), 3, "cannot run `git`");
    fails(Project::minimal().run(&["diff", "first", "second"]), 3, "is not in a Git repository");
    git(&project, &["rm", "-r", "--quiet", "data"]);
    git(&project, &["commit", "--quiet", "--message", "empty"]);
    fails(project.run(&["diff", "first", "HEAD"]), 3, "the revision `HEAD` contains no folder `data`");
}

#[test]
fn a_shallow_clone_says_so() {
    let project = two_builds();
    let folder = TempDir::new().expect("a temporary folder");
    let (from, to) = (format!("file://{}", project.root().display()), folder.path().display().to_string());
    git(&project, &["clone", "--quiet", "--depth", "1", "--no-tags", &from, &to]);
    let mut command = Command::new(env!("CARGO_BIN_EXE_tipbrief"));
    command.args(["diff", "first", "HEAD", "--root", &to]).current_dir(folder.path());
    fails(Run::of(&mut command), 3, "this clone is shallow");
}

#[test]
fn faults_of_a_revision_are_reported_with_its_name() {
    let project = two_builds();
    project.replace(ARRESTS, "2021,arrested", "2021,arested");
    commit(&project, "third");
    fails(project.run(&["diff", "second", "third"]), 1, "in `third`:");
}

#[test]
fn a_register_in_the_history_is_not_read() {
    let project = two_builds();
    let sources = "data/countries/XXA/sources.csv";
    project.write(sources, &(project.read(sources) + "register,Register,Police,,,,register,,,2019,,\n"));
    let secret = "case_id,period,stage,sex,count,source\nA1,2019-02-03,arrested,female,1,register\n";
    project.write("data/countries/XXA/register/arrests.csv", secret);
    commit(&project, "leak");
    let run = project.run(&["diff", "second", "leak", "--format", "json"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(!run.stdout.contains("register/") && run.stdout.contains("\"figures\": []"), "{}", run.stdout);
    let run = project.run(&["diff", "second", "."]);
    assert!(run.stdout.contains("are not compared: no revision contains a register"), "{}", run.stdout);
}

#[test]
#[cfg(unix)]
fn links_of_a_revision_lead_nowhere_but_inside() {
    let project = two_builds();
    let link = |to: &str| {
        std::fs::remove_file(project.path(ARRESTS)).expect("there is a table");
        std::os::unix::fs::symlink(to, project.path(ARRESTS)).expect("a link can be made");
    };
    std::fs::rename(project.path(ARRESTS), project.path("data/arrests-of-all.csv")).expect("it moves");
    project.write(ARRESTS, "");
    link("../../arrests-of-all.csv");
    commit(&project, "inside");
    assert!(project.run(&["diff", "second", "inside"]).stdout.ends_with("no figure differs\n"));
    link("/etc/hostname");
    commit(&project, "outside");
    fails(project.run(&["diff", "second", "outside"]), 1, "path-error");
}
