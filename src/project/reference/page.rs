//! The page docs/reference.md: every key of every file.

use super::File;
use crate::diagnostic::Code;
use crate::project::declaration::keys::{Holds, Key, Keys, Need, Text, Without};

const HEAD: &str = "# Every key

This page is made by the program of what its readers know, and a test holds it to them: it is complete, and it is not written by hand. What
the keys are good for is told in [the declarations](declarations.md), [tables](data.md#countrytoml), [delivered files](import.md),
[donors](delivery.md) and [protection](disclosure.md#the-settings).

The same descriptions are schemas for editors: [completion while you write](series.md#an-editor-that-knows-the-keys).
";

/// The page as Markdown.
#[must_use]
pub fn page() -> String {
    let mut page = HEAD.to_owned();
    for file in File::ALL {
        let keys = file.keys();
        page += &format!("\n## {}\n\n{}\n", code(keys.head), keys.says);
        page += &listed(*file, keys);
        for inside in inside(keys) {
            page += &format!("\n### {}\n\n{}\n", titled(*file, inside), inside.says);
            page += &listed(*file, inside);
        }
    }
    page + &codes()
}

/// The tables inside one, each once, in the order in which its keys name them.
fn inside(keys: &'static Keys) -> Vec<&'static Keys> {
    let mut found: Vec<&'static Keys> = Vec::new();
    gather(keys, &mut found);
    found
}

fn gather(keys: &'static Keys, found: &mut Vec<&'static Keys>) {
    for key in keys.named().chain(keys.further) {
        for table in key.holds.tables() {
            if !found.iter().any(|known| std::ptr::eq(*known, table)) {
                found.push(table);
                gather(table, found);
            }
        }
    }
}

/// The heading of a table, which no other table has.
fn titled(file: File, keys: &Keys) -> String {
    let head = if keys.head.starts_with('[') { code(keys.head) } else { capital(keys.head) };
    let within = match file {
        File::Report => "report.toml",
        File::Country => "country.toml",
        File::Section => "section.toml",
        File::Indicator => "an indicator",
        File::Catalogue => "a language",
        File::Mapping => "a mapping",
        File::Corrections => "corrections.toml",
    };
    format!("{head} in {within}")
}

fn listed(file: File, keys: &'static Keys) -> String {
    let mut text = String::new();
    if !keys.one_of.is_empty() {
        let names: Vec<String> = keys.one_of.iter().map(|name| code(name)).collect();
        text += &format!("\nExactly one of these is written: {}.\n", names.join(", "));
    }
    text += "\n| key | holds | if it is not written |\n|---|---|---|\n";
    for key in keys.keys.iter().chain(keys.further) {
        text += &format!("| {} | {} | {} |\n", code(key.name), told(file, key), absent(key));
    }
    if let Some(also) = keys.also {
        text += &format!("\nEvery key of {} may stand here, too.\n", linked(file, also));
    }
    text
}

/// What a key is for, what it holds, and an example.
fn told(file: File, key: &Key) -> String {
    let example = match key.example {
        "" => String::new(),
        example => format!(" {}", code(&format!("{} = {example}", key.name))),
    };
    cell(&format!("{} {}.{example}", key.says, capital(&holds(file, key.holds))))
}

fn absent(key: &Key) -> String {
    let words = match (key.need, key.without) {
        (Need::Must, _) => "it must be written".to_owned(),
        (Need::Unless(so), _) => format!("an error, unless {so}"),
        (Need::May, Without::Nothing) => String::new(),
        (Need::May, Without::Number(number)) => code(&number.to_string()),
        (Need::May, Without::Text(text)) => code(&format!("\"{text}\"")),
        (Need::May, Without::Words(words)) => words.to_owned(),
    };
    cell(&words)
}

fn holds(file: File, holds: Holds) -> String {
    match holds {
        Holds::Text(text) => format!("a string{}", among(text)),
        Holds::Texts(text) | Holds::SomeTexts(text) => format!("a list of strings, or one string{}", among(text)),
        Holds::Integer(None, None) => "a whole number".to_owned(),
        Holds::Integer(Some(least), None) => format!("a whole number, at least {least}"),
        Holds::Integer(None, Some(most)) => format!("a whole number, at most {most}"),
        Holds::Integer(Some(least), Some(most)) => format!("a whole number from {least} to {most}"),
        Holds::Switch => "`true` or `false`".to_owned(),
        Holds::Scalar => "a string, a number or a boolean".to_owned(),
        Holds::Scalars => "a string, a number or a boolean, or a list of them".to_owned(),
        Holds::Day => "a day".to_owned(),
        Holds::Table(keys) => format!("a table, {}", linked(file, keys)),
        Holds::Tables(keys) => format!("any number of tables {}", linked(file, keys)),
        Holds::Nested => "a table of strings, nested as deep as it needs".to_owned(),
        Holds::Items(keys) => format!("a list of strings, or of tables {} in place of some", linked(file, keys)),
        Holds::Either(several) => {
            several.iter().map(|holds| self::holds(file, *holds)).collect::<Vec<_>>().join(", or ")
        }
    }
}

fn among(text: Text) -> String {
    let choices = |choices: &[(&str, &str)]| {
        let one = |(name, says): &(&str, &str)| format!("{} ({})", code(name), says.trim_end_matches('.'));
        format!(": {}", choices.iter().map(one).collect::<Vec<_>>().join(", "))
    };
    match text {
        Text::Any | Text::Like(_) => String::new(),
        Text::OneOf(listed) => choices(listed),
        Text::Among(listed) => choices(&listed()),
    }
}

/// A link to the heading of a table.
fn linked(file: File, keys: &Keys) -> String {
    let kept = |c: &char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_');
    let anchor: String = titled(file, keys).to_lowercase().chars().filter(kept).collect();
    let shown = if keys.head.starts_with('[') { code(keys.head) } else { keys.head.to_owned() };
    format!("[{shown}](#{})", anchor.replace(' ', "-"))
}

/// The codes of findings, with what each means.
fn codes() -> String {
    let mut text = "\n## Codes of findings\n\nEach finding has a code, which stays the same when its words change. A finding is an error unless its \
                    line says that it is a warning or a note.\n\n| code | means |\n|---|---|\n"
        .to_owned();
    for finding in Code::ALL {
        text += &format!("| {} | {} |\n", code(finding.name()), cell(finding.description()));
    }
    text
}

fn code(text: &str) -> String {
    format!("`{}`", text.replace('\t', "\\t"))
}

/// A bar would end the cell of a table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
