//! The rows that a mapping made: one table for each file, sheet, table and country.

use std::sync::{Arc, OnceLock};

use super::fed::Fed;
use super::found::{CellAt, places};
use super::ground::{Cells, Ground, Traced};
use super::row::Row;
use super::texts::{EMPTY, Texts};
use crate::diagnostic::Span;
use crate::project::imports::Mapping;
use crate::project::schema::Schema;
use crate::tables::ingest::delivered::DeliveredSheet;
use crate::tables::ingest::{MadeColumns, RawTable};

/// What stands between the cells of a row where they are listed.
pub const BETWEEN: &str = "; ";

/// What a mapping made of its files.
#[derive(Debug)]
pub struct Imported {
    /// The mapping's id.
    pub id: String,
    /// The tables, in the order of files and sheets.
    pub tables: Vec<Made>,
    texts: Texts,
    ground: Arc<Ground>,
    /// The countries that the mapping feeds, by its files.
    fed: Fed,
}

/// The rows of one table and country that come from one sheet.
#[derive(Debug)]
pub struct Made {
    /// The table.
    pub table: String,
    /// The country.
    pub country: String,
    /// Whether they are confidential.
    pub register: bool,
    /// The file, by its number in the mapping.
    pub file: usize,
    /// The columns that the mapping sets or that are required, in the order of the schema.
    pub fields: Vec<String>,
    /// The number of rows.
    pub rows: usize,
    /// The name of the sheet; none for a text.
    sheet: Option<String>,
    columns: Vec<Vec<u32>>,
    cells: Cells,
}

/// A row as a kept file has it.
pub(super) struct KeptRow {
    pub(super) country: String,
    pub(super) table: String,
    pub(super) file: usize,
    pub(super) sheet: Option<String>,
    pub(super) make: usize,
    /// The texts of all fields of the table.
    pub(super) fields: Vec<String>,
    /// The cell of the kept file in which its cells are named.
    pub(super) cell: CellAt,
}

/// The tables of kept rows: one for each file, sheet, table and country, in the order of the rows.
pub(super) fn restored(
    mapping: &Mapping,
    schemas: &[Schema],
    rows: Vec<KeptRow>,
    (ground, fed): (Ground, Fed),
) -> Imported {
    let (mut tables, mut texts): (Vec<Made>, Texts) = (Vec::new(), Texts::default());
    let register = ground.sheets.iter().any(|sheet| sheet.source.confidential);
    for KeptRow { country, table, file, sheet, make, fields, cell } in rows {
        let Some(schema) = schemas.iter().find(|schema| schema.name == table) else { continue };
        let same =
            |made: &Made| made.table == table && made.country == country && made.file == file && made.sheet == sheet;
        let at = tables.iter().position(same).unwrap_or_else(|| {
            let named = schema.fields.iter().map(|field| field.name.clone()).collect();
            let (rows, columns, cells) = (0, vec![Vec::new(); schema.fields.len()], Cells::default());
            tables.push(Made { table, country, register, file, fields: named, rows, sheet, columns, cells });
            tables.len() - 1
        });
        let Some(made) = tables.get_mut(at) else { continue };
        made.rows += 1;
        made.cells.push(make, vec![cell]);
        let numbers = fields.iter().map(|text| texts.number(text));
        made.columns.iter_mut().zip(numbers).for_each(|(column, number)| column.push(number));
    }
    kept_columns(&mut tables, mapping, schemas);
    Imported { id: mapping.id.clone(), tables, texts, ground: Arc::new(ground), fed }
}

/// Keeps the columns of each table that its rows need.
fn kept_columns(tables: &mut [Made], mapping: &Mapping, schemas: &[Schema]) {
    for table in tables {
        if let Some(schema) = schemas.iter().find(|schema| schema.name == table.table) {
            table.keep(mapping, schema);
        }
    }
}

/// The tables of these rows, which stand in their order.
pub(super) fn made(
    mapping: &Mapping,
    schemas: &[Schema],
    rows: Vec<Row>,
    texts: Texts,
    (ground, fed): (Ground, Fed),
    files: &[usize],
) -> Imported {
    let mut tables: Vec<Made> = Vec::new();
    let mut known: std::collections::HashMap<(usize, &str, u32), usize> = std::collections::HashMap::new();
    for row in rows {
        let Some(make) = mapping.makes.get(row.make) else { continue };
        let Some(schema) = schemas.iter().find(|schema| schema.name == make.table) else { continue };
        let at = *known.entry((row.sheet, make.table.as_str(), row.country)).or_insert_with(|| {
            let register = ground.sheets.get(row.sheet).is_some_and(|sheet| sheet.source.confidential);
            tables.push(Made {
                table: make.table.clone(),
                country: texts.text(row.country).to_owned(),
                register,
                file: files.get(row.sheet).copied().unwrap_or(0),
                fields: schema.fields.iter().map(|field| field.name.clone()).collect(),
                rows: 0,
                sheet: ground.sheets.get(row.sheet).and_then(|sheet| sheet.name.clone()),
                columns: vec![Vec::new(); schema.fields.len()],
                cells: Cells::default(),
            });
            tables.len() - 1
        });
        if let Some(table) = tables.get_mut(at) {
            table.push(row);
        }
    }
    kept_columns(&mut tables, mapping, schemas);
    Imported { id: mapping.id.clone(), tables, texts, ground: Arc::new(ground), fed }
}

impl Made {
    fn push(&mut self, row: Row) {
        self.rows += 1;
        self.cells.push(row.make, row.cells);
        self.columns.iter_mut().zip(row.fields).for_each(|(column, number)| column.push(number));
    }

    /// Keeps the columns that a make sets, that a mark set, or that are required.
    fn keep(&mut self, mapping: &Mapping, schema: &Schema) {
        let makes = || mapping.makes.iter().filter(|make| make.table == schema.name);
        let value = schema.observations.as_ref().map(|observed| observed.value.as_str());
        let set = |name: &str| makes().any(|make| mapping.sets(make, name)) || Some(name) == value;
        let (fields, columns) = (std::mem::take(&mut self.fields), std::mem::take(&mut self.columns));
        for (name, column) in fields.into_iter().zip(columns) {
            let required = schema.field(&name).is_some_and(|field| field.required_column);
            let marked = || column.iter().any(|number| *number != EMPTY);
            if required || set(&name) || marked() {
                self.fields.push(name);
                self.columns.push(column);
            }
        }
    }

    /// The number of the text of a field in a row.
    fn number(&self, row: usize, field: &str) -> u32 {
        let at = self.fields.iter().position(|name| name == field);
        at.and_then(|at| self.columns.get(at)?.get(row).copied()).unwrap_or(EMPTY)
    }

    /// The make of a row, by its number in the mapping.
    #[must_use]
    pub fn make(&self, row: usize) -> usize {
        self.cells.make(row)
    }
}

impl Imported {
    pub(super) fn sheets(&self) -> &[Arc<DeliveredSheet>] {
        &self.ground.sheets
    }

    /// The text of a field in a row; nothing for a field that the table does not have.
    #[must_use]
    pub fn text(&self, made: &Made, row: usize, field: &str) -> &str {
        self.texts.text(made.number(row, field))
    }

    /// The places of the cells of every row of a table, as they are printed.
    #[must_use]
    pub fn origins(&self, made: &Made) -> Vec<Vec<String>> {
        let kept = (0..made.rows).map(|row| self.ground.kept.get(made.cells.of(row).first()?).cloned());
        if let Some(kept) = kept.collect() {
            return kept;
        }
        self.spans(made).iter().map(|spans| spans.iter().map(Span::place).collect()).collect()
    }

    /// The places of the cells of every row of a table; of kept rows those where they are kept.
    #[must_use]
    pub fn spans(&self, made: &Made) -> Vec<Vec<Span>> {
        let places = places(&self.ground.sheets, made.cells.all());
        let place = |cell: &CellAt| places.get(cell).cloned();
        (0..made.rows).map(|row| made.cells.of(row).iter().filter_map(place).collect()).collect()
    }

    /// The name of the sheet that a table comes from; none for a text.
    #[must_use]
    pub fn sheet<'m>(&self, made: &'m Made) -> Option<&'m str> {
        made.sheet.as_deref()
    }

    /// The countries that a fault of these files of the mapping stops, of those of the project.
    #[must_use]
    pub fn stopped(&self, files: &[usize], countries: &[String]) -> Vec<String> {
        self.fed.stopped(files, countries)
    }

    /// The rows as tables, which are checked like any other: one for each file, sheet, table and country.
    #[must_use]
    pub fn into_tables(self, mapping: &Mapping, schemas: &[Schema]) -> Vec<RawTable> {
        let lines: Arc<Vec<Span>> = Arc::new(mapping.makes.iter().map(|make| make.span.clone()).collect());
        let (texts, ground) = (self.texts, self.ground);
        let table = |made: Made| {
            let schema = schemas.iter().find(|schema| schema.name == made.table)?;
            let fields = Arc::new(schema.fields.iter().map(|field| field.name.clone()).collect());
            let columns = made.columns.iter().map(|numbers| texts.column(numbers));
            let columns = MadeColumns { columns: made.fields.into_iter().zip(columns).collect(), rows: made.rows };
            let (ground, lines, names) = (ground.clone(), lines.clone(), OnceLock::new());
            let origins = Traced { ground, cells: made.cells, fields, lines, names };
            let of = (made.table, made.country, made.register);
            Some(RawTable::made(of, &mapping.source, columns, Arc::new(origins)))
        };
        self.tables.into_iter().filter_map(table).collect()
    }

    /// Every text that a row may have.
    #[must_use]
    pub fn texts(&self) -> &[String] {
        self.texts.all()
    }
}
