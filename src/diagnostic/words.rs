//! Words of messages: long quoted values are shortened, and a noun agrees with its number.

use std::sync::Arc;

/// Messages of at most this many bytes are not shortened.
const SHORT: usize = 400;
/// The most characters of a quoted value, and of a whole message.
const QUOTED: usize = 80;
const WHOLE: usize = 1200;

/// The same text, with long values in backticks cut.
#[must_use]
pub fn shortened(words: Arc<str>) -> Arc<str> {
    if words.len() <= SHORT {
        return words;
    }
    let parts = words.split('`').enumerate();
    let parts = parts.map(|(number, part)| cut(part, if number % 2 == 1 { QUOTED } else { WHOLE }));
    cut(&parts.collect::<Vec<_>>().join("`"), WHOLE).into()
}

/// A number with its noun: `1 value`, `2 values`.
#[must_use]
pub fn several(count: usize, one: &str, more: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { more })
}

fn cut(text: &str, most: usize) -> String {
    let start: String = text.chars().take(most).collect();
    if start.len() < text.len() { start + "…" } else { start }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_long_is_cut() {
        let short = "`female ` is not a code of `sex`";
        assert_eq!(&*shortened(short.into()), short);
        let long = format!("`{}` is not a code of `{}`", "ລ".repeat(100_000), "sex");
        assert_eq!(*shortened(long.into()), format!("`{}…` is not a code of `sex`", "ລ".repeat(QUOTED)));
        assert_eq!(shortened("x".repeat(100_000).into()).chars().count(), WHOLE + 1);
    }

    #[test]
    fn any_text_is_cut_between_letters() {
        use crate::project::text::anything::{anything, hold};
        hold(1000, anything(), |text| {
            let cut = shortened(text.as_str().into());
            proptest::prop_assert!(*cut == *text || cut.chars().count() <= WHOLE + 1 && cut.contains('…'));
            Ok(())
        });
    }
}
