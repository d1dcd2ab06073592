//! A first mapping of a file: where it lies decides how the mapping names it, and whether anything but its labels is shown.

use std::path::Path;

use anyhow::{Context, Result};

use super::Shown;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::project::Imports;
use crate::project::iso3166;
use crate::tables::import::draft::{self, Asked};
use crate::tables::ingest::{self, delivered};

/// Where a file lies.
struct Place {
    /// Its path as a mapping names it.
    path: String,
    country: Option<String>,
    confidential: bool,
}

/// The draft of a mapping, or what a mapping lacks for a file.
///
/// # Errors
/// When a file cannot be read.
pub(super) fn draft(
    root: &Path,
    file: &Path,
    (sheet, onto): (Option<&str>, Option<&str>),
    diagnostics: &mut Diagnostics,
) -> Result<Shown> {
    let shown = file.display().to_string();
    let place = place(root, file);
    let bytes = delivered::open(file).with_context(|| format!("cannot read `{shown}`"))?;
    let id = onto.map(|onto| Path::new(onto).file_stem().map_or(onto.into(), |stem| stem.to_string_lossy()));
    let imports = Imports::of(root, id.as_deref().unwrap_or_default(), &mut Diagnostics::default())?;
    // The mapping is judged by `--show`; but of one that cannot be read as it is written nobody can tell what it lacks.
    for fault in imports.mappings.iter().flat_map(|mapped| &mapped.found).filter(|fault| is_unread(fault)) {
        diagnostics.push(fault.clone());
    }
    diagnostics.conclude(())?;
    let asked = Asked {
        path: &place.path,
        bytes,
        sheet,
        country: place.country.as_deref(),
        confidential: place.confidential,
        schemas: &imports.schemas,
        sources: sources(root, &imports, place.country.as_deref())?,
    };
    let text = match (id, imports.mappings.first()) {
        (None, _) => draft::draft(&asked),
        (Some(_), Some(mapped)) => draft::onto(&asked, &mapped.mapping),
        (Some(id), None) => return Ok(Shown::Nothing(format!("there is no mapping `{id}`"))),
    };
    Ok(text.map_or_else(|why| Shown::Nothing(format!("`{shown}`: {why}")), Shown::Text))
}

/// Whether a fault of a mapping means that a part of it says nothing.
fn is_unread(fault: &Diagnostic) -> bool {
    matches!(fault.code, Code::SyntaxError | Code::SourceError | Code::UnknownField | Code::InvalidValue)
}

/// The ids of the sources of the countries that a mapping there may feed.
fn sources(root: &Path, imports: &Imports, country: Option<&str>) -> Result<Vec<String>> {
    let mut aside = Diagnostics::default();
    let tables = ingest::ingest(root, &imports.countries, &imports.schemas, &|_, _| (), &mut aside)?;
    let own = tables.iter().filter(|table| country.is_none_or(|country| table.country == country));
    let ids = own.filter_map(|table| table.cells("id")).flat_map(|(_, column)| column.values().to_vec());
    let mut ids: Vec<String> = ids.collect();
    ids.sort();
    ids.dedup();
    Ok(ids)
}

/// Where a file lies, links followed: below `data/imports`, below a country's `imports`, or elsewhere.
fn place(root: &Path, file: &Path) -> Place {
    let real = file.canonicalize().unwrap_or_else(|_| file.to_path_buf());
    let root = root.canonicalize().unwrap_or_else(|_| root.to_path_buf());
    let is_register =
        |path: &Path| path.components().any(|part| part.as_os_str().to_string_lossy().eq_ignore_ascii_case("register"));
    // The folders above the project do not count.
    let below_root = |path: &Path| path.strip_prefix(&root).map_or_else(|_| path.to_path_buf(), Path::to_path_buf);
    let confidential = is_register(&below_root(&real)) || is_register(&below_root(file));
    let inside: Vec<String> = match real.strip_prefix(&root) {
        Ok(inside) => inside.components().map(|part| part.as_os_str().to_string_lossy().into_owned()).collect(),
        Err(_) => Vec::new(),
    };
    let inside: Vec<&str> = inside.iter().map(String::as_str).collect();
    let (country, below) = match inside.as_slice() {
        ["data", "imports", below @ ..] => (None, below),
        ["data", "countries", country, "imports", below @ ..] if iso3166::is_country(country) => {
            (Some((*country).to_owned()), below)
        }
        ["data", "countries", country, ..] if iso3166::is_country(country) => (Some((*country).to_owned()), &[][..]),
        _ => (None, &[][..]),
    };
    let name = file.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let path = match below {
        [] if confidential => format!("register/{name}"),
        [] => name,
        below => below.join("/"),
    };
    Place { path, country, confidential }
}
