//! Finds numbers written as words before a counted noun, which are bound to no figure. The catalogue of the language lists the
//! number words and the nouns.

use std::ops::Range;

use crate::project::text::Text;

/// At most this many words are between the number and the noun: "five young Lao women".
const BETWEEN: usize = 2;

/// Searches a text that comes in pieces.
#[derive(Default)]
pub(super) struct Counting {
    number: Option<(Range<usize>, String, usize)>,
}

impl Counting {
    /// Something other than text follows: a number word before it no longer counts.
    pub(super) fn interrupt(&mut self) {
        self.number = None;
    }

    /// The number words of a piece of text that starts at a byte offset, each with the noun it counts.
    pub(super) fn read(&mut self, text: &str, offset: usize, language: &Text) -> Vec<(Range<usize>, String, String)> {
        let mut found = Vec::new();
        for (start, word) in words(text) {
            let lower = word.to_lowercase();
            if let Some((range, number, _)) = self.number.take_if(|_| language.is_counted(&lower)) {
                found.push((range, number, word.to_owned()));
            } else if language.is_number_word(&lower) {
                self.number = Some((offset + start..offset + start + word.len(), word.to_owned(), BETWEEN));
            } else if let Some((.., left)) = &mut self.number {
                *left = left.saturating_sub(1);
                self.number.take_if(|(.., left)| *left == 0);
            }
            let rest = text.get(start + word.len()..).unwrap_or_default();
            if rest.starts_with(['.', ',', ';', ':', '!', '?', '(', ')', '—', '–']) {
                self.number = None;
            }
        }
        found
    }
}

/// The words of a text with the bytes they start at; a hyphen joins.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let inner = |c: char| c.is_alphabetic() || c == '-' || c == '’' || c == '\'';
    text.split(move |c| !inner(c)).filter(|word| !word.is_empty()).map(move |word| {
        // Both are parts of one allocation.
        (word.as_ptr().addr() - text.as_ptr().addr(), word)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    use crate::project::text::anything::{anything, hold};

    #[test]
    fn words_of_any_text_stand_where_they_are_said_to() {
        hold(2000, anything(), |text| {
            for (start, word) in words(&text) {
                prop_assert!(text.get(start..).is_some_and(|rest| rest.starts_with(word)), "{word:?} at {start}");
            }
            Ok(())
        });
    }
}
