//! TOML as a draft writes it.

/// A string.
pub(super) fn string(text: &str) -> String {
    let mut written = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' => written.push_str("\\\""),
            '\\' => written.push_str("\\\\"),
            '\n' => written.push_str("\\n"),
            '\t' => written.push_str("\\t"),
            letter if acts(letter) => written.push_str(&format!("\\u{:04X}", u32::from(letter))),
            letter => written.push(letter),
        }
    }
    written.push('"');
    written
}

/// Whether a letter acts on the text around it, or on the terminal.
fn acts(letter: char) -> bool {
    letter.is_control() || matches!(letter, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A key: bare where that is enough.
pub(super) fn key(text: &str) -> String {
    let bare = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    if text.starts_with(|c: char| c.is_ascii_alphanumeric()) && text.chars().all(bare) {
        text.to_owned()
    } else {
        string(text)
    }
}

/// A list of strings: on one line if it is short.
pub(super) fn list(texts: &[String]) -> String {
    let texts: Vec<String> = texts.iter().map(|text| string(text)).collect();
    let line = format!("[{}]", texts.join(", "));
    if line.chars().count() <= 100 { line } else { format!("[\n    {},\n]", texts.join(",\n    ")) }
}

/// One string, or a list of them.
pub(super) fn one_or_list(texts: &[String]) -> String {
    match texts {
        [one] => string(one),
        _ => list(texts),
    }
}

/// A comment: what it holds of a file ends no line.
pub(super) fn comment(text: &str) -> String {
    let plain: String = text.chars().map(|c| if acts(c) { ' ' } else { c }).collect();
    format!("# {plain}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_file_holds_stays_a_text() {
        assert_eq!(string("a\"b\\c\n\u{7}"), "\"a\\\"b\\\\c\\n\\u0007\"");
        assert_eq!([key("a-1_b"), key("a b"), key("")], ["a-1_b", "\"a b\"", "\"\""]);
        assert_eq!(comment("a\nb"), "# a b");
    }
}
