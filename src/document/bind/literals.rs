//! Finds literals that are figures: a literal with the number of a figure, before a noun of its unit, would be printed without a
//! source and would not follow a change in the table.

use std::ops::Range;

use super::numbers::Found;
use super::resolve::Resolver;
use super::written::{Numeral, Written};
use crate::diagnostic::Code;
use crate::disclosure::protect::ReleasedCell;
use crate::project::text::{Text, digit};

/// The counted noun is at most this many words after the number.
const AHEAD: usize = 3;
/// A word for age counts if it is at most this many words before the number.
const BEFORE: usize = 2;
/// Marks that end a clause.
const STOPS: [char; 11] = ['.', ',', ';', ':', '!', '?', ')', '—', '–', '…', '|'];
/// Opening brackets; the counted noun may be in brackets: "41 (persons)".
const OPENS: [char; 2] = ['(', '['];

/// A piece of running text.
#[derive(Debug, Clone, PartialEq)]
enum Token {
    /// A word in lower case.
    Word(String),
    /// A number of a literal.
    Number(Number),
    /// The end of a clause, or a call that prints something.
    Stop,
}

/// A number of a literal: its place, the numbers it can be read as, and whether it is a year.
#[derive(Debug, Clone, PartialEq)]
struct Number {
    range: Range<usize>,
    readings: Vec<String>,
    year: bool,
}

/// The running text of a paragraph, with and without its literals.
#[derive(Default)]
pub(super) struct Running {
    tokens: Vec<Token>,
}

/// A literal number before a counted noun: its place, the numbers it can be read as, the noun, and the units of the noun.
pub(super) struct Counted {
    pub(super) range: Range<usize>,
    pub(super) readings: Vec<String>,
    pub(super) noun: String,
    pub(super) units: Vec<String>,
}

impl Running {
    /// Marks the place of something that is not read.
    pub(super) fn stop(&mut self) {
        self.tokens.push(Token::Stop);
    }

    /// Adds plain text; its numbers are checked elsewhere.
    pub(super) fn text(&mut self, text: &str, language: &Text) {
        self.words(text, language);
    }

    /// Adds the text of a literal.
    pub(super) fn literal(&mut self, literal: &Written, language: &Text) {
        let mut from = 0;
        for Numeral { range, readings, year, .. } in literal.numerals(language.marks()) {
            self.words(literal.text.get(from..range.start).unwrap_or_default(), language);
            from = range.end;
            self.tokens.push(Token::Number(Number { range: literal.place(&range), readings, year }));
        }
        let first = self.tokens.len();
        self.words(literal.text.get(from..).unwrap_or_default(), language);
        for token in &mut self.tokens[first..] {
            // A number in words counts as a number, too.
            let Token::Word(word) = token else { continue };
            if let Some(number) = language.number_of(word) {
                let range = literal.place(&(0..literal.text.len()));
                *token = Token::Number(Number { range, readings: vec![number.to_string()], year: false });
            }
        }
    }

    fn words(&mut self, text: &str, language: &Text) {
        let parts = |c: char| c.is_whitespace() || matches!(c, '\u{200b}' | '’' | '\'');
        let text = text.replace(OPENS, " ");
        for part in language.breakable(&text).split(parts) {
            for (at, piece) in part.split(STOPS).enumerate() {
                if at > 0 {
                    self.tokens.push(Token::Stop);
                }
                let word = piece
                    .trim_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '°' | '%' | '€' | '$'))
                    .to_lowercase();
                if !word.is_empty() {
                    self.tokens.push(Token::Word(word));
                }
            }
        }
    }

    /// The literal numbers before counted nouns in the text so far; `limits` are the ages at which age groups begin and end.
    pub(super) fn finish(&mut self, language: &Text, limits: &[u32]) -> Vec<Counted> {
        let tokens = std::mem::take(&mut self.tokens);
        let mut exempt = vec![false; tokens.len()];
        let mut found = Vec::new();
        for (at, token) in tokens.iter().enumerate() {
            let Token::Number(number) = token else { continue };
            exempt[at] = is_exempt(&tokens[..at], &tokens[at + 1..], number, language, limits)
                || at >= 2 && matches!(tokens[at - 1], Token::Word(_)) && exempt[at - 2];
            let noun = noun(&tokens[at + 1..], language).filter(|_| !exempt[at]);
            found.extend(noun.map(|(noun, units)| Counted {
                range: number.range.clone(),
                readings: number.readings.clone(),
                noun: noun.to_owned(),
                units,
            }));
        }
        found
    }
}

/// The counted noun after a number, with its units; none if the number continues in words, such as "million".
fn noun<'t>(after: &'t [Token], language: &Text) -> Option<(&'t str, Vec<String>)> {
    for token in after.iter().take(AHEAD) {
        let Token::Word(word) = token else { return None };
        let units: Vec<String> = language.units_of(word).map(str::to_owned).collect();
        if !units.is_empty() {
            return Some((word, units));
        }
        // It counts something else: millions, square metres, per cent.
        if language.is_number_word(word) || word.contains(|c: char| c.is_numeric() || matches!(c, '%' | '€' | '$')) {
            return None;
        }
    }
    None
}

/// Whether a number is a year, an article of law, or an age.
fn is_exempt(before: &[Token], after: &[Token], number: &Number, language: &Text, limits: &[u32]) -> bool {
    let word = |token: Option<&Token>| match token {
        Some(Token::Word(word)) => Some(word.clone()),
        _ => None,
    };
    let last = before.last();
    // The full stop may belong to an abbreviation: "Art. 23".
    let abbreviated = (last == Some(&Token::Stop)).then(|| before.len().checked_sub(2).and_then(|at| before.get(at)));
    let legal = word(last).or_else(|| word(abbreviated.flatten())).is_some_and(|word| language.is_legal(&word));
    let near = before.iter().rev().take(BEFORE).take_while(|token| matches!(token, Token::Word(_)));
    let aged = near.filter_map(|token| word(Some(token))).any(|word| language.is_age(&word));
    let years = word(after.first()).is_some_and(|word| language.is_age(&word));
    let limit = number.readings.iter().any(|number| number.parse().is_ok_and(|number| limits.contains(&number)));
    let limited = limit && word(last).is_some_and(|word| language.is_age_limit(&word));
    number.year || legal || aged || years || limited
}

impl Resolver<'_, '_> {
    /// Warns of literals with the number of a figure before a noun of its unit.
    pub(super) fn literals(&mut self, running: &mut Running, language: &Text) {
        let found = running.finish(language, self.numbers.age_limits());
        for Counted { range, readings, noun, units } in found {
            let counts = |cell: &ReleasedCell| {
                let unit = self.project.indicator(&cell.indicator).map(|indicator| indicator.unit.as_str());
                unit.is_some_and(|unit| units.iter().any(|known| known == unit))
            };
            let figure = |number: &String| Some((number.clone(), self.numbers.find(number, counts)?));
            if let Some((number, known)) = readings.iter().find_map(figure) {
                let message = format!("`{number}` before `{noun}` is a figure in the tables, not a literal");
                let hint = known.hint();
                self.warning(Code::UnboundNumber, range, message, &hint);
            }
        }
    }

    /// Reports a numeral typed directly into prose; the hint gives the call that prints it, if the data has this value.
    pub(super) fn unbound(&mut self, numeral: &str, range: Range<usize>) {
        let plain: String = numeral.chars().map(|c| digit(c).unwrap_or(c)).filter(char::is_ascii_digit).collect();
        let hint = match self.numbers.find(&plain, |_| true) {
            Some(known) => known.hint(),
            None => format!(
                "no figure has this value: enter it in the tables and print it with `#n(…)`; write a year, a date or an \
                 article of law as `#lit[{numeral}]`"
            ),
        };
        self.fault(Code::UnboundNumber, range, format!("the number `{numeral}` is bound to no figure"), Some(hint));
    }
}

impl Found<'_> {
    fn hint(&self) -> String {
        match self {
            Self::First(cell) => format!("the data has it: print it with `{}` and its source", call(cell)),
            Self::Other(cell) => {
                format!("another source gives it for `{}`, whose note prints it with its source", call(cell))
            }
        }
    }
}

/// The call that prints a figure.
pub(super) fn call(cell: &ReleasedCell) -> String {
    let codes: String = cell.codes.iter().map(|(dimension, code)| format!(", {dimension}: \"{code}\"")).collect();
    let period = cell.period.whole_year();
    let period = period.map_or_else(|| format!("period: \"{}\"", cell.period.text()), |year| format!("year: {year}"));
    format!("#n(\"{}\", {period}{codes})", cell.indicator)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::diagnostic::{Diagnostics, Source};

    fn language(name: &str, text: &str) -> Text {
        let source = Arc::new(Source::new(name, text.as_bytes().to_vec()));
        Text::parse(name, &source, &mut Diagnostics::default()).expect("a catalogue")
    }

    /// The numbers found in a text in which literals stand between `[` and `]`.
    fn found(text: &str, language: &Text) -> Vec<String> {
        let mut running = Running::default();
        for (at, part) in text.split(['[', ']']).enumerate() {
            let mut literal = Written::default();
            literal.add(part, 0..part.len());
            if at % 2 == 0 { running.text(part, language) } else { running.literal(&literal, language) }
        }
        let found = running.finish(language, &[15, 18]).into_iter();
        found.map(|counted| format!("{} {}", counted.readings.join("|"), counted.noun)).collect()
    }

    #[test]
    fn a_literal_before_what_is_counted_is_found_across_its_border() {
        let english = language("en", include_str!("../../../data/text/en.toml"));
        let found = |text| found(text, &english);
        for text in
            ["[130] persons", "[130 persons]", "[130 young] Lao persons", "the [130] “persons”", "some [130]\npersons"]
        {
            assert_eq!(found(text), ["130 persons"], "{text}");
        }
        assert_eq!(found("[1,680] women and [23] new cases"), ["1680 women", "23 cases"]);
        assert_eq!(found("[five] victims, [five young Lao women]"), ["5 victims", "5 women"]);
    }

    #[test]
    fn years_laws_ages_and_other_things_are_no_counts() {
        let english = language("en", include_str!("../../../data/text/en.toml"));
        for text in [
            "In [2024] persons were arrested",
            "Under Article [134] persons are tried",
            "Art. [134] persons, Articles [134] and [215] persons",
            "[Article 134] persons",
            "Decree No. [23] victims",
            "girls aged [15] to [17] women",
            "[16] years old girls, [16]-year-old girls",
            "those under [18] women",
            "[6] m² of persons",
            "[130]. Persons",
            "[130], persons",
            "[130] of all of the persons",
            "[3] million persons",
            "[41] % of persons",
        ] {
            assert_eq!(found(text, &english), Vec::<String>::new(), "{text}");
        }
        assert_eq!(found("over [130] women, under [130] women", &english), ["130 women", "130 women"]);
    }

    #[test]
    fn each_language_has_its_nouns() {
        let french = language("fr", include_str!("../../../data/text/fr.toml"));
        assert_eq!(found("[1\u{202f}680] personnes", &french), ["1680 personnes"]);
        assert_eq!(found("l’article [134] personnes, âgées de [15] ans, personnes", &french), Vec::<String>::new());
        let lao = language("lo", include_str!("../../../data/text/lo.toml"));
        assert_eq!(found("ຈັບກຸມ [130] ຄົນ, [໑໓໐] ຄົນ", &lao), ["130 ຄົນ", "130 ຄົນ"]);
        assert_eq!(found("ມາດຕາ [134] ຄົນ, ອາຍຸ [15] ປີ", &lao), Vec::<String>::new());
    }
}
