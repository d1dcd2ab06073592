//! Parses the code of a format: up to four sections, each with a condition and tokens.

use std::iter::Peekable;
use std::str::Chars;

use super::decimal::ZEROS;

/// A token in a section.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    Literal(char),
    /// A space as wide as a character.
    Pad,
    /// A character that is repeated to fill the cell.
    Fill(char),
    /// `0`, `#` or `?`.
    Digit(char),
    Point,
    Comma,
    Percent,
    Exponent {
        /// Whether a plus is shown.
        plus: bool,
    },
    Slash,
    General,
    /// The cell's text.
    Text,
    Day(Day),
}

/// A part of a day or a time, with the number of its letters in the code.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Day {
    Year(usize),
    /// A month, or minutes beside hours or seconds.
    Month(usize),
    Date(usize),
    Hour(usize),
    Second(usize),
    /// `AM/PM`, or `A/P`.
    Half {
        short: bool,
    },
    /// Hours, minutes or seconds as a span, which may be longer than a day.
    Elapsed(char, usize),
    /// A year of another calendar, an era, a day in another language.
    Foreign,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Condition {
    sign: Sign,
    limit: f64,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Sign {
    Less,
    LessOrEqual,
    Equal,
    NotEqual,
    GreaterOrEqual,
    Greater,
}

impl Condition {
    // Spreadsheets compare the limit exactly as it is written.
    #[allow(clippy::float_cmp)]
    pub(super) fn holds(self, value: f64) -> bool {
        match self.sign {
            Sign::Less => value < self.limit,
            Sign::LessOrEqual => value <= self.limit,
            Sign::Equal => value == self.limit,
            Sign::NotEqual => value != self.limit,
            Sign::GreaterOrEqual => value >= self.limit,
            Sign::Greater => value > self.limit,
        }
    }

    /// Whether it selects the negative numbers, whose sign some programs then leave out.
    pub(super) fn is_about_signs(self) -> bool {
        let negatives_only = match self.sign {
            Sign::Less => self.limit <= 0.0,
            Sign::LessOrEqual | Sign::Equal => self.limit < 0.0,
            _ => false,
        };
        negatives_only || matches!(self.sign, Sign::Greater | Sign::GreaterOrEqual) && self.limit == 0.0
    }
}

/// A section of a format.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Section {
    pub(super) condition: Option<Condition>,
    pub(super) tokens: Vec<Token>,
    /// The zero of the script in which digits are shown.
    pub(super) zero: char,
    /// Whether its text is white, which nobody can see.
    pub(super) white: bool,
    /// Whether it contains anything that is not understood.
    pub(super) beyond: bool,
}

impl Section {
    pub(super) fn of(tokens: Vec<Token>) -> Self {
        Self { condition: None, tokens, zero: '0', white: false, beyond: false }
    }

    pub(super) fn has(&self, wanted: impl Fn(&Token) -> bool) -> bool {
        self.tokens.iter().any(wanted)
    }
}

/// The sections of a code.
pub(super) fn sections(code: &str) -> Vec<Section> {
    let (mut chars, mut sections) = (code.chars().peekable(), Vec::new());
    loop {
        let (section, more) = section(&mut chars);
        sections.push(section);
        if !more {
            return sections;
        }
    }
}

/// One section, and whether another follows.
fn section(chars: &mut Peekable<Chars<'_>>) -> (Section, bool) {
    let mut section = Section::of(Vec::new());
    while let Some(c) = chars.next() {
        match c {
            ';' => return (section, true),
            '"' => section.quoted(chars),
            '\\' => section.escaped(chars, Token::Literal),
            '_' => section.escaped(chars, |_| Token::Pad),
            '*' => section.escaped(chars, Token::Fill),
            '[' => section.bracket(chars),
            '0' | '#' | '?' => section.tokens.push(Token::Digit(c)),
            '.' => section.tokens.push(Token::Point),
            ',' => section.tokens.push(Token::Comma),
            '%' => section.tokens.push(Token::Percent),
            '/' => section.tokens.push(Token::Slash),
            '@' => section.tokens.push(Token::Text),
            c if c.is_ascii_alphabetic() => section.letter(c, chars),
            c => section.tokens.push(Token::Literal(c)),
        }
    }
    (section, false)
}

impl Section {
    fn quoted(&mut self, chars: &mut Peekable<Chars<'_>>) {
        for c in chars.by_ref() {
            if c == '"' {
                return;
            }
            self.tokens.push(Token::Literal(c));
        }
        self.beyond = true;
    }

    fn escaped(&mut self, chars: &mut Peekable<Chars<'_>>, token: impl Fn(char) -> Token) {
        match chars.next() {
            Some(c) => self.tokens.push(token(c)),
            None => self.beyond = true,
        }
    }

    /// Reads a letter with a meaning, and the letters that belong to it.
    fn letter(&mut self, letter: char, chars: &mut Peekable<Chars<'_>>) {
        let letter = letter.to_ascii_lowercase();
        if letter == 'g' && takes(chars, "eneral") {
            self.tokens.push(Token::General);
        } else if letter == 'a' && takes(chars, "m/pm") {
            self.tokens.push(Token::Day(Day::Half { short: false }));
        } else if letter == 'a' && takes(chars, "/p") {
            self.tokens.push(Token::Day(Day::Half { short: true }));
        } else if letter == 'e' && chars.peek().is_some_and(|c| matches!(c, '+' | '-')) {
            self.tokens.push(Token::Exponent { plus: chars.next() == Some('+') });
        } else {
            let mut long = 1;
            while chars.next_if(|c| c.eq_ignore_ascii_case(&letter)).is_some() {
                long += 1;
            }
            match day(letter, long) {
                Some(day) => self.tokens.push(Token::Day(day)),
                None => self.beyond = true,
            }
        }
    }

    /// Reads brackets: a condition, a colour, a language or currency, or a span of time.
    fn bracket(&mut self, chars: &mut Peekable<Chars<'_>>) {
        let mut inside = String::new();
        loop {
            match chars.next() {
                Some(']') => break,
                Some(c) => inside.push(c),
                None => {
                    self.beyond = true;
                    return;
                }
            }
        }
        if let Some(locale) = inside.strip_prefix('$') {
            self.locale(locale);
        } else if inside.starts_with(['<', '>', '=']) {
            self.condition = condition(&inside);
            self.beyond |= self.condition.is_none();
        } else if let Some(day) = elapsed(&inside) {
            self.tokens.push(Token::Day(day));
        } else {
            let colour = inside.to_ascii_lowercase().replace(' ', "");
            self.white |= matches!(colour.as_str(), "white" | "color2");
            self.beyond |= !is_colour(&colour);
        }
    }

    /// Reads `€-407`: the text that is shown, then the language, optionally after the script of the digits.
    fn locale(&mut self, inside: &str) {
        let (currency, locale) = inside.rsplit_once('-').unwrap_or((inside, ""));
        let (currency, locale) =
            inside.split_once('-').filter(|(_, rest)| rest.contains('-')).unwrap_or((currency, locale));
        self.tokens.extend(currency.chars().map(Token::Literal));
        let name = locale.split(',').next().unwrap_or_default();
        let digits = locale.split_once(',').map(|(_, digits)| format!("{digits}0000"));
        let number = u32::from_str_radix(digits.as_deref().unwrap_or(name), 16);
        match number {
            Ok(number) if number >> 24 == 0 => {}
            Ok(number) => match ZEROS.iter().find(|(script, _)| *script == number >> 24) {
                Some((_, zero)) => self.zero = *zero,
                None => self.beyond = true,
            },
            // The name of a language, as in `[$-en-US]`, or the machine's own form of days.
            Err(_) => self.beyond |= digits.is_some(),
        }
    }
}

/// Takes a word if it comes next, in any capitals.
fn takes(chars: &mut Peekable<Chars<'_>>, word: &str) -> bool {
    let mut ahead = chars.clone();
    let there = word.chars().all(|wanted| ahead.next().is_some_and(|c| c.eq_ignore_ascii_case(&wanted)));
    if there {
        *chars = ahead;
    }
    there
}

fn day(letter: char, long: usize) -> Option<Day> {
    Some(match letter {
        'y' => Day::Year(long),
        'm' => Day::Month(long),
        'd' => Day::Date(long),
        'h' => Day::Hour(long),
        's' => Day::Second(long),
        'b' | 'e' | 'g' | 'r' => Day::Foreign,
        'a' if long >= 3 => Day::Foreign,
        _ => return None,
    })
}

fn elapsed(inside: &str) -> Option<Day> {
    let letter = inside.chars().next()?.to_ascii_lowercase();
    let alike = inside.chars().all(|c| c.eq_ignore_ascii_case(&letter));
    (matches!(letter, 'h' | 'm' | 's') && alike).then_some(Day::Elapsed(letter, inside.len()))
}

fn condition(inside: &str) -> Option<Condition> {
    const SIGNS: [(&str, Sign); 6] = [
        ("<=", Sign::LessOrEqual),
        ("<>", Sign::NotEqual),
        (">=", Sign::GreaterOrEqual),
        ("<", Sign::Less),
        (">", Sign::Greater),
        ("=", Sign::Equal),
    ];
    let (rest, sign) = SIGNS.iter().find_map(|(text, sign)| Some((inside.strip_prefix(text)?, *sign)))?;
    let limit = rest.trim().parse().ok().filter(|limit: &f64| limit.is_finite())?;
    Some(Condition { sign, limit })
}

fn is_colour(colour: &str) -> bool {
    const COLOURS: [&str; 8] = ["black", "blue", "cyan", "green", "magenta", "red", "white", "yellow"];
    let number = colour.strip_prefix("color").and_then(|number| number.parse::<u8>().ok());
    COLOURS.contains(&colour) || number.is_some_and(|number| (1..=56).contains(&number))
}
