//! The table files in a country's folder: which table each of them holds, and that no table has two files.

use super::entry::{Entry, empty};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Span};
use crate::project::country::{Country, TableFile};
use crate::project::declaration::nearest;
use crate::project::schema::Schema;

/// The endings of table files: of CSV, and of workbooks, which may be written in capitals.
const CSV: &str = ".csv";
const WORKBOOKS: [&str; 4] = [".xlsx", ".ods", ".xls", ".xlsb"];

/// The table that a file of a country holds; any other file is a fault.
pub(super) fn table_file(
    entry: &Entry,
    path: String,
    register: bool,
    iso3: &str,
    schemas: &[Schema],
    diagnostics: &mut Diagnostics,
) -> Option<TableFile> {
    let stem = stem(&entry.name).filter(|_| !entry.is_folder);
    if let Some(schema) = schemas.iter().find(|schema| Some(schema.name.as_str()) == stem) {
        let labels = schema.fields.iter().map(|field| field.name.clone()).collect();
        return Some(TableFile { table: schema.name.clone(), path, register, labels });
    }
    let message = format!("`{}` is not a table of this project", entry.name);
    let fault = Diagnostic::error(Code::UnknownTable, Span::start_of(&empty(&path, Some(iso3))), message);
    let names: Vec<_> = schemas.iter().map(|schema| schema.name.as_str()).collect();
    let other = entry.name.rsplit_once('.').filter(|(stem, _)| stem_is_known(stem, schemas) && !entry.is_folder);
    let hint = match nearest(stem.unwrap_or(&entry.name), names.iter().copied()) {
        _ if other.is_some() => {
            format!("save it as CSV, or as a workbook: {}", WORKBOOKS.map(|ending| format!("`{ending}`")).join(", "))
        }
        Some(near) => format!("did you mean `{near}.csv`?"),
        None => format!("the tables are: {}", names.join(", ")),
    };
    diagnostics.push(fault.hint(hint));
    None
}

/// The name of a table file without its ending.
pub(super) fn stem(name: &str) -> Option<&str> {
    let workbook = |ending: &str| {
        let at = name.len().checked_sub(ending.len())?;
        name.get(at..).filter(|end| end.eq_ignore_ascii_case(ending)).and_then(|_| name.get(..at))
    };
    name.strip_suffix(CSV).or_else(|| WORKBOOKS.iter().find_map(|ending| workbook(ending)))
}

fn stem_is_known(stem: &str, schemas: &[Schema]) -> bool {
    schemas.iter().any(|schema| schema.name == stem)
}

/// Reports a table with two files: it must be either CSV or a workbook.
pub(super) fn twice_kept(country: &Country, diagnostics: &mut Diagnostics) {
    for (at, file) in country.tables.iter().enumerate() {
        let same = |other: &&TableFile| other.table == file.table && other.register == file.register;
        if let Some(other) = country.tables[..at].iter().find(same) {
            let message = format!("the same table is also in `{}`", other.path);
            let span = Span::start_of(&empty(&file.path, Some(&country.iso3)));
            diagnostics.push(Diagnostic::error(Code::UnknownTable, span, message).hint("delete one of the two"));
        }
    }
}
