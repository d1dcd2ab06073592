//! The text of a literal joined into one piece, with the source position of each byte, and the numbers in it.

use std::ops::Range;

use crate::project::text::{Marks, digit, is_year};

/// Characters that group the digits of a number in some language.
const GROUPS: [char; 8] = [' ', '\u{a0}', '\u{202f}', '\u{2009}', ',', '.', '’', '\''];

/// A text joined from several pieces of the source.
#[derive(Default)]
pub(super) struct Written {
    pub(super) text: String,
    /// The source position of each byte of the text.
    places: Vec<usize>,
}

/// A number in a text: its place, the numbers it can be read as, and whether it is a year.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Numeral {
    pub(super) range: Range<usize>,
    pub(super) written: String,
    pub(super) readings: Vec<String>,
    pub(super) year: bool,
}

impl Written {
    /// Adds a piece from a place of the source.
    pub(super) fn add(&mut self, text: &str, place: Range<usize>) {
        let last = place.end.saturating_sub(1).max(place.start);
        self.places.extend((0..text.len()).map(|byte| (place.start + byte).min(last)));
        self.text.push_str(text);
    }

    /// The place in the source of a part of the text.
    pub(super) fn place(&self, part: &Range<usize>) -> Range<usize> {
        let start = self.places.get(part.start).copied().unwrap_or_default();
        let end = part.end.checked_sub(1).and_then(|last| self.places.get(last)).map_or(start, |last| last + 1);
        start..end
    }

    /// The numbers in it. Groups of three digits form one number, whatever separates them.
    pub(super) fn numerals(&self, marks: &Marks) -> Vec<Numeral> {
        let mut found: Vec<Numeral> = grouped(&self.text).into_iter().map(|range| self.numeral(range, marks)).collect();
        let taken: Vec<Range<usize>> = found.iter().map(|numeral| numeral.range.clone()).collect();
        let free = |range: &Range<usize>| !taken.iter().any(|one| one.start < range.end && range.start < one.end);
        for numeral in marks.numerals(&self.text) {
            let whole = self.range(numeral);
            // Where a grouped number begins within it, its digits before that still are a number.
            let parts =
                numeral.split(|c: char| !c.is_numeric()).filter(|part| !part.is_empty()).map(|part| self.range(part));
            let parts = if free(&whole) { vec![whole] } else { parts.filter(free).collect() };
            found.extend(parts.into_iter().map(|range| self.numeral(range, marks)));
        }
        found.sort_by_key(|numeral| numeral.range.start);
        found
    }

    /// Where a part of the text stands in it: both are parts of one allocation.
    fn range(&self, part: &str) -> Range<usize> {
        let start = part.as_ptr().addr() - self.text.as_ptr().addr();
        start..start + part.len()
    }

    fn numeral(&self, range: Range<usize>, marks: &Marks) -> Numeral {
        let written = self.text.get(range.clone()).unwrap_or_default().to_owned();
        let year = is_year(&written);
        let mut readings = vec![european(&marks.plain(&written))];
        let whole: String = european(&written).chars().filter(char::is_ascii_digit).collect();
        if !readings.contains(&whole) && grouped(&written).iter().eq([&(0..written.len())]) {
            readings.push(whole);
        }
        Numeral { range, written, readings, year }
    }
}

/// The text with the digits of every script replaced by European digits.
fn european(text: &str) -> String {
    text.chars().map(|c| digit(c).unwrap_or(c)).collect()
}

/// The places of numbers grouped in threes by one repeated mark: `300 000 000`, `1,680`.
fn grouped(text: &str) -> Vec<Range<usize>> {
    let letters: Vec<(usize, char)> = text.char_indices().collect();
    let digits = |from: usize| letters[from..].iter().take_while(|(_, letter)| letter.is_numeric()).count();
    let letter = |at: usize| letters.get(at).map(|(_, letter)| *letter);
    let place = |at: usize| letters.get(at).map_or(text.len(), |(place, _)| *place);
    let (mut found, mut at) = (Vec::new(), 0);
    while at < letters.len() {
        let first = digits(at);
        if first == 0 {
            at += 1;
            continue;
        }
        let (mut end, mark) = (at + first, letter(at + first).filter(|mark| GROUPS.contains(mark)));
        while mark.is_some() && letter(end) == mark && digits(end + 1) == 3 {
            end += 4;
        }
        // If other than three digits follow the mark, it is a list, a date or a decimal number.
        let on = letter(end).is_some_and(|next| GROUPS.contains(&next)) && end < letters.len() && digits(end + 1) > 0;
        if first <= 3 && end > at + first && !on && letter(at) != Some('0') {
            found.push(place(at)..place(end));
        }
        at = end;
    }
    found
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::project::text::anything::{anything, hold};

    fn written(text: &str) -> Written {
        let mut written = Written::default();
        written.add(text, 0..text.len());
        written
    }

    fn read(text: &str, marks: &Marks) -> Vec<Vec<String>> {
        written(text).numerals(marks).into_iter().map(|numeral| numeral.readings).collect()
    }

    #[test]
    fn grouped_numbers_are_one_number_whatever_groups_them() {
        let french = Marks { group: "\u{202f}".to_owned(), decimal: ",".to_owned() };
        for group in ["\u{202f}", "\u{a0}", " ", "\u{2009}", ",", ".", "’"] {
            let text = format!("au moins 300{group}000{group}000 kips");
            assert!(read(&text, &french)[0].contains(&"300000000".to_owned()), "{text}");
            assert_eq!(read(&text, &french).len(), 1, "{text}");
        }
        assert_eq!(read("1,680", &french), [["1.680", "1680"]]);
        assert_eq!(read("1 680 et 2 024", &french), [["1680"], ["2024"]]);
        assert!(written("2 024").numerals(&french).iter().all(|numeral| !numeral.year));
        assert!(written("2024").numerals(&french).iter().all(|numeral| numeral.year));
    }

    #[test]
    fn lists_and_dates_are_not_grouped() {
        let marks = Marks::default();
        assert_eq!(read("2019 300", &marks), [["2019"], ["300"]]);
        assert_eq!(read("134, 215", &marks), [["134"], ["215"]]);
        assert_eq!(read("24.11.2009", &marks), [["24"], ["11"], ["2009"]]);
        assert_eq!(read("12 345 67", &marks), [["12"], ["345"], ["67"]]);
        assert_eq!(read("6.5", &marks), [["6.5"]]);
        assert_eq!(read("0.125", &marks), [["0.125"]]);
        assert_eq!(read("1 234.1 234", &marks), [["1"], ["234"], ["1234"]]);
    }

    #[test]
    fn a_part_stands_where_its_pieces_stand() {
        let mut written = Written::default();
        for (piece, place) in [("300", 10..13), ("\u{a0}", 13..14), ("000", 14..17)] {
            written.add(piece, place);
        }
        let numerals = written.numerals(&Marks::default());
        let places: Vec<_> = numerals.iter().map(|numeral| written.place(&numeral.range)).collect();
        assert_eq!(places, vec![10..17]);
    }

    #[test]
    fn every_digit_of_any_text_is_in_one_number() {
        let digits = |text: &str| text.chars().filter(|c| c.is_numeric()).collect::<String>();
        hold(1000, anything(), |text| {
            let found: String = written(&text).numerals(&Marks::default()).into_iter().map(|n| n.written).collect();
            prop_assert_eq!(digits(&found), digits(&text));
            Ok(())
        });
    }
}
