//! What a language says: words, numbers, dates. One file, one language.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{Datelike, NaiveDate};

use crate::declaration::{Declaration, Located};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Source};
use crate::period::Period;
use crate::value::{Qualifier, Value};

/// The catalogue of one language.
#[derive(Debug)]
pub struct Text {
    /// BCP 47.
    pub language: String,
    /// ISO 3166-1 alpha-2 in lower case, for hyphenation and quotes.
    pub region: String,
    words: BTreeMap<String, String>,
    units: BTreeMap<String, Vec<String>>,
    countries: BTreeMap<String, String>,
    months: Vec<String>,
    group: String,
    decimal: String,
    numbers: Vec<String>,
    further_numbers: Vec<String>,
    counted: Vec<String>,
}

/// Below this, digits are not grouped: 9999, but 10,000.
const GROUP_FROM: usize = 4;

/// The numerals of a text: digits of any script, with the marks that group them or set decimals apart. What is neither a
/// grouped number nor a decimal one, such as `24.11.2009`, is as many numerals as it has parts.
pub fn numerals(text: &str) -> impl Iterator<Item = &str> {
    let inner = |c: char| c.is_numeric() || matches!(c, ',' | '.' | '\u{a0}' | '\u{202f}');
    let runs = text.split(move |c| !inner(c)).map(|run| run.trim_matches(|c: char| !c.is_numeric()));
    runs.filter(|run| !run.is_empty()).flat_map(|run| {
        let whole = is_number(run);
        run.split(move |c: char| !whole && !c.is_numeric()).filter(|part| !part.is_empty())
    })
}

/// Years of four digits stand for themselves (3.5).
const YEARS: std::ops::RangeInclusive<u32> = 1900..=2100;

/// Whether a numeral is a year, which needs nothing behind it.
#[must_use]
pub fn is_year(numeral: &str) -> bool {
    numeral.len() == 4 && numeral.parse().is_ok_and(|year| YEARS.contains(&year))
}

/// Whether digits and marks are one number: whole, decimal, or grouped in threes.
fn is_number(run: &str) -> bool {
    let (whole, fraction) = run.rsplit_once('.').unwrap_or((run, ""));
    let mut groups = whole.split([',', '\u{a0}', '\u{202f}']);
    let first = groups.next().unwrap_or_default().chars().count();
    let grouped = groups.clone().next().is_none() || first <= 3;
    let plain = !whole.contains('.') && fraction.chars().all(char::is_numeric);
    plain && grouped && groups.all(|group| group.chars().count() == 3)
}

impl Text {
    /// Reads `data/text/<language>.toml`.
    pub fn parse(language: &str, source: &Arc<Source>, diagnostics: &mut Diagnostics) -> Self {
        let mut file = Declaration::parse(source, diagnostics);
        let region = file.required_text("region").value;
        let months = file.texts("months").into_iter().map(|month| month.value).collect();
        let (group, decimal) = (file.required_text("group"), file.required_text("decimal"));
        for mark in [&group, &decimal].into_iter().filter(|mark| mark.value.contains(char::is_numeric)) {
            let message = format!("`{}` holds a digit, which would change every number", mark.value);
            file.fault(Diagnostic::error(Code::InvalidValue, mark.span.clone(), message));
        }
        let (group, decimal) = (group.value, decimal.value);
        let mut list = |key| file.texts(key).into_iter().map(|item| item.value).collect::<Vec<String>>();
        let (numbers, further_numbers, counted) = (list("number_words"), list("further_number_words"), list("counted"));
        let words = file.map("words");
        let faults: Vec<Diagnostic> = words.iter().filter_map(|(key, said)| unsound(key, said)).collect();
        faults.into_iter().for_each(|fault| file.fault(fault));
        let words = single(words);
        let countries = single(file.map("countries"));
        let units = file.map("units").into_iter();
        let units = units.map(|(key, forms)| (key.value, forms.into_iter().map(|form| form.value).collect())).collect();
        file.finish();
        let language = language.to_owned();
        Self { language, region, words, units, countries, months, group, decimal, numbers, further_numbers, counted }
    }

    /// A number in words, as far as the language lists them; else in digits.
    #[must_use]
    pub fn in_words(&self, value: &Value, qualifier: Qualifier) -> String {
        let word = value.count().and_then(|count| self.numbers.get(usize::try_from(count).ok()?));
        match word {
            Some(word) => self.qualified(word.clone(), qualifier),
            None => self.value(value, qualifier),
        }
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
        let mut phrase = self.word(key).to_owned();
        for (name, value) in values {
            phrase = phrase.replace(&format!("{{{name}}}"), value);
        }
        phrase
    }

    /// The unit's name beside a count.
    #[must_use]
    pub fn unit<'t>(&'t self, unit: &'t str, count: Option<i64>) -> &'t str {
        let forms = self.units.get(unit).map_or(&[][..], Vec::as_slice);
        let form = if count == Some(1) { forms.first() } else { forms.last() };
        form.map_or(unit, String::as_str)
    }

    /// A country's name.
    #[must_use]
    pub fn country<'t>(&'t self, iso3: &'t str) -> &'t str {
        self.countries.get(iso3).map_or(iso3, String::as_str)
    }

    /// A whole number with its digits grouped.
    #[must_use]
    pub fn integer(&self, value: i64) -> String {
        let digits = value.unsigned_abs().to_string();
        let mut text = String::new();
        for (at, digit) in digits.chars().enumerate() {
            let left = digits.len() - at;
            if at > 0 && left.is_multiple_of(3) && digits.len() >= GROUP_FROM {
                text.push_str(&self.group);
            }
            text.push(digit);
        }
        if value < 0 { format!("−{text}") } else { text }
    }

    /// A decimal number as it was written, with this language's marks.
    #[must_use]
    pub fn decimal(&self, written: &str) -> String {
        let (whole, fraction) = written.split_once('.').unwrap_or((written, ""));
        let whole = whole.parse().map_or_else(|_| whole.to_owned(), |number| self.integer(number));
        if fraction.is_empty() { whole } else { format!("{whole}{}{fraction}", self.decimal) }
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

    /// Things in a row: "a", "a or b", "a, b or c" with the conjunction under `key`.
    #[must_use]
    pub fn list(&self, items: &[String], key: &str) -> String {
        match items {
            [] => String::new(),
            [only] => only.clone(),
            [first @ .., last] => format!("{} {} {last}", first.join(", "), self.word(key)),
        }
    }

    /// A period as what it is: `2007`, `October 2007`, `April 2007 to March 2008`.
    #[must_use]
    pub fn period(&self, period: &Period) -> String {
        match period.text().split_once('/') {
            None => self.part(period.text(), period.start()),
            Some((first, last)) => self.range(&self.opening(period, first, last), &self.part(last, period.end())),
        }
    }

    /// The first end of an interval: what it shares with the last is said once, "October to November 2007".
    fn opening(&self, period: &Period, first: &str, last: &str) -> String {
        let (start, end) = (period.start(), period.end());
        let same_form = first.len() == last.len() && start.year() == end.year();
        match first.len() {
            7 if same_form => self.month(start).to_owned(),
            10 if same_form && start.month() == end.month() => start.day().to_string(),
            10 if same_form => {
                let day = start.day().to_string();
                self.phrase("period_day_month", &[("day", &day), ("month", self.month(start))])
            }
            _ => self.part(first, start),
        }
    }

    /// A period where space is short: years joined by a dash.
    #[must_use]
    pub fn short_period(&self, period: &Period) -> String {
        match period.text().split_once('/') {
            Some((first, last)) if first.len() == 4 && last.len() == 4 => {
                self.years(period.start().year(), period.end().year())
            }
            _ => self.period(period),
        }
    }

    /// A period as the head of a column: months by number, years in full.
    #[must_use]
    pub fn column(&self, period: &Period) -> String {
        if period.whole_year().is_some() {
            return self.period(period);
        }
        let part = |day: NaiveDate, written: &str| match written.len() {
            4 => day.year().to_string(),
            7 => format!("{}/{}", day.month(), day.year()),
            _ => format!("{}.{}.{}", day.day(), day.month(), day.year()),
        };
        match period.text().split_once('/') {
            Some((first, last)) => format!("{}–{}", part(period.start(), first), part(period.end(), last)),
            None => part(period.start(), period.text()),
        }
    }

    /// A run of years: `2007–09`.
    #[must_use]
    pub fn years(&self, first: i32, last: i32) -> String {
        match last - first {
            0 => first.to_string(),
            _ if first / 100 == last / 100 => format!("{first}–{:02}", last % 100),
            _ => format!("{first}–{last}"),
        }
    }

    fn range(&self, from: &str, to: &str) -> String {
        self.phrase("period_range", &[("from", from), ("to", to)])
    }

    fn month(&self, day: NaiveDate) -> &str {
        self.months.get(day.month0() as usize).map_or("", String::as_str)
    }

    fn part(&self, written: &str, day: NaiveDate) -> String {
        let year = day.year().to_string();
        let month = self.month(day);
        match written.len() {
            4 => year,
            7 => self.phrase("period_month", &[("month", month), ("year", &year)]),
            _ => self.phrase("period_day", &[("day", &day.day().to_string()), ("month", month), ("year", &year)]),
        }
    }
}

/// What phrases that print a figure must hold, so that no language prints another.
const HELD: &[(&str, &[&str])] = &[
    ("approximate", &["{value}"]),
    ("at_least", &["{value}"]),
    ("at_most", &["{value}"]),
    ("small_base", &["{value}"]),
    ("change_up", &["{value}"]),
    ("change_down", &["{value}"]),
    ("share_value", &["{value}"]),
    ("share_of", &["{share}", "{whole}"]),
    ("trend_up", &["{before}", "{then}", "{now}", "{when}"]),
    ("trend_down", &["{before}", "{then}", "{now}", "{when}"]),
    ("trend_same", &["{now}", "{then}", "{when}"]),
    ("period_range", &["{from}", "{to}"]),
];

/// A phrase around a figure that leaves it out, or adds a number of its own.
fn unsound(key: &Located<String>, said: &[Located<String>]) -> Option<Diagnostic> {
    let held = HELD.iter().find(|(known, _)| *known == key.value).map(|(_, held)| *held)?;
    let phrase = said.first()?;
    let fault = |message| Some(Diagnostic::error(Code::InvalidValue, phrase.span.clone(), message));
    if let Some(missing) = held.iter().find(|held| !phrase.value.contains(**held)) {
        return fault(format!("`{}` must hold `{missing}`", key.value));
    }
    let digit = phrase.value.contains(char::is_numeric);
    if digit { fault(format!("`{}` holds a number of its own beside a figure", key.value)) } else { None }
}

fn single(pairs: Vec<(Located<String>, Vec<Located<String>>)>) -> BTreeMap<String, String> {
    let first =
        |(key, values): (Located<String>, Vec<Located<String>>)| Some((key.value, values.into_iter().next()?.value));
    pairs.into_iter().filter_map(first).collect()
}

#[cfg(test)]
mod tests {
    use super::numerals;

    #[test]
    fn numerals_are_whole_numbers_or_their_parts() {
        let found = |text| numerals(text).collect::<Vec<&str>>();
        assert_eq!(found("about 1,680 of 17,000.50, in 2007–09."), ["1,680", "17,000.50", "2007", "09"]);
        assert_eq!(
            found("24.11.2009; 1,44,45 and 3331744,103060"),
            ["24", "11", "2009", "1", "44", "45", "3331744", "103060"]
        );
        assert_eq!(found("no numeral, none."), Vec::<&str>::new());
        assert_eq!(found("๒๓ and 6.5"), ["๒๓", "6.5"]);
    }
}
