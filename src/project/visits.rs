//! What was found at the addresses of sources when they were last opened: `data/links.jsonl`, a line for each address. Only
//! `tipbrief links` writes it; builds read it, so that no reader is led to an address that is gone.

use std::collections::BTreeMap;
use std::fmt::{Display, Formatter};
use std::ops::Range;

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

/// The file, from the root.
pub const VISITS: &str = "data/links.jsonl";

/// An address that did not answer for so many days is taken for gone: a server may be down for one.
const PATIENCE: Days = Days::new(14);

/// A day, written `2026-11-03`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Day(pub NaiveDate);

impl TryFrom<String> for Day {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse().map(Self).map_err(|_| format!("`{text}` is not a day such as `2026-11-03`"))
    }
}

impl From<Day> for String {
    fn from(day: Day) -> Self {
        day.to_string()
    }
}

impl Display for Day {
    fn fmt(&self, out: &mut Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(out)
    }
}

/// What an address answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// The document, at this address or at one that it leads to.
    There,
    /// That there is no such document (404 or 410).
    Gone,
    /// Something else, such as that machines may not read it: a person may still be let in.
    Refused,
    /// Nothing.
    Silent,
}

/// What was found at an address when it was last opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visit {
    /// The address, as the tables have it.
    pub url: String,
    /// The day on which it was opened.
    pub opened: Day,
    /// What it answered.
    pub answer: Answer,
    /// The status code; none where nothing answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// Where it led to in the end; none where it led nowhere else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moved_to: Option<String>,
    /// The checksum of the document; none where it was not read to its end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// Why nothing, or not all, was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// Since which day it was silent each time; none for any other answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub silent_since: Option<Day>,
}

impl Visit {
    /// Whether a reader would find nothing there.
    #[must_use]
    pub fn is_dead(&self) -> bool {
        let waited = |since: Day| since.0.checked_add_days(PATIENCE).is_some_and(|due| self.opened.0 >= due);
        match self.answer {
            Answer::Gone => true,
            Answer::Silent => self.silent_since.is_some_and(waited),
            Answer::There | Answer::Refused => false,
        }
    }

    /// The answer in words: the status, or why there was none.
    #[must_use]
    pub fn said(&self) -> String {
        let status = self.status.map(|status| status.to_string());
        status.or_else(|| self.why.clone()).unwrap_or_else(|| "no answer".to_owned())
    }
}

/// The latest visit of each address.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Visits(BTreeMap<String, Visit>);

impl Visits {
    /// Reads the lines of the file.
    ///
    /// # Errors
    /// Where the first line stands that cannot be read, and why.
    pub fn read(bytes: &[u8]) -> Result<Self, (Range<usize>, String)> {
        let (mut visits, mut at) = (Self::default(), 0);
        for line in bytes.split_inclusive(|byte| *byte == b'\n') {
            let text = line.trim_ascii_end();
            match serde_json::from_slice(text) {
                Ok(visit) => visits.note(visit),
                Err(_) if text.is_empty() => {}
                Err(error) => return Err((at..at + text.len(), error.to_string())),
            }
            at += line.len();
        }
        Ok(visits)
    }

    /// The file, by address.
    #[must_use]
    pub fn text(&self) -> String {
        let line = |visit: &Visit| serde_json::to_string(visit).map(|line| line + "\n").unwrap_or_default();
        self.0.values().map(line).collect()
    }

    /// Notes a visit in place of the one before.
    pub fn note(&mut self, visit: Visit) {
        self.0.insert(visit.url.clone(), visit);
    }

    /// The latest visit of an address; none where it was never opened.
    #[must_use]
    pub fn of(&self, url: &str) -> Option<&Visit> {
        self.0.get(url)
    }

    /// The latest visit of an address at which a reader would find nothing.
    #[must_use]
    pub fn dead(&self, url: &str) -> Option<&Visit> {
        self.of(url).filter(|visit| visit.is_dead())
    }

    /// Forgets the addresses that no source names any more.
    pub fn keep(&mut self, named: impl Fn(&str) -> bool) {
        self.0.retain(|url, _| named(url));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day(text.parse().expect("a day"))
    }

    fn visit(answer: Answer, opened: &str, silent_since: Option<&str>) -> Visit {
        let (url, status, silent_since) = ("https://example.org/a".to_owned(), None, silent_since.map(day));
        Visit { url, opened: day(opened), answer, status, moved_to: None, sha256: None, why: None, silent_since }
    }

    #[test]
    fn one_bad_day_of_a_server_is_no_death() {
        assert!(visit(Answer::Gone, "2026-11-03", None).is_dead());
        assert!(!visit(Answer::Refused, "2026-11-03", None).is_dead());
        assert!(!visit(Answer::Silent, "2026-11-03", Some("2026-11-03")).is_dead());
        assert!(!visit(Answer::Silent, "2026-11-16", Some("2026-11-03")).is_dead());
        assert!(visit(Answer::Silent, "2026-11-17", Some("2026-11-03")).is_dead());
    }

    #[test]
    fn what_is_written_is_read_again() {
        let mut visits = Visits::default();
        visits.note(visit(Answer::Silent, "2026-11-03", Some("2026-11-01")));
        visits.note(Visit {
            url: "https://example.org/b".to_owned(),
            status: Some(404),
            ..visit(Answer::Gone, "2026-11-03", None)
        });
        assert_eq!(Visits::read(visits.text().as_bytes()), Ok(visits.clone()));
        assert_eq!(Visits::read(visits.text().replace('\n', "\r\n").as_bytes()), Ok(visits));
        assert_eq!(Visits::read(b"\n{}\n").map_err(|(place, _)| place), Err(1..3));
    }
}
