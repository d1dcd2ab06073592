//! Whether a figure is printed as somebody read it: “about 1,100”, “fewer than five”, “1 100 personnes”, in any language of the
//! project.

use crate::disclosure::protect::ReleasedCell;
use crate::document::outline::printed_value;
use crate::project::Project;
use crate::project::text::{Text, digit, folded};
use crate::value::{Qualifier, Value};

/// A number as it was read on paper.
pub(super) struct Read {
    text: String,
    digits: String,
    /// Whether it has no word, so that a word like “about” is no difference.
    is_bare: bool,
}

/// The greatest number that any language writes in words.
const IN_WORDS: i64 = 1_000;

impl Read {
    pub(super) fn new(text: &str) -> Self {
        Self { text: folded(text), digits: digits(text), is_bare: !text.contains(char::is_alphabetic) }
    }

    /// Whether a document in one of the languages prints the figure so, with or without its unit.
    pub(super) fn is_of(&self, project: &Project, cell: &ReleasedCell) -> bool {
        let readings: Vec<_> = cell.readings().into_iter().filter(|(value, _)| self.may_be(value)).collect();
        let bound = cell.below.filter(|_| cell.value.is_none());
        if readings.is_empty() && bound.is_none() {
            return false;
        }
        project.languages().any(|(text, translated)| {
            let unit = translated.indicator(&cell.indicator).map_or("", |indicator| indicator.unit.as_str());
            let is = |(value, how): &(&Value, Qualifier)| {
                let unit = text.unit(unit, value.count());
                let bare = || self.is(&text.value(value, Qualifier::Exact), "");
                forms(translated, text, cell, value, *how).iter().any(|form| self.is(form, unit))
                    || self.is_bare && bare()
            };
            readings.iter().any(is) || bound.is_some_and(|bound| self.is_below(text, bound))
        })
    }

    fn is(&self, form: &str, unit: &str) -> bool {
        self.text == folded(form) || !unit.is_empty() && self.text == folded(&format!("{form} {unit}"))
    }

    fn is_below(&self, text: &Text, bound: i64) -> bool {
        let in_digits = text.phrase("fewer_than", &[("value", &text.integer(bound))]);
        self.is(&text.fewer_than(bound), "") || self.is(&in_digits, "")
    }

    /// Whether it can be this value at all, which is quickly seen from the digits of both.
    fn may_be(&self, value: &Value) -> bool {
        let own = digits(&value.plain());
        if self.digits.is_empty() {
            return value.count().is_none_or(|count| count < IN_WORDS);
        }
        // “300 million”, and 6.50 that is printed as 6.5.
        own.starts_with(&self.digits)
    }
}

fn forms(project: &Project, text: &Text, cell: &ReleasedCell, value: &Value, how: Qualifier) -> [String; 3] {
    [printed_value(project, text, cell, value, how), text.value(value, how), text.in_words(value, how)]
}

/// The digits of a text as European ones.
fn digits(text: &str) -> String {
    text.chars().filter_map(|letter| if letter.is_ascii_digit() { Some(letter) } else { digit(letter) }).collect()
}
