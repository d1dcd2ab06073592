//! A query: a figure's id, an indicator with a period and codes, a number, or a number as it is printed.

use std::collections::BTreeMap;

use crate::disclosure::protect::{Lookup, Release, ReleasedCell};
use crate::project::declaration::nearest;
use crate::project::text::{is_year, numerals};
use crate::value::Value;
use crate::value::period::Period;

/// A parsed query.
pub struct Query {
    text: String,
    form: Form,
}

enum Form {
    /// `<ISO3>/<indicator>:2007:sex=female`.
    Id(String),
    /// `<ISO3>/<indicator> year=2007 sex=female`; without a period, every period.
    Cells { country: String, indicator: String, period: Option<Period>, codes: BTreeMap<String, String> },
    /// `23`, `1,680`, `6.50`.
    Number(String),
    /// `about 1,100`, `fewer than five`, `1 100 personnes`, `6,5`.
    Printed,
}

/// The error that a query has no answer.
#[derive(Debug)]
pub struct Nothing {
    message: String,
}

impl Nothing {
    /// The error in words, its hint on a line of its own.
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into() }
    }
}

impl std::fmt::Display for Nothing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Nothing {}

impl Query {
    /// Reads the words of a command line.
    ///
    /// # Errors
    /// [`Nothing`], if they are not a query.
    pub fn read(words: &[String]) -> Result<Self, Nothing> {
        let text = words.join(" ");
        let (first, rest) = words.split_first().ok_or_else(|| misread(&text))?;
        let form = match first.split_once('/') {
            Some((_, id)) if id.contains(':') && rest.is_empty() => Form::Id(first.clone()),
            Some((country, indicator)) if !indicator.contains(':') => cells(country, indicator, rest)?,
            None if rest.is_empty() && is_number(first) && is_one(first) => Form::Number(bare(first)),
            None if is_printed(&words.iter().flat_map(|word| word.split_whitespace()).collect::<Vec<_>>()) => {
                Form::Printed
            }
            _ => return Err(misread(&text)),
        };
        Ok(Self { text, form })
    }

    /// The query as it was typed.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The number asked for, if it is one.
    #[must_use]
    pub fn numeral(&self) -> Option<&str> {
        match &self.form {
            Form::Number(number) => Some(number),
            _ => None,
        }
    }

    /// Whether it asks for a number by how it is printed, in whichever language.
    #[must_use]
    pub(super) fn is_by_print(&self) -> bool {
        matches!(self.form, Form::Number(_) | Form::Printed)
    }

    /// Whether the number may be a year, which needs no figure behind it.
    #[must_use]
    pub fn is_year(&self) -> bool {
        self.numeral().is_some_and(is_year)
    }

    /// The released figures that are asked for, without those with late cases.
    #[must_use]
    pub fn figures<'r>(&self, release: &'r Release) -> Vec<&'r ReleasedCell> {
        match self.lookup(release) {
            Some(Lookup::Found(cell)) => vec![cell],
            _ => release.all().filter(|cell| self.is_of(cell)).collect(),
        }
    }

    /// The cell for an indicator and a period, looked up as for prose: for a stock, the latest date of a year.
    pub(super) fn lookup<'r>(&self, release: &'r Release) -> Option<Lookup<'r>> {
        let Form::Cells { country, indicator, period: Some(period), codes } = &self.form else { return None };
        Some(release.country(country)?.lookup(indicator, period, codes))
    }

    /// Whether a cell is among the figures asked for, where the query may match several.
    pub(super) fn is_of(&self, cell: &ReleasedCell) -> bool {
        match &self.form {
            Form::Id(id) => &cell.id == id,
            Form::Cells { country, indicator, period: None, codes } => {
                let own = cell.id.strip_prefix(country.as_str()).is_some_and(|rest| rest.starts_with('/'));
                own && &cell.indicator == indicator && (codes.is_empty() || &cell.codes == codes)
            }
            // Only a project has the words of its languages.
            Form::Cells { .. } | Form::Printed => false,
            Form::Number(number) => {
                let is = |value: &Value| numerals(&value.plain()).any(|numeral| same(numeral, number));
                cell.readings().iter().any(|(value, _)| is(value))
                    || cell.alternatives.iter().any(|other| is(&other.value))
            }
        }
    }

    /// The error, with a hint, if nothing was found.
    #[must_use]
    pub fn nothing(&self, release: &Release) -> Nothing {
        let ids: Vec<&str> = release.all().map(|cell| cell.id.as_str()).collect();
        if let Some(Lookup::Touching(cells)) = self.lookup(release) {
            let periods: Vec<String> = cells.iter().map(|cell| format!("period={}", cell.period.text())).collect();
            let message = format!("no figure for `{}`; there are figures for overlapping periods", self.text);
            return Nothing {
                message: format!("{message}\n  = hint: use one of these periods: {}", periods.join(" or ")),
            };
        }
        let hint = match &self.form {
            Form::Number(_) => "no released figure and no marked text contains this number".to_owned(),
            Form::Printed => {
                "no figure is printed so in any language of the project; ask for its number alone".to_owned()
            }
            Form::Id(_) => near(&self.text, ids.iter().copied()),
            Form::Cells { country, indicator, .. } => {
                let asked = format!("{country}/{indicator}");
                let known: Vec<&str> = ids.iter().filter_map(|id| id.split(':').next()).collect();
                let periods = ids.iter().filter(|id| id.split(':').next() == Some(&asked));
                let periods: Vec<&str> = periods.copied().collect();
                if periods.is_empty() {
                    near(&asked, known.into_iter())
                } else {
                    near(&self.text.replace([' ', '='], ":"), periods.into_iter())
                }
            }
        };
        Nothing { message: format!("no figure for `{}`\n  = hint: {hint}", self.text) }
    }
}

fn near<'c>(asked: &str, known: impl Iterator<Item = &'c str>) -> String {
    let known: Vec<&str> = known.collect();
    match nearest(asked, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => match known.as_slice() {
            [] => "no figure was found".to_owned(),
            [first, ..] => format!("an id is written like `{first}`"),
        },
    }
}

fn misread(text: &str) -> Nothing {
    let hint = "ask for a figure (`<ISO3>/<indicator>:2007`), an indicator (`<ISO3>/<indicator> year=2007`), a number (`23`) or a number as it is printed (`about 1,100`)";
    Nothing { message: format!("cannot read the query `{text}`\n  = hint: {hint}") }
}

fn cells(country: &str, indicator: &str, rest: &[String]) -> Result<Form, Nothing> {
    let (mut period, mut codes) = (None, BTreeMap::new());
    for word in rest {
        let (key, value) = word.split_once('=').ok_or_else(|| misread(word))?;
        if key == "year" || key == "period" {
            let read = Period::parse(value).map_err(|reason| Nothing { message: reason })?;
            period = Some(read);
        } else {
            codes.insert(key.to_owned(), value.to_owned());
        }
    }
    codes.retain(|_, code| code != crate::project::schema::TOTAL);
    Ok(Form::Cells { country: country.to_owned(), indicator: indicator.to_owned(), period, codes })
}

fn is_number(word: &str) -> bool {
    let mark = |c: char| matches!(c, ',' | '.') || GROUPING.contains(&c);
    word.starts_with(|c: char| c.is_numeric()) && word.chars().all(|c| c.is_numeric() || mark(c))
}

/// Whether it is one number in English; `6,5` is one in other languages only.
fn is_one(word: &str) -> bool {
    numerals(word).count() == 1
}

/// Whether words may be a number as it is printed: with a digit or of several words, and not just several numbers, unless these
/// are one whose digits are grouped by blanks.
fn is_printed(words: &[&str]) -> bool {
    let digits = |word: &&str| word.chars().all(char::is_numeric);
    let grouped = words.iter().skip(1).all(|word| digits(word) && word.chars().count() == 3);
    let apart = words.len() > 1 && words.iter().all(|word| is_number(word));
    let holds = words.len() > 1 || words.iter().any(|word| word.contains(char::is_numeric));
    holds && (!apart || grouped) && !words.iter().any(|word| word.contains(['/', '=']))
}

/// The spaces that group digits in some languages.
const GROUPING: [char; 3] = ['\u{a0}', '\u{2009}', '\u{202f}'];

/// A number without grouping marks.
fn bare(word: &str) -> String {
    word.replace([',', GROUPING[0], GROUPING[1], GROUPING[2]], "")
}

/// Whether two numbers are equal, apart from zeros at the end.
fn same(one: &str, other: &str) -> bool {
    one == other
        || one.parse::<f64>().ok().zip(other.parse::<f64>().ok()).is_some_and(|(a, b)| a.to_bits() == b.to_bits())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(words: &[&str]) -> Result<Query, Nothing> {
        Query::read(&words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn a_query_is_an_id_an_indicator_or_a_number() {
        assert!(matches!(read(&["XXA/arrests:2007:sex=female"]).map(|q| q.form), Ok(Form::Id(_))));
        assert!(matches!(read(&["XXA/arrests", "year=2007"]).map(|q| q.form), Ok(Form::Cells { .. })));
        assert!(matches!(read(&["1,680"]).map(|q| q.form), Ok(Form::Number(n)) if n == "1680"));
        for printed in [&["about 1,100"][..], &["about", "1,100"], &["fewer", "than", "five"], &["1", "100"], &["6,5"]]
        {
            assert!(matches!(read(printed).map(|q| q.form), Ok(Form::Printed)), "{printed:?} may be printed");
        }
        for wrong in [&["arrests"][..], &[], &["XXA/arrests", "2007"], &["XXA/arrests", "year=2007-13"], &["23", "24"]]
        {
            assert!(read(wrong).is_err(), "{wrong:?} is no query");
        }
    }

    #[test]
    fn zeros_at_the_end_are_no_difference() {
        assert!(same("6.50", "6.5") && same("23", "23") && !same("23", "24"));
    }

    #[test]
    fn any_text_may_be_asked() {
        use crate::project::text::anything::{anything, hold};
        hold(1000, proptest::collection::vec(anything(), 0..4), |words| {
            let dated = [format!("XXA/{}", words.concat()), format!("year={}", words.concat())];
            for words in [&words[..], &dated] {
                let numeral =
                    Query::read(words).map(|query| query.numeral().is_none_or(|n| n.contains(char::is_numeric)));
                proptest::prop_assert!(numeral.unwrap_or(true), "{words:?}");
            }
            Ok(())
        });
    }
}
