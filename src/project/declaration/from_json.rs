//! Reads strict JSON into a tree with places: **jsonc-parser** lives here.

use std::ops::Range;
use std::sync::Arc;

use jsonc_parser::ast::{Object, Value as Node};
use jsonc_parser::common::Ranged;
use jsonc_parser::errors::{ParseError, ParseErrorKind};
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};

use super::tree::{Entries, Value};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Source, Span};

/// How deeply lists and objects may be nested. No declaration needs a tenth of this.
const DEPTH: usize = 64;

/// Nothing but standard JSON, since other programs read these files too.
const STRICT: ParseOptions = ParseOptions {
    allow_comments: false,
    allow_loose_object_property_names: false,
    allow_trailing_commas: false,
    allow_missing_commas: false,
    allow_single_quoted_strings: false,
    allow_hexadecimal_numbers: false,
    allow_unary_plus_numbers: false,
    allow_bare_decimal_point_numbers: false,
    allow_non_finite_numbers: false,
    allow_extended_string_escapes: false,
};

/// Reads a file that contains one object, and the place of the object. Reports a file that is not JSON and reads nothing
/// from it; a file that is empty or not UTF-8 is reported already.
pub(super) fn read(source: &Arc<Source>, diagnostics: &mut Diagnostics) -> Option<(Entries, Range<usize>)> {
    let text = std::str::from_utf8(&source.bytes).ok().filter(|text| !text.is_empty())?;
    let (whole, text) = (text, text.trim_start_matches('\u{feff}'));
    let reader = Reader { source, bom: whole.len() - text.len() };
    let parsed = match too_deep(text) {
        Some(at) => Err(Diagnostic::error(
            Code::SchemaError,
            reader.span(at..at + 1),
            format!("lists and objects are nested more than {DEPTH} deep"),
        )),
        None => parse_to_ast(text, &CollectOptions::default(), &STRICT).map_err(|error| reader.syntax(&error)),
    };
    match parsed.map(|parsed| parsed.value) {
        Ok(Some(Node::Object(object))) => Some((reader.entries(&object, diagnostics), reader.place(&object))),
        Ok(other) => {
            let span = other.map_or_else(|| Span::start_of(source), |node| Span::new(source, reader.place(&node)));
            let fault = Diagnostic::error(Code::SchemaError, span, "the file is not a JSON object");
            diagnostics.push(fault.hint("write the whole file between `{` and `}`"));
            None
        }
        Err(fault) => {
            diagnostics.push(fault);
            None
        }
    }
}

/// Where nesting passes the limit, outside strings: the parser is recursive, so deep nesting would overflow its stack.
fn too_deep(text: &str) -> Option<usize> {
    let (mut depth, mut string, mut escaped) = (0_usize, false, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if string => escaped = true,
            b'"' => string = !string,
            b'{' | b'[' if !string => depth += 1,
            b'}' | b']' if !string => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > DEPTH {
            return Some(at);
        }
    }
    None
}

struct Reader<'s> {
    source: &'s Arc<Source>,
    /// The length of the byte order mark, which is cut off before parsing.
    bom: usize,
}

impl Reader<'_> {
    fn place(&self, node: &impl Ranged) -> Range<usize> {
        let range = node.range();
        range.start + self.bom..range.end + self.bom
    }

    fn span(&self, range: Range<usize>) -> Span {
        Span::new(self.source, range.start + self.bom..range.end + self.bom)
    }

    fn entries(&self, object: &Object<'_>, diagnostics: &mut Diagnostics) -> Entries {
        let mut entries = Entries::new();
        for property in &object.properties {
            let (name, place) = (property.name.as_str(), self.place(&property.name));
            if let Some((first, ..)) = entries.get(name) {
                let message = format!("the property `{name}` occurs twice");
                let fault = Diagnostic::error(Code::SchemaError, Span::new(self.source, place), message);
                let fault = fault.hint("delete one of the two; readers differ in which of them counts");
                diagnostics.push(fault.second(Span::new(self.source, first.clone()), "first here"));
                continue;
            }
            let value = self.own(&property.value, diagnostics);
            entries.insert(name.to_owned(), (place, value, self.place(&property.value)));
        }
        entries
    }

    fn own(&self, node: &Node<'_>, diagnostics: &mut Diagnostics) -> Value {
        match node {
            Node::StringLit(text) => Value::Text(text.value.to_string()),
            Node::NumberLit(number) => {
                number.value.parse().map_or_else(|_| Value::Number(number.value.to_owned()), Value::Integer)
            }
            Node::BooleanLit(boolean) => Value::Boolean(boolean.value),
            Node::Array(array) => {
                let items = array.elements.iter();
                Value::List(items.map(|item| (self.own(item, diagnostics), self.place(item))).collect())
            }
            Node::Object(object) => Value::Table(self.entries(object, diagnostics)),
            Node::NullKeyword(_) => Value::Other,
        }
    }

    fn syntax(&self, error: &ParseError) -> Diagnostic {
        let range = error.range();
        let (message, hint) = words(error.kind());
        Diagnostic::error(Code::SchemaError, self.span(range.start..range.end), message).hint(hint)
    }
}

/// The message and the hint of a syntax error.
fn words(kind: &ParseErrorKind) -> (String, &'static str) {
    use ParseErrorKind as Kind;
    let hint = match kind {
        Kind::TrailingCommasNotAllowed => "delete the comma before the closing bracket",
        Kind::ExpectedComma => "write a comma between the two",
        Kind::CommentsNotAllowed => "JSON has no comments; write a `description` instead",
        Kind::SingleQuotedStringsNotAllowed => "write double quotes",
        Kind::UnterminatedObject => "the closing `}` is missing",
        Kind::UnterminatedArray => "the closing `]` is missing",
        Kind::ExpectedStringObjectProperty | Kind::UnexpectedWord => "put words in double quotes",
        Kind::MultipleRootJsonValues => "the file ends with the bracket that closes the first one",
        _ => "this is not JSON; check its quotes, colons, commas and brackets",
    };
    let text = kind.to_string();
    let mut letters = text.chars();
    let first = letters.next().map(|letter| letter.to_lowercase().to_string()).unwrap_or_default();
    (first + letters.as_str(), hint)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(text: &str) -> Vec<(usize, usize, String)> {
        let bytes = text.as_bytes().to_vec();
        let source = Arc::new(Source::new("t.json", bytes));
        let mut diagnostics = Diagnostics::default();
        let _ = read(&source, &mut diagnostics);
        let shown = |fault: &&Diagnostic| {
            let (line, column) = fault.span.position();
            (line, column, fault.message.to_string())
        };
        diagnostics.sorted().iter().map(shown).collect()
    }

    #[test]
    fn nothing_looser_than_json_is_read() {
        for text in [
            "{\"a\": 1,}",
            "{a: 1}",
            "{'a': 1}",
            "{\"a\": 0x1}",
            "{\"a\": +1}",
            "{\"a\": .5}",
            "{\"a\": NaN}",
            "{\"a\": 1} // end",
            "{\"a\": 1 \"b\": 2}",
            "{\"a\": \"\\x41\"}",
            "[]",
            "1",
            "   ",
            "{\"a\": ",
        ] {
            assert_eq!(faults(text).len(), 1, "{text}");
        }
        assert_eq!(faults("{\"a\": [1, 2.5, -3e2, true, null, {\"b\": \"\\u00e9\"}]}"), []);
    }

    #[test]
    fn a_fault_has_its_exact_place() {
        assert_eq!(faults("{\n  \"a\": [\n    1,\n  ]\n}\n")[0], (3, 6, "trailing commas are not allowed".into()));
        assert_eq!(faults("\u{feff}[]")[0].1, 1);
        assert_eq!(faults("{\"a\": 1,\n \"a\": 2}"), [(2, 2, "the property `a` occurs twice".into())]);
    }

    #[test]
    fn deeply_nested_brackets_are_refused() {
        for bracket in ["[", "{\"a\":"] {
            let fault = &faults(&bracket.repeat(100_000))[0];
            assert!(fault.2.contains("64 deep"), "{fault:?}");
        }
        assert_eq!(faults(&format!("{{\"a\": \"{}\"}}", "[".repeat(100_000))), []);
    }
}
