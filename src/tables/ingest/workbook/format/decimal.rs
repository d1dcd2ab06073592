//! A number with the fifteen digits that a spreadsheet keeps, and the number that a person reads in a shown text.

/// The digit zero of each script in which a spreadsheet can show numbers, with the script's number in formats.
pub(in super::super) const ZEROS: [(u32, char); 18] = [
    (0x02, '\u{660}'),
    (0x03, '\u{6F0}'),
    (0x04, '\u{966}'),
    (0x05, '\u{9E6}'),
    (0x06, '\u{A66}'),
    (0x07, '\u{AE6}'),
    (0x08, '\u{B66}'),
    (0x09, '\u{BE6}'),
    (0x0A, '\u{C66}'),
    (0x0B, '\u{CE6}'),
    (0x0C, '\u{D66}'),
    (0x0D, '\u{E50}'),
    (0x0E, '\u{ED0}'),
    (0x0F, '\u{F20}'),
    (0x10, '\u{1040}'),
    (0x12, '\u{17E0}'),
    (0x13, '\u{1810}'),
    (0x01, '0'),
];

/// Decimal digits and the position of the point: `0.d₁d₂d₃… × 10^point`. Zero has no digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Decimal {
    pub(super) negative: bool,
    pub(super) digits: Vec<u8>,
    pub(super) point: i32,
}

impl Decimal {
    /// A number with the fifteen digits that a spreadsheet keeps.
    pub(super) fn of(value: f64) -> Option<Self> {
        if !value.is_finite() {
            return None;
        }
        let text = format!("{:.14e}", value.abs());
        let (digits, exponent) = text.split_once('e')?;
        let digits = digits.bytes().filter(u8::is_ascii_digit).map(|digit| digit - b'0').collect();
        Some(Self { negative: value < 0.0, digits, point: exponent.parse::<i32>().ok()? + 1 }.tidy())
    }

    /// Without zeros before or after.
    fn tidy(mut self) -> Self {
        let leading = self.digits.iter().take_while(|digit| **digit == 0).count();
        self.digits.drain(..leading);
        self.point = self.point.saturating_sub(i32::try_from(leading).unwrap_or(i32::MAX));
        while self.digits.last() == Some(&0) {
            self.digits.pop();
        }
        if self.digits.is_empty() {
            (self.point, self.negative) = (0, false);
        }
        self
    }

    pub(super) fn is_zero(&self) -> bool {
        self.digits.is_empty()
    }

    /// Times a power of ten.
    pub(super) fn shifted(mut self, places: i32) -> Self {
        if !self.is_zero() {
            self.point = self.point.saturating_add(places);
        }
        self
    }

    /// Rounded to this many digits after the point, halves away from zero.
    pub(super) fn rounded(mut self, decimals: i32) -> Self {
        let Ok(kept) = usize::try_from(self.point.saturating_add(decimals)) else {
            self.digits.clear();
            return self.tidy();
        };
        let Some(next) = self.digits.get(kept).copied() else { return self };
        self.digits.truncate(kept);
        if next >= 5 {
            self.add_one();
        }
        self.tidy()
    }

    /// One more in the last digit.
    fn add_one(&mut self) {
        for digit in self.digits.iter_mut().rev() {
            if *digit < 9 {
                *digit += 1;
                return;
            }
            *digit = 0;
        }
        self.digits.insert(0, 1);
        self.point += 1;
    }

    /// The digits before the point, none if the number is below one, and those after it.
    pub(super) fn halves(&self) -> (String, String) {
        let character = |digit: &u8| char::from(b'0' + digit);
        let whole = usize::try_from(self.point).unwrap_or(0);
        let mut before: String = self.digits.iter().take(whole).map(character).collect();
        before.extend(std::iter::repeat_n('0', whole.saturating_sub(self.digits.len())));
        let zeros = usize::try_from(-self.point).unwrap_or(0);
        let after = std::iter::repeat_n('0', if self.is_zero() { 0 } else { zeros });
        (before, after.chain(self.digits.iter().skip(whole).map(character)).collect())
    }
}

/// A number as it can be read in a shown text.
pub(super) struct ReadBack {
    pub(super) number: Decimal,
    /// How many digits after the point are shown.
    pub(super) decimals: i32,
    /// Whether it is shown with a power of ten.
    pub(super) scientific: bool,
}

/// Reads a number in a shown text as a person does: a sign or brackets, digits in groups, a point, per cent, a power of ten.
pub(super) fn read_back(shown: &str) -> Option<ReadBack> {
    let text: String = shown.trim().chars().map(latin).collect();
    let bracketed = text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
    let (text, mut negative) = (bracketed.unwrap_or(&text).trim(), bracketed.is_some());
    let unsigned = text.strip_prefix(['-', '+', '\u{2212}']);
    if bracketed.is_some() && unsigned.is_some() {
        return None;
    }
    negative |= unsigned.is_some() && !text.starts_with('+');
    let text = unsigned.unwrap_or(text).trim();
    let bare = text.trim_end_matches('%');
    let percents = i32::try_from(text.len() - bare.len()).ok()? * 2;
    let (mantissa, exponent) = bare.trim_end().split_once('E').map_or((bare.trim_end(), None), |(m, e)| (m, Some(e)));
    let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let whole = ungrouped(whole)?;
    if !part.chars().all(|c| c.is_ascii_digit()) || whole.is_empty() && part.is_empty() {
        return None;
    }
    let power = exponent.map_or(Some(0), power)?;
    let digits = whole.bytes().chain(part.bytes()).map(|digit| digit - b'0').collect();
    let number = Decimal { negative, digits, point: i32::try_from(whole.len()).ok()? }.tidy();
    let decimals = i32::try_from(part.len()).ok()?.saturating_add(percents).saturating_sub(power);
    let number = number.shifted(power.saturating_sub(percents));
    Some(ReadBack { number, decimals, scientific: exponent.is_some() })
}

fn power(text: &str) -> Option<i32> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let sound = !digits.is_empty() && digits.len() < 7 && digits.chars().all(|c| c.is_ascii_digit());
    text.parse().ok().filter(|_| sound)
}

/// A character; a digit of another script becomes the Latin one.
fn latin(character: char) -> char {
    let digit = |zero: char| u32::from(character).checked_sub(u32::from(zero)).filter(|digit| *digit < 10);
    let found = ZEROS.iter().find_map(|(_, zero)| digit(*zero));
    found.and_then(|digit| char::from_digit(digit, 10)).unwrap_or(character)
}

/// Digits without the marks between groups of three, or, as in South Asia, between groups of two before the last three.
fn ungrouped(text: &str) -> Option<String> {
    if text.chars().all(|c| c.is_ascii_digit()) {
        return Some(text.to_owned());
    }
    let sign = text.chars().find(|c| !c.is_ascii_digit())?;
    let groups: Vec<&str> = text.split(sign).collect();
    let (first, rest) = groups.split_first()?;
    let (last, between) = rest.split_last()?;
    let size = between.first().map_or(3, |group| group.len());
    let sound = matches!(sign, ',' | '\'' | '\u{2019}' | '\u{2009}') || sign.is_whitespace();
    let sound = sound && (1..=size).contains(&first.len()) && last.len() == 3 && matches!(size, 2 | 3);
    let sound = sound && between.iter().all(|group| group.len() == size);
    let digits = groups.concat();
    (sound && digits.chars().all(|c| c.is_ascii_digit())).then_some(digits)
}
