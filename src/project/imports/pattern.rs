//! Texts as mappings compare them: white space folded, and patterns with `*`, `?` and `{}`.

use regex::{Regex, RegexBuilder};

/// The text with all white space folded to one blank, and none around it.
#[must_use]
pub fn folded(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for word in text.split(is_white).filter(|word| !word.is_empty()) {
        if !folded.is_empty() {
            folded.push(' ');
        }
        folded.push_str(word);
    }
    folded
}

/// Whether a text is already as [`folded`] gives it.
#[must_use]
pub fn is_folded(text: &str) -> bool {
    let plain = |c: char| c == ' ' || !is_white(c);
    !text.starts_with(' ') && !text.ends_with(' ') && !text.contains("  ") && text.chars().all(plain)
}

/// White space, also that which takes no room.
fn is_white(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}')
}

/// A text that others are compared with: `*` stands for any run, `?` for one character, `{}` for the part that is captured.
#[derive(Debug, Clone)]
pub struct Pattern {
    /// As it is written, with white space folded.
    pub text: String,
    meaning: Meaning,
}

/// What a pattern asks for.
#[derive(Debug, Clone)]
enum Meaning {
    /// The text itself.
    Literal,
    /// Its characters, some of which stand for others.
    Shape(Vec<char>),
    /// A part of the text.
    Part(Regex),
}

/// The greatest size of a compiled pattern, in bytes: one that needs more has thousands of marks, and takes seconds to read.
const LARGEST: usize = 1 << 18;

impl Pattern {
    /// Reads a pattern.
    #[must_use]
    pub fn read(written: &str) -> Self {
        let text = folded(written);
        let meaning = if text.contains("{}") {
            // Of a pattern that no machine can hold only the literal is left.
            let compiled = RegexBuilder::new(&expression(&text)).size_limit(LARGEST).build();
            compiled.map_or(Meaning::Literal, Meaning::Part)
        } else if text.contains(['*', '?']) {
            Meaning::Shape(text.chars().collect())
        } else {
            Meaning::Literal
        };
        Self { text, meaning }
    }

    /// Whether it stands for itself alone.
    #[must_use]
    pub fn is_literal(&self) -> bool {
        matches!(self.meaning, Meaning::Literal)
    }

    /// Whether a text fits; an equal one always does.
    #[must_use]
    pub fn fits(&self, text: &str) -> bool {
        self.text == text
            || match &self.meaning {
                Meaning::Literal => false,
                Meaning::Shape(shape) => has_shape(shape, text),
                Meaning::Part(compiled) => compiled.is_match(text),
            }
    }

    /// The captured part of a text that fits, or all of it where nothing is captured.
    #[must_use]
    pub fn captured(&self, text: &str) -> Option<String> {
        let whole = || self.fits(text).then(|| text.to_owned());
        let Meaning::Part(compiled) = &self.meaning else { return whole() };
        let Some(found) = compiled.captures(text) else { return whole() };
        Some(found.iter().skip(1).flatten().map(|part| part.as_str()).collect::<String>().trim().to_owned())
    }
}

/// Whether a text has a shape: after a mismatch the last `*` takes one character more, and no earlier one need be tried again.
fn has_shape(shape: &[char], text: &str) -> bool {
    let text: Vec<char> = text.chars().collect();
    let (mut at, mut from, mut last) = (0, 0, None);
    while at < text.len() {
        match shape.get(from) {
            Some('*') => {
                last = Some((from, at));
                from += 1;
            }
            Some(mark) if *mark == '?' || *mark == text[at] => (at, from) = (at + 1, from + 1),
            _ => match last {
                Some((star, taken)) => {
                    last = Some((star, taken + 1));
                    (at, from) = (taken + 1, star + 1);
                }
                None => return false,
            },
        }
    }
    shape[from..].iter().all(|mark| *mark == '*')
}

/// `*` takes as much as it can, `{}` as little, but at least one character.
fn expression(text: &str) -> String {
    let mut expression = String::from("(?s)^");
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        if let Some(after) = rest.strip_prefix("{}") {
            expression.push_str("(.+?)");
            rest = after;
            continue;
        }
        match first {
            '*' => expression.push_str(".*"),
            '?' => expression.push('.'),
            other => expression.push_str(&regex::escape(other.encode_utf8(&mut [0; 4]))),
        }
        rest = rest.strip_prefix(first).unwrap_or_default();
    }
    expression.push('$');
    expression
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_is_folded() {
        assert_eq!(folded(" a\u{a0}\u{202f}b\t\r\n c "), "a b c");
        assert!(is_folded("a b") && is_folded("") && is_folded("ລາວ"));
        assert!([" a", "a ", "a  b", "a\tb", "a\u{a0}b"].iter().all(|text| !is_folded(text)));
    }

    #[test]
    fn patterns_are_the_three_marks_and_nothing_else() {
        let fits = |pattern: &str, text: &str| Pattern::read(pattern).fits(text);
        assert!(fits("20??_dataset", "2031_dataset") && !fits("20??_dataset", "2033 dataset"));
        assert!(fits("STRUCTURE*", "STRUCTURE[|]") && fits("a.c", "a.c") && !fits("a.c", "abc"));
        assert!(fits("rate*", "rate*") && !fits("Rate", "rate"));
        assert!(
            fits("*a*b", "xaxbxb") && !fits("*a*b", "xaxbxc") && fits("**", "") && !fits("?", "") && fits("?*", "ລ")
        );
        let captured = |pattern: &str, text: &str| Pattern::read(pattern).captured(text);
        assert_eq!(captured("*, {}, *", "by State, UT, 2028, invented").as_deref(), Some("2028"));
        assert_eq!(captured("{}: *", "a: b: c").as_deref(), Some("a"));
        assert_eq!(captured("*2028*", "in 2028").as_deref(), Some("in 2028"));
        assert_eq!(captured("{}_dataset", "_dataset"), None);
    }
}
