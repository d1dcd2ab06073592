//! The lines of a narrative as a translator reads them: words, with each call as a numbered mark.

use std::ops::Range;

/// At most this many characters of a call are shown in its mark.
const SHOWN: usize = 60;

/// A line of prose that holds words of its own.
pub(crate) struct Line {
    /// Where it stands in the file, without the blanks around it.
    pub range: Range<usize>,
    /// Its text, each call a mark: `{1 persons_arrested, 2024}`.
    pub marked: String,
    /// Its text without calls.
    pub words: String,
    /// The calls, in the order of their marks.
    pub calls: Vec<String>,
}

/// The lines of a narrative that hold words.
pub(crate) fn lines(text: &str) -> Vec<Line> {
    let mut at = 0;
    let mut found = Vec::new();
    for line in text.split_inclusive('\n') {
        let trimmed = line.trim();
        let start = at + line.find(trimmed).unwrap_or_default();
        at += line.len();
        let read = read(trimmed, start..start + trimmed.len());
        if read.words.chars().any(char::is_alphabetic) {
            found.push(read);
        }
    }
    found
}

fn read(line: &str, range: Range<usize>) -> Line {
    let (mut marked, mut words, mut calls) = (String::new(), String::new(), Vec::new());
    let mut rest = line;
    while let Some(at) = call(rest) {
        let (text, from) = rest.split_at(at);
        let (called, after) = from.split_at(length(from));
        calls.push(called.to_owned());
        marked += text;
        marked += &format!("{{{} {}}}", calls.len(), label(called));
        words += text;
        words += " ";
        rest = after;
    }
    marked += rest;
    words += rest;
    Line { range, marked, words, calls }
}

/// Where the first call begins: at a `#` before a letter, or at the request of a list.
fn call(text: &str) -> Option<usize> {
    if text.starts_with("ask(") {
        return Some(0);
    }
    let begins = |at: &usize| text.as_bytes().get(at + 1).is_some_and(u8::is_ascii_alphabetic);
    text.match_indices('#').map(|(at, _)| at).find(begins)
}

/// How many bytes a call takes, with its arguments; the text in brackets is its own only for a literal.
fn length(text: &str) -> usize {
    let named = text.trim_start_matches('#');
    let name = named.find(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '-').unwrap_or(named.len());
    let (name, rest) = named.split_at(name);
    let end = text.len() - rest.len();
    if rest.starts_with('(') {
        return end + closed(rest, '(', ')');
    }
    if name == "lit" && rest.starts_with('[') {
        return end + closed(rest, '[', ']');
    }
    end
}

/// How many bytes it takes to close the bracket that a text begins with; the whole text if it is never closed.
fn closed(text: &str, open: char, close: char) -> usize {
    let (mut depth, mut quoted) = (0_usize, false);
    for (at, c) in text.char_indices() {
        match c {
            '"' if open == '(' => quoted = !quoted,
            _ if quoted => {}
            c if c == open => depth += 1,
            c if c == close => {
                depth -= 1;
                if depth == 0 {
                    return at + c.len_utf8();
                }
            }
            _ => {}
        }
    }
    text.len()
}

/// What a mark shows of a call: its arguments, or its name if it has none.
fn label(call: &str) -> String {
    let inside = call.split_once(['(', '[']).map_or("", |(_, inside)| inside.trim_end_matches([')', ']']));
    let shown = if inside.is_empty() { call.trim_start_matches('#') } else { inside };
    shown.chars().filter(|c| !"\"{}".contains(*c)).take(SHOWN).collect()
}

/// A text with marks, its marks replaced by the calls that they stand for. Each call must stand there once.
pub(crate) fn restored(text: &str, calls: &[String]) -> Result<String, String> {
    let (mut built, mut used, mut rest) = (String::new(), vec![0_usize; calls.len()], text);
    while let Some((before, from)) = rest.split_once('{') {
        let Some((mark, after)) = from.split_once('}') else { return Err("a mark `{…}` is not closed".to_owned()) };
        let number: String = mark.chars().take_while(char::is_ascii_digit).collect();
        let index = number.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
        let Some((index, call)) = index.and_then(|index| Some((index, calls.get(index)?))) else {
            return Err(format!("there is no mark `{{{mark}}}`"));
        };
        used[index] += 1;
        built += before;
        built += call;
        rest = after;
    }
    built += rest;
    match used.iter().position(|count| *count != 1) {
        Some(index) => Err(format!("the mark {{{}}} must stand in the text once", index + 1)),
        None => Ok(built),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "#band[\n  In #lit[2024], #n(\"persons_arrested\", year: 2024) persons.#src(\"a(b\") Ends.\n]\n";

    #[test]
    fn calls_are_marks_and_come_back() {
        let lines = lines(TEXT);
        assert_eq!(lines.len(), 1);
        assert_eq!(lines[0].marked, "In {1 2024}, {2 persons_arrested, year: 2024} persons.{3 a(b} Ends.");
        let back = restored(&lines[0].marked, &lines[0].calls).expect("every mark is there");
        assert_eq!(Some(back.as_str()), TEXT.get(lines[0].range.clone()));
        let swapped = restored("{2} in {1}.{3}", &lines[0].calls).expect("marks may change places");
        assert!(swapped.starts_with("#n("), "{swapped}");
        assert!(restored("In {1}", &lines[0].calls).is_err() && restored("{9}", &lines[0].calls).is_err());
    }
}
