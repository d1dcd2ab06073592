//! The texts of a language: its words, numbers and dates. Each language has one file.

#[cfg(test)]
pub(crate) mod anything;
mod catalogue;
mod folding;
mod glossary;
mod keys;
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
pub use folding::folded;
pub use glossary::{Agreed, Glossary};
pub use keys::CATALOGUE;
pub use numerals::{Marks, digit, is_year, numerals};
pub use periods::INFERRED;
pub use scripts::{is_leftwards, unset_direction, writes_no_spaces};
pub use segments::runs_on;

use locale::Locale;
use nouns::Nouns;
use segments::Segments;

/// The path of a text in a catalogue: `indicators`, its id, `title`.
pub type Key = Vec<String>;

/// The catalogue of one language.
#[derive(Debug)]
pub struct Text {
    /// BCP 47.
    pub language: String,
    /// ISO 3166-1 alpha-2 in lower case, for hyphenation and quotes.
    pub region: String,
    /// Its name in the language itself; its tag if the catalogue does not give one.
    pub name: String,
    /// Whether a reader of the language still has to confirm it.
    pub draft: bool,
    /// The font of its script, if the font of the page does not have its letters.
    pub font: Option<Font>,
    /// That font, read.
    pub face: Option<Family>,
    /// Whether it is the one that the program carries: it translates the carried declarations, and no others.
    pub carried: bool,
    /// Whether another font stands in for the one that it names.
    pub stood_in: bool,
    /// Texts of the default language that it does not translate.
    pub foreign: Vec<String>,
    locale: Locale,
    marks: Marks,
    segments: Segments,
    texts: BTreeMap<Key, Located<String>>,
    sections: BTreeMap<String, Span>,
    words: BTreeMap<String, String>,
    numbers: Vec<String>,
    further_numbers: Vec<String>,
    counted: Vec<String>,
    nouns: Nouns,
    glossary: Glossary,
}

/// A font that is used beside that of the page.
#[derive(Debug, Clone)]
pub struct Font {
    /// The name of its family.
    pub family: Located<String>,
    /// The folder with its files, from the project's root; none for the font that is built in.
    pub folder: Option<Located<String>>,
    /// The checksums of its files, so that every machine sets the same font; empty where any will do.
    pub sums: Vec<Located<String>>,
    /// The built-in font that stands in where the folder does not hold it; documents are drafts then.
    pub stand_in: Option<Located<String>>,
}

/// The table of a catalogue with the words of the templates and of the program.
const WORDS: &str = "words";
/// A million, and of what a number that is written in millions is a multiple.
const MILLION: i64 = 1_000_000;
const ROUND: i64 = 10 * MILLION;
/// The table of the names of units.
const UNITS: &str = "units";
/// The table of the names of countries.
const COUNTRIES: &str = "countries";
/// The plural category that every language has.
const OTHER: &str = "other";

impl Text {
    /// Whether its font is read from a folder, and not built in.
    #[must_use]
    pub fn has_own_font(&self) -> bool {
        self.font.as_ref().is_some_and(|font| font.folder.is_some())
    }

    /// A number in words if the language lists it, else in digits.
    #[must_use]
    pub fn in_words(&self, value: &Value, qualifier: Qualifier) -> String {
        let word = value.count().and_then(|count| self.numbers.get(usize::try_from(count).ok()?));
        match word {
            Some(word) => self.qualified(word.clone(), qualifier),
            None => self.value(value, qualifier),
        }
    }

    /// The text for a number that is only known to be smaller than another: "fewer than five".
    #[must_use]
    pub fn fewer_than(&self, bound: i64) -> String {
        self.phrase("fewer_than", &[("value", &self.in_words(&Value::Count(bound), Qualifier::Exact))])
    }

    /// Whether a word in lower case is a number, or several joined: "twenty-three".
    #[must_use]
    pub fn is_number_word(&self, word: &str) -> bool {
        word.split('-').all(|part| self.numbers.iter().chain(&self.further_numbers).any(|known| known == part))
    }

    /// Whether a word in lower case names something that the tables count.
    #[must_use]
    pub fn is_counted(&self, word: &str) -> bool {
        self.counted.iter().any(|known| known == word)
    }

    /// The words that it has agreed on.
    #[must_use]
    pub fn glossary(&self) -> &Glossary {
        &self.glossary
    }

    /// The text under a key.
    #[must_use]
    pub fn get(&self, key: &[&str]) -> Option<&str> {
        let key: Key = key.iter().map(|part| (*part).to_owned()).collect();
        self.texts.get(&key).map(|text| text.value.as_str())
    }

    /// The keys directly below a table, each with the place of a text under it.
    pub fn under<'t>(&'t self, table: &'t str) -> impl Iterator<Item = (&'t str, &'t Span)> {
        let entries = self.texts.iter().filter(move |(key, _)| key.len() > 1 && key[0] == table);
        entries.map(|(key, text)| (key[1].as_str(), &text.span))
    }

    /// The place of the text under a key.
    #[must_use]
    pub fn place(&self, key: &[&str]) -> Option<&Span> {
        let key: Key = key.iter().map(|part| (*part).to_owned()).collect();
        self.texts.get(&key).map(|text| &text.span)
    }

    /// The word or phrase under `key`; the key itself if the catalogue does not have it.
    #[must_use]
    pub fn word<'t>(&'t self, key: &'t str) -> &'t str {
        self.words.get(key).map_or(key, String::as_str)
    }

    /// Takes a word out.
    pub fn forget(&mut self, word: &str) {
        self.texts.retain(|key, _| !(key[0] == WORDS && key.get(1).is_some_and(|own| own == word)));
        self.words.remove(word);
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

    /// The same in the plural form for a count.
    #[must_use]
    pub fn counted(&self, key: &str, count: u64, values: &[(&str, &str)]) -> String {
        filled(self.form(WORDS, key, count).unwrap_or_else(|| self.word(key)), values)
    }

    /// The units that it has names for, each once.
    pub fn units(&self) -> impl Iterator<Item = &str> {
        let names: std::collections::BTreeSet<&str> = self.under(UNITS).map(|(unit, _)| unit).collect();
        names.into_iter()
    }

    /// The unit's name beside a count.
    #[must_use]
    pub fn unit<'t>(&'t self, unit: &'t str, count: Option<i64>) -> &'t str {
        let general = || self.get(&[UNITS, unit]).or_else(|| self.get(&[UNITS, unit, OTHER]));
        let counted = count.and_then(|count| self.form(UNITS, unit, count.unsigned_abs()));
        counted.or_else(general).unwrap_or(unit)
    }

    fn form(&self, table: &str, key: &str, count: u64) -> Option<&str> {
        let category = self.locale.category(count);
        self.get(&[table, key, category]).or_else(|| self.get(&[table, key, OTHER]))
    }

    /// A country's name.
    #[must_use]
    pub fn country<'t>(&'t self, iso3: &'t str) -> &'t str {
        self.get(&[COUNTRIES, iso3]).unwrap_or(iso3)
    }

    /// The names of countries, by code.
    pub fn countries(&self) -> impl Iterator<Item = (&str, &str)> {
        let named = self.texts.iter().filter(|(key, _)| key.len() == 2 && key[0] == COUNTRIES);
        named.map(|(key, name)| (key[1].as_str(), name.value.as_str()))
    }

    /// Every text with its key: words, and translated names, titles and labels.
    pub fn entries(&self) -> impl Iterator<Item = (&Key, &Located<String>)> {
        self.texts.iter()
    }

    /// Every key that has a text.
    pub fn keys(&self) -> impl Iterator<Item = &Key> {
        self.texts.keys()
    }

    /// The first of its letters that no available font has, and the place of the text with that letter.
    #[must_use]
    pub fn lacking(&self) -> Option<(char, Span)> {
        let found = |text: &Located<String>| Some((lacking(&text.value, self.face.as_ref())?, text.span.clone()));
        self.texts.values().find_map(found)
    }

    /// The marks that group digits and separate decimals.
    #[must_use]
    pub fn marks(&self) -> &Marks {
        &self.marks
    }

    /// Text with a possible line break after each word, in scripts that write no spaces between words.
    #[must_use]
    pub fn breakable(&self, text: &str) -> String {
        self.segments.breakable(text)
    }

    /// Whether it writes no spaces between words, so that each word must be kept whole.
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

    /// A count; a round one of millions is written as prose writes it: "300 million".
    fn large(&self, count: i64) -> String {
        if count < ROUND || count % ROUND != 0 {
            return self.integer(count);
        }
        let millions = count / MILLION;
        let number = self.integer(millions);
        self.counted("millions", u64::try_from(millions).unwrap_or_default(), &[("value", &number)])
    }

    /// A decimal number with this language's marks and without zeros at its end: 8, 8.0 and 8.00 are one number, and look alike.
    #[must_use]
    pub fn decimal(&self, written: &str) -> String {
        let written = if written.contains('.') { written.trim_end_matches('0').trim_end_matches('.') } else { written };
        match written.strip_prefix('-') {
            Some(size) => format!("−{}", self.locale.number(size)),
            None => self.locale.number(written),
        }
    }

    /// A number as it is printed: "23", "about 100", "at least 12". A code is printed as its label, which this does not know.
    #[must_use]
    pub fn value(&self, value: &Value, qualifier: Qualifier) -> String {
        let number = match value {
            Value::Count(count) => self.large(*count),
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

    /// Alternatives in a row: "a", "a or b", "a, b or c".
    #[must_use]
    pub fn any_of(&self, items: &[String]) -> String {
        self.locale.any_of(items)
    }

    /// Several things in a row: "a", "a and b", "a, b and c".
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
