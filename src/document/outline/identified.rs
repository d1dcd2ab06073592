//! Printed figures that carry their ids, for a look at where on a page each stands. The id stands before the text, in letters of
//! private use that have no width and that no document prints; each word carries it, so that a line may break between them. A text
//! that prints several figures at once, as a rating of several years, carries several ids, parted by spaces.

use std::borrow::Cow;

/// Stands before an id, between it and a word, and after the word. `located.typ` of the typesetter has the same three.
const MARKS: [char; 3] = ['\u{10ff00}', '\u{10ff01}', '\u{10ff02}'];
/// The letter that stands for the byte 0 of an id; the others follow.
const BYTES: u32 = 0x10_f000;

/// A printed figure, each word of which carries an id.
pub(super) fn identified(id: &str, printed: &str) -> String {
    let letters = letters(id);
    let [before, between, after] = MARKS;
    let word = |word: &str| match word {
        "" => String::new(),
        word => format!("{before}{letters}{between}{word}{after}"),
    };
    printed.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

/// The same text, each word of which carries a further id.
pub(super) fn also_identified(id: &str, printed: &str) -> String {
    printed.replace(MARKS[1], &format!("{}{}", letters(&format!(" {id}")), MARKS[1]))
}

fn letters(id: &str) -> String {
    id.bytes().filter_map(|byte| char::from_u32(BYTES + u32::from(byte))).collect()
}

/// A text as a reader sees it, without ids.
#[must_use]
pub fn unidentified(text: &str) -> Cow<'_, str> {
    if !text.contains(MARKS) {
        return Cow::Borrowed(text);
    }
    let is_id = |letter: &char| (BYTES..=BYTES + 0xff).contains(&u32::from(*letter)) || MARKS.contains(letter);
    Cow::Owned(text.chars().filter(|letter| !is_id(letter)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_carried_by_each_word_and_seen_by_nobody() {
        let carried = identified("XXA/arrests:2023", "about 1,100");
        assert_eq!(unidentified(&carried), "about 1,100");
        assert_eq!(carried.matches(MARKS[0]).count(), 2);
        assert!(carried.split(' ').all(|word| word.starts_with(MARKS[0]) && word.ends_with(MARKS[2])));
        let both = also_identified("XXA/arrests:2024", &carried);
        assert_eq!(both, identified("XXA/arrests:2023 XXA/arrests:2024", "about 1,100"));
        assert_eq!((identified("XXA/arrests:2023", ""), unidentified("no id")), (String::new(), "no id".into()));
    }
}
