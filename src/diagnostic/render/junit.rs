//! `JUnit` XML, which most CI systems read: a suite for each file, and in it a case for each column and code, which fails
//! if there are errors. Warnings and notes are the output of a passing case.

use std::io::{Result, Write};

use quick_xml::Writer;
use quick_xml::events::BytesText;

use super::group::digits;
use super::{Diagnostic, Findings, Group, Grouped, Severity, Visible, short};

type Out<'o> = Writer<&'o mut dyn Write>;

/// The indentation of each element.
const INDENT: usize = 2;

pub(super) fn write(findings: Findings<'_>, out: &mut dyn Write) -> Result<()> {
    writeln!(out, r#"<?xml version="1.0" encoding="UTF-8"?>"#)?;
    let mut xml = Writer::new_with_indent(out, b' ', INDENT);
    let files: Vec<_> = findings.files().map(|file| Grouped::of(file).groups).collect();
    let failed: usize = files.iter().map(|groups| failures(groups)).sum();
    let (errors, whole) = (usize::from(findings.failure.is_some()), usize::from(files.is_empty()));
    let tests = files.iter().map(Vec::len).sum::<usize>() + errors.max(whole);
    let counts = counts(tests, failed, errors);
    let suites = xml.create_element("testsuites").with_attribute(("name", "tipbrief"));
    suites.with_attributes(pairs(&counts)).write_inner_content(|xml| {
        if errors.max(whole) > 0 {
            run(findings.failure, xml)?;
        }
        files.iter().try_for_each(|groups| suite(groups, xml))
    })?;
    writeln!(xml.get_mut())
}

fn failures(groups: &[Group<'_>]) -> usize {
    groups.iter().filter(|group| group.first.severity == Severity::Error).count()
}

fn counts(tests: usize, failures: usize, errors: usize) -> [(&'static str, String); 5] {
    let zero = || "0".to_owned();
    let (tests, failures, errors) = (tests.to_string(), failures.to_string(), errors.to_string());
    [("tests", tests), ("failures", failures), ("errors", errors), ("skipped", zero()), ("time", zero())]
}

fn pairs<'p>(pairs: &'p [(&'static str, String)]) -> impl Iterator<Item = (&'p str, &'p str)> {
    pairs.iter().map(|(key, value)| (*key, value.as_str()))
}

/// The case for the run itself, if nothing was found, or if a machine failure ended it.
fn run(failure: Option<&str>, xml: &mut Out<'_>) -> Result<()> {
    let counts = counts(1, 0, usize::from(failure.is_some()));
    let suite = xml.create_element("testsuite").with_attribute(("name", "tipbrief"));
    suite.with_attributes(pairs(&counts)).write_inner_content(|xml| {
        let case =
            xml.create_element("testcase").with_attributes([("classname", "tipbrief"), ("name", "run"), ("time", "0")]);
        let Some(failure) = failure else { return case.write_empty().map(drop) };
        let message = Visible(failure).to_string();
        case.write_inner_content(|xml| {
            xml.create_element("error").with_attribute(("message", message.as_str())).write_empty().map(drop)
        })
        .map(drop)
    })?;
    Ok(())
}

fn suite(groups: &[Group<'_>], xml: &mut Out<'_>) -> Result<()> {
    let Some(path) = groups.first().map(|group| Visible(group.first.span.path()).to_string()) else { return Ok(()) };
    let counts = counts(groups.len(), failures(groups), 0);
    let suite = xml.create_element("testsuite").with_attribute(("name", path.as_str()));
    suite
        .with_attributes(pairs(&counts))
        .write_inner_content(|xml| groups.iter().try_for_each(|group| case(&path, group, xml)))?;
    Ok(())
}

fn case(path: &str, group: &Group<'_>, xml: &mut Out<'_>) -> Result<()> {
    let first = group.first;
    let (name, line) = (Visible(&group.name()).to_string(), first.span.position().0.to_string());
    let text = listing(&group.members)?;
    let case = xml.create_element("testcase");
    case.with_attributes([("classname", path), ("name", &name), ("file", path), ("line", &line), ("time", "0")])
        .write_inner_content(|xml| {
            if first.severity != Severity::Error {
                return xml.create_element("system-out").write_text_content(BytesText::new(&text)).map(drop);
            }
            let message = match group.members.len() {
                1 => Visible(&first.message).to_string(),
                many => format!("{} findings, the first: {}", digits(many), Visible(&first.message)),
            };
            let failure = xml.create_element("failure").with_attribute(("type", first.code.name()));
            failure.with_attribute(("message", message.as_str())).write_text_content(BytesText::new(&text)).map(drop)
        })?;
    Ok(())
}

/// Every finding of a case with its place, one on a line. A hint is not repeated for the next finding.
fn listing(members: &[&Diagnostic]) -> Result<String> {
    let mut text = Vec::from(b"\n");
    let mut last_hint = None;
    for finding in members {
        short::lines(finding, &mut text)?;
        if finding.hint.is_some() && last_hint != finding.hint.as_deref() {
            last_hint = finding.hint.as_deref();
            writeln!(text, "hint: {}", Visible(last_hint.unwrap_or_default()))?;
        }
    }
    Ok(String::from_utf8_lossy(&text).into_owned())
}
