//! The pages that people read: their links lead somewhere, what they name exists, and their examples are sound.

mod import;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Component, Path, PathBuf};
use std::process::Command;

use regex::Regex;
use serde_json::Value;

use crate::project::{Project, REPOSITORY, Run, files};
use crate::tidy::conclude;

/// Folders of the repository whose files pages name in code.
const NAMED: [&str; 7] = [".ci", ".github", "benches", "docs", "src", "templates", "tests"];

/// A page, by its path from the repository.
struct Page {
    path: String,
    text: String,
}

/// A piece of code in a page: a block, or a span within a sentence.
struct Code {
    /// What stands after the fence that opens the block; none for a span.
    language: Option<String>,
    text: String,
}

fn page(path: &str) -> Page {
    let text = fs::read_to_string(Path::new(REPOSITORY).join(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
    Page { path: path.to_owned(), text }
}

/// Every page but the changelog, which names what is no longer there.
fn pages() -> Vec<Page> {
    let docs = files(&Path::new(REPOSITORY).join("docs")).into_iter().map(|path| format!("docs/{path}"));
    let paths = ["CONTRIBUTING.md", "README.md", "SECURITY.md"].map(str::to_owned);
    let pages: Vec<Page> =
        paths.into_iter().chain(docs.filter(|path| path.ends_with(".md"))).map(|path: String| page(&path)).collect();
    assert!(pages.len() > 8, "the pages are found");
    pages
}

impl Page {
    /// The code, and the text without its blocks.
    fn parts(&self) -> (Vec<Code>, String) {
        let (mut code, mut prose, mut block) = (Vec::new(), String::new(), None::<Code>);
        for line in self.text.lines() {
            let fence = line.trim_start().strip_prefix("```");
            match (&mut block, fence) {
                (None, Some(language)) => {
                    block = Some(Code { language: Some(language.trim().to_owned()), text: String::new() });
                }
                (Some(_), Some(_)) => code.extend(block.take()),
                (Some(open), None) => open.text += &format!("{line}\n"),
                (None, None) => prose += &format!("{line}\n"),
            }
        }
        assert!(block.is_none(), "{}: a block of code is not closed", self.path);
        let span = Regex::new("`([^`\n]+)`").expect("a pattern");
        code.extend(span.captures_iter(&prose).map(|found| Code { language: None, text: found[1].to_owned() }));
        (code, prose)
    }

    /// The names that links may give to its headings, as GitHub makes them.
    fn anchors(&self) -> BTreeSet<String> {
        let (_, prose) = self.parts();
        let headings =
            prose.lines().filter(|line| line.starts_with('#')).map(|line| line.trim_start_matches('#').trim());
        headings.map(anchor).collect()
    }
}

fn anchor(heading: &str) -> String {
    let lower = heading.to_lowercase();
    let kept = lower.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.collect::<String>().replace(' ', "-")
}

/// Where a link of a page leads, as a path from the repository.
fn target(page: &str, link: &str) -> String {
    let mut path = Path::new(page).parent().map(PathBuf::from).unwrap_or_default();
    for part in Path::new(link).components() {
        if part == Component::ParentDir {
            path.pop();
        } else {
            path.push(part);
        }
    }
    path.to_string_lossy().replace('\\', "/")
}

/// Why a link of a page leads nowhere, if it does.
fn broken(page: &Page, link: &str) -> Option<String> {
    let (path, heading) = link.split_once('#').unwrap_or((link, ""));
    let path = if path.is_empty() { page.path.clone() } else { target(&page.path, path) };
    if !Path::new(REPOSITORY).join(&path).exists() {
        return Some(format!("{}: `{link}` leads to `{path}`, which is not there", page.path));
    }
    let known = heading.is_empty() || !path.ends_with(".md") || self::page(&path).anchors().contains(heading);
    (!known).then(|| format!("{}: `{path}` has no heading `#{heading}`", page.path))
}

#[test]
fn links_lead_somewhere() {
    let link = Regex::new(r"\]\(([^)\s]+)\)").expect("a pattern");
    let mut faults = Vec::new();
    for page in pages().into_iter().chain([page("CHANGELOG.md")]) {
        let (_, prose) = page.parts();
        let links = link.captures_iter(&prose).map(|found| found[1].to_owned());
        faults.extend(links.filter(|link| !link.contains("://")).filter_map(|link| broken(&page, &link)));
    }
    conclude(&faults);
}

#[test]
fn files_that_pages_name_are_there() {
    let mut faults = Vec::new();
    for page in pages() {
        for code in page.parts().0.into_iter().filter(|code| code.language.is_none()) {
            let name = code.text.trim_end_matches('/');
            let named = NAMED.iter().any(|folder| name.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/')));
            let pattern = name.contains(|c: char| c.is_whitespace() || "<>*{}".contains(c));
            if named && !pattern && !Path::new(REPOSITORY).join(name).exists() {
                faults.push(format!("{}: there is no `{name}`", page.path));
            }
        }
    }
    conclude(&faults);
}

/// What comments cite of `docs/`, with the heading where one is named.
#[test]
fn pages_that_comments_cite_are_there() {
    let cited = Regex::new(r"docs/[a-z]+\.md(#[a-z0-9-]+)?").expect("a pattern");
    let source = Path::new(REPOSITORY).join("src");
    // A comment names a page from the repository, as a page at its top does.
    let top = Page { path: String::new(), text: String::new() };
    let (mut faults, mut found) = (Vec::new(), 0);
    for path in files(&source).into_iter().filter(|path| path.ends_with(".rs")) {
        let text = fs::read_to_string(source.join(&path)).expect("a source file");
        for link in cited.find_iter(&text) {
            found += 1;
            faults.extend(broken(&top, link.as_str()).map(|why| format!("src/{path}{why}")));
        }
    }
    assert!(found > 10, "the citations are found");
    conclude(&faults);
}

/// The help of the program, or of one of its commands.
fn help(command: &[&str]) -> String {
    Run::of(Command::new(env!("CARGO_BIN_EXE_tipbrief")).args(command).arg("--help")).stdout
}

/// The recipes of the justfile.
fn recipes() -> BTreeSet<String> {
    let text = fs::read_to_string(Path::new(REPOSITORY).join("justfile")).expect("the justfile");
    let recipe = Regex::new(r"(?m)^([a-z][a-z-]*)( [^\n]*)?:( [^\n=]*)?$").expect("a pattern");
    recipe.captures_iter(&text).map(|found| found[1].to_owned()).collect()
}

/// The commands that a piece of code runs: the program, its command, and the options after it.
fn commands(code: &Code) -> Vec<(String, String, Vec<String>)> {
    let shell = code.language.as_deref().is_none_or(|language| matches!(language, "sh" | "text"));
    let command = Regex::new(r"(?:^|[\s;&|$]\s*)(just|tipbrief) ([a-z][a-z-]*)([^;&|#]*)").expect("a pattern");
    let option = Regex::new(r"--[a-z][a-z-]*").expect("a pattern");
    let lines = code.text.lines().filter(|_| shell);
    let found =
        lines.flat_map(|line| command.captures_iter(line).map(|found| [1, 2, 3].map(|at| found[at].to_owned())));
    found
        .map(|[program, name, rest]| {
            // What follows ` -- ` is another program's.
            let own = rest.split(" -- ").next().unwrap_or_default();
            let options = option.find_iter(own).map(|found| found.as_str().to_owned()).collect();
            (program, name, options)
        })
        .collect()
}

#[test]
fn commands_and_options_that_pages_name_exist() {
    let (general, recipes) = (help(&[]), recipes());
    let known = |name: &str| general.lines().any(|line| line.trim_start().split(' ').next() == Some(name));
    assert!(
        known("build") && recipes.contains("gallery") && !recipes.contains("typst"),
        "commands and recipes are found"
    );
    let (mut faults, mut seen, mut helps) = (Vec::new(), 0, BTreeMap::new());
    for page in pages() {
        for code in page.parts().0 {
            for (program, name, options) in commands(&code) {
                seen += 1;
                if !(if program == "just" { recipes.contains(&name) } else { known(&name) }) {
                    faults.push(format!("{}: there is no `{program} {name}`", page.path));
                } else if known(&name) {
                    let help = helps.entry(name.clone()).or_insert_with(|| help(&[&name]));
                    let strange = options.iter().filter(|option| !help.contains(option.as_str()));
                    faults.extend(strange.map(|option| format!("{}: `{name}` has no `{option}`", page.path)));
                }
            }
        }
    }
    assert!(seen > 40, "commands are found in the pages");
    conclude(&faults);
}

#[test]
fn functions_of_prose_that_pages_name_exist() {
    let text = fs::read_to_string(Path::new(REPOSITORY).join("templates/prose.typ")).expect("the functions");
    let called = Regex::new(r"#([a-z]+)[(\[]").expect("a pattern");
    let mut faults = Vec::new();
    for page in pages() {
        for code in page.parts().0.into_iter().filter(|code| code.language.as_deref().is_none_or(|l| l == "typst")) {
            let names = called.captures_iter(&code.text).map(|found| found[1].to_owned());
            let strange = names.filter(|name| !text.contains(&format!("#let {name}(")));
            faults.extend(strange.map(|name| format!("{}: there is no function `#{name}`", page.path)));
        }
    }
    conclude(&faults);
}

/// Who follows the walk-throughs opens one file after the other.
#[test]
fn the_files_of_the_walk_throughs_are_there() {
    let text = page("CONTRIBUTING.md").text;
    let named = Regex::new(r"`([\w.-]+(?:/[\w.-]+)+/?)`").expect("a pattern");
    let sections =
        text.split("\n## ").filter(|section| section.lines().next().is_some_and(|title| title.contains("from start")));
    let mut missing = Vec::new();
    for (section, least) in sections.zip([6, 18, 8]) {
        let paths: Vec<&str> =
            named.captures_iter(section).filter_map(|found| found.get(1)).map(|path| path.as_str()).collect();
        assert!(paths.len() >= least, "the paths are found: {paths:?}");
        let gone = paths.into_iter().filter(|path| !Path::new(REPOSITORY).join(path).exists());
        missing.extend(gone.map(|path| format!("CONTRIBUTING.md: there is no `{path}`")));
    }
    conclude(&missing);
}

/// A block of code that names its file is that file of one small project, which is sound.
#[test]
fn the_examples_of_tables_are_sound() {
    let project = Project::minimal();
    let mut written = 0;
    for code in page("docs/data.md").parts().0 {
        let path = code.language.as_deref().and_then(|language| language.split_once(' ')).map(|(_, path)| path);
        if let Some(path) = path {
            project.write(path, &code.text);
            written += 1;
        }
    }
    assert!(written > 8, "the examples are found");
    let run = project.run(&["check", "--format", "short"]);
    assert_eq!((run.code, run.stdout.as_str(), run.stderr.as_str()), (0, "", ""));
}

/// The columns and the codes of a schema, and what stands for its missing values.
fn words_of(schema: &Value) -> BTreeSet<String> {
    let fields = schema["fields"].as_array().expect("fields");
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let mut words = BTreeSet::new();
    for field in fields {
        words.insert(text(&field["name"]));
        words.extend(list(&field["constraints"]["enum"]).iter().map(text));
        words.extend(list(&field["missingValues"]).iter().map(|missing| text(&missing["value"])));
    }
    words
}

#[test]
fn the_page_of_tables_names_every_column_and_code() {
    let page = page("docs/data.md");
    let named: BTreeSet<String> = page.parts().0.into_iter().map(|code| code.text).collect();
    let headers: String =
        page.parts().0.iter().filter_map(|code| code.text.lines().next().map(|l| format!(",{l},"))).collect();
    let folder = Path::new(REPOSITORY).join("data/schemas");
    let mut faults = Vec::new();
    for path in files(&folder) {
        let schema = fs::read_to_string(folder.join(&path)).expect("a schema");
        let words = words_of(&serde_json::from_str(&schema).expect("JSON"));
        assert!(words.len() > 5, "{path} has columns");
        let lacking = words.iter().filter(|word| !named.contains(*word) && !headers.contains(&format!(",{word},")));
        faults.extend(lacking.map(|word| format!("docs/data.md: `{word}` of {path} is not named")));
    }
    conclude(&faults);
}
