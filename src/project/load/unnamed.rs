//! Files beside the mappings that no mapping names: nobody would read them.

use std::collections::BTreeSet;

use anyhow::Result;

use super::entry::{Root, empty};
use super::imports::{COUNTRIES, FOLDER, Mapped};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Span};
use crate::project::country::Country;
use crate::project::declaration::nearest;

/// The folder of confidential files, in a country's folder of mappings and nowhere else.
const REGISTER: &str = "register";
/// The end of the name of rows that are kept in place of a file.
const KEPT: &str = ".kept.csv";

/// Reports every file in the folders of mappings that is no mapping and that none names.
pub(super) fn report(
    root: Root<'_>,
    countries: &[Country],
    mappings: &[Mapped],
    diagnostics: &mut Diagnostics,
) -> Result<()> {
    let named = mappings.iter().flat_map(|mapped| {
        let mapping = &mapped.mapping;
        let files = mapping.files.iter().map(|file| format!("{}/{}", mapping.folder, file.path.value));
        let kept = [
            format!("{}/{}{KEPT}", mapping.folder, mapping.id),
            format!("{}/{REGISTER}/{}{KEPT}", mapping.folder, mapping.id),
        ];
        files.chain(kept).collect::<Vec<_>>()
    });
    let named: BTreeSet<String> = named.collect();
    let folders =
        countries.iter().map(|country| (format!("{COUNTRIES}/{}/imports", country.iso3), Some(country.iso3.as_str())));
    for (folder, country) in std::iter::once((FOLDER.to_owned(), None)).chain(folders) {
        Folder { root, named: &named, country }.judge(&folder, &folder, diagnostics)?;
    }
    Ok(())
}

/// A folder of mappings.
struct Folder<'f> {
    root: Root<'f>,
    named: &'f BTreeSet<String>,
    country: Option<&'f str>,
}

impl Folder<'_> {
    /// Judges what is in a folder, and in the folders in it.
    fn judge(&self, base: &str, folder: &str, diagnostics: &mut Diagnostics) -> Result<()> {
        if !self.root.path.join(folder).is_dir() {
            return Ok(());
        }
        for entry in self.root.list(folder, diagnostics)? {
            let path = format!("{folder}/{}", entry.name);
            let own = folder == base;
            let in_register = self.country.is_some() && folder.strip_prefix(base) == Some("/register");
            if entry.is_folder && entry.name.eq_ignore_ascii_case(REGISTER) && !(own && self.country.is_some()) {
                diagnostics.push(self.misplaced(&path));
            } else if entry.is_folder {
                self.judge(base, &path, diagnostics)?;
            } else if !self.named.contains(&path) && !((own || in_register) && entry.name.ends_with(".toml")) {
                diagnostics.push(self.unnamed(&path, &entry.name, folder));
            }
        }
        Ok(())
    }

    fn misplaced(&self, path: &str) -> Diagnostic {
        let at = Span::start_of(&empty(path, self.country));
        let fault = Diagnostic::error(Code::PathError, at, format!("`{path}` is not read"));
        fault.hint(format!("confidential files lie in `{COUNTRIES}/<ISO3>/imports/{REGISTER}/` and nowhere else"))
    }

    fn unnamed(&self, path: &str, name: &str, folder: &str) -> Diagnostic {
        let beside = self.named.iter().filter_map(|path| path.strip_prefix(folder)?.strip_prefix('/'));
        let hint = match nearest(name, beside.filter(|named| !named.ends_with(KEPT))) {
            Some(near) => format!("a mapping names `{near}`"),
            None => "name it in the `[[file]]` of a mapping, or take it away".to_owned(),
        };
        let at = Span::start_of(&empty(path, self.country));
        Diagnostic::error(Code::UnknownTable, at, format!("no mapping names the file `{name}`")).hint(hint)
    }
}
