//! Text as people and programs anywhere write it, for tests that feed it through whatever reads or prints text.

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};

/// Characters that often break code: several bytes long, changing direction, combining, invisible, or numerals of some script.
const PIECES: [&str; 64] = [
    "m²",
    "½",
    "Ⅳ",
    "①",
    "〇",
    "一二三",
    "৪১",
    "၄၁",
    "۴۱",
    "٤١",
    "๔๑",
    "໔໑",
    "៤១",
    "４１",
    "𝟒𝟏",
    "४१",
    "²",
    "³",
    "¼",
    "⅓",
    "Ⅻ",
    "㉑",
    "১২.৫",
    "۱٬۲۳۴٫۵",
    "1 234",
    "1,234.5",
    "41",
    "2024",
    "6",
    "7a",
    "71r",
    "0",
    "e\u{301}",
    "\u{301}",
    "ກໍ່",
    "ကျွန်ုပ်",
    "ໄດ້ສຳເລັດ",
    "ខ្មែរ",
    "สถิติ",
    "বাংলা",
    "فارسی",
    "עברית",
    "\u{202e}abc\u{202c}",
    "\u{200d}",
    "👩\u{200d}👧\u{200d}👦",
    "🇱🇦",
    "😀",
    "\u{fffd}",
    "\u{fffe}",
    "\0",
    "\u{d7ff}",
    "\u{e000}",
    "\u{10ffff}",
    "\u{feff}",
    "\u{200b}",
    "\u{ad}",
    "\u{2060}",
    "\u{a0}",
    "\u{202f}",
    "\u{2028}",
    "\u{85}",
    "ß",
    "ǰ",
    "İ",
];
const ORDINARY: [&str; 24] = [
    " ", " ", ".", ",", "-", "–", "/", ":", "\n", "\r\n", "\t", "'", "’", "`", "\"", "{", "}", "%", "+", "a", "word",
    "of ", "T", "z",
];

/// Words, marks and numerals of every script, and any character at all.
pub(crate) fn anything() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        5 => proptest::sample::select(&PIECES[..]).prop_map(str::to_owned),
        4 => proptest::sample::select(&ORDINARY[..]).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
    ];
    let few = proptest::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat());
    prop_oneof![12 => few.clone(), 1 => (few, 2_usize..300).prop_map(|(text, times)| text.repeat(times))]
}

/// Checks a property on so many random texts, the same in every run; on fifty times as many under `TIPBRIEF_LONG`.
pub(crate) fn hold<S: Strategy>(cases: u32, of: S, property: impl Fn(S::Value) -> Result<(), TestCaseError>) {
    let times = if std::env::var_os("TIPBRIEF_LONG").is_some() { 50 } else { 1 };
    let config = Config { cases: cases * times, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]));
    let held = runner.run(&of, property);
    assert!(held.is_ok(), "{}", held.err().map_or_else(String::new, |error| error.to_string()));
}
