//! Writes a number as a section of a format shows it.

use super::code::{Section, Token};
use super::decimal::Decimal;

/// How wide a number may be with the format General.
const GENERAL_WIDTH: usize = 11;

/// The places of digits in a section.
#[derive(Default)]
struct Plan {
    /// The tokens before the point, after it, and in the power of ten.
    whole: Vec<usize>,
    part: Vec<usize>,
    power: Vec<usize>,
    exponent: Option<usize>,
    grouped: bool,
    /// How many times the number is divided by a thousand.
    thousands: i32,
    percents: i32,
    slash: Option<usize>,
}

impl Plan {
    fn of(tokens: &[Token]) -> Option<Self> {
        let (mut plan, mut point) = (Self::default(), false);
        for (at, token) in tokens.iter().enumerate() {
            match token {
                Token::Digit(_) if plan.exponent.is_some() => plan.power.push(at),
                Token::Digit(_) if point => plan.part.push(at),
                Token::Digit(_) => plan.whole.push(at),
                Token::Point if point || plan.exponent.is_some() => return None,
                Token::Point => point = true,
                Token::Exponent { .. } if plan.exponent.replace(at).is_some() => return None,
                Token::Slash => plan.slash = plan.slash.or(Some(at)),
                Token::Percent => plan.percents += 1,
                _ => {}
            }
        }
        plan.commas(tokens)?;
        Some(plan)
    }

    /// A comma between digits groups them; each one after them divides the number by a thousand.
    fn commas(&mut self, tokens: &[Token]) -> Option<()> {
        let commas = tokens.iter().enumerate().filter(|(_, token)| **token == Token::Comma);
        for (at, _) in commas {
            let follows = |digits: &[usize]| digits.iter().any(|digit| *digit > at);
            let before = tokens.iter().take(at).rev().find(|token| **token != Token::Comma);
            match before {
                _ if self.exponent.is_some() || self.slash.is_some() => return None,
                Some(Token::Digit(_)) if !follows(&self.part) && !follows(&self.whole) => self.thousands += 1,
                Some(Token::Digit(_)) if follows(&self.whole) => self.grouped = true,
                Some(Token::Digit(_)) if self.part.iter().all(|digit| *digit > at) => self.thousands += 1,
                _ => return None,
            }
        }
        Some(())
    }

    fn is_empty(&self) -> bool {
        self.whole.is_empty() && self.part.is_empty()
    }
}

/// What a section shows for a number, without its sign.
pub(super) fn shown(section: &Section, number: &Decimal) -> Option<String> {
    let plan = Plan::of(&section.tokens)?;
    let magnitude = Decimal { negative: false, ..number.clone() };
    let general = section.has(|token| matches!(token, Token::General | Token::Text));
    let shown = if general {
        general_in(section, &plan, &magnitude)?
    } else if plan.slash.is_some_and(|slash| plan.is_fraction(&section.tokens, slash)) {
        super::fraction::shown(&section.tokens, plan.slash?, &magnitude)?
    } else if let Some(exponent) = plan.exponent {
        scientific(section, &plan, exponent, magnitude)?
    } else {
        fixed(section, &plan, magnitude)
    };
    Some(native(&shown, section.zero))
}

impl Plan {
    fn is_fraction(&self, tokens: &[Token], slash: usize) -> bool {
        let denominator = |token: &Token| match token {
            Token::Digit(_) => true,
            Token::Literal(c) => c.is_ascii_digit(),
            _ => false,
        };
        let digits = || self.whole.iter().chain(&self.part).chain(&self.power);
        digits().any(|digit| *digit < slash) && tokens.get(slash + 1).is_some_and(denominator)
    }
}

fn general_in(section: &Section, plan: &Plan, number: &Decimal) -> Option<String> {
    let others = !plan.is_empty() || plan.exponent.is_some() || plan.thousands > 0;
    if others {
        return None;
    }
    let number = number.clone().shifted(plan.percents * 2);
    let tokens = section.tokens.iter();
    Some(tokens.map(|token| fixed_token(token).unwrap_or_else(|| general(&number))).collect())
}

/// What a token shows that is the same for every number.
pub(super) fn fixed_token(token: &Token) -> Option<String> {
    Some(match token {
        Token::Literal(c) => c.to_string(),
        Token::Pad | Token::Fill(' ') => " ".to_owned(),
        Token::Fill(c) => c.to_string().repeat(3),
        Token::Point => ".".to_owned(),
        Token::Comma => String::new(),
        Token::Percent => "%".to_owned(),
        Token::Slash => "/".to_owned(),
        Token::Digit(_) | Token::Exponent { .. } | Token::General | Token::Text | Token::Day(_) => return None,
    })
}

/// A number as a cell with the format General shows it.
pub(super) fn general(number: &Decimal) -> String {
    let plain = |number: &Decimal| {
        let (whole, part) = number.halves();
        let whole = if whole.is_empty() { "0" } else { &whole };
        if part.is_empty() { whole.to_owned() } else { format!("{whole}.{part}") }
    };
    // Much longer numbers are not even tried.
    if number.is_zero() || (-10..=12).contains(&number.point) && plain(number).len() <= GENERAL_WIDTH {
        return plain(number);
    }
    if (-3..=11).contains(&number.point) {
        return plain(&number.clone().rounded((10 - number.point.max(1)).clamp(0, 9)));
    }
    let mantissa = Decimal { point: 1, ..number.clone() }.rounded(5);
    let exponent = number.point - 1 + (mantissa.point - 1);
    let mantissa = plain(&Decimal { point: 1, ..mantissa });
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{mantissa}E{sign}{:02}", exponent.abs())
}

fn fixed(section: &Section, plan: &Plan, number: Decimal) -> String {
    let number = number.shifted(plan.percents * 2 - plan.thousands * 3);
    let number = number.rounded(i32::try_from(plan.part.len()).unwrap_or(i32::MAX));
    written(section, plan, &number, None)
}

/// The tokens with a rounded number's digits in their places.
fn written(section: &Section, plan: &Plan, number: &Decimal, power: Option<i32>) -> String {
    let (whole, part) = number.halves();
    let mut cells = vec![String::new(); section.tokens.len()];
    fill_whole(&section.tokens, &plan.whole, &whole, plan.grouped, &mut cells);
    // The whole part is shown even without a digit before the point, as in `.0`.
    if let (Some(point), true) = (section.tokens.iter().position(|token| *token == Token::Point), plan.whole.is_empty())
    {
        put(&mut cells, point, whole + ".");
    }
    let mut digits = part.chars();
    for at in &plan.part {
        let digit = digits.next().map_or_else(|| placeholder(&section.tokens, *at), |digit| digit.to_string());
        put(&mut cells, *at, digit);
    }
    if let (Some(power), Some(at)) = (power, plan.exponent) {
        let plus = section.tokens.get(at) == Some(&Token::Exponent { plus: true });
        let sign = if power < 0 {
            "E-"
        } else if plus {
            "E+"
        } else {
            "E"
        };
        put(&mut cells, at, sign.to_owned());
        fill_whole(&section.tokens, &plan.power, &power.unsigned_abs().to_string(), false, &mut cells);
    }
    let tokens = section.tokens.iter().zip(cells);
    tokens.map(|(token, cell)| if cell.is_empty() { fixed_token(token).unwrap_or_default() } else { cell }).collect()
}

fn put(cells: &mut [String], at: usize, text: String) {
    if let Some(cell) = cells.get_mut(at) {
        *cell = text;
    }
}

/// What a digit's token shows if the number has no digit there.
fn placeholder(tokens: &[Token], at: usize) -> String {
    match tokens.get(at) {
        Some(Token::Digit('0')) => "0",
        Some(Token::Digit('?')) => " ",
        _ => "",
    }
    .to_owned()
}

/// Puts digits into their places from the right; digits without a place go before the first one.
fn fill_whole(tokens: &[Token], places: &[usize], digits: &str, grouped: bool, cells: &mut [String]) {
    let mut digits = digits.chars().rev();
    // From the first `0` on every place shows a digit.
    let first_zero = places.iter().position(|at| tokens.get(*at) == Some(&Token::Digit('0')));
    let mut position = 0;
    for (index, at) in places.iter().enumerate().rev() {
        let mut texts = Vec::new();
        let zero = first_zero.is_some_and(|first| index >= first);
        match digits.next() {
            Some(digit) => texts.push(after_group(digit.to_string(), position, grouped)),
            None if zero => texts.push(after_group("0".to_owned(), position, grouped)),
            None => texts.push(placeholder(tokens, *at)),
        }
        position += 1;
        while let Some(digit) = (index == 0).then(|| digits.next()).flatten() {
            texts.push(after_group(digit.to_string(), position, grouped));
            position += 1;
        }
        texts.reverse();
        put(cells, *at, texts.concat());
    }
}

/// A digit, with the comma that separates it from the next group.
fn after_group(digit: String, position: usize, grouped: bool) -> String {
    if grouped && position > 0 && position.is_multiple_of(3) { digit + "," } else { digit }
}

fn scientific(section: &Section, plan: &Plan, exponent: usize, number: Decimal) -> Option<String> {
    let sound = plan.whole.iter().chain(&plan.part).all(|at| *at < exponent);
    if !sound || plan.whole.is_empty() || plan.power.is_empty() || plan.percents > 0 {
        return None;
    }
    // The power is a multiple of the number of places before the point.
    let step = i32::try_from(plan.whole.len()).ok()?;
    let decimals = i32::try_from(plan.part.len()).ok()?;
    let mut power = if number.is_zero() { 0 } else { (number.point - 1).div_euclid(step) * step };
    let mut mantissa = number.clone().shifted(-power).rounded(decimals);
    if mantissa.point > step {
        power += step;
        mantissa = number.shifted(-power).rounded(decimals);
    }
    Some(written(section, plan, &mantissa, Some(power)))
}

/// A text in the digits of a script.
fn native(text: &str, zero: char) -> String {
    let native = |c: char| c.to_digit(10).and_then(|digit| char::from_u32(u32::from(zero) + digit)).unwrap_or(c);
    if zero == '0' { text.to_owned() } else { text.chars().map(native).collect() }
}
