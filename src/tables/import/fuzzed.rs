//! What holds of every mapping and every delivered file: each finding lies in one of them, each row is made of cells, and the draft
//! of any file can be read as a mapping that does not pass. The fuzz target and the tests ask for it.

use std::sync::Arc;

use memchr::memmem;

use super::draft::{Asked, draft};
use super::{Present, import};
use crate::diagnostic::{Bytes, Code, Diagnostics, Source};
use crate::project::imports::{Lying, Mapping};
use crate::project::iso3166;
use crate::project::schema::Schema;
use crate::tables::ingest::fuzzed::packaged;

/// What stands before the name of a delivered file, which is a line, and its content.
const FILE: &[u8] = b"\n=== ";

/// Reads a mapping and the file behind it, which every `[[file]]` names, and drafts a mapping of the file.
///
/// # Errors
/// What does not hold.
pub(crate) fn of_import(schemas: &[Schema], input: &[u8], found: &mut Diagnostics) -> Result<(), String> {
    let (mapping, rest) = input.split_at(memmem::find(input, FILE).unwrap_or(input.len()));
    let rest = rest.strip_prefix(FILE).unwrap_or_default();
    let (name, content) = rest.split_at(rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len()));
    let name = String::from_utf8_lossy(name).into_owned();
    let content = content.strip_prefix(b"\n").unwrap_or_default();
    let bytes = Bytes::from(packaged(&name, content)?);
    let lying = || Lying { id: "x".to_owned(), folder: "data/imports".to_owned(), country: None };
    let source = Arc::new(Source::new("data/imports/x.toml", mapping.to_vec()));
    let mapping = Mapping::parse(lying(), &source, schemas, found);
    let countries: Vec<String> = iso3166::countries().map(str::to_owned).collect();
    let named = mapping.files.iter().enumerate().filter(|(_, file)| file.is_plain(false));
    let present = named.map(|(file, _)| Present { file, path: name.clone(), bytes: bytes.clone() });
    let imported = import(&mapping, present.collect(), schemas, &countries, found);
    for made in &imported.tables {
        if imported.spans(made).iter().any(Vec::is_empty) || imported.origins(made).len() != made.rows {
            return Err(format!("a row of {} is made of no cell", made.table));
        }
    }
    let (sheet, country, confidential, sources) = (None, None, false, Vec::new());
    let asked = Asked { path: &name, bytes, sheet, country, confidential, schemas, sources };
    let Ok(text) = draft(&asked) else { return Ok(()) };
    let mut faults = Diagnostics::default();
    let source = Arc::new(Source::new("data/imports/x.toml", text.clone().into_bytes()));
    let drafted = Mapping::parse(lying(), &source, schemas, &mut faults);
    let other = faults.sorted().into_iter().find(|fault| fault.code != Code::UndecidedCode).map(|fault| &fault.message);
    match other {
        Some(message) => Err(format!("the draft cannot be read: {message}\n{text}")),
        None if faults.failed() && drafted.files.len() == 1 => Ok(()),
        None => Err(format!("the draft passes by itself:\n{text}")),
    }
}
