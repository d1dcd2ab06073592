//! Text that is safe to print on a terminal: control characters in a cell are shown, never executed.

use std::fmt::{Display, Formatter, Result, Write};

/// Shows control characters, and those that change the direction of text, by their numbers: `‹U+202E›`.
pub(super) struct Visible<'t>(pub(super) &'t str);

impl Display for Visible<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        if is_plain(self.0) {
            return f.write_str(self.0);
        }
        pieces(self.0).try_for_each(|(safe, unsafe_one)| {
            f.write_str(safe)?;
            unsafe_one.map_or(Ok(()), |c| number(c, f))
        })
    }
}

/// A text as safe pieces, each with the unsafe character that ends it.
pub(super) fn pieces(text: &str) -> impl Iterator<Item = (&str, Option<char>)> {
    text.split_inclusive(is_unsafe).map(|piece| {
        let last = piece.chars().next_back().filter(|c| is_unsafe(*c));
        (last.and_then(|c| piece.strip_suffix(c)).unwrap_or(piece), last)
    })
}

/// Whether a text is ASCII without control characters, as most are.
pub(super) fn is_plain(text: &str) -> bool {
    text.bytes().all(|byte| (b' '..=b'~').contains(&byte))
}

/// The same for one character.
pub(super) fn push(text: &mut String, c: char) {
    if is_unsafe(c) {
        // Writing to a string cannot fail.
        let _ = number(c, text);
    } else {
        text.push(c);
    }
}

fn number(c: char, out: &mut impl Write) -> Result {
    write!(out, "‹U+{:04X}›", u32::from(c))
}

/// Whether a character controls a terminal, is invisible, or is not allowed in XML.
pub(super) fn is_unsafe(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_control();
    }
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}')
        || matches!(c, '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{fffe}' | '\u{ffff}')
        || matches!(c, '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_acts_is_shown() {
        let shown = Visible("a\u{1b}[31m\u{202e}b\r\nc\u{7f}\u{9b}").to_string();
        assert_eq!(shown, "a‹U+001B›[31m‹U+202E›b‹U+000D›‹U+000A›c‹U+007F›‹U+009B›");
    }

    #[test]
    fn what_is_written_stays() {
        for text in ["", "plain", "ລາວ ຊາຍແດນ", "人身売買", "½ – é"] {
            assert_eq!(Visible(text).to_string(), text);
        }
    }
}
