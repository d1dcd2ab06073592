//! The action for other repositories: its steps run here as the scripts that they are, on a small repository of their own, with a
//! host that is a folder and a `gh` that only notes what it is asked.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::project::{Project, REPOSITORY, Run, files};

/// A repository whose job runs, and the folder that the host keeps for the job.
struct Job {
    project: Project,
    runner: tempfile::TempDir,
}

impl Job {
    /// A pushed repository with a minimal project.
    fn new() -> Self {
        let job = Self { project: Project::minimal(), runner: tempfile::TempDir::new().expect("a temporary folder") };
        job.project.write(".gitignore", "/output\n");
        for arguments in [&["init", "--quiet", "--initial-branch", "main"][..], &["add", "."]] {
            job.git(arguments);
        }
        job.commit("The first state");
        job.git(&["clone", "--quiet", "--bare", ".", &job.path("origin.git")]);
        job.git(&["remote", "add", "origin", &job.path("origin.git")]);
        job
    }

    fn path(&self, name: &str) -> String {
        self.runner.path().join(name).to_string_lossy().into_owned()
    }

    fn git(&self, arguments: &[&str]) {
        let run = Command::new("git").current_dir(self.project.root()).args(arguments).output().expect("git");
        assert!(run.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&run.stderr));
    }

    fn commit(&self, message: &str) {
        let named = ["-c", "user.name=A", "-c", "user.email=a@b.example", "commit", "--quiet", "--all", "--message"];
        self.git(&[&named[..], &[message]].concat());
    }

    /// A program of the host that the script finds first.
    fn program(&self, name: &str, script: &str) {
        let path = self.runner.path().join("bin").join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("the folder of programs");
        fs::write(&path, script).expect("a program");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("it can be run");
    }

    /// Runs a step of the action.
    fn step(&self, name: &str, variables: &[(&str, &str)]) -> Run {
        let script = Path::new(REPOSITORY).join("packaging/action").join(name);
        let tipbrief = PathBuf::from(env!("CARGO_BIN_EXE_tipbrief"));
        let path = std::env::var("PATH").expect("a path");
        let folders = [self.path("bin"), tipbrief.parent().expect("a folder").to_string_lossy().into_owned(), path];
        let mut command = Command::new("bash");
        command.arg(script).current_dir(self.project.root()).env("PATH", folders.join(":"));
        command.env("RUNNER_TEMP", self.runner.path()).env("GITHUB_EVENT_NAME", "pull_request");
        for (variable, file) in
            [("GITHUB_PATH", "path"), ("GITHUB_OUTPUT", "outputs"), ("GITHUB_STEP_SUMMARY", "summary.md")]
        {
            command.env(variable, self.path(file));
        }
        command.envs(variables.iter().copied());
        Run::of(&mut command)
    }

    fn said(&self, file: &str) -> String {
        fs::read_to_string(self.path(file)).unwrap_or_default()
    }
}

#[test]
fn what_is_public_is_gathered_and_nothing_else() {
    let job = Job::new();
    let run = job.step("build", &[]);
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    let public = job.said("outputs").trim().strip_prefix("public=").expect("the folder is named").to_owned();
    let (kept, built) = (files(Path::new(&public)), files(&job.project.path("output")));
    assert!(kept.contains(&"XXA/en/brief.pdf".to_owned()) && kept.contains(&"index.html".to_owned()), "{kept:?}");
    let held_back: Vec<&String> = built.iter().filter(|path| !kept.contains(path)).collect();
    let private = |path: &String| path.starts_with("donors/") || path.starts_with('.') || path.contains("/.");
    let listed = ["delivery.csv", "manifest.json"];
    assert!(held_back.iter().all(|path| private(path) || listed.contains(&path.as_str())), "{held_back:?}");
    assert!(!kept.iter().any(|path| private(path) || listed.contains(&path.as_str())), "{kept:?}");
}

#[test]
fn faults_are_marked_at_their_cells_and_end_the_job() {
    let job = Job::new();
    let arrests = "data/countries/XXA/arrests.csv";
    let table = job.project.read(arrests);
    job.project.write(arrests, &format!("{table}x,y\n"));
    let run = job.step("build", &[]);
    assert_eq!(run.code, 1, "{}{}", run.stdout, run.stderr);
    assert!(run.stderr.contains(&format!("::error file={arrests},line=")), "{}{}", run.stdout, run.stderr);
}

#[test]
fn somebody_elses_tables_are_not_built_with_our_rights_and_no_register_is_built() {
    let job = Job::new();
    let run = job.step("build", &[("GITHUB_EVENT_NAME", "pull_request_target")]);
    assert!(run.code == 1 && run.stderr.contains("use `pull_request`"), "{}", run.stderr);
    job.project.write("data/countries/XXA/register/victims.csv", "case_id\n");
    job.git(&["add", "--force", "data/countries/XXA/register/victims.csv"]);
    let run = job.step("build", &[]);
    assert!(run.code == 1 && run.stderr.contains("a register is in the repository"), "{}", run.stderr);
    assert!(!job.project.path("output/index.html").exists(), "nothing was built");
}

#[test]
fn a_pull_request_is_told_which_figures_it_changes() {
    let job = Job::new();
    let arrests = "data/countries/XXA/arrests.csv";
    let table = job.project.read(arrests);
    let row = table.lines().nth(1).expect("a row").to_owned();
    let value =
        row.split(',').find(|cell| cell.len() > 1 && cell.parse::<u32>().is_ok_and(|n| !(1900..2100).contains(&n)));
    let value = value.expect("a value").to_owned();
    job.project.write(arrests, &table.replace(&row, &row.replace(&value, "1234")));
    job.commit("A correction");
    job.program(
        "gh",
        &format!("#!/bin/sh\necho \"$@\" > '{}'\ncat \"${{7:-/dev/null}}\" >/dev/null\n", job.path("asked")),
    );
    let asking = [("GITHUB_BASE_REF", "main"), ("PULL_REQUEST", "7")];
    let run = job.step("compare", &asking);
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    let changes = job.said("changes.md");
    assert!(changes.contains("1234") && changes.contains("XXA/"), "{changes}");
    assert!(
        job.said("asked").starts_with("pr comment 7 --edit-last --create-if-none --body-file "),
        "{}",
        job.said("asked")
    );
    assert!(job.said("summary.md").contains("1234"));
    // A fork's token may not comment: the job goes on.
    job.program("gh", "#!/bin/sh\nexit 1\n");
    let run = job.step("compare", &asking);
    assert!(run.code == 0 && run.stdout.contains("::notice::"), "{}{}", run.stdout, run.stderr);
}

/// A release as a host keeps it, made of the program under test.
fn release(job: &Job) -> (String, String) {
    let system =
        Command::new("bash").args(["-c", "echo $(uname -m)-$(uname -s | tr '[:upper:]' '[:lower:]')"]).output();
    let system = String::from_utf8(system.expect("bash").stdout).expect("text").trim().to_owned();
    let name = format!("tipbrief-9.8.7-{system}");
    let made = "mkdir -p host/v9.8.7 \"$1/bin\" && printf '#!/bin/sh\\necho tipbrief 9.8.7\\n' > \"$1/bin/tipbrief\" && \
        chmod +x \"$1/bin/tipbrief\" && tar -czf \"host/v9.8.7/$1.tar.gz\" \"$1\" && cd host/v9.8.7 && sha256sum -- *.gz > SHA256SUMS";
    let run = Command::new("bash").args(["-ec", made, "bash", &name]).current_dir(job.runner.path()).status();
    assert!(run.expect("bash").success());
    (name, format!("file://{}", job.path("host")))
}

#[test]
fn only_the_file_of_the_release_is_installed() {
    let job = Job::new();
    let (name, releases) = release(&job);
    let install =
        |version: &str| job.step("install", &[("TIPBRIEF_VERSION", version), ("TIPBRIEF_RELEASES", &releases)]);
    let run = install("9.8.7");
    assert!(run.code == 0 && run.stdout.contains("tipbrief 9.8.7"), "{}{}", run.stdout, run.stderr);
    assert!(job.said("path").trim().ends_with(&format!("{name}/bin")), "{}", job.said("path"));
    for version in ["main", "9.8", "../9.8.7", "9.8.6"] {
        assert_ne!(install(version).code, 0, "{version}");
    }
    let archive = job.runner.path().join(format!("host/v9.8.7/{name}.tar.gz"));
    let mut bytes = fs::read(&archive).expect("the archive");
    bytes.extend(b"!");
    fs::write(&archive, bytes).expect("the archive");
    let run = install("9.8.7");
    assert!(run.code != 0 && run.stderr.contains("is not the file of the release"), "{}", run.stderr);
}

#[test]
fn the_action_names_its_steps_and_pins_what_it_uses() {
    let action = fs::read_to_string(Path::new(REPOSITORY).join("action.yml")).expect("the action");
    for step in ["install", "build", "compare"] {
        assert!(action.contains(&format!("packaging/action/{step}\"")), "{step}");
    }
    for line in action.lines().filter_map(|line| line.trim().strip_prefix("uses: ")) {
        let commit = line.split_once('@').expect("a version").1.split(' ').next().unwrap_or_default();
        assert!(commit.len() == 40 && commit.chars().all(|letter| letter.is_ascii_hexdigit()), "{line}");
    }
    assert!(!action.contains("pull_request_target") && !action.contains("secrets."), "no secret is read");
}
