//! Corrections, as officers declare them in `data/corrections.toml`: which figures were printed wrongly, as what, and why. Documents
//! and the page on the web print them, and `send --correction` mails the reason.

use std::sync::Arc;

use chrono::NaiveDate;

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Source, Span};
use crate::project::declaration::keys::{self, Holds, Key, Keys, Text};
use crate::project::declaration::{Declaration, Located, Scalar, Shape};
use crate::value::period::Period;
use crate::value::{Qualifier, Value};

/// The keys of `data/corrections.toml`.
pub static CORRECTIONS: Keys = Keys::of(
    "data/corrections.toml",
    "Which figures were printed wrongly, and why. Documents and the page on the web tell of it, and `send --correction` tells who got them.",
    &[keys::tables("corrections", &CORRECTION).says("Figures that were wrong for one reason.")],
);

static CORRECTION: Keys = Keys::of(
    "[[corrections]]",
    "Figures that were wrong for one reason.",
    &[
        keys::key("date", Holds::Day).must().says("The day on which they are corrected.").example("2026-11-30"),
        keys::table("was", &WAS).must().says("Each figure, and what was printed of it."),
        keys::table("reason", &REASON).must().says("Why, in the language of every document that was sent."),
    ],
);

static WAS: Keys = Keys::of("was = { … }", "Each figure, and what was printed of it.", &[]).further(&PRINTED).some();

const PRINTED: Key = keys::key("<figure>", Holds::Either(&[Holds::Text(Text::Any), Holds::Integer(None, None)]))
    .says(
        "What was printed of the figure of this id, as `tipbrief diff` writes it: `32`, `at least 12`, `23 or 25`, `not reported`, a code of \
         a rating; `withheld` where it may not be printed again.",
    )
    .example("\"32\"");

static REASON: Keys = Keys::of("reason = { … }", "Why, by language.", &[]).further(&SENTENCE).some();

const SENTENCE: Key = keys::text("<language>")
    .says("The reason in the language of this code: a sentence without a number.")
    .example("\"A row counted cases, not persons.\"");

/// One correction: what was wrong for one reason.
#[derive(Debug, Clone)]
pub struct Correction {
    /// Its place in the file.
    pub span: Span,
    /// The day on which it is made.
    pub date: Period,
    /// The figures, each with what was printed of it.
    pub figures: Vec<Wrong>,
    /// The reason, by language.
    pub reasons: Vec<(Located<String>, Located<String>)>,
}

/// A figure that was printed wrongly.
#[derive(Debug, Clone)]
pub struct Wrong {
    /// Its id, as `explain` and `diff` name it: `LAO/persons_arrested:2007`.
    pub id: Located<String>,
    /// What was printed of it, as `diff` writes it: `32`, `at least 12`, `23 or 25`, `not reported`.
    pub was: Located<String>,
}

/// What was printed of a figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Was {
    /// Its values, the first-ranked first.
    Values(Vec<(Value, Qualifier)>),
    /// No value: the code of a state.
    State(&'static str),
}

/// The states that a figure without a value can be in.
const STATES: [&str; 3] = ["not_reported", "not_applicable", WITHHELD];
/// What stands for a number that must not be printed again.
pub const WITHHELD: &str = "withheld";
/// Stands for a day that cannot be read, which is a fault.
const UNKNOWN_DAY: &str = "1900-01-01";
/// What separates the values of sources that contradict each other.
const OR: &str = " or ";

impl Wrong {
    /// The country whose figure it is.
    #[must_use]
    pub fn country(&self) -> &str {
        self.id.value.split('/').next().unwrap_or_default()
    }

    /// What was printed; none if that cannot be read. Any word is taken for the code of a rating.
    #[must_use]
    pub fn printed(&self) -> Option<Was> {
        let text = self.was.value.trim();
        if let Some(state) = STATES.into_iter().find(|state| state.replace('_', " ") == text) {
            return Some(Was::State(state));
        }
        let values: Option<Vec<_>> = text.split(OR).map(reading).collect();
        values.filter(|values| !values.is_empty()).map(Was::Values)
    }

    /// Whether the earlier number is one that must not be printed again.
    #[must_use]
    pub fn is_withheld(&self) -> bool {
        self.printed() == Some(Was::State(WITHHELD))
    }
}

/// One value with its qualifier: `at least 12`.
fn reading(text: &str) -> Option<(Value, Qualifier)> {
    let qualifiers = [Qualifier::Approximate, Qualifier::AtLeast, Qualifier::AtMost];
    let text = text.trim();
    let qualified = qualifiers.into_iter().find_map(|qualifier| {
        Some((text.strip_prefix(&qualifier.code().replace('_', " "))?.strip_prefix(' ')?, qualifier))
    });
    let (number, qualifier) = qualified.unwrap_or((text, Qualifier::Exact));
    let number = number.trim();
    let value = match number.parse::<i64>() {
        Ok(count) => Value::Count(count),
        Err(_) if number.parse::<f64>().is_ok_and(f64::is_finite) => Value::Decimal(number.to_owned()),
        Err(_) => Value::Code(number.to_owned()),
    };
    let word = matches!(value, Value::Code(_));
    let sound =
        !number.is_empty() && !(word && (qualifier != Qualifier::Exact || number.contains(char::is_whitespace)));
    sound.then_some((value, qualifier))
}

impl Correction {
    /// The reason in a language.
    #[must_use]
    pub fn reason(&self, language: &str) -> Option<&Located<String>> {
        self.reasons.iter().find(|(known, _)| known.value == language).map(|(_, reason)| reason)
    }

    /// The day.
    #[must_use]
    pub fn day(&self) -> NaiveDate {
        self.date.start()
    }

    /// The corrections of a file, in the order of their days.
    pub fn parse(source: &Arc<Source>, diagnostics: &mut Diagnostics) -> Vec<Self> {
        let mut file = Declaration::parse(&CORRECTIONS, source, diagnostics);
        let mut read: Vec<Self> = file.tables("corrections", Self::read).into_iter().flatten().collect();
        file.finish();
        read.sort_by_key(Self::day);
        read
    }

    fn read(mut table: Declaration<'_>) -> Option<Self> {
        let span = table.span();
        let written = table.has("date");
        let day = table.day("date");
        if !written {
            table.fault(missing(&span, "date", "date = 2026-11-30"));
        }
        let date = day.and_then(|day| {
            let date = a_day(&day.value);
            if date.is_none() {
                let message = format!("`{}` is not a day", day.value);
                table.fault(Diagnostic::error(Code::PeriodError, day.span, message).hint("write it as 2026-11-30"));
            }
            date
        });
        let figures = pairs(&mut table, ("was", true), "words in quotes, as it was printed, or a whole number");
        if figures.is_empty() && table.key("was").is_none() {
            table.fault(missing(&span, "was", "was = { \"COUNTRY/INDICATOR:PERIOD\" = \"41\" }"));
        }
        let reasons = pairs(&mut table, ("reason", false), "a sentence in quotes");
        if reasons.is_empty() {
            table.fault(missing(&span, "reason", "reason = { en = \"…\" }"));
        }
        let figures: Vec<Wrong> = figures.into_iter().map(|(id, was)| Wrong { id, was }).collect();
        let unread: Vec<Diagnostic> =
            figures.iter().filter(|wrong| wrong.printed().is_none()).map(unreadable).collect();
        unread.into_iter().for_each(|fault| table.fault(fault));
        table.finish();
        // What else is wrong with it is found all the same.
        let date = date.or_else(|| a_day(UNKNOWN_DAY))?;
        Some(Self { span, date, figures, reasons })
    }
}

/// A period that is one day.
fn a_day(text: &str) -> Option<Period> {
    let period = Period::parse(text).ok()?;
    (period.start() == period.end()).then_some(period)
}

/// The keys of a table inside a correction, each with its text; where numbers are taken, a whole one counts as its digits.
fn pairs(
    table: &mut Declaration<'_>,
    (key, numbers): (&'static str, bool),
    wanted: &str,
) -> Vec<(Located<String>, Located<String>)> {
    let Some(mut inner) = table.table(key) else { return Vec::new() };
    let (mut read, mut faults) = (Vec::new(), Vec::new());
    // A number with decimals would lose the last of them.
    let is_whole = |number: &str| numbers && number.parse::<i64>().is_ok();
    inner.each(|name, shape| match shape {
        Shape::Scalar(Located { value: Scalar::Text(value), span }) => read.push((name, Located { value, span })),
        Shape::Scalar(Located { value: Scalar::Number(value), span }) if is_whole(&value) => {
            read.push((name, Located { value, span }));
        }
        Shape::Scalar(Located { span, .. }) => faults.push((name.value, span)),
        Shape::List(_) | Shape::Table(_) => faults.push((name.value, name.span)),
    });
    for (name, span) in faults {
        inner.fault(Diagnostic::error(Code::InvalidValue, span, format!("`{name}` must be {wanted}")));
    }
    inner.finish();
    read
}

fn missing(span: &Span, key: &str, line: &str) -> Diagnostic {
    let message = format!("the key `{key}` is missing or empty");
    Diagnostic::error(Code::MissingField, span.clone(), message).hint(format!("add a line `{line}`"))
}

fn unreadable(wrong: &Wrong) -> Diagnostic {
    let message = format!("`{}` is not what is printed of a figure", wrong.was.value);
    let hint = "write it as `tipbrief diff` does: `41`, `at least 41`, `23 or 25`, `not reported`";
    Diagnostic::error(Code::InvalidValue, wrong.was.span.clone(), message).hint(hint)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Vec<Correction>, Vec<String>) {
        let source = Arc::new(Source::new("data/corrections.toml", text.as_bytes().to_vec()));
        let mut found = Diagnostics::default();
        let read = Correction::parse(&source, &mut found);
        (read, found.sorted().iter().map(|fault| fault.message.to_string()).collect())
    }

    #[test]
    fn what_was_printed_is_read_as_diff_writes_it() {
        let was = |text: &str| {
            let at = Span::start_of(&Arc::new(Source::new("x", Vec::new())));
            let located = |value: &str| Located { value: value.to_owned(), span: at.clone() };
            Wrong { id: located("XXA/a:2023"), was: located(text) }.printed()
        };
        let count = |number, qualifier| (Value::Count(number), qualifier);
        assert_eq!(was("41"), Some(Was::Values(vec![count(41, Qualifier::Exact)])));
        assert_eq!(was("at least 12"), Some(Was::Values(vec![count(12, Qualifier::AtLeast)])));
        let both = vec![count(23, Qualifier::Exact), count(25, Qualifier::Approximate)];
        assert_eq!(was("23 or approximate 25"), Some(Was::Values(both)));
        assert_eq!(was("6.50"), Some(Was::Values(vec![(Value::Decimal("6.50".into()), Qualifier::Exact)])));
        assert_eq!(was("2WL"), Some(Was::Values(vec![(Value::Code("2WL".into()), Qualifier::Exact)])));
        assert_eq!(
            (was("not reported"), was("withheld")),
            (Some(Was::State("not_reported")), Some(Was::State(WITHHELD)))
        );
        assert_eq!((was(""), was("41 persons"), was("at least many"), was("41 or ")), (None, None, None, None));
    }

    #[test]
    fn a_correction_says_when_what_and_why() {
        let whole =
            "[[corrections]]\ndate = 2026-11-30\nwas = { \"XXA/a:2023\" = 41 }\nreason = { en = \"A slip.\" }\n";
        let (read_whole, faults) = read(whole);
        assert_eq!((read_whole.len(), faults), (1, Vec::new()));
        assert_eq!(read_whole[0].reason("en").map(|reason| reason.value.as_str()), Some("A slip."));
        assert_eq!(read_whole[0].figures[0].country(), "XXA");
        let (_, faults) = read("[[corrections]]\n");
        assert_eq!(faults.len(), 3, "{faults:?}");
        let (_, faults) = read(&whole.replace("2026-11-30", "\"2026-11\"").replace("41", "\"41 of us\""));
        assert_eq!(faults, ["`2026-11` is not a day", "`41 of us` is not what is printed of a figure"]);
    }
}
