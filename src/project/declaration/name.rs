//! Names that are printed. A name of digits only would look like a figure, and would hide a wrong figure of the same digits.

use super::{Declaration, Located};
use crate::diagnostic::{Code, Diagnostic, Span};

/// Whether a name is only a number, which a reader would take for a figure: `12`, `1,200`. A year is allowed.
#[must_use]
pub fn is_only_a_number(name: &str) -> bool {
    let inner = |c: char| c.is_numeric() || c.is_whitespace() || matches!(c, ',' | '.' | '\'' | '’' | '\u{200b}');
    let shown = name.trim();
    let year = shown.len() == 4
        && shown.bytes().all(|byte| byte.is_ascii_digit())
        && ["19", "20"].iter().any(|century| shown.starts_with(century));
    shown.contains(char::is_numeric) && shown.chars().all(inner) && !year
}

/// The message and the hint for such a name.
#[must_use]
pub fn is_no_name(name: &str) -> (String, String) {
    let name = name.trim();
    (
        format!("`{name}` is a number: printed as a name, it would be read as a figure"),
        format!("add a word to it, as in `Area {name}`"),
    )
}

/// The fault of a name that is only a number.
#[must_use]
pub fn unnamed(name: &Located<String>) -> Option<Diagnostic> {
    let fault = |span: &Span| {
        let (message, hint) = is_no_name(&name.value);
        Diagnostic::error(Code::InvalidValue, span.clone(), message).hint(hint)
    };
    is_only_a_number(&name.value).then(|| fault(&name.span))
}

impl Declaration<'_> {
    /// An optional text that is printed as a name.
    pub fn name(&mut self, key: &'static str) -> Option<Located<String>> {
        let name = self.text(key)?;
        unnamed(&name).into_iter().for_each(|fault| self.fault(fault));
        Some(name)
    }

    /// A required text that is printed as a name.
    pub fn required_name(&mut self, key: &'static str) -> Located<String> {
        let name = self.required_text(key);
        unnamed(&name).into_iter().for_each(|fault| self.fault(fault));
        name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_more_than_a_number() {
        assert!(["12", " 7 ", "1,200", "300 000", "໒໓", "6.5"].into_iter().all(is_only_a_number));
        for name in ["P7", "Province 12", "15-17", "18+", "2019", "", "–", "N°"] {
            assert!(!is_only_a_number(name), "{name}");
        }
    }
}
