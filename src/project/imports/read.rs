//! Reads a mapping key by key.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::file::Shared;
use super::keys::MAPPING;
use super::reading::Reading;
use super::{Lying, Mapping, Number, codes, file, makes, origin};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Source};
use crate::project::declaration::Declaration;
use crate::project::schema::Schema;

/// Reads a mapping, and reports what is wrong with its keys and their shapes.
/// Tells, too, whether somebody still has to decide what a `[[make]]` makes.
pub(super) fn read(
    lying: Lying,
    source: &Arc<Source>,
    schemas: &[Schema],
    diagnostics: &mut Diagnostics,
) -> (Mapping, bool) {
    let mut file = Declaration::parse(&MAPPING, source, diagnostics);
    let (named, licence) = (file.text("source"), file.text("licence"));
    for written in [&named, &licence].into_iter().flatten() {
        codes::decided(written, &mut file);
    }
    let licence = licence.map(|licence| licence.value);
    let number = number(&mut file);
    let into = origin::into(&mut file, number.any_digits);
    let mut read = Reading::default();
    if let Some(mut keys) = file.table("read") {
        read.take(&mut keys);
        keys.finish();
    }
    let register = lying.folder.ends_with("/register");
    let shared = Shared { source: named, licence, read, register, of_country: lying.country.is_some() };
    for (key, example) in [("file", "[[file]]"), ("make", "[[make]]")] {
        if (!file.has(key) || file.empty_list(key).is_some()) && !source.bytes.is_empty() {
            let fault = Diagnostic::error(Code::MissingField, file.span(), format!("there is no `{example}`"));
            file.fault(fault.hint(format!("a mapping has at least one `{example}`")));
        }
    }
    let files = file::read(&mut file, &shared);
    let (missing, marks, skips) = (codes::missing(&mut file), codes::marks(&mut file), makes::left(&mut file));
    let (makes, open) = makes::read(&mut file, schemas, number.any_digits);
    let codes = if file.has("codes") { codes::tables(&mut file) } else { BTreeMap::new() };
    file.tolerate(&["codes"]);
    file.finish();
    let Lying { id, folder, country } = lying;
    let source = source.clone();
    let partial = false;
    (Mapping { id, source, folder, country, files, into, number, missing, marks, skips, makes, codes, partial }, open)
}

/// Reads `[number]`.
fn number(file: &mut Declaration<'_>) -> Number {
    let Some(mut table) = file.table("number") else { return Number::default() };
    let mut mark = |key: &'static str| {
        let written = table.text(key)?;
        let mut letters = written.value.chars();
        let one = letters.next().filter(|c| letters.next().is_none() && !c.is_alphanumeric());
        if one.is_none() {
            let message = format!("`{}` is no mark of numbers", written.value);
            let fault = Diagnostic::error(Code::InvalidValue, written.span, message);
            table.fault(fault.hint("write one character, such as `,`"));
        }
        // Whatever takes room between digits is one blank once white space is folded.
        one.map(|mark| if mark.is_whitespace() { ' ' } else { mark })
    };
    let (thousands, decimal) = (mark("thousands"), mark("decimal"));
    let digits = table.text("digits");
    if let Some(digits) = digits.as_ref().filter(|digits| digits.value != "any") {
        let message = format!("`digits` is `{}`; its only value is `any`", digits.value);
        table.fault(Diagnostic::error(Code::InvalidValue, digits.span.clone(), message));
    }
    if thousands.is_some() && thousands == decimal {
        let fault = Diagnostic::error(Code::InvalidValue, table.span(), "`thousands` and `decimal` are the same mark");
        table.fault(fault);
    }
    table.finish();
    Number { thousands, decimal, any_digits: digits.is_some() }
}
