//! Where words end in scripts that write no space between them. A line breaks there and nowhere else.

use super::locale::{ends_by_dictionary, ends_by_model};

/// A place where a line may break, of no width.
const BREAK: char = '\u{200b}';

/// Thai, Lao, Burmese, Khmer.
const SCRIPTS: [std::ops::RangeInclusive<char>; 3] =
    ['\u{e00}'..='\u{eff}', '\u{1000}'..='\u{109f}', '\u{1780}'..='\u{17ff}'];

/// What a language adds to the dictionaries: words of its field, which are never parted.
#[derive(Debug, Default)]
pub(super) struct Segments {
    whole: Vec<String>,
}

/// Whether a letter is of a script that writes no space between words.
fn is_run_on(letter: char) -> bool {
    SCRIPTS.iter().any(|script| script.contains(&letter))
}

/// Whether a text holds letters of a script that writes no space between words.
#[must_use]
pub fn runs_on(text: &str) -> bool {
    text.contains(is_run_on)
}

impl Segments {
    pub(super) fn new(whole: Vec<String>) -> Self {
        Self { whole }
    }

    /// The text with a place to break between its words. What the dictionary and the model do not agree on, and what
    /// parts a word of the field, is no end of a word.
    pub(super) fn breakable(&self, text: &str) -> String {
        if !runs_on(text) {
            return text.to_owned();
        }
        let mut out = String::with_capacity(text.len() * 2);
        let mut rest = text;
        while let Some(start) = rest.find(is_run_on) {
            let end = rest[start..].find(|c| !is_run_on(c)).map_or(rest.len(), |length| start + length);
            out.push_str(&rest[..start]);
            self.part(&rest[start..end], &mut out);
            rest = &rest[end..];
        }
        out + rest
    }

    fn part(&self, run: &str, out: &mut String) {
        let model = ends_by_model(run);
        let agreed = ends_by_dictionary(run).into_iter().filter(|end| model.contains(end));
        let whole: Vec<_> = self
            .whole
            .iter()
            .flat_map(|word| run.match_indices(word.as_str()))
            .map(|(at, w)| at..at + w.len())
            .collect();
        let mut from = 0;
        for end in agreed.filter(|end| *end > 0 && *end < run.len()) {
            if !whole.iter().any(|word| word.start < end && end < word.end) {
                out.push_str(&run[from..end]);
                out.push(BREAK);
                from = end;
            }
        }
        out.push_str(&run[from..]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parted(text: &str, whole: &[&str]) -> Vec<String> {
        let segments = Segments::new(whole.iter().map(|word| (*word).to_owned()).collect());
        segments.breakable(text).split(BREAK).map(str::to_owned).collect()
    }

    #[test]
    fn lines_break_between_words() {
        let parts = parted("ລັດຖະບານໄດ້ສຳເລັດແຜນ", &[]);
        assert_eq!(parts, ["ລັດຖະບານ", "ໄດ້", "ສຳເລັດ", "ແຜນ"]);
        assert_eq!(parted("no run-on script", &[]), ["no run-on script"]);
    }

    #[test]
    fn words_of_the_field_are_never_parted() {
        let text = "ຈຳນວນຜູ້ຖືກເຄາະຮ້າຍເພີ່ມຂຶ້ນ";
        assert!(parted(text, &[]).len() > 1);
        assert!(parted(text, &["ຜູ້ຖືກເຄາະຮ້າຍ"]).iter().any(|part| part.contains("ຜູ້ຖືກເຄາະຮ້າຍ")));
    }
}
