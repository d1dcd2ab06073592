//! Marks behind numbers and labels: the longest first, repeatedly, from the end.

use crate::project::imports::{Mark, western_digit};

/// A text without its marks, and which they were, from left to right.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Stripped {
    pub(super) text: String,
    pub(super) marks: Vec<usize>,
}

/// Strips marks; those that begin with a letter or a digit only from `taken` cells.
pub(super) fn strip(text: &str, marks: &[Mark], taken: bool) -> Stripped {
    let (mut rest, mut found) = (text, Vec::new());
    while let Some((at, left)) = marks.iter().enumerate().find_map(|(at, mark)| Some((at, before(rest, mark, taken)?)))
    {
        found.push(at);
        rest = left;
    }
    found.reverse();
    Stripped { text: rest.to_owned(), marks: found }
}

/// What stands before a mark at the end of a text.
fn before<'t>(text: &'t str, mark: &Mark, taken: bool) -> Option<&'t str> {
    if mark.taken_only && !taken {
        return None;
    }
    let left = text.strip_suffix(mark.text.as_str())?;
    // The last digit of a number is no mark of it.
    let digit = |c: char| western_digit(c).is_ascii_digit();
    let inside = mark.text.starts_with(digit) && left.ends_with(|c: char| digit(c) || matches!(c, '.' | ','));
    (!inside).then(|| left.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(text: &str) -> Mark {
        Mark { text: text.to_owned(), note: None, qualifier: None, taken_only: text.starts_with(char::is_alphanumeric) }
    }

    #[test]
    fn marks_are_stripped_from_the_end_and_told_from_the_left() {
        let marks = [mark("[note 2]"), mark("be2"), mark("b"), mark("e"), mark("*"), mark("1"), mark("²")];
        let stripped = |text: &str, taken| {
            let Stripped { text, marks: found } = strip(text, &marks, taken);
            (text, found.iter().map(|at| marks[*at].text.as_str()).collect::<Vec<_>>().join(" "))
        };
        assert_eq!(stripped("71 be", true), ("71".to_owned(), "b e".to_owned()));
        assert_eq!(stripped("38b*", true), ("38".to_owned(), "b *".to_owned()));
        assert_eq!(stripped("121", true), ("121".to_owned(), String::new()));
        assert_eq!(stripped("12 1", true), ("12".to_owned(), "1".to_owned()));
        assert_eq!(stripped("12²", true), ("12".to_owned(), "²".to_owned()));
        assert_eq!(stripped("Labour [note 2]", false), ("Labour".to_owned(), "[note 2]".to_owned()));
        assert_eq!(stripped("Made*", false), ("Made".to_owned(), "*".to_owned()));
        assert_eq!(stripped("Slave", false), ("Slave".to_owned(), String::new()));
    }
}
