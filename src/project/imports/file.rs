//! One delivered file: `[[file]]`.

use std::collections::BTreeMap;

use super::codes;
use super::pattern::folded;
use super::reading::Reading;
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::project::declaration::{Declaration, Located};

/// One delivered file.
#[derive(Debug, Clone)]
pub struct Delivered {
    /// Its path from the mapping's folder.
    pub path: Located<String>,
    /// Its checksum, in lower case.
    pub sha256: Option<Located<String>>,
    /// The day on which it was retrieved.
    pub retrieved: Option<String>,
    /// The mapping's label for labels of this file.
    pub labels: BTreeMap<String, String>,
    /// The id of its source, in the `sources.csv` of each country that it feeds.
    pub source: Located<String>,
    /// Its licence.
    pub licence: String,
    /// How it is read.
    pub read: Reading,
    /// Whether only its custodian may see it.
    pub confidential: bool,
    /// The place of its table in the mapping.
    pub span: Span,
}

impl Delivered {
    /// Whether its path is one that a mapping may name.
    #[must_use]
    pub fn is_plain(&self, of_country: bool) -> bool {
        unsafe_path(&self.path.value, of_country).is_none()
    }
}

/// What holds for every file of a mapping unless the file says otherwise.
pub(super) struct Shared {
    pub(super) source: Option<Located<String>>,
    pub(super) licence: Option<String>,
    pub(super) read: Reading,
    /// Whether the mapping itself lies in a register.
    pub(super) register: bool,
    /// Whether it lies in a country's folder.
    pub(super) of_country: bool,
}

/// Reads every `[[file]]`.
pub(super) fn read(file: &mut Declaration<'_>, shared: &Shared) -> Vec<Delivered> {
    file.tables("file", |table| one(table, shared))
}

fn one(mut table: Declaration<'_>, shared: &Shared) -> Delivered {
    let span = table.span();
    let path = table.required_text("path");
    let confidential = shared.register || path.value.starts_with("register/");
    let sha256 = table.text("sha256").map(|sum| Located { value: sum.value.to_ascii_lowercase(), ..sum });
    if sha256.is_none() && !confidential {
        let fault = Diagnostic::error(Code::MissingField, span.clone(), "the key `sha256` is missing");
        table.fault(fault.hint("write the checksum of the file, so that nobody exchanges it unseen"));
    }
    let retrieved = table.day("retrieved").map(|day| day.value);
    let labels = labels(&mut table);
    let own = table.text("source");
    if let Some(own) = &own {
        codes::decided(own, &mut table);
    }
    let source = own.or_else(|| shared.source.clone());
    if source.is_none() {
        let fault = Diagnostic::error(Code::MissingField, span.clone(), "the key `source` is missing");
        table.fault(
            fault.hint("add a line `source = \"…\"` at the head of the mapping: the id of a row of sources.csv"),
        );
    }
    let source = source.unwrap_or_else(|| Located { value: String::new(), span: span.clone() });
    let licence = table.text("licence").map(|licence| licence.value).or_else(|| shared.licence.clone());
    let mut read = shared.read.clone();
    read.take(&mut table);
    if let Some(why) = unsafe_path(&path.value, shared.of_country).filter(|_| !path.value.is_empty()) {
        let message = format!("`{}` is not read: {why}", path.value);
        let fault = Diagnostic::error(Code::PathError, path.span.clone(), message);
        table.fault(fault.hint("put the file into the folder of the mapping, and write its path from there"));
    }
    table.finish();
    let licence = licence.unwrap_or_default();
    Delivered { path, sha256, retrieved, labels, source, licence, read, confidential, span }
}

/// The mapping's label for labels of this file.
fn labels(table: &mut Declaration<'_>) -> BTreeMap<String, String> {
    let mut labels = BTreeMap::new();
    for (own, ours) in table.map("labels") {
        let Some(ours) = ours.first() else { continue };
        if codes::decided(ours, table) {
            labels.insert(folded(&own.value), folded(&ours.value));
        }
    }
    labels
}

/// Why a path is none that a mapping may name.
pub(super) fn unsafe_path(path: &str, of_country: bool) -> Option<&'static str> {
    let odd = |part: &str| part.is_empty() || part == "." || part == "..";
    if path.contains(['\\', '\0', ':']) || path.split('/').any(odd) {
        return Some("it is not a plain path below the mapping");
    }
    if path.split('/').any(is_reserved) || path.chars().any(char::is_control) {
        return Some("some systems keep this name for themselves");
    }
    if [".toml", KEPT].iter().any(|ending| path.to_ascii_lowercase().ends_with(ending)) {
        return Some("this is the name of a mapping, or of kept rows");
    }
    let register = path.split('/').any(|part| part.eq_ignore_ascii_case("register"));
    let in_order = path.starts_with("register/") && path.matches("register").count() == 1;
    if register && !(of_country && in_order) {
        return Some("confidential files lie in `data/countries/<ISO3>/imports/register/` and nowhere else");
    }
    None
}

/// The end of the name of a file of kept rows.
pub(super) const KEPT: &str = ".kept.csv";

/// Names of devices, with any ending, and names that end with a dot or a blank: Windows knows them as something else.
fn is_reserved(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim_end().to_ascii_uppercase();
    let numbered =
        |device: &str| stem.strip_prefix(device).is_some_and(|rest| matches!(rest.as_bytes(), [b'0'..=b'9']));
    let device = matches!(stem.as_str(), "CON" | "PRN" | "AUX" | "NUL") || ["COM", "LPT"].into_iter().any(numbered);
    device || name.ends_with(['.', ' '])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_paths_below_the_mapping_are_read() {
        for path in ["a.csv", "x/a.csv", "..a.csv"] {
            assert_eq!(unsafe_path(path, false), None, "{path}");
        }
        for path in
            ["../a.csv", "/a.csv", "x/../a.csv", "x//a.csv", "./a.csv", "C:\\a.csv", "c:a.csv", "register/a.csv"]
        {
            assert!(unsafe_path(path, false).is_some(), "{path}");
        }
        for path in
            ["NUL", "con.csv", "x/Aux.xlsx", "com1.csv", "a.", "a ", "x /a.csv", "a\tb.csv", "y.toml", "x.kept.csv"]
        {
            assert!(unsafe_path(path, false).is_some(), "{path}");
        }
        for path in ["contact.csv", "com.csv", "null.csv", "a b.csv"] {
            assert_eq!(unsafe_path(path, false), None, "{path}");
        }
        assert_eq!(unsafe_path("register/a.csv", true), None);
        assert!(unsafe_path("x/register/a.csv", true).is_some());
    }
}
