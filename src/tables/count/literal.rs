//! A text of any letters as SQL. Engines disagree on how a quote or a backslash is written inside a text, so neither is.

/// A text as an expression that every engine reads alike: plain stretches between quotes, every other letter by its number.
pub(super) fn literal(text: &str) -> String {
    let mut parts: Vec<String> = Vec::new();
    let mut plain = String::new();
    let flush = |plain: &mut String, parts: &mut Vec<String>| {
        if !plain.is_empty() {
            parts.push(format!("'{plain}'"));
            plain.clear();
        }
    };
    for letter in text.chars() {
        if matches!(letter, '\'' | '\\') || letter.is_control() {
            flush(&mut plain, &mut parts);
            parts.push(format!("CHR({})", u32::from(letter)));
        } else {
            plain.push(letter);
        }
    }
    flush(&mut plain, &mut parts);
    match parts.as_slice() {
        [] => "''".to_owned(),
        [only] => only.clone(),
        parts => format!("CONCAT({})", parts.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::literal;

    #[test]
    fn no_text_ends_its_own_quotes() {
        assert_eq!(literal(""), "''");
        assert_eq!(literal("ວຽງຈັນ 2024"), "'ວຽງຈັນ 2024'");
        assert_eq!(literal("'"), "CHR(39)");
        assert_eq!(literal("x'; DROP TABLE y; --"), "CONCAT('x', CHR(39), '; DROP TABLE y; --')");
        assert_eq!(literal("a\\'\nb"), "CONCAT('a', CHR(92), CHR(39), CHR(10), 'b')");
    }
}
