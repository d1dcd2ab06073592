//! Errors that a custodian sees before anything is printed: a register that Git would commit, and a country whose published
//! numbers already disclose, which stops no other country.

use std::process::Command;

use crate::faults::faulty;
use crate::project::{Project, files, tests};

const REGISTER: &str = "data/countries/XXA/register/victims.csv";
const TRACKED: &str = "error[path-error]: Git tracks this file of a register";
const OPEN: &str = "error[path-error]: Git does not ignore this file of a register";

/// Git in the project's folder, with nobody's own settings.
fn git(project: &Project, arguments: &[&str]) {
    let mut git = Command::new("git");
    git.args(["-c", "init.defaultBranch=main", "-c", "advice.addIgnoredFile=false"]).args(arguments);
    git.current_dir(project.root()).env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_SYSTEM", "/dev/null");
    let output = git.output().expect("Git starts");
    assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// What `check` says of Git, and its exit code.
fn checked(project: &Project) -> (i32, Vec<String>) {
    let run = project.run(&["check", "--format", "short"]);
    (run.code, run.stdout.lines().filter(|line| line.contains("[path-error]")).map(str::to_owned).collect())
}

#[test]
fn a_register_that_git_would_commit_is_an_error() {
    let project = Project::named("register");
    assert_eq!(checked(&project), (0, Vec::new()), "there is no repository");
    git(&project, &["init", "--quiet"]);
    let (code, findings) = checked(&project);
    assert!(
        code == 1 && findings.len() == 1 && findings[0].starts_with(&format!("{REGISTER}:1:1: {OPEN}")),
        "{findings:?}"
    );
    project.write(".gitignore", "/data/countries/*/register/\n");
    assert_eq!(checked(&project), (0, Vec::new()), "it is ignored");
    git(&project, &["add", "--force", REGISTER]);
    let (code, findings) = checked(&project);
    assert!(
        code == 1 && findings.len() == 1 && findings[0].contains(TRACKED),
        "a rule does not help what is tracked: {findings:?}"
    );
    git(&project, &["rm", "--quiet", "-r", "--cached", "data/countries/XXA/register"]);
    assert_eq!(checked(&project), (0, Vec::new()), "what the hint says is enough");
    project.write(".gitignore", "*.csv\n!/data/countries/XXA/register/*.csv\n");
    assert_eq!(checked(&project).0, 1, "a rule that is taken back does not keep it out");
}

#[test]
fn git_is_asked_where_the_register_truly_lies() {
    let project = Project::named("register");
    let elsewhere = Project::minimal();
    git(&project, &["init", "--quiet"]);
    // A repository within the repository keeps its own rules.
    project.write("data/.gitignore", "register/\n");
    assert_eq!(checked(&project).0, 0, "the rule may stand in any folder");
    std::fs::remove_file(project.path("data/.gitignore")).expect("it was written");
    project.write(".git/info/exclude", "register\n");
    assert_eq!(checked(&project).0, 0, "or outside the tree");
    project.write(".git/info/exclude", "");
    assert_eq!(checked(&project).0, 1);
    #[cfg(unix)]
    {
        elsewhere.write("rows.csv", &project.read(REGISTER));
        std::fs::remove_file(project.path(REGISTER)).expect("there is a register");
        std::os::unix::fs::symlink(elsewhere.path("rows.csv"), project.path(REGISTER)).expect("a link can be made");
        assert_eq!(checked(&project).1, Vec::<String>::new(), "only the link would be committed");
        git(&elsewhere, &["init", "--quiet"]);
        assert_eq!(checked(&project).0, 1, "there, another repository would commit it");
    }
}

/// The hint on the register that Git would take.
fn hint(project: &Project) -> String {
    let stdout = project.run(&["check"]).stdout;
    let at = stdout.find("Git does not ignore this file").expect("Git would take it");
    stdout[at..].lines().find(|line| line.contains("hint:")).expect("a hint").to_owned()
}

/// The line and the file of rules that a hint names.
fn named(hint: &str) -> (String, String) {
    let (line, rest) = hint.split_once('`').and_then(|(_, rest)| rest.split_once('`')).expect("a line");
    (format!("{line}\n"), rest.split_once(" to ").expect("a file").1.trim().to_owned())
}

#[test]
fn the_hint_names_the_file_and_the_line_that_match() {
    // The repository begins above the project: its own top folder is not where the line matches.
    let above = Project::named("register");
    let inner = above.path("sub");
    crate::project::copy(&above.path("data"), &inner.join("data"));
    crate::project::copy(&above.path("templates"), &inner.join("templates"));
    git(&above, &["init", "--quiet"]);
    let check = |root: &std::path::Path| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tipbrief"));
        crate::project::Run::of(command.arg("check").arg("--root").arg(root)).stdout
    };
    let stdout = check(&inner);
    assert!(stdout.contains("to the .gitignore in the folder that holds `data`"), "{stdout}");
    std::fs::write(inner.join(".gitignore"), "/data/countries/*/register/\n").expect("a file can be written");
    assert!(!check(&inner).contains("path-error"), "the line matches there");
    // The repository begins within the project.
    for (top, rules) in [
        ("data", "data/.gitignore"),
        ("data/countries/XXA", "data/countries/XXA/.gitignore"),
        ("data/countries/XXA/register", "data/countries/XXA/register/.gitignore"),
    ] {
        let project = Project::named("register");
        git(&project, &["init", "--quiet", top]);
        let (line, file) = named(&hint(&project));
        assert_eq!(file, rules);
        project.write(&file, &line);
        assert_eq!(checked(&project).0, 0, "{line} in {file} keeps it out");
    }
}

#[test]
fn without_git_there_is_no_finding() {
    let project = Project::named("register");
    git(&project, &["init", "--quiet"]);
    let mut command = project.command(&["check", "--format", "short"]);
    let run = crate::project::Run::of(command.env("PATH", project.root()));
    assert_eq!((run.code, run.stdout.contains("path-error")), (0, false), "{}", run.stdout);
}

#[test]
fn init_keeps_registers_out_of_git() {
    let line = "/data/**/register/\n";
    let project = Project::minimal();
    let run = project.run(&["init", "THA"]);
    assert!(run.stdout.lines().any(|path| path.ends_with(".gitignore")), "the file is listed: {}", run.stdout);
    assert_eq!(project.read(".gitignore"), line);
    assert_eq!(project.run(&["init", "FRA"]).code, 0);
    assert_eq!(project.read(".gitignore"), line, "once is enough");
    let project = Project::minimal();
    git(&project, &["init", "--quiet"]);
    project.write(".gitignore", "/target");
    assert_eq!(project.run(&["init", "THA"]).code, 0);
    assert_eq!(project.read(".gitignore"), format!("/target\n{line}"), "what stands there is kept");
    let project = Project::minimal();
    git(&project, &["init", "--quiet"]);
    project.write(".gitignore", "register/\n");
    let run = project.run(&["init", "THA"]);
    assert_eq!((project.read(".gitignore").as_str(), run.stdout.contains(".gitignore")), ("register/\n", false));
}

/// A country whose publication tells of few persons of its register, and a sound one, `XXB`.
fn disclosing() -> Project {
    let project = Project::named("register");
    project.add_country("XXB");
    for path in files(&project.path("data/countries/XXB")).iter().filter(|path| path.starts_with("register")) {
        std::fs::remove_file(project.path("data/countries/XXB").join(path)).expect("it was copied");
    }
    std::fs::remove_dir_all(project.path("data/countries/XXB/narrative")).expect("it was copied");
    let sources = "data/countries/XXA/sources.csv";
    let report = "report_2022,Report,Police,2023-02,,https://example.org/r,publication,3,police_register,,,\n";
    project.write(sources, &(project.read(sources) + report));
    let unknown = |row: &&str| row.starts_with("2022-") && row.contains(",identified,unknown,");
    let few = project.read(REGISTER).lines().filter(unknown).count();
    assert!((1..11).contains(&few), "the register has few of unknown sex: {few}");
    let rows = format!("period,status,sex,count,qualifier,source,note\n2022,identified,unknown,{few},,report_2022,\n");
    project.write("data/countries/XXA/victims.csv", &rows);
    project
}

const WHY: &str = "error: published totals already reveal register counts in XXA/";

#[test]
fn check_says_what_discloses_and_everything_else() {
    let project = disclosing();
    let run = project.run(&["check", "--format", "short"]);
    assert!(run.code == 4 && run.stderr.contains(WHY), "exit {}: {}", run.code, run.stderr);
    project.replace("data/countries/XXB/arrests.csv", "2021,arrested", "2021,arested");
    let run = project.run(&["check", "--format", "short"]);
    assert_eq!(run.code, 4, "what discloses is graver than a fault");
    assert!(
        run.stdout.contains("`arested` is not a code of `stage`"),
        "which is reported all the same: {}",
        run.stdout
    );
}

#[test]
fn what_discloses_in_one_country_stops_no_other() {
    let project = disclosing();
    let build = || project.run(&["build", "--format", "human"]);
    let run = build();
    assert!(run.code == 4 && run.stderr.contains(WHY), "exit {}: {}", run.code, run.stderr);
    assert!(run.stderr.contains("not published, previous output kept: XXA"), "{}", run.stderr);
    assert!(project.path("output/XXB/en/brief.pdf").is_file(), "the other country is published");
    assert!(!project.path("output/XXA").exists(), "of the first nothing is written");
    let rows = project.read("data/countries/XXA/victims.csv");
    std::fs::remove_file(project.path("data/countries/XXA/victims.csv")).expect("it was written");
    project.build();
    let before = project.published("XXA");
    project.write("data/countries/XXA/victims.csv", &rows);
    assert_eq!(build().code, 4);
    assert_eq!(project.published("XXA"), before, "its whole previous output stays");
    assert_eq!(build().code, 4, "and it is reported again");
    assert_eq!(project.run(&["release", "first"]).code, 4, "no release leaves a country out");
    project.replace("data/countries/XXB/arrests.csv", "2021,arrested", "2021,arested");
    assert_eq!(build().code, 4, "4 goes before 1");
}

#[test]
fn copies_of_a_country_that_discloses_stay_as_they_were() {
    let project = disclosing();
    let report = project.read("data/report.toml");
    let donor = "\n[[donors]]\nid = \"aid\"\nname = \"The Aid Agency\"\n";
    project.write("data/report.toml", &format!("{report}{donor}"));
    let run = project.run(&["build"]);
    assert!(run.code == 4 && run.stderr.contains("donors"), "{}", run.stderr);
    assert!(project.path("output/XXB/en/brief.pdf").is_file() && !project.path("output/donors").exists());
}

#[test]
fn a_figure_of_a_sound_country_is_explained_beside_one_that_discloses() {
    let project = disclosing();
    let run = project.run(&["explain", "XXB/persons_arrested", "year=2023"]);
    assert!(run.code == 0 && run.stdout.contains("41 persons"), "{}{}", run.stdout, run.stderr);
    assert_eq!(project.run(&["explain", "XXA/victims_identified", "year=2022"]).code, 4);
}

#[test]
fn a_measure_that_a_register_never_holds_is_no_zero() {
    let project = Project::named("register");
    let rows = project.read(REGISTER);
    let kept: String = rows.lines().filter(|row| !row.contains(",assisted,")).map(|row| format!("{row}\n")).collect();
    project.write(REGISTER, &kept);
    let run = project.run(&["explain", "XXA/victims_assisted", "year=2023"]);
    assert_ne!(run.code, 0, "nothing is known of it: {}", run.stdout);
    let run = project.run(&["check", "--format", "short"]);
    assert_eq!(
        (run.code, run.stdout.contains("outside-coverage")),
        (0, false),
        "and nothing is missing: {}",
        run.stdout
    );
}

#[test]
fn registers_that_are_not_at_hand_lack_nothing() {
    let project = faulty(&tests().join("faults/register-gaps"));
    std::fs::remove_dir_all(project.path("data/countries/XXA/register")).expect("there is a register");
    let run = project.run(&["check", "--format", "short"]);
    let gaps = run.stdout.lines().filter(|line| line.contains("/sources.csv:") || line.contains("has no row")).count();
    assert_eq!(gaps, 0, "{}", run.stdout);
}
