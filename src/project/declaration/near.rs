//! The known word that a typing slip most likely meant: **strsim** lives here.

use strsim::osa_distance;

/// Longer words are not compared.
const LONGEST: usize = 200;
/// In words of fewer letters, every letter matters.
const SHORT: usize = 4;

/// The candidate that a misspelt word most likely meant: at most about a quarter of the letters differ. In words of three
/// letters or fewer, one different letter makes a different word.
pub fn nearest<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let length = word.chars().count();
    // A word of this length is no misspelling of ours.
    if length > LONGEST {
        return None;
    }
    let allowed = (length + 2) / 4;
    let allowed = allowed.max(1);
    candidates
        .into_iter()
        .filter(|candidate| candidate.chars().count().abs_diff(length) <= allowed)
        // Of equally near candidates, one with swapped letters comes first, then one of which only the end is missing.
        .map(|candidate| {
            (osa_distance(word, candidate), !same_letters(word, candidate), !candidate.starts_with(word), candidate)
        })
        .filter(|(distance, swapped, _, candidate)| {
            let short = length < SHORT && candidate.chars().count() == length;
            let same = !swapped || candidate.eq_ignore_ascii_case(word);
            *distance <= allowed && (!short || same)
        })
        .min()
        .map(|(.., candidate)| candidate)
}

fn same_letters(a: &str, b: &str) -> bool {
    let sorted = |word: &str| {
        let mut letters: Vec<char> = word.chars().collect();
        letters.sort_unstable();
        letters
    };
    sorted(a) == sorted(b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_finds_its_word() {
        assert_eq!(nearest("mesure", ["measure", "unit"]), Some("measure"));
        assert_eq!(nearest("2Wl", ["1", "2", "2WL", "3"]), Some("2WL"));
        assert_eq!(nearest("2W", ["1", "2", "2WL", "3"]), Some("2WL"));
        assert_eq!(nearest("titel", ["title", "unit"]), Some("title"));
        assert_eq!(nearest("MRM", ["ARM", "MMR", "MRT"]), Some("MMR"));
        assert_eq!(nearest("UNK", ["DNK", "UKR"]), None);
        assert_eq!(nearest("ROM", ["COM", "ROU"]), None);
        assert_eq!(nearest("eng", ["fr", "en"]), Some("en"));
        assert_eq!(nearest("colour", ["measure", "unit"]), None);
    }

    #[test]
    fn any_text_may_be_a_slip() {
        use crate::project::text::anything::{anything, hold};
        hold(1000, (anything(), anything()), |(word, other)| {
            let itself = nearest(&word, [word.as_str()]);
            proptest::prop_assert!(itself == Some(word.as_str()) || word.chars().count() > LONGEST);
            let _ = nearest(&word, [other.as_str(), ""]);
            Ok(())
        });
    }
}
