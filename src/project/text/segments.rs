//! Finds the ends of words in scripts without spaces between words. A line breaks there and nowhere else.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::locale::{ends_by_dictionary, ends_by_model};
use super::scripts::is_run_on;

/// The zero-width space, where a line may break.
const BREAK: char = '\u{200b}';

/// Words that form a new word with the next one, as “-er” and “-ing” do. Dictionaries separate the two, readers do not.
const BEGINNINGS: [&str; 10] = ["ผู้", "การ", "ความ", "นัก", "ชาว", "น่า", "ការ", "អ្នក", "សេចក្តី", "សេចក្ដី"];

/// Lao for “in”, “from” and “of”, and the ends of longer words that say so: no line ends with them.
const PREPOSITIONS: [&str; 3] = ["ໃນ", "ຈາກ", "ຂອງ"];

/// Marks that belong to the word before them: of repetition, of abbreviation, and at the end of a sentence.
const CLINGING: [char; 14] = ['ๆ', 'ฯ', '๚', '๛', 'ໆ', 'ຯ', '។', '៕', '៖', 'ៗ', '៘', '៚', '၊', '။'];

/// The ends of words in each run that was looked up before. The model takes most of the time of a check, and the same runs
/// come up again: in the catalogue, in its fallbacks, and in each build of a watch.
static KNOWN: Mutex<BTreeMap<String, Arc<[usize]>>> = Mutex::new(BTreeMap::new());
/// The most runs that are remembered.
const MOST: usize = 1 << 16;

/// The words that a language adds to the dictionaries: terms of the field, which are never broken.
#[derive(Debug, Default)]
pub(super) struct Segments {
    whole: Vec<String>,
}

/// Whether a text contains letters of a script without spaces between words.
#[must_use]
pub fn runs_on(text: &str) -> bool {
    text.contains(is_run_on)
}

impl Segments {
    pub(super) fn new(whole: Vec<String>) -> Self {
        Self { whole }
    }

    /// The text with a possible line break between its words, but never inside a term of the field.
    pub(super) fn breakable(&self, text: &str) -> String {
        if !runs_on(text) {
            return text.to_owned();
        }
        let mut out = String::with_capacity(text.len() * 2);
        let mut rest = text;
        while let Some((before, from)) = rest.find(is_run_on).and_then(|at| rest.split_at_checked(at)) {
            let run = from.split(|c| !is_run_on(c)).next().unwrap_or_default();
            out.push_str(before);
            self.part(run, &mut out);
            rest = from.strip_prefix(run).unwrap_or_default();
        }
        out + rest
    }

    fn part(&self, run: &str, out: &mut String) {
        let whole: Vec<_> = self
            .whole
            .iter()
            .flat_map(|word| run.match_indices(word.as_str()))
            .map(|(at, w)| at..at + w.len())
            .collect();
        let mut from = 0;
        for &end in ends(run).iter() {
            let within = whole.iter().any(|word| word.start < end && end < word.end);
            if let Some(part) = run.get(from..end).filter(|_| !within) {
                out.push_str(part);
                out.push(BREAK);
                from = end;
            }
        }
        out.push_str(run.get(from..).unwrap_or_default());
    }
}

/// The ends of words inside a run: only those that the dictionary and the model agree on.
fn ends(run: &str) -> Arc<[usize]> {
    let known = || KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(ends) = known().get(run) {
        return Arc::clone(ends);
    }
    let mut ends = ends_by_dictionary(run);
    ends.retain(|end| *end > 0 && *end < run.len() && !run.get(*end..).is_some_and(|rest| rest.starts_with(CLINGING)));
    // A run of one word needs no model.
    if !ends.is_empty() {
        let model = ends_by_model(run);
        ends.retain(|end| model.contains(end));
    }
    let ends: Arc<[usize]> = free(run, &ends).into();
    let mut known = known();
    if known.len() >= MOST {
        known.clear();
    }
    known.insert(run.to_owned(), Arc::clone(&ends));
    ends
}

/// The ends at which a line may break: not those after a word that forms a new word with the next one.
fn free(run: &str, ends: &[usize]) -> Vec<usize> {
    let starts = std::iter::once(0).chain(ends.iter().copied());
    let leads = |word: &str| BEGINNINGS.contains(&word) || PREPOSITIONS.iter().any(|end| word.ends_with(end));
    let begins = |start: usize, end: usize| run.get(start..end).is_some_and(leads);
    starts.zip(ends).filter(|(start, end)| !begins(*start, **end)).map(|(_, end)| *end).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::project::text::anything::{anything, hold};

    fn parted(text: &str, whole: &[&str]) -> Vec<String> {
        let segments = Segments::new(whole.iter().map(|word| (*word).to_owned()).collect());
        segments.breakable(text).split(BREAK).map(str::to_owned).collect()
    }

    #[test]
    fn a_line_ends_with_no_lao_preposition() {
        for (text, whole) in [("ຢູ່ໃນໄທປີນີ້", "ໃນໄທ"), ("ກັບມາຈາກໄທແລ້ວ", "ຈາກໄທ")]
        {
            let parts = parted(text, &[]);
            assert!(parts.iter().any(|part| part.contains(whole)), "{parts:?}");
        }
    }

    #[test]
    fn lines_break_between_words() {
        let parts = parted("ລັດຖະບານໄດ້ສຳເລັດແຜນ", &[]);
        assert_eq!(parts, ["ລັດຖະບານ", "ໄດ້", "ສຳເລັດ", "ແຜນ"]);
        assert_eq!(parted("no run-on script", &[]), ["no run-on script"]);
    }

    #[test]
    fn words_of_every_script_without_spaces_are_kept_whole() {
        let thai = parted("ผู้หญิงซึ่งได้รับความช่วยเหลือในจังหวัดต่างๆ", &[]);
        assert!(thai.len() > 5, "{thai:?}");
        for word in ["ผู้หญิง", "จังหวัด"] {
            assert!(thai.iter().any(|part| part.contains(word)), "{word} is parted: {thai:?}");
        }
        for text in ["ប្រទេសកម្ពុជាជាប្រទេសមួយនៅអាស៊ីអាគ្នេយ៍", "မြန်မာနိုင်ငံသည်အရှေ့တောင်အာရှတွင်ရှိသည်"]
        {
            let parts = parted(text, &[]);
            assert!(parts.len() > 3 && parts.concat() == text, "{parts:?}");
        }
    }

    #[test]
    fn a_line_never_begins_with_a_mark_of_repetition_or_an_end() {
        for text in ["จังหวัดต่างๆ", "ຕ່າງໆ", "រដ្ឋាភិបាលផ្សេងៗ។", "နိုင်ငံသည်၊"]
        {
            let parts = parted(text, &[]);
            assert!(!parts.iter().any(|part| part.starts_with(CLINGING)), "{parts:?}");
        }
    }

    #[test]
    fn words_of_the_field_are_never_parted() {
        let text = "ຈຳນວນຜູ້ຖືກເຄາະຮ້າຍເພີ່ມຂຶ້ນ";
        assert!(parted(text, &[]).len() > 1);
        assert!(parted(text, &["ຜູ້ຖືກເຄາະຮ້າຍ"]).iter().any(|part| part.contains("ຜູ້ຖືກເຄາະຮ້າຍ")));
    }

    #[test]
    fn any_text_keeps_its_letters() {
        let letters = |text: &str| text.replace(BREAK, "");
        hold(300, (anything(), anything()), |(text, word)| {
            let segments = Segments::new([word].into_iter().filter(|word| !word.is_empty()).collect());
            prop_assert_eq!(letters(&segments.breakable(&text)), letters(&text));
            Ok(())
        });
    }
}
