//! Which columns get a dictionary of their values: every column that a rule of the schema reads, and all of a public table.

use super::pieces;
use super::table::RawTable;
use crate::project::schema::{Field, Format, Kind, Schema};

impl RawTable {
    /// Reads the file once more for the dictionary of a column that was read without.
    pub fn code(&mut self, column: usize) {
        if !self.columns[column].coded() {
            self.columns[column] = pieces::code(&self.source.bytes, &self.pieces, self.delimiter, column);
        }
    }

    /// Gives the columns that the schema's rules read a dictionary, where reading did without one.
    pub(super) fn code_for(&mut self, schema: &Schema) {
        for at in 0..self.columns.len() {
            let field = schema.field(&self.labels[at].text);
            if !self.register || field.is_some_and(|field| !is_free_text(field, schema)) {
                self.code(at);
            }
        }
    }
}

/// Whether a field is free text that no rule reads, so that in a register its column needs no dictionary.
#[must_use]
pub fn is_free_text(field: &Field, schema: &Schema) -> bool {
    let limits = &field.constraints;
    let open = limits.allowed.is_empty()
        && limits.pattern.is_none()
        && limits.min_length.is_none()
        && limits.max_length.is_none();
    let refers = schema.foreign_keys.iter().any(|key| key.fields.contains(&field.name));
    let counted = schema.observations.as_ref().is_some_and(|observations| observations.requires(&field.name));
    let text = field.kind == Kind::Text && field.writing.format == Format::Default;
    text && open && !refers && !counted && !field.required_column
}
