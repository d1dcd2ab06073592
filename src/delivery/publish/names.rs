//! Names with digits in a drawing or its alternative text: `P7`, `under 18`. A name accounts for a numeral only where the whole
//! name is printed, possibly across line breaks, and for no other numeral.

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

use crate::project::Project;
use crate::project::text::{Marks, is_only_a_number};

/// Names that contain digits: those of a whole project are thousands, so they are looked up by their letters.
#[derive(Default)]
pub(super) struct Names {
    known: HashMap<Vec<char>, BTreeSet<Vec<bool>>>,
    /// How many letters they have.
    lengths: BTreeSet<usize>,
}

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
        let mut names = Self::default();
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
        for Squeezed { letters, parted } in numbered.map(|name| Squeezed::of(&[name.trim()])) {
            self.lengths.insert(letters.len());
            self.known.entry(letters).or_default().insert(parted);
        }
    }

    /// The numerals of consecutive texts, read downwards or upwards, except those inside a name of either.
    pub(super) fn apart_from<'t>(names: [&Self; 2], texts: &[&'t str], marks: &Marks) -> Vec<&'t str> {
        let upwards: Vec<&str> = texts.iter().rev().copied().collect();
        let numbered = |names: &Self| [names.numbered(texts, marks), names.numbered(&upwards, marks)].concat();
        let named = names.map(numbered).concat();
        let all = texts.iter().flat_map(|text| marks.numerals(text));
        all.filter(|numeral| !named.iter().any(|other| std::ptr::eq(*other, *numeral))).collect()
    }

    /// The numerals inside a name.
    fn numbered<'t>(&self, texts: &[&'t str], marks: &Marks) -> Vec<&'t str> {
        let all = Squeezed::of(texts);
        let named: Vec<Range<usize>> = self.lengths.iter().flat_map(|long| all.places(*long, &self.known)).collect();
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

    /// Where whole names of so many letters are: no letter or digit directly before or after, and their numbers separated as
    /// declared.
    fn places(&self, long: usize, names: &HashMap<Vec<char>, BTreeSet<Vec<bool>>>) -> Vec<Range<usize>> {
        let goes_on = |at: usize| {
            let pair = at.checked_sub(1).and_then(|before| Some((self.letters.get(before)?, self.letters.get(at)?)));
            pair.is_some_and(|(one, other)| !self.parted[at] && one.is_alphanumeric() && other.is_alphanumeric())
        };
        let numbers_match = |letters: &[char], parted: &[bool], start: usize| {
            (1..long).all(|at| {
                let digits = letters[at - 1].is_numeric() && letters[at].is_numeric();
                !digits || parted[at] == self.parted[start + at]
            })
        };
        let is_name = |(start, letters): &(usize, &[char])| {
            let known = names.get(*letters).filter(|_| !goes_on(*start) && !goes_on(start + long));
            known.is_some_and(|known| known.iter().any(|parted| numbers_match(letters, parted, *start)))
        };
        let windows = self.letters.windows(long.max(1)).enumerate();
        windows.filter(is_name).map(|(start, _)| start..start + long).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strays<'t>(names: &[&str], texts: &[&'t str]) -> Vec<&'t str> {
        let mut known = Names::default();
        known.add(names.iter().copied());
        Names::apart_from([&known, &Names::default()], texts, &Marks::default())
    }

    /// Where a whole name is, letter by letter.
    fn searched(all: &Squeezed, name: &Squeezed) -> Vec<Range<usize>> {
        let long = name.letters.len();
        let goes_on = |at: usize| {
            let joined = at > 0 && at < all.letters.len() && !all.parted[at];
            joined && all.letters[at - 1].is_alphanumeric() && all.letters[at].is_alphanumeric()
        };
        let apart = |start: usize, at: usize| {
            let number = at > 0 && name.letters[at - 1].is_numeric() && name.letters[at].is_numeric();
            number && name.parted[at] != all.parted[start + at]
        };
        let starts = (0..all.letters.len().saturating_sub(long - 1)).filter(|start| {
            let same = all.letters[*start..start + long] == name.letters;
            same && !goes_on(*start) && !goes_on(start + long) && !(0..long).any(|at| apart(*start, at))
        });
        starts.map(|start| start..start + long).collect()
    }

    #[test]
    fn names_are_found_by_their_letters_as_they_are_one_by_one() {
        use proptest::prelude::*;
        let text = || "[aA1٢ -]{0,12}";
        crate::project::text::anything::hold(3000, (text(), prop::collection::vec(text(), 1..5)), |(text, words)| {
            let mut names = Names::default();
            names.add(words.iter().map(String::as_str));
            let all = Squeezed::of(&[&text]);
            let found: BTreeSet<(usize, usize)> = names
                .lengths
                .iter()
                .flat_map(|long| all.places(*long, &names.known))
                .map(|range| (range.start, range.end))
                .collect();
            let numbered = words.iter().filter(|word| word.contains(char::is_numeric) && !is_only_a_number(word));
            let slow = numbered.flat_map(|word| searched(&all, &Squeezed::of(&[word.trim()])));
            prop_assert_eq!(found, slow.map(|range| (range.start, range.end)).collect());
            Ok(())
        });
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
