//! Whether the lines of the approvals are as they were written: each holds its own checksum and that of the line before it, so
//! one that was edited, deleted, inserted or moved is named.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::entry::{BEGINNING, Line};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Source, Span};

/// The lines that were read, each with its place in the file, from 1.
pub(super) type Lines = Vec<(usize, Line)>;

/// Reads the lines, and how many bytes of the file are whole. An incomplete last line, as a power cut leaves it, counts as not
/// written, and is a warning; every other line that is not as it was written is an error.
pub(super) fn read(source: &Arc<Source>, issue: &str, diagnostics: &mut Diagnostics) -> (Lines, usize) {
    let (mut lines, mut whole, mut broken) = (Lines::new(), 0, false);
    for (at, bytes) in source.bytes.split_inclusive(|byte| *byte == b'\n').enumerate() {
        match line(bytes) {
            Ok(line) => lines.push((at + 1, line)),
            Err(_) if !bytes.ends_with(b"\n") => {
                let message = "this line is incomplete, so nobody was told of it; it counts as not written";
                let warning = Diagnostic::warning(Code::BrokenChain, place(source, at + 1), message);
                diagnostics.push(warning.hint("approve again: the next approval takes its place"));
                break;
            }
            Err(why) => {
                let fault = Diagnostic::error(Code::BrokenChain, place(source, at + 1), why);
                diagnostics.push(fault.hint(RESTORE));
                broken = true;
            }
        }
        whole += bytes.len();
    }
    if !broken {
        linked(source, issue, &lines, diagnostics);
    }
    (lines, whole)
}

const RESTORE: &str = "restore the file as it was; only `tipbrief approve` writes to it, and it only adds lines";

/// A line, if it is as it was written.
fn line(bytes: &[u8]) -> Result<Line, String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "this line is not UTF-8".to_owned())?;
    let text = text.trim_end_matches(['\n', '\r']);
    let line: Line = serde_json::from_str(text).map_err(|error| format!("this line cannot be read: {error}"))?;
    let same = serde_json::to_string(&line).is_ok_and(|written| written == text);
    if same && line.is_whole() { Ok(line) } else { Err("this line is not as it was written".to_owned()) }
}

/// Reports lines that do not follow one another.
fn linked(source: &Arc<Source>, issue: &str, lines: &Lines, diagnostics: &mut Diagnostics) {
    let sums: BTreeMap<usize, &str> = lines.iter().map(|(_, line)| (line.entry.number, line.sha256.as_str())).collect();
    let mut before = 0;
    for (at, line) in lines {
        let (number, previous) = (line.entry.number, line.entry.previous.as_str());
        let known = if number <= 1 { Some(BEGINNING) } else { sums.get(&(number - 1)).copied() };
        let fault = if line.entry.issue != issue {
            Some((format!("this line is about the issue `{}`, not `{issue}`", line.entry.issue), RESTORE))
        } else if number <= before {
            Some((format!("this line was written as number {number}, and stands after number {before}"), MOVED))
        } else if known.is_none() {
            let message = format!("this line was written as number {number}, and number {} is missing", number - 1);
            Some((message, RESTORE))
        } else if known.is_some_and(|known| known != previous) {
            Some(("this line was written after another line than the one before it".to_owned(), MOVED))
        } else {
            None
        };
        if let Some((message, hint)) = fault {
            diagnostics.push(Diagnostic::error(Code::BrokenChain, place(source, *at), message).hint(hint));
        }
        before = number.max(before);
    }
}

const MOVED: &str = "restore the file as it was; if two machines or two branches approved at once, keep the lines that were first and approve again after them";

/// The start of a line.
pub(super) fn place(source: &Arc<Source>, line: usize) -> Span {
    Span::of_row(source, line).unwrap_or_else(|| Span::start_of(source))
}

#[cfg(test)]
mod tests {
    use super::super::entry::{Act, Entry};
    use super::*;

    fn three() -> Vec<String> {
        let mut previous = BEGINNING.to_owned();
        let mut lines = Vec::new();
        for number in 1..=3 {
            let entry = Entry {
                number,
                previous,
                time: "2026-11-30T10:00:00Z".to_owned(),
                tipbrief: "0.2.0".to_owned(),
                issue: "2025".to_owned(),
                act: Act::Approved,
                by: format!("Person {number}"),
                country: "XXA".to_owned(),
                documents: Vec::new(),
                inputs: None,
                kept: None,
            };
            let line = Line::new(entry, None).expect("a line");
            previous = line.sha256.clone();
            lines.push(serde_json::to_string(&line).expect("JSON") + "\n");
        }
        lines
    }

    fn faults(text: &str) -> Vec<(usize, String)> {
        let (source, mut found) = (Arc::new(Source::new("a.jsonl", text.as_bytes().to_vec())), Diagnostics::default());
        read(&source, "2025", &mut found);
        found.sorted().iter().map(|fault| (fault.span.position().0, fault.message.to_string())).collect()
    }

    #[test]
    fn lines_as_they_were_written_are_sound() {
        let lines = three().concat();
        assert_eq!(faults(&lines), []);
        assert_eq!(faults(&lines.replace('\n', "\r\n")), [], "Git may have changed the line ends");
        assert_eq!(faults(lines.trim_end()), [], "an editor may have left the last one without its end");
    }

    #[test]
    fn each_kind_of_tampering_is_named_at_one_line() {
        let [one, two, three] = three().try_into().expect("three lines");
        let forged = two.replace("Person 2", "Person 9");
        let mut line: Line = serde_json::from_str(&forged).expect("a line");
        line = Line::new(line.entry, None).expect("a line");
        let reckoned = serde_json::to_string(&line).expect("JSON") + "\n";
        for (what, text, at, said) in [
            ("edited", [&one, &forged, &three], 2, "this line is not as it was written"),
            ("edited with its own checksum", [&one, &reckoned, &three], 3, "this line was written after another line"),
            ("deleted", [&one, &String::new(), &three], 2, "number 3, and number 2 is missing"),
            ("the first deleted", [&String::new(), &two, &three], 1, "number 2, and number 1 is missing"),
            ("moved", [&two, &one, &three], 2, "number 1, and stands after number 2"),
            ("doubled", [&one, &one, &two], 2, "number 1, and stands after number 1"),
            ("spaced", [&one, &two.replace("\":", "\": "), &three], 2, "this line is not as it was written"),
            ("emptied", [&one, &"\n".to_owned(), &three], 2, "this line cannot be read"),
        ] {
            let found = faults(&text.map(String::as_str).concat());
            assert_eq!(found.len(), 1, "{what}: {found:?}");
            assert!(found[0].0 == at && found[0].1.contains(said), "{what}: {found:?}");
        }
    }

    #[test]
    fn only_a_last_line_without_end_may_be_incomplete() {
        let [one, two, _] = three().try_into().expect("three lines");
        for cut in 1..two.len() - 1 {
            let text = format!("{one}{}", two.get(..cut).expect("ASCII"));
            let (source, mut found) = (Arc::new(Source::new("a.jsonl", text.into_bytes())), Diagnostics::default());
            let (lines, whole) = read(&source, "2025", &mut found);
            assert!(!found.failed() && found.warned(), "cut at {cut}: a warning");
            assert_eq!((lines.len(), whole), (1, one.len()), "cut at {cut}");
        }
        assert_eq!(faults(&format!("{one}\0\0\0\n")).len(), 1, "a whole line is no incomplete one");
    }
}
