//! Excel's language of number formats: what a cell shows, and what that is to the number it holds.
//!
//! The shown text is read back as a person reads it and held against the number: whatever a format does, masks, scales,
//! hides, or adds, it shows there. What is not understood is never taken for plain.

mod code;
mod day;
mod decimal;
mod fraction;
mod layout;

use code::{Section, Token};
use decimal::{Decimal, said};

pub(super) use decimal::ZEROS;

/// A number format.
#[derive(Debug, Clone)]
pub(super) struct NumberFormat {
    /// For numbers: one to three.
    sections: Vec<Section>,
    /// For text; without one it shows as it is.
    text: Option<Section>,
    beyond: bool,
    /// Whether each whole number shows as itself, which most do: they need not be laid out.
    whole_is_plain: bool,
    /// Whether each day shows as itself.
    days_are_plain: bool,
}

/// The largest whole number that every plain format shows in full.
const MOST_WHOLE: f64 = 1e9;

/// What the text that a cell shows is to the number it holds.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Relation {
    /// The same number; only its look differs: separators, zeros at the end, per cent, a colour, brackets for a minus.
    Plain,
    /// Its right rounding, to fewer digits.
    Rounded { shown: String },
    /// Something else: a mask, other text, thousands left out, nothing at all, a sign that is not shown.
    Other { shown: String },
    /// A day or a time, as far as the format shows it.
    Date,
    /// The format is not understood.
    Unknown,
}

impl NumberFormat {
    /// Reads a format's code; none, or an empty one, is `General`.
    pub(super) fn read(code: &str) -> Self {
        let mut sections = if code.trim().is_empty() { code::sections("General") } else { code::sections(code) };
        let beyond = sections.len() > 4;
        // The fourth is for text, and so is the last in which text stands.
        let is_text = |section: &Section| section.has(|token| *token == Token::Text);
        let last_is_text = sections.len() >= 4 || sections.last().is_some_and(is_text);
        let text = last_is_text.then(|| sections.pop()).flatten();
        if sections.is_empty() {
            sections = code::sections("General");
        }
        let whole_is_plain = !beyond
            && sections.iter().all(|section| section.condition.is_none())
            && sections.first().is_some_and(Section::is_plain);
        let days_are_plain = !beyond
            && matches!(sections.as_slice(), [section] if section.condition.is_none() && section.is_plain_day());
        Self { sections, text, beyond, whole_is_plain, days_are_plain }
    }

    /// The text the cell shows, without spaces around it; None where the format is beyond what is understood. A day counts from 1900.
    pub(super) fn shown(&self, value: f64) -> Option<String> {
        let number = Decimal::of(value)?;
        let mut shown = self.choices(value)?.into_iter().map(|choice| choice.shown(&number, value));
        // Where programs differ, they must agree on this number.
        let first = shown.next()??;
        shown.all(|other| other.as_ref() == Some(&first)).then_some(first)
    }

    /// The text that a cell of text shows.
    pub(super) fn shown_text(&self, text: &str) -> Option<String> {
        let Some(section) = &self.text else { return Some(text.to_owned()) };
        if self.beyond || section.beyond {
            return None;
        }
        let shown =
            |token: &Token| if *token == Token::Text { Some(text.to_owned()) } else { layout::fixed_token(token) };
        if section.white { Some(String::new()) } else { section.tokens.iter().map(shown).collect() }
    }

    /// What the text that the cell shows is to the number.
    pub(super) fn relation(&self, value: f64) -> Relation {
        if self.whole_is_plain && value > 0.0 && value < MOST_WHOLE && value.fract() == 0.0 {
            return Relation::Plain;
        }
        if self.days_are_plain
            && value.is_finite()
            && self.sections.first().is_some_and(|section| day::is_day(section, value))
        {
            return Relation::Date;
        }
        let (Some(number), Some(choices)) = (Decimal::of(value), self.choices(value)) else { return Relation::Unknown };
        let is_day = |choice: &Choice<'_>| choice.section.is_plain_day() && day::is_day(choice.section, value);
        if choices.iter().all(is_day) {
            return Relation::Date;
        }
        let Some(shown) = self.shown(value) else { return Relation::Unknown };
        if choices.iter().any(|choice| choice.section.is_day()) {
            return Relation::Other { shown };
        }
        let general = choices.iter().all(|choice| choice.section.has(|token| *token == Token::General));
        compare(shown, &number, general)
    }

    /// The sections that may show a number: one, or two where programs differ. None if it is not understood.
    fn choices(&self, value: f64) -> Option<Vec<Choice<'_>>> {
        if self.beyond {
            return None;
        }
        let negative = value < 0.0;
        let with = |at: usize, sign: bool| self.sections.get(at).map(|section| Choice { section, sign });
        let conditions: Vec<_> = self.sections.iter().map(|section| section.condition).collect();
        let holds = |at: usize| conditions.get(at).copied().flatten().is_some_and(|condition| condition.holds(value));
        let at: Vec<usize> = match conditions.as_slice() {
            [None] => vec![0],
            [Some(_)] if holds(0) => vec![0],
            [Some(_)] => return Some(vec![Choice { section: general_section(), sign: negative }]),
            [None, None] => vec![usize::from(negative)],
            [Some(_), None] => vec![usize::from(!holds(0))],
            [None, Some(_)] if value >= 0.0 => vec![0],
            [_, Some(_)] if holds(0) => vec![0],
            [_, Some(_)] if holds(1) => vec![1],
            [_, Some(_)] => return Some(vec![Choice { section: no_section(), sign: false }]),
            [None, None, None] => vec![if value > 0.0 {
                0
            } else if negative {
                1
            } else {
                2
            }],
            [Some(_), ..] if holds(0) => vec![0],
            [_, Some(_), _] if holds(1) => vec![1],
            [Some(_), Some(_), None] => vec![2],
            [Some(_), None, None] => vec![1, 2],
            [None, Some(_), None] if value > 0.0 => vec![0],
            [None, Some(_), None] => vec![0, 2],
            _ => return None,
        };
        let without_conditions = conditions.iter().all(Option::is_none);
        // The second section writes the sign of a negative number itself. Conditions about signs are read in two ways.
        let signs = match (negative, without_conditions) {
            (false, _) => vec![false],
            (true, true) => vec![at == [0]],
            (true, false) if conditions.iter().flatten().any(|condition| condition.is_about_signs()) => {
                vec![true, false]
            }
            (true, false) => vec![true],
        };
        let pairs = at.iter().flat_map(|at| signs.iter().filter_map(|sign| with(*at, *sign)));
        Some(pairs.collect())
    }
}

/// What cells show to which no section applies.
fn no_section() -> &'static Section {
    static SECTION: std::sync::OnceLock<Section> = std::sync::OnceLock::new();
    SECTION.get_or_init(|| Section::of(vec![Token::Literal('#'); day::NO_DAY.len()]))
}

fn general_section() -> &'static Section {
    static SECTION: std::sync::OnceLock<Section> = std::sync::OnceLock::new();
    SECTION.get_or_init(|| Section::of(vec![Token::General]))
}

/// A section for a number, and whether it puts a minus before it.
struct Choice<'f> {
    section: &'f Section,
    sign: bool,
}

impl Choice<'_> {
    fn shown(&self, number: &Decimal, value: f64) -> Option<String> {
        if self.section.beyond {
            return None;
        }
        if self.section.white || self.section.tokens.is_empty() {
            return Some(String::new());
        }
        if self.section.is_day() {
            return day::shown(self.section, value);
        }
        let shown = layout::shown(self.section, number)?;
        let shown = shown.trim();
        Some(if self.sign { format!("-{shown}") } else { shown.to_owned() })
    }
}

impl Section {
    /// Whether it shows a day, and nothing else.
    fn is_plain_day(&self) -> bool {
        !self.beyond && !self.white && self.is_day() && day::is_plain(self)
    }

    fn is_day(&self) -> bool {
        self.has(|token| matches!(token, Token::Day(_)))
    }

    /// `General`, or digits that are shown in full, with a comma or a point.
    fn is_plain(&self) -> bool {
        let look = |token: &Token| matches!(token, Token::Pad | Token::Fill(' '));
        let tokens = self.tokens.iter().skip_while(|token| look(token)).collect::<Vec<_>>();
        let after = tokens.iter().rev().take_while(|token| look(token)).count();
        let tokens = tokens.get(..tokens.len() - after).unwrap_or_default();
        let digits: String = tokens
            .iter()
            .map(|token| match token {
                Token::Digit('0') => '0',
                Token::Digit('#') => '#',
                Token::Comma => ',',
                Token::Point => '.',
                _ => '!',
            })
            .collect();
        let whole = digits.split_once('.').map_or(digits.as_str(), |(whole, _)| whole);
        let part = digits.split_once('.').map_or("", |(_, part)| part);
        let shown = matches!(whole, "0" | "#,##0") && part.chars().all(|c| matches!(c, '0' | '#'));
        !self.beyond && !self.white && (shown || matches!(tokens, [Token::General]))
    }
}

fn compare(shown: String, number: &Decimal, general: bool) -> Relation {
    match fraction::says(&shown, number) {
        Some(true) => return Relation::Plain,
        Some(false) => return Relation::Other { shown },
        None => {}
    }
    let Some(said) = said(&shown) else { return Relation::Other { shown } };
    // A power of ten leaves out digits that somebody chose to leave out, but for `General`, which nobody chose.
    if said.number == *number {
        Relation::Plain
    } else if (general || !said.scientific) && said.number == number.clone().rounded(said.decimals) {
        Relation::Rounded { shown }
    } else {
        Relation::Other { shown }
    }
}

/// Whether a shown text says a number or its right rounding, with the point and the comma of whatever language.
pub(super) fn says(shown: &str, value: f64) -> bool {
    let swap = |c: char| match c {
        '.' => ',',
        ',' => '.',
        c => c,
    };
    let Some(number) = Decimal::of(value) else { return false };
    let swapped: String = shown.chars().map(swap).collect();
    [shown, swapped.as_str()]
        .into_iter()
        .any(|shown| matches!(compare(shown.to_owned(), &number, true), Relation::Plain | Relation::Rounded { .. }))
}

#[cfg(test)]
mod tests;
