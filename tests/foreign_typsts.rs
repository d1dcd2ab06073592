//! Typst replaced by programs that are old, hang, crash, print garbage, write half a document or write where they have no
//! business. Each is reported, ends with exit code 3, and leaves what was published as it was.

#![cfg(unix)]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::time::{Duration, Instant};

use crate::project::{Kernel, Project, Run, files, typst};
use crate::tools::able;

/// The one command that mends an old Typst.
const MEND: &str = "cargo install --locked --root .tools typst-cli@0.15.1";

/// A build whose Typst is a script that answers `--version` with `version`, and else does `then`. `$TYPST` in it is the
/// Typst of the tests.
fn build_with(project: &Project, version: &str, then: &str) -> Run {
    let typst = typst().canonicalize().expect("there is a Typst");
    let script = format!(
        "#!/bin/sh\nTYPST='{}'\nif [ \"$1\" = --version ]; then echo '{version}'; exit; fi\n{then}\n",
        typst.display()
    );
    project.write("typst.sh", &script);
    let path = project.path("typst.sh");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("the script can be made to run");
    Run::of(project.command(&["build"]).env("TYPST", path))
}

/// A project that was built, and whose data has changed since.
fn changed() -> Project {
    let project = Project::minimal();
    project.build();
    project.replace("data/countries/XXA/arrests.csv", "2023,arrested,total,41", "2023,arrested,total,42");
    project
}

/// Grants a run of Typst something else.
fn limit(project: &Project, limit: &str) {
    project.write("data/report.toml", &format!("{}\n[limits]\n{limit}\n", project.read("data/report.toml")));
}

#[test]
fn an_old_typst_is_refused() {
    let run = build_with(&Project::minimal(), "typst 0.14.2 (b33de9de)", "exit 0");
    assert_eq!(run.code, 3);
    assert!(run.stderr.contains("0.14.2") && run.stderr.contains("0.15.1"), "both versions are named: {}", run.stderr);
    assert!(run.stderr.contains(MEND), "the command that mends it is named: {}", run.stderr);
}

#[test]
fn a_typst_that_hangs_is_ended_with_all_that_it_started() {
    for hang in ["exec sleep 60", "sleep 60", "sleep 60 & exec >&- 2>&-; sleep 60", "sleep 60 & exit 0"] {
        let project = Project::minimal();
        limit(&project, "typst_seconds = 1");
        let start = Instant::now();
        let run = build_with(&project, "typst 0.15.1", hang);
        assert_eq!(run.code, 3, "`{hang}`: {}", run.stderr);
        assert!(
            run.stderr.contains("Typst did not finish within 1 second and"),
            "`{hang}` is reported: {}",
            run.stderr
        );
        assert!(start.elapsed() < Duration::from_secs(20), "`{hang}`: the wait is bounded");
    }
}

#[test]
fn what_is_no_document_is_reported_and_keeps_what_was_there() {
    let project = changed();
    let before = project.published("XXA");
    for (script, expected) in [
        ("echo 'thread main panicked' >&2; exit 101", "Typst ended with exit status: 101: thread main panicked"),
        ("kill -SEGV $$", "Typst ended with signal: 11"),
        ("exit 0", "Typst's output is not a PDF"),
        ("head -c 100000 /dev/urandom", "Typst's output is not a PDF"),
        ("cat /dev/zero", "Typst wrote more than 268435456 bytes"),
        ("\"$TYPST\" \"$@\" | head -c 20000", "Typst's PDF is incomplete"),
        (
            "case \"$*\" in *png*) exec \"$TYPST\" \"$@\";; esac; printf '%%PDF-1.7\\n%%%%EOF\\n'",
            "the PDF cannot be read",
        ),
        ("case \"$*\" in *png*) exit 0;; esac; exec \"$TYPST\" \"$@\"", "Typst's output is not a PNG"),
        ("\"$TYPST\" \"$@\" > /dev/null; head -c 3000000 /dev/zero >&2; exit 3", "Typst ended with"),
    ] {
        let run = build_with(&project, "typst 0.15.1", script);
        assert_eq!(run.code, 3, "`{script}` is a failure of the machine: {}", run.stderr);
        assert!(run.stderr.contains(&format!("error: XXA: {expected}")), "`{script}` is reported: {}", run.stderr);
        assert!(run.stderr.contains("previous output kept: XXA"), "and what becomes of the country: {}", run.stderr);
        assert_eq!(run.stdout, "", "`{script}`: nothing is written");
        assert!(before == project.published("XXA"), "`{script}` leaves the outputs as they were");
        assert!(!project.path("output/.work").exists(), "`{script}`: the place of work is cleared");
    }
    project.build();
    assert!(before != project.published("XXA"), "the next build needs no cleaning");
}

#[test]
fn a_typst_that_wants_too_much_memory_gets_none() {
    if !cfg!(target_os = "linux") {
        return;
    }
    let project = changed();
    let before = project.published("XXA");
    limit(&project, "typst_megabytes = 400");
    let theme = project.read("templates/theme.typ");
    project.write("templates/theme.typ", &format!("#let much = range(100000000)\n{theme}"));
    let run = project.run(&["build"]);
    assert_eq!(run.code, 3, "{}", run.stderr);
    assert!(run.stderr.contains("Typst needs more than 400 MB of memory"), "{}", run.stderr);
    assert!(run.stderr.contains("typst_megabytes"), "what grants more is named: {}", run.stderr);
    assert!(before == project.published("XXA"));
}

#[test]
fn a_limit_is_one_that_can_be_kept() {
    for (stated, expected) in [
        ("typst_seconds = 0", "`typst_seconds` is 0; a number above 0 is expected"),
        ("typst_megabytes = -1", "`typst_megabytes` is -1; a number above 0 is expected"),
        ("typst_minutes = 1", "typst_minutes"),
        ("typst_confinement = \"maybe\"", "`maybe` is not a way to confine Typst"),
    ] {
        let project = Project::minimal();
        limit(&project, stated);
        let run = project.run(&["check", "--format", "short"]);
        assert!(run.code == 1 && run.stdout.contains(expected), "`{stated}`: {}", run.stdout);
    }
}

#[test]
fn a_typst_that_never_tells_its_version_is_not_waited_for() {
    let project = Project::minimal();
    limit(&project, "typst_seconds = 1");
    project.write("typst.sh", "#!/bin/sh\nsleep 60\n");
    let path = project.path("typst.sh");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("the script can be made to run");
    let start = Instant::now();
    let run = Run::of(project.command(&["build"]).env("TYPST", path));
    assert_eq!(run.code, 3, "{}", run.stderr);
    assert!(run.stderr.contains("does not run as Typst"), "{}", run.stderr);
    assert!(start.elapsed() < Duration::from_secs(20), "the wait is bounded");
}

#[test]
fn a_typst_that_fails_one_country_stops_no_other() {
    let project = changed();
    project.add_country("XXC");
    let before = project.published("XXA");
    let script = "case \"$*\" in *XXA*) echo broken >&2; exit 9;; esac; exec \"$TYPST\" \"$@\"";
    let run = build_with(&project, "typst 0.15.1", script);
    assert_eq!(run.code, 3, "{}", run.stderr);
    assert!(run.stderr.contains("error: XXA: Typst ended with exit status: 9: broken"), "{}", run.stderr);
    assert_eq!(run.stdout.trim_end(), project.path("output/XXC/en/brief.pdf").display().to_string());
    assert!(before == project.published("XXA"), "the country that failed keeps its output");
    let verified = project.run(&["verify"]);
    assert_eq!(verified.code, 1);
    assert_eq!(verified.stdout, "output/XXA: is from an earlier build than the rest\n", "and that is reported");
    project.build();
    let verified = project.run(&["verify"]);
    assert_eq!((verified.code, verified.stdout.as_str()), (0, ""));
}

#[test]
fn a_typst_can_write_to_its_pipe_only() {
    let project = changed();
    let before = project.published("XXA");
    let place = project.root().display().to_string();
    let stray = format!(
        "for file in '{place}/stray' '{place}/output/stray' '{place}/output/XXA/en/brief.pdf' \"$5/view.json\" stray; do
            (echo stray > \"$file\") 2>/dev/null && echo \"wrote $file\" >&2
        done
        rm -rf '{place}/output/XXA' 2>/dev/null
        exec \"$TYPST\" \"$@\""
    );
    let run = build_with(&project, "typst 0.15.1", &stray);
    let keeps = Kernel::here().keeps_from_writing;
    assert_eq!(run.stderr.contains("wrote "), !keeps, "it writes only where the kernel lets it: {}", run.stderr);
    let Some(()) = able("Landlock", if keeps { Ok(()) } else { Err("the kernel confines nothing".into()) }) else {
        return;
    };
    assert_eq!(run.code, 0, "{}", run.stderr);
    let left: Vec<String> = files(project.root()).into_iter().filter(|path| path.ends_with("stray")).collect();
    assert_eq!(left, Vec::<String>::new());
    assert!(before != project.published("XXA"), "the document is made all the same");
    let failing = build_with(&changed(), "typst 0.15.1", &format!("rm -rf '{place}/output/XXA'; exit 1"));
    assert_eq!(failing.code, 3, "{}", failing.stderr);
    assert!(!project.published("XXA").is_empty());
}

#[test]
fn a_typst_finds_nothing_of_the_machine_around_it() {
    let project = Project::minimal();
    let script = "env | grep -v '^\\(PWD\\|SHLVL\\|_\\|OLDPWD\\)=' | sort | tr '\\n' ' ' >&2; exit 1";
    let path = project.path("typst.sh");
    let _ = build_with(&project, "typst 0.15.1", script);
    let mut command = project.command(&["build"]);
    command.env("TYPST", path).env("TYPST_FONT_PATHS", "/usr").env("SOURCE_DATE_EPOCH", "1").env("LANG", "lo_LA.UTF-8");
    let run = Run::of(command.env("LD_LIBRARY_PATH", "").env("PATH", "/usr/bin:/bin"));
    let nowhere = "http://127.0.0.1:9";
    let expected = format!(
        "LD_LIBRARY_PATH= PATH=/usr/bin:/bin TZ=UTC all_proxy={nowhere} http_proxy={nowhere} https_proxy={nowhere}\n"
    );
    assert!(run.stderr.contains(&expected), "{}", run.stderr);
}

#[test]
fn a_package_is_not_to_be_had() {
    let project = Project::minimal();
    let theme = project.read("templates/theme.typ");
    project.write("templates/theme.typ", &format!("#import \"@preview/example:0.1.0\": add\n{theme}"));
    let start = Instant::now();
    let run = project.run(&["build", "--format", "short"]);
    assert_eq!(run.code, 1, "{}", run.stderr);
    assert!(run.stderr.starts_with("templates/theme.typ:1:"), "{}", run.stderr);
    assert!(start.elapsed() < Duration::from_secs(10), "no network is waited for");
}
