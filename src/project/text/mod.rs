//! What a language says: words, numbers, dates. One file, one language.

#[cfg(test)]
pub(crate) mod anything;
mod catalogue;
mod locale;
mod nouns;
mod numerals;
mod periods;
mod scripts;
mod segments;

use std::collections::BTreeMap;

use crate::diagnostic::Span;
use crate::project::declaration::Located;
use crate::project::face::{Family, lacking};
use crate::value::{Qualifier, Value};

pub use crate::project::declaration::is_only_a_number;
pub use catalogue::Expected;
pub use numerals::{Marks, digit, is_year, numerals};
pub use periods::INFERRED;
pub use scripts::{is_leftwards, unset_direction, writes_no_spaces};
pub use segments::runs_on;

use locale::Locale;
use nouns::Nouns;
use segments::Segments;

/// Where a text stands in a catalogue: `indicators`, its id, `title`.
pub type Key = Vec<String>;

/// The catalogue of one language.
#[derive(Debug)]
pub struct Text {
    /// BCP 47.
    pub language: String,
    /// ISO 3166-1 alpha-2 in lower case, for hyphenation and quotes.
    pub region: String,
    /// What its readers call it; its tag where the catalogue does not say.
    pub name: String,
    /// Whether a reader of the language has still to confirm it.
    pub draft: bool,
    /// The face of its script, where the page's own has none.
    pub font: Option<Font>,
    /// The same, read.
    pub face: Option<Family>,
    /// Texts that it lacks, as the default language says them.
    pub foreign: Vec<String>,
    locale: Locale,
    marks: Marks,
    segments: Segments,
    said: BTreeMap<Key, Located<String>>,
    sections: BTreeMap<String, Span>,
    words: BTreeMap<String, String>,
    numbers: Vec<String>,
    further_numbers: Vec<String>,
    counted: Vec<String>,
    nouns: Nouns,
}

/// A face that is set beside the page's own.
#[derive(Debug, Clone)]
pub struct Font {
    /// Its family's name.
    pub family: Located<String>,
    /// The folder that holds its files, from the project's root; none for a face that the program carries.
    pub folder: Option<Located<String>>,
}

/// The table of a catalogue that the templates and the program read.
const WORDS: &str = "words";
/// The table of the names of units.
const UNITS: &str = "units";
/// The table of the names of countries.
const COUNTRIES: &str = "countries";
/// The plural category that every language has.
const OTHER: &str = "other";

impl Text {
    /// A number in words, as far as the language lists them; else in digits.
    #[must_use]
    pub fn in_words(&self, value: &Value, qualifier: Qualifier) -> String {
        let word = value.count().and_then(|count| self.numbers.get(usize::try_from(count).ok()?));
        match word {
            Some(word) => self.qualified(word.clone(), qualifier),
            None => self.value(value, qualifier),
        }
    }

    /// What is printed for a number of which only is known that it is fewer than another: "fewer than five".
    #[must_use]
    pub fn fewer_than(&self, bound: i64) -> String {
        self.phrase("fewer_than", &[("value", &self.in_words(&Value::Count(bound), Qualifier::Exact))])
    }

    /// Whether a word in lower case is a number, or joins several: "twenty-three".
    #[must_use]
    pub fn is_number_word(&self, word: &str) -> bool {
        word.split('-').all(|part| self.numbers.iter().chain(&self.further_numbers).any(|known| known == part))
    }

    /// Whether a word in lower case is something that is counted in the tables.
    #[must_use]
    pub fn is_counted(&self, word: &str) -> bool {
        self.counted.iter().any(|known| known == word)
    }

    /// What the catalogue says under a key.
    #[must_use]
    pub fn said(&self, key: &[&str]) -> Option<&str> {
        let key: Key = key.iter().map(|part| (*part).to_owned()).collect();
        self.said.get(&key).map(|said| said.value.as_str())
    }

    /// The keys of a table, two deep, each with the place of a text under it.
    pub fn under<'t>(&'t self, table: &'t str) -> impl Iterator<Item = (&'t str, &'t Span)> {
        let entries = self.said.iter().filter(move |(key, _)| key.len() > 1 && key[0] == table);
        entries.map(|(key, said)| (key[1].as_str(), &said.span))
    }

    /// Where the catalogue says it.
    #[must_use]
    pub fn place(&self, key: &[&str]) -> Option<&Span> {
        let key: Key = key.iter().map(|part| (*part).to_owned()).collect();
        self.said.get(&key).map(|said| &said.span)
    }

    /// The word or phrase under `key`; the key itself where the catalogue lacks it.
    #[must_use]
    pub fn word<'t>(&'t self, key: &'t str) -> &'t str {
        self.words.get(key).map_or(key, String::as_str)
    }

    /// All words, for the templates.
    #[must_use]
    pub fn words(&self) -> &BTreeMap<String, String> {
        &self.words
    }

    /// The phrase under `key` with every `{name}` replaced.
    #[must_use]
    pub fn phrase(&self, key: &str, values: &[(&str, &str)]) -> String {
        filled(self.word(key), values)
    }

    /// The same in the plural form that a count asks for.
    #[must_use]
    pub fn counted(&self, key: &str, count: u64, values: &[(&str, &str)]) -> String {
        filled(self.form(WORDS, key, count).unwrap_or_else(|| self.word(key)), values)
    }

    /// The units that it names, each once.
    pub fn units(&self) -> impl Iterator<Item = &str> {
        let names: std::collections::BTreeSet<&str> = self.under(UNITS).map(|(unit, _)| unit).collect();
        names.into_iter()
    }

    /// The unit's name beside a count.
    #[must_use]
    pub fn unit<'t>(&'t self, unit: &'t str, count: Option<i64>) -> &'t str {
        let general = || self.said(&[UNITS, unit]).or_else(|| self.said(&[UNITS, unit, OTHER]));
        let counted = count.and_then(|count| self.form(UNITS, unit, count.unsigned_abs()));
        counted.or_else(general).unwrap_or(unit)
    }

    fn form(&self, table: &str, key: &str, count: u64) -> Option<&str> {
        let category = self.locale.category(count);
        self.said(&[table, key, category]).or_else(|| self.said(&[table, key, OTHER]))
    }

    /// A country's name.
    #[must_use]
    pub fn country<'t>(&'t self, iso3: &'t str) -> &'t str {
        self.said(&[COUNTRIES, iso3]).unwrap_or(iso3)
    }

    /// The names of countries, by code.
    pub fn countries(&self) -> impl Iterator<Item = (&str, &str)> {
        let named = self.said.iter().filter(|(key, _)| key.len() == 2 && key[0] == COUNTRIES);
        named.map(|(key, said)| (key[1].as_str(), said.value.as_str()))
    }

    /// Everything that it says of what is declared elsewhere: names, titles, labels.
    pub fn sayings(&self) -> impl Iterator<Item = (&Key, &Located<String>)> {
        self.said.iter()
    }

    /// Every key under which it says something.
    pub fn keys(&self) -> impl Iterator<Item = &Key> {
        self.said.keys()
    }

    /// The first letter that it writes and no face at hand has, and the text that holds it.
    #[must_use]
    pub fn lacking(&self) -> Option<(char, Span)> {
        let found = |said: &Located<String>| Some((lacking(&said.value, self.face.as_ref())?, said.span.clone()));
        self.said.values().find_map(found)
    }

    /// What groups digits and sets decimals apart.
    #[must_use]
    pub fn marks(&self) -> &Marks {
        &self.marks
    }

    /// Text with a place to break after each word, in scripts that write no space between words.
    #[must_use]
    pub fn breakable(&self, text: &str) -> String {
        self.segments.breakable(text)
    }

    /// Whether its words are not set apart by spaces, so that each must be kept whole.
    #[must_use]
    pub fn runs_on(&self) -> bool {
        runs_on(&self.name) || self.words.values().any(|word| runs_on(word))
    }

    /// A whole number with its digits grouped.
    #[must_use]
    pub fn integer(&self, value: i64) -> String {
        let digits = self.locale.number(&value.unsigned_abs().to_string());
        if value < 0 { format!("−{digits}") } else { digits }
    }

    /// A decimal number as it was written, with this language's marks.
    #[must_use]
    pub fn decimal(&self, written: &str) -> String {
        match written.strip_prefix('-') {
            Some(size) => format!("−{}", self.locale.number(size)),
            None => self.locale.number(written),
        }
    }

    /// A number as it is printed: "23", "about 100", "at least 12". A code is printed by its label, which stands elsewhere.
    #[must_use]
    pub fn value(&self, value: &Value, qualifier: Qualifier) -> String {
        let number = match value {
            Value::Count(count) => self.integer(*count),
            Value::Decimal(written) => self.decimal(written),
            Value::Code(code) => code.clone(),
        };
        self.qualified(number, qualifier)
    }

    fn qualified(&self, number: String, qualifier: Qualifier) -> String {
        match qualifier {
            Qualifier::Exact => number,
            _ => self.phrase(qualifier.code(), &[("value", &number)]),
        }
    }

    /// A difference as it is printed: "14 more", "3 fewer", "as many".
    #[must_use]
    pub fn change(&self, value: &Value, qualifier: Qualifier) -> String {
        let written = value.plain();
        let (key, size) = match written.strip_prefix('-') {
            Some(size) => ("change_down", size),
            None => ("change_up", written.as_str()),
        };
        if size.bytes().all(|byte| matches!(byte, b'0' | b'.')) {
            return self.word("change_same").to_owned();
        }
        self.phrase(key, &[("value", &self.qualified(self.decimal(size), qualifier))])
    }

    /// Things of which one holds: "a", "a or b", "a, b or c".
    #[must_use]
    pub fn any_of(&self, items: &[String]) -> String {
        self.locale.any_of(items)
    }

    /// Things together: "a", "a and b", "a, b and c".
    #[must_use]
    pub fn all_of(&self, items: &[String]) -> String {
        self.locale.all_of(items)
    }
}

/// A phrase with every `{name}` replaced.
fn filled(phrase: &str, values: &[(&str, &str)]) -> String {
    let mut phrase = phrase.to_owned();
    for (name, value) in values {
        phrase = phrase.replace(&format!("{{{name}}}"), value);
    }
    phrase
}
