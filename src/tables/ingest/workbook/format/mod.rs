//! Excel's number formats: what a cell shows, and how that compares with the number it stores.
//!
//! The shown text is read as a person reads it and compared with the number, so anything that a format masks, scales,
//! hides or adds is found. A format that is not understood is never taken to show the number as it is.

mod code;
mod day;
mod decimal;
mod fraction;
mod layout;

use code::{Section, Token};
use decimal::{Decimal, read_back};

pub(super) use decimal::ZEROS;

/// A number format.
#[derive(Debug, Clone)]
pub(super) struct NumberFormat {
    /// The sections for numbers: one to three.
    sections: Vec<Section>,
    /// The section for text; without one text is shown as it is.
    text: Option<Section>,
    beyond: bool,
    /// Whether every whole number is shown as it is, so that nothing need be laid out. This is so for most formats.
    whole_is_plain: bool,
    /// Whether every day is shown as it is.
    days_are_plain: bool,
}

/// Whole numbers below this are shown in full by every plain format.
const MOST_WHOLE: f64 = 1e9;

/// How the text that a cell shows compares with the number it stores.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Relation {
    /// The same number. Only its look differs: separators, zeros at the end, per cent, a colour, brackets for a minus.
    Plain,
    /// The number rounded correctly to fewer digits.
    Rounded { shown: String },
    /// Something else: a mask, other text, the number in thousands, nothing, a missing sign.
    Other { shown: String },
    /// A day or a time, with the parts that the format shows.
    Date,
    /// The format is not understood.
    Unknown,
}

impl NumberFormat {
    /// Parses the code of a format; an empty one is General.
    pub(super) fn read(code: &str) -> Self {
        let mut sections = if code.trim().is_empty() { code::sections("General") } else { code::sections(code) };
        let beyond = sections.len() > 4;
        // The fourth section is for text, and so is the last one if it contains `@`.
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

    /// The text that the cell shows, without spaces around it; none if the format is not understood. Days count from 1900.
    pub(super) fn shown(&self, value: f64) -> Option<String> {
        let number = Decimal::of(value)?;
        let mut shown = self.choices(value)?.into_iter().map(|choice| choice.shown(&number, value));
        // If programs read the format differently, they must agree on this number.
        let first = shown.next()??;
        shown.all(|other| other.as_ref() == Some(&first)).then_some(first)
    }

    /// What a cell with text shows.
    pub(super) fn shown_text(&self, text: &str) -> Option<String> {
        let Some(section) = &self.text else { return Some(text.to_owned()) };
        if self.beyond || section.beyond {
            return None;
        }
        let shown =
            |token: &Token| if *token == Token::Text { Some(text.to_owned()) } else { layout::fixed_token(token) };
        if section.white { Some(String::new()) } else { section.tokens.iter().map(shown).collect() }
    }

    /// How the shown text compares with the number.
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

    /// The sections that may show a number: one, or two if programs differ. None if the format is not understood.
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
        // The second section must show the minus itself. Programs disagree about the sign under conditions about signs.
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

/// What cells show if no section applies.
fn no_section() -> &'static Section {
    static SECTION: std::sync::OnceLock<Section> = std::sync::OnceLock::new();
    SECTION.get_or_init(|| Section::of(vec![Token::Literal('#'); day::NO_DAY.len()]))
}

fn general_section() -> &'static Section {
    static SECTION: std::sync::OnceLock<Section> = std::sync::OnceLock::new();
    SECTION.get_or_init(|| Section::of(vec![Token::General]))
}

/// A section for a number, and whether a minus is put before it.
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
    /// Whether it shows a day and nothing else.
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
    let Some(read) = read_back(&shown) else { return Relation::Other { shown } };
    // A format with a power of ten leaves digits out on purpose. General does it without anybody's choice.
    if read.number == *number {
        Relation::Plain
    } else if (general || !read.scientific) && read.number == number.clone().rounded(read.decimals) {
        Relation::Rounded { shown }
    } else {
        Relation::Other { shown }
    }
}

/// Whether a shown text is a number or its correct rounding, with the point and the comma of any language.
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
