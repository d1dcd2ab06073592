//! The words that a language uses beside numbers: the nouns of each unit, and words that mark an article of law or an age.

use super::{Text, runs_on};
use crate::project::declaration::{Declaration, Located};

/// The words of one catalogue, in lower case.
#[derive(Debug, Default)]
pub(super) struct Nouns {
    of_units: Vec<(Located<String>, Vec<String>)>,
    legal: Vec<String>,
    ages: Vec<String>,
    limits: Vec<String>,
}

impl Nouns {
    pub(super) fn read(file: &mut Declaration<'_>) -> Self {
        let of_units = file.map("unit_nouns").into_iter();
        let of_units = of_units.map(|(unit, nouns)| (unit, nouns.into_iter().map(|noun| noun.value).collect()));
        let of_units = of_units.collect();
        let mut list = |key| file.texts(key).into_iter().map(|item| item.value).collect::<Vec<String>>();
        Self { of_units, legal: list("legal_words"), ages: list("age_words"), limits: list("age_limits") }
    }
}

impl Text {
    /// The units that a noun in lower case stands for.
    pub fn units_of<'t>(&'t self, noun: &'t str) -> impl Iterator<Item = &'t str> {
        // Without spaces between words, the noun may be joined to the next word.
        let is = move |known: &String| known == noun || runs_on(known) && noun.starts_with(known.as_str());
        let units = self.nouns.of_units.iter().filter(move |(_, nouns)| nouns.iter().any(is));
        units.map(|(unit, _)| unit.value.as_str())
    }

    /// The units that it has nouns for.
    pub fn units_with_nouns(&self) -> impl Iterator<Item = &Located<String>> {
        self.nouns.of_units.iter().map(|(unit, _)| unit)
    }

    /// Whether a number after this word is that of a law, or of a part of one.
    #[must_use]
    pub fn is_legal(&self, word: &str) -> bool {
        self.nouns.legal.iter().any(|known| known == word || runs_on(known) && word.ends_with(known.as_str()))
    }

    /// Whether a number beside this word is an age, or a stretch of years.
    #[must_use]
    pub fn is_age(&self, word: &str) -> bool {
        self.nouns.ages.iter().any(|known| known == word)
    }

    /// Whether the number after this word may be a limit of age.
    #[must_use]
    pub fn is_age_limit(&self, word: &str) -> bool {
        self.nouns.limits.iter().any(|known| known == word)
    }

    /// The number that a word in lower case is, as far as the language lists them from nought on.
    #[must_use]
    pub fn number_of(&self, word: &str) -> Option<usize> {
        self.numbers.iter().position(|known| known == word)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::diagnostic::{Diagnostics, Source};

    #[test]
    fn few_are_fewer_than_a_word() {
        let phrase = |name: &str, text: &str| {
            let source = Arc::new(Source::new(name, text.as_bytes().to_vec()));
            let text = Text::parse(name, &source, &mut Diagnostics::default());
            text.map(|text| text.fewer_than(5).replace('\u{200b}', "")).unwrap_or_default()
        };
        assert_eq!(phrase("en", include_str!("../../../data/text/en.toml")), "fewer than five");
        assert_eq!(phrase("fr", include_str!("../../../data/text/fr.toml")), "moins de cinq");
        assert_eq!(phrase("lo", include_str!("../../../data/text/lo.toml")), "ໜ້ອຍກວ່າ ຫ້າ");
    }
}
