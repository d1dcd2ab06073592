//! What the page must know of a script: its direction of writing, and whether it writes spaces between words.

/// Languages that are written from right to left where their tag names no script (CLDR, likely subtags).
const LEFTWARDS: [&str; 62] = [
    "acm", "aeb", "afb", "aii", "ajp", "apc", "ar", "arc", "arq", "ars", "ary", "arz", "ayl", "azb", "bal", "bcc",
    "bgn", "bqi", "brh", "ckb", "dv", "fa", "gbz", "glk", "haz", "hbo", "he", "hno", "iw", "jpr", "ji", "khw", "ks",
    "lah", "lrc", "luz", "mzn", "nqo", "pbt", "pbu", "pes", "pnb", "prd", "prs", "ps", "pst", "rhg", "sam", "sd",
    "sdh", "shu", "skr", "smp", "swb", "syr", "tmr", "trw", "ug", "ur", "ydd", "yi", "zdj",
];
/// Scripts that are written from right to left (ISO 15924).
const LEFTWARDS_SCRIPTS: [&str; 15] = [
    "adlm", "arab", "aran", "armi", "hebr", "mand", "mend", "nkoo", "phnx", "rohg", "samr", "syrc", "syre", "thaa",
    "yezi",
];
/// Scripts whose lines run down the page.
const DOWNWARDS_SCRIPTS: [&str; 2] = ["mong", "phag"];
/// Letters that are read from right to left: Hebrew, Arabic, Syriac, Thaana, N'Ko, Samaritan, Mandaic, their supplements and
/// forms, and the scripts of the same direction beyond the first plane.
const LEFTWARDS_LETTERS: [std::ops::RangeInclusive<char>; 5] = [
    '\u{590}'..='\u{8ff}',
    '\u{fb1d}'..='\u{fdff}',
    '\u{fe70}'..='\u{fefe}',
    '\u{10800}'..='\u{10fff}',
    '\u{1e800}'..='\u{1efff}',
];
/// Thai and Lao, Burmese and its extensions, Khmer and its symbols.
const RUN_ON_LETTERS: [std::ops::RangeInclusive<char>; 6] = [
    '\u{e00}'..='\u{eff}',
    '\u{1000}'..='\u{109f}',
    '\u{1780}'..='\u{17ff}',
    '\u{19e0}'..='\u{19ff}',
    '\u{a9e0}'..='\u{a9ff}',
    '\u{aa60}'..='\u{aa7f}',
];

/// The direction of writing of a language, in words that follow "is written", if the page cannot be set in it; else none.
#[must_use]
pub fn unset_direction(tag: &str) -> Option<&'static str> {
    let tag = tag.to_lowercase();
    let mut parts = tag.split(['-', '_']);
    let language = parts.next().unwrap_or_default();
    // After `-u-` or `-x-` there are no subtags of scripts.
    let script =
        parts.take_while(|part| part.len() > 1).find(|part| part.len() == 4 && part.chars().all(char::is_alphabetic));
    match script {
        Some(script) if DOWNWARDS_SCRIPTS.contains(&script) => Some("from top to bottom"),
        Some(script) => LEFTWARDS_SCRIPTS.contains(&script).then_some(LEFTWARDS_NAME),
        None => LEFTWARDS.contains(&language).then_some(LEFTWARDS_NAME),
    }
}

const LEFTWARDS_NAME: &str = "from right to left";

/// Whether most letters of a text belong to a script written from right to left.
#[must_use]
pub fn is_leftwards(text: &str) -> bool {
    let is_leftwards = |letter: &char| LEFTWARDS_LETTERS.iter().any(|script| script.contains(letter));
    let (mut own, mut all) = (0_usize, 0_usize);
    for letter in text.chars().filter(|letter| letter.is_alphabetic()) {
        all += 1;
        own += usize::from(is_leftwards(&letter));
    }
    own * 2 > all
}

/// Whether a text is in a script without spaces between words, even if it contains calls and names in other letters.
#[must_use]
pub fn writes_no_spaces(text: &str) -> bool {
    let letters = || text.chars().filter(|letter| letter.is_alphabetic());
    letters().filter(|letter| is_run_on(*letter)).count() * 5 > letters().count()
}

/// Whether a letter belongs to a script without spaces between words.
pub(super) fn is_run_on(letter: char) -> bool {
    RUN_ON_LETTERS.iter().any(|script| script.contains(&letter))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_that_the_page_cannot_set_is_known_by_its_tag() {
        for tag in ["ar", "ar-EG", "FA", "he", "ur_PK", "ckb", "ku-Arab", "pa-Arab-PK", "uz-arab", "ff-Adlm", "rhg"] {
            assert_eq!(unset_direction(tag), Some("from right to left"), "{tag}");
        }
        assert_eq!(unset_direction("mn-Mong"), Some("from top to bottom"));
        for tag in ["en", "lo", "ku", "az", "sd-Deva", "ar-Latn", "yi-Latn", "am", "dz", "arn", "fr-x-arab"] {
            assert_eq!(unset_direction(tag), None, "{tag}");
        }
    }

    #[test]
    fn a_text_without_spaces_is_known_among_calls() {
        for text in ["ປະເທດລາວ", "ภาษาไทย", "ในปี #lit[2023] #n(\"persons_arrested\", year: 2023) คนถูกจับกุมในข้อหาค้ามนุษย์"]
        {
            assert!(writes_no_spaces(text), "{text}");
        }
        for text in ["", "2023", "The word “ผู้” of a law that is quoted at some length here", "Français"] {
            assert!(!writes_no_spaces(text), "{text}");
        }
    }

    #[test]
    fn the_letters_of_a_text_show_its_direction() {
        for text in ["العربية", "שלום abc", "ދިވެހި", "ߒߞߏ"] {
            assert!(is_leftwards(text), "{text}");
        }
        for text in ["", "2023", "abc", "The title “العربية” in full", "ภาษาไทย"] {
            assert!(!is_leftwards(text), "{text}");
        }
    }
}
