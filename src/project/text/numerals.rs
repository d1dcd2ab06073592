//! Finds the numerals in a text, by the marks of its language.

/// The marks between groups of digits and before decimals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marks {
    /// Between groups of three digits.
    pub group: String,
    /// Before decimals.
    pub decimal: String,
}

impl Default for Marks {
    fn default() -> Self {
        Self { group: ",".to_owned(), decimal: ".".to_owned() }
    }
}

/// Spaces without a line break; they group digits in some languages.
const NARROW: [char; 2] = ['\u{a0}', '\u{202f}'];

impl Marks {
    /// The numerals of a text: digits of any script, with the marks that group them or separate decimals. Digits that are
    /// neither a grouped nor a decimal number, such as `24.11.2009`, are one numeral for each part.
    pub fn numerals<'t>(&self, text: &'t str) -> impl Iterator<Item = &'t str> + use<'t> {
        let marks = self.clone();
        let inner = |c: char| c.is_numeric() || matches!(c, ',' | '.') || NARROW.contains(&c);
        let runs = text.split(move |c| !inner(c)).map(|run| run.trim_matches(|c: char| !c.is_numeric()));
        runs.filter(|run| !run.is_empty()).flat_map(move |run| {
            let whole = marks.is_number(run);
            run.split(move |c: char| !whole && !c.is_numeric()).filter(|part| !part.is_empty())
        })
    }

    /// Whether digits and marks are one number: whole, decimal, or grouped in threes.
    fn is_number(&self, run: &str) -> bool {
        let (whole, fraction) = run.rsplit_once(&self.decimal).unwrap_or((run, ""));
        let groups = |c: char| NARROW.contains(&c) || self.group.contains(c);
        let mut parts = whole.split(groups);
        let first = parts.next().unwrap_or_default();
        let digits = |part: &str| part.chars().all(char::is_numeric);
        let grouped = parts.clone().next().is_none() || first.chars().count() <= 3;
        grouped && digits(first) && digits(fraction) && parts.all(|part| part.chars().count() == 3 && digits(part))
    }

    /// A numeral without what groups its digits, its decimals after a point.
    #[must_use]
    pub fn plain(&self, numeral: &str) -> String {
        let (whole, fraction) = numeral.rsplit_once(&self.decimal).unwrap_or((numeral, ""));
        let digits: String = whole.chars().filter(|c| c.is_numeric()).collect();
        if fraction.is_empty() { digits } else { format!("{digits}.{fraction}") }
    }
}

/// The numerals of a text in English, and of what is no language: names, codes, addresses.
pub fn numerals(text: &str) -> impl Iterator<Item = &str> {
    Marks::default().numerals(text)
}

/// The nought of each script whose digits are read: Arabic, Persian, Devanagari, Bengali, Thai, Lao, Burmese, Khmer.
const NOUGHTS: [char; 8] = ['\u{660}', '\u{6f0}', '\u{966}', '\u{9e6}', '\u{e50}', '\u{ed0}', '\u{1040}', '\u{17e0}'];

/// The European digit of one of another script.
#[must_use]
pub fn digit(letter: char) -> Option<char> {
    let from = |nought: &char| u32::from(letter).checked_sub(u32::from(*nought)).filter(|digit| *digit < 10);
    char::from_digit(NOUGHTS.iter().find_map(from)?, 10)
}

/// Years of four digits stand for themselves (docs/data.md#figure-ids).
const YEARS: std::ops::RangeInclusive<u32> = 1900..=2100;

/// Whether a numeral is a year, which needs nothing behind it.
#[must_use]
pub fn is_year(numeral: &str) -> bool {
    numeral.len() == 4 && numeral.parse().is_ok_and(|year| YEARS.contains(&year))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::project::text::anything::{anything, hold};

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

    #[test]
    fn marks_are_those_of_the_language() {
        let french = Marks { group: "\u{202f}".to_owned(), decimal: ",".to_owned() };
        let found = |text| french.numerals(text).collect::<Vec<&str>>();
        assert_eq!(
            found("« 1\u{202f}234,5 » sur 12\u{202f}000\u{202f}; 4,\u{202f}9 le 24.11.2009"),
            ["1\u{202f}234,5", "12\u{202f}000", "4", "9", "24", "11", "2009"]
        );
        assert_eq!(french.plain("1\u{202f}234,5"), "1234.5");
        let lao = Marks { group: ".".to_owned(), decimal: ",".to_owned() };
        assert_eq!(lao.numerals("1.234,5 ແລະ 24.11.2009").collect::<Vec<_>>(), ["1.234,5", "24", "11", "2009"]);
    }

    #[test]
    fn every_digit_of_any_text_is_in_a_numeral() {
        let digits = |text: &str| text.chars().filter(|c| c.is_numeric()).collect::<String>();
        hold(3000, anything(), |text| {
            for marks in [Marks::default(), Marks { group: "٬".to_owned(), decimal: "٫".to_owned() }] {
                let found: Vec<&str> = marks.numerals(&text).collect();
                prop_assert_eq!(digits(&found.concat()), digits(&text));
                prop_assert!(found.iter().all(|numeral| !digits(&marks.plain(numeral)).is_empty()));
                let _ = found.iter().any(|numeral| is_year(numeral));
            }
            Ok(())
        });
    }
}
