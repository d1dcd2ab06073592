//! The rows of one table of a country as one, wherever they come from: first those of its own file, then those that mappings
//! made. Rules that compare rows see them together.

use std::sync::Arc;

use super::column::Column;
use super::origins::{MadeRows, Origins};
use super::table::{Label, RawTable};
use crate::diagnostic::Source;

/// Columns that a mapping made, by label.
pub struct MadeColumns {
    /// The labels and the columns.
    pub columns: Vec<(String, Column)>,
    /// The number of rows.
    pub rows: usize,
}

impl RawTable {
    /// A table of rows that a mapping made.
    #[must_use]
    pub fn made(
        (table, country, register): (String, String, bool),
        mapping: &Arc<Source>,
        made: MadeColumns,
        origins: Arc<dyn Origins>,
    ) -> Self {
        let span = origins.line();
        let label = |text: &String| Label { text: text.clone(), span: span.clone() };
        let labels = made.columns.iter().map(|(text, _)| label(text)).collect();
        let fields = made.columns.iter().map(|(text, _)| text.clone()).collect();
        let columns = made.columns.into_iter().map(|(_, column)| column).collect();
        let stretch = MadeRows { first: 0, rows: made.rows, fields, origins, hashed: Default::default() };
        let empty = Self::empty(mapping.clone());
        Self { table, country, register, labels, columns, rows: made.rows, made: vec![stretch], ..empty }
    }

    /// These tables of one kind as one; only the first of them may have a file of its own. In rows of a file without a column
    /// its cells are what `absent` says of it.
    #[must_use]
    pub fn joined(mut tables: Vec<Self>, absent: impl Fn(&str) -> &'static str) -> Option<Self> {
        let further = tables.split_off(1.min(tables.len()));
        let mut all = tables.pop()?;
        if further.is_empty() {
            return Some(all);
        }
        if all.made.is_empty() {
            all.own_columns = all.labels.len();
        }
        for table in &further {
            let new: Vec<&Label> = table.labels.iter().filter(|label| all.column(&label.text).is_none()).collect();
            for label in new {
                all.columns.push(Column::filled(absent(&label.text), all.rows));
                all.labels.push(Label { text: label.text.clone(), span: label.span.clone() });
            }
        }
        all.append(&further, absent);
        Some(all)
    }

    /// Appends the rows of tables whose labels are all here.
    fn append(&mut self, further: &[Self], absent: impl Fn(&str) -> &'static str) {
        let mut first = self.rows;
        let mut made: Vec<MadeRows> = Vec::new();
        for table in further {
            made.extend(table.made.iter().map(|stretch| MadeRows { first: first + stretch.first, ..stretch.clone() }));
            first += table.rows;
        }
        for (at, label) in self.labels.iter().enumerate() {
            let parts: Vec<Part<'_>> = further.iter().map(|table| Part::of(table, label, &absent)).collect();
            let Some(own) = self.columns.get(at) else { continue };
            let columns: Vec<&Column> = std::iter::once(own).chain(parts.iter().map(Part::column)).collect();
            let joined = Column::below_each_other(&columns);
            if !joined.coded() {
                // Without a dictionary a cell is read again where it stands, which is of no use where it was translated.
                let stretches = self.made.iter_mut().chain(&mut made);
                let columns = columns.iter().skip(usize::from(self.own_columns > 0));
                stretches.zip(columns).filter(|(_, column)| column.coded()).for_each(|(stretch, column)| {
                    stretch.hashed.insert(at, (*column).clone());
                });
            }
            if let Some(column) = self.columns.get_mut(at) {
                *column = joined;
            }
        }
        self.rows = first;
        self.made.extend(made);
    }
}

/// The cells of one table in one column.
enum Part<'t> {
    Given(&'t Column),
    Absent(Column),
}

impl<'t> Part<'t> {
    fn of(table: &'t RawTable, label: &Label, absent: &impl Fn(&str) -> &'static str) -> Self {
        match table.cells(&label.text) {
            Some((_, column)) => Self::Given(column),
            None => Self::Absent(Column::filled(absent(&label.text), table.rows)),
        }
    }

    fn column(&self) -> &Column {
        match self {
            Self::Given(column) => column,
            Self::Absent(column) => column,
        }
    }
}
