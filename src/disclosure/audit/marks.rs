//! The marks printed instead of withheld values, and the bounds that each gives.

use std::str::FromStr;

/// A mark with its bounds: `x`, or `<5=0..4`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// The text of the cell.
    pub text: String,
    /// The least value it may stand for.
    pub least: i64,
    /// The greatest value it may stand for, if it gives one.
    pub most: Option<i64>,
    /// Whether the bounds were read from the mark itself.
    pub read: bool,
}

impl FromStr for Mark {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let bare = || {
            let text = text.trim().to_owned();
            let stated = stated_bounds(&text);
            let (least, most) = stated.map_or((0, None), |(least, most)| (least, Some(most)));
            Self { text, least, most, read: stated.is_some() }
        };
        let Some((mark, (least, most))) =
            text.rsplit_once('=').and_then(|(m, range)| Some((m, range.split_once("..")?)))
        else {
            return Ok(bare());
        };
        let number = |text: &str| text.trim_start_matches('=').trim().parse::<i64>();
        let fault = || format!("`{text}` is not a mark with bounds; write it like `<5=0..4`");
        let least = if least.trim().is_empty() { 0 } else { number(least).map_err(|_| fault())? };
        let most = if most.trim().is_empty() { None } else { Some(number(most).map_err(|_| fault())?) };
        if least < 0 || most.is_some_and(|most| most < least) {
            return Err(format!("no count lies within the bounds of `{text}`; write them like `<5=0..4`"));
        }
        Ok(Self { text: mark.trim().to_owned(), least, most, read: false })
    }
}

/// The bounds that a mark states: `<5`, `≤4`, `1-4`.
fn stated_bounds(mark: &str) -> Option<(i64, i64)> {
    let number = |text: &str| text.trim().parse::<i64>().ok().filter(|number| *number >= 0);
    if let Some(rest) = mark.strip_prefix("<=").or_else(|| mark.strip_prefix('≤')) {
        return number(rest).map(|most| (0, most));
    }
    if let Some(rest) = mark.strip_prefix('<') {
        return number(rest).filter(|above| *above > 0).map(|above| (0, above - 1));
    }
    let (least, most) = mark.split_once(['-', '–'])?;
    Some((number(least)?, number(most)?)).filter(|(least, most)| least < most)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(text: &str) -> Option<(String, i64, Option<i64>)> {
        text.parse::<Mark>().ok().map(|mark| (mark.text, mark.least, mark.most))
    }

    #[test]
    fn bounds_are_read() {
        assert_eq!(mark("x"), Some(("x".into(), 0, None)));
        assert_eq!(mark("<5=0..4"), Some(("<5".into(), 0, Some(4))));
        assert_eq!(mark("c=1.."), Some(("c".into(), 1, None)));
        assert_eq!(mark("<=5=..5"), Some(("<=5".into(), 0, Some(5))));
        assert_eq!(mark("<5=4..0"), None);
        assert_eq!(mark("<5=a..b"), None);
        assert_eq!(mark("<5=0.."), Some(("<5".into(), 0, None)));
    }

    #[test]
    fn marks_that_say_their_bounds_have_them() {
        for (text, least, most) in
            [("<5", 0, 4), ("< 10", 0, 9), ("<=5", 0, 5), ("≤4", 0, 4), ("1-4", 1, 4), ("1–4", 1, 4)]
        {
            assert_eq!(mark(text), Some((text.to_owned(), least, Some(most))));
        }
        for text in ["x", "-", "–", "..", "<", "<x", "4-1", "<0", "n.a.", ":"] {
            assert_eq!(mark(text), Some((text.to_owned(), 0, None)));
        }
    }
}
