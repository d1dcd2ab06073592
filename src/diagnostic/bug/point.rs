//! Places where a test can plant a panic: one in each stage, for one country. Outside the tests of this crate they do nothing.

/// A stage with a part for each country, the copies for donors, and the declarations that countries share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    Ingest,
    Validate,
    Summarise,
    Protect,
    Bind,
    Draw,
    Typeset,
    Trace,
    Publish,
    Copy,
    Declare,
}

/// Given in place of a country if a stage has no part for each.
pub(crate) const ALL: &str = "all";

/// Nothing happens here.
#[cfg(not(test))]
pub(crate) const fn point(_: Stage, _: &str) {}

/// Panics if a panic is planted here, with a message that must never be shown.
#[cfg(test)]
pub(crate) fn point(stage: Stage, country: &str) {
    let here = format!("{stage:?} {country}");
    let planted = std::env::var(tests::PLANTED).is_ok_and(|planted| planted == here);
    assert!(!planted, "{} in {here}", tests::SECRET);
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::fs;
    use std::path::Path;
    use std::process::{Command, ExitCode};

    use tempfile::TempDir;

    use super::Stage;
    use crate::diagnostic::bug::{caught, listen, unreported};

    /// The stage and the country that panic.
    pub(super) const PLANTED: &str = "TIPBRIEF_PLANTED";
    /// The message of the panic.
    pub(super) const SECRET: &str = "these are words of a register";
    /// The arguments, if this executable is started as the program.
    const ARGUMENTS: &str = "TIPBRIEF_ARGUMENTS";
    /// How the bug is reported.
    const REPORT: &str = "this is a bug in tipbrief, at src/diagnostic/bug/point.rs:";

    const STAGES: [Stage; 9] = [
        Stage::Ingest,
        Stage::Validate,
        Stage::Summarise,
        Stage::Protect,
        Stage::Bind,
        Stage::Draw,
        Stage::Typeset,
        Stage::Trace,
        Stage::Publish,
    ];
    const FORMATS: [&str; 6] = ["human", "short", "json", "github", "sarif", "junit"];

    struct Run {
        code: Option<i32>,
        stdout: String,
        stderr: String,
    }

    /// Two countries in a folder of their own.
    struct Project(TempDir);

    impl Project {
        fn new() -> Self {
            let (project, repository) =
                (Self(TempDir::new().expect("a folder")), Path::new(env!("CARGO_MANIFEST_DIR")));
            for shared in ["data/schemas", "data/text", "templates"] {
                copy(&repository.join(shared), &project.path(shared));
            }
            let minimal = repository.join("tests/projects/minimal/data");
            copy(&minimal, &project.path("data"));
            copy(&minimal.join("countries/XXA"), &project.path("data/countries/XXC"));
            project
        }

        /// The same once more, with what it published.
        fn again(&self) -> Self {
            let project = Self(TempDir::new().expect("a folder"));
            copy(self.0.path(), project.0.path());
            project
        }

        fn path(&self, inside: &str) -> std::path::PathBuf {
            self.0.path().join(inside)
        }

        fn replace(&self, inside: &str, old: &str, new: &str) {
            let text = fs::read_to_string(self.path(inside)).expect("a text");
            assert!(text.contains(old), "{inside}");
            fs::write(self.path(inside), text.replace(old, new)).expect("it can be written");
        }

        /// Changes every document.
        fn turn(&self) {
            for country in ["XXA", "XXC"] {
                self.replace(
                    &format!("data/countries/{country}/arrests.csv"),
                    "arrested,total,41",
                    "arrested,total,42",
                );
            }
        }

        fn published(&self, part: &str) -> BTreeMap<String, Vec<u8>> {
            files(&self.path("output").join(part))
        }

        /// Runs the program with a panic planted in it.
        fn run(&self, planted: &str, arguments: &[&str]) -> Run {
            let root = self.0.path().to_string_lossy().into_owned();
            let arguments = [&["tipbrief"], arguments, &["--root", &root]].concat().join("\n");
            child("the_program", &[(PLANTED, planted), (ARGUMENTS, &arguments)], self.0.path())
        }

        /// Nothing that the program printed or wrote contains the message of the panic.
        fn assert_secret_kept(&self, run: &Run, what: &str) {
            assert!(
                !run.stdout.contains(SECRET) && !run.stderr.contains(SECRET),
                "{what}: {}{}",
                run.stdout,
                run.stderr
            );
            for (path, bytes) in files(self.0.path()) {
                assert!(!bytes.windows(SECRET.len()).any(|part| part == SECRET.as_bytes()), "{what}: {path}");
            }
        }
    }

    /// Starts one test of this executable by itself.
    fn child(test: &str, set: &[(&str, &str)], folder: &Path) -> Run {
        let mut command = Command::new(std::env::current_exe().expect("this executable"));
        command.args(["--exact", &format!("diagnostic::bug::point::tests::{test}"), "--nocapture", "--test-threads=1"]);
        command.current_dir(folder).env_remove("GITHUB_STEP_SUMMARY").envs(set.iter().copied());
        let output = command.output().expect("it starts");
        let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
        Run { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
    }

    fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
        let mut found = BTreeMap::new();
        for entry in fs::read_dir(folder).into_iter().flatten() {
            let entry = entry.expect("an entry");
            let name = entry.file_name().to_string_lossy().into_owned();
            if entry.path().is_dir() {
                found.extend(files(&entry.path()).into_iter().map(|(path, bytes)| (format!("{name}/{path}"), bytes)));
            } else {
                found.insert(name, fs::read(entry.path()).expect("a file"));
            }
        }
        found
    }

    fn copy(from: &Path, to: &Path) {
        for (path, bytes) in files(from) {
            let path = to.join(path);
            fs::create_dir_all(path.parent().expect("a folder")).expect("it can be made");
            fs::write(path, bytes).expect("it can be written");
        }
    }

    /// The program, where another test starts it.
    #[test]
    fn the_program() {
        let Ok(arguments) = std::env::var(ARGUMENTS) else { return };
        let ended = crate::cli::run(arguments.split('\n').map(Into::into));
        let code = (0..u8::MAX).find(|code| ExitCode::from(*code) == ended).expect("a code");
        std::process::exit(i32::from(code));
    }

    #[test]
    fn a_bug_in_any_stage_of_one_country_leaves_the_others_published() {
        let built = Project::new();
        let run = built.run("", &["build"]);
        assert_eq!(run.code, Some(0), "{}{}", run.stdout, run.stderr);
        for (stage, format) in STAGES.into_iter().zip(FORMATS.into_iter().cycle()) {
            let (project, what) = (built.again(), format!("{stage:?} in {format}"));
            project.turn();
            let run = project.run(&format!("{stage:?} XXA"), &["build", "--format", format, "--summary", "summary.md"]);
            assert_eq!(run.code, Some(3), "{what}: {}{}", run.stdout, run.stderr);
            assert!(project.published("XXA") == built.published("XXA"), "{what}: it keeps what it had");
            assert!(project.published("XXC") != built.published("XXC"), "{what}: the other is published");
            assert!(run.stderr.contains(&format!("error: XXA: {REPORT}")), "{what}: {}", run.stderr);
            let summary = fs::read_to_string(project.path("summary.md")).expect("a summary");
            assert!(summary.contains("src/diagnostic/bug/point.rs:") && summary.contains("`XXA`"), "{what}: {summary}");
            project.assert_secret_kept(&run, &what);
            let run = project.run("", &["build"]);
            assert_eq!(run.code, Some(0), "{what}: {}{}", run.stdout, run.stderr);
            assert!(project.published("XXA") != built.published("XXA"), "{what}: without the bug it is published");
        }
    }

    #[test]
    fn a_bug_in_one_country_hides_no_fault_of_another() {
        for (stage, format) in STAGES.into_iter().zip(FORMATS).take(5) {
            let (project, what) = (Project::new(), format!("{stage:?} in {format}"));
            project.replace("data/countries/XXC/arrests.csv", "2022,arrested", "2022,arested");
            let run = project.run(&format!("{stage:?} XXA"), &["check", "--format", format]);
            assert_eq!(run.code, Some(3), "{what}: {}{}", run.stdout, run.stderr);
            assert!(
                run.stdout.contains("arested") && run.stderr.contains(REPORT),
                "{what}: {}{}",
                run.stdout,
                run.stderr
            );
            assert!(
                matches!(format, "human" | "short") || run.stdout.contains("src/diagnostic/bug/point.rs:"),
                "{what}"
            );
            project.assert_secret_kept(&run, &what);
        }
    }

    #[test]
    fn a_bug_in_what_countries_share_ends_every_command_in_the_same_way() {
        let project = Project::new();
        let commands: [&[&str]; 7] = [
            &["build"],
            &["check"],
            &["explain", "41"],
            &["diff", ".", "."],
            &["release", "2024"],
            &["send"],
            &["init", "THA"],
        ];
        for command in commands {
            let run = project.run("Declare all", command);
            assert_eq!(run.code, Some(3), "{command:?}: {}{}", run.stdout, run.stderr);
            assert_eq!(run.stderr.matches(REPORT).count(), 1, "{command:?}: {}", run.stderr);
            project.assert_secret_kept(&run, command[0]);
        }
    }

    #[test]
    fn a_bug_in_the_copy_of_a_donor_stops_the_copies_alone() {
        let project = Project::new();
        let donor = "\n[[donors]]\nid = \"a\"\nname = \"A\"\naddresses = [\"a@example.org\"]\n";
        project.replace("data/report.toml", "sections = true\n", &format!("sections = true\n{donor}"));
        let run = project.run("Copy XXA", &["build"]);
        assert_eq!(run.code, Some(3), "{}{}", run.stdout, run.stderr);
        assert!(run.stderr.contains(&format!("error: donors: {REPORT}")), "{}", run.stderr);
        assert!(!project.published("XXA").is_empty() && project.published("donors").is_empty(), "{}", run.stderr);
        project.assert_secret_kept(&run, "copies");
    }

    /// Runs in its own process, started by the test below, since the panic hook is the same for all threads.
    #[test]
    #[allow(clippy::panic, clippy::unwrap_used, clippy::string_slice)]
    fn bugs_are_heard() {
        if std::env::var_os(PLANTED).is_none_or(|planted| planted != "here") {
            return;
        }
        listen();
        let check = |what: &str, report: String, lines: &[u32]| {
            let places: Vec<String> = lines.iter().map(|line| format!("src/diagnostic/bug/point.rs:{line}")).collect();
            let expected = format!("this is a bug in tipbrief, at {};", places.join(" or "));
            println!("{}: {what}: {report}, expected {expected}", report.starts_with(&expected));
        };
        let here = "called by tipbrief::diagnostic::bug::point::tests::bugs_are_heard;";
        let report = |bug: Result<(), crate::diagnostic::bug::Bug>| {
            bug.map_or_else(|bug| bug.to_string(), |()| "nothing".to_owned())
        };
        let text = "½ of a register".to_owned();
        let (line, cut) = (line!(), caught(|| assert!(text[1..].is_empty())));
        check("a string that is cut", report(cut), &[line]);
        let library = report(caught(|| assert!(text.split_at(1).0.is_empty())));
        println!("{}: a library: {library}", library.contains("at core/src/str/") && library.contains(here));
        // From another thread, and twice with the same constant words.
        let nothing: Option<()> = std::hint::black_box(None);
        let (line, one) = (line!(), || nothing.unwrap());
        let other = caught(|| rayon::join(one, || ()).0);
        check("a thread that is waited for", report(other), &[line]);
        let (next, again) = (line!(), caught(|| nothing.unwrap()));
        check("the same words", report(again), &[line, next]);
        let (line, ended) = (line!(), std::thread::spawn(|| panic!("{SECRET}")).join());
        let left: Vec<String> = unreported().iter().map(ToString::to_string).collect();
        check("a thread that nobody waits for", left.join(" and "), &[line]);
        println!("{}: it ended", ended.is_err());
    }

    #[test]
    fn bugs_are_reported_by_their_places() {
        let run = child("bugs_are_heard", &[(PLANTED, "here")], Path::new("."));
        assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""), "{}", run.stdout);
        assert_eq!(
            (run.stdout.matches("true: ").count(), run.stdout.matches("false: ").count()),
            (6, 0),
            "{}",
            run.stdout
        );
        assert!(!run.stdout.contains(SECRET) && !run.stdout.contains('½'), "{}", run.stdout);
    }
}
