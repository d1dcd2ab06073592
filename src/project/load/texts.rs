//! The texts of the languages that `data/report.toml` names, from the project or from the program.

use std::collections::BTreeSet;
use std::sync::Arc;

use anyhow::Result;

use super::Report;
use super::entry::Root;
use super::faces::unset;
use super::font_files::with_face;
use super::report::is_name;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Source};
use crate::project::carried;
use crate::project::declaration::Located;
use crate::project::text::{Key, Text};

/// Reads the text of each language, the default first; reports languages without one.
pub(super) fn texts(root: Root<'_>, report: &Report, diagnostics: &mut Diagnostics) -> Result<Vec<Text>> {
    let mut texts = Vec::new();
    // Words of a later program: those that the project's own texts of the default language lack.
    let mut later: Option<BTreeSet<Key>> = None;
    for language in report.languages.iter().filter(|language| is_name(&language.value)) {
        let path = format!("data/text/{}.toml", language.value);
        if let Some(fault) = unset(language) {
            diagnostics.push(fault);
        } else if root.has(&path) {
            let source = root.read_or_missing(&path, None, diagnostics)?;
            let Some(mut text) = Text::parse(&language.value, &source, diagnostics) else { continue };
            text.carried = root.carries(&path).is_some();
            if let Some(carried) = root.stands_behind(&path).and_then(|bytes| of_program(&path, &language.value, bytes))
            {
                // What another language lacks besides is a translation that is still to be written.
                let taken = text.take_words(&carried, later.as_ref());
                if texts.is_empty() {
                    later = Some(taken);
                }
            }
            texts.push(with_face(root.path, text, diagnostics));
        } else {
            diagnostics.push(missing(root, language, &path));
        }
    }
    Ok(texts)
}

/// The carried text of a language, whose faults the repository's own tests find.
fn of_program(path: &str, language: &str, bytes: &[u8]) -> Option<Text> {
    Text::parse(language, &Arc::new(Source::new(path, bytes.to_vec())), &mut Diagnostics::default())
}

fn missing(root: Root<'_>, language: &Located<String>, path: &str) -> Diagnostic {
    let message = format!("the language `{}` has no file `{path}`", language.value);
    let fault = Diagnostic::error(Code::UnknownName, language.span.clone(), message);
    let known: Vec<&str> = carried::languages().collect();
    let hint = || format!("write that file; the program has texts in: {}", known.join(", "));
    if root.is_filled() { fault.hint(hint()) } else { fault }
}
