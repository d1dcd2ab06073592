//! Where each file of `output/` is, by its path below a country's folder or below `output/` itself.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::Path;

use super::own_file::read_plain;
use crate::document::typeset::SetDocument;
use crate::project::Document;

/// The bytes of files by path below the country's folder.
pub(super) type Files<'d> = BTreeMap<String, Cow<'d, [u8]>>;

/// The folder of all donors' copies, at the top of `output/`.
pub(super) const DONORS: &str = "donors";

/// The path of a document below `output/`.
#[must_use]
pub fn path(document: Document<'_>) -> String {
    let (country, language, kind) = (&document.country.iso3, &document.text.language, &document.kind.id);
    match document.donor {
        Some(donor) => format!("{DONORS}/{}/{country}-{language}-{kind}.pdf", donor.id.value),
        None => format!("{country}/{language}/{kind}.pdf"),
    }
}

/// The bytes of a document in `output/`; none where there is no such file.
#[must_use]
pub fn document(root: &Path, path: &str) -> Option<Vec<u8>> {
    read_plain(&root.join("output").join(path))
}

/// The path of a document below its country's folder.
pub(super) fn name(document: &SetDocument) -> String {
    format!("{}/{}.pdf", document.language, document.kind)
}
