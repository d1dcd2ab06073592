//! A number shown as a whole and a fraction: `# ?/?`.

use super::code::Token;
use super::decimal::Decimal;

/// The largest denominator that is tried: three digits, as in spreadsheets.
const MOST_DIGITS: u32 = 3;

/// The number as a fraction. Only the plain forms are understood: digits, a space, digits, a slash, digits.
pub(super) fn shown(tokens: &[Token], slash: usize, number: &Decimal) -> Option<String> {
    let (before, after) = (tokens.get(..slash)?, tokens.get(slash + 1..)?);
    let digit = |token: &Token| matches!(token, Token::Digit(_));
    let numerator = before.iter().rev().take_while(|token| digit(token)).count();
    let rest: Vec<_> = before.iter().take(before.len() - numerator).collect();
    let mixed = rest.iter().any(|token| digit(token));
    let spaces = rest.iter().all(|token| digit(token) || matches!(token, Token::Literal(' ') | Token::Pad));
    let value: f64 = {
        let (whole, part) = number.halves();
        format!("0{whole}.{part}0").parse().ok()?
    };
    if numerator == 0 || !spaces || value >= 1e9 {
        return None;
    }
    let (whole, rest) = if mixed { (value.trunc(), value.fract()) } else { (0.0, value) };
    let (over, under) = ratio(after, rest)?;
    let (whole, over) = if mixed && over >= under { (whole + 1.0, over - under) } else { (whole, over) };
    Some(match (mixed, over > 0.0) {
        (true, false) => format!("{whole}"),
        (true, true) if whole > 0.0 => format!("{whole} {over}/{under}"),
        _ => format!("{over}/{under}"),
    })
}

/// Numerator and denominator: the denominator is given, or the best with this many digits is found.
fn ratio(tokens: &[Token], value: f64) -> Option<(f64, f64)> {
    let text = |token: &Token| match token {
        Token::Literal(c) if c.is_ascii_digit() => Some(*c),
        Token::Digit('0') => Some('0'),
        _ => None,
    };
    let given: Option<String> = tokens.iter().map(text).collect();
    if let Some(given) = given.filter(|given| given.chars().any(|c| c != '0') && given.len() < 6) {
        let under: f64 = given.parse().ok()?;
        return Some(((value * under).round(), under));
    }
    let digits = tokens.iter().all(|token| matches!(token, Token::Digit(_))).then_some(tokens.len())?;
    let most = 10_u32.checked_pow(u32::try_from(digits).ok().filter(|digits| *digits <= MOST_DIGITS)?)?;
    let candidates = (1..most).map(f64::from).map(|under| ((value * under).round(), under));
    let off = |(over, under): &(f64, f64)| (over / under - value).abs();
    candidates.min_by(|one, other| off(one).total_cmp(&off(other)))
}

/// Whether a shown fraction is exactly the number.
pub(super) fn says(shown: &str, number: &Decimal) -> Option<bool> {
    let shown = shown.trim();
    let (negative, shown) = shown.strip_prefix('-').map_or((false, shown), |rest| (true, rest.trim()));
    let (rest, under) = shown.split_once('/')?;
    let (whole, over) = rest.split_once(' ').unwrap_or(("0", rest));
    let read = |text: &str| text.trim().parse::<u32>().ok().map(f64::from);
    let under = read(under).filter(|under| *under > 0.0)?;
    let value = read(whole)? + read(over)? / under;
    Some(Decimal::of(if negative { -value } else { value })? == *number)
}
