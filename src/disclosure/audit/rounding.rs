//! Rounded values: the base that a table is rounded to, and how far the truth may be from what is printed.

use std::fmt;
use std::str::FromStr;

/// A base, and how values are rounded to it: `5`, `nearest 5`, `down 5`, `up 5`, `random 5`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Base {
    base: i64,
    way: Way,
}

/// How a value is rounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// To a multiple that is less than the base away, up or down by chance or by a rule that nobody states.
    Either,
    /// To the nearest multiple.
    Nearest,
    /// To the multiple below.
    Down,
    /// To the multiple above.
    Up,
}

/// The ways by name.
const WAYS: [(&str, Way); 4] =
    [("nearest", Way::Nearest), ("down", Way::Down), ("up", Way::Up), ("random", Way::Either)];

impl FromStr for Base {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let fault =
            || format!("`{text}` is not a base; write it like `5`, `nearest 5`, `down 5`, `up 5` or `random 5`");
        let words: Vec<&str> = text.split_whitespace().collect();
        let (way, base) = match words.as_slice() {
            [base] => (Way::Either, *base),
            [name, base] => (WAYS.iter().find(|(way, _)| way == name).ok_or_else(fault)?.1, *base),
            _ => return Err(fault()),
        };
        let base = base.parse::<i64>().ok().filter(|base| (2..=1_000_000_000).contains(base)).ok_or_else(fault)?;
        Ok(Self { base, way })
    }
}

impl fmt::Display for Base {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let how = match self.way {
            Way::Either => "to a multiple of",
            Way::Nearest => "to the nearest multiple of",
            Way::Down => "down to a multiple of",
            Way::Up => "up to a multiple of",
        };
        write!(f, "{how} {}", self.base)
    }
}

impl Base {
    /// The least and the greatest number that may be printed as this one, in units of which `scale` make one; none where it is
    /// no multiple of the base.
    pub(super) fn bounds(self, printed: i128, scale: i128) -> Option<(i128, i128)> {
        let base = i128::from(self.base) * scale;
        // With whole numbers the next multiple is at least one away; with decimals one of their units.
        let (below, above) = match self.way {
            Way::Either => (base - 1, base - 1),
            Way::Nearest => (base / 2, base / 2),
            Way::Down => (0, base - 1),
            Way::Up => (base - 1, 0),
        };
        (printed % base == 0).then(|| ((printed - below).max(0), printed + above))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_says_how_far_the_truth_may_be() {
        let bounds = |text: &str, printed| text.parse::<Base>().expect("a base").bounds(printed, 1);
        assert_eq!(bounds("5", 20), Some((16, 24)));
        assert_eq!(bounds("random 5", 20), Some((16, 24)));
        assert_eq!(bounds("nearest 5", 20), Some((18, 22)));
        assert_eq!(bounds("nearest 10", 20), Some((15, 25)), "a half goes up or down");
        assert_eq!(bounds("down 5", 20), Some((20, 24)));
        assert_eq!(bounds("up 5", 20), Some((16, 20)));
        assert_eq!(bounds("5", 0), Some((0, 4)), "nobody counts less than nothing");
        assert_eq!(bounds("5", 7), None);
        assert_eq!("nearest 5".parse::<Base>().expect("a base").bounds(200, 10), Some((175, 225)), "20.0");
    }

    #[test]
    fn what_is_no_base_is_refused() {
        for wrong in ["", "1", "0", "-5", "five", "about 5", "nearest", "nearest 5 5", "5.5"] {
            assert!(wrong.parse::<Base>().is_err(), "`{wrong}`");
        }
    }
}
