//! A language that nobody speaks: every text of the product with accents, and longer by two fifths. What holds for it holds for
//! the next language.

use std::fs;
use std::path::Path;

use tipbrief::diagnostic::Diagnostics;
use tipbrief::project::Project as Declared;
use typst_syntax::{SyntaxKind, SyntaxNode};

use crate::project::{Project, files};

/// Its code, of those that ISO 639 leaves to private use.
pub const CODE: &str = "qps";

/// How long its texts are, in letters of the originals: so many for so many.
const LONGER: (usize, usize) = (7, 5);

/// The series with this language beside English. What is added is one catalogue and narratives, and its code where the
/// languages are named.
pub fn series() -> Project {
    let project = Project::series();
    let report = project.read("data/report.toml");
    let languages = report.lines().find(|line| line.starts_with("languages")).expect("languages are named").to_owned();
    project.replace("data/report.toml", &languages, &format!("languages = [\"en\", \"{CODE}\"]"));
    // The catalogue is made of what another language would have to translate.
    project.write(&format!("data/text/{CODE}.toml"), &head());
    let mut diagnostics = Diagnostics::default();
    let declared = Declared::read(project.root(), &mut diagnostics).expect("the declarations can be read");
    let texts = declared.to_translate().into_iter().map(|(key, text)| entry(&key, &text));
    let catalogue = format!("{}{}{}", head(), texts.collect::<String>(), events(&project));
    project.write(&format!("data/text/{CODE}.toml"), &catalogue);
    narratives(&project);
    project
}

fn head() -> String {
    "region = \"gb\"\nlocale = \"en-GB\"\n".to_owned()
}

fn entry(key: &[String], text: &str) -> String {
    let key: Vec<String> = key.iter().map(|part| quoted(part)).collect();
    format!("{} = {}\n", key.join("."), quoted(&longer(text)))
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// What happened, of every country.
fn events(project: &Project) -> String {
    let mut entries = String::new();
    for country in fs::read_dir(project.path("data/countries")).expect("there are countries").flatten() {
        let Ok(mut table) = csv::Reader::from_path(country.path().join("events.csv")) else { continue };
        let code = country.file_name().to_string_lossy().into_owned();
        let labels = table.headers().expect("a table has labels").clone();
        let at = |label: &str| labels.iter().position(|known| known == label).expect("the label is there");
        let mut seen = std::collections::BTreeSet::new();
        for row in table.records().map(|row| row.expect("a row")) {
            if seen.insert(row[at("id")].to_owned()) {
                let key = ["events", &code, &row[at("id")]].map(str::to_owned);
                entries.push_str(&entry(&key, &row[at("text")]));
            }
        }
    }
    entries
}

/// Every narrative's twin.
fn narratives(project: &Project) {
    for country in fs::read_dir(project.path("data/countries")).expect("there are countries").flatten() {
        let (from, to) = (country.path().join("narrative/en"), country.path().join("narrative").join(CODE));
        fs::create_dir_all(&to).expect("the folder can be made");
        for file in files(&from) {
            let prose = fs::read_to_string(from.join(&file)).expect("a narrative");
            fs::write(to.join(&file), narrative(&prose)).expect("the twin can be written");
        }
    }
}

/// A narrative of which only the plain text is longer.
fn narrative(prose: &str) -> String {
    let mut out = String::new();
    walk(&typst_syntax::parse(prose), false, &mut out);
    out
}

fn walk(node: &SyntaxNode, literal: bool, out: &mut String) {
    if node.children().len() == 0 {
        let text = node.leaf_text();
        out.push_str(&if node.kind() == SyntaxKind::Text && !literal { longer(text) } else { text.to_string() });
        return;
    }
    let callee = node.children().next().filter(|_| node.kind() == SyntaxKind::FuncCall);
    let literal = literal || callee.is_some_and(|callee| callee.leaf_text() == "lit");
    node.children().for_each(|child| walk(child, literal, out));
}

/// A text with accents, longer by two fifths: its vowels are doubled, and where that is not enough its words drawn out.
/// Placeholders and numbers stay as they are.
pub fn longer(text: &str) -> String {
    let due = (letters(text) * LONGER.0).div_ceil(LONGER.1);
    let mut left = due - letters(text);
    let mut out = String::new();
    let mut placeholder = false;
    for letter in text.chars() {
        placeholder = letter == '{' || placeholder && letter != '}';
        let vowel = "aeiouyAEIOUY".contains(letter) && !placeholder;
        out.push(if vowel { accented(letter) } else { letter });
        if vowel && left > 0 {
            out.push(accented(letter.to_ascii_lowercase()));
            left -= 1;
        }
    }
    // What has letters at all is drawn out at its last one.
    let last = out.char_indices().rev().find(|(at, c)| c.is_alphabetic() && !in_placeholder(&out, *at));
    if let Some((at, letter)) = last {
        out.insert_str(at + letter.len_utf8(), &"é".repeat(left));
    }
    out
}

fn letters(text: &str) -> usize {
    let mut placeholder = false;
    let counted = text.chars().filter(|letter| {
        placeholder = *letter == '{' || placeholder && *letter != '}';
        letter.is_alphabetic() && !placeholder
    });
    counted.count()
}

fn in_placeholder(text: &str, at: usize) -> bool {
    text[..at].rfind('{').is_some_and(|open| !text[open..at].contains('}'))
}

fn accented(vowel: char) -> char {
    match vowel {
        'a' => 'á',
        'e' => 'é',
        'i' => 'í',
        'o' => 'ö',
        'u' => 'ü',
        'y' => 'ý',
        'A' => 'Á',
        'E' => 'É',
        'I' => 'Í',
        'O' => 'Ö',
        'U' => 'Ü',
        other => other,
    }
}

/// Every path below a folder, for what must not change.
pub fn listed(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let read = |path: String| (path.clone(), fs::read(folder.join(&path)).expect("a file"));
    files(folder).into_iter().map(read).collect()
}

#[test]
fn texts_are_longer_by_two_fifths() {
    for text in ["Persons arrested", "{from} to {to}", "Tier 2 Watch List", "rhythm", "or"] {
        let longer = longer(text);
        assert!(letters(&longer) * LONGER.1 >= letters(text) * LONGER.0, "{text}: {longer}");
    }
    assert_eq!(longer("{value} in 12"), "{value} íín 12");
    assert_eq!(longer("; "), "; ");
    assert_eq!(narrative("#n(\"a\", year: 2007) is #lit[Act 5]."), "#n(\"a\", year: 2007) íís #lit[Act 5].");
}
