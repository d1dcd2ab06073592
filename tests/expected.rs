//! What was found held against what is expected; `BLESS=1` accepts what was found.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// Files by their path, with their text.
pub type Files = BTreeMap<String, String>;

/// Whether this run writes expectations instead of testing them.
pub fn blessing() -> bool {
    std::env::var_os("BLESS").is_some_and(|value| !value.is_empty() && value != "0")
}

/// Compares one text with a file of expectations; returns what differs, nothing if they agree.
pub fn text(path: &Path, found: &str) -> Option<String> {
    if blessing() {
        fs::write(path, found).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        return None;
    }
    let expected = fs::read_to_string(path).unwrap_or_default();
    (expected != found).then(|| format!("{}\n{}", path.display(), difference(&expected, found)))
}

/// Holds a set of files against a folder of expectations, file by file; leftovers on either side differ, too.
pub fn folder(folder: &Path, found: &Files) -> Vec<String> {
    if blessing() {
        accept(folder, found);
        return Vec::new();
    }
    let expected = read(folder);
    let mut differences = Vec::new();
    for path in expected.keys().filter(|path| !found.contains_key(*path)) {
        differences.push(format!("{path} is expected, but was not written"));
    }
    for (path, text) in found {
        match expected.get(path) {
            None => differences.push(format!("{path} was written, but is not expected")),
            Some(wanted) if wanted != text => differences.push(format!("{path}\n{}", difference(wanted, text))),
            Some(_) => {}
        }
    }
    differences
}

/// Fails with everything that differs.
pub fn conclude(differences: &[String]) {
    assert!(differences.is_empty(), "\n{}\nBLESS=1 accepts what was found.", differences.join("\n"));
}

fn accept(folder: &Path, found: &Files) {
    if folder.exists() {
        fs::remove_dir_all(folder).expect("the old expectations can be removed");
    }
    for (path, text) in found {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("the folder can be made");
        fs::write(&path, text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }
}

fn read(folder: &Path) -> Files {
    assert!(folder.is_dir(), "there is no {}; BLESS=1 makes it", folder.display());
    let text = |path: &String| fs::read_to_string(folder.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
    crate::project::files(folder).into_iter().map(|path| (path.clone(), text(&path))).collect()
}

/// The lines that differ, each side whole: the texts are short.
fn difference(expected: &str, found: &str) -> String {
    let (wanted, given): (Vec<&str>, Vec<&str>) = (expected.lines().collect(), found.lines().collect());
    let lost = wanted.iter().filter(|line| !given.contains(line)).map(|line| format!("  - {line}\n"));
    let new = given.iter().filter(|line| !wanted.contains(line)).map(|line| format!("  + {line}\n"));
    let lines: String = lost.chain(new).collect();
    if lines.is_empty() { "  the same lines in another order or with other breaks\n".to_owned() } else { lines }
}
