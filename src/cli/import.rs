//! The command `import`: what a mapping makes of its files.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

use anyhow::Result;
use clap::Args;

use super::end::{End, complain, conclude, failure, guarded};
use super::options::Options;
use super::printing::unless_gone;
use super::shared::Shared;
use crate::delivery::publish::csv_text;
use crate::diagnostic::{Diagnostics, Format};
use crate::project::Imports;
use crate::tables::import::{self, Imported, Made};
use crate::tables::ingest;

#[derive(Args)]
pub(super) struct ImportOptions {
    /// Print as CSV what the mapping of this id makes of its files: how many rows of each table, or the rows of one
    #[arg(long, value_name = "ID", required = true)]
    show: String,
    /// The table whose rows are printed, with the cells that each is made of
    #[arg(value_name = "ISO3/TABLE")]
    table: Option<String>,
    #[command(flatten)]
    options: Options,
}

/// What a mapping shows.
#[derive(Debug)]
pub enum Shown {
    /// The text of a CSV file.
    Csv(String),
    /// There is no such mapping, or it makes no such table.
    Nothing(String),
}

/// What a mapping makes of its files, as CSV. It is judged alone, whatever else the project lacks; where it has an error, no
/// row is shown.
///
/// # Errors
/// [`Reported`](crate::diagnostic::Reported) when something is wrong, or a failure of the world.
pub fn show(root: &Path, id: &str, table: Option<&str>, diagnostics: &mut Diagnostics) -> Result<Shown> {
    let imports = Imports::of(root, id, diagnostics)?;
    let Some(mapped) = imports.mappings.first() else {
        return Ok(Shown::Nothing(format!("there is no mapping `{id}`")));
    };
    let present = import::present(root, mapped, diagnostics)?;
    let countries: Vec<String> = imports.countries.iter().map(|country| country.iso3.clone()).collect();
    let imported = import::import(&mapped.mapping, present, &imports.schemas, &countries, diagnostics);
    let (silent, mut aside) = (|_: u64, _: u64| (), Diagnostics::default());
    let sources = ingest::ingest(root, &imports.countries, &imports.schemas, &silent, &mut aside)?;
    import::known(&mapped.mapping, &imported, &sources, diagnostics);
    diagnostics.conclude(())?;
    match table {
        None => Ok(Shown::Csv(counts(&imported)?)),
        Some(table) => rows(&imports, &imported, table),
    }
}

/// How many rows each table of each country has.
fn counts(imported: &Imported) -> Result<String> {
    let mut rows: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for made in &imported.tables {
        *rows.entry((&made.country, &made.table)).or_default() += made.rows;
    }
    let head = ["country", "table", "rows"].map(str::to_owned);
    let line =
        |((country, table), rows): ((&str, &str), usize)| [country.to_owned(), table.to_owned(), rows.to_string()];
    csv_text(std::iter::once(head).chain(rows.into_iter().map(line)))
}

/// The rows of one table of one country, with the cells that each is made of.
fn rows(imports: &Imports, imported: &Imported, asked: &str) -> Result<Shown> {
    let wanted = |made: &&Made| asked == format!("{}/{}", made.country, made.table);
    let tables: Vec<&Made> = imported.tables.iter().filter(wanted).collect();
    let schema = tables.first().and_then(|made| imports.schemas.iter().find(|schema| schema.name == made.table));
    let Some(schema) = schema else {
        return Ok(Shown::Nothing(format!("`{}` makes no rows of `{asked}`", imported.id)));
    };
    let shown = |name: &&str| tables.iter().any(|made| made.fields.iter().any(|field| field == name));
    let fields: Vec<&str> = schema.fields.iter().map(|field| field.name.as_str()).filter(shown).collect();
    let mut lines = vec![fields.iter().copied().chain(["cells"]).map(str::to_owned).collect::<Vec<String>>()];
    for made in tables {
        for (row, cells) in imported.origins(made).into_iter().enumerate() {
            let texts = fields.iter().map(|field| imported.text(made, row, field).to_owned());
            lines.push(texts.chain([cells.join("; ")]).collect());
        }
    }
    Ok(Shown::Csv(csv_text(lines)?))
}

/// Prints what a mapping makes; what is wrong with it goes to stderr.
pub(super) fn run(asked: &ImportOptions, shared: &Shared, diagnostics: &mut Diagnostics) -> End {
    let shown = guarded(|| show(&shared.root(), &asked.show, asked.table.as_deref(), diagnostics));
    let failed = failure(shown.as_ref().err(), diagnostics);
    let reported = shared.report(diagnostics, Format::from(asked.options.format), None, std::io::stderr());
    let text = match shown {
        Ok(Shown::Csv(text)) => text,
        Ok(Shown::Nothing(why)) => {
            complain(why);
            return conclude(failed, true);
        }
        Err(_) => return asked.options.end(diagnostics, failed, reported),
    };
    let written = unless_gone(std::io::stdout().write_all(text.as_bytes())).and(reported);
    asked.options.end(diagnostics, failed, written)
}
