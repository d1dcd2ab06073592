//! The command `import`: what a mapping makes of its files, a first mapping of a file, and rows that are kept.

mod draft;
mod keep;

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::Args;

use crate::cli::end::{End, complain, conclude, failure, guarded};
use crate::cli::options::Options;
use crate::cli::printing::unless_gone;
use crate::cli::shared::Shared;
use crate::delivery::publish::csv_text;
use crate::diagnostic::{Diagnostics, Format};
use crate::project::{Imports, Mapped};
use crate::tables::import::{self, BETWEEN, Imported, Made};
use crate::tables::ingest;

#[derive(Args)]
pub(in crate::cli) struct ImportOptions {
    /// Print as CSV what the mapping of this id makes of its files: how many rows of each table, or the rows of one
    #[arg(long, value_name = "ID", group = "what", required = true)]
    show: Option<String>,
    /// The table whose rows are printed, with the cells that each is made of
    #[arg(value_name = "ISO3/TABLE", requires = "show")]
    table: Option<String>,
    /// Keep the rows that the mapping of this id makes, beside it, for where its files may not be committed
    #[arg(long, value_name = "ID", group = "what")]
    keep: Option<String>,
    /// Print a first mapping of a file, in which `"?"` stands where somebody has to decide
    #[arg(long, value_name = "FILE", group = "what")]
    draft: Option<PathBuf>,
    /// The sheet of the workbook that is drafted
    #[arg(long, value_name = "NAME", requires = "draft")]
    sheet: Option<String>,
    /// Print only what the mapping of this id lacks for the file
    #[arg(long, value_name = "ID", requires = "draft")]
    onto: Option<String>,
    #[command(flatten)]
    options: Options,
}

/// What a mapping shows.
#[derive(Debug)]
pub enum Shown {
    /// A text: a CSV file, or a mapping.
    Text(String),
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
    let imported = import::imported(root, mapped, &imports.schemas, &iso3(&imports), diagnostics)?;
    judge(root, &imports, mapped, &imported, diagnostics)?;
    match table {
        None => Ok(Shown::Text(counts(&imported)?)),
        Some(table) => rows(&imports, &imported, table),
    }
}

/// The countries of a project.
fn iso3(imports: &Imports) -> Vec<String> {
    imports.countries.iter().map(|country| country.iso3.clone()).collect()
}

/// Whether the sources of all rows are known, and nothing else is wrong.
fn judge(
    root: &Path,
    imports: &Imports,
    mapped: &Mapped,
    imported: &Imported,
    diagnostics: &mut Diagnostics,
) -> Result<()> {
    let (silent, mut aside) = (|_: u64, _: u64| (), Diagnostics::default());
    let sources = ingest::ingest(root, &imports.countries, &imports.schemas, &silent, &mut aside)?;
    import::known(&mapped.mapping, import::fed(imported), &sources, diagnostics);
    Ok(diagnostics.conclude(())?)
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
            lines.push(texts.chain([cells.join(BETWEEN)]).collect());
        }
    }
    Ok(Shown::Text(csv_text(lines)?))
}

/// Prints what is asked for; what is wrong with a mapping goes to stderr.
pub(in crate::cli) fn run(asked: &ImportOptions, shared: &Shared, diagnostics: &mut Diagnostics) -> End {
    let root = shared.root();
    let shown = guarded(|| match (&asked.show, &asked.draft, &asked.keep) {
        (Some(id), ..) => show(&root, id, asked.table.as_deref(), diagnostics),
        (None, Some(file), _) => {
            draft::draft(&root, file, (asked.sheet.as_deref(), asked.onto.as_deref()), diagnostics)
        }
        (None, None, Some(id)) => keep::keep(&root, id, diagnostics),
        (None, None, None) => Ok(Shown::Nothing("nothing is asked for".to_owned())),
    });
    let failed = failure(shown.as_ref().err(), diagnostics);
    let reported = shared.report(diagnostics, Format::from(asked.options.format), None, std::io::stderr());
    let text = match shown {
        Ok(Shown::Text(text)) => text,
        Ok(Shown::Nothing(why)) => {
            complain(why);
            return conclude(failed, true);
        }
        Err(_) => return asked.options.end(diagnostics, failed, reported),
    };
    let written = unless_gone(std::io::stdout().write_all(text.as_bytes())).and(reported);
    asked.options.end(diagnostics, failed, written)
}
