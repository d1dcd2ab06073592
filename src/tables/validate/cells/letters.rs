//! Characters that look like others, and characters that cannot be seen: messages show where they are.

/// Letters of other scripts that look like Latin ones, in pairs (Unicode Technical Standard 39, the most frequent).
const ALIKE: &str = "аaеeоoрpсcхxуyіiјjѕsԁdһhАAВBЕEКKМMНHОOРPСCТTХXІIЅSЈJУY\
                     οoνvρpυuαaιiκkΑAΒBΕEΖZΗHΙIΚKΜMΝNΟOΡPΤTΥYΧXıi";
/// Characters that stand for the hyphen.
const HYPHENS: &str = "‐‑‒–—―−﹣－";
/// The digits 0 of scripts whose ten digits follow one another: Arabic, Persian, Devanagari, Bengali, Thai, Lao,
/// Myanmar, Khmer, full-width.
const ZEROS: [char; 9] = ['٠', '۰', '०', '০', '๐', '໐', '၀', '០', '０'];

/// The plain character that `c` looks like or stands for.
pub(super) fn plain(c: char) -> Option<char> {
    if c.is_ascii() {
        return None;
    }
    if HYPHENS.contains(c) {
        return Some('-');
    }
    if let Some(digit) = digit(c) {
        return Some(digit);
    }
    let alike: Vec<char> = ALIKE.chars().filter(|c| !c.is_whitespace()).collect();
    if let Some(pair) = alike.chunks(2).find(|pair| pair.first() == Some(&c)) {
        return pair.last().copied();
    }
    match c {
        '⁄' | '∕' => Some('/'),
        '∼' | '˜' => Some('~'),
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xff01 + 0x21),
        c if !c.is_ascii() && c.is_whitespace() => Some(' '),
        _ => None,
    }
}

/// The digit of another script as one of ours.
fn digit(c: char) -> Option<char> {
    let value = |zero: char| u32::from(c).checked_sub(u32::from(zero)).filter(|value| *value < 10);
    ZEROS.into_iter().find_map(value).and_then(|value| char::from_digit(value, 10))
}

/// Whether a character is invisible on a screen.
fn is_unseen(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{202a}'..='\u{202e}')
}

/// The text with look-alikes replaced by the plain characters they look like, and without invisible ones.
pub(super) fn folded(text: &str) -> String {
    text.chars().filter(|c| !is_unseen(*c)).map(|c| plain(c).unwrap_or(c)).collect()
}

/// Whether the text looks plain but contains look-alikes, invisible characters, or spaces at its ends.
pub(super) fn is_disguised(text: &str) -> bool {
    !text.is_ascii() && folded(text).is_ascii() || text.contains(is_unseen) || text.trim() != text
}

/// The text for a message, with spaces at its ends, invisible characters and look-alikes made visible.
pub(super) fn shown(text: &str) -> String {
    // Nearly every text is plain.
    if text.is_ascii() && text.trim_matches(' ') == text {
        return text.to_owned();
    }
    let inside = text.trim_start_matches(' ').trim_end_matches(' ');
    let start = text.len() - text.trim_start_matches(' ').len();
    let end = text.len().saturating_sub(start + inside.len());
    format!("{}{}{}", "␣".repeat(start), marked(inside, &folded(text)), "␣".repeat(end))
}

/// The same for a code, in which every space is made visible.
pub(super) fn spaced(text: &str) -> String {
    shown(text).replace(' ', "␣")
}

fn marked(text: &str, folded: &str) -> String {
    let alike = |c: char| folded.is_ascii() && digit(c).is_none() && !c.is_ascii() && plain(c).is_some();
    let mark = |c: char| {
        let hidden = is_unseen(c) || !c.is_ascii() && c.is_whitespace() || alike(c) || is_full_width(c);
        if hidden { format!("‹U+{:04X}›", u32::from(c)) } else { c.to_string() }
    };
    text.chars().map(mark).collect()
}

fn is_full_width(c: char) -> bool {
    matches!(c, '\u{ff01}'..='\u{ff5e}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_alike_is_shown_and_folded() {
        for (text, as_shown, as_folded) in [
            ("f\u{435}male", "f‹U+0435›male", "female"),
            ("female ", "female␣", "female "),
            ("\u{a0}female", "‹U+00A0›female", " female"),
            ("ma\u{200b}le", "ma‹U+200B›le", "male"),
            ("2007–2008", "2007‹U+2013›2008", "2007-2008"),
            ("４１", "‹U+FF14›‹U+FF11›", "41"),
            ("໒໐໐໗", "໒໐໐໗", "2007"),
            ("女", "女", "女"),
            ("fémâle", "fémâle", "fémâle"),
        ] {
            assert_eq!((shown(text).as_str(), folded(text).as_str()), (as_shown, as_folded), "{text}");
        }
        assert_eq!(spaced("fe male"), "fe␣male");
        assert!(is_disguised("2007–2008") && !is_disguised("thirty") && !is_disguised("女"));
    }

    #[test]
    fn the_pairs_are_pairs() {
        let letters: Vec<char> = ALIKE.chars().filter(|c| !c.is_whitespace()).collect();
        for pair in letters.chunks(2) {
            assert!(!pair[0].is_ascii() && pair[1].is_ascii_alphabetic(), "{pair:?}");
        }
    }

    #[test]
    fn any_text_is_shown_and_folded() {
        use crate::project::text::anything::{anything, hold};
        hold(2000, anything(), |text| {
            let (shown, spaced) = (shown(&text), spaced(&text));
            proptest::prop_assert!(!spaced.contains(' ') && shown.is_empty() == text.is_empty());
            let _ = (folded(&text), is_disguised(&text));
            Ok(())
        });
    }
}
