//! What stands on one page of a document: every number in reading order, as text for people and as JSON.

use std::fmt::Write;

use anyhow::Result;
use serde_json::json;

use super::places::meaning;
use crate::document::trace::Numeral;

/// The numbers of a page.
pub struct PageAnswer {
    /// The path of the document.
    pub document: String,
    /// Which page.
    pub page: usize,
    /// How many it has.
    pub pages: usize,
    /// Its numbers, in reading order.
    pub numerals: Vec<Numeral>,
}

/// At most so many letters of a line are shown.
const SHOWN: usize = 70;

impl PageAnswer {
    /// A line for each number: what it is, and where it stands.
    #[must_use]
    pub fn words(&self) -> String {
        let mut out = format!("page {} of {} in {}\n", self.page, self.pages, self.document);
        let width = self.numerals.iter().map(|numeral| numeral.text.chars().count()).max().unwrap_or_default();
        for numeral in &self.numerals {
            // Writing to a string cannot fail.
            let _ = writeln!(out, "  {:width$}  {}  in “{}”", numeral.text, what(numeral), around(numeral));
        }
        if self.numerals.is_empty() {
            out.push_str("  no number\n");
        }
        out
    }

    /// The same as JSON, with a last line break.
    ///
    /// # Errors
    /// If it cannot be serialised, which does not happen.
    pub fn json(&self) -> Result<String> {
        let number = |numeral: &Numeral| {
            let kinds: Vec<&str> = numeral.kinds.iter().map(|kind| kind.name()).collect();
            json!({
                "number": numeral.text, "figures": numeral.figures, "kinds": kinds, "year": numeral.is_year,
                "line": numeral.line,
            })
        };
        let numbers: Vec<_> = self.numerals.iter().map(number).collect();
        let whole = json!({ "document": self.document, "page": self.page, "pages": self.pages, "numbers": numbers });
        Ok(format!("{}\n", serde_json::to_string_pretty(&whole)?))
    }
}

/// What a number is: the ids of its figures, or its kind.
#[must_use]
pub fn what(numeral: &Numeral) -> String {
    if !numeral.figures.is_empty() {
        return numeral.figures.iter().map(String::as_str).collect::<Vec<_>>().join(" or ");
    }
    let kinds: Vec<&str> = numeral.kinds.iter().map(|kind| meaning(kind.name())).collect();
    match kinds.as_slice() {
        _ if numeral.is_year => "a year".to_owned(),
        [] => "a part of a date".to_owned(),
        kinds => kinds.join(" or "),
    }
}

/// The line around a number, cut to its nearest letters.
fn around(numeral: &Numeral) -> String {
    let letters: Vec<char> = numeral.line.chars().collect();
    if letters.len() <= SHOWN {
        return numeral.line.clone();
    }
    let before = numeral.line.split(numeral.text.as_str()).next().map_or(0, |before| before.chars().count());
    let start = before.saturating_sub(SHOWN / 2).min(letters.len() - SHOWN);
    let shown: String = letters.iter().skip(start).take(SHOWN).collect();
    let (left, right) = (start > 0, start + SHOWN < letters.len());
    format!("{}{}{}", if left { "…" } else { "" }, shown.trim(), if right { "…" } else { "" })
}
