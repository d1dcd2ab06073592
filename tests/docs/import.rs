//! The page about delivered files: its example is read as it stands, and it names every key and every fault.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use regex::Regex;

use super::{Code, page};
use crate::project::{Project, REPOSITORY, files};
use crate::tidy::conclude;

/// The text of the one block whose fence says this.
fn block<'c>(code: &'c [Code], fence: &str) -> &'c str {
    let mut found = code.iter().filter(|code| code.language.as_deref() == Some(fence));
    let (Some(block), None) = (found.next(), found.next()) else { panic!("one block is `{fence}`") };
    &block.text
}

#[test]
fn the_example_of_a_delivered_file_makes_what_the_page_says() {
    let code = page("docs/import.md").parts().0;
    let project = Project::minimal();
    for path in ["csv data/imports/glotip.csv", "csv data/countries/LAO/sources.csv", "toml data/imports/glotip.toml"] {
        let (_, name) = path.split_once(' ').expect("a language and a path");
        project.write(name, block(&code, path));
    }
    let first = project.run(&["import", "--show", "glotip"]);
    let due = format!("{}\n1 error\n", block(&code, "text error"));
    assert_eq!((first.code, first.stdout.as_str(), first.stderr.as_str()), (1, "", due.as_str()));
    let mapping = block(&code, "toml data/imports/glotip.toml");
    let cured = code.iter().find(|code| code.language.as_deref() == Some("toml") && code.text.starts_with("where = "));
    let cured = cured.expect("the cure is on the page").text.trim_end();
    let lines =
        mapping.lines().map(|line| if line.starts_with("where = { Indicator = \"Detected") { cured } else { line });
    project.write("data/imports/glotip.toml", &lines.map(|line| format!("{line}\n")).collect::<String>());
    let shown = project.run(&["import", "--show", "glotip", "LAO/victims"]);
    assert_eq!((shown.stderr.as_str(), shown.stdout.as_str()), ("", block(&code, "text shown LAO/victims")));
}

/// The names that a pattern finds in the sources of two folders.
fn named_in_source(pattern: &str) -> BTreeSet<String> {
    let pattern = Regex::new(pattern).expect("a pattern");
    let mut names = BTreeSet::new();
    for folder in ["src/project/imports", "src/tables/import"] {
        let folder = Path::new(REPOSITORY).join(folder);
        for path in files(&folder) {
            let text = fs::read_to_string(folder.join(path)).expect("a source file");
            let text = text.split("#[cfg(test)]").next().unwrap_or_default().to_owned();
            names.extend(pattern.captures_iter(&text).map(|found| found[1].to_owned()));
        }
    }
    names
}

#[test]
fn the_page_of_delivered_files_names_every_key_and_every_fault() {
    let code: Vec<String> = page("docs/import.md").parts().0.into_iter().map(|code| code.text).collect();
    let word = |name: &str| Regex::new(&format!("(^|[^a-z_-]){name}($|[^a-z_-])")).expect("a pattern");
    let is_named = |name: &str| code.iter().any(|code| word(name).is_match(code));
    let keys = named_in_source(
        r#"\.(?:text|texts|required_text|has|shape|table|tables|map|day|integer|switch|scalar)\(\s*"([a-z0-9_]+)""#,
    );
    assert!(keys.len() > 30 && keys.contains("delimiter") && keys.contains("upto"), "the keys are found: {keys:?}");
    let kebab = |name: String| {
        let words = Regex::new("([a-z])([A-Z])").expect("a pattern").replace_all(&name, "$1-$2").to_lowercase();
        words
    };
    let codes: BTreeSet<String> = named_in_source(r"Code::([A-Z][A-Za-z]+)").into_iter().map(kebab).collect();
    assert!(codes.len() > 20 && codes.contains("unread-row"), "the codes are found: {codes:?}");
    let lacking = keys.iter().chain(&codes).filter(|name| !is_named(name));
    conclude(&lacking.map(|name| format!("docs/import.md does not name `{name}`")).collect::<Vec<_>>());
}
