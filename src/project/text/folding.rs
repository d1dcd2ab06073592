//! Text as people search for it: in lower case, without accents, with plain spaces.

use icu_normalizer::DecomposingNormalizerBorrowed;

/// Letters with a stroke, which no accent can be taken from, and what people type for them.
const STROKES: [(char, &str); 8] =
    [('đ', "d"), ('ð', "d"), ('ø', "o"), ('ł', "l"), ('ı', "i"), ('ß', "ss"), ('æ', "ae"), ('œ', "oe")];

/// Whether it is an accent over or under a letter. Vowel signs and tone marks of other scripts are letters to their readers.
fn is_accent(letter: char) -> bool {
    matches!(letter, '\u{300}'..='\u{36f}')
}

/// Whether it takes no room.
fn is_unseen(letter: char) -> bool {
    matches!(letter, '\u{ad}' | '\u{200b}' | '\u{2060}')
}

/// The text in lower case, without accents, each run of white space one blank, and none around it.
#[must_use]
pub fn folded(text: &str) -> String {
    let apart = DecomposingNormalizerBorrowed::new_nfkd().normalize(text);
    let mut folded = String::with_capacity(apart.len());
    for letter in apart.to_lowercase().chars().filter(|letter| !is_accent(*letter) && !is_unseen(*letter)) {
        match STROKES.iter().find(|(stroked, _)| *stroked == letter) {
            Some((_, typed)) => folded.push_str(typed),
            None => folded.push(letter),
        }
    }
    folded.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::folded;
    use crate::project::text::anything::{anything, hold};

    #[test]
    fn case_accents_and_kinds_of_spaces_are_no_difference() {
        assert_eq!(folded("Victimes rapatriées, Việt Nam"), "victimes rapatriees, viet nam");
        assert_eq!(folded("  1\u{202f}100\u{a0}personnes "), "1 100 personnes");
        assert_eq!(folded("Đà Nẵng, Cœur, Straße"), "da nang, coeur, strasse");
        assert_ne!(folded("ກ້າ"), folded("ກາ"), "tone marks are letters");
    }

    #[test]
    fn any_text_is_folded_once_and_for_all() {
        hold(2000, anything(), |text| {
            let once = folded(&text);
            proptest::prop_assert_eq!(folded(&once), once);
            Ok(())
        });
    }
}
