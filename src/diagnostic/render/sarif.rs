//! SARIF 2.1.0, a format for the results of static analysis. Its rules are the codes that were found.
//!
//! Paths are relative to `%SRCROOT%`, the project's root; columns count characters. It contains no snippets of files.
//! A fingerprint is made of path, code, column and message, so it stays the same when rows are added above.

use std::collections::{BTreeSet, HashMap};
use std::fmt::Write as _;
use std::io::{Result, Write};

use serde::{Serialize, Serializer};
use serde_json::{Value, json};

use super::{Code, Diagnostic, Findings, Severity, Span, Visible, guarded};

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";
/// The name of the project's root in SARIF.
const ROOT: &str = "%SRCROOT%";

pub(super) fn write(findings: Findings<'_>, out: &mut dyn Write) -> Result<()> {
    let codes: BTreeSet<Code> = findings.list.iter().map(|finding| finding.code).collect();
    let codes: Vec<Code> = codes.into_iter().collect();
    let rules: Vec<Value> = codes.iter().copied().map(rule).collect();
    let run = Run {
        tool: json!({"driver": {"name": "tipbrief", "version": env!("CARGO_PKG_VERSION"), "rules": rules}}),
        invocations: [invocation(findings.failure)],
        original_uri_base_ids: json!({ROOT: {"description": {"text": "the folder that --root names"}}}),
        column_kind: "unicodeCodePoints",
        results: Results { list: findings.list, codes: &codes },
    };
    guarded::write(&Log { schema: SCHEMA, version: "2.1.0", runs: [run] }, out)
}

#[derive(Serialize)]
struct Log<'f> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run<'f>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'f> {
    tool: Value,
    invocations: [Value; 1],
    original_uri_base_ids: Value,
    column_kind: &'static str,
    results: Results<'f>,
}

/// The findings, each converted only when it is written, since there may be millions.
struct Results<'f> {
    list: &'f [&'f Diagnostic],
    codes: &'f [Code],
}

impl Serialize for Results<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        let mut occurred = HashMap::new();
        serializer.collect_seq(self.list.iter().map(|finding| result(finding, self.codes, &mut occurred)))
    }
}

fn rule(code: Code) -> Value {
    json!({"id": code.name(), "shortDescription": {"text": code.description()}})
}

/// How the run went: a machine failure ends it before everything is checked.
fn invocation(failure: Option<&str>) -> Value {
    let mut invocation = json!({"executionSuccessful": failure.is_none()});
    if let Some(failure) = failure {
        let notification = json!({"level": "error", "message": {"text": failure}});
        invocation["toolExecutionNotifications"] = json!([notification]);
    }
    invocation
}

fn result(finding: &Diagnostic, codes: &[Code], occurred: &mut HashMap<u64, usize>) -> Value {
    let mut text = finding.message.to_string();
    if let Some(hint) = &finding.hint {
        // Writing to a string cannot fail.
        let _ = write!(text, "\nhint: {hint}");
    }
    let print = fingerprint(finding);
    let occurrence = occurred.entry(print).or_default();
    *occurrence += 1;
    let mut result = json!({
        "ruleId": finding.code.name(),
        "ruleIndex": codes.binary_search(&finding.code).unwrap_or_default(),
        "level": level(finding.severity),
        "message": {"text": text},
        "locations": [location(&finding.span)],
        "partialFingerprints": {"primaryLocationLineHash": format!("{print:016x}:{occurrence}")},
    });
    if let Some((span, message)) = &finding.second {
        let mut related = location(span);
        related["message"] = json!({"text": &**message});
        result["relatedLocations"] = json!([related]);
    }
    result
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

/// A place: a range of a line, or the name of a workbook's cell.
fn location(span: &Span) -> Value {
    let mut physical = json!({"artifactLocation": {"uri": uri(span.path()), "uriBaseId": ROOT}});
    if let Some(cell) = span.cell_name() {
        let name = Visible(&cell).to_string();
        return json!({"physicalLocation": physical, "logicalLocations": [{"fullyQualifiedName": name}]});
    }
    let ((line, column), (end_line, end_column)) = (span.position(), span.end_position());
    physical["region"] =
        json!({"startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column});
    json!({"physicalLocation": physical})
}

/// A path as a relative reference, with characters that are not allowed in a URI percent-encoded.
fn uri(path: &str) -> String {
    let mut text = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            text.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(text, "%{byte:02X}");
        }
    }
    text
}

/// A hash that does not depend on the line of a finding: FNV-1a, 64 bits (Fowler, Noll and Vo, RFC 9923).
fn fingerprint(finding: &Diagnostic) -> u64 {
    const BASIS: u64 = 0xcbf2_9ce4_8422_2325;
    const PRIME: u64 = 0x0100_0000_01b3;
    let field = finding.cell.as_ref().and_then(|cell| cell.field.as_ref()).map_or("", |(_, label)| label);
    let parts = [finding.span.path(), finding.code.name(), field, &finding.message];
    let bytes = parts.iter().flat_map(|part| part.bytes().chain([0]));
    bytes.fold(BASIS, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(PRIME))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_references() {
        assert_eq!(uri("data/a b/ລ:1.csv"), "data/a%20b/%E0%BA%A5%3A1.csv");
    }
}
