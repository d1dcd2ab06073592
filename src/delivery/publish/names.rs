//! Names with digits in a drawing or its alternative text: `P7`, `under 18`. A name accounts for a numeral only where the whole
//! name is printed, possibly across line breaks, and for no other numeral.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::project::Project;
use crate::project::text::{Marks, is_only_a_number};

/// The declared names of a project that contain digits.
pub(super) struct Names(BTreeSet<String>);

/// Consecutive texts, without what a line break adds or removes.
struct Squeezed {
    letters: Vec<char>,
    /// For each letter whether something separates it from the letter before.
    parted: Vec<bool>,
}

impl Names {
    /// The names of indicators, codes, provinces and countries in every language, and the words of the languages.
    pub(super) fn of(project: &Project) -> Self {
        let labels = project.schemas.iter().flat_map(|schema| &schema.fields).flat_map(|field| &field.labels);
        let mut names = Self(BTreeSet::new());
        labels.for_each(|(code, label)| names.add([code.as_str(), label.as_str()]));
        for indicator in &project.indicators {
            names.add([indicator.title.as_str(), &indicator.short, &indicator.unit]);
            names.add(indicator.breaks.iter().map(|(_, label)| label.as_str()));
            let splits = indicator.chart.iter().flat_map(|chart| &chart.splits);
            names.add(splits.flat_map(|split| &split.labels).map(|label| label.value.as_str()));
        }
        for text in &project.texts {
            names.add(text.words().values().flat_map(|word| word.split(['{', '}']).step_by(2)));
            names.add(text.entries().map(|(_, text)| text.value.as_str()));
        }
        for country in &project.countries {
            names.add([country.name.as_str(), &country.official]);
            names.add(country.breaks.iter().map(|known| known.label.as_str()));
            names.add(country.provinces.iter().flat_map(|province| [province.name.as_str(), &province.code]));
        }
        names
    }

    /// Adds the names with a digit. A name that is only a number is left out: it would account for that number anywhere.
    pub(super) fn add<'n>(&mut self, names: impl IntoIterator<Item = &'n str>) {
        let numbered = names.into_iter().filter(|name| name.contains(char::is_numeric) && !is_only_a_number(name));
        self.0.extend(numbered.map(|name| name.trim().to_owned()));
    }

    /// The numerals of consecutive texts, read downwards or upwards, except those inside a name.
    pub(super) fn apart_from<'t>(&self, texts: &[&'t str], marks: &Marks) -> Vec<&'t str> {
        let upwards: Vec<&str> = texts.iter().rev().copied().collect();
        let named = [self.numbered(texts, marks), self.numbered(&upwards, marks)].concat();
        let all = texts.iter().flat_map(|text| marks.numerals(text));
        all.filter(|numeral| !named.iter().any(|other| std::ptr::eq(*other, *numeral))).collect()
    }

    /// The numerals inside a name.
    fn numbered<'t>(&self, texts: &[&'t str], marks: &Marks) -> Vec<&'t str> {
        let all = Squeezed::of(texts);
        let named: Vec<Range<usize>> = self.0.iter().flat_map(|name| all.places(&Squeezed::of(&[name]))).collect();
        let (mut found, mut before) = (Vec::new(), 0);
        for text in texts {
            for numeral in marks.numerals(text) {
                // Both are parts of one allocation.
                let at = numeral.as_ptr().addr() - text.as_ptr().addr();
                let start = before + Squeezed::of(&[text.get(..at).unwrap_or_default()]).letters.len();
                let end = start + Squeezed::of(&[numeral]).letters.len();
                if named.iter().any(|name| name.start <= start && end <= name.end) {
                    found.push(numeral);
                }
            }
            before += Squeezed::of(&[text]).letters.len();
        }
        found
    }
}

impl Squeezed {
    fn of(texts: &[&str]) -> Self {
        let (mut letters, mut parted): (Vec<char>, Vec<bool>) = (Vec::new(), Vec::new());
        for text in texts {
            let mut apart = true;
            for letter in text.chars() {
                // A word that is too long for its line is broken by a hyphen.
                let hyphen =
                    matches!(letter, '-' | '\u{ad}') && letters.last().is_some_and(|last| last.is_alphabetic());
                if letter.is_whitespace() || letter == '\u{200b}' || hyphen {
                    apart = true;
                } else {
                    // A name may begin a line with a capital.
                    letters.extend(letter.to_lowercase().next());
                    parted.push(std::mem::take(&mut apart));
                }
            }
        }
        Self { letters, parted }
    }

    /// Where a whole name is: no letter or digit directly before or after it, and its numbers separated as declared.
    fn places(&self, name: &Self) -> Vec<Range<usize>> {
        let long = name.letters.len();
        let goes_on = |at: usize| {
            let pair = at.checked_sub(1).and_then(|before| Some((self.letters.get(before)?, self.letters.get(at)?)));
            pair.is_some_and(|(one, other)| !self.parted[at] && one.is_alphanumeric() && other.is_alphanumeric())
        };
        let numbers_match = |start: usize| {
            (1..long).all(|at| {
                let digits = name.letters[at - 1].is_numeric() && name.letters[at].is_numeric();
                !digits || name.parted[at] == self.parted[start + at]
            })
        };
        let starts =
            self.letters.windows(long.max(1)).enumerate().filter(|(_, window)| *window == name.letters.as_slice());
        let whole = starts.map(|(start, _)| start..start + long);
        whole.filter(|at| !goes_on(at.start) && !goes_on(at.end) && numbers_match(at.start)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strays<'t>(names: &[&str], texts: &[&'t str]) -> Vec<&'t str> {
        let mut known = Names(BTreeSet::new());
        known.add(names.iter().copied());
        known.apart_from(texts, &Marks::default())
    }

    #[test]
    fn a_numeral_in_a_name_is_no_number() {
        assert_eq!(strays(&["P7", "P12"], &["P7", "P12", "41"]), ["41"]);
        assert_eq!(strays(&["P7"], &["Highest: P7, 41 persons; P7: 41."]), ["41", "41"]);
        assert_eq!(strays(&["Province of Lake 12"], &["Province of", "Lake 12", "12"]), ["12"]);
        assert_eq!(strays(&["Northern Province 12"], &["North-", "ern Province", "12", "7"]), ["7"]);
        assert_eq!(strays(&["under 18"], &["girls under 18"]), Vec::<&str>::new());
        // Charts in rows write their names from the last line upwards.
        assert_eq!(strays(&["18 and over"], &["persons", "over", "Identified, 18 and", "174"]), ["174"]);
    }

    #[test]
    fn a_name_backs_no_numeral_elsewhere() {
        assert_eq!(strays(&["P7"], &["7"]), ["7"]);
        assert_eq!(strays(&["P7"], &["P 7 persons", "P7a", "XP7", "P77"]), ["7", "7", "77"]);
        assert_eq!(strays(&["P12"], &["P1", "2"]), ["1", "2"]);
        assert_eq!(strays(&["12 Hills"], &["112 Hills"]), ["112"]);
        assert_eq!(strays(&["P7"], &["41 P7 41"]), ["41", "41"]);
        assert_eq!(strays(&["12", "P7"], &["12", "P7"]), ["12"]);
    }
}
