//! What the tests use of a machine besides the product and its Typst, and what becomes of a test that lacks it.
//!
//! In CI, where `.ci/tools` installs all of it, such a test fails and names what installs it. Elsewhere it says so past the
//! test runner, which keeps for itself what a passing test prints: whoever runs `cargo test` sees what was not tried.
//! Windows and macOS lack some of it for good, so there CI skips these tests, too, with a message.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use regex::Regex;

use crate::project::{REPOSITORY, files, tests};

/// Programs that tests start, and Debian's packages of them.
const PACKAGES: &[(&str, &str)] = &[
    ("chromium", "chromium"),
    ("git", "git"),
    ("initdb", "postgresql"),
    ("kill", "procps"),
    ("pgrep", "procps"),
    ("openssl", "openssl"),
    ("pdftoppm", "poppler-utils"),
    ("pdftotext", "poppler-utils"),
    ("python3", "python3-venv"),
    ("setpriv", "util-linux"),
    ("soffice", "libreoffice-calc-nogui"),
    ("ssh-keygen", "openssh-client"),
];

/// Programs that tests start and that no Unix goes without.
const EVERYWHERE: [&str; 3] = ["bash", "mkfifo", "sh"];

/// Modules of Python that tests use, and what brings them.
const MODULES: &[(&str, &str)] = &[
    ("aiosmtpd", "Debian's package python3-aiosmtpd"),
    ("uno", "Debian's package python3-uno"),
    ("frictionless", "`pip install --requirement .ci/requirements.txt`"),
    ("jsonschema", "`pip install --requirement .ci/requirements.txt`"),
];

/// How often something was missing in this run.
static MISSING: AtomicUsize = AtomicUsize::new(0);

/// A program under the first of its names that the machine knows; the first of all is what it is called.
pub fn tool(names: &[&str]) -> Option<PathBuf> {
    let folders = std::env::var_os("PATH").unwrap_or_default();
    let under = |name: &&str| {
        let mut places = std::env::split_paths(&folders).map(|folder| folder.join(name));
        places.find(|program| program.is_file())
    };
    let package = || PACKAGES.iter().find(|(name, _)| *name == names[0]).map_or(names[0], |(_, package)| package);
    names.iter().find_map(under).or_else(|| lacks(names[0], &format!("Debian's package {}", package())))
}

/// A Python that has a module: the one that `.ci/tools` lays, or one of the machine's.
pub fn python(module: &str) -> Option<PathBuf> {
    static FOUND: Mutex<BTreeMap<String, Option<PathBuf>>> = Mutex::new(BTreeMap::new());
    let laid = Path::new(REPOSITORY).join(".tools/python/bin/python3");
    let imports = |python: &PathBuf| {
        let run = Command::new(python).arg("-c").arg(format!("import {module}")).output();
        run.is_ok_and(|run| run.status.success())
    };
    let look = || [laid, "python3".into(), "/usr/bin/python3".into()].into_iter().find(imports);
    let found = FOUND.lock().expect("nobody fails while looking").entry(module.to_owned()).or_insert_with(look).clone();
    let remedy = MODULES.iter().find(|(name, _)| *name == module).map_or(module, |(_, remedy)| remedy);
    found.or_else(|| lacks(module, remedy))
}

/// A program that a package of Python brings: under `.tools`, where `.ci/tools` lays it, or on the machine.
pub fn brought(name: &str, package: &str) -> Option<PathBuf> {
    let laid = Path::new(REPOSITORY).join(".tools/python/bin").join(name);
    let path = std::env::var_os("PATH").unwrap_or_default();
    let places = std::iter::once(laid).chain(std::env::split_paths(&path).map(|folder| folder.join(name)));
    let found = places.into_iter().find(|program| program.is_file());
    found.or_else(|| lacks(name, &format!("`pip install {package}`")))
}

/// The folder with the programs of `PostgreSQL`, which Debian keeps off the path; of several versions the last.
pub fn postgres() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut folders: Vec<PathBuf> = versions.map(|version| version.path().join("bin")).collect();
    folders.sort();
    let found = folders.into_iter().rfind(|folder| folder.join("initdb").is_file());
    found.or_else(|| lacks("initdb", "Debian's package postgresql"))
}

/// What the machine lets a test do; if it cannot, the reason is printed. `what` follows the word “no”.
pub fn able<T>(what: &str, tried: Result<T, String>) -> Option<T> {
    tried.map_or_else(|reason| lacks(what, reason.trim()), Some)
}

/// Says that a test goes without something; in CI that ends it.
fn lacks<T>(what: &str, remedy: &str) -> Option<T> {
    let ci = cfg!(target_os = "linux") && std::env::var_os("CI").is_some_and(|value| !value.is_empty());
    let reason = sentence(what, remedy, ci);
    // Not `eprintln`, which the test runner keeps for itself.
    let _ = std::io::stderr().write_all(reason.as_bytes());
    None
}

/// The message about a thing that is missing.
fn sentence(what: &str, remedy: &str, ci: bool) -> String {
    assert!(!ci, "no {what} in CI, where nothing is skipped ({remedy}; `.ci/tools` sees to it)");
    let times = MISSING.fetch_add(1, Ordering::Relaxed) + 1;
    let thread = std::thread::current();
    format!("skipped: no {what} ({remedy}), in {}; {times} so far\n", thread.name().unwrap_or("a test"))
}

#[test]
fn what_is_missing_fails_in_ci_and_is_reported_elsewhere() {
    let failed = std::panic::catch_unwind(|| sentence("abacus", "Debian's package abacus", true));
    let panicked = failed.expect_err("in CI the test fails").downcast::<String>().expect("a sentence");
    assert!(panicked.contains("no abacus in CI") && panicked.contains("Debian's package abacus"), "{panicked}");
    let reason = sentence("abacus", "Debian's package abacus", false);
    let here = "skipped: no abacus (Debian's package abacus), in tools::what_is_missing_fails_in_ci_and_is_reported_elsewhere; ";
    assert!(reason.starts_with(here) && reason.ends_with(" so far\n"), "{reason}");
    MISSING.fetch_sub(1, Ordering::Relaxed);
}

/// The text of every test, by its path.
fn texts() -> Vec<(String, String)> {
    let sources = files(&tests()).into_iter().filter(|path| path.ends_with(".rs"));
    sources.map(|path| (path.clone(), fs::read_to_string(tests().join(path)).expect("a test"))).collect()
}

#[test]
fn what_the_tests_start_is_what_ci_installs() {
    let read = |path: &str| fs::read_to_string(Path::new(REPOSITORY).join(path)).expect("a script");
    let (script, requirements) = (read(".ci/tools"), read(".ci/requirements.txt"));
    let apart = read(".ci/apart.txt");
    let installed: BTreeSet<&str> = script.split_whitespace().collect();
    for (name, package) in PACKAGES {
        assert!(installed.contains(package), ".ci/tools installs {package} for {name}");
    }
    assert!(requirements.lines().any(|line| line.starts_with("duckdb-cli==")), ".ci installs duckdb-cli");
    for package in ["axe-playwright-python==", "outloud=="] {
        assert!(apart.lines().any(|line| line.starts_with(package)), ".ci installs {package}");
    }
    for (module, remedy) in MODULES {
        let package = remedy.rsplit(' ').next().unwrap_or_default();
        let pinned = requirements.lines().any(|line| line.starts_with(&format!("{module}==")));
        assert!(pinned || installed.contains(package), ".ci installs {module}");
    }
    let started = Regex::new(r#"(?:Command::new\(|tool\(&\[)"([^"/]+)""#).expect("a pattern");
    for (path, text) in texts() {
        for name in started.captures_iter(&text).map(|found| found[1].to_owned()) {
            let known = EVERYWHERE.contains(&&*name) || PACKAGES.iter().any(|(known, _)| *known == name);
            assert!(known, "tests/{path} starts `{name}`: say in tests/tools.rs what installs it");
        }
    }
}

#[test]
fn no_test_is_skipped_in_another_way() {
    let own = Regex::new(r#"print(ln)?!\(\s*"[^"]*skipped"#).expect("a pattern");
    let skipping: Vec<String> =
        texts().into_iter().filter(|(_, text)| own.is_match(text)).map(|(path, _)| path).collect();
    assert_eq!(skipping, Vec::<String>::new(), "these say by themselves that they were skipped: tests/tools.rs does");
}
