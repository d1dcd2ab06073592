//! The schemas: the files of `data/schemas/`, one for each kind of table.

use anyhow::Result;

use super::entry::{Root, misplaced};
use crate::diagnostic::Diagnostics;
use crate::project::schema::{self, Schema};

/// Reads every schema, and reports what is wrong with them.
pub(super) fn schemas(root: Root<'_>, diagnostics: &mut Diagnostics) -> Result<Vec<Schema>> {
    let mut schemas = Vec::new();
    for entry in root.list("data/schemas", diagnostics)? {
        let path = format!("data/schemas/{}", entry.name);
        match entry.name.strip_suffix(".json") {
            Some(name) if !entry.is_folder => {
                let source = root.read(&path, None, diagnostics)?;
                schemas.push(Schema::parse(name, &source, diagnostics));
            }
            _ => misplaced(&path, None, "a schema `<table>.json`", diagnostics),
        }
    }
    schema::relate(&schemas, diagnostics);
    Ok(schemas)
}
