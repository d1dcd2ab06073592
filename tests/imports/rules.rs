//! The rules of mappings, one small project a file: `rules/<name>.txt` holds a mapping, its delivered files, and what
//! `import --show` says of them. `BLESS=1` writes what it says anew. A file may be a workbook (`=== book a.xlsx`, see `book`),
//! or one of those in `books/`, which no test can write (`=== stored a.xls`).
//! `=== draft a.csv` is the draft of a file and `=== onto a.csv` what the mapping lacks for it; `=== decided` holds lines of the
//! draft as they were and as an officer decides them, which make it the mapping.

use std::fs;
use std::path::PathBuf;

use sha2::{Digest, Sha256};

use super::{Importing, book};
use crate::expected;
use crate::project::tests;

/// What begins a part of a rule: `=== mapping`, `=== file a.csv`, `=== shown LAO/victims`.
const PART: &str = "=== ";

/// Letters that an editor would not show, or change: what is written in their place, and they.
const LETTERS: [(&str, &str); 5] = [("␍", "\r"), ("␉", "\t"), ("␠", "\u{a0}"), ("␣", "\u{202f}"), ("⏎\n", "\n")];

/// A rule: its parts by their heads.
struct Rule {
    path: PathBuf,
    parts: Vec<(String, String)>,
}

/// What stands between a line of a draft and what it becomes.
const BECOMES: &str = " => ";

impl Rule {
    fn all() -> Vec<Self> {
        let entries = fs::read_dir(tests().join("imports/rules")).expect("there are rules");
        let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
        paths.sort();
        paths.into_iter().map(Self::read).collect()
    }

    fn read(path: PathBuf) -> Self {
        let text = fs::read_to_string(&path).expect("a rule is text");
        let mut parts: Vec<(String, String)> = Vec::new();
        for line in text.split_inclusive('\n') {
            match (line.strip_prefix(PART), parts.last_mut()) {
                (Some(head), _) => parts.push((head.trim_end().to_owned(), String::new())),
                (None, Some((_, part))) => part.push_str(line),
                (None, None) => {}
            }
        }
        Self { path, parts }
    }

    fn text(&self) -> String {
        let head = fs::read_to_string(&self.path).expect("a rule is text");
        let head = head.split(PART).next().unwrap_or_default();
        self.parts.iter().fold(head.to_owned(), |text, (head, part)| format!("{text}{PART}{head}\n{part}"))
    }

    fn files(&self) -> impl Iterator<Item = (&str, Vec<u8>)> {
        self.parts.iter().filter_map(|(head, text)| {
            if let Some(name) = head.strip_prefix("book ") {
                return Some((name, book::workbook(text)));
            }
            if let Some(name) = head.strip_prefix("stored ") {
                let book = tests().join("imports/books").join(text.trim());
                return Some((name, fs::read(book).expect("it is stored")));
            }
            let text = LETTERS.iter().fold(text.clone(), |text, (written, letter)| text.replace(written, letter));
            Some((head.strip_prefix("file ")?, text.into_bytes()))
        })
    }

    fn part(&self, head: &str) -> Option<&str> {
        self.parts.iter().find(|(own, _)| own == head).map(|(_, text)| text.as_str())
    }

    /// The draft with its lines as they are decided.
    fn decided(&self, draft: &str) -> Option<String> {
        let decisions = self.part("decided")?;
        let mut lines: Vec<&str> = draft.lines().collect();
        for decision in decisions.lines() {
            let (old, new) = decision.split_once(BECOMES).unwrap_or_else(|| panic!("{decision}: decides nothing"));
            let line = lines.iter_mut().find(|line| line.starts_with(old));
            let line =
                line.unwrap_or_else(|| panic!("{}: no line of the draft begins with {old}", self.path.display()));
            *line = new;
        }
        Some(lines.join("\n") + "\n")
    }

    fn project(&self) -> Importing {
        let folder = if self.files().any(|(name, _)| name.starts_with("register/")) {
            "data/countries/LAO/imports"
        } else {
            "data/imports"
        };
        let importing = Importing::of(&["KHM", "LAO"], "s", folder);
        let mut mapping = self.part("mapping").unwrap_or_default().to_owned();
        for (name, text) in self.files() {
            let sum: String = Sha256::digest(&text).iter().map(|byte| format!("{byte:02x}")).collect();
            mapping = mapping.replace(&format!("\"sha256 of {name}\""), &format!("\"{sum}\""));
            let path = importing.path(name);
            fs::create_dir_all(path.parent().expect("a folder")).expect("the folder can be made");
            fs::write(path, text).expect("a file can be written");
        }
        if !mapping.is_empty() {
            fs::write(importing.path("x.toml"), mapping).expect("the mapping can be written");
        }
        importing
    }
}

/// The draft of a file, or what the mapping `x` lacks for it.
fn drafted(importing: &Importing, name: &str, onto: bool) -> String {
    let file = importing.path(name);
    let mut arguments = vec!["--draft", file.to_str().expect("a path")];
    arguments.extend(if onto { &["--onto", "x"][..] } else { &[] });
    let run = importing.run(&arguments);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{name}");
    run.stdout
}

#[test]
fn every_rule_shows_what_it_says() {
    let mut differences = Vec::new();
    for mut rule in Rule::all() {
        let importing = rule.project();
        let heads: Vec<String> = rule.parts.iter().map(|(head, _)| head.clone()).collect();
        for (at, head) in heads.iter().enumerate() {
            let draft = head.strip_prefix("draft ").map(|name| drafted(&importing, name, false));
            let onto = head.strip_prefix("onto ").map(|name| drafted(&importing, name, true));
            if let Some(mapping) = draft.as_ref().and_then(|draft| rule.decided(draft)) {
                fs::write(importing.path("x.toml"), mapping).expect("the mapping can be written");
            }
            if let Some(text) = draft.or(onto) {
                rule.parts[at].1 = text;
            }
        }
        for (head, part) in &mut rule.parts {
            let Some(table) = head.strip_prefix("shown").map(|rest| rest.trim().to_owned()) else { continue };
            let run = importing.shown(Some(table.as_str()).filter(|table| !table.is_empty()));
            let due = i32::from(run.stderr.contains(": error["));
            assert_eq!(run.code, due, "{}: {}", rule.path.display(), run.stderr);
            assert!(due == 0 || run.stdout.is_empty(), "{}: with an error no row is shown", rule.path.display());
            *part = run.stdout + &run.stderr;
        }
        let found = rule.text();
        differences.extend(expected::text(&rule.path, &found));
    }
    expected::conclude(&differences);
}
